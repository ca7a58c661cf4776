# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Bad input that needs no service to be seen: names, URLs, header values, terms, given tokens."""

from __future__ import annotations

import base64
import datetime as dt
import itertools
import json
import time
import typing as t
from collections.abc import Mapping

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import place
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene, check, walk

NEAREST = [
    ("netfoundry", "clientid", "client_id"),
    ("netfoundry", "secret", "client_secret"),
    ("netography", "netsecret", "netosecret"),
    ("netbird", "api_token", "token"),
    ("netbird", "timeut", "timeout"),
]


def test_an_unknown_argument_gets_the_nearest_name(scene: Scene) -> None:
    for (provider, name, nearest), way in itertools.product(NEAREST, WAYS):
        with scene.named(provider, name, way) as one:
            one.arguments = {name: MARKER}
            check(one.refusal(way, provider), f"{name} is no option", f"Did you mean {nearest}?")


@pytest.mark.parametrize("value", [False, "yes", 1, None])
def test_what_the_role_says_of_fingerprints_is_no_option_in_another_form(scene: Scene, value: object) -> None:
    for provider in PLUGINS:
        with scene.named(provider) as one:
            one.arguments = {"_fingerprint": value, "token": MARKER}
            check(one.refusal("task", provider), "_fingerprint is no option")


def test_a_header_of_the_role_that_finds_no_credential_says_where_to_put_it(scene: Scene) -> None:
    for provider in PLUGINS:
        with scene.named(provider) as one:
            one.arguments = {"_fingerprint": "of another place"}
            sentence = one.refusal("lookup", provider)
            assert sentence.startswith(f"auth_headers_{provider} finds no credential where it is used. Options that ")
            check(sentence.partition(" The cause: ")[2], "credential")


def test_a_role_that_cannot_use_the_cache_of_the_run_says_so(scene: Scene) -> None:
    for provider in PLUGINS:
        with scene.named(provider) as one:
            (one.folder / "local_tmp" / "netapi_auth").mkdir()
            (one.folder / "local_tmp" / "netapi_auth").chmod(0o755)
            with pytest.raises(Refused) as caught:
                one.ansible.action(PLUGINS[provider], {"_fingerprint": True, "token": MARKER})
            check(str(caught.value), "The token cache ", "is open to others (its rights are 0755)")


def test_an_argument_that_looks_like_a_hidden_one_is_taken(scene: Scene) -> None:
    for provider in PLUGINS:
        with scene.named(provider) as one:
            one.arguments = {"token": masking.HIDDEN}
            assert one.result("task", provider)["access_token"] == masking.HIDDEN


def test_an_argument_like_no_other_gets_the_place_to_look(scene: Scene) -> None:
    for provider, way in itertools.product(PLUGINS, WAYS):
        with scene.named(provider, way) as one:
            one.arguments = {"xyzzy": MARKER}
            check(one.refusal(way, provider), "xyzzy is no option", "ansible-doc")


@pytest.mark.parametrize(("option", "value"), [("set_facts", False), ("state", "absent")])
def test_what_only_tasks_know_is_no_argument_of_a_lookup(scene: Scene, option: str, value: object) -> None:
    for provider in PLUGINS:
        with scene.named(provider) as one:
            one.arguments = {option: value}
            said = f"{option} is an option of the task {PLUGINS[provider]} and not of a lookup."
            check(one.refusal("lookup", provider), said)


URLS = [(name, option) for name, data in DATA.items() for option in data.urls]
BAD_URLS = {
    "http://host.example": "https",
    "http://localhost.example": "https",
    "http://127.0.0.1.example:80/": "https",
    "HTTP://192.0.2.1": "https",
    f"https://{MARKER}@host.example": "credentials",
    f"https://user:{MARKER}@host.example": "credentials",
    f"http://user:{MARKER}@127.0.0.1": "credentials",
    f"https://host.example/#{MARKER}": "#",
    "ftp://host.example": "https://",
    "host.example": "https://",
    "//host.example": "https://",
    "https://": "https://",
    "https://host.example/a b": "https://",
    "https:\\\\host.example": "https://",
    "https://host.example\n.other": "https://",
    "https://höst.example": "https://",
    "https://host.example:port": "https://",
    "https://[::1": "https://",
}


