# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens that several machines share by a real Redis with a password."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.machines import machine, together, until
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide
from ansible_collections.netapi.auth.tests.support.secrecy import files_below, shown

TOKEN = "POST /oauth/token"
HOSTS = tuple(f"host-{number}" for number in range(25))
# What the grant gives, so that it can be looked for.
KEPT = ("token-8d41f7a96c02", "refresh-3b70e5d2c814")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RedisServer]:
    directory = tmp_path / "redis"
    directory.mkdir()
    with RedisServer(directory) as server:
        yield server


def _hosts(directory: Path, sandbox: Sandbox, url: str, hosts: tuple[str, ...] = ("localhost",)) -> str:
    options: dict[str, t.Any] = {**variables(sandbox), "netfoundry_auth_cache": url}
    return inventory(directory, {host: {} for host in hosts}, **options)


def _sources(run: Run, hosts: tuple[str, ...]) -> list[str]:
    return [run.of("Say where it came from", host).message for host in hosts]


def test_two_machines_of_25_forks_each_make_one_grant(sandbox: Sandbox, store: RedisServer, tmp_path: Path) -> None:
    # A slow grant, so that all forks of both ask while it is under way.
    sandbox.fault("/oauth/token", delay=4, merge={"access_token": KEPT[0], "refresh_token": KEPT[1]})
    machines = [machine(tmp_path / name) for name in ("one", "two")]
    runs = together(machines, "ask.yml", "-i", _hosts(tmp_path, sandbox, store.url, HOSTS), "--forks", "25", env={})
    assert sandbox.state.counts == {TOKEN: 1}
    assert sorted(source for run in runs for source in _sources(run, HOSTS)) == ["cache"] * 49 + ["issued"]
    contents = store.contents()
    assert len(contents) == 4, "a salt and an entry, each with its key"
    contents += files_below(*(one.home for one in machines)).values()
    assert not shown([*KEPT, "nf-secret-1"], contents)


def test_a_later_run_on_another_machine_has_the_token_from_redis(
    sandbox: Sandbox, store: RedisServer, tmp_path: Path
) -> None:
    path = _hosts(tmp_path, sandbox, store.url)
    runs = [machine(tmp_path / name).play("ask.yml", "-i", path, "-vvv") for name in ("one", "two")]
    assert [_sources(run, ("localhost",)) for run in runs] == [["issued"], ["cache"]]
    assert "from the cache" in runs[1].output
    for run in runs:
        assert store.password not in run.output


def test_a_server_that_is_gone_costs_a_warning_and_no_token(
    sandbox: Sandbox, store: RedisServer, ansible: Ansible
) -> None:
    store.stop()
    run = ansible.play("ask.yml", "-i", _hosts(ansible.home, sandbox, store.url), "-vvv")
    assert run.says("The Redis server in cache cannot be reached.")
    assert store.password not in run.output
    # The run's own cache takes over.
    assert run.of("Say where the lookup has it from").message == "cache"
    assert sandbox.state.counts == {TOKEN: 1}


def test_a_wrong_password_costs_a_warning_and_no_token(sandbox: Sandbox, store: RedisServer, ansible: Ansible) -> None:
    wrong = store.url.replace(store.password, "wrong-password-4e1b")
    run = ansible.play("ask.yml", "-i", _hosts(ansible.home, sandbox, wrong), "-vvv")
    assert run.says("The Redis server in cache refuses the user or the password.")
    assert "wrong-password-4e1b" not in run.output
    assert run.of("Say where the lookup has it from").message == "cache"
    assert sandbox.state.counts == {TOKEN: 1}
    assert store.contents() == []


def test_a_server_that_is_killed_in_the_middle_of_a_grant_costs_no_token(
    sandbox: Sandbox, store: RedisServer, tmp_path: Path
) -> None:
    sandbox.fault("/oauth/token", times=1, delay=2)
    here = machine(tmp_path / "one")
    path = _hosts(tmp_path, sandbox, store.url)
    with here.running("ask.yml", "-i", path) as process:
        until(lambda: sandbox.state.counts == {TOKEN: 1})
        store.stop()
        assert process.wait(120) == 0
    output = "".join((here.home / "output").read_text(encoding="utf-8").split())
    assert "TheRedisserverincache" in output
    assert store.password not in output
    # What was granted is kept all the same, in the run's own cache.
    assert '"msg":"issued"' in output
    assert '"msg":"cache"' in output
    assert sandbox.state.counts == {TOKEN: 1}


def test_the_rights_of_the_guide_are_enough(sandbox: Sandbox, store: RedisServer, tmp_path: Path) -> None:
    """A cold grant that 50 forks of two machines want, a later run, and the end of the token."""
    sandbox.fault("/oauth/token", delay=2)
    path = _hosts(tmp_path, sandbox, store.allow(rule_of_the_guide()), HOSTS)
    machines = [machine(tmp_path / name) for name in ("one", "two")]
    runs = together(machines, "ask.yml", "-i", path, "--forks", "25", env={})
    assert sandbox.state.counts == {TOKEN: 1}
    assert [key for key in store.contents() if key.endswith(b".lock")] == []
    runs.append(machines[0].play("ask.yml", "-i", path, "--limit", HOSTS[0]))
    assert _sources(runs[-1], HOSTS[:1]) == ["cache"]
    runs.append(machines[1].play("forget.yml", "-i", path, "--limit", HOSTS[0]))
    assert len(store.contents()) == 2, "the salt and its key"
    runs.append(machines[0].play("ask.yml", "-i", path, "--limit", HOSTS[0]))
    assert _sources(runs[-1], HOSTS[:1]) == ["issued"]
    assert not any(run.says("The Redis server in cache") for run in runs)


def test_a_right_that_is_missing_is_named_and_costs_no_token(
    sandbox: Sandbox, store: RedisServer, ansible: Ansible
) -> None:
    url = store.allow(rule_of_the_guide(), leave_out="+watch")
    run = ansible.play("ask.yml", "-i", _hosts(ansible.home, sandbox, url))
    assert run.says("The Redis server in cache does not let its user do that. Add +watch to the user's rights.")
    assert _sources(run, ("localhost",)) == ["issued"]
    assert run.of("Say where the lookup has it from").message == "cache"
    assert sandbox.state.counts == {TOKEN: 1}
