# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the broker does when the shelf has no good token: lock, another look, grant. Private to this collection."""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from . import _refresh_tokens, _refusals, _seal, _shelf, _token
from ._errors import AuthError, ServiceError

if t.TYPE_CHECKING:
    from . import _cache

# Seconds without another try after a renewal that failed while the old token lived.
_QUIET = 30.0
# Seconds after a refused token in which the refusal of the next one is taken for the service's last word.
_REFUSED = 300.0
# Seconds between the readings of two clocks that are worth a remark.
_CLOCKS_DIFFER = 60.0


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

    def discard(self, text: str) -> bool:
        """What ``Broker.discard`` promises."""
        with self._alone(self.shelf.patience):
            entry, now = self.shelf.look(self.places), time.time()
            if entry is None or entry.token.text != text:
                return True
            if 0 <= now - entry.refused_at < min(_REFUSED, entry.token.life / 2):
                return False
            dead = entry.token._replace(expires_at=entry.token.issued_at)
            self._keep(_shelf.Entry(dead, refused_at=now))
            return True

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
        """Hold the lock of the credential; whether it is held.

        Whoever waited too long goes on without it; but not with a refresh token that was given, since a second use of
        it can end the sign-in. Raises AuthError then.
        """
        places = self.places if self._successors is None else self._successors.places
        with contextlib.ExitStack() as stack:
            held = False
            for place in self.shelf.usable(places):
                with self.shelf.complaining(place.cache):
                    held = stack.enter_context(place.cache.lock(place.seal.name, seconds, self._waits_long))
                    if not held and seconds:
                        self._waited_too_long()
                    break
            yield held

    def _waits_long(self) -> None:
        self.shelf.voice.warning(
            f"{self.wish.label}: another process is asking for this token, so this one waits for it, "
            f"{int(self.shelf.patience)} seconds at most."
        )

    def _waited_too_long(self) -> None:
        if self._successors is not None:
            raise AuthError(
                f"{self.wish.label}: another process uses refresh_token and did not finish in time. To send it twice "
                "could end the sign-in. Run this again."
            )
        self.shelf.voice.v(f"{self.wish.label}: another process did not finish in time, so this one does not wait.")

    @property
    def _successors(self) -> _refresh_tokens.Successors | None:
        """What is kept of the refresh token that was given; None for any other credential."""
        given = self.wish.given
        return None if given is None else _refresh_tokens.Successors(self.shelf, given, self.wish.label)

    def _renew(self, old: _shelf.Entry | None, *, keep: bool) -> _shelf.Handout:
        """A new token, or with ``keep`` the old one when the grant fails while that lives."""
        label, voice = self.wish.label, self.shelf.voice
        refused_at = 0.0 if old is None else old.refused_at
        try:
            granted = self._grant(old, anew=not keep)
        except AuthError as error:
            if not keep or old is None or not old.token.lives(time.time(), 0):
                raise
            voice.v(f"{label}: the token was not renewed, so the old one is used. The cause: {error}")
            self._keep(_shelf.Entry(old.token, time.time() + _QUIET, refused_at))
            return self.shelf.hand_out(self.wish, old)
        self._keep(_shelf.Entry(granted.token, refused_at=refused_at))
        handout = _shelf.Handout(granted.token, "issued", time.time(), granted.successor, granted.kept)
        voice.v(f"{label}: token {granted.verb} by {self.wish.place}, {handout.left}.")
        return handout

    def _grant(self, old: _shelf.Entry | None, *, anew: bool) -> _Granted:
        """A token by the refresh token that is kept, else by the permanent credential."""
        if self._successors is not None:
            return self._by_given_refresh_token(self._successors)
        refresh_token = old.token.refresh_token if old is not None else None
        if old is not None and refresh_token is not None and old.token.can_refresh(time.time()):
            try:
                response = self.wish.renew(time.time, refresh_token)
                token = None if response is None else self._usable(response)
            except ServiceError as error:
                # With a fault that passes the other grant would fail too, and the refresh token may be good yet.
                if error.may_pass:
                    raise
                self.shelf.voice.v(
                    f"{self.wish.label}: the refresh token is refused, so the permanent credential is used."
                )
            else:
                if token is not None:
                    return _Granted(token.with_refresh_of(old.token), "renewed")
        return _Granted(self._by_permanent_credential(anew=anew), "issued")

    def _by_given_refresh_token(self, successors: _refresh_tokens.Successors) -> _Granted:
        if self.wish.caution:
            self.shelf.voice.warning(self.wish.caution)
        response, kept = successors.renewed(self.wish.renew)
        # Its successor lies apart from the token, since it serves for tokens of any scope.
        token = self._usable(response)._replace(refresh_token=None, refresh_until=None)
        return _Granted(token, "issued", response.refresh_token, kept)

    def _by_permanent_credential(self, *, anew: bool) -> _token.Token:
        if not self.wish.once:
            return self._usable(self.wish.grant(time.time))
        refusal = _refusals.Refusal(self.shelf, self.wish)
        if not anew:
            refusal.check()
        try:
            response = self.wish.grant(time.time)
        except ServiceError as error:
            refusal.remember(error)
            raise
        if anew:
            refusal.forget()
        return self._usable(response)

    def _usable(self, response: _token.TokenResponse) -> _token.Token:
        """The token of the answer, with a remark on clocks that differ. Raises ServiceError where there is none."""
        ahead = response.clock_difference
        if abs(ahead) > _CLOCKS_DIFFER:
            minutes = max(1, round(abs(ahead) / 60))
            self.shelf.voice.warning(
                f"The clock of this controller is about {minutes} minute{'' if minutes == 1 else 's'} "
                f"{'ahead of' if ahead > 0 else 'behind'} that of {self.wish.place}. Set the clocks right."
            )
        return response.usable()

    def _keep(self, entry: _shelf.Entry) -> None:
        self.shelf.keep(self.places, entry.to_json(), entry.token.useful_until)


@dataclass(frozen=True)
class _Granted:
    """A token by a grant, and how that is called. For the rest see ``Handout``."""

    token: _token.Token
    verb: str
    successor: str | None = field(default=None, repr=False)
    kept: str = ""
