# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of a credential: looked up in all caches, and judged. Private to this collection.

A token from the cache needs no more of the token manager than this.
"""

from __future__ import annotations

import contextlib
import json
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping

from .. import _token
from .._errors import CacheError
from .._value import Value
from .cipher import EntryCipher

if t.TYPE_CHECKING:
    from .backend import Backend, Display, Fallback

Clock = Callable[[], float]


class TokenSpec(Value):
    """Which token is wanted, and how to get it.

    :param label: provider and method, for remarks.
    :param issuer_host: the host that issues it, for remarks.
    :param secret: the permanent credential.
    :param identity: what else makes its tokens different; no secret.
    :param grant: asks for a token with the permanent credential.
    :param renew: asks for one with a refresh token; gives None where there is no way to.
    :param ready: whether the grant needs no network, so that there is nothing to cache.
    :param given: the refresh token that the permanent credential is; None for any other.
    :param once: whether a second try with a wrong secret does harm, so that a refusal is remembered.
    :param caution: what to say before a refresh token is sent whose successor will not be kept; empty for nothing.
    """

    label: str
    issuer_host: str
    secret: str
    identity: Mapping[str, str]
    grant: Callable[[Clock], _token.TokenResponse]
    renew: Callable[[Clock, str], _token.TokenResponse | None]
    ready: bool = False
    given: _token.GivenRefreshToken | None = None
    once: bool = False
    caution: str = ""


class TokenResult(Value):
    """A token, where it came from (``issued``, ``cache`` or ``given``) and when it was handed out.

    :param successor: the refresh token that replaces the one that was given and sent for it; None for no such thing.
    :param kept: the kind of cache that took the successor; empty for none.
    """

    token: _token.Token
    source: str
    at: float
    successor: str | None = None
    kept: str = ""

    @property
    def left(self) -> str:
        """How long the token lives, in words."""
        if self.token.expires_at is None:
            return "its life is unknown"
        return f"{max(0, int(self.token.expires_at - self.at))} seconds left"


class Entry(Value):
    """What is sealed: a token, and what is remembered of it.

    :param quiet_until: until when its renewal is not tried again after one that failed.
    :param refused_at: when the service last refused a token of this entry that seemed to live.
    """

    token: _token.Token
    next_refresh: float = 0.0
    refused_at: float = 0.0

    def to_json(self) -> bytes:
        return json.dumps({**self._asdict(), "token": self.token._asdict()}).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Entry | None:
        """What ``to_json`` wrote; None for the entry of a version with other fields."""
        try:
            values = json.loads(data)
            return cls(_token.Token(**values.pop("token")), **values)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return None


class CacheSlot(Value):
    """A cache and the seal for one credential in it."""

    cache: Backend
    cipher: EntryCipher


class TokenCache(Value):
    """The caches.

    :param caches: where tokens are kept: the wanted cache, and the one to use when that fails. None: nowhere.
    :param min_validity: seconds that a token from the cache still lives, or half its life.
    :param patience: seconds to wait for somebody else's grant before making one.
    :param meanwhile: what follows from a cache that fails, as a sentence; empty where another one says it.
    """

    display: Display
    caches: tuple[Backend, ...]
    fallback: Fallback | None
    min_validity: float
    patience: float
    meanwhile: str = "Until then more tokens are asked for than needed."

    def slots(self, secret: str, identity: Mapping[str, str]) -> list[CacheSlot]:
        """The caches that can be used, for one credential. One that fails is left alone for a while."""
        slots = []
        for cache in self.caches:
            if self._is_suspended(cache):
                continue
            with self.complaining(cache):
                slots.append(CacheSlot(cache, EntryCipher(secret, identity, cache.salt())))
        return slots

    def usable(self, slots: list[CacheSlot]) -> Iterator[CacheSlot]:
        """Without one that failed meanwhile: the next process does not look there either."""
        return (slot for slot in slots if not self._is_suspended(slot.cache))

    def look(self, slots: list[CacheSlot]) -> Entry | None:
        """The latest entry that can be opened: a cache that could not be written may hold an older one."""
        found: Entry | None = None
        for slot in self.usable(slots):
            with self.complaining(slot.cache):
                data = slot.cache.get(slot.cipher.name)
                opened = slot.cipher.decrypt(data) if data is not None else None
                entry = Entry.from_json(opened) if opened is not None else None
                if entry is not None and (found is None or entry.token.issued_at >= found.token.issued_at):
                    found = entry
        return found

    def keep(self, slots: list[CacheSlot], data: bytes, until: float) -> str:
        """Put the data into the first cache that takes it, and out of those behind; the kind of that cache."""
        kept = ""
        for slot in self.usable(slots):
            with self.complaining(slot.cache):
                if kept:
                    slot.cache.drop(slot.cipher.name)
                    continue
                slot.cache.put(slot.cipher.name, slot.cipher.encrypt(data), until)
                kept = slot.cache.kind
        return kept

    def is_good(self, entry: Entry) -> bool:
        """Whether its token can be handed out as it is."""
        now = time.time()
        return entry.token.lives(now, self.min_validity) or (now < entry.next_refresh and entry.token.lives(now, 0))

    def is_due(self, entry: Entry) -> bool:
        """Whether its token is in the last quarter of its life, and nobody failed to renew it just before."""
        now = time.time()
        return now >= entry.next_refresh and not entry.token.lives(now, entry.token.life / 4)

    def from_cache(self, spec: TokenSpec, entry: Entry) -> TokenResult:
        result = TokenResult(entry.token, "cache", time.time())
        self.display.vvv(f"{spec.label}: token of {spec.issuer_host} from the cache, {result.left}.")
        return result

    @contextlib.contextmanager
    def complaining(self, cache: Backend) -> Iterator[None]:
        """Turn a cache's fault into a warning, and leave the cache alone for a while."""
        try:
            yield
        except CacheError as error:
            self.display.warning(f"{error} {self.meanwhile}".rstrip())
            if self.fallback is not None and cache.kind != self.fallback.kind:
                self.fallback.suspend(cache.kind)

    def _is_suspended(self, cache: Backend) -> bool:
        """Whether the cache failed a moment ago, so that everybody uses the spare one."""
        return self.fallback is not None and self.fallback.kind != cache.kind and self.fallback.is_suspended(cache.kind)
