# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The only way to a token: cache, lock, another look, grant. Private to this collection.

Nobody else touches the cache, the lock or the clock.
"""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from . import _cache, _seal, _token
from ._errors import reason


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

    :param label: provider and method for remarks.
    :param secret: the permanent credential; an empty one is never cached.
    :param identity: what else makes its tokens different; no secret.
    :param grant: obtains the token; is given the clock.
    :param ready: whether the grant needs no network, so that there is nothing to cache.
    """

    label: str
    secret: str
    identity: Mapping[str, str]
    grant: Callable[[Callable[[], float]], _token.Token]
    ready: bool = False


@dataclass(frozen=True)
class Handout:
    """A token, where it came from (``issued``, ``cache`` or ``given``) and when it was handed out."""

    token: _token.Token
    source: str
    at: float


@dataclass(frozen=True)
class Broker:
    """Hands out tokens.

    :param cache: None for a token of one's own each time.
    :param min_validity: seconds that a token from the cache still lives, or half its life.
    :param patience: seconds to wait for somebody else's grant before making one.
    """

    voice: Voice
    cache: _cache.Directory | None
    min_validity: float
    patience: float

    def token(self, wish: Wish, *, refresh: bool = False) -> Handout:
        """A token that lives. Raises what the grant raises; a cache that fails costs a grant, not the token."""
        if wish.ready:
            return self._hand_out(wish.grant(time.time), "given")
        if self.cache is None:
            return self._issue(wish)
        try:
            seal = _seal.Seal(wish.secret, wish.identity, self.cache.salt())
            found = None if refresh else self._look(seal, self.cache)
        except OSError as error:
            self._complain(error)
            return self._issue(wish)
        if found is not None:
            return self._from_cache(wish, found)
        with self._alone(wish, seal, self.cache):
            found = None if refresh else self._look_again(seal, self.cache)
            if found is not None:
                return self._from_cache(wish, found)
            handout = self._issue(wish)
            self._keep(seal, self.cache, handout.token)
        return handout

    def fingerprint(self, wish: Wish) -> str:
        """A name for the credential that says nothing about it, and means something in this run only.

        Raises OSError when the cache cannot be used, and ValueError without one.
        """
        if self.cache is None:
            raise ValueError("a fingerprint needs the salt of a cache")
        return _seal.Seal(wish.secret, wish.identity, self.cache.salt()).name

    @contextlib.contextmanager
    def _alone(self, wish: Wish, seal: _seal.Seal, cache: _cache.Directory) -> Iterator[None]:
        """One grant at a time for each credential. Who waited too long goes on without the lock."""
        with contextlib.ExitStack() as stack:
            try:
                held = stack.enter_context(cache.lock(seal.name, self.patience))
            except OSError as error:
                self._complain(error)
            else:
                if not held:
                    self.voice.v(f"{wish.label}: another process did not finish its grant, so one is made here.")
            yield

    def _look(self, seal: _seal.Seal, cache: _cache.Directory) -> _token.Token | None:
        entry = cache.get(seal.name)
        data = seal.open(entry) if entry is not None else None
        if data is None:
            return None
        token = _token.Token.from_json(data)
        return token if token.lives(time.time(), self.min_validity) else None

    def _look_again(self, seal: _seal.Seal, cache: _cache.Directory) -> _token.Token | None:
        try:
            return self._look(seal, cache)
        except OSError:
            return None

    def _issue(self, wish: Wish) -> Handout:
        handout = self._hand_out(wish.grant(time.time), "issued")
        self.voice.v(f"{wish.label}: token issued, {_left(handout)}.")
        return handout

    def _from_cache(self, wish: Wish, token: _token.Token) -> Handout:
        handout = self._hand_out(token, "cache")
        self.voice.vvv(f"{wish.label}: token from the cache, {_left(handout)}.")
        return handout

    def _hand_out(self, token: _token.Token, source: str) -> Handout:
        return Handout(token, source, time.time())

    def _keep(self, seal: _seal.Seal, cache: _cache.Directory, token: _token.Token) -> None:
        try:
            cache.put(seal.name, seal.close(token.to_json()))
        except OSError as error:
            self._complain(error)

    def _complain(self, error: OSError) -> None:
        self.voice.warning(
            f"The token cache cannot be used ({reason(error)}), so each task and host asks for a token of its own. "
            "Make room or give access to the local temporary directory of Ansible, or set cache to none."
        )


def _left(handout: Handout) -> str:
    if handout.token.expires_at is None:
        return "its life is unknown"
    return f"{max(0, int(handout.token.expires_at - handout.at))} seconds left"
