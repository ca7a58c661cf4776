# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which Redis server is which, and one that loses what it is given."""

from __future__ import annotations

import socket
import socketserver
import threading
import time
import types
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CacheError
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.support.redis_server import HOST, RedisServer
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import servers
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    run_cache,
    spec_of,
)

SALT = "netapi_auth:salt"
LOSES = "The Redis server in cache does not keep what it is given. Let it evict less."
SERVERS = (
    "redis://one.example:6379/0",
    "redis://two.example:6379/0",
    "redis://one.example:6380/0",
    "redis://one.example:6379/1",
    "unix:///run/one.sock",
    "unix:///run/two.sock",
)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


def _kind(url: str) -> str:
    return Redis(url).kind


def test_each_server_is_a_kind_of_its_own() -> None:
    assert len({_kind(url) for url in SERVERS}) == len(SERVERS)


@pytest.mark.parametrize("url", SERVERS)
def test_the_password_does_not_count_and_is_not_shown(url: str) -> None:
    kinds = {_kind(url.replace("://", f"://{user}@")) for user in (":first", ":second", "user:first", "other:p%40ss")}

    assert kinds == {_kind(url)}
    assert _kind(url).removeprefix("redis-").isalnum()


def test_a_server_that_fails_does_not_rest_another(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    mint = Mint()
    run = run_cache(tmp_path / "run")
    broken = manager_of(ear, Redis(f"redis://{HOST}:1/0"), run)
    assert [broken.token(spec_of(mint)).source for _time in range(2)] == ["issued", "cache"]
    cache = Redis(server.url)
    whole = manager_of(ear, cache, run)

    other = spec_of(mint, "another secret")
    assert whole.token(other).source == "issued"
    assert cache.get(name_in(cache, other)) is not None
    assert (run.is_suspended(_kind(f"redis://{HOST}:1/0")), run.is_suspended(cache.kind)) == (True, False)
    assert len(ear.warnings) == 1


@pytest.mark.parametrize("salt", [b"", b"short", b"x" * 33])
def test_a_salt_of_another_length_is_no_salt(salt: bytes, server: RedisServer) -> None:
    server.client.set(SALT, salt)

    with pytest.raises(CacheError) as caught:
        Redis(server.url).salt()
    assert str(caught.value) == LOSES


def test_of_two_who_come_at_once_the_first_makes_the_salt(server: RedisServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def while_another_comes(size: int) -> bytes:
        server.client.set(SALT, b"o" * 32)
        return b"m" * size

    monkeypatch.setattr(redis_backend, "secrets", types.SimpleNamespace(token_bytes=while_another_comes))

    assert Redis(server.url).salt() == b"o" * 32


class Relay(socketserver.ThreadingTCPServer):
    """Leads to the server, but lets the first connection drop."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__((HOST, 0), Relayed)
        self.port = port
        self.connections = 0


class Relayed(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        relay = t.cast(Relay, self.server)
        relay.connections += 1
        if relay.connections == 1:
            return
        with socket.create_connection((HOST, relay.port)) as there:
            threading.Thread(target=servers._pump, args=(there, self.request), daemon=True).start()
            servers._pump(self.request, there)


def test_a_connection_that_drops_is_made_again(server: RedisServer) -> None:
    with Relay(server.port) as relay:
        threading.Thread(target=relay.serve_forever, args=(0.02,), daemon=True).start()
        url = server.url.replace(f":{server.port}", f":{relay.server_address[1]}")
        assert Redis(url).get("entry") is None
        relay.shutdown()

    assert relay.connections == 2


def test_the_server_has_five_seconds_to_be_reached_and_five_to_answer() -> None:
    settings = Redis(f"redis://{HOST}:1/0").client.connection_pool.connection_kwargs

    assert (settings["socket_connect_timeout"], settings["socket_timeout"]) == (5, 5)


def test_its_repr_shows_nothing_of_its_address() -> None:
    assert repr(Redis("redis://:the-password@one.example")) == "Redis()"


def test_an_entry_that_was_dropped_is_gone_and_may_be_dropped_again(server: RedisServer) -> None:
    cache = Redis(server.url)
    cache.put("entry", b"data", time.time() + 60)
    assert cache.get("entry") == b"data"
    for _time in range(2):
        cache.drop("entry")
        assert cache.get("entry") is None


def test_an_entry_that_is_of_no_use_when_it_is_put_is_no_fault(server: RedisServer) -> None:
    cache = Redis(server.url)
    cache.put("entry", b"data", time.time() - 60)

    assert server.client.pttl("netapi_auth:entry") <= 1
