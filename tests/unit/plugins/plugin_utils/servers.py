# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Servers on loopback that answer as a test scripts it, down to the bytes and to when the connection ends."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import ssl
import threading
import typing as t
from collections.abc import Callable
from dataclasses import dataclass

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Seen:
    """A request as it came in; header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


Play = Callable[[socket.socket, Seen], None]
"""What the server does with a connection once it has read the request; the connection is closed after it."""


def reply(body: bytes | str = b"{}", status: int = 200, **headers: str) -> Play:
    """Play one whole answer. Header names are given with ``_`` for ``-``; None of them is needed for JSON."""
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    fields = {"Content-Type": "application/json", "Content-Length": str(len(data)), "Connection": "close", **named}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    whole = f"HTTP/1.1 {status} Status\r\n{head}\r\n".encode() + data
    return lambda connection, seen: connection.sendall(whole)


def hang_up(connection: socket.socket, seen: Seen) -> None:
    """Close without an answer."""


def tunnel_to(port: int) -> Play:
    """Play an HTTP proxy (RFC 9110 section 9.3.6) to which every host is the one server on loopback at ``port``."""

    def play(connection: socket.socket, seen: Seen) -> None:
        with socket.create_connection((HOST, port)) as upstream:
            connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            there = threading.Thread(target=_pump, args=(connection, upstream))
            there.start()
            _pump(upstream, connection)
            there.join()

    return play


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


class Server(socketserver.ThreadingTCPServer):
    """``with Server(play, …) as server:`` answers each connection with the next play, and from then on with the last.

    :param tls: serve TLS under this context.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, *plays: Play, tls: ssl.SSLContext | None = None) -> None:
        super().__init__((HOST, 0), _Handler)
        self.plays = plays
        self._guard = threading.Lock()
        self._tls = tls
        self.connections = 0
        self.seen: list[Seen] = []
        self._thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.port}"

    def next_play(self) -> Play:
        with self._guard:
            self.connections += 1
            return self.plays[min(self.connections, len(self.plays)) - 1]

    def secured(self, connection: socket.socket) -> socket.socket:
        return self._tls.wrap_socket(connection, server_side=True) if self._tls else connection

    def handle_error(self, request: t.Any, client_address: t.Any) -> None:
        """A client that refuses the certificate or leaves early is what some tests are about."""

    def __enter__(self) -> t.Self:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()
        self._thread.join()


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        server = t.cast(Server, self.server)
        play = server.next_play()
        with server.secured(self.request) as connection, connection.makefile("rb") as file:
            seen = _request(file)
            if seen is not None:
                server.seen.append(seen)
                play(connection, seen)


def _request(file: t.IO[bytes]) -> Seen | None:
    """The request, or None where the client left before it had sent one, or began to speak TLS.

    A client's first bytes in TLS hold random ones, so that their first line may well be three words.
    """
    line = file.readline().decode("latin-1").split()
    if len(line) != 3 or not line[2].startswith("HTTP/"):
        return None
    headers: dict[str, str] = {}
    while field := file.readline().strip():
        name, _colon, value = field.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return Seen(line[0], line[1], headers, file.read(int(headers.get("content-length", "0"))))
