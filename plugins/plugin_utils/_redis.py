# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache in Redis, shared by many controllers or execution nodes. Private to this collection."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import secrets
import time
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ._errors import CacheError, MissingLibraryError, OptionError

if t.TYPE_CHECKING:
    import redis

_PREFIX = "netapi_auth:"
_SALT_BYTES = 32
# Seconds to wait for the server; it is a cache, and asking for a token takes no longer.
_TIMEOUT = 5.0
# Seconds after which the lock of a holder that was killed is free. A grant that takes longer loses the lock, and
# a second one is made; where the provider replaces refresh tokens, it may refuse one of the two.
_LOCK_LIFE = 60.0


@dataclass(frozen=True)
class Redis:
    """A server that a URL of redis-py names. The URL is a secret: it can hold a password."""

    url: str = field(repr=False)

    @functools.cached_property
    def kind(self) -> str:
        """One for each server: a server that fails says nothing about another. The password is not in it."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            # Refused as soon as a client is made of it; the text of this error would show the password.
            return "redis"
        server = parts.netloc.rpartition("@")[2] + parts.path
        return f"redis-{hashlib.sha256(server.encode()).hexdigest()[:16]}"

    @functools.cached_property
    def client(self) -> redis.Redis:
        """Raises MissingLibraryError without redis-py, OptionError for a URL that it cannot read."""
        try:
            import redis
            from redis.backoff import NoBackoff
            from redis.retry import Retry
        except ImportError:
            raise MissingLibraryError("redis") from None
        try:
            return redis.Redis.from_url(
                self.url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT, retry=Retry(NoBackoff(), 1)
            )
        except (ValueError, TypeError):
            pass
        raise OptionError("cache is no address that redis-py can read, such as rediss://user:password@host:6379/0.")

    def is_there(self) -> bool:
        return True

    def salt(self) -> bytes:
        with self._explained():
            place = _PREFIX + "salt"
            salt = self.client.get(place)
            if salt is None:
                self.client.set(place, secrets.token_bytes(_SALT_BYTES), nx=True)
                salt = self.client.get(place)
        if not isinstance(salt, bytes) or len(salt) != _SALT_BYTES:
            raise CacheError("The Redis server in cache does not keep what it is given. Let it evict less.")
        return salt

    def get(self, name: str) -> bytes | None:
        with self._explained():
            return t.cast("bytes | None", self.client.get(_PREFIX + name))

    def put(self, name: str, entry: bytes, until: float) -> None:
        with self._explained():
            self.client.set(_PREFIX + name, entry, px=max(1, int((until - time.time()) * 1000)))

    def drop(self, name: str) -> None:
        with self._explained():
            self.client.delete(_PREFIX + name)

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float) -> Iterator[bool]:
        """The lock ends with its holder, or with its life."""
        import redis

        with self._explained():
            lock = self.client.lock(
                _PREFIX + name + ".lock", timeout=_LOCK_LIFE, sleep=0.05, blocking_timeout=seconds, thread_local=False
            )
            held = lock.acquire(blocking=seconds > 0)
        try:
            yield held
        finally:
            if held:
                # Lost or out of reach: it ends by itself.
                with contextlib.suppress(redis.RedisError):
                    lock.release()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        client = self.client
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, its text can hold the address
            problem = _problem(error)
        else:
            return
        client.close()
        raise CacheError(f"The Redis server in cache {problem}.")


def _problem(error: Exception) -> str:
    import redis

    if isinstance(error, redis.AuthenticationError):
        return "refuses the user or the password. Correct the address"
    if isinstance(error, redis.TimeoutError):
        return f"did not answer within {_TIMEOUT:g} seconds. Check the server and the network"
    if isinstance(error, redis.ConnectionError):
        return "cannot be reached. Check the address and the server"
    if isinstance(error, redis.exceptions.OutOfMemoryError):
        return "is out of memory. Give it more, or let it evict"
    if isinstance(error, redis.ResponseError):
        return "refuses to keep tokens. Check the rights of its user, and that it is no replica"
    return "cannot be asked in the way that its address says. Correct what follows the question mark"
