# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What says it is a Redis and is none: a fault of the cache like any other, and within a bounded time."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CacheError
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.support.redis_server import HOST
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    run_cache,
    spec_of,
)

IDLE = "Until then more tokens are asked for than needed."
ODD = (
    "The Redis server in cache does not answer as a Redis does. Check the address, and what follows its question mark. "
    + IDLE
)
LATE = f"The Redis server in cache did not answer within 1 seconds. Check the server and the network. {IDLE}"
AWAY = (
    "The Redis server in cache breaks off the connection. Check the server, and begin the address with rediss:// if it "
    f"speaks TLS. {IDLE}"
)
REFUSED = (
    "The Redis server in cache refuses to keep tokens. Check the rights of its user, and that it is no replica. " + IDLE
)
LOSES = f"The Redis server in cache does not keep what it is given. Let it evict less. {IDLE}"
HELLO = b"%1\r\n$5\r\nproto\r\n:3\r\n"
OK = b"+OK\r\n"
NIL = b"$-1\r\n"


def _whole(reply: bytes) -> Iterator[bytes]:
    yield reply


def _dripping(head: bytes, piece: bytes) -> Iterator[bytes]:
    """Pieces without end; but a client that stays for ten seconds is let go."""
    yield head
    for _piece in range(200):
        WAITING.wait(0.05)
        yield piece


def _flooding(head: bytes, piece: bytes) -> Iterator[bytes]:
    yield head
    for _piece in range(4096):
        yield piece


WAITING = threading.Event()
Reply = Callable[[], Iterator[bytes]]


