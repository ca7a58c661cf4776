# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Refusals: each status told apart, in the service's own words and without secrets."""

from __future__ import annotations

import base64
import json
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

SECRET = "se/cret+word =:ä"
REMEDIES = {
    400: "Check the credential.",
    401: "Check the credential.",
    403: "Check the permission.",
    404: "Check the_option: the address is not known there (status 404).",
    429: "Too many requests were made with this credential: wait a while, or ask for a larger quota.",
    500: "The service is failing. Try again later, or check the_option.",
    503: "The service is failing. Try again later, or check the_option.",
    418: "Check the_option.",
}


def _words(body: object, *, status: int = 401, secrets: tuple[str, ...] = ()) -> str:
    """What is told of the service's words."""
    text = body if isinstance(body, str | bytes) else json.dumps(body)
    with Server(reply(text, status=status)) as server:
        error = refusal(server.url, secrets=secrets)
    assert error.status == status
    return error.words


@pytest.mark.parametrize("status", REMEDIES)
def test_each_status_has_its_remedy(status: int) -> None:
    with Server(reply('{"message": "no luck."}', status=status)) as server:
        error = str(refusal(f"{server.url}/path?secret=query"))

    assert error.startswith(
        f"Service answered {server.url}/path with status {status} and said: no luck. {REMEDIES[status]}"
    )


def test_a_refusal_without_words_is_told_without_them() -> None:
    with Server(reply(b"", status=403)) as server:
        error = str(refusal(server.url))

    assert error == f"Service answered {server.url} with status 403. Check the permission."


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"error": "invalid_client"}, "invalid_client"),
        ({"error": "access_denied", "error_description": "Unauthorized"}, "access_denied: Unauthorized"),
        ({"status": 404, "name": "Not Found", "message": "No account"}, "Not Found: No account"),
        ({"message": "token invalid", "code": 401}, "token invalid"),
        ({"message": "same", "error": "same"}, "same"),
        ({"name": "c", "message": "d", "error_description": "b", "error": "a"}, "a: b: c: d"),
    ],
)
def test_the_words_are_those_of_the_four_error_fields(body: dict[str, t.Any], words: str) -> None:
    assert _words(body) == words


@pytest.mark.parametrize(
    "body",
    [
        {"error_uri": "other-words", "title": "other-words", "trace": "other-words"},
        {"error": {"trace": "other-words"}},
        {"errors": [{"trace": "other-words"}, ["other-words"], "other-words"]},
        {"message": ["other-words"]},
        {"message": 42, "error": None, "name": True},
        {"message": ""},
        ["other-words"],
        "other-words",
        "<html>other-words</html>",
        '{"message": "other-words"',
        '"other-words"',
        b"\xff\xfe",
        "[" * 100000,
        "",
    ],
    ids=lambda body: str(body)[:20],
)
def test_nothing_else_of_the_body_is_told(body: object) -> None:
    assert _words(body) == ""


def test_words_are_one_line_of_plain_text() -> None:
    assert _words({"message": "one\r\ntwo\t\x1b[31mred\x07  three\u2028four"}) == "one two [31mred three four"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"errorCode": "invalid_client", "errorSummary": "No client"}, "No client"),
        ({"Message": "Not you"}, "Not you"),
        ({"title": "Refused", "detail": "Not here"}, "Not here"),
        ({"error": {"message": "No key", "status": "DENIED"}}, "No key"),
        ({"errors": [{"message": "One"}, {"message": "Two"}, {"message": 3}]}, "One: Two"),
    ],
)
def test_the_words_are_found_where_other_services_have_them(body: dict[str, t.Any], words: str) -> None:
    assert _words(body) == words


def test_the_words_are_found_in_a_challenge() -> None:
    challenge = 'Bearer realm="r", error="invalid_token", error_description="It is over", scope="s"'
    with Server(reply(b"", status=401, WWW_Authenticate=challenge)) as server:
        error = refusal(server.url)

    assert (error.words, error.code) == ("invalid_token: It is over", "invalid_token")


def test_long_words_keep_both_ends() -> None:
    words = _words({"message": "begin " + "x" * 5000 + " end"})

    assert len(words) <= 600
    assert words.startswith("begin ")
    assert " ... " in words
    assert words.endswith(" end")
    assert _words({"message": "x" * 600}) == "x" * 600


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\u200b", "\u200d", "\ufeff", "\u00ad", "\U000e0041", "\ud800"])
def test_marks_that_nobody_sees_stay_out(sign: str) -> None:
    assert _words({"message": f"a{sign}b"}) == "a b"


@pytest.mark.parametrize("sign", ["\u034f", "\u3164", "\ufe0f", "\U000e0100"])
def test_signs_of_no_width_stay_out(sign: str) -> None:
    assert _words({"message": f"a{sign}b"}) == "ab"


def test_a_secret_that_signs_of_no_width_split_is_masked() -> None:
    assert _words({"message": "no secr\u034fet-text"}, secrets=("secret-text",)) == "no ********"


def test_words_of_a_body_that_is_too_large_are_not_told() -> None:
    assert _words({"message": "words", "padding": "x" * 2**20}) == ""


FORMS = {
    "as it is": SECRET,
    "percent-encoded": quote(SECRET, safe=""),
    "form-encoded": quote_plus(SECRET),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_that_the_service_repeats_is_masked(form: str) -> None:
    text = FORMS[form]

    assert _words({"error_description": f"no {text}, sorry"}, secrets=(SECRET,)) == "no ********, sorry"


def test_the_longest_of_two_secrets_is_masked_first() -> None:
    assert _words({"message": "abcdefgh abcdefghij"}, secrets=("abcdefgh", "abcdefghij")) == "******** ********"


@pytest.mark.parametrize("field", ["error", "error_description", "name", "message"])
def test_a_secret_is_masked_in_every_field_and_in_the_sentence(field: str) -> None:
    with Server(reply(json.dumps({field: f"<{SECRET}>"}), status=400)) as server:
        error = refusal(server.url, secrets=(SECRET,))

    assert "<********>" in str(error)
    assert SECRET not in str(error)


def test_a_secret_at_the_end_of_long_words_leaves_no_beginning() -> None:
    secret = "secret-of-some-length"

    assert "secret" not in _words({"message": "x" * 290 + secret}, secrets=(secret,))


def test_a_secret_with_a_line_break_is_masked_although_words_are_one_line() -> None:
    secret = "first-half\nsecond-half"

    assert "second-half" not in _words({"message": f"no {secret}"}, secrets=(secret,))
