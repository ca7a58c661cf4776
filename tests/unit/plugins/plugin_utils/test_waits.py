# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who waits for a service or for a lock is told so: at -v, and by a warning from five seconds on."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _waits
from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.backend import Backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.sandbox import make_pat
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.asking import Clock, ask, refusal
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Server, hang_up, reply

PAT = make_pat("sandboxuser1")
LONG_WAIT = "another process is asking for this token, so this one waits for it, {} seconds at most."


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    clock.take(monkeypatch)
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.5)
    return clock


def test_each_wait_is_told_with_its_cause(clock: Clock) -> None:
    said: list[tuple[str, float]] = []
    later = [reply(status=429, Retry_After="1"), reply(status=502, Retry_After="7"), reply()]
    with Server(reply(status=503), hang_up, *later) as server:
        ask(f"{server.url}/path?a=secret", retries=4, say=lambda sentence, seconds: said.append((sentence, seconds)))

    place = f"{server.url}/path"
    soon = _waits.in_seconds(said[1][1])
    assert [sentence for sentence, _seconds in said] == [
        f"Service answered {place} with status 503. Try 2 follows at once.",
        (
            f"Service: {HOST} broke off the connection. Try again later, or check the_option, which has to begin with "
            f"https:// if TLS is spoken there. Try 3 follows {soon}."
        ),
        f"Service answered {place} with status 429. Try 4 follows in 1 second.",
        f"Service answered {place} with status 502. Try 5 follows in 7 seconds.",
    ]
    assert [seconds for _sentence, seconds in said] == clock.waits


def test_nothing_is_told_where_nobody_waits(clock: Clock) -> None:
    said: list[str] = []
    with Server(reply(status=503)) as server:
        refusal(server.url, retries=0, say=lambda sentence, seconds: said.append(sentence))
    with Server(reply(status=429, Retry_After="61")) as server:
        refusal(server.url, retries=3, say=lambda sentence, seconds: said.append(sentence))

    assert said == []


@pytest.mark.parametrize(("seconds", "is_warning"), [(0.2, False), (4.9, False), (5.0, True), (60.0, True)])
def test_a_wait_of_five_seconds_is_a_warning(seconds: float, is_warning: bool, ear: Ear) -> None:
    _waits.speaker(ear.warning, ear.v)("the sentence", seconds)

    assert (ear.warnings, ear.remarks) == ((["the sentence"], []) if is_warning else ([], ["the sentence"]))


def test_a_play_says_it(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault("/api/users/current", status=503, headers={"Retry-After": "5"}, times=1)
    sandbox.fault("/api/users/current", status=503, headers={"Retry-After": "0"}, times=1)
    task = {"netapi.auth.netbird_auth": {"pat": PAT, "api_url": sandbox.url, "whoami": True, "set_facts": False}}
    done = outside.play(tmp_path, {"tasks": [task]}, "-v")

    said = " ".join((done.stdout + done.stderr).split())
    assert done.returncode == 0, said
    assert "Try 3 follows at once." in said
    assert said.count("Try 2 follows in 5 seconds.") == 1
    assert "[WARNING]" in said.partition("Try 2 follows")[0]


@pytest.fixture(params=["files", "redis"])
def locking(request: pytest.FixtureRequest, run: Directory, tmp_path: Path) -> Iterator[Backend]:
    """A cache of each kind."""
    if request.param == "files":
        yield run
        return
    folder = tmp_path / "redis"
    folder.mkdir()
    with RedisServer(folder) as server:
        yield Redis(server.url)


def test_a_long_wait_for_a_lock_is_told_once(
    locking: Backend, ear: Ear, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In Redis it is longer than the process itself would wait, since it outlasts the lock of a killed holder."""
    monkeypatch.setattr(_waits, "LONG", 0.2)
    monkeypatch.setattr(redis_backend, "_LOCK_LIFE", 3.0)
    monkeypatch.setattr(redis_backend, "_MARGIN", 1.0)
    seconds = 4 if isinstance(locking, Redis) else 1
    manager = manager_of(ear, locking, patience=1)
    with locking.lock(name_in(locking, spec_of(mint)), 0) as held:
        assert held
        manager.token(spec_of(mint))

    assert [warning.endswith(LONG_WAIT.format(seconds)) for warning in ear.warnings] == [True]


def test_a_short_wait_for_a_lock_is_not(locking: Backend, ear: Ear, mint: Mint) -> None:
    manager = manager_of(ear, locking, patience=5)
    held = contextlib.ExitStack()
    held.enter_context(locking.lock(name_in(locking, spec_of(mint)), 0))
    threading.Timer(0.2, held.close).start()
    manager.token(spec_of(mint))

    assert ear.warnings == []


def test_a_long_wait_is_told_to_nobody_who_did_not_ask(run: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_waits, "LONG", 0.1)
    run.salt()
    with run.lock("entry", 0), run.lock("entry", 0.3) as second:
        assert not second


def test_nor_is_a_look_at_a_lock_that_is_held(locking: Backend) -> None:
    """As the renewal ahead of time does."""
    told: list[float] = []
    locking.salt()
    with locking.lock("entry", 0), locking.lock("entry", 0, told.append) as second:
        assert not second

    assert told == []
