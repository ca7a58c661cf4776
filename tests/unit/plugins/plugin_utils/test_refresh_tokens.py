# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Refresh tokens: kept with the token, used before the permanent credential, and found by the next run."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    DOWN,
    REFUSED,
    Ear,
    Mint,
    clock_at,
    new_run,
    result_of,
    spec_of,
)

API_KEY = "POST /api/v1/auth/token"
USER = "POST /api/auth/bearer/token"
REFRESH_PATH = "/api/auth/bearer/refresh"
REFRESH = f"POST {REFRESH_PATH}"
DAY = 86400


@pytest.fixture
def mint() -> Mint:
    return Mint(refresh=30 * DAY)


@pytest.fixture
def cache(user: Directory) -> Directory:
    return user


def _by_api_key(sandbox: Sandbox, run: Path, ear: Ear, **more: t.Any) -> dict[str, t.Any]:
    parts = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "neto-appkey-1"}
    secret = "neto-sharedsecret-1"
    return result_of(netography.PROVIDER, run, ear, api_url=sandbox.url, sharedsecret=secret, **parts, **more)


def test_it_is_used_before_the_permanent_credential(
    sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _by_api_key(sandbox, run_directory, ear)
    clock_at(monkeypatch, 3601)
    second = _by_api_key(sandbox, run_directory, ear)

    assert sandbox.state.counts == {API_KEY: 1, REFRESH: 1}
    assert second["source"] == "issued"
    assert second["access_token"] != first["access_token"]
    assert [remark.split(" by ")[0] for remark in ear.remarks] == [
        "Netography api_key: token issued",
        "Netography api_key: token renewed",
    ]


def test_the_latest_one_is_used(manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        clock_at(monkeypatch, number * 3601)
        manager.token(spec_of(mint))

    assert mint.asked == ["permanent", "the-refresh-token-1", "the-refresh-token-2"]


def test_one_that_is_not_replaced_is_used_again(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        clock_at(monkeypatch, number * 3601)
        manager.token(spec_of(mint))
        mint.refresh = None

    assert mint.asked == ["permanent", "the-refresh-token-1", "the-refresh-token-1"]


@pytest.mark.parametrize("status", [200, 400, 401, 403])
def test_when_it_is_refused_the_permanent_credential_is_used(
    status: int, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The service takes no request token whose clock is more than five minutes off.
    sandbox.fault("/api/v1/auth/token", times=1, life=200)
    _by_api_key(sandbox, run_directory, ear)
    sandbox.fault(REFRESH_PATH, status=status, body="{}")
    clock_at(monkeypatch, 201)
    result = _by_api_key(sandbox, run_directory, ear)

    assert result["source"] == "issued"
    assert sandbox.state.counts == {API_KEY: 2, REFRESH: 1}
    refused = "Netography api_key: the refresh token is refused, so the permanent credential is used."
    assert refused in ear.remarks
    assert ear.remarks[-1].startswith("Netography api_key: token issued by ")
    assert ear.concerns == []


@pytest.mark.parametrize("fault", [{"status": 429}, {"status": 503}], ids=["429", "503"])
def test_a_fault_is_no_refusal(
    fault: dict[str, t.Any], sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    _by_api_key(sandbox, run_directory, ear)
    sandbox.fault(REFRESH_PATH, times=1, **fault)
    clock_at(monkeypatch, 3601)
    with pytest.raises(ServiceError):
        _by_api_key(sandbox, run_directory, ear)
    _by_api_key(sandbox, run_directory, ear)

    assert sandbox.state.counts == {API_KEY: 1, REFRESH: 2}


def test_one_whose_answer_was_lost_is_sent_once_more(
    sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    _by_api_key(sandbox, run_directory, ear)
    sandbox.fault(REFRESH_PATH, times=1, body='{"access', cut=True)
    clock_at(monkeypatch, 3601)
    _by_api_key(sandbox, run_directory, ear)

    assert sandbox.state.counts == {API_KEY: 1, REFRESH: 2}


def test_a_fault_while_the_token_lives_keeps_both(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    mint.age = 3000
    mint.refresh_fault = DOWN
    texts = [manager.token(spec_of(mint)).token.text for _time in range(3)]
    clock_at(monkeypatch, 31)
    mint.refresh_fault = None
    manager.token(spec_of(mint))

    assert texts == ["the-token-1"] * 3
    assert mint.asked == ["permanent", "the-refresh-token-1", "the-refresh-token-1"]


def test_one_that_was_refused_is_not_shown_again(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.token(spec_of(mint))
    mint.refresh = None
    mint.refresh_fault = REFUSED
    for number in (1, 2):
        clock_at(monkeypatch, number * 3601)
        manager.token(spec_of(mint))

    assert mint.asked == ["permanent", "the-refresh-token-1", "permanent", "permanent"]


REFRESH_LIVES: dict[str, tuple[dict[str, t.Any], int]] = {
    "said": ({}, 1),
    "not said": ({"drop": ["refresh_expires_in"]}, 30),
    "zero, which some say for never": ({"merge": {"refresh_expires_in": 0}}, 30),
    "no number": ({"merge": {"refresh_expires_in": "soon"}}, 30),
    "two days": ({"merge": {"refresh_expires_in": 2 * DAY}}, 2),
}


@pytest.mark.parametrize("said", REFRESH_LIVES)
def test_it_is_used_until_it_ends_and_thirty_days_when_nobody_says(
    said: str, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    fault, days = REFRESH_LIVES[said]
    sandbox.fault("/api/v1/auth/token", times=1, **fault)
    sandbox.fault(REFRESH_PATH, status=503)
    _by_api_key(sandbox, run_directory, ear)
    clock_at(monkeypatch, days * DAY - 60)
    with pytest.raises(ServiceError):
        _by_api_key(sandbox, run_directory, ear)
    assert sandbox.state.counts == {API_KEY: 1, REFRESH: 1}

    clock_at(monkeypatch, days * DAY + 60)
    with pytest.raises(ServiceError):
        # Its request token is days ahead of the service's clock.
        _by_api_key(sandbox, run_directory, ear)
    assert sandbox.state.counts == {API_KEY: 2, REFRESH: 1}


@pytest.mark.parametrize("cache", ["none", "user", "redis://:redis-password@127.0.0.1:1/0"])
def test_what_comes_of_a_password_is_kept_in_the_run_whatever_was_asked(
    cache: str, sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    given = {"username": "neto-user-1", "password": "neto-password-1", "api_url": sandbox.url}
    sources = [
        result_of(netography.PROVIDER, run, ear, cache=cache, **given)["source"]
        for run in (run_directory, run_directory, new_run(tmp_path, "next"))
    ]

    assert sources == ["issued", "cache", "issued"]
    assert sandbox.state.counts == {USER: 2}
    assert not (tmp_path / ".cache").exists()
    kept = "Netography user_credentials: what comes of a password is kept for this run only."
    assert ear.remarks.count(kept) == 3
    assert ear.warnings == []
