# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Keys, tokens from elsewhere, files of providers and claims that nobody foresaw: see test_fuzz.py."""

from __future__ import annotations

import base64
import json
import typing as t
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from cryptography.hazmat.primitives.serialization import load_pem_private_key as load
from hypothesis import strategies as st

from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import assertions, elsewhere, inspection, keys
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Options, Sources, resolve
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import oauth2
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Credential, choose
from ansible_collections.netapi.auth.tests.sandbox import private_key
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.test_fuzz import (
    BYTES,
    FUZZ,
    JSON,
    NOW,
    SECRET,
    TEXT,
    USUAL,
    jwt,
    only_own_errors,
)

PASSPHRASE = "the-passphrase-of-a-key"
PEM = private_key("fuzzed")
CLOSED = (
    load(PEM.encode(), None)
    .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(PASSPHRASE.encode()))
    .decode()
)
DEFINITIONS = json.loads((ROOT / "plugins/plugin_utils/_definitions/oauth2_token.json").read_text(encoding="utf-8"))
JWK = st.fixed_dictionaries(
    {}, optional={**dict.fromkeys(("kty", "crv", "d", "x", "y", "n", "e", "alg", "kid", "use"), JSON), "keys": JSON}
)


def cut(text: str) -> st.SearchStrategy[str]:
    """The text with another one somewhere in it, in place of a part of it."""
    place = st.integers(0, len(text))
    return st.builds(lambda one, two, new: text[: min(one, two)] + new + text[max(one, two) :], place, place, TEXT)


KEY = st.one_of(
    TEXT,
    st.sampled_from([PEM, CLOSED]),
    cut(PEM),
    cut(CLOSED),
    BYTES.map(lambda data: base64.b64encode(data).decode()),
    BYTES.map(
        lambda data: f"-----BEGIN PRIVATE KEY-----\n{base64.b64encode(data).decode()}\n-----END PRIVATE KEY-----"
    ),
    JWK.map(json.dumps),
)
DICT = st.dictionaries(
    st.one_of(st.sampled_from(["iss", "sub", "aud", "exp", "alg", "kid", "typ", "crit"]), TEXT), JSON
)
ELSEWHERE = st.one_of(
    TEXT,
    BYTES.map(jwt),
    JSON,
    st.fixed_dictionaries({}, optional={"file": st.one_of(TEXT, JSON), "github": st.one_of(TEXT, JSON)}),
)
# What the files of Google and Zitadel hold besides the key.
HELD = {
    "client_email": "a@a.example",
    "private_key_id": "1",
    "token_uri": "https://a.example/token",
    "keyId": "1",
    "userId": "a",
    "clientId": "a",
}
FILE = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["service_account", "serviceaccount", "application", "other"]),
        **{name: st.one_of(st.just(value), JSON) for name, value in HELD.items()},
        "private_key": KEY,
        "key": KEY,
    }
)


def lines(key: str) -> list[str]:
    """What of a key must not be in a sentence: its lines as they are, and whole if it is one."""
    return [line for line in (key, *key.splitlines()) if "-----" not in line]


@FUZZ
@hypothesis.given(KEY, st.one_of(st.none(), st.just(PASSPHRASE), TEXT), st.one_of(st.none(), TEXT))
def test_private_keys(text: str, passphrase: str | None, kid: str | None) -> None:
    found = only_own_errors(
        lambda: keys.read(text, "private_key, from somewhere,", passphrase=passphrase, kid=kid),
        *lines(text),
        passphrase or "",
    )
    if found is not None:
        assert found.alg in found.algs
        assert text not in repr(found)
        made = assertions.Assertion(found, "a", "a", "https://a.example").signed(lambda: NOW)
        assert inspection.is_whole(made)


@FUZZ
@hypothesis.given(DICT, DICT)
def test_claims_and_headers(claims: dict[str, t.Any], headers: dict[str, t.Any]) -> None:
    key = keys.read(PEM, "private_key, from somewhere,")

    def sign() -> str:
        said = assertions.Assertion(key, "a", "a", "https://a.example", claims, headers)
        return said.signed(lambda: NOW)

    made = only_own_errors(sign, *(each for each in claims.values() if isinstance(each, str)))
    assert made is None or made.count(".") == 2


@FUZZ
@hypothesis.given(ELSEWHERE, st.booleans())
def test_tokens_from_elsewhere(value: t.Any, is_jwt: bool) -> None:
    text = value if isinstance(value, str) else ""
    found = only_own_errors(lambda: elsewhere.parsed(value, "assertion, from somewhere,", is_jwt=is_jwt), text)
    assert found is None or found.identity[0] in ("text", "file", "github")
    assert found is None or len(text) < 8 or text not in repr(found)


@FUZZ
@hypothesis.given(st.one_of(TEXT, BYTES.map(jwt), DICT.map(lambda claims: jwt(json.dumps(claims).encode()))))
def test_what_is_shown_of_a_token(text: str) -> None:
    assert isinstance(inspection.is_whole(text), bool)
    said = inspection.shown(text, [SECRET])
    assert len(text) < 8 or text not in said
    assert said.isprintable()


