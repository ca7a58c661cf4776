# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server."""

from __future__ import annotations

from ..sandbox.loopback import Loopback
from ..sandbox.state import Traffic
from .app import AWX_PREFIX, build
from .resources import CredentialType, Store, User


class Awx(Loopback):
    """`with Awx() as awx:` serves from entry to exit; `tls` is a certificate and its key.

    :param prefix: where the API is: `/api/v2` as in AWX, `/api/controller/v2` as behind the platform's gateway.
    """

    def __init__(self, *, prefix: str = AWX_PREFIX, port: int = 0, tls: tuple[str, str] | None = None) -> None:
        self.state = Traffic()
        self.store = Store()
        self.prefix = prefix
        super().__init__(build(self.store, self.state, prefix), self.state, port, tls)

    @property
    def api(self) -> str:
        """The address of the API, without a slash at the end."""
        return self.url + self.prefix

    @property
    def admin(self) -> User:
        return self.store.users[0]

    @property
    def reader(self) -> User:
        """An ordinary user."""
        return self.store.users[1]

    @property
    def writes(self) -> list[str]:
        """`POST /api/v2/credential_types/` and so on, in their order."""
        return [f"{one.method} {one.path}" for one in self.state.requests if one.method not in ("GET", "HEAD")]

    def add_managed(self, name: str, kind: str = "cloud") -> CredentialType:
        """One more type that AWX owns."""
        with self.store.lock:
            return self.store.types.add(name=name, kind=kind, namespace=name.lower().replace(" ", "_"), managed=True)
