# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do without a usable token in the cache: lock, look again, grant. Private to this collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .. import _token
from .._errors import AuthError, ServiceError
from . import refusals
from .cache import CacheSlot, Entry, State, TokenCache, TokenResult, TokenSpec
from .cipher import EntryCipher
from .refresh_tokens import Successors

# Seconds without another try after a refresh that failed while the old token was still valid.
_QUIET = 30.0
# Seconds after a refused token in which a refusal of the next one is final.
_REFUSED = 300.0
# Seconds between the readings of two clocks that are worth a remark.
_CLOCKS_DIFFER = 60.0


@dataclass(frozen=True)
class Refresher:
    """Obtains, renews and removes the token of one credential.

    :param patience: seconds to wait while another process obtains the token.
    :param slots: where the entry is.
    """

    cache: TokenCache
    patience: float
    spec: TokenSpec
    slots: list[CacheSlot]

    def obtain(self, *, refresh: bool) -> TokenResult:
        """A token by a grant, unless another process has obtained one meanwhile. Raises what the grant raises."""
        with self._alone(self.patience):
            current = self._current()
            entry = self.cache.look(current.slots)
            if entry is None or refresh or self.cache.state(entry) is State.INVALID:
                return current._renew(entry, keep=not refresh)
        return self.cache.result(self.spec, entry)

    def refresh_ahead(self, entry: Entry) -> TokenResult:
        """One process renews, while the others go on with the old token."""
        with self._alone(0) as held:
            if not held:
                return self.cache.result(self.spec, entry)
            entry = self.cache.look(self.slots) or entry
            if self.cache.state(entry) is State.FRESH:
                return self.cache.result(self.spec, entry)
            return self._current()._renew(entry, keep=True)

    def _current(self) -> Refresher:
        """The same for the credential as it is at this moment: one from elsewhere may have been replaced meanwhile."""
        found = self.spec.source.again()
        if found is None:
            return self
        secret, source = found
        spec = self.spec._replace(secret=secret, source=source)
        return replace(self, spec=spec, slots=self.cache.slots(spec.secret, spec.identity))

    def invalidate(self, text: str) -> bool:
        """What ``TokenManager.invalidate`` promises."""
        with self._alone(self.patience):
            entry = self.cache.look(self.slots)
            now = time.time()
            if entry is None or entry.token.text != text:
                return True
            if 0 <= now - entry.refused_at < min(_REFUSED, entry.token.life / 2):
                return False
            expired = entry.token._replace(expires_at=entry.token.issued_at)
            self._keep(Entry(expired, refused_at=now))
            return True

    @contextlib.contextmanager
    def removing(self) -> Iterator[_token.Token | None]:
        """What ``TokenManager.removing`` promises. The entry is removed after an error in the context too."""
        with self._alone(self.patience):
            entry = self.cache.look(self.slots)
            lives = entry is not None and entry.token.lives(time.time(), 0)
            try:
                yield entry.token if entry is not None and lives else None
            finally:
                is_removed = self._drop()
        if not is_removed:
            raise AuthError("The cached token could not be removed. Correct what the warning about the cache says.")

    def _drop(self) -> bool:
        """Remove the entry from all backends, a suspended one too. Whether all of them did."""
        removed = 0
        for backend in self.cache.backends:
            with self.cache.complaining(backend):
                backend.drop(EntryCipher(self.spec.secret, self.spec.identity, backend.salt()).name)
                removed += 1
        return removed == len(self.cache.backends)

    @contextlib.contextmanager
    def _alone(self, seconds: float) -> Iterator[bool]:
        """Hold the lock of the credential. False where it was not free in time, or no cache has one.

        With a given refresh token, AuthError is raised after a wait that was too long: a second use of such a token
        can end the sign-in.
        """
        slots = self.slots
        if self._successors is not None:
            slots = self._successors.slots
        elif self.spec.turn is not None:
            slots = self.cache.slots("", self.spec.turn)
        with contextlib.ExitStack() as stack:
            held = False
            for slot in self.cache.usable(slots):
                with self.cache.complaining(slot.backend):
                    held = stack.enter_context(slot.backend.lock(slot.cipher.name, seconds, self._waits_long))
                    if not held and seconds:
                        self._waited_too_long()
                    break
            yield held

    def _waits_long(self, seconds: float) -> None:
        self.cache.display.warning(
            f"{self.spec.label}: another process is asking for this token, so this one waits for it, "
            f"{round(seconds)} seconds at most."
        )

    def _waited_too_long(self) -> None:
        if self._successors is not None:
            raise AuthError(
                f"{self.spec.label}: another process uses refresh_token and did not finish in time. To send it twice "
                "could end the sign-in. Run this again."
            )
        self.cache.display.v(f"{self.spec.label}: another process did not finish in time, so this one does not wait.")

    @property
    def _successors(self) -> Successors | None:
        """What is kept of the refresh token that was given; None for any other credential."""
        given = self.spec.given
        return None if given is None else Successors(self.cache, given)

    def _renew(self, old: Entry | None, *, keep: bool) -> TokenResult:
        """A token by a grant. With ``keep``, the old one where the grant fails and the old one has not expired."""
        label = self.spec.label
        display = self.cache.display
        refused_at = 0.0 if old is None else old.refused_at
        try:
            granted = self._grant(old, anew=not keep)
        except AuthError as error:
            if not keep or old is None or not old.token.lives(time.time(), 0):
                raise
            display.v(f"{label}: the token was not renewed, so the old one is used. The cause: {error}")
            self._keep(Entry(old.token, time.time() + _QUIET, refused_at))
            return self.cache.result(self.spec, old)
        self._keep(Entry(granted.token, refused_at=refused_at))
        result = TokenResult(granted.token, "issued", time.time(), granted.successor, granted.kept)
        display.v(f"{label}: token {granted.verb} by {self.spec.issuer_host}, {result.left}.")
        return result

    def _grant(self, old: Entry | None, *, anew: bool) -> _Granted:
        """A token by the refresh token that is kept, else by the permanent credential."""
        if self._successors is not None:
            return self._by_given_refresh_token(self._successors)
        refresh_token = old.token.refresh_token if old is not None else None
        if old is not None and refresh_token is not None and old.token.can_refresh(time.time()):
            try:
                token = self._usable(self.spec.source.renew(time.time, refresh_token))
            except ServiceError as error:
                # After a fault that may pass, the other grant would fail too, and the refresh token may still be good.
                if error.may_pass:
                    raise
                self.cache.display.v(
                    f"{self.spec.label}: the refresh token is refused, so the permanent credential is used."
                )
            else:
                return _Granted(token.with_refresh_of(old.token), "renewed")
        return _Granted(self._by_permanent_credential(anew=anew), "issued")

    def _by_given_refresh_token(self, successors: Successors) -> _Granted:
        if self.spec.caution:
            self.cache.display.warning(self.spec.caution)
        response, kept = successors.renewed(self.spec.source)
        # The successor is kept apart from the token, since it serves for tokens of any scope.
        token = self._usable(response)._replace(refresh_token=None, refresh_until=None)
        return _Granted(token, "issued", response.refresh_token, kept)

    def _by_permanent_credential(self, *, anew: bool) -> _token.Token:
        if not self.spec.once:
            return self._usable(self.spec.source.grant(time.time))
        refusal = refusals.Refusal(self.cache, self.spec)
        if not anew:
            refusal.check()
        try:
            response = self.spec.source.grant(time.time)
        except ServiceError as error:
            refusal.remember(error)
            raise
        if anew:
            refusal.clear()
        return self._usable(response)

    def _usable(self, response: _token.TokenResponse) -> _token.Token:
        """The token of the answer, with a remark on clocks that differ. Raises ServiceError where there is none."""
        ahead = response.clock_difference
        if abs(ahead) > _CLOCKS_DIFFER:
            self.cache.display.warning(
                f"The clock of this controller is about {_token.minutes(ahead)} that of {self.spec.issuer_host}. "
                "Set the clocks right."
            )
        return response.usable()

    def _keep(self, entry: Entry) -> None:
        # A refusal is remembered longer than the refused token, which counts as expired.
        until = max(entry.token.useful_until, entry.refused_at + _REFUSED)
        self.cache.keep(self.slots, entry.to_json(), until)


@dataclass(frozen=True)
class _Granted:
    """A token by a grant, and the verb for it in a remark. The other fields are those of ``TokenResult``."""

    token: _token.Token
    verb: str
    successor: str | None = field(default=None, repr=False)
    kept: str = ""
