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
from ansible_collections.netapi.auth.tests.support.machines import machine, together
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import files_below, shown
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide

TOKEN = "POST /oauth/token"
HOSTS = tuple(f"host-{number}" for number in range(10))
# What the grant gives, so that it can be looked for.
KEPT = ("token-8d41f7a96c02", "refresh-3b70e5d2c814")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RedisServer]:
    directory = tmp_path / "redis"
    directory.mkdir()
    with RedisServer(directory) as server:
        yield server


def _hosts(directory: Path, sandbox: Sandbox, url: str, hosts: tuple[str, ...]) -> str:
    options: dict[str, t.Any] = {**variables(sandbox), "netfoundry_auth_cache": url}
    return inventory(directory, {host: {} for host in hosts}, **options)


def test_two_machines_of_ten_forks_each_make_one_grant_with_the_rights_of_the_guide(
    sandbox: Sandbox, store: RedisServer, tmp_path: Path
) -> None:
    # A slow grant, so that all forks of both ask while it is under way.
    sandbox.fault("/oauth/token", delay=4, merge={"access_token": KEPT[0], "refresh_token": KEPT[1]})
    machines = [machine(tmp_path / name) for name in ("one", "two")]
    path = _hosts(tmp_path, sandbox, store.allow(rule_of_the_guide()), HOSTS)
    runs = together(machines, "ask.yml", "-i", path, "--forks", "10", env={})
    assert sandbox.state.counts == {TOKEN: 1}
    sources = [run.of("Say where it came from", host).result["msg"]["task"] for run in runs for host in HOSTS]
    assert sorted(sources) == ["cache"] * 19 + ["issued"]
    # A later run on another machine.
    runs.append(machine(tmp_path / "three").play("ask.yml", "-i", path, "--limit", HOSTS[0], "-vvv"))
    assert runs[-1].of("Say where it came from", HOSTS[0]).result["msg"]["task"] == "cache"
    assert "from the cache" in runs[-1].output
    assert not any(run.says("The Redis server in cache") or store.password in run.output for run in runs)
    contents = store.contents()
    assert len(contents) == 4, "a salt and an entry, each with its key"
    contents += files_below(*(one.home for one in machines)).values()
    assert not shown([*KEPT, "nf-secret-1"], contents)


def test_a_server_that_is_gone_costs_a_warning_and_no_token(
    sandbox: Sandbox, store: RedisServer, ansible: Ansible
) -> None:
    store.stop()
    run = ansible.play("ask.yml", "-i", _hosts(ansible.home, sandbox, store.url, HOSTS[:2]), "-vvv")
    assert run.says("The Redis server in cache cannot be reached.")
    assert store.password not in run.output
    # The run's own cache takes over.
    assert {run.of("Say where it came from", host).result["msg"]["lookup"] for host in HOSTS[:2]} == {"cache"}
    assert sandbox.state.counts == {TOKEN: 1}
