# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only way to a token: cache, lock, another look, grant. Private to this collection.

Nobody but this package touches the caches, the lock or the clock.
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable

from .._errors import AuthError
from .cache import CacheSlot, TokenCache, TokenResult, TokenSpec

if t.TYPE_CHECKING:
    from .. import _token
    from .refresher import Refresher


class TokenManager(TokenCache):
    """Hands out tokens."""

    def token(self, spec: TokenSpec, *, refresh: bool = False) -> TokenResult:
        """A token that lives. Raises what the grant raises; a cache that fails costs no token."""
        if spec.ready:
            return TokenResult(spec.grant(time.time).usable(), "given", time.time())
        slots = self._slots(spec)
        entry = self.look(slots)
        if entry is None or refresh or not self.is_good(entry):
            return self._refresher(spec, slots).obtain(refresh=refresh)
        if self.is_due(entry):
            return self._refresher(spec, slots).refresh_ahead(entry)
        return self.from_cache(spec, entry)

    def invalidate(self, spec: TokenSpec, text: str) -> bool:
        """Let go of exactly the token that was refused, its refresh token is kept; whether to try with another.

        Not where the token before it was refused as well, a moment ago: then it is not the token that is at fault.
        """
        return self._refresher(spec, self._slots(spec)).invalidate(text)

    def cached(self, spec: TokenSpec) -> TokenResult | None:
        """The token that is kept, dead or alive; None when there is none.

        Raises AuthError where none is found and a cache did not answer.
        """
        slots = [] if spec.ready else self._slots(spec)
        entry = self.look(slots)
        if entry is not None:
            return TokenResult(entry.token, "cache", time.time())
        if not spec.ready and len(list(self.usable(slots))) < len(self.caches):
            raise AuthError(
                "Whether a token of this credential is cached is not known. Correct what the warning about the cache "
                "says."
            )
        return None

    def remove(self, spec: TokenSpec, last: Callable[[_token.Token], None]) -> bool:
        """Remove what is kept of the credential; whether every cache did.

        :param last: what to do with a living token before; when it raises, the token is removed all the same.
        """
        return self._refresher(spec, self._slots(spec)).remove(last)

    def _slots(self, spec: TokenSpec) -> list[CacheSlot]:
        return self.slots(spec.secret, spec.identity)

    def _refresher(self, spec: TokenSpec, slots: list[CacheSlot]) -> Refresher:
        # Imported here, because a token from the cache needs none of it.
        from .refresher import Refresher

        return Refresher(self, spec, slots)
