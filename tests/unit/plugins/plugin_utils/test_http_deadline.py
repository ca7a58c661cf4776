# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An exchange ends within ten timeouts, wherever its answer drips, and before it fills the memory."""

from __future__ import annotations

import contextlib
import socket
import threading
import tracemalloc
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock, ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Authority
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import (
    HOST,
    Play,
    Seen,
    Server,
    reply,
    tunnel_to,
)

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
# What comes at once, and what comes again and again after it.
DRIPS = {
    "the status line": (b"HTTP/1.1 200 ", b"O"),
    "a header": (HEAD + b"X-Long: ", b"x"),
    "100 Continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "the header of 100 Continue": (b"HTTP/1.1 100 Continue\r\nX-Long: ", b"x"),
    "the size of a chunk": (CHUNKED, b"0"),
    "the extension of a chunk": (CHUNKED + b"1;", b"x"),
    "the chunks": (CHUNKED, b"1\r\n \r\n"),
    "a trailer": (CHUNKED + b"2\r\n{}\r\n0\r\nX-Long: ", b"x"),
    "the trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: x\r\n"),
    "a body of a length": (HEAD + b"Content-Length: 100000\r\n\r\n", b" "),
    "a body without length": (HEAD + b"Connection: close\r\n\r\n", b" "),
}
LATE = f"Service: {HOST} did not answer within 1 seconds. Check the network and the_option, or raise timeout."
LATE_BY_PROXY = LATE.replace(". Check", f" by way of the proxy {HOST}. Check proxy,")


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Set when the test has seen enough."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """On it three seconds pass between two looks."""
    clock = Clock(step=3.0)
    clock.take(monkeypatch)
    return clock


def _dripping(place: str, over: threading.Event) -> Play:
    """Piece after piece, each well within the timeout, until the client leaves or a few seconds have passed."""
    head, piece = DRIPS[place]

    def play(connection: socket.socket, seen: Seen) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(head)
            for _piece_of_many in range(150):
                connection.sendall(piece)
                over.wait(0.02)

    return play


@pytest.mark.parametrize("place", DRIPS)
def test_what_drips_is_given_up_and_not_asked_again(place: str, clock: Clock, over: threading.Event) -> None:
    with Server(_dripping(place, over)) as server:
        error = refusal(server.url, timeout=1, retries=3)
        assert (server.connections, clock.waits) == (1, [])

    assert str(error) == LATE


@pytest.mark.parametrize("place", DRIPS)
def test_over_tls(place: str, clock: Clock, over: threading.Event, authority: Authority) -> None:
    with Server(_dripping(place, over), tls=authority.context(authority.ca.issue_cert(HOST))) as server:
        error = refusal(server.url, timeout=1, retries=3, ca_path=authority.path)
        assert server.connections == 1

    assert str(error) == LATE


@pytest.mark.parametrize("place", DRIPS)
def test_through_a_proxy(place: str, clock: Clock, over: threading.Event, authority: Authority) -> None:
    tls = authority.context(authority.ca.issue_cert(HOST))
    with Server(_dripping(place, over), tls=tls) as server, Server(tunnel_to(server.port)) as proxy:
        error = refusal(server.url, timeout=1, retries=3, ca_path=authority.path, proxy=proxy.url)
        assert server.connections == 1

    assert str(error) == LATE_BY_PROXY


@pytest.mark.parametrize("place", DRIPS)
def test_from_a_proxy_that_makes_the_request_itself(place: str, clock: Clock, over: threading.Event) -> None:
    with Server(_dripping(place, over)) as proxy:
        error = refusal(f"http://{HOST}:9/", timeout=1, retries=3, proxy=proxy.url)
        assert proxy.connections == 1

    assert str(error) == LATE_BY_PROXY


@pytest.mark.parametrize("place", ["the status line", "a header"])
@pytest.mark.parametrize("tls", [False, True], ids=["proxy in clear", "proxy behind TLS"])
def test_the_answer_to_connect(
    tls: bool, place: str, clock: Clock, over: threading.Event, authority: Authority
) -> None:
    context = authority.context(authority.ca.issue_cert(HOST)) if tls else None
    with Server(_dripping(place, over), tls=context) as proxy:
        error = refusal(f"https://{HOST}:9/", timeout=1, retries=3, ca_path=authority.path, proxy=proxy.url)
        assert proxy.connections == 1

    assert str(error) == LATE_BY_PROXY


def test_the_proxy_of_the_environment_has_the_same_time(
    clock: Clock, over: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(_dripping("a header", over)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        error = refusal("https://service.example/", timeout=1)

    assert "service.example did not answer within 1 seconds" in str(error)


def test_a_proxy_that_says_nothing() -> None:
    def silent(connection: socket.socket, seen: Seen) -> None:
        connection.settimeout(4)
        with contextlib.suppress(OSError):
            connection.recv(1)

    with Server(silent) as proxy:
        error = refusal(f"https://{HOST}:9/", timeout=1, proxy=proxy.url)

    assert str(error) == LATE_BY_PROXY


@pytest.mark.parametrize("place", ["the status line", "the extension of a chunk"])
def test_by_the_true_clock(place: str, over: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_TIMEOUTS", 0.5)
    with Server(_dripping(place, over)) as server:
        error = refusal(server.url, timeout=1)

    assert str(error) == LATE


def test_a_last_wait_is_no_longer_than_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says the half of its answer, and then nothing for long."""
    left = threading.Event()
    monkeypatch.setattr(client, "_TIMEOUTS", 0.05)

    def play(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(HEAD)
        connection.settimeout(5)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)
            left.set()

    with Server(play) as server:
        error = refusal(server.url, timeout=20)
        assert left.wait(30)

    assert "did not answer within 20 seconds" in str(error)


