# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Redis server on loopback, with a password."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import redis

HOST = "127.0.0.1"
PASSWORD = "redis-password-of-the-tests"
# Far more than it takes: what ends a wait for a server that never comes.
_SECONDS = 30


def _free_port() -> int:
    with contextlib.closing(socket.create_server((HOST, 0))) as server:
        return int(server.getsockname()[1])


@dataclass
class RedisServer:
    """``with RedisServer(folder) as server:`` runs from entry to exit.

    :param tls: paths of a certificate, its key and its authority: then it speaks TLS only.
    """

    folder: Path
    tls: tuple[str, str, str] | None = None
    settings: tuple[str, ...] = ()
    port: int = field(default_factory=_free_port)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_with(PASSWORD)

    def url_with(self, password: str) -> str:
        return f"{'rediss' if self.tls else 'redis'}://:{password}@{HOST}:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        """A client of the tests' own."""
        more: dict[str, t.Any] = {"ssl": True, "ssl_ca_certs": self.tls[2]} if self.tls else {}
        return redis.Redis(host=HOST, port=self.port, password=PASSWORD, socket_timeout=_SECONDS, **more)

    def stored(self) -> bytes:
        """Every key and value."""
        client = self.client
        keys = t.cast("list[bytes]", client.keys())
        return b"\n".join([*keys, *(t.cast("bytes", client.get(key)) for key in keys)])

    def start(self) -> None:
        command = ["redis-server", "--bind", HOST, "--requirepass", PASSWORD, "--save", "", "--appendonly", "no"]
        command += ["--dir", str(self.folder), *self._address(), *self.settings]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        lines = []
        for line in self._process.stdout:
            lines.append(line.decode())
            if b"Ready to accept connections" in line:
                return
        raise AssertionError("".join(lines))

    def _address(self) -> list[str]:
        if self.tls is None:
            return ["--port", str(self.port)]
        certificate, key, authority = self.tls
        files = ["--tls-cert-file", certificate, "--tls-key-file", key, "--tls-ca-cert-file", authority]
        return ["--port", "0", "--tls-port", str(self.port), "--tls-auth-clients", "no", *files]

    def freeze(self) -> None:
        """From now on it takes connections and answers nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(which)

    def stop(self) -> None:
        """All that it kept is lost."""
        if self._process is not None:
            with self._process as process:
                process.kill()
            self._process = None

    def __enter__(self) -> t.Self:
        self.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()
