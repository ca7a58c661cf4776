# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The only way to a token: what is a hit, what is a miss, what is stored."""

from __future__ import annotations

import base64
import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _broker, _cache, _seal, _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import Voice

SECRET = "the-permanent-secret"


class Mint:
    """Grants tokens whose age and life, in seconds, are set; ``life`` None is an unknown one."""

    def __init__(self) -> None:
        self.age: float = 0
        self.life: float | None = 3600
        self.grants = 0

    def grant(self, clock: Callable[[], float]) -> _token.Token:
        self.grants += 1
        issued_at = clock() - self.age
        expires_at = None if self.life is None else issued_at + self.life
        return _token.Token(f"the-token-{self.grants}", "Bearer", issued_at, expires_at, "scope", {"a": 1})


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def cache(tmp_path: Path) -> _cache.Directory:
    return _cache.Directory(tmp_path / "cache")


@pytest.fixture
def broker(cache: _cache.Directory, voice: Voice) -> _broker.Broker:
    return _broker.Broker(voice, cache, 60, 0)


@pytest.fixture
def wish(mint: Mint) -> _broker.Wish:
    return _broker.Wish("Service method", SECRET, {"client_id": "a"}, mint.grant)


def _entry(cache: _cache.Directory, wish: _broker.Wish) -> Path:
    return cache.path / _seal.Seal(wish.secret, wish.identity, cache.salt()).name


def _sources(broker: _broker.Broker, wish: _broker.Wish, times: int = 2) -> list[str]:
    return [broker.token(wish).source for _time in range(times)]


def test_the_second_token_is_the_first(broker: _broker.Broker, wish: _broker.Wish) -> None:
    first, second = broker.token(wish), broker.token(wish)

    assert (first.source, second.source) == ("issued", "cache")
    assert first.token == second.token


def test_another_process_finds_it(broker: _broker.Broker, wish: _broker.Wish, cache: _cache.Directory) -> None:
    broker.token(wish)
    other = _broker.Broker(Voice(), _cache.Directory(cache.path), 60, 0)

    assert other.token(wish).source == "cache"


def test_without_a_cache_each_asks_for_itself(broker: _broker.Broker, wish: _broker.Wish) -> None:
    alone = dataclasses.replace(broker, cache=None)

    assert _sources(alone, wish) == ["issued", "issued"]


def test_what_is_ready_is_given_and_not_kept(
    broker: _broker.Broker, wish: _broker.Wish, cache: _cache.Directory
) -> None:
    ready = dataclasses.replace(wish, ready=True)

    assert _sources(broker, ready) == ["given", "given"]
    assert not cache.path.exists()


def test_refresh_asks_and_replaces(broker: _broker.Broker, wish: _broker.Wish) -> None:
    texts = [broker.token(wish).token.text, broker.token(wish, refresh=True).token.text, broker.token(wish).token.text]

    assert texts == ["the-token-1", "the-token-2", "the-token-2"]


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
    which: str, broker: _broker.Broker, wish: _broker.Wish, mint: Mint
) -> None:
    mint.age, mint.life, source = LIVES[which]

    assert _sources(broker, wish) == ["issued", source]


@pytest.mark.parametrize(
    ("min_validity", "source"), [(0, "cache"), (1000, "cache"), (1700, "issued"), (10**9, "issued")]
)
def test_min_validity_is_capped_at_half_the_life(
    min_validity: float, source: str, broker: _broker.Broker, wish: _broker.Wish, mint: Mint
) -> None:
    mint.age, mint.life = 2000, 3600
    patient = dataclasses.replace(broker, min_validity=min_validity)

    assert _sources(patient, wish) == ["issued", source]


def test_min_validity_beyond_half_the_life_still_finds_a_token_in_its_first_half(
    broker: _broker.Broker, wish: _broker.Wish
) -> None:
    assert _sources(dataclasses.replace(broker, min_validity=10**9), wish) == ["issued", "cache"]


def test_a_dead_token_is_replaced(broker: _broker.Broker, wish: _broker.Wish, mint: Mint) -> None:
    mint.age = 3700
    broker.token(wish)
    mint.age = 0

    assert _sources(broker, wish) == ["issued", "cache"]


def test_a_changed_secret_never_hits(broker: _broker.Broker, wish: _broker.Wish) -> None:
    broker.token(wish)

    assert broker.token(dataclasses.replace(wish, secret=SECRET + "x")).source == "issued"


IDENTITIES: tuple[dict[str, str], ...] = (
    {"client_id": "a"},
    {"client_id": "b"},
    {"client_id": "a", "scope": "x"},
    {"scope": "a"},
    {},
)


def test_two_identities_never_share(broker: _broker.Broker, wish: _broker.Wish) -> None:
    wishes = [dataclasses.replace(wish, identity=identity) for identity in IDENTITIES]
    texts = [broker.token(each).token.text for each in itertools.chain(wishes, wishes)]

    assert len(set(texts[: len(wishes)])) == len(wishes)
    assert texts[: len(wishes)] == texts[len(wishes) :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda entry: b"",
    "cut short": lambda entry: entry[: len(entry) // 2],
    "one bit changed": lambda entry: entry[:-1] + bytes([entry[-1] ^ 1]),
    "longer": lambda entry: entry + b"\0",
    "text": lambda entry: b"not an entry",
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_entry_is_a_miss_and_is_replaced(
    how: str, broker: _broker.Broker, wish: _broker.Wish, cache: _cache.Directory, voice: Voice
) -> None:
    broker.token(wish)
    path = _entry(cache, wish)
    path.write_bytes(DAMAGE[how](path.read_bytes()))

    assert _sources(broker, wish) == ["issued", "cache"]
    assert voice.warnings == []


def test_the_entry_of_another_is_a_miss_and_is_replaced(
    broker: _broker.Broker, wish: _broker.Wish, cache: _cache.Directory
) -> None:
    other = dataclasses.replace(wish, secret="another")
    broker.token(wish)
    broker.token(other)
    _entry(cache, wish).write_bytes(_entry(cache, other).read_bytes())

    assert _sources(broker, wish) == ["issued", "cache"]


def test_nothing_on_disk_shows_a_token_or_a_secret(
    broker: _broker.Broker, wish: _broker.Wish, cache: _cache.Directory
) -> None:
    broker.token(dataclasses.replace(wish, identity={"client_id": "the-client-id"}))
    stored = b"\n".join(path.name.encode() + b"\n" + path.read_bytes() for path in cache.path.rglob("*"))
    words = [b"the-token-1", SECRET.encode(), b"the-client-id", b"Bearer"]
    # Base64 looks different at each of three places in a group.
    coded = [base64.b64encode(b"x" * shift + word)[4:-4] for word in words[:3] for shift in range(3)]

    assert [word for word in (*words, *coded) if word in stored] == []
    assert len(list(cache.path.iterdir())) >= 2


def test_what_the_grant_raises_is_raised_and_nothing_is_kept(broker: _broker.Broker, wish: _broker.Wish) -> None:
    def fail(clock: Callable[[], float]) -> _token.Token:
        raise ServiceError("refused")

    with pytest.raises(ServiceError, match="refused"):
        broker.token(dataclasses.replace(wish, grant=fail))
    assert broker.token(wish).source == "issued"
