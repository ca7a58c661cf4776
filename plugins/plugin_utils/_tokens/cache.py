# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The cached token of a credential: where it is, and how fresh. Private to this collection."""

from __future__ import annotations

import contextlib
import enum
import json
import time
import typing as t
from collections.abc import Iterator, Mapping

from .. import _token
from .._errors import CacheError
from .._value import Value
from .cipher import EntryCipher

if t.TYPE_CHECKING:
    from .backend import Backend, Display, Fallback, Source


class State(enum.Enum):
    """What may be done with a cached token."""

    # It is used.
    FRESH = enum.auto()
    # It is used, and one process renews it before it expires.
    STALE = enum.auto()
    # It has to be renewed before it is used.
    INVALID = enum.auto()


class TokenSpec(Value):
    """Which token is wanted, and how to get it.

    :param label: provider and method, for remarks.
    :param issuer_host: the host that issues it, with its port where the address has one, for remarks.
    :param secret: the permanent credential.
    :param identity: what else tells its tokens from others; no secret.
    :param source: what is asked for a token that is not cached.
    :param ready: whether the grant needs no network, so that there is nothing to cache.
    :param given: the refresh token, where that is the permanent credential; None for any other.
    :param once: whether a second try with a wrong secret does harm, so that a refusal is remembered.
    :param turn: what grants take turns by, where ``secret`` is one that somebody replaces; None for ``secret`` itself.
    :param caution: a warning to show before a refresh token is sent whose successor will not be kept; empty for none.
    """

    label: str
    issuer_host: str
    secret: str
    identity: Mapping[str, str]
    source: Source
    ready: bool = False
    given: _token.GivenRefreshToken | None = None
    once: bool = False
    caution: str = ""
    turn: Mapping[str, str] | None = None


class TokenResult(Value):
    """A token, where it came from (``issued``, ``cache`` or ``given``) and at what time.

    :param successor: the refresh token that the provider sent to replace the given one; None for none.
    :param kept: the kind of cache that keeps the successor; empty for none.
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
    """What a cache entry holds: a token, and what is remembered about it.

    :param next_refresh: after a refresh that failed, the time of the next try.
    :param refused_at: when the service last refused a token of this entry that had not expired.
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
    """One backend, with what encrypts the entry of one credential there."""

    backend: Backend
    cipher: EntryCipher


class TokenCache(Value):
    """All backends, used as one cache.

    :param backends: the wanted one, then the one to use when it fails; empty where nothing is cached.
    :param fallback: the backend that is used when the other one fails, and remembers that; None for a single one.
    :param min_validity: seconds for which a cached token must still be valid, or half its life if that is less.
    :param meanwhile: a sentence to add to the warning about a failing backend; empty for none.
    """

    display: Display
    backends: tuple[Backend, ...]
    fallback: Fallback | None
    min_validity: float
    meanwhile: str = "Until then more tokens are asked for than needed."

    def slots(self, secret: str, identity: Mapping[str, str]) -> list[CacheSlot]:
        """One slot for each backend that can be used. A backend that fails is not used for a while."""
        slots = []
        for backend in self.backends:
            if self._is_suspended(backend):
                continue
            with self.complaining(backend):
                slots.append(CacheSlot(backend, EntryCipher(secret, identity, backend.salt())))
        return slots

    def usable(self, slots: list[CacheSlot]) -> Iterator[CacheSlot]:
        """The slots without those of a backend that has failed since: other processes do not use that either."""
        return (slot for slot in slots if not self._is_suspended(slot.backend))

    def look(self, slots: list[CacheSlot]) -> Entry | None:
        """The latest entry that can be decrypted: a backend that could not be written may hold an older one."""
        found: Entry | None = None
        for slot in self.usable(slots):
            with self.complaining(slot.backend):
                data = slot.backend.get(slot.cipher.name)
                opened = slot.cipher.decrypt(data) if data is not None else None
                entry = Entry.from_json(opened) if opened is not None else None
                if entry is not None and (found is None or entry.token.issued_at >= found.token.issued_at):
                    found = entry
        return found

    def keep(self, slots: list[CacheSlot], data: bytes, until: float) -> str:
        """Write the data to the first backend that takes it, and drop the entry from those after it.

        Returns the kind of the backend that took it; empty for none.
        """
        kept = ""
        for slot in self.usable(slots):
            with self.complaining(slot.backend):
                if kept:
                    slot.backend.drop(slot.cipher.name)
                    continue
                slot.backend.put(slot.cipher.name, slot.cipher.encrypt(data), until)
                kept = slot.backend.kind
        return kept

    def state(self, entry: Entry) -> State:
        """STALE in the last quarter of its life. After a refresh that failed, FRESH for a while unless it expires."""
        now = time.time()
        token = entry.token
        if now < entry.next_refresh:
            return State.FRESH if token.lives(now, 0) else State.INVALID
        if not token.lives(now, self.min_validity):
            return State.INVALID
        return State.FRESH if token.lives(now, token.life / 4) else State.STALE

    def result(self, spec: TokenSpec, entry: Entry) -> TokenResult:
        """The token of the entry, with a remark that it is from the cache."""
        result = TokenResult(entry.token, "cache", time.time())
        self.display.vvv(f"{spec.label}: token of {spec.issuer_host} from the cache, {result.left}.")
        return result

    @contextlib.contextmanager
    def complaining(self, backend: Backend) -> Iterator[None]:
        """Turn a backend's fault into a warning, and do not use the backend for a while."""
        try:
            yield
        except CacheError as error:
            self.display.warning(f"{error} {self.meanwhile}".rstrip())
            if self.fallback is not None and backend.kind != self.fallback.kind:
                self.fallback.suspend(backend.kind)

    def _is_suspended(self, backend: Backend) -> bool:
        """Whether the backend failed a moment ago, so that every process uses the fallback."""
        if self.fallback is None or self.fallback.kind == backend.kind:
            return False
        return self.fallback.is_suspended(backend.kind)
