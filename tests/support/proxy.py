# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A forward proxy on loopback: it passes plain requests on and makes tunnels (RFC 9110 sections 7.3.2 and 9.3.6)."""

from __future__ import annotations

import base64
import contextlib
import re
import socket
import socketserver
import threading
import typing as t
from urllib.parse import quote, urlsplit

_PIECE = 65536


class Proxy(socketserver.ThreadingTCPServer):
    """``with Proxy(user, password) as proxy:`` passes on what comes with the two, and answers 407 to all else.

    ``failures`` requests are first answered with 502.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, user: str, password: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.wanted = b"Basic " + base64.b64encode(f"{user}:{password}".encode())
        self.failures = 0
        self.url = f"http://{quote(user, safe='')}:{quote(password, safe='')}@127.0.0.1:{self.server_address[1]}"
        self.passed: list[str] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        client = self.request
        proxy = t.cast(Proxy, self.server)
        head = b""
        while b"\r\n\r\n" not in head:
            head += (data := client.recv(_PIECE))
            if not data:
                return
        found = re.search(rb"(?im)^proxy-authorization: *(.*?)\r?$", head)
        if found is None or found[1] != proxy.wanted:
            client.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
            return
        if proxy.failures:
            proxy.failures -= 1
            client.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return
        method, target, version = head.partition(b"\r\n")[0].decode().split()
        proxy.passed.append(f"{method} {target}")
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        with (
            contextlib.suppress(OSError),
            socket.create_connection((parts.hostname or "", parts.port or 80)) as service,
        ):
            if method == "CONNECT":
                client.sendall(b"HTTP/1.1 200 Connection Established\r\n\r\n")
            else:
                path = f"{parts.path}?{parts.query}" if parts.query else parts.path
                rest = re.sub(rb"(?im)^(?:proxy-|connection:)[^\r\n]*\r\n", b"", head.partition(b"\r\n")[2])
                service.sendall(f"{method} {path} {version}\r\nConnection: close\r\n".encode() + rest)
            back = threading.Thread(target=_pump, args=(service, client), daemon=True)
            back.start()
            _pump(client, service)
            back.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_PIECE):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)
