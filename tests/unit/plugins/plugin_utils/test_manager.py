# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The only way to a token: what is a hit, what is a miss, what is stored."""

from __future__ import annotations

import itertools
import json
import types
from collections.abc import Callable

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import Entry, TokenResult, TokenSpec
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    run_cache,
    sources_of,
    spec_of,
)


@pytest.fixture
def spec(mint: Mint) -> TokenSpec:
    return spec_of(mint)


def test_the_second_token_is_the_first(manager: TokenManager, spec: TokenSpec) -> None:
    first = manager.token(spec)
    second = manager.token(spec)

    assert (first.source, second.source) == ("issued", "cache")
    assert first.token == second.token


def test_another_process_finds_it(manager: TokenManager, spec: TokenSpec, cache: Directory) -> None:
    manager.token(spec)
    other = manager_of(Ear(), run_cache(cache.path))

    assert other.token(spec).source == "cache"


def test_without_a_cache_each_asks_for_itself(manager: TokenManager, spec: TokenSpec) -> None:
    alone = manager._replace(cache=manager.cache._replace(backends=()))

    assert sources_of(alone, spec) == ["issued", "issued"]


def test_what_is_ready_is_given_and_not_kept(manager: TokenManager, spec: TokenSpec, cache: Directory) -> None:
    ready = spec._replace(ready=True)

    assert sources_of(manager, ready) == ["given", "given"]
    assert not cache.path.exists()


LIVES = {
    "fresh": (0, 3600, "cache"),
    "min_validity left": (3530, 3600, "cache"),
    "less than min_validity left": (3550, 3600, "issued"),
    "expired": (3700, 3600, "issued"),
    "short life, more than half left": (5, 20, "cache"),
    "short life, less than half left": (15, 20, "issued"),
    "unknown life, young": (200, None, "cache"),
    "unknown life, close to five minutes": (250, None, "issued"),
    "unknown life, past five minutes": (400, None, "issued"),
    "issued in the future, as after the clock was set back": (-1000, 3600, "issued"),
}


@pytest.mark.parametrize("which", LIVES)
def test_a_token_is_handed_out_again_while_it_lives_long_enough(
    which: str, manager: TokenManager, spec: TokenSpec, mint: Mint, cache: Directory
) -> None:
    mint.age, mint.life, source = LIVES[which]
    manager.token(spec)
    # Without the lock, which another process holds, none is renewed before it must be.
    with cache.lock(name_in(cache, spec), 0) as held:
        assert held
        assert manager._replace(patience=0).token(spec).source == source


@pytest.mark.parametrize(
    ("min_validity", "source"), [(0, "cache"), (1000, "cache"), (1700, "issued"), (10**9, "issued")]
)
def test_min_validity_is_capped_at_half_the_life(
    min_validity: float, source: str, manager: TokenManager, spec: TokenSpec, mint: Mint
) -> None:
    mint.age = 2000
    mint.life = 3600
    patient = manager._replace(cache=manager.cache._replace(min_validity=min_validity))

    assert sources_of(patient, spec) == ["issued", source]


def test_min_validity_beyond_half_the_life_still_finds_a_token_in_its_first_half(
    manager: TokenManager, spec: TokenSpec
) -> None:
    assert sources_of(manager._replace(cache=manager.cache._replace(min_validity=10**9)), spec) == ["issued", "cache"]


def test_a_dead_token_is_replaced(manager: TokenManager, spec: TokenSpec, mint: Mint) -> None:
    mint.age = 3700
    manager.token(spec)
    mint.age = 0

    assert sources_of(manager, spec) == ["issued", "cache"]


IDENTITIES: tuple[dict[str, str], ...] = (
    {"client_id": "a"},
    {"client_id": "b"},
    {"client_id": "a", "scope": "x"},
    {"scope": "a"},
    {},
)


