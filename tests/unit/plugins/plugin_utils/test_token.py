# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""A token as a value."""

from __future__ import annotations

import base64
import json
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError

NOW = 1_700_000_000.0
TEN_YEARS = 10 * 365 * 86400


def _jwt(payload: object) -> str:
    text = payload if isinstance(payload, str) else json.dumps(payload)
    return f"e30.{base64.urlsafe_b64encode(text.encode()).decode().rstrip('=')}.signature"


def _token_of(life: float | None, issued_at: float = NOW) -> _token.Token:
    return _token.Token("text", "Bearer", issued_at, None if life is None else issued_at + life)


CARRIERS = {"x-rapidapi-key": "text", "x-rapidapi-host": "host.example"}


@pytest.mark.parametrize("scheme", ["Bearer", "Token", "Basic"])
def test_the_scheme_decides_the_header(scheme: str) -> None:
    assert _token.Token("text", scheme, NOW).headers == {"Authorization": f"{scheme} text"}


def test_headers_that_carry_it_are_sent_as_they_are() -> None:
    assert _token.Token("text", "RapidAPI", NOW, carriers=CARRIERS).headers == CARRIERS


def test_its_text_its_header_and_its_refresh_token_are_secret() -> None:
    assert _token.Token("text", "Token", NOW, refresh_token="refresh").secrets == ("text", "Token text", "refresh")
    assert _token.Token("text", "RapidAPI", NOW, carriers=CARRIERS).secrets == ("text",)


def test_its_repr_shows_nothing_of_it() -> None:
    token = _token.Token(
        "the-text", "Bearer", NOW, NOW, "the-scope", {"a": "the-claim"}, {"x": "the-host"}, "the-refresh-token"
    )

    assert repr(token) == str(token) == "<Token Bearer>"


@pytest.mark.parametrize(
    ("life", "wanted", "age", "lives"),
    [
        (3600, 60, 0, True),
        (3600, 60, 3540, True),
        (3600, 60, 3541, False),
        (3600, 0, 3599, True),
        (3600, 0, 3600, False),
        (3600, 0, 3601, False),
        (3600, 7200, 1800, True),
        (3600, 7200, 1801, False),
        (30, 60, 15, True),
        (30, 60, 16, False),
        (31, 60, 15.5, True),
        (31, 60, 15.75, False),
        (None, 60, 240, True),
        (None, 60, 241, False),
        (None, 3600, 150, True),
        (None, 3600, 151, False),
        (None, 0, 300, False),
    ],
)
def test_it_lives_for_the_seconds_wanted_or_half_its_life(
    life: float | None, wanted: float, age: float, lives: bool
) -> None:
    assert _token_of(life).lives(NOW + age, wanted) is lives


@pytest.mark.parametrize(
    ("ahead", "lives"), [(0, True), (2, True), (59, True), (60, True), (60.5, False), (61, False), (86400, False)]
)
def test_one_from_the_future_is_dead_beyond_what_clocks_differ(ahead: float, lives: bool) -> None:
    assert _token_of(10 * 86400, NOW + ahead).lives(NOW, 60) is lives


def test_its_life_is_from_its_issue_to_its_end() -> None:
    token = _token.Token("text", "Bearer", 100.0, 350.0)

    assert (token.life, token.lives(110.0, 200.0), token.lives(230.0, 200.0)) == (250.0, True, False)


def test_one_that_has_ended_is_dead_whatever_the_clocks_say() -> None:
    assert not _token.Token("text", "Bearer", NOW + 30, NOW - 10).lives(NOW, 60)


@pytest.mark.parametrize(
    ("until", "can"), [(None, False), (NOW - 1, False), (NOW, False), (NOW + 0.5, True), (NOW + 1, True)]
)
def test_a_refresh_token_can_be_used_until_it_ends(until: float | None, can: bool) -> None:
    token = _token.Token("text", "Bearer", NOW, refresh_token="refresh", refresh_until=until)

    assert token.can_refresh(NOW) is can


@pytest.mark.parametrize(
    ("expires_in", "life"),
    [
        (0.5, 0.5),
        (1, 1.0),
        (3600, 3600.0),
        (3600.5, 3600.5),
        ("3600", 3600.0),
        (" 60 ", 60.0),
        (TEN_YEARS, float(TEN_YEARS)),
    ],
)
def test_expires_in_counts_from_the_request(expires_in: object, life: float) -> None:
    assert _token.expiry(NOW, expires_in, {"exp": NOW + 2 * TEN_YEARS}) == NOW + life


UNUSABLE: tuple[t.Any, ...] = (
    None,
    "",
    "soon",
    "NaN",
    float("nan"),
    float("inf"),
    float("-inf"),
    "Infinity",
    -1,
    0,
    "-60",
    True,
    [],
    {},
    TEN_YEARS + 1,
    10**400,
)


@pytest.mark.parametrize("expires_in", UNUSABLE, ids=repr)
def test_an_expires_in_that_cannot_be_leaves_it_to_the_jwt(expires_in: object) -> None:
    assert _token.expiry(NOW, expires_in, {"exp": NOW + 900}) == NOW + 900


@pytest.mark.parametrize("exp", [*UNUSABLE[:14], NOW + TEN_YEARS + 1, 10**400], ids=repr)
def test_without_either_the_life_is_unknown(exp: object) -> None:
    assert _token.expiry(NOW, None, {"exp": exp}) is None


