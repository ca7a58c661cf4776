# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a token is kept: lives that make no sense, and a clock that goes back."""

from __future__ import annotations

import time
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.netfoundry import PROVIDER
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    clock_at,
    result_of,
    spec_of,
)

TOKEN_PATH = "/oauth/token"


def _given(url: str) -> dict[str, str]:
    given = {"client_id": "nf-client-1", "client_secret": "nf-secret-1", "environment": "sandbox"}
    return {**given, "token_url": f"{url}{TOKEN_PATH}"}


@pytest.mark.parametrize("seconds", [-90, -3600, -86400 * 365])
def test_a_clock_that_was_set_back_makes_a_miss_and_no_eternal_token(
    seconds: float, manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.token(spec_of(mint))
    clock_at(monkeypatch, seconds)

    assert [
        manager.token(
            spec_of(mint)._replace(source=types.SimpleNamespace(grant=_then(seconds), again=lambda: None))
        ).source
        for _time in range(2)
    ] == [
        "issued",
        "cache",
    ]


@pytest.mark.parametrize("seconds", [-59, -5, 5, 59])
def test_the_clock_of_another_machine_may_be_off_by_a_minute(
    seconds: float, manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager.token(spec_of(mint))
    clock_at(monkeypatch, seconds)

    assert manager.token(spec_of(mint)).source == "cache"
    assert mint.asked == ["permanent"]


def _then(seconds: float) -> Callable[[Callable[[], float]], _token.TokenResponse]:
    """A grant under a clock that is off by that much."""
    now = time.time() + seconds
    return lambda clock: _token.TokenResponse(_token.Token("the-token", "Bearer", now, now + 3600))


ODD = ("NaN", "Infinity", "-Infinity", "1e400", "-1", "0", "true", "null", '"soon"', "[3600]", '{"a": 1}', "1e300")


@pytest.mark.parametrize("text", ODD)
def test_with_an_odd_life_an_opaque_token_is_kept_for_five_minutes(
    text: str, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.fault(TOKEN_PATH, raw={"expires_in": text}, opaque=True)
    result = result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))
    assert (result["expires_in"], result["expires_at"]) == (None, None)

    clock_at(monkeypatch, 220)
    assert result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))["source"] == "cache"
    clock_at(monkeypatch, 301)
    assert result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))["source"] == "issued"


@pytest.mark.parametrize("text", ODD)
def test_with_an_odd_life_a_jwt_lives_as_long_as_it_says(
    text: str, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox.fault(TOKEN_PATH, raw={"expires_in": text}, life=7200)
    result = result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))

    assert 7100 < result["expires_in"] <= 7200
    clock_at(monkeypatch, 5000)
    assert result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))["source"] == "cache"
