# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only way to a token: look in the cache, lock, look again, grant. Private to this collection.

Every task and lookup gets its token here.
"""

from __future__ import annotations

import contextlib
import time
import typing as t

from .._errors import AuthError
from .._value import Value
from .cache import CacheSlot, State, TokenCache, TokenResult, TokenSpec

if t.TYPE_CHECKING:
    from .. import _token
    from .refresher import Refresher


class TokenManager(Value):
    """Gets tokens from the cache, or by a grant.

    :param patience: seconds to wait while another process obtains the token.
    """

    cache: TokenCache
    patience: float

    def token(self, spec: TokenSpec, *, refresh: bool = False) -> TokenResult:
        """A token that has not expired. Raises what the grant raises. Where a cache fails, the token is still given."""
        if spec.ready:
            return TokenResult(spec.source.grant(time.time).usable(), "given", time.time())
        slots = self._slots(spec)
        entry = self.cache.look(slots)
        state = State.INVALID if entry is None or refresh else self.cache.state(entry)
        if entry is None or state is State.INVALID:
            return self._refresher(spec, slots).obtain(refresh=refresh)
        if state is State.STALE:
            return self._refresher(spec, slots).refresh_ahead(entry)
        return self.cache.result(spec, entry)

    def invalidate(self, spec: TokenSpec, text: str) -> bool:
        """Mark exactly this token, which was refused, as expired, and keep its refresh token.

        Whether another token is worth a try: not where the one before it was refused a moment ago as well, since then
        the fault is not the token's.
        """
        return self._refresher(spec, self._slots(spec)).invalidate(text)

    def cached(self, spec: TokenSpec) -> TokenResult | None:
        """The cached token, expired or not; None when there is none.

        Raises AuthError where none is found and a cache did not answer.
        """
        slots = [] if spec.ready else self._slots(spec)
        entry = self.cache.look(slots)
        if entry is not None:
            return TokenResult(entry.token, "cache", time.time())
        if not spec.ready and len(list(self.cache.usable(slots))) < len(self.cache.backends):
            raise AuthError(
                "Whether a token of this credential is cached is not known. Correct what the warning about the cache "
                "says."
            )
        return None

    def removing(self, spec: TokenSpec) -> contextlib.AbstractContextManager[_token.Token | None]:
        """A context with the cached token; None where there is none, or it has expired. Its end removes the entry.

        Raises AuthError at the end where a cache did not remove it.
        """
        return self._refresher(spec, self._slots(spec)).removing()

    def _slots(self, spec: TokenSpec) -> list[CacheSlot]:
        return self.cache.slots(spec.secret, spec.identity)

    def _refresher(self, spec: TokenSpec, slots: list[CacheSlot]) -> Refresher:
        # Imported here, because a token from the cache needs none of it.
        from .refresher import Refresher

        return Refresher(self.cache, self.patience, spec, slots)
