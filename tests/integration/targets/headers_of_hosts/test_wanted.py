# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role shows: the tasks of the services that are wanted, and no others."""

from __future__ import annotations

import json

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import Task, plays

ROLE = "netapi.auth.auth_headers"
# What each host asks for: a list, a text as a survey gives it, and one service twice.
WANTED: dict[str, object] = {
    "one": ["netbird"],
    "two": ["netbird", "netfoundry"],
    "text": "netbird,netfoundry",
    "twice": ["netfoundry", "netfoundry"],
}
BOTH = {"NetBird", "NetFoundry"}
SERVICES = {"one": {"NetBird"}, "two": BOTH, "text": BOTH, "twice": {"NetFoundry"}}
IN_ROLES: Task = {"hosts": "all:!looped", "roles": [{"role": ROLE}]}
LOOP: Task = {
    "ansible.builtin.include_role": {"name": ROLE},
    "vars": {"auth_headers_providers": ["{{ item }}"]},
    "loop": ["netbird", "netfoundry"],
}
SHOWN: Task = {
    "ansible.builtin.assert": {
        "that": [f"auth_headers_{service} | list == ['Authorization']" for service in ("netbird", "netfoundry")]
    }
}


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    """With files of the same name as the role's beside the playbook, which nobody may take."""
    server.reset()
    home = shared_ansible.home
    planted = [{"name": "Take the place of the role", "ansible.builtin.fail": None}]
    for folder, content in (("tasks", planted), (".", planted), ("vars", {"auth_headers_netbird": {"planted": "1"}})):
        (home / folder).mkdir(exist_ok=True)
        (home / folder / "netbird.yml").write_text(json.dumps(content), encoding="utf-8")
    hosts = {**{name: {"auth_headers_providers": wanted} for name, wanted in WANTED.items()}, "looped": {}}
    options = {"netbird_auth_api_url": server.url, "netbird_auth_pat": make_pat("sandboxuser1"), **variables(server)}
    book = plays(
        home,
        {**IN_ROLES, "name": "Log in"},
        {**IN_ROLES, "name": "Log in once more"},
        {"hosts": "looped", "tasks": [LOOP, SHOWN]},
    )
    return shared_ansible.play(book, "-i", inventory(home, hosts, **options))


@pytest.mark.parametrize("play", ["Log in", "Log in once more"])
@pytest.mark.parametrize("host", WANTED)
def test_a_host_has_the_tasks_of_its_services_alone_and_at_most_four_for_each(host: str, play: str, run: Run) -> None:
    mine = [one for one in run.outcomes if (one.host, one.play) == (host, play)]
    assert {one.status for one in mine} == {"ok"}
    assert len(mine) <= 4 * len(SERVICES[host])
    named = {one.task.removeprefix(f"{ROLE} : ") for one in mine}
    assert {name.split()[2] for name in named if name.startswith("Obtain a ")} == SERVICES[host]
    assert {name.split()[2] for name in named if name.startswith("Make the ")} == SERVICES[host]


def test_the_role_in_a_loop_is_the_role_used_twice(run: Run) -> None:
    assert [one.status for one in run.outcomes if one.host == "looped"][-1] == "ok"
    assert "is already in use" not in run.output
