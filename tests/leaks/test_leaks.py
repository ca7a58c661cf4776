# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""No mark in any channel; and without the guards, a mark in each."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible.release import __version__

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.records import shown

from . import plays
from .guards import GUARDS, ROOT, TOGETHER, collection
from .scene import Scene

CORE = ".".join(__version__.split(".")[:2])
MASKS = tuple(map(int, CORE.split("."))) >= (2, 22)
NOTHING = "nothing"
TOKENS = "the token"
SECRETS = "secrets"
PLAIN = "a plain uri task without no_log"
# What cannot be helped from a collection.
ELSE = {
    "files of modules that Ansible is told to keep": TOKENS,
    PLAIN: NOTHING if MASKS else SECRETS,
}
CHANNELS = (
    "standard output and error",
    "log file",
    "minimal callback",
    "oneline callback",
    "tree callback",
    "JUnit callback",
    "ARA's database",
    "callbacks that write JSON",
    "registered result of a failed task",
    "arguments in callbacks, ok",
    "arguments in callbacks, failed",
    "arguments in callbacks, loop",
    "arguments in callbacks, until",
    "ansible-runner, events",
    "ansible-runner, task_args",
    "fact cache",
    "syslog of the host",
    "command lines and environments of processes",
    "home, cache and temporary directories afterwards",
    "directories after a kill",
    "Redis",
    *ELSE,
)
# On the command line and in the environment of a process: nothing of the collection's can be taken away there.
CONTROL: plays.Task = {
    "name": "Show it in the process table",
    "ansible.builtin.command": {"argv": ["sleep", "0.3"]},
    "environment": {"SECRET": "{{ netbird_auth_pat }}"},
}


def run(scene: Scene, *, control: bool) -> Scene:
    plays.prepare(scene.server)
    scene.with_everything([CONTROL] if control else [])
    scene.with_minimal()
    scene.with_lines()
    scene.with_redis()
    scene.with_kill()
    scene.with_kept_files()
    scene.with_plain_uri()
    return scene


@pytest.fixture(scope="session")
def guarded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    without = request.config.getoption("--without")
    place = tmp_path_factory.mktemp("guarded")
    with Sandbox() as server:
        copy = collection(place, TOGETHER.get(without, (without,)) if without else ())
        return run(Scene(place / "scene", copy, server), control=False)


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    place = tmp_path_factory.mktemp("bare")
    with Sandbox() as server:
        return run(Scene(place / "scene", collection(place, GUARDS), server), control=True)


def found(scene: Scene, channel: str) -> str:
    contents = scene.channels[channel]
    assert any(contents), f"nothing went through the channel {channel}, so it shows nothing"
    seen = shown([*plays.SECRETS, *scene.tokens], contents)
    if seen & set(plays.SECRETS):
        return SECRETS
    return TOKENS if seen else NOTHING


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_shows_no_secret(
    channel: str, guarded: Scene, record_property: Callable[[str, object], None]
) -> None:
    what = found(guarded, channel)
    record_property(channel, what)
    assert what == ELSE.get(channel, NOTHING)


@pytest.mark.parametrize("channel", CHANNELS)
def test_without_guards_the_secret_is_found(channel: str, bare: Scene) -> None:
    assert found(bare, channel) != NOTHING


def test_tokens_were_issued_and_searched_for(guarded: Scene) -> None:
    assert len(guarded.tokens) >= 3


def test_another_run_on_this_machine_has_other_secrets() -> None:
    script = f"from {plays.__name__} import SECRETS; print(*SECRETS)"
    done = subprocess.run([sys.executable, "-B", "-c", script], stdout=subprocess.PIPE, encoding="utf-8", check=True)
    others = done.stdout.split()
    assert len(others) == len(plays.SECRETS)
    assert set(others).isdisjoint(plays.SECRETS)


def test_failures_keep_their_sentences(guarded: Scene) -> None:
    text = b"".join(guarded.channels["callbacks that write JSON"]).decode()
    for sentence in (
        "NetFoundry answered",
        "with status 401",
        "with status 403",
        "with status 404",
        "with status 500",
        "sent an HTML page instead of JSON",
        "sent something that is not JSON",
        "did not answer within 1 seconds",
        "has a value that cannot be used: expected a whole number",
        "netosecret",
        "client_secrett is no option.",
    ):
        assert sentence in text, sentence


def test_the_page_says_what_was_found(guarded: Scene) -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line[:1] == "|"]
    header = next(row for row in rows if row[0] == "channel")
    column = header.index(CORE)
    said = {row[0]: row[column] for row in rows if row[0] in CHANNELS}
    assert said == {channel: found(guarded, channel) for channel in CHANNELS}


def test_every_guard_is_in_the_code(tmp_path: Path) -> None:
    assert collection(tmp_path, GUARDS).is_dir()
    assert all(re.search(r"[a-z]", guard.line) for guard in GUARDS.values())
