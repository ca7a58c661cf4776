# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Flask application in a thread of this process, on loopback; and the sandbox as one."""

from __future__ import annotations

import ssl
import threading
from typing import Any, Self

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from .app import build
from .faults import Fault
from .state import State, Traffic

HOST = "127.0.0.1"
POLL_SECONDS = 0.02


class _QuietHandler(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """No access log: the state knows every request."""


class Loopback:
    """Serves from entry to exit of a `with`; `tls` is a certificate and its key, or a context."""

    def __init__(
        self, app: Flask, traffic: Traffic, port: int = 0, tls: tuple[str, str] | ssl.SSLContext | None = None
    ) -> None:
        self._traffic = traffic
        self._server = make_server(HOST, port, app, threaded=True, request_handler=_QuietHandler, ssl_context=tls)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(POLL_SECONDS,), daemon=True)
        self.url = f"{'https' if tls else 'http'}://{HOST}:{self._server.server_port}"
        """Scheme, address and port, without a slash at the end."""

    # Any: the values are those of Fault's fields.
    def fault(self, path: str, **values: Any) -> None:
        self._traffic.faults.add(Fault(path, **values))

    def close(self) -> None:
        """Stop listening. Answers that are still being written are given up."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Sandbox(Loopback):
    """`with Sandbox() as sandbox:` serves from entry to exit; `tls` is a certificate and its key, or a context."""

    def __init__(self, *, port: int = 0, tls: tuple[str, str] | ssl.SSLContext | None = None) -> None:
        self.state = State()
        super().__init__(build(self.state), self.state, port, tls)

    def add_account(self, account: object) -> None:
        self.state.store.add(account)

    def reset(self) -> None:
        self.state.reset()
