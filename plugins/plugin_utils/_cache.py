# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where sealed tokens lie between tasks: a directory with one file for each. Private to this collection.

Files are the way from one fork to the next: each task of each host is a process of its own.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import random
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_SALT_BYTES = 32
# Between two looks at a lock. Short against a grant, and different in each fork.
_POLL = (0.02, 0.08)


@dataclass(frozen=True)
class Directory:
    """A cache in a directory that only its owner may enter. Every method may raise OSError."""

    path: Path

    def salt(self) -> bytes:
        """The directory's random salt, made by whoever comes first."""
        place = self.path / "salt"
        with contextlib.suppress(FileNotFoundError):
            if len(salt := place.read_bytes()) == _SALT_BYTES:
                return salt
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = self._write_aside(secrets.token_bytes(_SALT_BYTES))
        try:
            # A link, unlike a rename, fails where another fork was first: then its salt is the one.
            with contextlib.suppress(FileExistsError):
                os.link(mine, place)
        finally:
            mine.unlink()
        return place.read_bytes()

    def get(self, name: str) -> bytes | None:
        with contextlib.suppress(FileNotFoundError):
            return (self.path / name).read_bytes()
        return None

    def put(self, name: str, entry: bytes) -> None:
        """Replace an entry whole: written aside, flushed, renamed."""
        aside = self._write_aside(entry)
        try:
            aside.replace(self.path / name)
        except OSError:
            aside.unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float) -> Iterator[bool]:
        """Hold the entry's lock, which dies with its holder; False when it was not free within ``seconds``."""
        descriptor = os.open(self.path / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            yield _take(descriptor, seconds)
        finally:
            os.close(descriptor)

    def _write_aside(self, data: bytes) -> Path:
        aside = self.path / f".{secrets.token_hex(8)}"
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            aside.unlink(missing_ok=True)
            raise
        return aside


def _take(descriptor: int, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(random.uniform(*_POLL))  # noqa: S311 - spreads the forks, keeps no secret
        else:
            return True