@FUZZ
@hypothesis.given(st.sampled_from(["iss", "sub", "aud"]), TEXT, TEXT, st.booleans())
def test_no_secret_is_shown_of_a_token(name: str, before: str, after: str, is_list: bool) -> None:
    text = f"{before}{SECRET}{after}"
    claims = {name: [text] if is_list else text}
    assert SECRET not in inspection.shown(jwt(json.dumps(claims).encode()), [SECRET])


def credential(arguments: dict[str, t.Any]) -> Credential:
    """What the options mean, as a session makes it, before anything is sent."""

    def same(value: t.Any) -> t.Any:
        return value

    sources = Sources(arguments, {}, same, {}, lambda _section, _key: None, Path("/"), inline=oauth2.PROVIDER.inline)
    options: Options = resolve(DEFINITIONS, sources)
    assert oauth2.PROVIDER.expand is not None
    options = oauth2.PROVIDER.expand(options)
    method = choose(oauth2.PROVIDER, options)
    if method.opened is not None:
        options = method.opened(options, lambda _sentence: None)
    return method.make(options, lambda _sentence: None)


PLACE = {"token_url": st.just("https://a.example/token"), "client_id": st.just("a")}
# What begins as a credential, and what may stand beside it or in its place.
BEGINNINGS: tuple[dict[str, st.SearchStrategy[t.Any]], ...] = (
    {"client_secret": st.one_of(st.just(SECRET), JSON)},
    {"private_key": KEY},
    {"private_key": st.just(CLOSED), "private_key_passphrase": st.one_of(st.just(PASSPHRASE), TEXT)},
    {"private_key": KEY, "method": st.just("jwt_bearer"), "assertion_claims": DICT, "assertion_headers": DICT},
    {"client_assertion": ELSEWHERE},
    {"assertion": ELSEWHERE},
    {"subject_token": ELSEWHERE, "subject_token_type": TEXT, "client_secret": st.just(SECRET)},
    {"credentials_file": st.one_of(FILE, FILE.map(json.dumps))},
    {"username": TEXT, "password": st.one_of(st.just(SECRET), TEXT)},
    {"refresh_token": st.one_of(st.just(SECRET), TEXT)},
)
OTHERS: dict[str, st.SearchStrategy[t.Any]] = {
    "extra_params": st.one_of(DICT, JSON),
    "scope": JSON,
    "audience": JSON,
    "client_auth": st.one_of(TEXT, st.sampled_from(DEFINITIONS["client_auth"]["choices"])),
    "method": st.one_of(TEXT, st.sampled_from([method.name for method in oauth2.METHODS])),
    "header_name": TEXT,
    "header_prefix": TEXT,
    "private_key_id": TEXT,
    "client_id": JSON,
}
ONE_OR_NONE = st.one_of(st.just({}), *(st.fixed_dictionaries({name: strategy}) for name, strategy in OTHERS.items()))
ARGUMENTS = st.builds(
    lambda begun, other: {**begun, **other},
    st.one_of(*(st.fixed_dictionaries({**PLACE, **each}) for each in BEGINNINGS)),
    ONE_OR_NONE,
)
SECRETS = (
    "client_secret",
    "private_key",
    "private_key_passphrase",
    "client_assertion",
    "assertion",
    "subject_token",
    "password",
    "refresh_token",
)


def _texts(value: t.Any) -> list[str]:
    """Every text in a value, but those that name a file or an audience."""
    if isinstance(value, str):
        return lines(value)
    if isinstance(value, list):
        return [text for each in value for text in _texts(each)]
    if isinstance(value, dict):
        return [text for name, each in value.items() if name not in ("file", "github", "type") for text in _texts(each)]
    return []


@FUZZ
@hypothesis.given(ARGUMENTS)
def test_options(arguments: dict[str, t.Any]) -> None:
    given = [text for name in SECRETS for text in _texts(arguments.get(name))]
    given += _texts({**arguments["credentials_file"]} if isinstance(arguments.get("credentials_file"), dict) else "")
    found = only_own_errors(lambda: credential(arguments), *given)
    if found is None:
        return
    own: list[Callable[[], t.Any]] = [lambda: found.secret, lambda: found.identity, lambda: found.secrets]
    for each in own:
        only_own_errors(each, *given)
    shown = repr(found)
    assert not [text for text in found.secrets if len(text) >= 8 and text in shown]


@pytest.mark.parametrize("number", range(len(BEGINNINGS)))
def test_what_is_fuzzed_can_be_a_credential(number: int) -> None:
    """A property that only ever sees refusals would hold of anything."""
    begun = st.fixed_dictionaries({**PLACE, **BEGINNINGS[number]})
    settings = hypothesis.settings(FUZZ, max_examples=USUAL, phases=[hypothesis.Phase.generate])
    assert hypothesis.find(
        begun, lambda arguments: only_own_errors(lambda: credential(arguments)) is not None, settings=settings
    )