def test_two_identities_never_share(manager: TokenManager, spec: TokenSpec) -> None:
    specs = [spec._replace(identity=identity) for identity in IDENTITIES]
    texts = [manager.token(each).token.text for each in itertools.chain(specs, specs)]

    assert len(set(texts[: len(specs)])) == len(specs)
    assert texts[: len(specs)] == texts[len(specs) :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "longer": lambda entry: entry + b"\0",
    "text": lambda entry: b"not an entry",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_entry_is_a_miss_and_is_replaced(
    how: str, manager: TokenManager, spec: TokenSpec, cache: Directory, ear: Ear
) -> None:
    manager.token(spec)
    path = cache.path / name_in(cache, spec)
    path.write_bytes(DAMAGE[how](path.read_bytes()))

    assert sources_of(manager, spec) == ["issued", "cache"]
    assert ear.warnings == []


def test_what_the_grant_raises_is_raised_and_nothing_is_kept(manager: TokenManager, spec: TokenSpec) -> None:
    def fail(clock: Callable[[], float]) -> _token.TokenResponse:
        raise ServiceError("refused")

    with pytest.raises(ServiceError, match="refused"):
        manager.token(spec._replace(source=types.SimpleNamespace(grant=fail, again=lambda: None)))
    assert manager.token(spec).source == "issued"


@pytest.mark.parametrize(
    ("expires_at", "left"),
    [
        (350.0, "240 seconds left"),
        (110.9, "0 seconds left"),
        (100.0, "0 seconds left"),
        (None, "its life is unknown"),
    ],
)
def test_what_is_left_of_a_token_in_words(expires_at: float | None, left: str) -> None:
    assert TokenResult(_token.Token("a", "Bearer", 90.0, expires_at), "cache", 110.0).left == left


@pytest.mark.parametrize("newer", ["user", "run"])
def test_of_two_caches_the_latest_token_counts(
    newer: str, user: Directory, run: Directory, mint: Mint, ear: Ear
) -> None:
    older = {"user": run, "run": user}[newer]
    mint.age = 100
    manager_of(ear, older).token(spec_of(mint))
    mint.age = 0
    manager_of(ear, {"user": user, "run": run}[newer]).token(spec_of(mint))

    assert manager_of(ear, user, run).token(spec_of(mint)).token.text == "the-token-2"


def test_one_lock_is_enough(user: Directory, run: Directory, mint: Mint, ear: Ear) -> None:
    """That of the first cache: who has it does not wait for those behind."""
    manager = manager_of(ear, user, run, patience=0.1)
    with run.lock(name_in(run, spec_of(mint)), 0) as held:
        assert held
        manager.token(spec_of(mint))

    assert [remark for remark in ear.remarks if "did not finish" in remark] == []


@pytest.mark.parametrize("text", ["the-token-0", "the-token-1", "the-token-2"])
def test_exactly_the_token_that_was_refused_is_discarded(text: str, manager: TokenManager, spec: TokenSpec) -> None:
    manager.token(spec)
    manager.invalidate(spec, text)

    assert manager.token(spec).source == ("issued" if text == "the-token-1" else "cache")


def test_an_entry_comes_back_from_json_as_it_was() -> None:
    claims = {"a": [1, {"b": None}]}
    token = _token.Token("text", "RapidAPI", 5.0, 10.0, "scope", claims, {"x-key": "text"}, "refresh", 15.0)
    entry = Entry(token, 7.5)

    assert all(token._asdict().values())
    assert Entry.from_json(entry.to_json()) == entry


WHOLE = json.loads(Entry(_token.Token("a", "Bearer", 0)).to_json())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"[]",
        b"{}",
        b'{"text": "a"}',
        b"null",
        json.dumps({**WHOLE, "token": {"text": "a"}}).encode(),
        json.dumps({**WHOLE, "more": 1}).encode(),
        b"[" * 100000,
    ],
)
def test_other_json_is_no_entry(data: bytes) -> None:
    assert Entry.from_json(data) is None
