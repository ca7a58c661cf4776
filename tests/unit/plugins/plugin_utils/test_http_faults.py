# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Answers that cannot be used, and services that cannot be reached."""

from __future__ import annotations

import contextlib
import gzip
import socket
import threading
import tracemalloc
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Repeat
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock, ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Play, Seen, Server, reply

MIB = 1024 * 1024
BODY = "text-of-the-body"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
UNUSABLE = {
    "HTML by its type": (reply(BODY, Content_Type="text/html; charset=utf-8"), "an HTML page instead of JSON"),
    "HTML by its beginning": (reply(f"\n <!DOCTYPE html><p>{BODY}"), "an HTML page instead of JSON"),
    "HTML in capitals": (reply(f"<HTML>{BODY}"), "an HTML page instead of JSON"),
    "an empty body": (reply(b""), "an empty answer"),
    "blanks": (reply(b" \r\n "), "an empty answer"),
    "204": (reply(b"", status=204), "an empty answer"),
    "plain text": (reply(BODY), "something that is not JSON"),
    "half of JSON": (reply(f'{{"access_token": "{BODY}'), "something that is not JSON"),
    "bytes that are no text": (reply(b'{"a": "\xff\xfe' + BODY.encode() + b'"}'), "something that is not JSON"),
    "JSON without end": (reply(b"[" * 100000), "something that is not JSON"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_answer_that_cannot_be_used_is_told_without_its_text(name: str) -> None:
    play, sentence = UNUSABLE[name]
    with Server(play) as server:
        error = refusal(f"{server.url}/path?secret=query")

    assert str(error).startswith(f"Service sent {sentence} from {server.url}/path. Check the_option")
    assert BODY not in str(error)


def test_a_body_of_one_mebibyte_is_read() -> None:
    with Server(reply(b'"' + b"x" * (MIB - 2) + b'"')) as server:
        assert len(ask(server.url)) == MIB - 2


def test_a_larger_body_is_refused() -> None:
    with Server(reply(b'"' + b"x" * (MIB - 1) + b'"')) as server:
        error = refusal(server.url)

    assert str(error).startswith(f"Service sent more than 1 MiB from {server.url}")


@contextlib.contextmanager
def _measured() -> Iterator[None]:
    """The block may hold at most 16 MiB more than was held before it."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 16 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("length", [b"", b"Content-Length: 1000000000000\r\n"], ids=["no length", "length announced"])
def test_the_rest_of_a_larger_body_is_never_read(length: bytes) -> None:
    sent = [0]
    left = threading.Event()

    def play(connection: socket.socket, seen: Seen) -> None:
        try:
            connection.sendall(HEAD + length + b"\r\n")
            while sent[0] < 256 * MIB:
                sent[0] += connection.send(b"x" * 65536)
        except OSError:
            left.set()

    with Server(play) as server, _measured():
        error = refusal(server.url)
        assert left.wait(60)

    assert "more than 1 MiB" in str(error)
    assert sent[0] < 64 * MIB


def test_a_body_that_grows_when_it_is_unpacked_is_cut_off_as_well() -> None:
    bomb = gzip.compress(b" " * (64 * MIB))

    with Server(reply(bomb, Content_Encoding="gzip")) as server, _measured():
        error = refusal(server.url)
    assert "more than 1 MiB" in str(error)


def test_a_body_that_cannot_be_unpacked_is_an_error() -> None:
    with Server(reply(BODY, Content_Encoding="gzip")) as server:
        error = refusal(server.url)

    assert "cannot be decompressed" in str(error)


@pytest.mark.parametrize("retries", [0, 2])
def test_a_body_that_is_cut_off_is_tried_again_and_then_an_error(retries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply('{"a": 1}', Content_Length="1000")) as server:
        error = refusal(server.url, retries=retries)
        assert server.connections == retries + 1

    assert str(error).startswith(f"Service: {HOST} broke off the connection.")


@pytest.mark.parametrize(
    "rest",
    [b"Transfer-Encoding: chunked\r\n\r\n-2\r\n{}\r\n0\r\n\r\n", b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}"],
    ids=["a chunk of less than no bytes", "two lengths"],
)
def test_an_answer_whose_length_is_odd_has_come_all_the_same(rest: bytes) -> None:
    """Else what was sent would count as unsent."""
    with Server(lambda connection, seen: connection.sendall(HEAD + rest)) as server:
        error = refusal(server.url, repeat=Repeat.UNLESS_ARRIVED)

    assert str(error).startswith(f"Service: {HOST} broke off the connection.")
    assert error.answer_lost


def _late(head: bytes, rest: bytes) -> Play:
    """Play an answer whose rest comes long after the timeout, unless the client has left by then."""

    def play(connection: socket.socket, seen: Seen) -> None:
        connection.sendall(head)
        connection.settimeout(4)
        with contextlib.suppress(TimeoutError):
            connection.recv(1)
        with contextlib.suppress(OSError):
            connection.sendall(rest)

    return play


def test_a_service_that_says_nothing_is_given_up_after_the_timeout() -> None:
    with Server(_late(b"", HEAD + b"Content-Length: 2\r\n\r\n{}")) as server:
        error = refusal(server.url, timeout=1, retries=3)
        assert server.connections == 1

    assert str(error) == (
        f"Service: {HOST} did not answer within 1 seconds. Check the network and the_option, or raise timeout."
    )


def test_a_service_that_stops_in_the_middle_is_given_up_after_the_timeout() -> None:
    with Server(_late(HEAD + b"Content-Length: 2\r\n\r\n{", b"}")) as server:
        error = refusal(server.url, timeout=1, retries=3)

    assert "did not answer within 1 seconds" in str(error)


def test_a_service_that_takes_no_connection_is_given_up_after_the_timeout() -> None:
    with contextlib.ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind((HOST, 0))
        listening.listen(0)
        # The one place in its queue is taken, so that the next connection is not answered. A client that goes on
        # for long after its timeout is refused.
        for _place in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        url = f"http://{HOST}:{listening.getsockname()[1]}"
        end = threading.Timer(2.5, listening.close)
        end.start()
        stack.callback(end.cancel)
        error = refusal(url, timeout=1)

    assert "did not answer within 1 seconds" in str(error)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("retries", [0, 2, 12])
def test_a_refused_connection_names_host_and_option(retries: int, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    clock.take(monkeypatch)
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.5)
    port = _free_port()
    error = refusal(f"http://{HOST}:{port}/", retries=retries)

    assert len(clock.waits) == retries
    assert str(error) == (
        f"Service: {HOST} refuses the connection at port {port} of the_option. Check the host and the port."
    )


def test_a_host_that_does_not_exist_is_named() -> None:
    error = refusal("http://no-such-host.invalid/path", retries=1)

    assert str(error) == (
        "Service: there is no host no-such-host.invalid, as the name servers of the controller say. "
        "Check the name servers, and the_option."
    )


@pytest.mark.parametrize("host", ["a..example", f"{64 * 'a'}.example", "a" * 300], ids=len)
def test_a_host_that_no_name_service_takes_is_named(host: str) -> None:
    assert host in str(refusal(f"https://{host}"))


@pytest.mark.parametrize(
    "answer",
    [b"no HTTP at all\r\n\r\n", b"HTTP/1.1 abc OK\r\n\r\n", b"\x16\x03\x01\x02\x00", b"HTTP/1.1 200 OK\r\n" * 200],
)
def test_what_is_no_http_is_an_error(answer: bytes) -> None:
    with Server(lambda connection, seen: connection.sendall(answer)) as server:
        error = refusal(server.url)

    assert str(error).startswith("Service: ")
    assert not any(word in str(error) for word in ("no HTTP at all", "abc", "Error("))
