# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Which options make another token: two that differ in one of them never share an entry of the cache."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import role
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called

AUTH0 = {
    "client_id": "a",
    "client_secret": "b",
    "token_url": "https://idp.example/oauth/token",
    "environment": "sandbox",
}
PARTS = {"shortname": "a", "appname": "b", "appkey": "c", "sharedsecret": "d"}
USER = {"username": "a", "password": "b"}
IDP = {"client_id": "a", "client_secret": "b", "token_url": "https://idp.example/token"}
REFRESH = {**IDP, "refresh_token": "r"}
OTHERS: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
    ("netfoundry", AUTH0, {"client_id": "x"}),
    ("netfoundry", AUTH0, {"client_secret": "x"}),
    ("netfoundry", AUTH0, {"token_url": "https://other.example/token"}),
    ("netfoundry", AUTH0, {"environment": "staging"}),
    ("netfoundry", AUTH0, {"api": "frontdoor"}),
    ("netfoundry", AUTH0, {"audience": "x"}),
    ("netfoundry", AUTH0, {"scope": "x"}),
    ("netfoundry", AUTH0, {"token_query": "id_token"}),
    *(("netography", PARTS, {name: "x"}) for name in PARTS),
    ("netography", PARTS, {"api_url": "https://other.example"}),
    ("netography", PARTS, {"token_query": "id_token"}),
    *(("netography", USER, {name: "x"}) for name in USER),
    ("netography", USER, {"api_url": "https://other.example"}),
    ("netography", {"refresh_token": "a"}, {"refresh_token": "b"}),
    *(("netbird", IDP, {name: "x"}) for name in ("client_id", "client_secret", "audience", "scope")),
    ("netbird", IDP, {"token_url": "https://other.example/token"}),
    ("netbird", IDP, {"token_url": f"{IDP['token_url']}/"}),
    ("netbird", IDP, {"token_field": "id_token"}),
    ("netbird", IDP, {"token_query": "id_token"}),
    *(("netbird", REFRESH, {name: "x"}) for name in ("client_id", "client_secret", "refresh_token", "scope")),
    (
        "netbird",
        {"client_id": "a", "client_secret": "b", "issuer": "https://a.example"},
        {"issuer": "https://b.example"},
    ),
)
SAME: tuple[tuple[str, dict[str, str], dict[str, t.Any]], ...] = (
    ("netfoundry", AUTH0, {"timeout": 5}),
    ("netography", PARTS, {"retries": 0, "whoami": True}),
    ("netbird", IDP, {"min_validity": 5}),
    ("netbird", IDP, {"token_query": "access_token"}),
)


def _fingerprint(run_directory: Path, provider: str, options: dict[str, t.Any]) -> str:
    return role.fingerprint(called(PROVIDERS[provider], run_directory, RecordedDisplay(), **options))


def _name(case: tuple[str, dict[str, str], dict[str, t.Any]]) -> str:
    return f"{case[0]} {'+'.join(case[1])}: {'+'.join(case[2])}"


@pytest.mark.parametrize("case", OTHERS, ids=_name)
def test_another_value_is_another_entry(case: tuple[str, dict[str, str], dict[str, str]], run_directory: Path) -> None:
    provider, options, change = case

    assert _fingerprint(run_directory, provider, options) != _fingerprint(
        run_directory, provider, {**options, **change}
    )


@pytest.mark.parametrize("case", SAME, ids=_name)
def test_how_it_is_asked_for_makes_no_other_entry(
    case: tuple[str, dict[str, str], dict[str, t.Any]], run_directory: Path
) -> None:
    provider, options, change = case

    assert _fingerprint(run_directory, provider, options) == _fingerprint(
        run_directory, provider, {**options, **change}
    )


def test_two_providers_with_the_same_options_never_share(run_directory: Path) -> None:
    options = {"refresh_token": "r", "client_id": "a", "token_url": "https://idp.example/token"}
    netbird = _fingerprint(run_directory, "netbird", options)

    assert netbird != _fingerprint(run_directory, "netography", {"refresh_token": "r"})


def test_two_methods_with_the_same_options_never_share(run_directory: Path) -> None:
    by_client, by_refresh = ({**IDP, "method": name} for name in ("client_credentials", "refresh_token"))

    assert _fingerprint(run_directory, "netbird", by_client) != _fingerprint(
        run_directory, "netbird", {**by_refresh, "refresh_token": "b"}
    )
