# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Addresses of services as options give them."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import urls

ACCEPTED = {
    "https://host.example": "https://host.example",
    "https://host.example/": "https://host.example",
    "https://host.example/path//": "https://host.example/path",
    "https://host.example:8443/a/b": "https://host.example:8443/a/b",
    "https://[2001:db8::1]/a": "https://[2001:db8::1]/a",
    "HTTPS://host.example/a": "HTTPS://host.example/a",
    "http://127.0.0.1:8080/": "http://127.0.0.1:8080",
    "http://127.9.9.9": "http://127.9.9.9",
    "http://localhost/a": "http://localhost/a",
    "http://[::1]:80": "http://[::1]:80",
}
NO_ADDRESS = (
    "host.example",
    "ftp://host.example",
    "file:///etc/passwd",
    "https://",
    "https:///path",
    "https:host.example",
    "https://host.example:port/",
    "https://host.example:99999/",
    "https://[::1",
    "https://host.example/a b",
    "https://host.example/a\\b",
    "https://host.example/\n",
    "https://host.example/\t",
    "https://höst.example/",
    " https://host.example",
)
PLAIN = (
    "http://host.example",
    "http://10.0.0.1",
    "http://localhost.example",
    "http://127.0.0.1.example",
    "http://[::2]",
)


@pytest.mark.parametrize("text", ACCEPTED)
def test_an_address_to_which_paths_are_appended_is_taken_without_its_last_slash(text: str) -> None:
    assert urls.base_url("some_option", text) == ACCEPTED[text]


@pytest.mark.parametrize("text", ACCEPTED)
def test_an_endpoint_is_taken_to_the_letter(text: str) -> None:
    assert urls.service_url("some_option", text) == text


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address_is_refused(text: str) -> None:
    for read in (urls.base_url, urls.service_url):
        with pytest.raises(OptionError, match=r"^some_option must be an address such as"):
            read("some_option", text)


@pytest.mark.parametrize("text", PLAIN)
def test_plain_http_is_for_loopback_only(text: str) -> None:
    with pytest.raises(OptionError, match=r"^some_option is plain http to .*Use https\.$"):
        urls.service_url("some_option", text)


@pytest.mark.parametrize("user", ["user:secret-word@", "secret-word@", ":secret-word@", "@"])
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_credentials_in_an_address_are_refused_and_not_shown(scheme: str, user: str) -> None:
    with pytest.raises(OptionError, match=r"^some_option must not hold credentials") as refused:
        urls.service_url("some_option", f"{scheme}://{user}127.0.0.1/")
    assert "secret-word" not in str(refused.value)


@pytest.mark.parametrize("end", ["?a=secret-word", "?", "#secret-word", "#", "/?a=1#b"])
def test_an_address_ends_before_query_and_fragment(end: str) -> None:
    with pytest.raises(OptionError, match=r"^some_option must end before any") as refused:
        urls.service_url("some_option", f"https://host.example/a{end}")
    assert "secret-word" not in str(refused.value)


def test_a_token_endpoint_may_have_a_query() -> None:
    url = "https://host.example/token?tenant=a/"

    assert urls.service_url("token_url", url, query=True) == url


def test_not_even_a_token_endpoint_may_have_a_fragment() -> None:
    with pytest.raises(OptionError):
        urls.service_url("token_url", "https://host.example/token?a=1#b", query=True)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.netography.com/api/v1", "https://api.netography.com"),
        ("http://127.0.0.1:8080/v1", "http://127.0.0.1:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_an_origin_is_scheme_host_and_port(url: str, origin: str) -> None:
    assert urls.origin(url) == origin


def test_an_address_in_a_sentence_has_no_secrets() -> None:
    assert urls.without_secrets("https://u:p@host.example:1/path?token=x#y") == "https://host.example:1/path"
