# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Redis as the cache: shared by runs and machines, encrypted, with a lock that ends with its holder's time."""

from __future__ import annotations

import base64
import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.netfoundry import PROVIDER
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.support.redis_server import HOST, RedisServer
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    IDENTITY,
    SECRET,
    Ear,
    Mint,
    manager_of,
    name_in,
    new_run,
    result_of,
    run_cache,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

# One process of another machine: it asks when it is told to, and says which token it got and what it asked for.
ASKER = """
import json
import sys
from pathlib import Path
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import grants
class Slow(grants.Mint):
    def grant(self, clock):
        print("grants", flush=True)
        sys.stdin.readline()
        return super().grant(clock)
redis_backend._LOCK_LIFE = float(sys.argv[3])
mint, ear = Slow(), grants.Ear()
manager = grants.manager_of(ear, redis_backend.Redis(sys.argv[1]), grants.run_cache(Path(sys.argv[2])))
result = manager.token(grants.spec_of(mint))
print(json.dumps([result.source, ear.warnings]), flush=True)
"""


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def server(one_server: RedisServer) -> RedisServer:
    """The server, empty."""
    one_server.client.flushall()
    return one_server


def _result(sandbox: Sandbox, run: Path, ear: Ear, cache: str) -> dict[str, t.Any]:
    given = {"client_id": "nf-client-1", "client_secret": "nf-secret-1", "token_url": f"{sandbox.url}/oauth/token"}
    return result_of(PROVIDER, run, ear, environment="sandbox", cache=cache, **given)


def test_a_run_on_another_machine_finds_the_token(
    sandbox: Sandbox, server: RedisServer, tmp_path: Path, ear: Ear
) -> None:
    results = [_result(sandbox, new_run(tmp_path, name), ear, server.url) for name in ("one", "two")]

    assert [result["source"] for result in results] == ["issued", "cache"]
    assert results[0]["access_token"] == results[1]["access_token"]
    assert sandbox.state.counts == {"POST /oauth/token": 1}
    assert ear.warnings == []


def test_nothing_in_redis_shows_token_secret_or_account(server: RedisServer, ear: Ear) -> None:
    mint = Mint(refresh=86400)
    manager_of(ear, Redis(server.url)).token(spec_of(mint))
    stored = b"\n".join(server.contents())
    words = [SECRET, IDENTITY["client_id"], "the-token-1", "the-refresh-token-1", "Bearer"]
    # Base64 looks different at each of three places in a group.
    coded = [base64.b64encode(b"x" * shift + word.encode())[4:-4] for word in words[:-1] for shift in range(3)]

    assert [word for word in (*map(str.encode, words), *coded) if word in stored] == []
    assert name_in(Redis(server.url), spec_of(mint)).encode() in stored


@pytest.mark.parametrize(
    ("mint", "life"),
    [(Mint(life=3600), 3600), (Mint(life=100), 100), (Mint(life=None), 300), (Mint(life=60, refresh=86400), 86400)],
    ids=["its token", "a short one", "unknown", "its refresh token"],
)
def test_an_entry_lives_in_redis_as_long_as_it_is_of_use(mint: Mint, life: int, server: RedisServer, ear: Ear) -> None:
    cache = Redis(server.url)
    before = time.time()
    manager_of(ear, cache).token(spec_of(mint))
    left = server.client.pttl(f"netapi_auth:{name_in(cache, spec_of(mint))}") / 1000

    assert before + life - 1 <= time.time() + left <= time.time() + life


def test_an_entry_that_was_tampered_with_is_a_miss(server: RedisServer, ear: Ear) -> None:
    cache = Redis(server.url)
    mint = Mint()
    manager = manager_of(ear, cache)
    manager.token(spec_of(mint))
    server.client.setrange(f"netapi_auth:{name_in(cache, spec_of(mint))}", 40, "other")

    assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]
    assert ear.warnings == []


def test_over_a_socket_of_the_same_machine(tmp_path: Path, ear: Ear) -> None:
    # A path in tmp_path can be too long for a socket.
    with tempfile.TemporaryDirectory() as folder:
        socket = Path(folder) / "redis.sock"
        with RedisServer(tmp_path, settings=(f"unixsocket {socket}",)) as server:
            mint = Mint()
            manager = manager_of(ear, Redis(f"unix://:{server.password}@{socket}"))

            assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]
            assert b"netapi_auth:" in b"\n".join(server.contents())
            assert ear.warnings == []


