# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Redis server on loopback, with a password, and the user that the guide to caches has for it."""

from __future__ import annotations

import contextlib
import secrets
import signal
import socket
import subprocess
import typing as t
from dataclasses import dataclass, field
from pathlib import Path

import redis

from .machines import until
from .runner import ROOT

HOST = "127.0.0.1"
GUIDE = Path("docs/docsite/rst/guide_caches.rst")
# Seconds; far more than an answer takes.
_LONGEST_ANSWER = 30
# Somebody else may take the port between its choice and the start.
_TRIES = 5


def rule_of_the_guide() -> str:
    """The line that makes a user with the rights that are needed, as users copy it."""
    lines = (ROOT / GUIDE).read_text(encoding="utf-8").splitlines()
    (rule,) = (line.strip() for line in lines if line.strip().startswith("ACL SETUSER "))
    return rule


def _free_port() -> int:
    with contextlib.closing(socket.create_server((HOST, 0))) as server:
        return int(server.getsockname()[1])


@dataclass
class RedisServer:
    """``with RedisServer(folder) as server:`` runs from entry to exit, with a database that is never on disk.

    :param tls: paths of a certificate, its key and its authority: then it speaks TLS only.
    :param settings: further lines of its configuration.
    """

    folder: Path
    tls: tuple[str, str, str] | None = None
    settings: tuple[str, ...] = ()
    port: int = field(default_factory=_free_port)
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_with(self.password)

    def url_with(self, password: str) -> str:
        return f"{'rediss' if self.tls else 'redis'}://:{password}@{HOST}:{self.port}/0"

    def allow(self, rule: str, leave_out: str = "") -> str:
        """Make the user of this ``ACL SETUSER`` line, less one of its words; the address that the user has."""
        words = rule.split()
        client: t.Any = self.client
        client.execute_command(*(word for word in words if word != leave_out))
        password = next(word[1:] for word in words if word.startswith(">"))
        return self.url_with(password).replace("://:", f"://{words[2]}:")

    @property
    def client(self) -> redis.Redis:
        """A client of the tests' own."""
        more: dict[str, t.Any] = {"ssl": True, "ssl_ca_certs": self.tls[2]} if self.tls else {}
        return redis.Redis(host=HOST, port=self.port, password=self.password, socket_timeout=_LONGEST_ANSWER, **more)

    def contents(self) -> list[bytes]:
        """Every key and every value; all of them are strings."""
        with self.client as client:
            keys = t.cast("list[bytes]", client.keys())
            values = t.cast("list[bytes | None]", client.mget(keys)) if keys else []
            return [*keys, *filter(None, values)]

    def start(self) -> None:
        """Returns when it answers. Raises RuntimeError when it ends instead."""
        # It ends with this process: ansible-test forks for each unit test and ends the fork before a fixture can.
        argv = ["setpriv", "--pdeathsig", "KILL", "redis-server", "-"]
        self._process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        assert self._process.stdin is not None
        # By its standard input: other users read command lines.
        with self._process.stdin as stdin:
            stdin.write("\n".join(self._configuration()).encode())
        until(self._answers)

    def _configuration(self) -> list[str]:
        lines = [f"bind {HOST}", f"requirepass {self.password}", f"dir {self.folder}", 'save ""', "appendonly no"]
        if self.tls is None:
            return [*lines, f"port {self.port}", *self.settings]
        certificate, key, authority = self.tls
        files = [f"tls-cert-file {certificate}", f"tls-key-file {key}", f"tls-ca-cert-file {authority}"]
        return [*lines, "port 0", f"tls-port {self.port}", "tls-auth-clients no", *files, *self.settings]

    def _answers(self) -> bool:
        if self._process is None or self._process.poll() is not None:
            raise RuntimeError("redis-server has ended.")
        with contextlib.suppress(redis.ConnectionError), self.client as client:
            return bool(client.ping())
        return False

    def freeze(self) -> None:
        """From then on it takes connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def stop(self) -> None:
        """All that it kept is lost."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def __enter__(self) -> t.Self:
        for _try in range(_TRIES):
            try:
                self.start()
            except RuntimeError:
                self.stop()
                self.port = _free_port()
            except BaseException:
                self.stop()
                raise
            else:
                return self
        raise RuntimeError("redis-server does not start; is it installed?")

    def __exit__(self, *exception: object) -> None:
        self.stop()
