# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the broker does when the shelf has no good token: lock, another look, grant. Private to this collection."""

from __future__ import annotations

import contextlib
import dataclasses
import time
import typing as t
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from . import _seal, _shelf, _token
from ._errors import AuthError, ServiceError

if t.TYPE_CHECKING:
    from . import _cache

# Seconds without another try after a renewal that failed while the old token lived.
_QUIET = 30.0


@dataclass(frozen=True)
class Renewal:
    """What is done to the entry of one credential.

    :param places: where that is, as ``shelf`` knows them.
    """

    shelf: _shelf.Shelf
    wish: _shelf.Wish
    places: list[_shelf.Place]

    def handout(self, *, refresh: bool) -> _shelf.Handout:
        """A token by a grant, unless somebody else has made one meanwhile. Raises what the grant raises."""
        with self._alone(self.shelf.patience):
            entry = self.shelf.look(self.places)
            if entry is None or refresh or not self.shelf.is_good(entry):
                return self._renew(entry, keep=not refresh)
        return self.shelf.hand_out(self.wish, entry)

    def early(self, entry: _shelf.Entry) -> _shelf.Handout:
        """One process renews, while the others go on with the old token."""
        with self._alone(0) as held:
            if not held:
                return self.shelf.hand_out(self.wish, entry)
            entry = self.shelf.look(self.places) or entry
            if self.shelf.is_good(entry) and not self.shelf.is_due(entry):
                return self.shelf.hand_out(self.wish, entry)
            return self._renew(entry, keep=True)

    def discard(self, text: str) -> None:
        """What ``Broker.discard`` promises."""
        with self._alone(self.shelf.patience):
            entry = self.shelf.look(self.places)
            if entry is not None and entry.token.text == text:
                dead = dataclasses.replace(entry.token, expires_at=entry.token.issued_at)
                self._keep(_shelf.Entry(dead))

    def forget(self, last: Callable[[_token.Token], None]) -> bool:
        """What ``Broker.forget`` promises."""
        caches = self.shelf.caches
        with self._alone(self.shelf.patience):
            entry = self.shelf.look(self.places)
            try:
                if entry is not None and entry.token.lives(time.time(), 0):
                    last(entry.token)
            finally:
                removed = self._drop(caches)
        return removed == len(caches)

    def _drop(self, caches: Iterable[_cache.Cache]) -> int:
        """Remove the entry from these caches, also from one that is left alone; how many took it."""
        removed = 0
        for cache in caches:
            with self.shelf.complaining(cache):
                cache.drop(_seal.Seal(self.wish.secret, self.wish.identity, cache.salt()).name)
                removed += 1
        return removed

    @contextlib.contextmanager
    def _alone(self, seconds: float) -> Iterator[bool]:
        """One at a time for each credential; whether the lock is held. Who waited too long goes on without it."""
        with contextlib.ExitStack() as stack:
            held = False
            for place in self.shelf.usable(self.places):
                with self.shelf.complaining(place.cache):
                    held = stack.enter_context(place.cache.lock(place.seal.name, seconds))
                    if not held and seconds:
                        self.shelf.voice.v(
                            f"{self.wish.label}: another process did not finish in time, so this one does not wait."
                        )
                    break
            yield held

    def _renew(self, old: _shelf.Entry | None, *, keep: bool) -> _shelf.Handout:
        """A new token, or with ``keep`` the old one when the grant fails while that lives."""
        label, voice = self.wish.label, self.shelf.voice
        try:
            token, verb = self._grant(old)
        except AuthError as error:
            if not keep or old is None or not old.token.lives(time.time(), 0):
                raise
            voice.v(f"{label}: the token was not renewed, so the old one is used. The cause: {error}")
            self._keep(_shelf.Entry(old.token, time.time() + _QUIET))
            return self.shelf.hand_out(self.wish, old)
        kept = self._keep(_shelf.Entry(token))
        handout = _shelf.Handout(token, "issued", time.time(), kept)
        voice.v(f"{label}: token {verb} by {self.wish.place}, {handout.left}.")
        return handout

    def _grant(self, old: _shelf.Entry | None) -> tuple[_token.Token, str]:
        """A token by the refresh token that is kept, else by the permanent credential; and how that is called."""
        refresh_token = old.token.refresh_token if old is not None else None
        if old is not None and refresh_token is not None and old.token.can_refresh(time.time()):
            try:
                token = self.wish.renew(time.time, refresh_token)
            except ServiceError as error:
                # With a fault that passes the other grant would fail too, and the refresh token may be good yet.
                if error.may_pass:
                    raise
                self.shelf.voice.v(
                    f"{self.wish.label}: the refresh token is refused, so the permanent credential is used."
                )
            else:
                if token is not None:
                    return token.with_refresh_of(old.token), "renewed"
        return self.wish.grant(time.time), "issued"

    def _keep(self, entry: _shelf.Entry) -> str:
        """Put the entry into the first cache that takes it, and out of those behind; the kind of that cache."""
        kept = ""
        for place in self.shelf.usable(self.places):
            with self.shelf.complaining(place.cache):
                if kept:
                    place.cache.drop(place.seal.name)
                    continue
                place.cache.put(place.seal.name, place.seal.close(entry.to_json()), entry.token.useful_until)
                kept = place.cache.kind
        return kept
