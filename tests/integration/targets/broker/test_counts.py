# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many tokens a play costs, however often it uses them: counted where they are granted."""

from __future__ import annotations

import json
import typing as t
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.machines import machine, together
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory

TOKEN = "POST /oauth/token"
# What counts.yml does with each account, and how often one host evaluates a lookup there.
USES = {
    1: ("a play variable in three tasks", 3),
    2: ("the environment in two tasks", 2),
    3: ("a condition and a loop of five", 10),
    4: ("token and headers in one task", 2),
}
ANY_USE = pytest.mark.parametrize("number", USES, ids=[name for name, dummy in USES.values()])
OWN_ACCOUNT = {
    "netfoundry_auth_client_id": "nf-client-{{ account }}",
    "netfoundry_auth_client_secret": "nf-secret-{{ account }}",
}


def _hosts(number: int) -> dict[str, dict[str, t.Any]]:
    return {f"host-{one:03}": {} for one in range(number)}


def _requests(sandbox: Sandbox) -> Counter[int]:
    """Number of an account → requests for a token of it."""
    bodies = [json.loads(request.body) for request in sandbox.state.requests]
    return Counter(int(body["client_id"].removeprefix("nf-client-")) for body in bodies)


def _count(server: Sandbox, ansible: Ansible, hosts: int, cache: str) -> Counter[int]:
    server.reset()
    # The first grants are slow, so that all forks ask while one is under way.
    server.fault("/oauth/token", times=len(USES), delay=1)
    options: dict[str, t.Any] = {**service(server), **OWN_ACCOUNT, "netfoundry_auth_cache": cache}
    path = inventory(ansible.home, _hosts(hosts), **options)
    ansible.play("counts.yml", "-i", path, "--forks", "10")
    return _requests(server)


@pytest.fixture(scope="module")
def cached(server: Sandbox, shared_ansible: Ansible) -> Counter[int]:
    return _count(server, shared_ansible, 10, "run")


@pytest.fixture(scope="module")
def uncached(server: Sandbox, shared_ansible: Ansible) -> Counter[int]:
    return _count(server, shared_ansible, 1, "none")


@ANY_USE
def test_many_hosts_in_ten_forks_make_one_grant(cached: Counter[int], number: int) -> None:
    assert cached[number] == 1


@ANY_USE
def test_without_a_cache_each_use_makes_a_grant(uncached: Counter[int], number: int) -> None:
    assert uncached[number] == USES[number][1]


def test_two_runs_started_together_with_the_users_cache_make_one_grant(sandbox: Sandbox, tmp_path: Path) -> None:
    # A slow grant, so that both ask while it is under way.
    sandbox.fault("/oauth/token", delay=4)
    machines = [machine(tmp_path / name) for name in ("one", "two")]
    path = inventory(tmp_path, _hosts(4), **service(sandbox), **account(1), netfoundry_auth_cache="user")
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    runs = together(machines, "ask.yml", "-i", path, "--forks", "4", env=env)
    assert sandbox.state.counts == {TOKEN: 1}
    sources = [run.of("Say where it came from", host).result["msg"]["task"] for run in runs for host in _hosts(4)]
    assert sorted(sources) == ["cache"] * 7 + ["issued"]
