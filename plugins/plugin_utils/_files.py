# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache of files. Private to this collection.

Files are the way from one fork to the next: each task of each host is a process of its own.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import random
import re
import secrets
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ._errors import CacheError, reason

_SALT_BYTES = 32
# Between two looks at a lock, in seconds. Short against a grant, and different in each fork.
_POLL = (0.02, 0.08)
# How long a failing cache is left alone, in seconds: without a pause each task would wait for it anew.
_REST = 30.0
_ENTRY = re.compile(r"[0-9a-f]{64}\Z")
_LOCK = re.compile(r"[0-9a-f]{64}\.lock\Z")
_ASIDE = re.compile(r"\.[0-9a-f]{16}\Z")
# A file that was written aside and never renamed is somebody's who was killed; a lock without an entry is that of a
# grant that failed.
_LEFT_BEHIND = 3600.0


@dataclass(frozen=True)
class Directory:
    """A directory that only its owner may enter. A file's modification time is when its entry is of no use.

    :param kind: ``run`` or ``user``; a user's outlives the run, so entries that have expired are removed there.
    """

    path: Path
    kind: str

    def salt(self) -> bytes:
        with _explained(self.path):
            self._check()
            place = self.path / "salt"
            with contextlib.suppress(FileNotFoundError):
                if len(salt := place.read_bytes()) == _SALT_BYTES:
                    return salt
                place.unlink(missing_ok=True)
            mine = self._write_aside(secrets.token_bytes(_SALT_BYTES))
            try:
                # A link, unlike a rename, fails where another fork was first: then its salt is the one.
                with contextlib.suppress(FileExistsError):
                    os.link(mine, place)
            finally:
                mine.unlink()
            return place.read_bytes()

    def get(self, name: str) -> bytes | None:
        with _explained(self.path), contextlib.suppress(FileNotFoundError):
            return (self.path / name).read_bytes()
        return None

    def put(self, name: str, entry: bytes, until: float) -> None:
        """Written aside, flushed, renamed."""
        with _explained(self.path):
            aside = self._write_aside(entry)
            try:
                os.utime(aside, (until, until))
                aside.replace(self.path / name)
            except OSError:
                aside.unlink(missing_ok=True)
                raise
        if self.kind == "user":
            self._remove_expired()

    def drop(self, name: str) -> None:
        with _explained(self.path):
            (self.path / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float) -> Iterator[bool]:
        """The lock dies with its holder."""
        end = time.monotonic() + seconds
        with contextlib.ExitStack() as stack:
            with _explained(self.path):
                while True:
                    descriptor = os.open(self._lock_file(name), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                    closing = stack.enter_context(contextlib.ExitStack())
                    closing.callback(os.close, descriptor)
                    held = _take(descriptor, end)
                    if not held or _is_at(descriptor, self._lock_file(name)):
                        break
                    # It was removed between opening and locking; what lies there is another file.
                    closing.close()
            yield held

    def rest(self, kind: str) -> None:
        with contextlib.suppress(OSError):
            self.path.mkdir(mode=0o700, exist_ok=True)
            (self.path / f"{kind}.rest").touch(mode=0o600)

    def resting(self, kind: str) -> bool:
        try:
            return abs(time.time() - (self.path / f"{kind}.rest").stat().st_mtime) < _REST
        except OSError:
            return False

    def _lock_file(self, name: str) -> Path:
        return self.path / f"{name}.lock"

    def _check(self) -> None:
        """Make the directory, or refuse one that is another's or open to others."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = self.path.stat()
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if found.st_uid != os.geteuid():
            raise CacheError(f"The token cache {self.path} belongs to another user. Remove it.")
        if stat.S_IMODE(found.st_mode) & 0o077:
            raise CacheError(f"The token cache {self.path} is open to others. Take their rights (chmod 700).")

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

    def _remove_expired(self) -> None:
        """Remove entries that have expired, with their locks, and what killed processes left. Faults do no harm."""
        now = time.time()
        with contextlib.suppress(OSError):
            for found in list(os.scandir(self.path)):
                with contextlib.suppress(OSError, CacheError):
                    age = now - found.stat(follow_symlinks=False).st_mtime
                    if self._is_useless(found.name, age):
                        self._remove(found.name.removesuffix(".lock"))
                    elif _ASIDE.match(found.name) and age > _LEFT_BEHIND:
                        (self.path / found.name).unlink(missing_ok=True)

    def _is_useless(self, name: str, age: float) -> bool:
        """Whether it is an entry that has expired, or an old lock of none."""
        if _ENTRY.match(name):
            return age > 0
        return bool(_LOCK.match(name)) and age > _LEFT_BEHIND and not (self.path / name.removesuffix(".lock")).exists()

    def _remove(self, name: str) -> None:
        """Remove an entry and its lock, unless somebody holds it or has just replaced the entry."""
        entry = self.path / name
        with self.lock(name, 0) as held:
            if held and not (entry.exists() and entry.stat().st_mtime > time.time()):
                entry.unlink(missing_ok=True)
                self._lock_file(name).unlink(missing_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"The token cache {path} cannot be used ({reason(error)}). Make room, or correct the rights there."
        raise CacheError(problem) from None


def _take(descriptor: int, end: float) -> bool:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= end:
                return False
            time.sleep(random.uniform(*_POLL))  # noqa: S311 - spreads the forks, keeps no secret
        else:
            return True


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False
