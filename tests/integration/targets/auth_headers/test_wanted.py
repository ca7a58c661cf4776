# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role shows: the tasks of the services that are wanted, and no others."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

ROLE = "netapi.auth.auth_headers : "
# What each host asks for: a list, a text as a survey gives it, and one service twice.
WANTED: dict[str, object] = {
    "one": ["netbird"],
    "two": ["netbird", "netfoundry"],
    "text": "netbird,netfoundry",
    "twice": ["netfoundry", "netfoundry"],
}
BOTH = {"NetBird", "NetFoundry"}
SERVICES = {"one": {"NetBird"}, "two": BOTH, "text": BOTH, "twice": {"NetFoundry"}}


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    hosts = {name: {"auth_headers_providers": wanted} for name, wanted in WANTED.items()}
    return _play(server, shared_ansible, "wanted.yml", hosts)


def _play(sandbox: Sandbox, ansible: Ansible, playbook: str, hosts: dict[str, dict[str, object]]) -> Run:
    options = {"netbird_auth_api_url": sandbox.url, "netbird_auth_pat": make_pat("sandboxuser1"), **variables(sandbox)}
    return ansible.play(playbook, "-i", inventory(ansible.home, hosts, **options))


@pytest.mark.parametrize("play", ["Log in", "Log in once more"])
@pytest.mark.parametrize("host", WANTED)
def test_a_host_has_the_tasks_of_its_services_alone(host: str, play: str, run: Run) -> None:
    mine = [one for one in run.outcomes if (one.host, one.play) == (host, play)]
    assert {one.status for one in mine} == {"ok"}
    named = {one.task.removeprefix(ROLE) for one in mine}
    assert {name.split()[2] for name in named if name.startswith("Obtain a ")} == SERVICES[host]
    assert {name.split()[2] for name in named if name.startswith("Make the ")} == SERVICES[host]


@pytest.mark.parametrize("wanted", [["netbird"], ["netbird", "netfoundry"]])
def test_there_are_at_most_four_tasks_for_each_service(wanted: list[str], sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play(sandbox, ansible, "wanted.yml", {"localhost": {"auth_headers_providers": wanted}})
    first = run.output.partition("PLAY [Log in once more]")[0]
    assert 0 < first.count(f"TASK [{ROLE}") <= 4 * len(wanted)
    assert "skipping:" not in run.output


def test_files_of_the_same_name_beside_the_playbook_are_not_taken(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    planted = [{"name": "Take the place of the role", "ansible.builtin.fail": None}]
    for folder, content in (("tasks", planted), (".", planted), ("vars", {"auth_headers_netbird": {"planted": "1"}})):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / "netbird.yml").write_text(yaml.safe_dump(content), encoding="utf-8")
    _written(sandbox, ansible, tmp_path, [{"name": "Log in", **_included(["netbird"])}, _shown("netbird")])


def test_the_role_in_a_loop_is_the_role_used_twice(sandbox: Sandbox, ansible: Ansible, tmp_path: Path) -> None:
    loop = {"name": "Log in", **_included(["{{ item }}"]), "loop": ["netbird", "netfoundry"]}
    run = _written(sandbox, ansible, tmp_path, [loop, _shown("netbird"), _shown("netfoundry")])
    assert "is already in use" not in run.output


def _included(wanted: list[str]) -> dict[str, t.Any]:
    return {
        "ansible.builtin.include_role": {"name": "netapi.auth.auth_headers"},
        "vars": {"auth_headers_providers": wanted},
    }


def _shown(service: str) -> dict[str, t.Any]:
    return {
        "name": f"Check the headers for {service}",
        "ansible.builtin.assert": {"that": f"auth_headers_{service} | list == ['Authorization']"},
    }


def _written(sandbox: Sandbox, ansible: Ansible, folder: Path, tasks: list[dict[str, t.Any]]) -> Run:
    play = {"name": "Do it", "hosts": "localhost", "gather_facts": False, "tasks": tasks}
    path = folder / "play.yml"
    path.write_text(yaml.safe_dump([play], sort_keys=False), encoding="utf-8")
    return _play(sandbox, ansible, str(path), {"localhost": {}})
