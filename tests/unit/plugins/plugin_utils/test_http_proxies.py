# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Proxies that do not pass a request on, told apart: for a tunnel, and where they make the request themselves."""

from __future__ import annotations

import contextlib
import re
import socket
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Authority
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.proxy import Proxy
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import (
    HOST,
    Server,
    hang_up,
    reply,
)

PASSWORD = "pröxy-pässwörd-€"
SCHEMES = pytest.mark.parametrize("scheme", ["http", "https"])
NO_ADDRESSES = (
    "http://",
    "htp://proxy.example:3128",
    "ftp://proxy.example",
    "http://[::1",
    "http://user:secret[password@proxy.example:3128",
    "user:secret\u2100password@proxy.example:3128",
)
NAMED = f"Service: the proxy {HOST}"


@contextlib.contextmanager
def _target(scheme: str, authority: Authority) -> Iterator[Server]:
    tls = authority.context(authority.ca.issue_cert(HOST)) if scheme == "https" else None
    with Server(reply('{"a": 1}'), tls=tls) as server:
        yield server


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as free:
        return int(free.getsockname()[1])


@SCHEMES
@pytest.mark.parametrize("user", ["user", "üser"])
def test_user_and_password_go_in_utf_8(scheme: str, user: str, authority: Authority) -> None:
    with Proxy(user, PASSWORD) as proxy, _target(scheme, authority) as server:
        assert ask(server.url, proxy=proxy.url, ca_path=authority.path) == {"a": 1}


@SCHEMES
def test_a_proxy_that_refuses_the_password(scheme: str, authority: Authority) -> None:
    with Proxy("user", PASSWORD) as proxy, _target(scheme, authority) as server:
        wrong = re.sub(":[^/@]*@", ":wrong-password@", proxy.url)
        error = refusal(server.url, proxy=wrong, retries=2)
        assert server.connections == 0

    assert str(error) == (
        f"{NAMED} refuses the user or the password (status 407). Correct them in proxy; "
        "@, :, / and # in them are written %40, %3A, %2F and %23."
    )


@SCHEMES
def test_a_proxy_that_wants_a_password(scheme: str, authority: Authority) -> None:
    with Proxy("user", PASSWORD) as proxy, _target(scheme, authority) as server:
        error = refusal(server.url, proxy=f"http://{HOST}:{proxy.server_address[1]}")

    assert str(error) == (
        f"{NAMED} wants a user and a password (status 407). "
        "Write them into proxy, such as http://user:password@proxy.example:3128."
    )


@SCHEMES
@pytest.mark.parametrize("status", [502, 503, 504])
def test_a_proxy_that_does_not_reach_the_service(scheme: str, status: int) -> None:
    with Server(reply("<p>no way</p>", status=status)) as proxy:
        error = refusal(f"{scheme}://{HOST}:9/", proxy=proxy.url, retries=2)
        assert proxy.connections == 3

    assert str(error) == (
        f"{NAMED} does not reach {HOST} (status {status}). Check the_option, and that the proxy can go there."
    )


@SCHEMES
def test_a_proxy_that_reaches_the_service_later(scheme: str, authority: Authority) -> None:
    with _target(scheme, authority) as server, Proxy("user", PASSWORD) as good:
        good.failures = 2
        assert ask(server.url, proxy=good.url, ca_path=authority.path, retries=2) == {"a": 1}


@pytest.mark.parametrize("status", [400, 403, 405])
def test_a_proxy_that_makes_no_tunnel(status: int) -> None:
    with Server(reply(status=status)) as proxy:
        error = refusal(f"https://{HOST}:9/", proxy=proxy.url, retries=2)
        assert proxy.connections == 1

    assert str(error) == (
        f"{NAMED} does not let anybody through to {HOST} (status {status}). "
        "Have it allowed there, or check the_option and proxy."
    )


