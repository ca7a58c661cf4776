# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The refusal of a password, remembered so that many hosts do not lock an account. Private to this collection."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass

from .._errors import ServiceError
from .cache import CacheSlot, TokenCache, TokenSpec

# Seconds; the cache that remembers it ends with the run.
_A_DAY = 86400.0


@dataclass(frozen=True)
class Refusal:
    """The remembered refusal of one credential. It is read and written only while its lock is held."""

    cache: TokenCache
    spec: TokenSpec

    def check(self) -> None:
        """Raise ServiceError where this secret was refused before in this run."""
        for slot in self.cache.usable(self._slots):
            with self.cache.complaining(slot.backend):
                data = slot.backend.get(slot.cipher.name)
                kept = slot.cipher.decrypt(data) if data is not None else None
                if kept is not None:
                    status, sentence = json.loads(kept)
                    raise ServiceError(
                        f"{sentence} It was asked once in this run, and is not asked again: many tries with a "
                        "wrong password can lock an account. refresh: true asks again.",
                        status,
                    )

    def remember(self, error: ServiceError) -> None:
        """Keep the error of the only try, unless the request did not arrive. It counts whatever the answer says."""
        if error.status is None and not error.answer_lost:
            return
        self.cache.keep(self._slots, json.dumps([error.status, str(error)]).encode(), time.time() + _A_DAY)

    def clear(self) -> None:
        """Forget the refusal, after a try that succeeded."""
        for slot in self.cache.usable(self._slots):
            with self.cache.complaining(slot.backend):
                slot.backend.drop(slot.cipher.name)

    @property
    def _slots(self) -> list[CacheSlot]:
        return self.cache.slots(self.spec.secret, {**self.spec.identity, "kind": "refusal"})
