# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that is killed after the provider's answer loses that answer at most, and no other."""

from __future__ import annotations

import bisect
import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import fingerprint
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.killing import Forks, Outcome, forks
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login, play, sent
from ansible_collections.netapi.auth.tests.support.machines import kill, machine, until
from ansible_collections.netapi.auth.tests.support.playbooks import inventory

# Lines around the one that keeps the successor, each of which is a moment to be killed at, and between the others.
NEAR = 3
STEP = 200


@pytest.fixture(scope="module")
def forked() -> Iterator[Forks]:
    with forks() as running:
        yield running


@dataclass
class Scene:
    """Logins that each have a user of their own, so that the lines are the same for all."""

    forked: Forks
    login: Login
    place: Path

    def begin(self) -> None:
        """The next login."""
        self.login.provider.reset()
        self.login = dataclasses.replace(self.login, given=self.login.provider.mint())

    def lookup(self, line: int | None = None, *, refresh: bool = False) -> Outcome:
        home = self.place / fingerprint(self.login.given)
        home.mkdir(exist_ok=True)
        return self.forked.lookup(home, self.login.options(refresh=refresh), line)

    def keeps(self, line: int) -> bool:
        """Whether a lookup that is killed at that line leaves the successor to the next one."""
        self.begin()
        assert self.lookup(line).killed
        after = self.lookup(refresh=True)
        if self.login.sent == [0, 1]:
            assert after.source == "issued"
            return True
        # It was the only answer so far, so that the given token is all that there is.
        assert self.login.sent == [0, 0]
        assert "refresh_token" in after.refusal
        assert "sign" in after.refusal.lower()
        return False


@pytest.fixture
def scene(login: Login, forked: Forks, tmp_path: Path) -> Scene:
    return Scene(forked, login, tmp_path)


def test_a_lookup_that_is_killed_at_any_line_after_the_answer_loses_that_answer_at_most(scene: Scene) -> None:
    scene.begin()
    lines = scene.lookup().lines
    # The first line that leaves the successor to the next run.
    keeps = functools.cache(scene.keeps)
    store = bisect.bisect_left(range(1, lines + 1), x=True, key=keeps) + 1
    assert 1 < store <= lines
    near = range(max(1, store - NEAR), min(lines, store + NEAR))
    for line in sorted({*near, *range(1, lines, STEP)}):
        assert keeps(line) is (line >= store)


def test_so_does_one_that_had_sent_a_successor(scene: Scene) -> None:
    scene.begin()
    lines = [scene.lookup(refresh=refresh).lines for refresh in (False, True)][1]
    for line in range(1, lines + 1, lines // 6):
        scene.begin()
        assert scene.lookup().source == "issued"
        assert scene.lookup(line, refresh=True).killed
        after = scene.lookup(refresh=True)
        assert scene.login.sent in ([0, 1, 1], [0, 1, 2])
        assert (after.source == "issued") is (scene.login.sent[-1] == 2)
        assert after.source or "sign in" in after.refusal.lower()


def test_a_play_that_is_killed_before_its_answer_comes_ends_the_login_and_nothing_else(
    login: Login, tmp_path: Path
) -> None:
    here = machine(tmp_path / "home")
    login.provider.spoil("held")
    with here.running("ask.yml", "-i", inventory(tmp_path, {"ended": login.host()})) as process:
        until(lambda: len(login.provider.requests()) == 1)
        kill(process)
    login.provider.release()
    other = dataclasses.replace(login, given=login.provider.mint())
    run = play(here, {"ended": login.host(), "other": other.host()}, succeeds=False)
    assert sent(login.provider, login, other) == [[0, 0], [0]]
    assert "refresh_token" in run.of("Log in", "ended").message
    assert run.of("Log in", "other").status == "ok"