def test_an_answer_in_many_pieces_is_read(over: threading.Event) -> None:
    def play(connection: socket.socket, seen: Seen) -> None:
        for byte in b"HTTP/1.1 100 Continue\r\n\r\n" + CHUNKED + b'8;x=y\r\n{"a": 1}\r\n0\r\nX: x\r\n\r\n':
            connection.sendall(bytes([byte]))

    with Server(play) as server:
        assert ask(server.url, timeout=5) == {"a": 1}


def test_each_try_has_its_own_time(over: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two answers that take six of ten seconds each."""
    clock = Clock(step=2.0)
    clock.take(monkeypatch)
    with Server(reply(status=503), reply(status=503), reply('{"a": 1}')) as server:
        assert ask(server.url, timeout=1, retries=2) == {"a": 1}


FLOODS = {
    "a header without end": (HEAD, b"X-Long: " + b"x" * 60000 + b"\r\n"),
    # With a long header each, since a short one takes a second of processor for each MiB.
    "100 Continue without end": (b"", b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 60000 + b"\r\n\r\n"),
    "an extension without end": (CHUNKED + b"1;", b"x" * 65536),
    "trailers without end": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"X: " + b"x" * 60000 + b"\r\n"),
    "chunks of one byte without end": (CHUNKED, b"1;" + b"x" * 60000 + b"\r\n \r\n"),
}


@pytest.mark.parametrize("place", FLOODS)
def test_what_has_no_end_fills_no_memory(place: str) -> None:
    sent = [0]
    left = threading.Event()
    head, piece = FLOODS[place]

    def play(connection: socket.socket, seen: Seen) -> None:
        try:
            connection.sendall(head)
            while sent[0] < 256 * MIB:
                sent[0] += connection.send(piece)
        except OSError:
            left.set()

    tracemalloc.start()
    try:
        with Server(play) as server:
            error = refusal(server.url, retries=2)
            assert left.wait(60)
            assert server.connections <= 3
        assert tracemalloc.get_traced_memory()[1] < 40 * MIB
    finally:
        tracemalloc.stop()
    assert str(error).startswith(f"Service: {HOST} ")
    assert sent[0] < 64 * MIB
