# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is kept of a credential: looked up in all backends, and judged. Private to this collection."""

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
    """What a token that is kept is good for."""

    # It is handed out.
    FRESH = enum.auto()
    # It is handed out, and one process renews it ahead of its end.
    STALE = enum.auto()
    # It has to be renewed before anybody gets one.
    INVALID = enum.auto()


class TokenSpec(Value):
    """Which token is wanted, and how to get it.

    :param label: provider and method, for remarks.
    :param issuer_host: the host that issues it, for remarks.
    :param secret: the permanent credential.
    :param identity: what else makes its tokens different; no secret.
    :param source: what is asked for a token that is not kept.
    :param ready: whether the grant needs no network, so that there is nothing to cache.
    :param given: the refresh token that the permanent credential is; None for any other.
    :param once: whether a second try with a wrong secret does harm, so that a refusal is remembered.
    :param caution: what to say before a refresh token is sent whose successor will not be kept; empty for nothing.
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
    """What is encrypted: a token, and what is remembered of it.

    :param next_refresh: when its renewal is tried again after one that failed.
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
    """The place of one credential in one backend."""

    backend: Backend
    cipher: EntryCipher


class TokenCache(Value):
    """The backends, as one.

    :param backends: where tokens are kept: the wanted one, and the one to use when that fails. None: nowhere.
    :param fallback: the one that remembers which other one failed; None where there is only one.
    :param min_validity: seconds that a token from the cache still lives, or half its life.
    :param meanwhile: what follows from a backend that fails, as a sentence; empty where another one says it.
    """

    display: Display
    backends: tuple[Backend, ...]
    fallback: Fallback | None
    min_validity: float
    meanwhile: str = "Until then more tokens are asked for than needed."

    def slots(self, secret: str, identity: Mapping[str, str]) -> list[CacheSlot]:
        """The places of one credential that can be used. A backend that fails is left alone for a while."""
        slots = []
        for backend in self.backends:
            if self._is_suspended(backend):
                continue
            with self.complaining(backend):
                slots.append(CacheSlot(backend, EntryCipher(secret, identity, backend.salt())))
        return slots

    def usable(self, slots: list[CacheSlot]) -> Iterator[CacheSlot]:
        """Without those of a backend that failed meanwhile: the next process does not look there either."""
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
        """Put the data into the first backend that takes it, and out of those behind; the kind of that backend."""
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
        """STALE in the last quarter of its life. After a renewal that failed it is FRESH for a while, if it lives."""
        now = time.time()
        token = entry.token
        if now < entry.next_refresh:
            return State.FRESH if token.lives(now, 0) else State.INVALID
        if not token.lives(now, self.min_validity):
            return State.INVALID
        return State.FRESH if token.lives(now, token.life / 4) else State.STALE

    def hand_out(self, spec: TokenSpec, entry: Entry) -> TokenResult:
        result = TokenResult(entry.token, "cache", time.time())
        self.display.vvv(f"{spec.label}: token of {spec.issuer_host} from the cache, {result.left}.")
        return result

    @contextlib.contextmanager
    def complaining(self, backend: Backend) -> Iterator[None]:
        """Turn a backend's fault into a warning, and leave the backend alone for a while."""
        try:
            yield
        except CacheError as error:
            self.display.warning(f"{error} {self.meanwhile}".rstrip())
            if self.fallback is not None and backend.kind != self.fallback.kind:
                self.fallback.suspend(backend.kind)

    def _is_suspended(self, backend: Backend) -> bool:
        """Whether the backend failed a moment ago, so that everybody uses the one to fall back on."""
        if self.fallback is None or self.fallback.kind == backend.kind:
            return False
        return self.fallback.is_suspended(backend.kind)
