# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token that a service refuses is replaced once, and not for each request that is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    clock_at,
    manager_of,
    spec_of,
)


def _asked_again(manager: TokenManager, mint: Mint, times: int) -> list[bool]:
    """Whether another token was to be tried, at each of so many refusals of the token that is handed out."""
    return [manager.invalidate(spec_of(mint), manager.token(spec_of(mint)).token.text) for _time in range(times)]


def test_the_second_refusal_in_a_row_stands_and_keeps_the_token(manager: TokenManager, mint: Mint) -> None:
    assert _asked_again(manager, mint, 5) == [True, False, False, False, False]
    assert manager.token(spec_of(mint)).source == "cache"
    assert mint.asked == ["permanent"] * 2


def test_a_server_remembers_a_refusal_that_the_token_does_not_outlive(
    tmp_path: Path, ear: Ear, run: Directory, mint: Mint
) -> None:
    """An entry in Redis ends by itself."""
    with RedisServer(tmp_path) as server:
        assert _asked_again(manager_of(ear, Redis(server.url), run), mint, 3) == [True, False, False]


def test_the_removal_of_expired_entries_leaves_a_refusal(ear: Ear, user: Directory, mint: Mint) -> None:
    manager = manager_of(ear, user)
    assert _asked_again(manager, mint, 1) == [True]
    manager.token(spec_of(Mint(), "of another"))

    assert _asked_again(manager, mint, 2) == [False, False]


@pytest.mark.parametrize(("life", "seconds"), [(3600, 300), (400, 200)])
def test_after_five_minutes_or_half_its_life_another_is_tried(
    life: float, seconds: float, manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    mint.life = life
    assert _asked_again(manager, mint, 2) == [True, False]
    clock_at(monkeypatch, seconds - 5)
    assert not manager.invalidate(spec_of(mint), "the-token-2")
    clock_at(monkeypatch, seconds + 5)
    assert manager.invalidate(spec_of(mint), "the-token-2")


def test_a_renewal_in_between_does_not_begin_the_count_anew(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    mint.life = 400
    assert _asked_again(manager, mint, 1) == [True]
    clock_at(monkeypatch, 50)
    manager.token(spec_of(mint), refresh=True)

    assert _asked_again(manager, mint, 1) == [False]


def test_one_that_another_process_has_replaced_is_tried(manager: TokenManager, mint: Mint) -> None:
    assert _asked_again(manager, mint, 2) == [True, False]
    assert manager.invalidate(spec_of(mint), "the-token-1")
    assert mint.asked == ["permanent"] * 2


def test_the_refresh_token_stays_with_a_refused_token(manager: TokenManager, mint: Mint) -> None:
    mint.refresh = 3600
    assert _asked_again(manager, mint, 2) == [True, False]
    assert mint.asked == ["permanent", "the-refresh-token-1"]
