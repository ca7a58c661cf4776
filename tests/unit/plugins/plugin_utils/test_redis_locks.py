# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The lock in Redis: renewed while it is held, freed by its holder alone, for a user who may do no more than needed."""

from __future__ import annotations

import itertools
import threading
import time
import typing as t
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CacheError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    new_run,
    run_cache,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.test_redis_cache import Asker, _until_locked_out

RULE = rule_of_the_guide()
RIGHTS = [word for word in RULE.split() if word[0] in "+~"]
LOCK = "netapi_auth:entry.lock"
BUSY = "Until then others wait 60 seconds for each lock."
IDLE = "Until then more tokens are asked for than needed."


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield server


@pytest.fixture
def url(server: RedisServer) -> str:
    """The address of a user who has the rights of the guide's line."""
    return server.allow(RULE)


def _renewed(server: RedisServer, times: int) -> None:
    """Wait until the life of the lock went up so often."""
    seen = [server.client.pttl(LOCK)]

    def went_up() -> bool:
        seen.append(server.client.pttl(LOCK))
        return sum(later > earlier for earlier, later in itertools.pairwise(seen)) >= times

    until(went_up)


def test_a_lock_is_renewed_while_it_is_held(server: RedisServer, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 6.0)
    with Redis(url).lock("entry", 0) as held:
        mine = server.client.get(LOCK)
        _renewed(server, 2)
        assert (held, server.client.get(LOCK)) == (True, mine)

    assert server.client.exists(LOCK) == 0


def test_nothing_goes_on_after_a_body_that_fails(server: RedisServer, url: str) -> None:
    # Threads of earlier tests may end meanwhile.
    before = set(threading.enumerate())
    during: list[threading.Thread] = []

    def fail() -> None:
        with Redis(url).lock("entry", 0):
            during.extend(set(threading.enumerate()) - before)
            raise ServiceError("It is down.")

    with pytest.raises(ServiceError):
        fail()
    assert [thread.is_alive() for thread in during] == [False]
    assert server.client.exists(LOCK) == 0


def test_whoever_waits_outlasts_the_lock_of_a_killed_holder(
    server: RedisServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 0.5)
    server.client.set(LOCK, b"another's", px=500)
    with Redis(url).lock("entry", 0) as held:
        assert not held
    with Redis(url).lock("entry", 0.01) as held:
        assert held


def test_the_lock_of_another_is_neither_renewed_nor_freed(
    server: RedisServer, url: str, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 0.3)
    with Redis(url, ear.warning).lock("entry", 0) as held:
        server.client.set(LOCK, b"another's", px=60_000)
        server.client.config_resetstat()
        # Three looks at whose it is.
        until(lambda: server.client.info("commandstats").get("cmdstat_exec", {}).get("calls", 0) >= 3)
        left = server.client.pttl(LOCK)

    assert (held, server.client.get(LOCK), ear.warnings) == (True, b"another's", [])
    assert left > 1000


def test_a_lock_that_changes_hands_during_the_transaction_stays(
    server: RedisServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Redis(url)
    server.client.set(LOCK, b"mine")
    kind: t.Any = type(cache.client.pipeline())
    execute = kind.execute_command

    def between(self: t.Any, *command: str) -> t.Any:
        if command[0] == "MULTI":
            server.client.set(LOCK, b"another's")
        return execute(self, *command)

    monkeypatch.setattr(kind, "execute_command", between)
    cache._while_mine(LOCK, b"mine", "DEL", LOCK)

    assert server.client.get(LOCK) == b"another's"


def test_a_held_lock_is_not_had_twice(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 3.0)
    monkeypatch.setattr(redis_backend, "_MARGIN", 0.0)
    with Redis(url).lock("entry", 0) as first, Redis(url).lock("entry", 0.2) as second:
        assert (first, second) == (True, False)


def test_a_whole_life_with_the_rights_of_the_guide(
    server: RedisServer, url: str, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cold grant, the same from the cache, a renewal of the lock during a grant, and its end."""
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 6.0)
    cache = Redis(url, ear.warning)
    mint = Mint()
    lock = f"netapi_auth:{name_in(cache, spec_of(mint))}.lock"

    class Long(Mint):
        def grant(self, clock: Callable[[], float]) -> _token.TokenResponse:
            life = server.client.pttl(lock)
            until(lambda: server.client.pttl(lock) < life - 500)
            until(lambda: server.client.pttl(lock) > life - 500)
            return mint.grant(clock)

    manager = manager_of(ear, cache, run_cache(tmp_path / "run"))
    assert sources_of(manager, spec_of(Long())) == ["issued", "cache"]
    assert server.client.exists(lock) == 0
    manager.invalidate(spec_of(mint), mint.grant(time.time).usable().text)
    with manager.removing(spec_of(mint)):
        pass
    assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]
    assert (ear.warnings, server.client.exists(lock)) == ([], 0)


def test_two_processes_with_the_rights_of_the_guide_make_one_grant(
    server: RedisServer, url: str, tmp_path: Path
) -> None:
    with Asker(url, new_run(tmp_path, "one")) as first:
        assert first.says() == "grants"
        server.client.config_resetstat()
        with Asker(url, new_run(tmp_path, "two")) as second:
            _until_locked_out(server, 3)
            first.communicate("end\n")
            assert second.says() == '["cache", []]'


@pytest.mark.parametrize("right", RIGHTS)
def test_each_right_of_the_guide_is_needed_and_named_when_it_is_missing(
    right: str, server: RedisServer, tmp_path: Path, ear: Ear
) -> None:
    cache = Redis(server.allow(RULE, leave_out=right), ear.warning)
    mint = Mint()
    manager = manager_of(ear, cache, run_cache(tmp_path / "run"))

    assert [manager.token(spec_of(mint)).source for _time in range(2)] == ["issued", "cache"]
    assert mint.asked == ["permanent"]
    problem = f"The Redis server in cache does not let its user do that: add {right} to the user's rights."
    locks = right in ("+del", "+watch", "+multi", "+exec")
    assert ear.warnings == [f"{problem} {BUSY if locks else IDLE}"]


def test_another_database_needs_one_right_more(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    other = server.allow(RULE).removesuffix("0") + "1"
    sources_of(manager_of(ear, Redis(other), run_cache(tmp_path / "run")), spec_of(Mint()))
    more = server.allow(f"{RULE} +select").removesuffix("0") + "1"
    cache = Redis(more)

    assert sources_of(manager_of(ear, cache), spec_of(Mint())) == ["issued", "cache"]
    assert ear.warnings == [
        f"The Redis server in cache does not let its user do that: add +select to the user's rights. {IDLE}"
    ]


def test_a_user_without_the_right_to_forget_is_told(server: RedisServer, ear: Ear) -> None:
    cache = Redis(server.allow(RULE, leave_out="+del"))

    with pytest.raises(CacheError, match=r"add \+del to the user's rights\.$"):
        cache.drop("entry")


@pytest.mark.parametrize("name", ["secret-word", "del", "run the 'flushall'"])
def test_no_other_word_of_a_refusal_is_shown(name: str) -> None:
    import redis

    error = redis.exceptions.NoPermissionError(f"User {name} has no permissions to access the 'x' key")

    assert redis_backend._missing(error) == "~netapi_auth:*"
