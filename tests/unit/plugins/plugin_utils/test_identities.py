# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Which options make another token: two that differ in one of them never share an entry of the cache."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import role
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called
from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA

OTHERS = [
    (name, options, {option: value})
    for name, data in DATA.items()
    for options, changes in data.identities
    for option, value in changes.items()
]
Case = tuple[str, Mapping[str, str], Mapping[str, str]]
IDP = DATA["netbird"].identities[0][0]


def _fingerprint(run_directory: Path, provider: str, options: Mapping[str, t.Any]) -> str:
    return role.fingerprint(called(PROVIDERS[provider], run_directory, RecordedDisplay(), **options))


def _name(case: Case) -> str:
    return f"{case[0]} {'+'.join(case[1])}: {'+'.join(case[2])}"


@pytest.mark.parametrize("case", OTHERS, ids=_name)
def test_another_value_is_another_entry(case: Case, run_directory: Path) -> None:
    provider, options, change = case

    assert _fingerprint(run_directory, provider, options) != _fingerprint(
        run_directory, provider, {**options, **change}
    )


@pytest.mark.parametrize("provider", DATA)
def test_how_it_is_asked_for_makes_no_other_entry(provider: str, run_directory: Path) -> None:
    change = {"timeout": 5, "retries": 0, "min_validity": 5, "whoami": True, "token_query": "access_token"}
    for options, _changes in DATA[provider].identities:
        usual = _fingerprint(run_directory, provider, options)
        assert _fingerprint(run_directory, provider, {**options, **change}) == usual


def test_two_providers_with_the_same_options_never_share(run_directory: Path) -> None:
    options = {"refresh_token": "r", "client_id": "a", "token_url": "https://idp.example/token"}
    netbird = _fingerprint(run_directory, "netbird", options)

    assert netbird != _fingerprint(run_directory, "netography", {"refresh_token": "r"})


def test_two_methods_with_the_same_options_never_share(run_directory: Path) -> None:
    by_client, by_refresh = ({**IDP, "method": name} for name in ("client_credentials", "refresh_token"))

    assert _fingerprint(run_directory, "netbird", by_client) != _fingerprint(
        run_directory, "netbird", {**by_refresh, "refresh_token": "b"}
    )
