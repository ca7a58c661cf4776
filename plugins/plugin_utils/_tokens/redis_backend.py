# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A cache in Redis, shared by many controllers or execution nodes. Private to this collection."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import re
import secrets
import socket
import threading
import time
import typing as t
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from .. import _waits
from .._errors import CacheError, MissingLibraryError, OptionError

if t.TYPE_CHECKING:
    import redis

_PREFIX = "netapi_auth:"
_SALT_BYTES = 32
# Seconds to wait for the server, and for a whole reply. To ask for a token takes no longer than that.
_TIMEOUT = 5.0
# Bytes; far more than an entry has.
_LARGEST_REPLY = 8 * 1024 * 1024
# Seconds after which a lock expires whose holder was killed. A holder renews its lock three times as often.
_LOCK_LIFE = 60.0
# Seconds from the end of a lock to the last try to take it.
_MARGIN = 5.0
# Seconds between two tries to take a lock.
_POLL = 0.05
# The commands that the user must be allowed to run; SELECT only for a database other than the first.
_COMMANDS = frozenset({"get", "set", "del", "watch", "multi", "exec", "select"})


class _ReplyError(Exception):
    """The server answers with something that Redis never answers to this command."""


class _Socket:
    """A connection that limits each whole reply: its time to one timeout, its size to what an entry can have."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._begin()

    def _begin(self) -> None:
        self._end = time.monotonic() + (self._connection.gettimeout() or _TIMEOUT)
        self._bytes_left = _LARGEST_REPLY

    def __getattr__(self, name: str) -> t.Any:
        return getattr(self._connection, name)

    def sendall(self, data: t.Any) -> None:
        self._begin()
        self._connection.sendall(data)

    def recv(self, size: int) -> bytes:
        with self._limited():
            data = self._connection.recv(size)
        self._count(len(data))
        return data

    def recv_into(self, buffer: t.Any) -> int:
        with self._limited():
            count = self._connection.recv_into(buffer)
        self._count(count)
        return count

    @contextlib.contextmanager
    def _limited(self) -> Iterator[None]:
        """Wait no longer than is left for the reply. A read that does not wait at all is left as it is."""
        wait = self._connection.gettimeout()
        left = self._end - time.monotonic()
        if wait == 0:
            yield
            return
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left if wait is None else min(wait, left))
        try:
            yield
        finally:
            self._connection.settimeout(wait)

    def _count(self, count: int) -> None:
        self._bytes_left -= count
        if self._bytes_left < 0:
            raise _ReplyError


def _silent(sentence: str) -> None:
    """The default of ``warn``, which says nothing."""


@dataclass(frozen=True)
class Redis:
    """A server that a URL of redis-py names. The URL is a secret: it can hold a password.

    :param warn: shows a warning about a fault after which the server is still used.
    :param where: the option with its source.
    """

    url: str = field(repr=False)
    warn: Callable[[str], None] = field(default=_silent, repr=False)
    where: str = field(default="cache", repr=False)
    # One for each fault: whether the server answered with a refusal.
    _refusals: list[bool] = field(default_factory=list, init=False, repr=False, compare=False)

    @functools.cached_property
    def kind(self) -> str:
        """A name for this server, without the password. When one server fails, another may still be used."""
        try:
            parts = urlsplit(self.url)
        except ValueError:
            # ``client`` refuses such an address. The text of this error would show the password.
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
            # A command is sent again after a broken connection, and not after a timeout.
            pool = redis.ConnectionPool.from_url(
                self.url,
                socket_timeout=_TIMEOUT,
                socket_connect_timeout=_TIMEOUT,
                retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),
                retry_on_error=[redis.ConnectionError],
            )
        except (ValueError, TypeError):
            pass
        else:
            kind: t.Any = pool.connection_class
            members = {"_connect": lambda connection: _Socket(kind._connect(connection))}
            pool.connection_class = type("Connection", (kind,), members)
            client = redis.Redis(connection_pool=pool)
            # Replies are checked in this file, as the server sends them.
            client.response_callbacks.clear()
            return client
        raise OptionError(
            f"{self.where} is no address that redis-py can read, such as rediss://user:password@host:6379/0. "
            "Correct it."
        )

    def is_there(self) -> bool:
        return True

    def salt(self) -> bytes:
        key = _PREFIX + "salt"
        salt = self._get(key)
        if salt is None:
            self._set(key, secrets.token_bytes(_SALT_BYTES), "NX")
            salt = self._get(key)
        if salt is None or len(salt) != _SALT_BYTES:
            raise CacheError("The Redis server in cache does not keep what it is given. Let it evict less.")
        return salt

    def get(self, name: str) -> bytes | None:
        return self._get(_PREFIX + name)

    def put(self, name: str, entry: bytes, until: float) -> None:
        self._set(_PREFIX + name, entry, "PX", max(1, int((until - time.time()) * 1000)))

    def drop(self, name: str) -> None:
        with self._explained():
            if not isinstance(self._ask("DEL", _PREFIX + name), int):
                raise _ReplyError

    @contextlib.contextmanager
    def lock(self, name: str, seconds: float, slow: _waits.Slow | None = None) -> Iterator[bool]:
        """The lock is renewed while it is held. If its holder is killed, it expires, and who waits outlasts that."""
        key = _PREFIX + name + ".lock"
        mine = secrets.token_hex(16).encode()
        wait = max(seconds, _LOCK_LIFE + _MARGIN) if seconds else 0.0
        if not self._take(key, mine, _waits.Patience(wait, slow)):
            yield False
            return
        done = threading.Event()
        # The thread ends with its process, however that is killed, and then the lock expires. It has connections of
        # its own, because the holder may close those that it uses.
        renewing = threading.Thread(target=Redis(self.url)._renew, args=(key, mine, done), daemon=True)
        renewing.start()
        try:
            yield True
        finally:
            done.set()
            renewing.join()
            self._free(key, mine)

    def _take(self, key: str, mine: bytes, patience: _waits.Patience) -> bool:
        while not self._set(key, mine, "NX", "PX", int(_LOCK_LIFE * 1000)):
            if patience.is_over(_POLL):
                return False
            time.sleep(_POLL)
        return True

    def _renew(self, key: str, mine: bytes, done: threading.Event) -> None:
        """Renew the lock until it is released. After a renewal that fails, the next one is tried all the same."""
        while not done.wait(_LOCK_LIFE / 3):
            with contextlib.suppress(CacheError):
                self._while_mine(key, mine, "SET", key, mine, "PX", int(_LOCK_LIFE * 1000))

    def _free(self, key: str, mine: bytes) -> None:
        """Release the lock. If that fails, it expires; the first refusal is a warning, since others will follow."""
        told = bool(self._refusals)
        try:
            self._while_mine(key, mine, "DEL", key)
        except CacheError as error:
            if self._refusals[-1] and not told:
                self.warn(f"{error} Until then others wait {_LOCK_LIFE:g} seconds for each lock.")

    def _while_mine(self, key: str, mine: bytes, *command: str | bytes | int) -> None:
        """Run the command only if the lock is still held, in one transaction. A script would need a further right.

        Each command is sent by itself, so that none of them runs where one is refused.
        """
        with self._explained():
            pipeline: t.Any = self.client.pipeline()
            try:
                pipeline.watch(key)
                is_mine = pipeline.execute_command("GET", key) == mine
                for step in (["MULTI"], command if is_mine else [], ["EXEC"]):
                    if step:
                        pipeline.execute_command(*step)
            finally:
                # EXEC has ended it, or the connection is closed. UNWATCH would need a further right.
                pipeline.watching = False
                pipeline.reset()

    def _ask(self, *command: str | bytes | int) -> object:
        client: t.Any = self.client
        return client.execute_command(*command)

    def _get(self, key: str) -> bytes | None:
        with self._explained():
            reply = self._ask("GET", key)
            if reply is not None and not isinstance(reply, bytes):
                raise _ReplyError
        return reply

    def _set(self, key: str, value: bytes, *how: str | int) -> bool:
        """Whether it was set, which it always is without ``NX``."""
        with self._explained():
            reply = self._ask("SET", key, value, *how)
            if reply != b"OK" and not (reply is None and "NX" in how):
                raise _ReplyError
        return reply is not None

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        client = self.client
        import redis

        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever it is, its text can hold the address
            self._refusals.append(isinstance(error, redis.ResponseError))
            problem = _problem(error, self.url.startswith("rediss:"))
        else:
            return
        client.connection_pool.disconnect()
        raise CacheError(f"The Redis server in cache {problem}.")


def _problem(error: Exception, is_secured: bool) -> str:
    import redis

    # Before release 5 redis-py has no class for some of the server's errors.
    if isinstance(error, redis.AuthenticationError) or "WRONGPASS" in str(error):
        return "refuses the user or the password. Correct the address"
    if isinstance(error, redis.TimeoutError):
        # A server without TLS takes the first bytes of TLS for a command, and waits for its end.
        besides = ", and that it speaks TLS" if is_secured else ""
        return f"did not answer within {_TIMEOUT:g} seconds. Check the server and the network{besides}"
    if "wrong version number" in str(error).lower().replace("_", " "):
        return "speaks no TLS on that port. Correct the port, or begin the address with redis:// in place of rediss://"
    is_cut = isinstance(error, redis.ConnectionError) and re.search("clos|reset|protocol", str(error).lower())
    if is_cut and not is_secured:
        return "breaks off the connection. Check the server, and begin the address with rediss:// if it speaks TLS"
    if isinstance(error, redis.ConnectionError):
        return "cannot be reached. Check the address and the server"
    if isinstance(error, redis.ResponseError) and "maxmemory" in str(error):
        return "is out of memory. Give it more, or let it evict"
    # A refused EXEC has the reason in its text only.
    if isinstance(error, redis.exceptions.NoPermissionError) or "NOPERM" in str(error):
        return f"does not let its user do that: add {_missing(error)} to the user's rights"
    if isinstance(error, redis.ResponseError):
        return "refuses to keep tokens. Check the rights of its user, and that it is no replica"
    return "does not answer as a Redis does. Check the address, and what follows its question mark"


def _missing(error: Exception) -> str:
    """The rule that allows what the server refused. Nothing else of its answer is shown."""
    found = re.search(r"run the '([a-z]+)", str(error).lower())
    return f"+{found[1]}" if found and found[1] in _COMMANDS else f"~{_PREFIX}*"
