# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""P12, and two controllers at once: the stored token works whatever happens, and later runs mend it without a hand."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide
from ansible_collections.netapi.auth.tests.unit.plugins.rotation import ADMIN, DAY, NAME, OTHER, OWN, Account, account
from ansible_collections.netapi.auth.tests.unit.plugins.rotation_forks import Forks, forks

__all__ = ["account"]
# Who signs in, and whose token it is: a user on itself, an admin on an idle service user and on a busy one.
WAYS = ("itself", "idle", "busy")
# More than any run makes.
MOST_REQUESTS = 12


@pytest.fixture(scope="module")
def forked() -> Iterator[Forks]:
    with forks() as running:
        yield running


@dataclasses.dataclass
class Scene:
    """A stored token that is due, and an older one."""

    account: Account
    forked: Forks
    way: str
    home: Path
    cache: str | None = None

    def __post_init__(self) -> None:
        self.user = OWN if self.way == "itself" else OTHER
        self.busy = [0.0] if self.way == "busy" else [None]
        self.stored = self.account.has("stored", self.user, age=80, left=5, idle=0.0)
        self.account.has("older", self.user, age=85, left=5, idle=self.busy[0])
        self.text = self.stored.pat

    def job(self, token_id: str = "stored", **more: t.Any) -> dict[str, t.Any]:
        user = {"pat": self.text} if self.way == "itself" else {"pat": ADMIN, "user": self.user}
        api = {"api_url": self.account.sandbox.url, "retries": 0, "name": NAME}
        cache = {} if self.cache is None else {"cache": self.cache}
        arguments = {**api, **user, **cache, "token_id": token_id, "prune_unused_hours": 24}
        return {"home": str(self.home), "arguments": arguments, **more}

    def nights(self, days: float) -> None:
        """Time goes by, and only the busy one is used; what was minted comes nearer to its end."""
        for pat in self.account.pats(self.user).values():
            is_used = pat.id == "older" and self.way == "busy"
            used = pat.last_used if is_used or pat.last_used is None else pat.last_used - days * DAY
            end = (pat.expires_at or 0.0) - (0.0 if pat.id in ("stored", "older") else days * DAY)
            made = dataclasses.replace(pat, created_at=pat.created_at - days * DAY, expires_at=end, last_used=used)
            self.account.sandbox.add_account(made)

    def mend(self, first: dict[str, t.Any] | None = None) -> None:
        """The next runs, which store what they mint.

        :param first: what came of the first of them, where it has ended.
        """
        (first,) = self.forked.runs(self.job()) if first is None else [first]
        assert first is not None
        assert first["changed"], first
        assert self.account.works(first["plain_token"])
        assert self.account.works(self.stored.pat)
        self.text = first["plain_token"]
        self.nights(2)
        (second,) = self.forked.runs(self.job(first["id"]))
        assert second is not None
        assert "plain_token" not in second
        left = {first["id"], *(["older"] if self.way == "busy" else [])}
        assert set(self.account.pats(self.user)) == left


@pytest.mark.parametrize("way", WAYS)
def test_p12_a_run_that_is_killed_around_any_request_leaves_the_stored_token_and_one_too_many_at_most(
    account: Account, forked: Forks, tmp_path: Path, way: str
) -> None:
    number, before, killed = 0, False, 0
    for number in range(1, MOST_REQUESTS):
        outcomes = []
        for before in (True, False):
            account.sandbox.reset()
            scene = Scene(account, forked, way, tmp_path)
            (outcome,) = forked.runs(scene.job(kill=(number, before)))
            outcomes.append(outcome)
            assert account.works(scene.stored.pat)
            pats: dict[str, NetBirdPat] = account.pats(scene.user)
            assert "stored" in pats
            assert len(set(pats) - {"stored", "older"}) <= 1
            if outcome is None:
                killed += 1
                scene.mend()
        if None not in outcomes:
            break
    assert outcomes[0] is not None
    # Every request of a whole run had its turn, before and after it.
    assert killed == 2 * outcomes[0]["requests"] == 2 * (number - 1)
    assert outcomes[0]["changed"]


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("way", WAYS)
def test_p12_who_waits_for_a_lock_in_redis_whose_holder_was_killed_goes_on_when_that_ends(
    account: Account, forked: Forks, tmp_path: Path, way: str, before: bool
) -> None:
    with RedisServer(tmp_path) as server, ThreadPoolExecutor() as pool:
        scene = Scene(account, forked, way, tmp_path, server.allow(rule_of_the_guide()))
        assert forked.runs(scene.job(kill=("POST", before))) == [None]
        (lock,) = [key for key in server.contents() if key.endswith(b".lock")]
        assert 0 < server.client.pttl(lock) <= 60_000
        lost = set(account.pats(scene.user)) - {"stored", "older"}
        assert len(lost) == (0 if before else 1)
        assert account.works(scene.stored.pat)
        server.client.config_resetstat()
        following = pool.submit(forked.runs, scene.job())
        until(lambda: tries(server) > 1)
        assert account.count("POST") == len(lost)
        # A minute later.
        server.client.pexpire(lock, 1)
        (first,) = following.result()
        scene.mend(first)
        # The mended ones have left none.
        assert not [key for key in server.contents() if key.endswith(b".lock")]


