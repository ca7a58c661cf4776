# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The directory in which encrypted tokens lie."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
import types
from pathlib import Path, PosixPath

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CacheError
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import files
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

HOLDER = """
import sys
from pathlib import Path
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import files
with files.Directory(Path(sys.argv[1]), "run").lock(sys.argv[2], 0) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def cache(tmp_path: Path) -> Directory:
    cache = Directory(tmp_path / "deep" / "cache", "run")
    cache.salt()
    return cache


def test_the_salt_is_random_and_stays(cache: Directory, tmp_path: Path) -> None:
    assert cache.salt() == cache.salt() == (cache.path / "salt").read_bytes()
    assert len(cache.salt()) == 32
    assert cache.salt() != Directory(tmp_path / "other", "run").salt()


def test_all_who_come_at_once_get_the_same_salt(tmp_path: Path) -> None:
    salts: list[bytes] = []
    start = threading.Barrier(16)

    def come() -> None:
        start.wait()
        salts.append(Directory(tmp_path / "cache", "run").salt())

    comers = [threading.Thread(target=come) for _one in range(16)]
    for comer in comers:
        comer.start()
    for comer in comers:
        comer.join()

    assert (len(salts), len(set(salts))) == (16, 1)


@pytest.mark.parametrize("salt", [b"", b"short", b"x" * 31, b"x" * 33])
def test_a_salt_of_another_length_is_replaced(salt: bytes, cache: Directory) -> None:
    (cache.path / "salt").write_bytes(salt)

    assert len(cache.salt()) == 32
    assert cache.salt() == cache.salt()


class Late(PosixPath):
    """A directory that another process makes just after one has seen that there is none."""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        try:
            return super().stat(follow_symlinks=follow_symlinks)
        except FileNotFoundError:
            Path(self).mkdir(mode=0o700)
            raise


def test_of_two_who_come_at_once_the_second_finds_the_directory_made(tmp_path: Path) -> None:
    assert len(Directory(Late(tmp_path / "cache"), "run").salt()) == 32


@pytest.mark.parametrize("difference", [-1, 1])
def test_that_of_another_user_is_refused(difference: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cache").mkdir(mode=0o700)
    user = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: user + difference)
    with pytest.raises(CacheError, match="belongs to another user"):
        Directory(tmp_path / "cache", "user").salt()


def test_an_entry_that_nobody_put_is_none(cache: Directory) -> None:
    assert cache.get("entry") is None


def test_an_entry_is_replaced_whole(cache: Directory) -> None:
    cache.put("entry", b"first and longer", time.time() + 60)
    cache.put("entry", b"second", time.time() + 60)

    assert cache.get("entry") == b"second"


def test_a_reader_of_the_old_entry_keeps_it(cache: Directory) -> None:
    cache.put("entry", b"first", time.time() + 60)
    with (cache.path / "entry").open("rb") as reader:
        cache.put("entry", b"second", time.time() + 60)
        assert reader.read() == b"first"


def test_nothing_is_left_beside_the_entry(cache: Directory) -> None:
    cache.put("entry", b"data", time.time() + 60)

    assert {path.name for path in cache.path.iterdir()} == {"salt", "entry"}


def test_nothing_is_left_of_an_entry_that_could_not_be_put(cache: Directory) -> None:
    (cache.path / "entry").mkdir()

    with pytest.raises(CacheError, match="Is a directory"):
        cache.put("entry", b"data", time.time() + 60)
    assert {path.name for path in cache.path.iterdir()} == {"salt", "entry"}


def test_what_lies_where_an_entry_is_written_aside_is_not_written_to(
    cache: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "secrets", types.SimpleNamespace(token_hex=lambda size: "0" * 2 * size))
    (cache.path / f".{'0' * 16}").write_bytes(b"of another")

    with pytest.raises(CacheError, match="File exists"):
        cache.put("entry", b"data", time.time() + 60)
    assert (cache.path / f".{'0' * 16}").read_bytes() == b"of another"


def test_an_entry_that_was_dropped_is_gone_and_may_be_dropped_again(cache: Directory) -> None:
    cache.put("entry", b"data", time.time() + 60)
    for _time in range(2):
        cache.drop("entry")
        assert cache.get("entry") is None


def test_what_says_that_another_cache_rests_is_for_its_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        Directory(tmp_path / "run", "run").suspend("user")
    finally:
        os.umask(before)
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "run", tmp_path / "run" / "user.suspended")]

    assert modes == [0o700, 0o600]


def test_who_waits_for_a_lock_waits_as_long_as_it_was_told(cache: Directory) -> None:
    with cache.lock("entry", 0):
        start = time.monotonic()
        with cache.lock("entry", 1.1) as held:
            assert not held
        assert time.monotonic() - start >= 1.1


def test_a_lock_is_held_by_one_at_a_time(cache: Directory) -> None:
    with cache.lock("entry", 0) as first, cache.lock("entry", 0) as second:
        assert (first, second) == (True, False)


def test_a_lock_is_free_after_its_block(cache: Directory) -> None:
    with cache.lock("entry", 0):
        pass
    with cache.lock("entry", 0) as held:
        assert held


def test_locks_of_two_entries_have_nothing_to_do_with_each_other(cache: Directory) -> None:
    with cache.lock("one", 0), cache.lock("two", 0) as held:
        assert held


def test_who_waits_gets_the_lock_when_it_is_given_back(cache: Directory) -> None:
    taken = threading.Event()
    done = threading.Event()

    def hold() -> None:
        with cache.lock("entry", 0):
            taken.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(30)
    threading.Timer(0.1, done.set).start()
    with cache.lock("entry", 30) as held:
        assert held
        assert done.is_set()
    holder.join()


def test_the_lock_of_a_killed_process_is_free(cache: Directory) -> None:
    command = [sys.executable, "-c", HOLDER, str(cache.path), "entry"]
    with subprocess.Popen(
        command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        with cache.lock("entry", 0) as while_it_lives:
            assert not while_it_lives
        holder.kill()
        holder.wait()
        with cache.lock("entry", 0) as after:
            assert after
