# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the token manager asks of others, for type checkers. Private to this collection."""

from __future__ import annotations

import contextlib
import typing as t

from .. import _token, _waits


class Source(t.Protocol):
    """Where a token comes from when no cache has one. Every method may raise ServiceError."""

    def grant(self, clock: _token.Clock) -> _token.TokenResponse:
        """What a request with the permanent credential brings."""

    def renew(self, clock: _token.Clock, refresh_token: str) -> _token.TokenResponse:
        """What a request with a refresh token brings."""

    def again(self) -> tuple[str, Source] | None:
        """The permanent secret as it is at this moment, and how it is asked with; None where it is the same."""


class Backend(t.Protocol):
    """Where encrypted entries lie. Every method may raise CacheError."""

    @property
    def kind(self) -> str:
        """``run``, ``user``, or what tells one Redis server from another."""

    def is_there(self) -> bool:
        """Whether the cache exists, so that something may be kept in it. Never raises."""

    def salt(self) -> bytes:
        """The random salt of this cache, made by the first process that needs it."""

    def get(self, name: str) -> bytes | None:
        """An entry; None when there is none."""

    def put(self, name: str, entry: bytes, until: float) -> None:
        """Write an entry, or replace it. It is useless after ``until`` (seconds since the epoch)."""

    def drop(self, name: str) -> None:
        """Remove an entry. It is no error if there is none."""

    def lock(
        self, name: str, seconds: float, slow: _waits.Slow | None = None
    ) -> contextlib.AbstractContextManager[bool]:
        """Hold the entry's lock; False when it was not free within ``seconds``.

        :param slow: called once, with the seconds that the wait takes at most, when it gets long.
        """


class Fallback(Backend, t.Protocol):
    """A cache that is used where another one fails, and remembers that for a while."""

    def suspend(self, kind: str) -> None:
        """Remember that the other cache failed, so that it is not used for a while."""

    def is_suspended(self, kind: str) -> bool:
        """Whether the other cache failed a moment ago."""


class Display(t.Protocol):
    """Where remarks go; the core's Display is one.

    :param verbosity: how many ``-v`` there are.
    """

    verbosity: int

    def warning(self, msg: str) -> None:
        """Say it always, once."""

    def v(self, msg: str) -> None:
        """Say it at ``-v``."""

    def vvv(self, msg: str) -> None:
        """Say it at ``-vvv``."""
