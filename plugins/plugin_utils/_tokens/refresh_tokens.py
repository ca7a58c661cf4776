# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A refresh token that the user gave, and its successors (RFC 6749 section 6). Private to this collection.

The provider may replace a refresh token at each use, and may end the whole sign-in when an old one is sent. So the
successor is kept before anything else of an answer is judged, and is the only one sent from then on.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
import typing as t
from dataclasses import dataclass, field

from .. import _token
from .._errors import AuthError, CacheError, ServiceError
from .cache import CacheSlot, TokenCache
from .cipher import EntryCipher

if t.TYPE_CHECKING:
    from .backend import Source

# Seconds. A successor does not expire, but a cache entry has to.
_KEPT = 10 * 365 * 86400.0


@dataclass(frozen=True)
class Record:
    """What is kept of a given refresh token.

    :param text: the successor; None while the given one is still the one to send.
    :param kept_at: when this was kept, in seconds since the epoch: of two records the later one counts.
    :param is_asking: whether a request was begun whose answer has not been kept.
    """

    text: str | None = field(default=None, repr=False)
    kept_at: float = 0.0
    is_asking: bool = False

    def to_json(self) -> bytes:
        return json.dumps(dataclasses.asdict(self)).encode()

    @classmethod
    def from_json(cls, data: bytes) -> Record | None:
        """What ``to_json`` wrote; None for anything else."""
        with contextlib.suppress(ValueError, TypeError, RecursionError):
            return cls(**json.loads(data))
        return None


@dataclass(frozen=True)
class Successors:
    """What is kept of one given refresh token, in all caches."""

    cache: TokenCache
    given: _token.GivenRefreshToken

    @property
    def slots(self) -> list[CacheSlot]:
        """The slots of the successor. Their lock serves for all tokens from the given one, whatever their options."""
        return self.cache.slots(self.given.text, self._identity)

    def renewed(self, source: Source) -> tuple[_token.TokenResponse, str]:
        """The answer to the latest refresh token, and the kind of backend that took its successor; empty for none.

        To be called with the lock held. Raises ServiceError, and AuthError where a cache may know a successor and
        does not say.
        """
        record = self._record()
        # Written before the request too, so that a failing cache is found before the only successor is to be kept.
        self._keep(dataclasses.replace(record, is_asking=True))
        sent = record.text or self.given.text
        try:
            response = source.renew(time.time, sent)
        except AuthError as error:
            problem = self._explained(error, record)
            self._keep(dataclasses.replace(record, is_asking=_is_lost(error)))
        else:
            return self._kept(response, sent, record)
        raise problem

    def _kept(self, response: _token.TokenResponse, sent: str, record: Record) -> tuple[_token.TokenResponse, str]:
        successor = response.refresh_token if response.refresh_token != sent else None
        kept = self._keep(Record(successor or record.text, record.kept_at))
        return response._replace(refresh_token=successor), kept if successor else ""

    @property
    def _identity(self) -> dict[str, str]:
        return {"client_id": self.given.client_id, "kind": "refresh_token"}

    def _record(self) -> Record:
        """The latest record. Raises AuthError where none is found and a cache that may have one does not answer."""
        found = Record()
        problem = ""
        for backend in self.cache.backends:
            try:
                cipher = EntryCipher(self.given.text, self._identity, backend.salt())
                data = backend.get(cipher.name)
            except CacheError as error:
                if backend.is_there():
                    problem = str(error)
                continue
            opened = cipher.decrypt(data) if data is not None else None
            record = Record.from_json(opened) if opened is not None else None
            if record is not None and record.kept_at >= found.kept_at:
                found = record
        if problem and not found.kept_at:
            raise AuthError(
                f"{problem} It may keep the successor of refresh_token, and to send the given one again could end the "
                "sign-in."
            )
        return found

    def _keep(self, record: Record) -> str:
        now = time.time()
        # Not before what it replaces, which another cache may still have from before the clock was set back.
        data = dataclasses.replace(record, kept_at=max(now, record.kept_at)).to_json()
        return self.cache.keep(self.slots, data, now + _KEPT)

    def _explained(self, error: AuthError, record: Record) -> AuthError:
        """The refusal with what is known of its cause."""
        if not isinstance(error, ServiceError) or not error.is_spent:
            return error
        why = ""
        if error.answer_lost or record.is_asking:
            why = "The answer to an earlier try was lost with the successor of refresh_token, so the sign-in is over."
        elif record.text is not None:
            why = "What was sent is the successor of refresh_token that the provider had given."
        again = "Sign in again, and set refresh_token to the one that this brings"
        brief = f"{again}, whose successor is kept in {self._place}."
        error.because("refresh_token_spent", "refresh_token", brief)
        if not why:
            return error
        sentence = f"{error} {why} {again}."
        return ServiceError(
            sentence, error.status, error.words, code=error.code, answer_lost=error.answer_lost, is_spent=True
        ).because("refresh_token_spent", "refresh_token", brief)

    @property
    def _place(self) -> str:
        """Where a successor is kept first, in words."""
        kinds = [backend.kind for backend in self.cache.backends]
        if not kinds:
            return "no cache"
        return {"user": "the user's token cache", "run": "the cache of this run"}.get(kinds[0], "Redis")


def _is_lost(error: AuthError) -> bool:
    """Whether the provider may have sent a successor that did not arrive."""
    return isinstance(error, ServiceError) and error.answer_lost and error.status is None
