# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Locks in a directory of entries, and the removal of entries that have expired. Private to this collection."""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import re
import time
from pathlib import Path

from .. import _waits

# Seconds between two tries to take a lock: much less than a grant takes, and at random, so that forks differ.
_POLL = (0.02, 0.08)
_ENTRY = re.compile(r"[0-9a-f]{64}\Z")
_LOCK = re.compile(r"[0-9a-f]{64}\.lock\Z")
_ASIDE = re.compile(r"\.[0-9a-f]{16}\Z")
# Seconds after which a file of no use is removed: a temporary file, which a killed process left, or a lock without an
# entry, which a failed grant left.
_LEFT_BEHIND = 3600.0


def take(
    directory: Path,
    name: str,
    seconds: float,
    stack: contextlib.ExitStack,
    slow: _waits.Slow | None = None,
) -> bool:
    """Hold the entry's lock until the stack is closed; False when it was not free within ``seconds``.

    :param slow: called once, with the seconds that the wait takes at most, when it gets long.
    """
    patience = _waits.Patience(seconds, slow)
    place = _place(directory, name)
    while True:
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        closing = stack.enter_context(contextlib.ExitStack())
        closing.callback(os.close, descriptor)
        held = _locked(descriptor, patience)
        if not held or _is_at(descriptor, place):
            return held
        # The file was removed between opening and locking. If there is a file at its path, it is another one.
        closing.close()


def remove_expired(directory: Path) -> None:
    """Remove expired entries with their locks, and what killed processes left. A fault is passed over."""
    now = time.time()
    with contextlib.suppress(OSError):
        for found in list(os.scandir(directory)):
            with contextlib.suppress(OSError):
                age = now - found.stat(follow_symlinks=False).st_mtime
                if _is_useless(directory, found.name, age):
                    remove(directory, found.name.removesuffix(".lock"))
                elif _ASIDE.match(found.name) and age > _LEFT_BEHIND:
                    (directory / found.name).unlink(missing_ok=True)


def _place(directory: Path, name: str) -> Path:
    return directory / f"{name}.lock"


def _locked(descriptor: int, patience: _waits.Patience) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if patience.is_over():
                return False
            time.sleep(random.uniform(*_POLL))  # noqa: S311 - spreads the forks, keeps no secret
        else:
            return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _is_useless(directory: Path, name: str, age: float) -> bool:
    """Whether it is an expired entry, or an old lock without an entry."""
    if _ENTRY.match(name):
        return age > 0
    return bool(_LOCK.match(name)) and age > _LEFT_BEHIND and not (directory / name.removesuffix(".lock")).exists()


def remove(directory: Path, name: str) -> None:
    """Remove an entry and its lock, unless the lock is held or the entry has just been replaced."""
    entry = directory / name
    with contextlib.ExitStack() as stack:
        if take(directory, name, 0, stack) and not (entry.exists() and entry.stat().st_mtime > time.time()):
            entry.unlink(missing_ok=True)
            _place(directory, name).unlink(missing_ok=True)
