# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One run at a time, and what this run has made. Private to this collection."""

from __future__ import annotations

import contextlib
import hashlib
import json
import typing as t
from collections.abc import Iterator

from .._errors import AuthError, CacheError
from .._session.places import user_cache
from .._session.session import Session
from .._value import Value

if t.TYPE_CHECKING:
    from .._tokens.backend import Backend

_FOREVER = 4102444800.0
# What is kept while it is not known whether a request was carried out.
_SENT = b"sent"
_REFUSED = b"refused"


class Turn(Value):
    """The making of one thing, such as the token of a name.

    :param what: what tells it from others.
    """

    session: Session
    what: tuple[str, ...]

    @property
    def name(self) -> str:
        return hashlib.sha256(json.dumps(self.what).encode()).hexdigest()

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """A context in which no other run makes it. Raises AuthError where that cannot be had."""
        with contextlib.ExitStack() as stack:
            if not any(self._is_taken(backend, stack) for backend in self._backends()):
                raise AuthError(
                    "Another run has been at work on this for too long, or no lock could be had. Run it again."
                )
            yield

    def _is_taken(self, backend: Backend, stack: contextlib.ExitStack) -> bool:
        display = self.session.run.display
        try:
            # Makes the directory.
            backend.salt()
            slow = self._say_slow
            if stack.enter_context(backend.lock(self.name, self.session.patience, slow)):
                return True
        except CacheError as error:
            display.warning(f"{error} Until then, runs elsewhere do not wait for this one.")
            return False
        raise AuthError("Another run is at work on this and has not ended in time. Run it again.")

    def _say_slow(self, _seconds: float) -> None:
        self.session.run.display.warning("Waiting for another run that is at work on the same token.")

    def _backends(self) -> Iterator[Backend]:
        """Where runs meet, and where that fails the place of this run."""
        cache = self.session.options.text("cache") or ""
        if "://" in cache:
            yield self.session.redis(cache)
        if (user := user_cache()) is not None:
            yield user
        yield self.session.run.cache

    @property
    def made(self) -> str | None:
        """The id of what this run made; empty where it asked and has none, None if it did not ask. Raises AuthError."""
        kept = self._kept()
        return None if kept is None else kept.decode() if kept not in (_SENT, _REFUSED) else ""

    @property
    def was_refused(self) -> bool:
        """Whether this run asked and was refused. Raises AuthError."""
        return self._kept() == _REFUSED

    def keep(self, made: str = "") -> None:
        """Remember for this run that a request was sent, or what came of it. Raises AuthError."""
        self._keep(made.encode() or _SENT)

    def keep_refusal(self) -> None:
        """Remember for this run that nothing was made. Raises AuthError."""
        self._keep(_REFUSED)

    def _keep(self, value: bytes) -> None:
        with _told():
            self.session.run.cache.salt()
            self.session.run.cache.put(self.name, value, _FOREVER)

    def _kept(self) -> bytes | None:
        with _told():
            return self.session.run.cache.get(self.name)

    def forget(self) -> None:
        with _told():
            self.session.run.cache.drop(self.name)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except CacheError as error:
        raise AuthError(str(error)) from None
