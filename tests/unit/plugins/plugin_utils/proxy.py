# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A forward proxy on loopback: it passes plain requests on and makes tunnels (RFC 9110 sections 7.3.2 and 9.3.6)."""

from __future__ import annotations

import base64
import contextlib
import socket
from urllib.parse import quote, urlsplit

from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Seen, Server, reply, tunnel_to


class Proxy(Server):
    """``with Proxy(user, password) as proxy:`` passes on what comes with the two, and answers 407 to all else.

    ``failures`` requests are first answered with 502.
    """

    def __init__(self, user: str, password: str) -> None:
        super().__init__(self._play)
        self.wanted = b"Basic " + base64.b64encode(f"{user}:{password}".encode())
        self.failures = 0
        self.account = f"{quote(user, safe='')}:{quote(password, safe='')}"
        self.passed: list[str] = []

    @property
    def url(self) -> str:
        return f"http://{self.account}@{HOST}:{self.port}"

    def _play(self, connection: socket.socket, seen: Seen) -> None:
        if seen.headers.get("proxy-authorization") != self.wanted.decode():
            return reply(b"", 407)(connection, seen)
        if self.failures:
            self.failures -= 1
            return reply(b"", 502)(connection, seen)
        self.passed.append(f"{seen.method} {seen.target}")
        parts = urlsplit(f"//{seen.target}" if seen.method == "CONNECT" else seen.target)
        # All services of the tests are on loopback.
        with contextlib.suppress(OSError):
            if seen.method == "CONNECT":
                return tunnel_to(parts.port or 443)(connection, seen)
            return self._forward(connection, seen, parts.port or 80, f"{parts.path}?{parts.query}".rstrip("?"))

    @staticmethod
    def _forward(connection: socket.socket, seen: Seen, port: int, path: str) -> None:
        kept = {name: value for name, value in seen.headers.items() if not name.startswith(("proxy-", "connection"))}
        fields = "".join(f"{name}: {value}\r\n" for name, value in {**kept, "connection": "close"}.items())
        with socket.create_connection((HOST, port)) as service:
            service.sendall(f"{seen.method} {path} HTTP/1.1\r\n{fields}\r\n".encode("latin-1") + seen.body)
            while data := service.recv(65536):
                connection.sendall(data)