def tries(server: RedisServer) -> int:
    """How often a lock was asked for."""
    stats = t.cast("dict[str, dict[str, int]]", server.client.info("commandstats"))
    return stats.get("cmdstat_set", {}).get("calls", 0)


@pytest.mark.parametrize("way", WAYS)
def test_p10_of_two_controllers_with_a_shared_cache_one_mints(
    account: Account, forked: Forks, tmp_path: Path, way: str
) -> None:
    scene = Scene(account, forked, way, tmp_path)
    # Slow, so that the other one has read the list before.
    account.sandbox.fault(f"/api/users/{scene.user}/tokens", method="POST", delay=1.5)
    found = forked.runs(scene.job(), scene.job())
    assert account.count("POST") == 1
    assert sorted("plain_token" in (one or {}) for one in found) == [False, True]
    assert all(one is not None and "refused" not in one for one in found)
    assert account.works(scene.stored.pat)


@pytest.mark.parametrize("way", WAYS)
def test_p10_two_controllers_with_a_redis_mint_one_together(
    account: Account, forked: Forks, tmp_path: Path, way: str
) -> None:
    homes = [tmp_path / name for name in ("one", "two", "redis")]
    for home in homes:
        home.mkdir()
    with RedisServer(homes.pop()) as server:
        scene = Scene(account, forked, way, tmp_path, server.allow(rule_of_the_guide()))
        account.sandbox.fault(f"/api/users/{scene.user}/tokens", method="POST", delay=1.5)

        def both(token_id: str = "stored") -> list[dict[str, t.Any] | None]:
            return forked.runs(*({**scene.job(token_id), "home": str(home)} for home in homes))

        found = both()
        assert all(one is not None and "refused" not in one for one in found), found
        minted = [one for one in found if one and "plain_token" in one]
        assert (len(minted), account.count("POST")) == (1, 1)
        assert account.works(scene.stored.pat)
        # Neither of them made a lock of its own, and the one that they had is free.
        assert not [path for home in homes for path in home.glob(".cache/netapi_auth/*")]
        assert not [key for key in server.contents() if key.endswith(b".lock")]
        later = both(minted[0]["id"])
        assert [one and one["changed"] for one in later] == [False, False]
        assert account.count("POST") == 1


@pytest.mark.parametrize("way", WAYS)
def test_p12_without_a_shared_cache_each_controller_makes_one_at_most(
    account: Account, forked: Forks, tmp_path: Path, way: str
) -> None:
    homes = [tmp_path / name for name in ("one", "two")]
    for home in homes:
        home.mkdir()
    scene = Scene(account, forked, way, tmp_path)
    account.sandbox.fault(f"/api/users/{scene.user}/tokens", method="POST", delay=0.5)
    found = forked.runs(*({**scene.job(), "home": str(home)} for home in homes))
    minted = [one["plain_token"] for one in found if one and "plain_token" in one]
    assert minted
    assert all(map(account.works, [*minted, scene.stored.pat]))
    assert account.count("POST") <= 2
    account.sandbox.state.faults = type(account.sandbox.state.faults)()
    # One of them was stored. The other goes once it is idle: at once if it is older, else after the next renewal.
    stored = next(one for one in found if one and "plain_token" in one)
    for days in (2, 80, 2):
        scene.text = stored["plain_token"]
        scene.nights(days)
        (later,) = forked.runs(scene.job(stored["id"]))
        assert later is not None
        assert "refused" not in later
        assert later["changed"]
        assert account.works(stored["plain_token"])
        stored = later if "plain_token" in later else stored
    assert set(account.pats(scene.user)) == {stored["id"], *(["older"] if way == "busy" else [])}