def test_an_error_of_the_service_is_the_services_behind_a_proxy_too() -> None:
    with Server(reply('{"message": "later"}', status=503)) as proxy:
        error = refusal(f"http://{HOST}:9/", proxy=proxy.url)

    assert "Service answered" in str(error)


@SCHEMES
def test_a_proxy_that_is_dead(scheme: str) -> None:
    error = refusal(f"{scheme}://{HOST}:9/", proxy=f"http://user:secret-password@{HOST}:{_free_port()}")

    assert str(error) == f"{NAMED} refuses the connection. Check its host and port in proxy."


@SCHEMES
def test_a_proxy_that_hangs_up(scheme: str) -> None:
    with Server(hang_up) as proxy:
        error = refusal(f"{scheme}://{HOST}:9/", proxy=proxy.url)

    assert str(error).startswith(f"Service: the proxy {HOST} breaks off the connection.")


@SCHEMES
def test_a_proxy_that_nobody_knows(scheme: str) -> None:
    error = refusal(f"{scheme}://{HOST}:9/", proxy="http://user:secret-password@no-such-proxy.invalid:3128")

    assert str(error).startswith("Service: the proxy no-such-proxy.invalid is not found, as there is no such host.")
    assert "secret-password" not in str(error)


@SCHEMES
@pytest.mark.parametrize("password", ["pass/word", "pass#word", "pass?word", "12/word"])
def test_a_password_that_is_not_encoded_is_never_taken_for_the_host(scheme: str, password: str) -> None:
    error = refusal(f"{scheme}://{HOST}:9/", proxy=f"http://some-user:{password}@proxy.invalid:3128")

    assert "proxy" in str(error)
    assert not any(part in str(error) for part in ("some-user", password, "word@"))


@SCHEMES
@pytest.mark.parametrize("proxy", NO_ADDRESSES)
def test_what_is_no_address_of_a_proxy(scheme: str, proxy: str) -> None:
    error = refusal(f"{scheme}://{HOST}:9/", proxy=proxy, retries=2)

    assert str(error) == "Service: proxy is no address such as http://proxy.example:3128. Correct it."


@SCHEMES
@pytest.mark.parametrize("kind", ["socks4", "socks5", "socks5h"])
def test_socks_says_what_it_needs(scheme: str, kind: str) -> None:
    error = refusal(f"{scheme}://{HOST}:9/", proxy=f"{kind}://user:secret-password@{HOST}:9")

    assert str(error) == (
        "Service: a SOCKS proxy, as in proxy, needs the Python library PySocks on the controller. "
        "Install it (on Debian the package python3-socks), or use an HTTP proxy."
    )


def test_a_proxy_without_tls_that_is_called_https() -> None:
    with Server(reply()) as proxy:
        error = refusal(f"https://{HOST}:9/", proxy=proxy.url.replace("http:", "https:"))

    assert "no TLS connection to the proxy" in str(error)
    assert "with http://" in str(error)


def test_a_proxy_that_says_nothing_is_named() -> None:
    with socket.create_server((HOST, 0)) as silent:
        error = refusal(f"https://{HOST}:9/", timeout=1, proxy=f"http://{HOST}:{silent.getsockname()[1]}")

    assert str(error) == (
        f"Service: {HOST} did not answer within 1 seconds by way of the proxy {HOST}. "
        "Check proxy, the network and the_option, or raise timeout."
    )


@SCHEMES
def test_a_proxy_that_takes_no_connection_is_named(scheme: str) -> None:
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.create_server((HOST, 0), backlog=0))
        for _each in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        proxy = f"http://user:secret-password@{HOST}:{full.getsockname()[1]}"
        error = refusal(f"{scheme}://{HOST}:9/", timeout=1, proxy=proxy)

    assert str(error) == f"{NAMED} did not answer within 1 seconds. Check proxy, or raise timeout."


def test_the_proxy_of_the_environment_is_called_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://{HOST}:{_free_port()}")
    error = refusal("https://service.example/")

    assert str(error) == (
        f"{NAMED} refuses the connection. Check its host and port in the proxy variables of the environment."
    )
