# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refresh tokens, renewal and revocation against a real OpenID provider that gives each refresh token one use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.openid.client import OpenIdProvider, start
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

CONFIGURATION = Path("../../integration_config.yml")
WARNING = "so where the provider replaces the refresh token,"
ISSUED = re.compile(r"NetBird refresh_token: token issued by 127\.0\.0\.1, 3[56]\d\d seconds left\.")
NOT_REVOKED = "forgotten and not revoked, which could end the sign-in; the successor of refresh_token is kept."


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    python = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["openid_python"]
    with start(python) as running:
        yield running


@pytest.fixture
def given(provider: OpenIdProvider) -> str:
    """A refresh token that nobody used."""
    return provider.mint()


def _play(playbook: str, provider: OpenIdProvider, given: str, ansible: Ansible, cache: str, succeeds: bool) -> Run:
    client = provider.clients[provider.offline]
    options = {
        "netbird_auth_issuer": provider.issuer,
        "netbird_auth_client_id": client.client_id,
        "netbird_auth_client_secret": client.client_secret,
        "netbird_auth_refresh_token": given,
        "netbird_auth_cache": cache,
        "provider_url": provider.issuer,
        "again": True,
    }
    path = inventory(ansible.home, {"localhost": {}}, **options)
    return ansible.play(playbook, "-i", path, "-v", succeeds=succeeds)


def test_runs_in_a_row_go_on_with_the_successor_in_the_users_cache(
    provider: OpenIdProvider, given: str, ansible: Ansible
) -> None:
    # Each asks for a token anew, so each needs the refresh token that the run before it was given.
    runs = [_play("ask.yml", provider, given, ansible, "user", succeeds=True) for dummy in range(3)]
    assert [run.of("Say where the token came from").message for run in runs] == ["issued"] * 3
    assert [len(ISSUED.findall(run.output)) for run in runs] == [1, 1, 1]
    for run in runs:
        assert not run.says(WARNING)
        assert given not in run.output


@pytest.mark.parametrize("cache", ["run", "none"])
def test_without_a_lasting_cache_a_warning_comes_before_the_refusal(
    provider: OpenIdProvider, given: str, ansible: Ansible, cache: str
) -> None:
    first = _play("ask.yml", provider, given, ansible, cache, succeeds=True)
    assert first.says(WARNING)
    second = _play("ask.yml", provider, given, ansible, cache, succeeds=False)
    refusal = second.of("Log in").message
    assert "invalid_grant" in refusal
    assert "refresh_token" in refusal
    for run in (first, second):
        assert given not in run.output


@pytest.fixture(scope="module")
def logged_out(provider: OpenIdProvider, shared_ansible: Ansible) -> Run:
    return _play("absent.yml", provider, provider.mint(), shared_ansible, "user", succeeds=True)


def test_check_mode_forgets_nothing_and_says_what_would_be(logged_out: Run) -> None:
    said = logged_out.of("Log out in check mode")
    assert said.result["changed"] is False
    assert said.message == f"The cached token would be {NOT_REVOKED}"
    assert logged_out.of("Ask the provider whose token it still is").status == "ok"
    assert logged_out.of("Say where the token still comes from").message == "cache"


def test_absent_forgets_the_token_and_ends_no_sign_in(logged_out: Run) -> None:
    said = logged_out.of("Log out")
    assert said.result["changed"] is False
    assert said.message == f"The cached token was {NOT_REVOKED}"
    assert logged_out.of("See that the provider still takes the token").status == "ok"
    assert logged_out.of("Say where another one comes from").message == "issued"


def test_absent_without_a_token_changes_nothing(logged_out: Run) -> None:
    said = logged_out.of("Log out again")
    assert said.result["changed"] is False
    assert said.message == (
        "There is no cached token of this credential. A successor of refresh_token, if there is one, is kept."
    )
