# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role used in each way that Ansible has, with two services of three, and in a run with ``--tags``."""

from __future__ import annotations

import typing as t
from collections import Counter

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import Task, plays

ROLE = "netapi.auth.auth_headers"
PAT = make_pat("sandboxservice1")


def role(kind: str = "include_role", **said: t.Any) -> Task:
    return {f"ansible.builtin.{kind}": {"name": ROLE, **said}}


WAYS: dict[str, Task] = {
    "roles": {"roles": [{"role": ROLE}]},
    "import_role": {"tasks": [role("import_role")]},
    "include_role": {"tasks": [role()]},
    "include_role_public": {"tasks": [role(public=True)]},
}
USE: Task = {
    "name": "Use the headers",
    "ansible.builtin.assert": {
        "that": [
            f"auth_headers_netbird.Authorization == 'Token {PAT}'",
            "auth_headers_netfoundry.Authorization == 'Bearer ' ~ lookup('netapi.auth.netfoundry_token')",
        ]
    },
    "no_log": True,
}
NAMES: Task = {
    "name": "Name the headers that there are",
    "ansible.builtin.debug": {"msg": "{{ lookup('ansible.builtin.varnames', '^auth_headers_net', wantlist=true) }}"},
}


def play(server: Sandbox, ansible: Ansible, book: str, hosts: t.Iterable[str], *arguments: str) -> Run:
    options = {"netbird_auth_api_url": server.url, "netbird_auth_pat": PAT, **variables(server)}
    path = inventory(
        ansible.home, {name: {} for name in hosts}, auth_headers_providers=["netbird", "netfoundry"], **options
    )
    return ansible.play(book, "-i", path, *arguments)


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    each = [{"hosts": way, "name": way, **said, "post_tasks": [USE]} for way, said in WAYS.items()]
    later = [{"hosts": "all:!bystander", "name": "Later", "tasks": [USE]}, {"hosts": "all", "tasks": [NAMES]}]
    return play(server, shared_ansible, plays(shared_ansible.home, *each, *later), (*WAYS, "bystander"))


@pytest.mark.parametrize("way", WAYS)
def test_headers_of_two_services_serve_in_the_same_play_and_in_a_later_one(way: str, run: Run) -> None:
    assert [run.of("Use the headers", way, each).status for each in (way, "Later")] == ["ok", "ok"]


def test_only_the_services_that_were_asked_for_have_headers_and_hosts_without_the_role_have_none(run: Run) -> None:
    found = {host: sorted(run.of(NAMES["name"], host).result["msg"]) for host in (*WAYS, "bystander")}
    both = ["auth_headers_netbird", "auth_headers_netfoundry"]
    assert found == {**dict.fromkeys(WAYS, both), "bystander": []}


def test_all_of_it_takes_one_grant(server: Sandbox, run: Run) -> None:
    assert run.outcomes
    assert Counter(server.state.grants) == Counter(netfoundry=1)


# What a run with --tags peers takes, and what it leaves out.
TAKEN: dict[str, Task] = {
    "roles": {"roles": [{"role": ROLE, "tags": ["peers"]}]},
    "always": {"roles": [{"role": ROLE, "tags": ["always"]}]},
    "import_role": {"tasks": [{**role("import_role"), "tags": ["peers"]}]},
    "include_role_apply": {"tasks": [{**role(apply={"tags": ["peers"]}), "tags": ["peers"]}]},
}
LEFT_OUT: dict[str, Task] = {
    "include_role": {"tasks": [{**role(), "tags": ["peers"]}]},
    "untagged": {"roles": [{"role": ROLE}]},
}


def test_tags_that_reach_the_tasks_of_the_role_make_the_headers_and_without_them_there_are_none(
    sandbox: Sandbox, ansible: Ansible
) -> None:
    known = {**TAKEN, **LEFT_OUT}
    tagged = {"hosts": "all", "tasks": [{**NAMES, "tags": ["peers"]}]}
    book = plays(ansible.home, *({"hosts": name, **each} for name, each in known.items()), tagged)
    run = play(sandbox, ansible, book, known, "--tags", "peers")
    assert {name for name in known if run.of(NAMES["name"], name).result["msg"]} == set(TAKEN)
