# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Redis on loopback, with a password."""

from __future__ import annotations

import contextlib
import secrets
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import redis

from .machines import until

_HOST = "127.0.0.1"
# Somebody else may take the port between its choice and the start.
_TRIES = 5


@dataclass(frozen=True)
class RedisServer:
    """A server that answers, or that did."""

    port: int
    password: str = field(repr=False)
    process: subprocess.Popen[bytes] = field(repr=False)

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{_HOST}:{self.port}/0"

    @property
    def client(self) -> redis.Redis:
        return redis.Redis.from_url(self.url, socket_timeout=5)

    def contents(self) -> list[bytes]:
        """Every key and every value; all of them are strings."""
        with self.client as client:
            keys = client.keys()
            return [*keys, *filter(None, client.mget(keys))] if keys else []

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError("redis-server has ended.")
        with contextlib.suppress(redis.ConnectionError), self.client as client:
            return bool(client.ping())
        return False

    def wait(self) -> None:
        """Until it answers. Raises RuntimeError when it has ended instead."""
        until(self._answers)


@contextlib.contextmanager
def redis_server(directory: Path) -> Iterator[RedisServer]:
    """A server for as long as the block lasts, with an empty database that is never written to disk."""
    server = _start(directory)
    try:
        yield server
    finally:
        server.kill()


def _start(directory: Path) -> RedisServer:
    for _try in range(_TRIES):
        port, password = _free_port(), secrets.token_hex(16)
        # By its standard input: other users read command lines.
        settings = {"port": port, "bind": _HOST, "requirepass": password, "dir": directory, "save": '""'}
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        process = subprocess.Popen(["redis-server", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert process.stdin is not None
        with process.stdin as stdin:
            stdin.write(text.encode())
        server = RedisServer(port, password, process)
        try:
            server.wait()
        except RuntimeError:
            continue
        except BaseException:
            server.kill()
            raise
        return server
    raise RuntimeError("redis-server does not start; is it installed?")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind((_HOST, 0))
        return int(taken.getsockname()[1])
