# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How many tokens a play costs: counted where they are granted."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import owner

HOSTS = tuple(f"host-{number}" for number in range(10))
NETWORKS = "GET /core/v2/networks"
TOKEN = "POST /oauth/token"


def _play(playbook: str, sandbox: Sandbox, ansible: Ansible, accounts: dict[str, int]) -> Run:
    """Run on all hosts at once; a slow grant lets all of them come while the first is under way."""
    sandbox.fault("/oauth/token", delay=1)
    path = inventory(
        ansible.home,
        {host: account(number) for host, number in accounts.items()},
        **service(sandbox),
    )
    return ansible.play(playbook, "-i", path, "--forks", "10")


def test_ten_hosts_that_ask_at_once_make_one_grant(sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play("cold.yml", sandbox, ansible, dict.fromkeys(HOSTS, 1))
    assert sandbox.state.counts == {TOKEN: 1}
    sources = sorted(run.of("Say where it came from", host).message for host in HOSTS)
    assert sources == ["cache"] * 9 + ["issued"]
    assert {run.of("Say where the lookup has it from", host).message for host in HOSTS} == {"cache"}


@pytest.fixture(scope="module")
def tenants(server: Sandbox, shared_ansible: Ansible) -> dict[str, int]:
    """The number of each host's account, after a play in which five hosts have one and five the other."""
    server.reset()
    accounts = {host: number % 2 + 1 for number, host in enumerate(HOSTS)}
    _play("many.yml", server, shared_ansible, accounts)
    return accounts


@pytest.mark.usefixtures("tenants")
def test_the_role_and_three_tasks_on_ten_hosts_make_one_grant_for_each_of_two_tenants(server: Sandbox) -> None:
    assert server.state.counts == {TOKEN: 2, NETWORKS: 10}
    assert server.state.grants["netfoundry"] == 2


def test_each_host_shows_the_token_of_its_own_tenant(server: Sandbox, tenants: dict[str, int]) -> None:
    reads = [request.headers for request in server.state.requests if request.path == "/core/v2/networks"]
    assert len(reads) == 10
    for headers in reads:
        assert owner(headers["authorization"]) == f"nf-client-{tenants[headers['x-host']]}"
