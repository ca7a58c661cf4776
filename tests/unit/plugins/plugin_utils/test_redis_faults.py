# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A Redis that fails: the token is given all the same, with one warning, and the run's cache stands in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from ansible import constants

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    run_cache,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

SECRET_PASSWORD = "password-in-the-address"
WITHOUT_REDIS = """
import sys
sys.modules["redis"] = None
from pathlib import Path
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import redis_backend
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import grants
manager = grants.manager_of(grants.Ear(), redis_backend.Redis(sys.argv[1]), grants.run_cache(Path(sys.argv[2])))
try:
    manager.token(grants.spec_of(grants.Mint()))
except AuthError as error:
    print(error)
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


def _check_that_the_run_stood_in(
    url: str, tmp_path: Path, ear: Ear, problem: str, spoil: Callable[[], None] = lambda: None
) -> None:
    """Three calls, of which the first one grants; what spoils the server does so during that grant."""
    mint = Mint()

    class Spoiling(Mint):
        def grant(self, clock: Callable[[], float]) -> _token.TokenResponse:
            spoil()
            return mint.grant(clock)

    manager = manager_of(ear, Redis(url), run_cache(tmp_path / "run"))
    sources = [manager.token(spec_of(Spoiling())).source for _time in range(3)]

    assert sources == ["issued", "cache", "cache"]
    assert mint.asked == ["permanent"]
    assert ear.warnings == [f"The Redis server in cache {problem}. Until then more tokens are asked for than needed."]
    password = urlsplit(url).password or SECRET_PASSWORD
    assert not any(word in said for said in ear.all for word in (url, password))


ABSENT = "cannot be reached. Check the address and the server"


def test_absent(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    server.stop()

    _check_that_the_run_stood_in(server.url_with(SECRET_PASSWORD), tmp_path, ear, ABSENT)


def test_a_host_that_has_no_address(tmp_path: Path, ear: Ear) -> None:
    url = f"redis://:{SECRET_PASSWORD}@redis.invalid:6379/0"

    _check_that_the_run_stood_in(url, tmp_path, ear, ABSENT)


def test_wrong_password(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    problem = "refuses the user or the password. Correct the address"

    _check_that_the_run_stood_in(server.url_with(SECRET_PASSWORD), tmp_path, ear, problem)


def test_no_password(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    url = server.url.replace(f":{server.password}@", "")

    _check_that_the_run_stood_in(url, tmp_path, ear, "refuses the user or the password. Correct the address")


def test_stopped_in_the_middle(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    _check_that_the_run_stood_in(server.url, tmp_path, ear, ABSENT, server.stop)


def test_full(tmp_path: Path, ear: Ear) -> None:
    with RedisServer(tmp_path, settings=("maxmemory 1", "maxmemory-policy noeviction")) as server:
        problem = "is out of memory. Give it more, or let it evict"

        _check_that_the_run_stood_in(server.url, tmp_path, ear, problem)


def test_full_in_the_middle(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    def fill() -> None:
        server.client.config_set("maxmemory", 1)

    _check_that_the_run_stood_in(server.url, tmp_path, ear, "is out of memory. Give it more, or let it evict", fill)


def test_a_parameter_that_redis_py_does_not_know(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    problem = "does not answer as a Redis does. Check the address, and what follows its question mark"

    _check_that_the_run_stood_in(f"{server.url}?no_such=1", tmp_path, ear, problem)


def test_a_replica_which_takes_nothing(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    server.client.replicaof("127.0.0.1", server.port)
    problem = "refuses to keep tokens. Check the rights of its user, and that it is no replica"

    _check_that_the_run_stood_in(server.url, tmp_path, ear, problem)


@pytest.mark.parametrize("middle", [False, True], ids=["from the start", "in the middle"])
def test_frozen(middle: bool, server: RedisServer, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch) -> None:
    # Long enough for a server that is well, on a machine that is busy.
    monkeypatch.setattr(redis_backend, "_TIMEOUT", 1.0)
    problem = "did not answer within 1 seconds. Check the server and the network"
    if not middle:
        server.freeze()

    _check_that_the_run_stood_in(server.url, tmp_path, ear, problem, server.freeze)


def test_slow_within_its_time_is_no_fault(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    server.client.client_pause(200)
    mint = Mint()
    sources = [manager_of(ear, Redis(server.url)).token(spec_of(mint)).source for _time in range(2)]

    assert (sources, ear.warnings) == (["issued", "cache"], [])


def test_restarted_between_two_calls(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    """It has lost everything, and the connection that the token manager holds leads nowhere."""
    manager = manager_of(ear, Redis(server.url), run_cache(tmp_path / "run"))
    mint = Mint()
    sources = sources_of(manager, spec_of(mint))
    server.stop()
    server.start()
    sources += sources_of(manager, spec_of(mint))

    assert sources == ["issued", "cache", "issued", "cache"]
    assert (mint.asked, ear.warnings) == (["permanent", "permanent"], [])


def test_restarted_during_the_grant(server: RedisServer, tmp_path: Path, ear: Ear) -> None:
    """The salt is another, so nobody could find an entry of the old name; it is a miss once."""
    mint = Mint()

    class Restarting(Mint):
        def grant(self, clock: Callable[[], float]) -> _token.TokenResponse:
            if not mint.asked:
                server.stop()
                server.start()
            return mint.grant(clock)

    manager = manager_of(ear, Redis(server.url), run_cache(tmp_path / "run"))
    sources = [manager.token(spec_of(Restarting())).source for _time in range(3)]

    assert (sources, ear.warnings) == (["issued", "issued", "cache"], [])


def test_without_redis_py_the_core_says_what_is_missing(server: RedisServer, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_REDIS, server.url, str(tmp_path / "run")],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert "Failed to import the required Python library (redis)" in done.stdout
    assert server.password not in done.stdout


def _netfoundry(sandbox: Sandbox) -> dict[str, str]:
    given = {"client_id": "nf-client-1", "client_secret": "nf-secret-1", "environment": "sandbox"}
    return {**given, "token_url": f"{sandbox.url}/oauth/token"}


@pytest.mark.parametrize("way", ["task_result", "lookup_result"])
@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        (
            f"http://:{SECRET_PASSWORD}@localhost/0",
            "^cache, from the argument cache, must be none, run, user, or an address such as",
        ),
        ("disk", "^cache, from the argument cache, must be none, run, user, or an address such as"),
        ("redis://", "^cache, from the argument cache, must be none, run, user, or an address such as"),
        (
            f"redis://:{SECRET_PASSWORD}@localhost:port/0",
            "^cache, from the argument cache, is no address that redis-py can read, such as",
        ),
        (
            f"redis://:{SECRET_PASSWORD}@[localhost/0",
            "^cache, from the argument cache, is no address that redis-py can read, such as",
        ),
        (
            f"redis://:{SECRET_PASSWORD}\u2100@localhost/0",
            "^cache, from the argument cache, is no address that redis-py can read, such as",
        ),
        (
            f"redis://:{SECRET_PASSWORD}@localhost/0?db=x",
            "^cache, from the argument cache, is no address that redis-py can read, such as",
        ),
    ],
)
def test_an_address_that_is_none_is_named_and_not_shown(
    way: str, address: str, sentence: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    with pytest.raises(Refused, match=sentence) as caught:
        getattr(ansible, way)("netfoundry", cache=address, **_netfoundry(sandbox))

    assert SECRET_PASSWORD not in str(caught.value)
    assert sandbox.state.counts == {}


def test_an_address_in_ansible_cfg_is_refused(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "with_an_address.cfg"
    file.write_text(f"[netapi_auth]\ncache = redis://:{SECRET_PASSWORD}@localhost:6379/0\n", encoding="utf-8")
    monkeypatch.setattr(constants.config, "_config_file", str(file))

    with pytest.raises(Refused, match=r"cache in ansible\.cfg must be none, run or user") as caught:
        ansible.lookup("netfoundry", **_netfoundry(sandbox))
    assert SECRET_PASSWORD not in str(caught.value)
