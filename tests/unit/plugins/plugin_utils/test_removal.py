# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is removed from the user's cache, and what is left."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import locks
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    run_cache,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

TAKER = """
import sys
from pathlib import Path
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import files
directory = files.Directory(Path(sys.argv[1]), "user")
print("waits", flush=True)
with directory.lock(sys.argv[2], 60) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cache(user: Directory) -> Directory:
    return user


def _outlive(cache: Directory, ear: Ear, refresh: float | None = None) -> str:
    """Put an entry that is of no use any more; its name."""
    spec = spec_of(Mint(age=3700, refresh=refresh), "of an expired token")
    manager_of(ear, cache).token(spec)
    return name_in(cache, spec)


def _names(cache: Directory) -> set[str]:
    return {path.name for path in cache.path.iterdir()}


def test_what_has_expired_is_removed_with_its_lock_when_something_is_put(
    cache: Directory, ear: Ear, mint: Mint
) -> None:
    expired = _outlive(cache, ear)
    assert {expired, f"{expired}.lock"} <= _names(cache)
    manager_of(ear, cache).token(spec_of(mint))
    name = name_in(cache, spec_of(mint))

    assert _names(cache) == {"salt", name, f"{name}.lock"}


def test_what_lives_is_left(cache: Directory, ear: Ear, mint: Mint) -> None:
    other = spec_of(Mint(), "of another")
    by_refresh_token = _outlive(cache, ear, refresh=86400)
    manager_of(ear, cache).token(other)
    manager_of(ear, cache).token(spec_of(mint))

    assert {by_refresh_token, name_in(cache, other)} <= _names(cache)


def test_the_run_directory_is_not_swept(tmp_path: Path, ear: Ear, mint: Mint) -> None:
    """It is removed as a whole when the run ends."""
    run = run_cache(tmp_path / "run")
    expired = _outlive(run, ear)
    manager_of(ear, run).token(spec_of(mint))

    assert expired in _names(run)


def test_an_expired_entry_whose_lock_is_held_is_left(cache: Directory, ear: Ear, mint: Mint) -> None:
    expired = _outlive(cache, ear)
    with cache.lock(expired, 0) as held:
        assert held
        manager_of(ear, cache).token(spec_of(mint))

    assert {expired, f"{expired}.lock"} <= _names(cache)


def test_an_entry_that_was_replaced_meanwhile_is_left(cache: Directory, ear: Ear) -> None:
    expired = _outlive(cache, ear)
    cache.put(expired, b"replaced", time.time() + 60)
    locks.remove(cache.path, expired)

    assert cache.get(expired) == b"replaced"


def test_an_expired_entry_that_cannot_be_removed_harms_nobody(cache: Directory, ear: Ear, mint: Mint) -> None:
    expired = _outlive(cache, ear)
    (cache.path / f"{expired}.lock").unlink()
    (cache.path / f"{expired}.lock").mkdir()
    manager = manager_of(ear, cache)

    assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]
    assert ear.warnings == []


@pytest.mark.parametrize(("age", "left"), [(3500, True), (3700, False)])
@pytest.mark.parametrize("name", ["0" * 64 + ".lock", "." + "0" * 16])
def test_what_a_failed_grant_or_a_killed_process_left_is_removed_after_an_hour(
    name: str, age: int, left: bool, cache: Directory, ear: Ear, mint: Mint
) -> None:
    cache.salt()
    then = time.time() - age
    (cache.path / name).touch(mode=0o600)
    os.utime(cache.path / name, (then, then))
    manager_of(ear, cache).token(spec_of(mint))

    assert (name in _names(cache)) is left


def test_a_lock_that_is_removed_while_others_wait_is_taken_by_one(cache: Directory, ear: Ear) -> None:
    """The waiting one has the old file open; who comes after makes another."""
    expired = _outlive(cache, ear)
    command = [sys.executable, "-c", TAKER, str(cache.path), expired]
    with subprocess.Popen(
        command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as taker:
        assert taker.stdout is not None
        with cache.lock(expired, 0):
            assert taker.stdout.readline() == "waits\n"
            _until_open(taker.pid, cache.path / f"{expired}.lock")
            (cache.path / f"{expired}.lock").unlink()
        assert taker.stdout.readline() == "True\n"
        with cache.lock(expired, 0) as held:
            assert not held
        taker.communicate("")


def _until_open(pid: int, path: Path) -> None:
    """Wait until the process has opened the file."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        for link in Path(f"/proc/{pid}/fd").iterdir():
            # It may have been closed meanwhile.
            with contextlib.suppress(OSError):
                if link.samefile(path):
                    return
        time.sleep(0.01)
    raise AssertionError(path)