IN_HEADERS = [(name, option, others) for name, data in DATA.items() for option, others in data.in_headers.items()]
READY = {name: {data.ready: data.values("")[data.ready]} for name, data in DATA.items()}
Form = tuple[str, str, str, Mapping[str, str]]
FORMS: list[Form] = [
    *((name, option, f"https://{MARKER}.example/#a", DATA[name].beside(option, "")) for name, option in URLS),
    *((name, "timeout", "0", READY[name]) for name in DATA),
    *((name, "cache", f"{MARKER} of mine", READY[name]) for name in DATA),
    *(
        (name, option, f"/{MARKER}", READY[name])
        for name in DATA
        for option in ("ca_path", "client_cert", "client_key")
    ),
    *((name, option, f"a {MARKER}", others) for name, option, others in IN_HEADERS),
    *((name, *wrong) for name, data in DATA.items() for wrong in data.wrong),
]


@pytest.mark.parametrize(("provider", "option", "value", "others"), FORMS)
def test_the_sentence_of_a_wrong_form_begins_with_option_and_source(
    scene: Scene, provider: str, option: str, value: str, others: Mapping[str, str]
) -> None:
    for each, way in walk(provider, option):
        with scene.named(each, way) as one:
            one.arguments = dict(others)
            one.say(each, value.replace("{marker}", MARKER))
            sentence = one.refusal(way, provider)
            assert sentence.startswith(f"{option}, from {each.words}, ")
            check(sentence, option)


@pytest.mark.parametrize(("provider", "option"), URLS)
def test_an_address_that_is_unsafe_or_none_is_refused(scene: Scene, provider: str, option: str) -> None:
    for (url, needed), way in itertools.product(BAD_URLS.items(), WAYS):
        with scene.named(url, way) as one:
            one.arguments = DATA[provider].beside(option, "")
            one.arguments[option] = url
            check(one.refusal(way, provider), option, needed)


