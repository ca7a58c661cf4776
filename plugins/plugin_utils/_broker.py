# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only way to a token: cache, lock, another look, grant. Private to this collection.

Nobody else touches the caches, the lock or the clock.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
import typing as t
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from . import _cache, _seal, _token
from ._errors import AuthError, ServiceError

Clock = Callable[[], float]
# Seconds without another try after a renewal that failed while the old token lived.
_QUIET = 30.0


class Voice(t.Protocol):
    """Where remarks go; the core's Display is one."""

    def warning(self, msg: str) -> None:
        """Say it always, once."""

    def v(self, msg: str) -> None:
        """Say it at ``-v``."""

    def vvv(self, msg: str) -> None:
        """Say it at ``-vvv``."""


@dataclass(frozen=True)
class Wish:
    """Which token is wanted, and how to get it.

    :param label: provider and method, for remarks.
    :param place: the host that issues it, for remarks.
    :param secret: the permanent credential.
    :param identity: what else makes its tokens different; no secret.
    :param grant: obtains a token with the permanent credential.
    :param renew: obtains one with a refresh token; gives None where there is no way to.
    :param ready: whether the grant needs no network, so that there is nothing to cache.
    """

    label: str
    place: str
    secret: str
    identity: Mapping[str, str]
    grant: Callable[[Clock], _token.Token]
    renew: Callable[[Clock, str], _token.Token | None]
    ready: bool = False


@dataclass(frozen=True)
class Handout:
    """A token, where it came from (``issued``, ``cache`` or ``given``) and when it was handed out.

    :param kept: the kind of cache that took a token that was issued; empty for none.
    """

    token: _token.Token
    source: str
    at: float
    kept: str = ""


