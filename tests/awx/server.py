# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from ..sandbox.server import Loopback
from ..sandbox.state import Traffic
from .app import AWX_PREFIX, Place, Work, build
from .resources import CredentialType, Store, User
from .runs import RunJob


class Awx(Loopback):
    """`with Awx() as awx:` serves from entry to exit; `tls` is a certificate and its key.

    :param run_job: runs the jobs, in a thread of its own each; without it a launch is refused.
    :param prefix: where the API is: `/api/v2` as in AWX, `/api/controller/v2` as behind the platform's gateway.
    :param has_tokens: whether it takes tokens; AWX after 24.6.1 has none.
    :param elsewhere: the status of what lies beside the API: a later gateway answers 401 to whatever is below `/api/`.
    """

    def __init__(
        self,
        *,
        run_job: RunJob | None = None,
        prefix: str = AWX_PREFIX,
        has_tokens: bool = True,
        elsewhere: int = 404,
        port: int = 0,
        tls: tuple[str, str] | None = None,
    ) -> None:
        self.state = Traffic()
        self.store = Store()
        self.prefix = prefix
        self.has_tokens = has_tokens
        self._executor = ThreadPoolExecutor()
        self._clones = tempfile.TemporaryDirectory()
        work = Work(self._executor, Path(self._clones.name), run_job)
        place = Place(prefix, has_tokens, elsewhere)
        super().__init__(build(self.store, self.state, place, work), self.state, port, tls)

    def close(self) -> None:
        """Stop listening, cancel the jobs that run, and wait for them."""
        super().close()
        for job in self.store.jobs.all():
            job.launch.cancelled.set()
        self._executor.shutdown()
        self._clones.cleanup()

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