@pytest.mark.parametrize(("provider", "option"), [each for each in URLS if each[1] != "token_url"])
def test_an_address_with_a_query_is_refused(scene: Scene, provider: str, option: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = DATA[provider].beside(option, "")
            one.arguments[option] = f"https://host.example/?key={MARKER}"
            check(one.refusal(way, provider), option, "?")


@pytest.mark.parametrize("provider", PLUGINS)
def test_plain_http_to_loopback_is_allowed(scene: Scene, provider: str) -> None:
    urls = ("http://127.0.0.1:1", "http://127.1.2.3", "http://[::1]:1", "http://localhost")
    for url, way in itertools.product(urls, WAYS):
        with scene.named(url, way) as one:
            one.arguments = {DATA[provider].ready: "opaque", "api_url": url}
            assert one.result(way, provider)["api_url"] == url


NOT_IN_HEADERS = ("\n", "\r\n", "\n ", "\t", " ", "\x7f", "\0", "é", "\u201c", "\u2028")


@pytest.mark.parametrize(("provider", "option", "others"), IN_HEADERS)
def test_a_value_that_no_header_may_hold_is_refused(
    scene: Scene, provider: str, option: str, others: Mapping[str, str]
) -> None:
    for between, source, way in itertools.product(NOT_IN_HEADERS, ("argument", "variable"), WAYS):
        with scene.named(between, source, way) as one:
            one.arguments = dict(others)
            one.say(place(provider, option, source), f"{MARKER}{between}X-Injected:{MARKER}")
            words = f"{option}, from {place(provider, option, source).words},"
            check(one.refusal(way, provider), words, "header", hidden=(MARKER, "Injected"))


@pytest.mark.parametrize(
    "host", ["a b", "https://host.example", "host.example/path", "user@host.example", "host.example?a", "host:port"]
)
def test_a_rapidapi_host_that_is_none_is_refused(scene: Scene, host: str) -> None:
    others: tuple[dict[str, str], ...] = ({}, {"api_url": "https://host.example"})
    for other, way in itertools.product(others, WAYS):
        with scene.named(other, way) as one:
            one.arguments = {"rapidapi_key": MARKER, "rapidapi_host": host, **other}
            sentence = one.refusal(way, "netfoundry")
            check(sentence, "rapidapi_host")
            assert "api_url" not in sentence


def jwt_with(**claims: t.Any) -> str:
    """An unsigned JWT: nobody checks a given token's signature."""
    payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{payload}.{MARKER}"


TOKENS = [*((name, "token") for name, data in DATA.items() if "token" in data.selects), ("netbird", "pat")]


@pytest.mark.parametrize(("provider", "option"), TOKENS)
def test_a_given_token_that_has_expired_is_told_with_its_time(scene: Scene, provider: str, option: str) -> None:
    for source, way in itertools.product(("argument", "variable", "environment"), WAYS):
        with scene.named(source, way) as one:
            # Clocks may differ by a minute.
            end = int(time.time()) - 65
            one.say(place(provider, option, source), jwt_with(exp=end))
            when = dt.datetime.fromtimestamp(end, dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            words = f"{option}, from {place(provider, option, source).words}, expired at {when}"
            check(one.refusal(way, provider), words)


@pytest.mark.parametrize(("provider", "option"), TOKENS[:-1])
def test_a_given_token_that_ended_less_than_a_minute_ago_is_used_with_a_warning(
    scene: Scene, heard: list[str], provider: str, option: str
) -> None:
    token = jwt_with(exp=int(time.time()) - 30)
    scene.arguments = {option: token}
    result = scene.result("task", provider)
    assert (result["access_token"], result["expires_in"]) == (token, 0)
    assert [text for text in heard if "lives only 0 seconds more" in text] == heard != []


@pytest.mark.parametrize(("provider", "option"), TOKENS[:-1])
def test_a_given_token_with_less_than_min_validity_is_used_with_a_warning(
    scene: Scene, heard: list[str], provider: str, option: str
) -> None:
    for (min_validity, warnings), way in itertools.product(((600, 1), (60, 0)), WAYS):
        with scene.named(min_validity, way) as one:
            token = jwt_with(exp=int(time.time()) + 300)
            one.arguments = {option: token, "min_validity": min_validity}
            assert one.result(way, provider)["access_token"] == token
            assert len(heard) == warnings
            for sentence in heard:
                check(sentence, PLUGINS[provider], f"the token in {option}, from the argument {option}, lives only ")
                assert "seconds more" in sentence


def test_a_given_token_without_a_usable_expiry_is_used_as_it_is(scene: Scene, heard: list[str]) -> None:
    for exp, way in itertools.product((None, "soon", True, -1, [1]), WAYS):
        with scene.named(exp, way) as one:
            one.arguments = {"token": jwt_with(**({} if exp is None else {"exp": exp}))}
            result = one.result(way, "netfoundry")
            assert (result["expires_at"], result["expires_in"], heard) == (None, None, [])


TERMS = {
    "acces_token": "Did you mean access_token?",
    "header": "Did you mean headers?",
    "xyzzy": "xyzzy is no key of the result",
    "claims.xyzzy": "claims.xyzzy",
    "headers.Cookie": "headers.Cookie",
    "identity.name": "identity.name",
    "claims[": "claims[",
    "nothing(claims)": "nothing(claims)",
    "": "term",
}


def test_a_term_that_finds_nothing_is_named(scene: Scene) -> None:
    for term, needed in TERMS.items():
        with scene.named(term) as one:
            with pytest.raises(Refused) as caught:
                one.ansible.lookup("netbird", term, token=jwt_with(sub=MARKER))
            check(str(caught.value), needed)


def test_a_term_that_is_no_text_is_refused(scene: Scene) -> None:
    for term in (1, None, ["access_token"], {"a": 1}, True):
        with scene.named(term) as one:
            with pytest.raises(Refused) as caught:
                one.ansible.lookup("netbird", term, token=MARKER)
            check(str(caught.value), "term", "JMESPath")
