# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""One request: what it carries, how often it is made, where it does not go."""

from __future__ import annotations

import base64
import dataclasses
import email.utils
import socket
import time
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Request
from ansible_collections.netapi.auth.plugins.plugin_utils._http.response import Answer
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock, ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Server, hang_up, reply

RETRIED = (429, 500, 502, 503, 504)
FINAL = (400, 401, 402, 403, 404, 405, 408, 409, 410, 415, 422, 425, 501, 505)
BEARER = {"Authorization": "Bearer the-token"}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.take(monkeypatch)
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.5)
    return clock


def test_the_answer_is_its_json() -> None:
    with Server(reply('{"a": [1, null]}')) as server:
        assert ask(server.url) == {"a": [1, None]}


def test_the_headers_are_those_of_the_request() -> None:
    with Server(reply()) as server:
        ask(server.url, headers=BEARER)

    assert (server.seen[0].headers["authorization"], server.seen[0].headers["accept"]) == (
        "Bearer the-token",
        "application/json",
    )


@pytest.mark.parametrize("status", RETRIED)
def test_what_may_pass_is_tried_again(status: int, clock: Clock) -> None:
    with Server(reply(status=status), reply(status=status), reply('{"a": 1}')) as server:
        assert ask(server.url, retries=3) == {"a": 1}
        assert server.connections == 3


@pytest.mark.parametrize("retries", [0, 1, 3, 12])
@pytest.mark.parametrize("status", RETRIED)
def test_tries_end_with_the_number_of_retries(status: int, retries: int, clock: Clock) -> None:
    with Server(reply(status=status)) as server:
        error = refusal(server.url, retries=retries)

    assert (error.status, server.connections, len(clock.waits)) == (status, retries + 1, retries)


@pytest.mark.parametrize("status", FINAL)
def test_what_will_not_pass_is_not_tried_again(status: int, clock: Clock) -> None:
    with Server(reply(status=status)) as server:
        error = refusal(server.url, retries=3)

    assert (error.status, server.connections, clock.waits) == (status, 1, [])


@pytest.mark.parametrize("retries", [0, 3])
def test_a_broken_connection_is_tried_again(retries: int, clock: Clock) -> None:
    with Server(hang_up) as server:
        error = refusal(server.url, retries=retries)
        assert server.connections == retries + 1

    assert "broke off the connection" in str(error)


def test_a_broken_connection_may_mend(clock: Clock) -> None:
    with Server(hang_up, hang_up, reply('{"a": 1}')) as server:
        assert ask(server.url, retries=2) == {"a": 1}


def test_each_try_can_have_a_request_of_its_own(clock: Clock) -> None:
    with Server(reply(status=503), hang_up, reply()) as server:
        exchange = client.Exchange(HttpSettings("Service", retries=3))
        requests = [Request("GET", server.url + path, "a", "b", "c") for path in ("/1", "/2", "/3")]
        replies = [exchange.send(request) for request in requests]

    assert [reply is None for reply in replies] == [True, True, False]
    assert [seen.target for seen in server.seen] == ["/1", "/2", "/3"]


def test_waits_double_with_jitter(clock: Clock) -> None:
    with Server(reply(status=503)) as server:
        refusal(server.url, retries=4)

    assert [0.5 * 2**n <= wait * 2 <= 2 * 0.5 * 2**n for n, wait in enumerate(clock.waits)] == [True] * 4


def test_no_wait_is_longer_than_a_minute(clock: Clock) -> None:
    with Server(reply(status=503)) as server:
        refusal(server.url, retries=12)

    assert [30 <= wait <= 60 for wait in clock.waits[7:]] == [True] * 5


def test_jitter_makes_waits_differ(clock: Clock) -> None:
    with Server(reply(status=503)) as server:
        for _again in range(5):
            refusal(server.url, retries=1)

    assert len(set(clock.waits)) > 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("seconds", [0, 1, 59, 60])
def test_retry_after_is_honoured_up_to_a_minute(seconds: int, status: int, clock: Clock) -> None:
    with Server(reply(status=status, Retry_After=str(seconds)), reply('{"a": 1}')) as server:
        assert ask(server.url, retries=3) == {"a": 1}

    assert clock.waits == [float(seconds)]


