# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Input that nobody foresaw: nothing but this collection's own errors comes out, and no secret with them.

FUZZ_EXAMPLES says how many examples each property gets; `make fuzz` gives it a large number. Up to the usual number
they are the same in each run.
"""

from __future__ import annotations

import base64
import json
import math
import os
import typing as t
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import hypothesis
from hypothesis import strategies as st

from ansible_collections.netapi.auth.plugins.plugin_utils import _query, _token
from ansible_collections.netapi.auth.plugins.plugin_utils._core import uri_arguments
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError
from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking, urls
from ansible_collections.netapi.auth.plugins.plugin_utils._http.request import Request
from ansible_collections.netapi.auth.plugins.plugin_utils._http.response import Answer, read_answer
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import endpoint
from ansible_collections.netapi.auth.plugins.plugin_utils._options.values import WrongTypeError, convert
from ansible_collections.netapi.auth.plugins.plugin_utils._options.values import plain as _plain
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird, netfoundry_file, netography
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import Entry
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cipher import EntryCipher

NOW = 1_800_000_000.0
SECRET = "canary+secret/0f7a=" * 2
USUAL = 200
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", USUAL))
FUZZ = hypothesis.settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=EXAMPLES <= USUAL,
    suppress_health_check=list(hypothesis.HealthCheck),
)
TEXT = st.text(st.characters(), max_size=40)
NUMBER = st.one_of(st.integers(), st.floats(), st.integers(10**300, 10**310))
JSON: st.SearchStrategy[t.Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBER, TEXT),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=8,
)
# Deeper than the parsers go, a number longer than Python converts, and what is no text.
ODD_BYTES = st.sampled_from(
    [b"[" * 100_000, b"1" * 5000, b"NaN", b'{"exp": 1e999}', b"\xff\xfe", b'"\\ud800"', b"{} {}", b"\0", b""]
)
BYTES = st.one_of(st.binary(max_size=60), ODD_BYTES, JSON.map(lambda value: json.dumps(value).encode()))


def only_own_errors(act: Callable[[], t.Any], *inputs: str) -> t.Any:
    """What comes of it; None where it is refused in a sentence, which shows none of the secret inputs."""
    try:
        return act()
    except AuthError as error:
        sentence = str(error)
    # Less is in many a sentence by chance.
    assert not [text for text in (*inputs, SECRET) if len(text) >= 8 and text in sentence]
    return None


def jwt(payload: bytes) -> str:
    return f"e30.{base64.urlsafe_b64encode(payload).decode().rstrip('=')}.x"


BUNDLE = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("url", "shortname", "appname", "appkey", "sharedsecret"), JSON)
)


@FUZZ
@hypothesis.given(
    st.one_of(
        TEXT,
        BYTES.map(lambda data: base64.b64encode(data).decode()),
        BUNDLE.map(lambda values: base64.b64encode(json.dumps(values).encode()).decode()),
    )
)
def test_netosecrets(text: str) -> None:
    values = only_own_errors(lambda: netography.read_netosecret(text, "netosecret"), text)
    if values is not None:
        assert all(isinstance(value, str) for value in values.values())


@FUZZ
@hypothesis.given(
    st.one_of(
        BYTES,
        st.fixed_dictionaries({}, optional=dict.fromkeys(("clientId", "password", "authenticationUrl"), JSON)).map(
            lambda values: json.dumps(values).encode()
        ),
    )
)
def test_credentials_files(content: bytes) -> None:
    values = only_own_errors(lambda: netfoundry_file.parsed(content, "credentials_file, from somewhere,"))
    if values is not None:
        assert all(
            isinstance(values[key], str) and values[key] for key in ("clientId", "password", "authenticationUrl")
        )


ANSWER = st.fixed_dictionaries(
    {},
    optional={
        "access_token": st.one_of(JSON, BYTES.map(jwt)),
        "expires_in": JSON,
        "refresh_token": JSON,
        "refresh_expires_in": JSON,
        "scope": JSON,
    },
)


@FUZZ
@hypothesis.given(
    st.one_of(JSON, ANSWER), st.sampled_from(["access_token", "scope", "data.token", "[0]", "*", "length(@)"])
)
def test_token_answers(answer: t.Any, query: str) -> None:
    token = only_own_errors(lambda: endpoint.bearer(answer, query, NOW, HttpSettings("The service"), "token_url"))
    if token is None:
        return
    assert all("!" <= char <= "~" for char in token.text)
    assert token.text
    assert token.expires_at is None or math.isfinite(token.expires_at)
    assert math.isfinite(token.useful_until)
    entry = Entry(token)
    assert Entry.from_json(entry.to_json()) == entry


@FUZZ
@hypothesis.given(JSON, st.dictionaries(st.sampled_from(["exp", "iat"]), JSON))
def test_expiry(expires_in: t.Any, claims: dict[str, t.Any]) -> None:
    end = _token.expiry(NOW, expires_in, claims)
    assert end is None or 0 < end <= NOW + 10 * 366 * 86400
    until = _token.refresh_expiry(NOW, expires_in)
    # A life too short to count ends at once.
    assert NOW <= until <= NOW + 10 * 366 * 86400


@FUZZ
@hypothesis.given(st.one_of(TEXT, BYTES.map(jwt)))
def test_claims(text: str) -> None:
    assert isinstance(_token.claims_of(text), dict)


@FUZZ
@hypothesis.given(
    st.one_of(
        TEXT, st.from_regex(r"nbp_[0-9A-Za-z]{36}", fullmatch=True), st.from_regex(r"nbp_.{30,40}", fullmatch=True)
    )
)
def test_personal_access_tokens(text: str) -> None:
    assert isinstance(netbird.pat_problem(text), str)
    assert text == "" or text not in netbird.pat_problem(text) or len(text) < 8


URL = st.one_of(
    TEXT,
    st.builds(
        "{}{}{}{}{}{}".format,
        st.sampled_from(["https://", "http://", "HTTPS://", "ftp://", "//", "https:/", "https:\\\\"]),
        st.sampled_from(["", "a@", "a:b@", "%40@", "@"]),
        st.one_of(st.sampled_from(["a.example", "127.0.0.1", "[::1]", "[::", "localhost", "\u00e9", "a..b", ""]), TEXT),
        st.sampled_from(["", ":443", ":0", ":99999", ":x", ":"]),
        st.sampled_from(["", "/", "/a/b/", "/../x", "/%2e%2e/x", "/a b"]),
        st.sampled_from(["", "?a=b", "#c", "?", "#"]),
    ),
)


@FUZZ
@hypothesis.given(URL)
def test_service_urls(text: str) -> None:
    url = only_own_errors(lambda: urls.service_url("api_url", text))
    if url is None:
        return
    parts = urlsplit(url)
    assert parts.scheme in ("http", "https")
    assert parts.hostname
    assert parts.username is None
    assert not parts.query
    assert not parts.fragment
    assert not url.endswith("/")
    assert parts.scheme == "https" or urls.is_loopback(parts.hostname)
    assert urls.same_origin(url, urls.origin(url))


@FUZZ
@hypothesis.given(URL, st.one_of(st.none(), JSON, st.lists(URL, max_size=2)))
def test_where_a_request_goes(url: str, hosts: t.Any) -> None:
    api_url = "https://api.example.com/base"
    place = only_own_errors(lambda: uri_arguments.address(url, api_url, hosts))
    if place is None:
        return
    allowed = [each for each in hosts if isinstance(each, str)] if isinstance(hosts, list) else []
    allowed += hosts.split(",") if isinstance(hosts, str) else []
    assert any(urlsplit(place).hostname == urlsplit(each).hostname for each in (api_url, *allowed))
    assert ".." not in urlsplit(place).path.split("/")


@FUZZ
@hypothesis.given(
    st.dictionaries(st.sampled_from(["headers", "unredirected_headers", "use_netrc", "user", "body"]), JSON)
)
def test_arguments_of_requests(said: dict[str, t.Any]) -> None:
    headers = {"Authorization": f"Bearer {SECRET}"}
    arguments = only_own_errors(lambda: uri_arguments.arguments(said, "https://a.example", headers, "netbird"))
    if arguments is not None:
        assert arguments["headers"]["Authorization"] == headers["Authorization"]
        assert "Authorization" in arguments["unredirected_headers"]
        assert arguments["use_netrc"] is False


@FUZZ
@hypothesis.given(
    st.one_of(TEXT, st.from_regex(r"[a-z@.*\[\]|&?(){}\x60'\"0-9-]{1,20}", fullmatch=True)),
    st.dictionaries(st.sampled_from(["a", "claims"]), JSON),
)
def test_jmespath(expression: str, data: dict[str, t.Any]) -> None:
    only_own_errors(lambda: _query.search(expression, data, "token_query"))


@FUZZ
@hypothesis.given(st.one_of(st.binary(max_size=80), BYTES), st.sampled_from(["whole", "encrypted"]))
def test_entries(data: bytes, form: str) -> None:
    cipher = EntryCipher(SECRET, {"client_id": "x"}, b"s" * 32)
    opened = cipher.decrypt(cipher.encrypt(data) if form == "encrypted" else data)
    assert opened == (data if form == "encrypted" else None)
    entry = Entry.from_json(data)
    assert entry is None or isinstance(entry.token, _token.Token)


@FUZZ
@hypothesis.given(
    st.integers(100, 599),
    st.one_of(BYTES, st.none(), JSON.map(lambda value: json.dumps({"error": SECRET, "message": value}).encode())),
    st.dictionaries(st.sampled_from(["location", "retry-after", "content-type"]), TEXT),
)
def test_answers(status: int, body: bytes | None, headers: dict[str, str]) -> None:
    request = Request("GET", "https://a.example/x", "api_url", "the credential", "the rights")
    answer = Answer(status, headers, body)
    only_own_errors(lambda: read_answer(answer, "The service", request, [SECRET], NOW))
    wait = answer.retry_after(NOW)
    assert wait is None or wait >= 0


@FUZZ
@hypothesis.given(JSON, st.sampled_from(["str", "int", "bool", "path", "inline"]))
def test_option_values(value: t.Any, kind: str) -> None:
    typed: t.Any = None
    sentence = ""
    try:
        plain = _plain(value)
        typed = convert(plain, kind, Path("/base")) if plain is not None else None
    except WrongTypeError as error:
        sentence = str(error)
    assert typed is None or isinstance(typed, str | int | bool)
    assert not isinstance(value, str) or len(value) < 8 or value not in sentence


@FUZZ
@hypothesis.given(st.text(st.characters(), min_size=8, max_size=20), JSON)
def test_masked_values(secret: str, value: t.Any) -> None:
    masked = masking.hide({"value": value, "echo": [secret, {secret: secret}]}, [secret])
    assert not isinstance(masked["echo"][0], str) or secret not in masked["echo"][0] or secret in masking.HIDDEN