@pytest.mark.parametrize("exp", [0.5, 1, NOW - 10, NOW + TEN_YEARS])
def test_the_exp_of_a_given_token_is_kept_whether_or_not_it_has_passed(exp: float) -> None:
    assert _token.given_expiry(NOW, {"exp": exp}) == exp


@pytest.mark.parametrize("exp", [*UNUSABLE[:14], NOW + TEN_YEARS + 1, 10**400], ids=repr)
def test_a_given_token_without_a_usable_exp_has_no_end(exp: object) -> None:
    assert _token.given_expiry(NOW, {"exp": exp}) is None


HOUR = 3600
LIVES: dict[str, tuple[object, dict[str, t.Any], float | None, float | None]] = {
    "the shorter of the two is the answer's": (600, {"exp": NOW + HOUR}, NOW, 600),
    "the shorter of the two is the token's": (HOUR, {"exp": NOW + 600}, NOW, 600),
    "a controller that is two hours ahead, by Date": (None, {"exp": NOW - HOUR}, NOW - 2 * HOUR, HOUR),
    "a controller that is two hours behind, by Date": (None, {"exp": NOW + 3 * HOUR}, NOW + 2 * HOUR, HOUR),
    "a controller that is ahead, by iat": (None, {"iat": NOW - 2 * HOUR, "exp": NOW - HOUR}, None, HOUR),
    "a token that the provider had kept for a while": (None, {"iat": NOW - 600, "exp": NOW + HOUR}, NOW, HOUR),
    "a Date before iat is a proxy's": (None, {"iat": NOW, "exp": NOW + 600}, NOW - 60, 600),
    "a Date after exp is a cache's": (None, {"iat": NOW, "exp": NOW + 600}, NOW + 601, 600),
    "a Date at either end counts": (None, {"iat": NOW, "exp": NOW + 600}, NOW + 599, 1),
    "an iat that is no number": (None, {"iat": "today", "exp": NOW + 600}, None, 600),
    "an exp that has passed by our clock alone says nothing": (None, {"exp": NOW - 1}, None, None),
    "an exp before its iat": (300, {"iat": NOW, "exp": NOW - 1}, NOW, 0),
    "an exp that had passed when it came, by Date": (HOUR, {"exp": NOW - 100}, NOW, 0),
    "the same where nobody says a life": (None, {"exp": NOW - 100}, NOW, 0),
}


@pytest.mark.parametrize("case", LIVES)
def test_a_life_is_the_least_that_is_said_counted_by_our_clock(case: str) -> None:
    expires_in, claims, date, life = LIVES[case]

    assert _token.expiry(NOW, expires_in, claims, date) == (None if life is None else NOW + life)


@pytest.mark.parametrize(
    ("claims", "date", "difference"),
    [
        ({}, None, 0),
        ({}, NOW, 0),
        ({}, NOW + 2, 0),
        ({}, NOW + 5, -3),
        ({}, NOW - 125, 125),
        ({"iat": NOW + 90}, None, -88),
        ({"iat": NOW - 90}, None, 0),
        ({"iat": NOW + 90}, NOW, 0),
    ],
)
def test_the_clocks_are_compared_by_date_and_by_an_iat_that_lies_in_the_future(
    claims: dict[str, t.Any], date: float | None, difference: float
) -> None:
    assert _token.clock_difference(NOW, NOW + 2, claims, date) == difference


def test_a_response_without_a_token_says_why() -> None:
    with pytest.raises(ServiceError, match="no token here"):
        _token.TokenResponse(None, ServiceError("no token here"), "the-refresh-token").usable()
    assert "the-refresh-token" not in repr(_token.TokenResponse(None, refresh_token="the-refresh-token"))


@pytest.mark.parametrize(
    ("said", "life"),
    [(0.5, 0.5), (1, 1), ("60", 60), (TEN_YEARS, TEN_YEARS), *((said, 30 * 86400) for said in UNUSABLE)],
    ids=repr,
)
def test_a_refresh_token_lives_thirty_days_unless_the_provider_says_how_long(said: object, life: float) -> None:
    assert _token.refresh_expiry(NOW, said) == NOW + life


@pytest.mark.parametrize("length", range(24))
def test_the_claims_may_have_any_length_and_the_signature_none(length: int) -> None:
    assert _token.claims_of(_jwt({"a": "x" * length}).removesuffix("signature")) == {"a": "x" * length}


@pytest.mark.parametrize("payload", [{"sub": "a"}, {"sub": "ä€", "n": [1]}, {"a": "?" * 5}, {"a": "~" * 7}])
def test_the_claims_are_the_payload_of_a_jwt(payload: dict[str, t.Any]) -> None:
    assert _token.claims_of(_jwt(payload)) == payload


@pytest.mark.parametrize(
    "text",
    [
        "opaque",
        "",
        "a.b",
        "a.b.c.d",
        "..",
        _jwt({"a": 1}) + ".more",
        _jwt({"a": 1}).rpartition(".")[0],
        _jwt("[1]"),
        _jwt('"text"'),
        _jwt("{"),
        _jwt("[" * 100000),
        "a.!!.c",
        "a.é.c",
    ],
    ids=lambda text: text[:12],
)
def test_anything_else_has_no_claims(text: str) -> None:
    assert _token.claims_of(text) == {}
