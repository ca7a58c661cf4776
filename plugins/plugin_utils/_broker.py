# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only way to a token: cache, lock, another look, grant. Private to this collection.

Nobody but the broker and the two files below it, ``_renewal`` and ``_shelf``, touches the caches, the lock or the
clock.
"""

from __future__ import annotations

import time
import typing as t
from collections.abc import Callable

from . import _shelf
from ._errors import AuthError

if t.TYPE_CHECKING:
    from . import _renewal, _token


class Broker(_shelf.Shelf):
    """Hands out tokens."""

    def token(self, wish: _shelf.Wish, *, refresh: bool = False) -> _shelf.Handout:
        """A token that lives. Raises what the grant raises; a cache that fails costs no token."""
        if wish.ready:
            return _shelf.Handout(wish.grant(time.time).usable(), "given", time.time())
        places = self._places(wish)
        entry = self.look(places)
        if entry is None or refresh or not self.is_good(entry):
            return self._renewal(wish, places).handout(refresh=refresh)
        if self.is_due(entry):
            return self._renewal(wish, places).early(entry)
        return self.hand_out(wish, entry)

    def discard(self, wish: _shelf.Wish, text: str) -> bool:
        """Let go of exactly the token that was refused, its refresh token is kept; whether to try with another.

        Not where the token before it was refused as well, a moment ago: then it is not the token that is at fault.
        """
        return self._renewal(wish, self._places(wish)).discard(text)

    def cached(self, wish: _shelf.Wish) -> _shelf.Handout | None:
        """The token that is kept, dead or alive; None when there is none.

        Raises AuthError where none is found and a cache did not answer.
        """
        places = [] if wish.ready else self._places(wish)
        entry = self.look(places)
        if entry is not None:
            return _shelf.Handout(entry.token, "cache", time.time())
        if not wish.ready and len(list(self.usable(places))) < len(self.caches):
            raise AuthError(
                "Whether a token of this credential is cached is not known. Correct what the warning about the cache "
                "says."
            )
        return None

    def forget(self, wish: _shelf.Wish, last: Callable[[_token.Token], None]) -> bool:
        """Remove what is kept of the credential; whether every cache did.

        :param last: what to do with a living token before; when it raises, the token is removed all the same.
        """
        return self._renewal(wish, self._places(wish)).forget(last)

    def _places(self, wish: _shelf.Wish) -> list[_shelf.Place]:
        return self.places(wish.secret, wish.identity)

    def _renewal(self, wish: _shelf.Wish, places: list[_shelf.Place]) -> _renewal.Renewal:
        # Imported here, because a token from the cache needs none of it.
        from . import _renewal

        return _renewal.Renewal(self, wish, places)