class Asker(subprocess.Popen[str]):
    """A process that wants the token; its grant takes until it is told to end."""

    def __init__(self, url: str, run: Path, lock_life: float = 60) -> None:
        command = [sys.executable, "-c", ASKER, url, str(run), str(lock_life)]
        super().__init__(command, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def says(self) -> str:
        assert self.stdout is not None
        return self.stdout.readline().strip()


def _until_locked_out(server: RedisServer, times: int) -> None:
    """Wait until so many tries to take a lock were made, which only one of them can have got."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        stats = t.cast("dict[str, dict[str, int]]", server.client.info("commandstats"))
        if stats.get("cmdstat_set", {}).get("calls", 0) >= times:
            return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def test_two_processes_make_one_grant(server: RedisServer, tmp_path: Path) -> None:
    with Asker(server.url, new_run(tmp_path, "one")) as first:
        assert first.says() == "grants"
        server.client.config_resetstat()
        with Asker(server.url, new_run(tmp_path, "two")) as second:
            _until_locked_out(server, 3)
            first.communicate("end\n")
            assert second.says() == '["cache", []]'


def test_the_lock_of_a_killed_holder_ends_by_itself(server: RedisServer, tmp_path: Path) -> None:
    with Asker(server.url, new_run(tmp_path, "one"), lock_life=1) as first:
        assert first.says() == "grants"
        os.kill(first.pid, signal.SIGKILL)
    with Asker(server.url, new_run(tmp_path, "two")) as second:
        assert second.says() == "grants"
        assert second.communicate("end\n")[0].strip() == '["issued", []]'


def test_a_lock_has_an_end(server: RedisServer) -> None:
    cache = Redis(server.url)
    start = time.monotonic()
    with cache.lock("entry", 0) as held:
        assert held
        left = server.client.pttl("netapi_auth:entry.lock")

    # Milliseconds. Redis counts them by a clock of its own.
    assert 59_900 - 1000 * (time.monotonic() - start) < left <= 60_000
    assert server.client.exists("netapi_auth:entry.lock") == 0


def test_a_second_is_time_to_wait_for_a_lock(server: RedisServer) -> None:
    cache = Redis(server.url)
    server.client.set("netapi_auth:entry.lock", b"another's", px=200)
    with cache.lock("entry", 1) as held:
        assert held


@pytest.fixture(scope="module")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    folder = tmp_path_factory.mktemp("redis_tls")
    authority = trustme.CA()
    paths = [str(folder / name) for name in ("certificate.pem", "key.pem", "authority.pem")]
    leaf = authority.issue_cert(HOST)
    leaf.cert_chain_pems[0].write_to_path(paths[0])
    leaf.private_key_pem.write_to_path(paths[1])
    authority.cert_pem.write_to_path(paths[2])
    with RedisServer(folder, tls=(paths[0], paths[1], paths[2])) as server:
        yield server


def test_over_tls_with_the_authority_in_the_address(tls_server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    assert tls_server.tls is not None
    cache = Redis(f"{tls_server.url}?ssl_ca_certs={tls_server.tls[2]}")
    manager = manager_of(ear, cache, run_cache(tmp_path / "run"))
    mint = Mint()

    assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]
    assert name_in(cache, spec_of(mint)).encode() in b"\n".join(tls_server.contents())
    assert ear.warnings == []


def test_without_tls_where_it_is_spoken_the_address_is_told(tls_server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    url = tls_server.url.replace("rediss:", "redis:")
    manager = manager_of(ear, Redis(url), run_cache(tmp_path / "run"))

    assert [manager.token(spec_of(Mint())).source for _time in range(2)] == ["issued", "cache"]
    assert len(ear.warnings) == 1
    assert "begin the address with rediss:// if it speaks TLS" in ear.warnings[0]


def test_with_tls_where_none_is_spoken_that_is_told(
    server: RedisServer, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_backend, "_TIMEOUT", 1.0)
    manager = manager_of(ear, Redis(server.url.replace("redis:", "rediss:")), run_cache(tmp_path / "run"))

    assert [manager.token(spec_of(Mint())).source for _time in range(2)] == ["issued", "cache"]
    assert len(ear.warnings) == 1
    assert "Check the server and the network, and that it speaks TLS." in ear.warnings[0]


def test_what_answers_tls_in_plain_text_is_told(tmp_path: Path, ear: Ear) -> None:
    def speak() -> None:
        for _try in range(2):
            connection, _address = listening.accept()
            with connection, contextlib.suppress(OSError):
                connection.recv(65536)
                connection.sendall(b"-ERR unknown command\r\n")
                connection.recv(65536)

    with socket.create_server((HOST, 0)) as listening:
        thread = threading.Thread(target=speak, daemon=True)
        thread.start()
        url = f"rediss://{HOST}:{listening.getsockname()[1]}/0"
        manager = manager_of(ear, Redis(url), run_cache(tmp_path / "run"))
        assert manager.token(spec_of(Mint())).source == "issued"
        thread.join(10)

    assert len(ear.warnings) == 1
    assert "speaks no TLS on that port. Correct the port, or begin the address with redis://" in ear.warnings[0]


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    manager = manager_of(ear, Redis(tls_server.url), run_cache(tmp_path / "run"))

    assert [manager.token(spec_of(Mint())).source for _time in range(2)] == ["issued", "cache"]
    assert len(ear.warnings) == 1
    assert "cannot be reached" in ear.warnings[0]
