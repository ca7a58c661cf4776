# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redirects: refused by their head alone, whatever comes after it."""

from __future__ import annotations

import contextlib
import socket
import threading

import pytest

from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Seen, Server, reply

MIB = 1024 * 1024
HEAD = b"HTTP/1.1 302 Found\r\nLocation: /there\r\nContent-Type: text/html\r\nConnection: close\r\n"
LENGTHS = {
    "no length": b"",
    "length announced": b"Content-Length: 1000000000\r\n",
    "chunked": b"Transfer-Encoding: chunked\r\n",
}


def _piece(length: str, size: int) -> bytes:
    data = b"x" * size
    return b"%x\r\n%b\r\n" % (size, data) if length == "chunked" else data


@pytest.mark.parametrize("length", LENGTHS)
def test_a_large_body_is_cut_off(length: str) -> None:
    sent = [0]
    left = threading.Event()

    def play(connection: socket.socket, seen: Seen) -> None:
        try:
            connection.sendall(HEAD + LENGTHS[length] + b"\r\n")
            while sent[0] < 256 * MIB:
                connection.sendall(_piece(length, 65536))
                sent[0] += 65536
        except OSError:
            left.set()

    with Server(play) as server:
        error = refusal(f"{server.url}/here")
        assert left.wait(60)

    assert str(error).startswith(f"Service redirects {server.url}/here to {server.url}/there (status 302).")
    assert sent[0] < 64 * MIB


def _dripping(length: str, over: threading.Event) -> Play:
    """Byte after byte, each well within the timeout, until the client leaves or a few seconds have passed."""

    def play(connection: socket.socket, seen: Seen) -> None:
        with contextlib.suppress(OSError):
            connection.sendall(HEAD + LENGTHS[length] + b"\r\n")
            for _piece_of_many in range(150):
                connection.sendall(_piece(length, 1))
                over.wait(0.02)

    return play


@pytest.mark.parametrize("length", LENGTHS)
def test_a_body_that_drips_is_given_up(length: str, monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    Clock(step=3.0).take(monkeypatch)
    with Server(_dripping(length, over)) as server:
        error = refusal(server.url, timeout=1, retries=3)
        over.set()
        assert server.connections == 1

    assert "did not answer within 1 seconds" in str(error)


@pytest.mark.parametrize("location", ["http://[bad", "//[::1", "http://a]b/"])
def test_an_address_that_is_none_is_left_out(location: str) -> None:
    with Server(reply(status=302, Location=location)) as server:
        error = refusal(f"{server.url}/here", retries=3)
        assert server.connections == 1

    assert str(error) == (
        f"Service redirects {server.url}/here (status 302). Set the_option to the final address: a redirect is not "
        "followed, so that no secret goes with it."
    )


@pytest.mark.parametrize("host", ["The-Echoed-Secret", "the-echoed-secret"])
def test_no_secret_stands_in_the_address_of_a_redirect(host: str) -> None:
    with Server(reply(status=302, Location=f"https://{host}.example/")) as server:
        error = refusal(server.url, secrets=("The-Echoed-Secret",))

    assert " to https://********.example/ (status 302)" in str(error)


def test_no_sign_that_nobody_sees_stands_in_the_address_of_a_redirect() -> None:
    location = "https://a\x1b[31m\x7f.example/"
    with Server(reply(status=302, Location=location)) as server:
        error = str(refusal(server.url))

    assert error.isprintable()


def test_the_address_of_a_redirect_is_not_endless() -> None:
    with Server(reply(status=302, Location=f"https://{'a' * 5000}.example/")) as server:
        error = str(refusal(server.url))

    assert len(error) < 600