@pytest.mark.parametrize("seconds", ["61", "3600", "999999999999999999999"])
def test_longer_than_a_minute_is_not_waited_for(seconds: str, clock: Clock) -> None:
    with Server(reply(status=429, Retry_After=seconds)) as server:
        error = refusal(server.url, retries=3)

    assert (error.status, server.connections, clock.waits) == (429, 1, [])


def test_retry_after_may_be_a_date(clock: Clock) -> None:
    date = email.utils.formatdate(time.time() + 30, usegmt=True)
    with Server(reply(status=503, Retry_After=date), reply()) as server:
        ask(server.url, retries=1)

    assert [20 < wait <= 30 for wait in clock.waits] == [True]


@pytest.mark.parametrize("form", ["%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y"])
def test_each_form_of_a_date_is_in_utc(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 9110 section 5.6.7."""
    said = time.strftime(form, time.gmtime(1700000000))
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        date = Answer(200, {"date": said}, b"").date
    finally:
        monkeypatch.undo()
        time.tzset()

    assert date == 1700000000


@pytest.mark.parametrize("value", ["soon", "-5", "1.5", "", "nan"])
def test_a_retry_after_that_says_nothing_is_left_aside(value: str, clock: Clock) -> None:
    with Server(reply(status=503, Retry_After=value), reply()) as server:
        ask(server.url, retries=1)

    assert [0.25 <= wait <= 0.5 for wait in clock.waits] == [True]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(status: int) -> None:
    with Server(reply()) as target, Server(reply(status=status, Location=f"{target.url}/there?a=secret")) as server:
        error = refusal(f"{server.url}/here", headers=BEARER, retries=3)

    assert (target.connections, server.connections) == (0, 1)
    assert str(error) == (
        f"Service redirects {server.url}/here to {target.url}/there (status {status}). Set the_option to "
        "the final address: a redirect is not followed, so that no secret goes with it."
    )


@pytest.fixture
def netrc(tmp_path: Path) -> Path:
    """A netrc file in the home directory that names the host of every test."""
    path = tmp_path / ".netrc"
    path.write_text("machine 127.0.0.1 login netrc-user password netrc-password\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("headers", [BEARER, {}], ids=["with a header of ours", "without"])
@pytest.mark.parametrize("variable", [True, False], ids=["NETRC set", "in the home directory"])
def test_netrc_is_not_read(
    variable: bool, headers: dict[str, str], netrc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("NETRC", str(netrc))
    with Server(reply()) as server:
        ask(server.url, headers=headers)

    assert server.seen[0].headers.get("authorization") == headers.get("Authorization")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> str:
    """A host that is not called loopback, though it is there."""
    host = "service.example"
    look_up = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda name, *more: look_up(HOST if name == host else name, *more))
    return host


def test_the_proxy_of_the_environment_is_obeyed(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply('{"by": "proxy"}')) as proxy:
        monkeypatch.setenv("http_proxy", proxy.url)
        assert ask(f"http://{elsewhere}:9/path") == {"by": "proxy"}

    assert proxy.seen[0].target == f"http://{elsewhere}:9/path"


def test_no_proxy_of_the_environment_is_obeyed(elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply()) as proxy, Server(reply('{"by": "server"}')) as server:
        monkeypatch.setenv("http_proxy", proxy.url)
        monkeypatch.setenv("no_proxy", elsewhere)
        assert ask(f"http://{elsewhere}:{server.port}") == {"by": "server"}
        assert proxy.connections == 0


@pytest.mark.parametrize("host", [HOST, "localhost", "LOCALHOST"])
def test_this_machine_is_reached_without_the_proxy_of_the_environment(
    host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(reply()) as proxy, Server(reply('{"by": "server"}')) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert ask(f"http://{host}:{server.port}") == {"by": "server"}
        assert proxy.connections == 0


def test_the_option_proxy_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(reply('{"by": "option"}')) as proxy, Server(reply()) as other:
        monkeypatch.setenv("http_proxy", other.url)
        monkeypatch.setenv("no_proxy", "*")
        assert ask("http://127.0.0.1:9/path", proxy=proxy.url) == {"by": "option"}
        assert other.connections == 0


def test_a_proxy_gets_the_password_in_its_address() -> None:
    with Server(reply()) as proxy:
        ask("http://127.0.0.1:9/", proxy=proxy.url.replace("://", "://user:pass%40word@"))

    coded = base64.b64encode(b"user:pass@word").decode()
    assert proxy.seen[0].headers["proxy-authorization"] == f"Basic {coded}"


@pytest.mark.parametrize("proxy", ["http://user:proxy-password@127.0.0.1:1", "http://"])
def test_a_proxy_that_does_not_work_is_named_without_its_password(proxy: str) -> None:
    error = refusal("http://127.0.0.1:9/", proxy=proxy, retries=3)

    assert "proxy" in str(error)
    assert "proxy-password" not in str(error)


DATE = "Tue, 14 Nov 2023 22:13:20 GMT"
QUOTAS = "b=per_hour;q=100;r={};t={},b=per_day;q=300;r={};t={}"


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x_ratelimit_reset": "1700000007", "Date": DATE}, 7),
        ({"x_ratelimit_reset": "1699990000", "Date": DATE}, 0),
        ({"x_ratelimit_reset": "1700000007", "Date": DATE, "Retry_After": "3"}, 3),
        ({"Auth0_Client_Quota_Limit": QUOTAS.format(0, 9, 5, 4000)}, 9),
        ({"Auth0_Client_Quota_Limit": QUOTAS.format(0, 9, 0, 40)}, 40),
        ({"Auth0_Organization_Quota_Limit": QUOTAS.format(7, 9, 0, 40)}, 40),
    ],
)
def test_quotas_of_auth0_are_read_like_retry_after(headers: dict[str, str], wait: int, clock: Clock) -> None:
    with Server(reply(status=429, **headers), reply('{"a": 1}')) as server:
        assert ask(server.url, retries=1) == {"a": 1}

    assert clock.waits == [wait]


@pytest.mark.parametrize(
    "headers",
    [
        {"x_ratelimit_reset": "1700000061", "Date": DATE},
        {"Auth0_Client_Quota_Limit": QUOTAS.format(0, 61, 5, 4000), "Date": DATE},
    ],
)
def test_a_quota_that_takes_too_long_is_told_and_not_tried(headers: dict[str, str], clock: Clock) -> None:
    with Server(reply(status=429, **headers)) as server:
        error = refusal(server.url, retries=3)

    assert (server.connections, clock.waits) == (1, [])
    assert "wait 61 seconds, until 2023-11-14T22:14:21Z" in str(error)


@pytest.mark.parametrize(
    "headers",
    [
        {"x_ratelimit_reset": "soon"},
        {"Auth0_Client_Quota_Limit": QUOTAS.format(7, 9, 5, 4000)},
        {"Auth0_Client_Quota_Limit": "b=per_hour;r=0;t=,;;=,t=9"},
    ],
)
def test_a_quota_that_says_nothing_is_left_aside(headers: dict[str, str], clock: Clock) -> None:
    with Server(reply(status=429, **headers), reply()) as server:
        ask(server.url, retries=1)

    assert [0.25 <= wait <= 0.5 for wait in clock.waits] == [True]


def test_a_reset_belongs_to_a_429_only(clock: Clock) -> None:
    with Server(reply(status=503, x_ratelimit_reset="1700000061", Date=DATE), reply()) as server:
        ask(server.url, retries=1)

    assert [0.25 <= wait <= 0.5 for wait in clock.waits] == [True]


@pytest.mark.parametrize(("status", "waits"), [(429, [10.0, 10.0]), (503, [])])
def test_a_service_that_does_not_say_how_long_is_given_the_pause_it_wants(
    status: int, waits: list[float], clock: Clock
) -> None:
    request = Request("GET", "", "the_option", "the credential", "the permission", pause=10.0)
    with Server(reply(status=status), reply(status=status), reply('{"a": 1}')) as server:
        there = dataclasses.replace(request, url=server.url)
        assert client.send(HttpSettings("Service", retries=2), there) == {"a": 1}

    assert [wait for wait in clock.waits if wait > 2] == waits


def test_a_pause_is_told_where_no_try_is_left(clock: Clock) -> None:
    with Server(reply(status=429)) as server:
        request = Request("GET", server.url, "the_option", "the credential", "the permission", pause=10.0)
        with pytest.raises(ServiceError, match="wait 10 seconds, until "):
            client.send(HttpSettings("Service", retries=0), request)


def test_a_long_retry_after_of_a_failing_service_is_told(clock: Clock) -> None:
    with Server(reply(status=503, Retry_After="120", Date=DATE)) as server:
        error = refusal(server.url, retries=3)

    assert "Try again in 120 seconds, until 2023-11-14T22:15:20Z, or check the_option." in str(error)
