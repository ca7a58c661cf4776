# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows a 401."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, QUICK, THEIRS, Task, playbook

PATH = "/core/v2/networks"
CREDENTIAL = {"netfoundry_auth_client_id": "nf-client-1", "netfoundry_auth_client_secret": "nf-secret-1"}
TOKEN: Task = {
    "name": "Obtain a token",
    "netapi.auth.netfoundry_token": {"set_facts": False},
    "register": "token",
    "run_once": True,
}
REVOKE: Task = {
    "name": "Have the service refuse it from here on",
    THEIRS: {
        "url": "{{ netfoundry_auth_api_url }}/_sandbox/faults",
        "method": "POST",
        "body_format": "json",
        "body": {"path": PATH, "status": 401, "bearer": "{{ token.access_token }}"},
        "status_code": 204,
    },
    "run_once": True,
}


def read(**arguments: object) -> Task:
    return {"name": "Read the networks", OURS: {"auth": "netfoundry", "url": PATH, **arguments}}


@pytest.mark.parametrize("hosts", [1, 100])
def test_a_refused_token_is_replaced_with_one_grant(
    hosts: int, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    names: dict[str, dict[str, object]] = {f"host{number:03}": {} for number in range(hosts)}
    book = playbook(tmp_path, [TOKEN, REVOKE, read()], hosts="all")
    run = ansible.play(
        book, "-i", inventory(tmp_path, names, **service(sandbox), **CREDENTIAL), *("--forks", str(hosts)), env=QUICK
    )
    assert {run.of("Read the networks", host).status for host in names} == {"ok"}
    assert sandbox.state.grants["netfoundry"] == 2


def reading(ansible: Ansible, sandbox: Sandbox, tmp_path: Path, *tasks: Task, **variables: object) -> list[str]:
    """The outcomes' status of requests to a service that refuses every token there."""
    sandbox.fault(PATH, status=401, body="{}")
    hosts = {"localhost": {**service(sandbox), **variables}}
    named = [{**task, "name": f"Read {number}", "ignore_errors": True} for number, task in enumerate(tasks)]
    run = ansible.play(playbook(tmp_path, named), "-i", inventory(tmp_path, hosts))
    return [run.of(str(task["name"])).status for task in named]


def test_a_request_is_tried_twice_and_no_more(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    assert reading(ansible, sandbox, tmp_path, read(), **CREDENTIAL) == ["failed"]
    assert sandbox.state.counts[f"GET {PATH}"] == 2
    assert sandbox.state.grants["netfoundry"] == 2


def test_a_401_that_is_listed_is_an_answer(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    tasks = [read(status_code=listed) for listed in (401, [200, 401], "200,401")]
    assert reading(ansible, sandbox, tmp_path, *tasks, **CREDENTIAL) == ["ok", "ok", "ok"]
    assert sandbox.state.counts[f"GET {PATH}"] == 3
    assert sandbox.state.grants["netfoundry"] == 1


def test_a_given_token_is_tried_once(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    assert reading(ansible, sandbox, tmp_path, read(), netfoundry_auth_token="given-token") == ["failed"]
    assert sandbox.state.counts[f"GET {PATH}"] == 1