@dataclass(frozen=True)
class Entry:
    """What is sealed: a token, and until when its renewal is not tried again after one that failed."""

    token: _token.Token
    quiet_until: float = 0.0

    def to_json(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Entry | None:
        """What ``to_json`` wrote; None for the entry of a version with other fields."""
        try:
            values = json.loads(data)
            return cls(_token.Token(**values.pop("token")), **values)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None


@dataclass(frozen=True)
class Place:
    """A cache and the seal for one credential in it."""

    cache: _cache.Cache
    seal: _seal.Seal


@dataclass(frozen=True)
class Broker:
    """Hands out tokens.

    :param caches: where tokens are kept: the wanted cache, and the one to use when that fails. None: nowhere.
    :param min_validity: seconds that a token from the cache still lives, or half its life.
    :param patience: seconds to wait for somebody else's grant before making one.
    """

    voice: Voice
    caches: tuple[_cache.Cache, ...]
    spare: _cache.Spare | None
    min_validity: float
    patience: float

    def token(self, wish: Wish, *, refresh: bool = False) -> Handout:
        """A token that lives. Raises what the grant raises; a cache that fails costs no token."""
        if wish.ready:
            return Handout(wish.grant(time.time), "given", time.time())
        places = self._places(wish)
        entry = self._look(places)
        if entry is None or refresh or not self._is_good(entry):
            with self._alone(wish, places, self.patience):
                entry = self._look(places)
                if entry is None or refresh or not self._is_good(entry):
                    return self._renew(wish, places, entry, keep=not refresh)
        elif self._is_due(entry):
            return self._renew_early(wish, places, entry)
        return self._from_cache(wish, entry)

    def discard(self, wish: Wish, text: str) -> None:
        """Let go of exactly the token that was refused; its refresh token is kept."""
        places = self._places(wish)
        with self._alone(wish, places, self.patience):
            entry = self._look(places)
            if entry is not None and entry.token.text == text:
                dead = dataclasses.replace(entry.token, expires_at=entry.token.issued_at)
                self._keep(places, Entry(dead))

    def cached(self, wish: Wish) -> Handout | None:
        """The token that is kept, dead or alive; None when there is none."""
        entry = None if wish.ready else self._look(self._places(wish))
        return Handout(entry.token, "cache", time.time()) if entry is not None else None

    def forget(self, wish: Wish, last: Callable[[_token.Token], None]) -> bool:
        """Remove what is kept of the credential; whether every cache did.

        :param last: what to do with a living token before; when it raises, the token is removed all the same.
        """
        places = self._places(wish)
        with self._alone(wish, places, self.patience):
            entry = self._look(places)
            try:
                if entry is not None and entry.token.lives(time.time(), 0):
                    last(entry.token)
            finally:
                removed = self._drop(wish, self.caches)
        return removed == len(self.caches)

    def _drop(self, wish: Wish, caches: Iterable[_cache.Cache]) -> int:
        """Remove the entry from these caches, also from one that is left alone; how many took it."""
        removed = 0
        for cache in caches:
            with self._complaining(cache):
                cache.drop(_seal.Seal(wish.secret, wish.identity, cache.salt()).name)
                removed += 1
        return removed

    def _places(self, wish: Wish) -> list[Place]:
        """The caches that can be used. One that fails is left alone for a while."""
        places = []
        for cache in self.caches:
            if self._rests(cache):
                continue
            with self._complaining(cache):
                places.append(Place(cache, _seal.Seal(wish.secret, wish.identity, cache.salt())))
        return places

    def _rests(self, cache: _cache.Cache) -> bool:
        """Whether the cache failed a moment ago, so that everybody uses the spare one."""
        return self.spare is not None and self.spare.kind != cache.kind and self.spare.resting(cache.kind)

    def _usable(self, places: list[Place]) -> Iterator[Place]:
        """Without one that failed meanwhile: the next process does not look there either."""
        return (place for place in places if not self._rests(place.cache))

    def _look(self, places: list[Place]) -> Entry | None:
        """The latest entry that can be opened: a cache that could not be written may hold an older one."""
        found: Entry | None = None
        for place in self._usable(places):
            with self._complaining(place.cache):
                data = place.cache.get(place.seal.name)
                opened = place.seal.open(data) if data is not None else None
                entry = Entry.from_json(opened) if opened is not None else None
                if entry is not None and (found is None or entry.token.issued_at >= found.token.issued_at):
                    found = entry
        return found

    @contextlib.contextmanager
    def _alone(self, wish: Wish, places: list[Place], seconds: float) -> Iterator[bool]:
        """One at a time for each credential; whether the lock is held. Who waited too long goes on without it."""
        with contextlib.ExitStack() as stack:
            held = False
            for place in self._usable(places):
                with self._complaining(place.cache):
                    held = stack.enter_context(place.cache.lock(place.seal.name, seconds))
                    if not held and seconds:
                        self.voice.v(
                            f"{wish.label}: another process did not finish in time, so this one does not wait."
                        )
                    break
            yield held

    def _is_good(self, entry: Entry) -> bool:
        """Whether its token can be handed out as it is."""
        now = time.time()
        return entry.token.lives(now, self.min_validity) or (now < entry.quiet_until and entry.token.lives(now, 0))

    def _is_due(self, entry: Entry) -> bool:
        """Whether its token is in the last quarter of its life, and nobody failed to renew it just before."""
        now = time.time()
        return now >= entry.quiet_until and not entry.token.lives(now, entry.token.life / 4)

    def _renew_early(self, wish: Wish, places: list[Place], entry: Entry) -> Handout:
        """One process renews, while the others go on with the old token."""
        with self._alone(wish, places, 0) as held:
            if not held:
                return self._from_cache(wish, entry)
            entry = self._look(places) or entry
            if self._is_good(entry) and not self._is_due(entry):
                return self._from_cache(wish, entry)
            return self._renew(wish, places, entry, keep=True)

    def _renew(self, wish: Wish, places: list[Place], old: Entry | None, *, keep: bool) -> Handout:
        """A new token, or with ``keep`` the old one when the grant fails while that lives."""
        try:
            token, verb = self._grant(wish, old)
        except AuthError as error:
            if not keep or old is None or not old.token.lives(time.time(), 0):
                raise
            self.voice.v(f"{wish.label}: the token was not renewed, so the old one is used. The cause: {error}")
            self._keep(places, Entry(old.token, time.time() + _QUIET))
            return self._from_cache(wish, old)
        kept = self._keep(places, Entry(token))
        handout = Handout(token, "issued", time.time(), kept)
        self.voice.v(f"{wish.label}: token {verb} by {wish.place}, {_left(handout)}.")
        return handout

    def _grant(self, wish: Wish, old: Entry | None) -> tuple[_token.Token, str]:
        """A token by the refresh token that is kept, else by the permanent credential; and how that is called."""
        refresh_token = old.token.refresh_token if old is not None else None
        if old is not None and refresh_token is not None and old.token.can_refresh(time.time()):
            try:
                token = wish.renew(time.time, refresh_token)
            except ServiceError as error:
                # With a fault that passes the other grant would fail too, and the refresh token may be good yet.
                if error.may_pass:
                    raise
                self.voice.v(f"{wish.label}: the refresh token is refused, so the permanent credential is used.")
            else:
                if token is not None:
                    return token.with_refresh_of(old.token), "renewed"
        return wish.grant(time.time), "issued"

    def _from_cache(self, wish: Wish, entry: Entry) -> Handout:
        handout = Handout(entry.token, "cache", time.time())
        self.voice.vvv(f"{wish.label}: token of {wish.place} from the cache, {_left(handout)}.")
        return handout

    def _keep(self, places: list[Place], entry: Entry) -> str:
        """Put the entry into the first cache that takes it, and out of those behind; the kind of that cache."""
        kept = ""
        for place in self._usable(places):
            with self._complaining(place.cache):
                if kept:
                    place.cache.drop(place.seal.name)
                    continue
                place.cache.put(place.seal.name, place.seal.close(entry.to_json()), entry.token.useful_until)
                kept = place.cache.kind
        return kept

    @contextlib.contextmanager
    def _complaining(self, cache: _cache.Cache) -> Iterator[None]:
        """Turn a cache's fault into a warning, and leave the cache alone for a while."""
        try:
            yield
        except _cache.CacheError as error:
            self.voice.warning(f"{error} Until then more tokens are asked for than needed.")
            if self.spare is not None and cache.kind != self.spare.kind:
                self.spare.rest(cache.kind)


def _left(handout: Handout) -> str:
    if handout.token.expires_at is None:
        return "its life is unknown"
    return f"{max(0, int(handout.token.expires_at - handout.at))} seconds left"
