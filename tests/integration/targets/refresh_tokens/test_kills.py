# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A process that is killed after the provider's answer loses that answer at most, and no other."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.support.killing import Forks, forks
from ansible_collections.netapi.auth.tests.support.logins import Login
from ansible_collections.netapi.auth.tests.support.machines import kill, machine, until
from ansible_collections.netapi.auth.tests.support.playbooks import inventory

# Between two moments at which a process is killed.
STEP = 1


@pytest.fixture
def forked(tmp_path: Path) -> Iterator[Forks]:
    with forks(tmp_path) as running:
        yield running


def _fresh(login: Login) -> Login:
    login.provider.reset()
    return dataclasses.replace(login, given=login.provider.mint())


def test_a_lookup_that_is_killed_at_any_line_after_the_answer_loses_one_answer_at_most(
    login: Login, forked: Forks
) -> None:
    lines = forked.lookup(_fresh(login).options(), kill_at=0).lines
    assert lines > 20
    kept = []
    for line in range(1, lines + 1, STEP):
        one = _fresh(login)
        assert forked.lookup(one.options(), kill_at=line).killed
        after = forked.lookup(one.options(refresh=True))
        kept.append(one.sent == [0, 1])
        if kept[-1]:
            assert after.source == "issued"
        else:
            # The only answer so far: the provider has ended the login, and the sentence says what to do.
            assert one.sent == [0, 0]
            assert "sign in" in after.refusal.lower()
    # What was kept once stays kept, however late the kill.
    assert kept == sorted(kept)
    assert kept[-1]


def test_so_does_one_that_had_sent_a_successor(login: Login, forked: Forks) -> None:
    lines = forked.lookup(_fresh(login).options(), kill_at=0).lines
    for line in range(1, lines + 1, lines // 6):
        one = _fresh(login)
        assert forked.lookup(one.options()).source == "issued"
        assert forked.lookup(one.options(refresh=True), kill_at=line).killed
        after = forked.lookup(one.options(refresh=True))
        assert one.sent in ([0, 1, 1], [0, 1, 2])
        assert (after.source == "issued") is (one.sent[-1] == 2)


def test_a_play_that_is_killed_while_the_answer_is_under_way_says_so_at_the_next_run(
    login_of_the_user: Login, tmp_path: Path
) -> None:
    here = machine(tmp_path / "home")
    login = dataclasses.replace(login_of_the_user, ansible=here)
    options = {f"netbird_auth_{name}": value for name, value in login.options().items()}
    path = inventory(tmp_path, {"localhost": {}}, again=False, **options)
    login.provider.spoil("held")
    with here.running("ask.yml", "-i", path) as process:
        until(lambda: len(login.provider.requests()) == 1)
        kill(process)
    login.provider.release()
    refused = login.play(succeeds=False)
    assert login.sent == [0, 0]
    assert "sign in" in refused.of("Log in").message.lower()
