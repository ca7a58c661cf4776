# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a server."""

from __future__ import annotations

import ssl

from .accounts import Account
from .app import build
from .loopback import Loopback
from .state import State


class Sandbox(Loopback):
    """`with Sandbox() as sandbox:` serves from entry to exit; `tls` is a certificate and its key, or a context."""

    def __init__(self, *, port: int = 0, tls: tuple[str, str] | ssl.SSLContext | None = None) -> None:
        self.state = State()
        super().__init__(build(self.state), self.state, port, tls)

    def add_account(self, account: Account) -> None:
        self.state.accounts.add(account)

    def reset(self) -> None:
        self.state.reset()
