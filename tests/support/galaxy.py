# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for Galaxy on loopback that has this collection alone, as far as ``ansible-galaxy`` asks (its API v3)."""

from __future__ import annotations

import hashlib
import json
import threading
import typing as t
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_ROOT = "/api/"
_COLLECTION = f"{_ROOT}v3/collections/netapi/auth/"


class Galaxy(ThreadingHTTPServer):
    """``with Galaxy(tarball) as galaxy:`` serves from entry to exit.

    :param tarball: ``netapi-auth-1.2.3.tar.gz``.
    """

    daemon_threads = True

    def __init__(self, tarball: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.tarball = tarball
        self.version = tarball.name.removeprefix("netapi-auth-").removesuffix(".tar.gz")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{_ROOT}"

    def answers(self) -> dict[str, dict[str, t.Any]]:
        """What each path gives."""
        one = f"{_COLLECTION}versions/{self.version}/"
        listed = {"version": self.version, "href": one}
        return {
            _ROOT: {"available_versions": {"v3": "v3/"}},
            _COLLECTION: {"namespace": "netapi", "name": "auth", "highest_version": listed},
            f"{_COLLECTION}versions/": {"meta": {"count": 1}, "links": {"next": None}, "data": [listed]},
            one: {
                **listed,
                "namespace": {"name": "netapi"},
                "collection": {"name": "auth"},
                "download_url": f"{self.url}{self.tarball.name}",
                "artifact": {"sha256": hashlib.sha256(self.tarball.read_bytes()).hexdigest()},
                "metadata": {"dependencies": {}},
                "signatures": [],
            },
        }

    def __enter__(self) -> t.Self:
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Galaxy

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        answer = self.server.answers().get(path)
        if path == f"{_ROOT}{self.server.tarball.name}":
            self._send(200, "application/gzip", self.server.tarball.read_bytes())
        elif answer is None:
            self._send(404, "application/json", b'{"errors": []}')
        else:
            self._send(200, "application/json", json.dumps(answer).encode())

    def _send(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: object) -> None:
        """Nobody reads it."""
