# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A time limit for a whole exchange. Private to this collection.

A timeout of requests begins again with each byte, so an answer that comes byte by byte never reaches it. Here each wait
for data is cut to the time left for the exchange: in the status line, in ``100 Continue``, headers, body, chunk
extensions and trailers, and in what a proxy answers to CONNECT. Neither threads nor signals are needed, which a worker
of Ansible could not use.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
import typing as t
from dataclasses import dataclass

from . import proxies

if t.TYPE_CHECKING:
    import requests.adapters
    import urllib3

# Far more than headers and a body of 1 MiB take, in whatever chunks it comes.
_MOST_BYTES = 8 * 1024 * 1024


class FloodError(OSError):
    """The service sends more than any answer has."""


@dataclass
class Limits:
    """The time and the bytes that are left for one exchange.

    :param wait: seconds for each wait for data.
    :param end: when the exchange is over, by the monotonic clock.
    """

    wait: float
    end: float
    bytes_left: int = _MOST_BYTES

    @classmethod
    def of(cls, wait: float, whole: float) -> Limits:
        """Those of an exchange that begins now and takes ``whole`` seconds at most."""
        return cls(wait, time.monotonic() + whole)


class _Incoming(io.RawIOBase):
    """What a connection brings, as long as the limits allow. Raises TimeoutError and FloodError."""

    def __init__(self, raw: io.RawIOBase, connection: socket.socket, limits: Limits) -> None:
        super().__init__()
        self._raw = raw
        self._connection = connection
        self._limits = limits

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: t.Any) -> int | None:
        left = self._limits.end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(min(self._limits.wait, left))
        count = self._raw.readinto(buffer)
        self._limits.bytes_left -= count or 0
        if self._limits.bytes_left < 0:
            raise FloodError
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def keep(session: requests.Session, limits: Limits) -> None:
    """Apply the limits to every answer that the session reads, that of a proxy to CONNECT too."""
    # Imported here, because ``client`` has a sentence for where it is missing.
    from requests.adapters import HTTPAdapter

    class Answer(http.client.HTTPResponse):
        def __init__(self, connection: socket.socket, *arguments: t.Any, **options: t.Any) -> None:
            super().__init__(connection, *arguments, **options)
            self.fp = io.BufferedReader(_Incoming(self.fp.detach(), connection, limits))

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *arguments: t.Any, **options: t.Any) -> None:
            super().init_poolmanager(*arguments, **options)
            _read_as(Answer, self.poolmanager)

        def proxy_manager_for(self, *arguments: t.Any, **options: t.Any) -> urllib3.ProxyManager:
            manager: urllib3.ProxyManager = super().proxy_manager_for(*arguments, **options)
            _read_as(Answer, manager)
            return manager

        def proxy_headers(self, proxy: str) -> dict[str, str]:
            return proxies.headers(proxy)

    session.mount("https://", Adapter())
    session.mount("http://", Adapter())


def _read_as(answer: type[http.client.HTTPResponse], manager: urllib3.PoolManager) -> None:
    """Let the manager's connections, those through SOCKS too, read their answers as this class does."""
    pools: dict[str, t.Any] = dict(manager.pool_classes_by_scheme)
    for scheme, pool in pools.items():
        connection = type("Connection", (pool.ConnectionCls,), {"response_class": answer})
        pools[scheme] = type("Pool", (pool,), {"ConnectionCls": connection})
    manager.pool_classes_by_scheme = pools
