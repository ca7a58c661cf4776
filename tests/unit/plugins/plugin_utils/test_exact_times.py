# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What happens at the very moment at which something ends, with a clock that stands."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import locks
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import Entry, State
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    DOWN,
    IDENTITY,
    SECRET,
    Mint,
    clock_stopped,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

NOW = 1_700_000_000.0
ENTRY = "0" * 64
# A process that is killed when the entry is written aside and not yet renamed.
KILLED = """
import os
import signal
import sys
from pathlib import Path
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import files
os.utime = lambda path, times: os.kill(os.getpid(), signal.SIGKILL)
files.Directory(Path(sys.argv[1]), "user").put("entry", b"data", 0.0)
"""


@pytest.fixture
def folder(user: Directory) -> Path:
    user.path.mkdir(mode=0o700)
    return user.path


def _lay(path: Path) -> None:
    """A file of that moment."""
    path.touch(mode=0o600)
    os.utime(path, (NOW, NOW))


@pytest.mark.parametrize(
    ("name", "later", "left"),
    [
        (ENTRY, -10, True),
        (ENTRY, 0, True),
        (ENTRY, 0.5, False),
        (f"{ENTRY}.lock", 3600, True),
        (f"{ENTRY}.lock", 3600.5, False),
        (f".{'0' * 16}", 3600, True),
        (f".{'0' * 16}", 3600.5, False),
        ("salt", 10**6, True),
        ("user.suspended", 10**6, True),
    ],
)
def test_files_are_removed_when_their_time_is_over(
    name: str, later: float, left: bool, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _lay(folder / name)
    clock_stopped(monkeypatch, NOW + later)
    locks.remove_expired(folder)

    # Nothing was laid beside it either.
    assert [path.name for path in folder.iterdir()] == ([name] if left else [])


def test_an_entry_is_removed_at_its_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _lay(folder / ENTRY)
    clock_stopped(monkeypatch, NOW)
    locks.remove(folder, ENTRY)

    assert list(folder.iterdir()) == []


def test_nobody_waits_for_an_expired_entry_that_is_held(
    user: Directory, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(seconds: float) -> None:
        raise AssertionError(f"waits {seconds} seconds")

    _lay(folder / ENTRY)
    with user.lock(ENTRY, 0) as held:
        assert held
        monkeypatch.setattr(locks, "time", types.SimpleNamespace(time=time.time, monotonic=time.monotonic, sleep=wait))
        locks.remove_expired(folder)

    assert {path.name for path in folder.iterdir()} == {ENTRY, f"{ENTRY}.lock"}


def test_an_expired_link_that_leads_nowhere_is_removed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ENTRY).symlink_to(folder / "nowhere")
    os.utime(folder / ENTRY, (NOW, NOW), follow_symlinks=False)
    clock_stopped(monkeypatch, NOW + 1)
    locks.remove_expired(folder)

    assert list(folder.iterdir()) == []


def test_what_a_killed_process_wrote_aside_is_removed(folder: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(folder)]
    assert subprocess.run(command, env=environment(), check=False).returncode < 0
    (aside,) = folder.iterdir()
    long_ago = time.time() - 3700
    os.utime(aside, (long_ago, long_ago))
    locks.remove_expired(folder)

    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("later", "rests"), [(-30, False), (-29.5, True), (0, True), (29.5, True), (30, False), (31, False)]
)
def test_a_cache_that_failed_rests_for_half_a_minute(
    later: float, rests: bool, run: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.suspend("user")
    os.utime(run.path / "user.suspended", (NOW, NOW))
    clock_stopped(monkeypatch, NOW + later)

    assert run.is_suspended("user") is rests


def _entry(left: float, life: float = 3600.0, quiet: float = -NOW) -> Entry:
    """An entry whose token has so many seconds left, and is not renewed for so many."""
    return Entry(_token.Token("text", "Bearer", NOW + left - life, NOW + left), NOW + quiet)


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        (_entry(900), State.FRESH),
        (_entry(899.5), State.STALE),
        (_entry(900.5, 3602), State.FRESH),
        (_entry(900.25, 3602), State.STALE),
        (_entry(60), State.STALE),
        (_entry(59.5), State.INVALID),
        (_entry(59.5, quiet=0), State.INVALID),
        (_entry(59.5, quiet=0.5), State.FRESH),
        (_entry(0.5, quiet=0.5), State.FRESH),
        (_entry(0, quiet=0.5), State.INVALID),
    ],
)
def test_when_a_token_is_fresh_stale_and_invalid(
    entry: Entry, state: State, manager: TokenManager, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_stopped(monkeypatch, NOW)

    assert manager.cache.state(entry) is state


def test_a_renewal_that_failed_is_tried_again_after_half_a_minute(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_stopped(monkeypatch, NOW)
    mint.age = 3599.5
    manager.token(spec_of(mint))
    mint.fault = DOWN
    manager.token(spec_of(mint))
    entry = manager.cache.look(manager.cache.slots(SECRET, IDENTITY))

    assert entry is not None
    assert (entry.token.text, entry.next_refresh) == ("the-token-1", NOW + 30)


@pytest.mark.parametrize(("left", "shown"), [(0.5, ["the-token-1"]), (0, [])])
def test_a_token_that_lives_is_shown_before_it_is_forgotten(
    left: float, shown: list[str], manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock_stopped(monkeypatch, NOW)
    mint.age = 3600 - left
    manager.token(spec_of(mint))
    with manager.removing(spec_of(mint)) as token:
        assert ([] if token is None else [token.text]) == shown
