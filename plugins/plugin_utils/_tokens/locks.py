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
from collections.abc import Callable
from pathlib import Path

from .. import _waits

# Between two looks at a lock, in seconds. Short against a grant, and different in each fork.
_POLL = (0.02, 0.08)
_ENTRY = re.compile(r"[0-9a-f]{64}\Z")
_LOCK = re.compile(r"[0-9a-f]{64}\.lock\Z")
_ASIDE = re.compile(r"\.[0-9a-f]{16}\Z")
# A file that was written aside and never renamed is somebody's who was killed; a lock without an entry is that of a
# grant that failed.
_LEFT_BEHIND = 3600.0


def take(
    directory: Path,
    name: str,
    seconds: float,
    stack: contextlib.ExitStack,
    slow: Callable[[], None] | None = None,
) -> bool:
    """Hold the entry's lock until the stack is closed; False when it was not free within ``seconds``.

    :param slow: called once, when the wait gets long.
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
        # It was removed between opening and locking; what lies there is another file.
        closing.close()


def remove_expired(directory: Path) -> None:
    """Remove entries that have expired, with their locks, and what killed processes left. Faults do no harm."""
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
    """Whether it is an entry that has expired, or an old lock of none."""
    if _ENTRY.match(name):
        return age > 0
    return bool(_LOCK.match(name)) and age > _LEFT_BEHIND and not (directory / name.removesuffix(".lock")).exists()


def remove(directory: Path, name: str) -> None:
    """Remove an entry and its lock, unless somebody holds it or has just replaced the entry."""
    entry = directory / name
    with contextlib.ExitStack() as stack:
        if take(directory, name, 0, stack) and not (entry.exists() and entry.stat().st_mtime > time.time()):
            entry.unlink(missing_ok=True)
            _place(directory, name).unlink(missing_ok=True)
