# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets out of what a user sees."""

from __future__ import annotations

import base64
import html
import json
import types
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._http import masking

SECRET = 'se+cr/et "1"~\u00e4'
PLAIN = SECRET.encode()
FORMS = {
    "as it is": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in a form": quote_plus(SECRET),
    "in base64": base64.b64encode(PLAIN).decode(),
    "in base64 without its end": base64.b64encode(PLAIN).decode().rstrip("="),
    "in base64 for addresses": base64.urlsafe_b64encode(PLAIN).decode(),
    "in JSON": json.dumps(SECRET)[1:-1],
}
# What the core, which looks for exact texts, is not told of.
FURTHER = {
    "in an address, in lower case": quote(SECRET, safe="").replace("%2B", "%2b").replace("%C3%A4", "%c3%a4"),
    "in an address, in mixed case": quote(SECRET, safe="").replace("%C3%A4", "%c3%A4"),
    "in an address of an address": quote(quote(SECRET, safe=""), safe=""),
    "in JSON with slashes": json.dumps(SECRET)[1:-1].replace("/", r"\/"),
    "in JSON as it is": json.dumps(SECRET, ensure_ascii=False)[1:-1],
    "in JSON for pages": json.dumps(SECRET)[1:-1].replace("+", r"\u002B").replace("/", r"\u002f"),
    "in JSON of JSON": json.dumps(json.dumps(SECRET)[1:-1].replace("/", r"\/"))[1:-1],
    "on a page": html.escape(SECRET),
    "on a page, with numbers": SECRET.replace('"', "&#34;").replace("/", "&#47;").replace("~", "&#x7E;"),
    "on a page, with names": SECRET.replace('"', "&QUOT;").replace("+", "&plus;").replace("\u00e4", "&auml;"),
    "on a page in JSON": html.escape(SECRET).replace("&", r"\u0026"),
    "in base64 in an address": quote(base64.b64encode(PLAIN).decode(), safe=""),
}


@pytest.mark.parametrize("form", [*FORMS, *FURTHER])
def test_a_secret_is_replaced_in_every_form(form: str) -> None:
    text = {**FORMS, **FURTHER}[form]
    assert masking.mask(f"<{text}>, <{text}>", [SECRET]) == "<********>, <********>"


DOCUMENTS = {
    '{"id": 12345678, "12345678": ["a 12345678"]}': '{"id": 12345678, "12345678": ["a ********"]}',
    ' [12345678, {"12345678" : "\\"12345678"}]': ' [12345678, {"12345678" : "\\"********"}]',
    "12345678": "********",
    '{"id": 12345678': '{"id": ********',
}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_a_document_of_json_is_one_afterwards(document: str) -> None:
    assert masking.hide({"content": document}, ["12345678"]) == {"content": DOCUMENTS[document]}


@pytest.mark.parametrize(
    "secret", ["&&&&&&&&&", "%%%%%%%%%", "\\\\\\\\\\\\\\\\\\", '"""""""""', "\U0001f600" * 8, "\n\t\b\f\r/'\x7f"]
)
@pytest.mark.parametrize("escape", [str, html.escape, quote, lambda text: json.dumps(text)[1:-1]])
def test_a_secret_of_nothing_but_signs_is_replaced(secret: str, escape: t.Callable[[str], str]) -> None:
    assert masking.mask(f"<{escape(secret)}>", [secret]) == "<********>"


@pytest.mark.parametrize("code", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("after", range(3))
@pytest.mark.parametrize("before", range(5))
@pytest.mark.parametrize("secret", [SECRET, "abcdefgh", "secret-123"])
def test_a_secret_in_a_longer_text_in_base64_is_replaced(
    secret: str, before: int, after: int, code: t.Callable[[bytes], bytes]
) -> None:
    text = code(b"x" * before + secret.encode() + b"y" * after).decode()
    first, last = masking.mask(text, [secret]).split("********")
    # What stays are the digits that hold no bit of the secret.
    start = before * 8 // 6
    end = -(-(before + len(secret.encode())) * 8 // 6)
    assert (first, last.rstrip("=")) == (text[:start], text[end:].rstrip("="))


def test_the_longest_secret_is_replaced_first() -> None:
    assert masking.mask("abcdefgh abcdefghij", ["abcdefgh", "abcdefghij"]) == "******** ********"


@pytest.mark.parametrize("secret", ["", "a", "failed", "1234567"])
def test_a_short_secret_replaces_nothing_in_any_form(secret: str) -> None:
    text = f"{secret} failed {json.dumps(secret)} {base64.b64encode(secret.encode()).decode()}"
    assert masking.mask(text, [secret]) == text


@pytest.mark.parametrize("secret", [SECRET, "12345678", "permissions"])
def test_texts_at_every_depth_are_replaced_and_keys_and_numbers_are_not(secret: str) -> None:
    value = {"permissions": [{secret: (secret, 12345678, 1.5, None, True)}], "status": 401}
    shown = {"permissions": [{secret: ["********", 12345678, 1.5, None, True]}], "status": 401}
    assert masking.hide(value, [secret]) == shown


def test_a_text_takes_no_long_time_whatever_it_is() -> None:
    """Patterns that can match the same text in many ways would not come to an end."""
    for sign in ("\\", "&amp;", "%25", "\\/"):
        assert masking.mask(sign * 5000, ["\\&%/" * 10]) == sign * 5000


def test_what_matches_a_secret_is_made_once_for_all_texts_of_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    written = ""

    def write(char: str) -> str:
        nonlocal written
        written += char
        return char

    monkeypatch.setattr(masking, "_written", write)
    secret = "//////////"
    masking.hide(["1 /"], [secret])
    made = written
    assert made
    masking.hide([f"{number} /" for number in range(100)], [secret])
    assert written == 2 * made


def test_of_a_short_token_no_header_is_a_secret() -> None:
    assert masking.of_token("abc", ["Bearer abc", "a refresh token"]) == ["abc", "a refresh token"]
    assert masking.of_token("abcdefgh", ["Bearer abcdefgh"]) == ["abcdefgh", "Bearer abcdefgh"]


def test_a_text_without_a_secret_stays_the_same_object() -> None:
    text = "".join(["a", "b"])
    assert masking.hide([text], [SECRET])[0] is text


def test_a_generator_of_secrets_serves_for_all_values() -> None:
    assert masking.hide([SECRET, SECRET], (each for each in [SECRET])) == ["********", "********"]


def test_every_form_is_registered_with_a_core_that_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []

    def register_secrets(values: t.Iterable[str]) -> None:
        registered.extend(values)

    monkeypatch.setattr(masking, "_core", types.SimpleNamespace(register_secrets=register_secrets))
    masking.register([SECRET, "", "1234567"])
    assert set(registered) >= set(FORMS.values())
    assert min(map(len, registered)) >= len(SECRET)


def test_a_core_that_does_not_mask_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(masking, "_core", None)
    masking.register([SECRET])
    assert masking.mask(SECRET, [SECRET]) == "********"
