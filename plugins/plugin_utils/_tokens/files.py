# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache of files. Private to this collection.

Forks share tokens by files, because each task on each host is a process of its own.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from .. import _waits
from .._errors import CacheError, reason
from .._value import Value

_SALT_BYTES = 32
# Seconds for which a failing cache is not used: without that, each task would wait for it again.
_SUSPENSION = 30.0


class Directory(Value):
    """A directory that only its owner may enter. The modification time of a file is when its entry expires.

    :param kind: ``run`` or ``user``. A user's cache outlives the run, so its expired entries are removed.
    """

    path: Path
    kind: str

    def is_there(self) -> bool:
        return os.path.lexists(self.path)

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
                # Unlike a rename, a link fails where another fork was first, whose salt is then used.
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
        """Write a temporary file, flush it and rename it."""
        with _explained(self.path):
            aside = self._write_aside(entry)
            try:
                os.utime(aside, (until, until))
                aside.replace(self.path / name)
            except OSError:
                aside.unlink(missing_ok=True)
                raise
        if self.kind == "user":
            from . import locks

            locks.remove_expired(self.path)

    def drop(self, name: str) -> None:
        with _explained(self.path):
            (self.path / name).unlink(missing_ok=True)

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float, slow: _waits.Slow | None = None) -> Iterator[bool]:
        """The lock ends with the process that holds it."""
        # Imported here, because a token from the cache needs no lock.
        from . import locks

        with contextlib.ExitStack() as stack:
            with _explained(self.path):
                held = locks.take(self.path, name, seconds, stack, slow)
            yield held

    def suspend(self, kind: str) -> None:
        with contextlib.suppress(OSError):
            self.path.mkdir(mode=0o700, exist_ok=True)
            (self.path / f"{kind}.suspended").touch(mode=0o600)

    def is_suspended(self, kind: str) -> bool:
        try:
            return abs(time.time() - (self.path / f"{kind}.suspended").stat().st_mtime) < _SUSPENSION
        except OSError:
            return False

    def _check(self) -> None:
        """Make the directory, or refuse one that another user owns or may enter."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            _make(self.path)
            found = self.path.stat()
        if not stat.S_ISDIR(found.st_mode):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
        if found.st_uid != os.geteuid():
            raise CacheError(f"The token cache {self.path} belongs to another user. Remove it.")
        if stat.S_IMODE(found.st_mode) & 0o077:
            mode = stat.S_IMODE(found.st_mode)
            raise CacheError(
                f"The token cache {self.path} is open to others (its rights are {mode:04o}). "
                "Take their rights (chmod 700)."
            )

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


def _make(path: Path) -> None:
    """Make a directory and those above it for the owner alone (XDG Base Directory Specification), whatever the umask.

    Others who may write to a directory can put their own in the place of one below it.
    """
    if not path.parent.exists():
        _make(path.parent)
    path.mkdir(mode=0o700, exist_ok=True)


@contextlib.contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        problem = f"The token cache {path} cannot be used ({reason(error)}). Make room, or correct the rights there."
        raise CacheError(problem) from None
