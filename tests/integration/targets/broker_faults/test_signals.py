# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs that are stopped by a signal in the middle of a grant: they block nobody, and what they leave is encrypted."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.machines import Machine, kill, machine, until
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Run, inventory
from ansible_collections.netapi.auth.tests.support.secrecy import files_below, shown

TOKEN = "POST /oauth/token"
HOSTS: dict[str, dict[str, str]] = {f"host-{number}": {} for number in range(5)}
# What the first grants give, so that it can be looked for.
KEPT = ("token-8d41f7a96c02", "refresh-3b70e5d2c814")
# Seconds that a request waits, so that it is under way for as long as the test needs.
PATIENCE = 240
ENTRY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stopped:
    """A run that was stopped, and the run after it.

    :param files: what the stopped run left, before the next run began.
    """

    status: int
    files: Mapping[Path, bytes]
    next_run: Run
    requests_of_next: int

    def entries(self, place: Path) -> list[Path]:
        return [path for path in self.files if ENTRY.fullmatch(path.name) and path.is_relative_to(place)]


def _never(server: Sandbox) -> None:
    """The next request for a token is answered when no test waits for it any more, and grants nothing."""
    server.fault("/oauth/token", times=1, delay=PATIENCE, status=503)


def _requests(server: Sandbox) -> int:
    return server.state.counts.get(TOKEN, 0)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stopped")


def _terminate(process: subprocess.Popen[bytes]) -> None:
    """As AWX cancels a job: the init process of the container passes the signal on to the group."""
    os.killpg(process.pid, signal.SIGTERM)
    process.wait(120)


@pytest.fixture(scope="module", params=[kill, _terminate], ids=["killed", "terminated"])
def stopped(request: pytest.FixtureRequest, server: Sandbox, home: Path) -> Stopped:
    server.reset()
    server.fault("/oauth/token", times=2, merge={"access_token": KEPT[0], "refresh_token": KEPT[1]})
    _never(server)
    here = machine(home / request.param.__name__)
    hosts = inventory(here.home, HOSTS, **variables(server), netfoundry_auth_cache="user")
    with here.running("stop.yml", "-i", hosts, "--forks", "5") as process:
        until(lambda: _requests(server) == 3)
        request.param(process)
        status = process.returncode
    files = files_below(here.home)
    run = here.play("ask.yml", "-i", hosts, "--forks", "5")
    return Stopped(status, files, run, _requests(server) - 3)


def test_a_run_that_is_stopped_does_not_succeed(stopped: Stopped) -> None:
    assert stopped.status != 0


def test_the_next_run_gets_its_token_by_one_grant(stopped: Stopped) -> None:
    sources = sorted(stopped.next_run.of("Say where it came from", host).message for host in HOSTS)
    assert sources == ["cache"] * 4 + ["issued"]
    assert stopped.requests_of_next == 1


def test_what_a_stopped_run_leaves_shows_no_token_and_no_secret(stopped: Stopped, home: Path) -> None:
    # The user's entry is left behind, so there is something to look into; the run's own, after a kill.
    assert stopped.entries(home)
    if stopped.status == -signal.SIGKILL:
        assert any(".ansible" in path.parts for path in stopped.entries(home))
    written = [content for path, content in stopped.files.items() if path.name != "inventory.json"]
    assert not shown([*KEPT, "nf-secret-1", "nf-secret-2", "nf-secret-3", "nf-client-2"], written)


def test_who_waits_for_a_run_that_is_killed_goes_on(sandbox: Sandbox, tmp_path: Path) -> None:
    _never(sandbox)
    holder, waiter = (machine(tmp_path / name) for name in ("holder", "waiter"))
    patient: dict[str, t.Any] = {"netfoundry_auth_cache": "user", "netfoundry_auth_timeout": PATIENCE}
    hosts = inventory(tmp_path, {"localhost": {}}, **variables(sandbox), **patient)
    cache = tmp_path / "cache"
    env = {"XDG_CACHE_HOME": str(cache)}
    with holder.running("ask.yml", "-i", hosts, env=env) as held:
        until(lambda: _requests(sandbox) == 1)
        with waiter.running("ask.yml", "-i", hosts, env=env) as waiting:
            until(lambda: len(_processes_at_a_lock_in(cache)) == 2)
            assert _requests(sandbox) == 1
            kill(held)
            assert waiting.wait(120) == 0
    assert sandbox.state.grants["netfoundry"] == 1
    assert _said(waiter) == "issued"


def _said(here: Machine) -> str:
    """Where the token of a run in the background came from."""
    output = (here.home / "output").read_text(encoding="utf-8")
    found = re.search(r'"msg": "(issued|cache)"', output)
    assert found, output
    return found[1]


def _processes_at_a_lock_in(cache: Path) -> set[str]:
    """The processes that hold a lock of the cache open, to keep it or to wait for it."""
    return {link.parts[2] for link, target in _open_files() if target.startswith(f"{cache}/") and ".lock" in target}


def _open_files() -> Iterator[tuple[Path, str]]:
    for process in Path("/proc").iterdir():
        # It may end meanwhile, or close a file.
        with contextlib.suppress(OSError):
            for link in (process / "fd").iterdir():
                with contextlib.suppress(OSError):
                    yield link, str(link.readlink())
