# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where netapi.auth.uri sends a request, and what it attaches."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import uri_arguments
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking, urls

API = "https://api.example.com/base"
HEADERS = {"Authorization": "Bearer x"}


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("/peers", f"{API}/peers"),
        ("/", f"{API}/"),
        ("/a?path=../b", f"{API}/a?path=../b"),
        ("/a..b", f"{API}/a..b"),
        ("/a#../b", f"{API}/a#../b"),
        ("https://api.example.com/other", "https://api.example.com/other"),
        ("https://API.example.com:443/other", "https://API.example.com:443/other"),
        ("https://api.example.com/a/?b=c", "https://api.example.com/a/?b=c"),
    ],
)
def test_an_address_of_the_service_is_taken(url: str, place: str) -> None:
    assert uri_arguments.address(url, API, None) == place


@pytest.mark.parametrize(
    ("url", "hosts"),
    [
        ("https://one.example/x", ["https://one.example"]),
        ("https://one.example/x", ["https://two.example", "https://one.example:443/"]),
        ("https://one.example:443/x", "https://one.example"),
        ("https://one.example:8443/x", ["https://one.example:8443"]),
        ("http://127.0.0.1:80/x", ["http://127.0.0.1"]),
    ],
)
def test_a_further_origin_is_taken(url: str, hosts: object) -> None:
    assert uri_arguments.address(url, API, hosts) == url


@pytest.mark.parametrize("url", ["https://one.example:8443/x", "https://one.example.org/x", "https://x.one.example/"])
def test_another_one_than_the_further_origin_is_refused(url: str) -> None:
    with pytest.raises(OptionError, match="name that origin in auth_hosts"):
        uri_arguments.address(url, API, ["https://one.example"])


@pytest.mark.parametrize("hosts", [["nonsense"], {"a": 1}, [""]])
def test_bad_hosts_are_refused_for_a_path_too(hosts: object) -> None:
    with pytest.raises(OptionError, match="auth_hosts"):
        uri_arguments.address("/x", API, hosts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example", "https://A.example:443/b", True),
        ("http://a.example", "http://a.example:80", True),
        ("https://a.example", "http://a.example", False),
        ("https://a.example", "https://a.example:80", False),
        ("https://a.example", "https://b.example", False),
    ],
)
def test_origins_are_scheme_host_and_port(one: str, other: str, same: bool) -> None:
    assert urls.same_origin(one, other) is same


def test_what_the_user_said_is_kept() -> None:
    said = {"headers": {"X-One": 1}, "unredirected_headers": "X-One,X-Two", "body": {"a": [1]}, "use_netrc": False}
    assert uri_arguments.arguments(said, "https://a.example", HEADERS, "netbird") == {
        "url": "https://a.example",
        "headers": {"X-One": 1, "Authorization": "Bearer x"},
        "unredirected_headers": ["X-One", "X-Two", "Authorization"],
        "body": {"a": [1]},
        "use_netrc": False,
    }


def test_headers_as_text_are_taken_as_the_original_takes_them() -> None:
    said = {"headers": "X-One=1, X-Two=2"}
    found = uri_arguments.arguments(said, "https://a.example", HEADERS, "netbird")
    assert found["headers"] == {"X-One": "1", "X-Two": "2", "Authorization": "Bearer x"}


def test_false_brings_no_other_credential() -> None:
    said = {"use_netrc": "no", "force_basic_auth": False, "use_gssapi": "", "url_username": "", "url_password": None}
    assert uri_arguments.arguments(said, "https://a.example", HEADERS, "netbird")["use_netrc"] is False


KNOWN = ("url", "headers", "url_password", "password", "body")


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        ({"url": "/api/groups?email=a@b.example"}, True),
        ({"url": "https://api.example.com/users/a@b.example"}, True),
        ({"url": "https://someone:marker@api.example.com/"}, False),
        ({"headers": {"Accept": "text/plain"}}, True),
        ({"headers": {"authorization": "marker"}}, False),
        ({"headers": '{"X-RapidAPI-Key": "marker"}'}, False),
        ({"url_password": "marker"}, False),
        ({"password": "marker"}, False),
        ({"body": {"name": "marker"}}, True),
        ({"pat": "marker"}, False),
    ],
)
def test_callbacks_see_what_is_no_credential(said: dict[str, t.Any], is_shown: bool) -> None:
    assert uri_arguments.shown(said, KNOWN) == (said if is_shown else dict.fromkeys(said, masking.HIDDEN))