class Fake(socketserver.ThreadingTCPServer):
    """A Redis that keeps what it is given, and answers some commands with something else.

    :param odd: what it answers to which command; its answer ``b""`` closes the connection.
    """

    daemon_threads = True

    def __init__(self, odd: dict[str, Reply]) -> None:
        super().__init__((HOST, 0), _Handler)
        self.odd = odd
        self.kept: dict[bytes, bytes] = {}
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"redis://:the-password@{HOST}:{self.server_address[1]}/0"

    def reply(self, name: str, words: list[bytes]) -> bytes:
        if name == "HELLO":
            return HELLO
        if name == "GET":
            value = self.kept.get(words[1])
            return NIL if value is None else b"$%d\r\n%s\r\n" % (len(value), value)
        if name == "SET":
            if b"NX" in words and words[1] in self.kept:
                return NIL
            self.kept[words[1]] = words[2]
        if name == "DEL":
            return b":%d\r\n" % (self.kept.pop(words[1], None) is not None)
        return b"*1\r\n:1\r\n" if name == "EXEC" else OK

    def __exit__(self, *exception: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server = t.cast(Fake, self.server)
        nil = NIL
        with contextlib.suppress(OSError):
            while head := self.rfile.readline():
                words = []
                for _word in range(int(head[1:])):
                    words.append(self.rfile.read(int(self.rfile.readline()[1:]) + 2)[:-2])
                name = words[0].decode().upper()
                odd = server.odd.get(name) or server.odd.get("*")
                for piece in odd() if odd else _whole(server.reply(name, words)):
                    if not piece:
                        return
                    self.wfile.write(nil if piece == NIL else piece)
                if name == "HELLO":
                    # As the third version of the protocol has it.
                    nil = b"_\r\n"


REPLIES: dict[str, tuple[Reply, str]] = {
    "an integer": (lambda: _whole(b":1\r\n"), ODD),
    "an array": (lambda: _whole(b"*2\r\n$1\r\na\r\n:1\r\n"), ODD),
    "arrays in arrays": (lambda: _whole(b"*1\r\n" * 100000), ODD),
    "a bad length": (lambda: _whole(b"$many\r\n"), ODD),
    "HTTP": (lambda: iter([b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", b""]), ODD),
    "bytes": (lambda: iter([b"\x00\xff\xfe\r\n\r\n", b""]), ODD),
    "an error": (lambda: _whole(b"-ERR the-words of the server\r\n"), REFUSED),
    "the end of the connection": (lambda: iter([b"$32\r\nabc", b""]), AWAY),
    "a length without the rest": (lambda: _dripping(b"$1000000000000\r\n", b"x"), LATE),
    "a line that drips": (lambda: _dripping(b":", b"1"), LATE),
    "a text that drips": (lambda: _dripping(b"+", b"O"), LATE),
    "an array that drips": (lambda: _dripping(b"*1000000\r\n", b":1\r\n"), LATE),
    "a flood": (lambda: _flooding(b"$1000000000000\r\n", b"x" * 65536), ODD),
    "a line without end": (lambda: _flooding(b"+", b"x" * 65536), ODD),
}


def _calls(odd: dict[str, Reply], tmp_path: Path, ear: Ear) -> list[str]:
    """Two calls, of which the first one grants; nothing of the address is said."""
    mint = Mint()
    with Fake(odd) as fake:
        manager = manager_of(ear, Redis(fake.url, ear.warning), run_cache(tmp_path / "run"))
        sources = [manager.token(spec_of(mint)).source for _time in range(2)]
    assert sources == ["issued", "cache"]
    assert mint.asked == ["permanent"]
    assert not any(word in said for said in ear.all for word in ("the-password", "the-words", fake.url))
    return ear.warnings


@pytest.fixture(autouse=True)
def _a_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_backend, "_TIMEOUT", 1.0)
    # So that a flood is over before that, on a machine that is busy.
    monkeypatch.setattr(redis_backend, "_LARGEST_REPLY", 1024 * 1024)


def test_one_that_is_well_is_used(tmp_path: Path, ear: Ear) -> None:
    assert _calls({}, tmp_path, ear) == []


@pytest.mark.parametrize("command", ["GET", "SET"])
@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_that_is_none(reply: str, command: str, tmp_path: Path, ear: Ear) -> None:
    assert _calls({command: REPLIES[reply][0]}, tmp_path, ear) == [REPLIES[reply][1]]


@pytest.mark.parametrize("reply", REPLIES)
def test_one_that_answers_so_from_the_start(reply: str, tmp_path: Path, ear: Ear) -> None:
    (warning,) = _calls({"*": REPLIES[reply][0]}, tmp_path, ear)

    assert warning.startswith("The Redis server in cache ")
    assert warning.endswith(IDLE)


def test_a_reply_into_a_buffer_has_the_same_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """So hiredis reads, which redis-py uses where it is installed."""
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(0.2)
        limited = redis_backend._Socket(here)
        limited.sendall(b"PING")
        there.sendall(b"+PONG\r\n")
        buffer = bytearray(65536)
        assert bytes(buffer[: limited.recv_into(buffer)]) == b"+PONG\r\n"
        with pytest.raises(TimeoutError):
            limited.recv_into(buffer)
        there.sendall(b"+PONG late")
        with pytest.raises(TimeoutError):
            limited.recv_into(buffer)
        monkeypatch.setattr(redis_backend, "_LARGEST_REPLY", 9)
        limited.sendall(b"PING")
        with pytest.raises(redis_backend._ReplyError):
            limited.recv_into(buffer)


@pytest.mark.parametrize("command", ["WATCH", "MULTI", "EXEC"])
@pytest.mark.parametrize("reply", [name for name in REPLIES if name != "an error"])
def test_a_lock_that_is_not_freed_costs_no_token(reply: str, command: str, tmp_path: Path, ear: Ear) -> None:
    assert _calls({command: REPLIES[reply][0]}, tmp_path, ear) == []


@pytest.mark.parametrize("command", ["WATCH", "MULTI", "DEL", "EXEC"])
def test_a_lock_that_may_not_be_freed_is_told(command: str, tmp_path: Path, ear: Ear) -> None:
    said = _calls({command: REPLIES["an error"][0]}, tmp_path, ear)

    assert said == [REFUSED.replace(IDLE, "Until then others wait 60 seconds for each lock.")]


@pytest.mark.parametrize("salt", [NIL, b"$2\r\nno\r\n"], ids=["none", "another"])
def test_a_salt_that_is_evicted_at_once(salt: bytes, tmp_path: Path, ear: Ear) -> None:
    assert _calls({"GET": lambda: _whole(salt)}, tmp_path, ear) == [LOSES]


@pytest.mark.parametrize("reply", [b"$3\r\nyes\r\n", OK, NIL])
def test_an_entry_that_is_not_dropped_is_a_fault(reply: bytes) -> None:
    with Fake({"DEL": lambda: _whole(reply)}) as fake, pytest.raises(CacheError, match="as a Redis does"):
        Redis(fake.url).drop("entry")


def test_an_entry_that_is_not_put_is_a_fault() -> None:
    with Fake({"SET": lambda: _whole(NIL)}) as fake, pytest.raises(CacheError, match="as a Redis does"):
        Redis(fake.url).put("entry", b"data", 1e12)
