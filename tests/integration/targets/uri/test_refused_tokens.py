# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows a 401."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.refused import NETWORKS, check_replaced, read
from ansible_collections.netapi.auth.tests.support.tasks import Task, playbook


def test_a_refused_token_is_replaced_with_one_grant(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    check_replaced(3, ansible, sandbox, tmp_path)


def reading(ansible: Ansible, sandbox: Sandbox, tmp_path: Path, *tasks: Task, **variables: object) -> list[str]:
    """The outcomes' status of requests to a service that refuses every token there."""
    sandbox.fault(NETWORKS, status=401, body="{}")
    hosts = {"localhost": {**service(sandbox), **variables}}
    named = [{**task, "name": f"Read {number}", "ignore_errors": True} for number, task in enumerate(tasks)]
    run = ansible.play(playbook(tmp_path, named), "-i", inventory(tmp_path, hosts))
    return [run.of(str(task["name"])).status for task in named]


def test_a_request_is_tried_twice_and_no_more(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    assert reading(ansible, sandbox, tmp_path, read(), **account(1)) == ["failed"]
    assert sandbox.state.counts[f"GET {NETWORKS}"] == 2
    assert sandbox.state.grants["netfoundry"] == 2


def test_a_loop_over_a_path_that_is_refused_costs_one_grant_more(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault(NETWORKS, status=401, body="{}")
    task: Task = {**read(), "loop": [1, 2, 3, 4], "ignore_errors": True}
    listing = inventory(tmp_path, {"one": service(sandbox), "two": service(sandbox)}, **account(1))
    run = ansible.play(playbook(tmp_path, [task], hosts="all"), "-i", listing, "--forks", "1")
    for host in ("one", "two"):
        assert [item["status"] for item in run.of("Read the networks", host).result["results"]] == [401] * 4
    assert sandbox.state.grants["netfoundry"] == 2
    assert sandbox.state.counts[f"GET {NETWORKS}"] == 9
    assert run.says("NetFoundry answered 401 to two tokens in a row, so no other is asked for.")

    # The next run has a cache of its own; and whoever asks for a new token gets one.
    reading(ansible, sandbox, tmp_path, read(auth_options={"refresh": True}), **account(1))
    assert sandbox.state.grants["netfoundry"] == 4


def test_until_may_look_at_the_status_of_a_call_that_got_no_token(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault("/oauth/token", times=2, status=401, body="{}")
    task: Task = {**read(), "register": "networks", "until": "networks.status == 200", "retries": 3, "delay": 0}
    listing = inventory(tmp_path, {"localhost": service(sandbox)}, **account(1))
    run = ansible.play(playbook(tmp_path, [task]), "-i", listing)
    assert run.of("Read the networks").result["status"] == 200
    assert sandbox.state.counts["POST /oauth/token"] == 3


def test_a_401_that_is_listed_is_an_answer(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    tasks = [read(status_code=listed) for listed in (401, [200, 401], "200,401")]
    assert reading(ansible, sandbox, tmp_path, *tasks, **account(1)) == ["ok", "ok", "ok"]
    assert sandbox.state.counts[f"GET {NETWORKS}"] == 3
    assert sandbox.state.grants["netfoundry"] == 1


def test_a_given_token_is_tried_once(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    assert reading(ansible, sandbox, tmp_path, read(), netfoundry_auth_token="given-token") == ["failed"]
    assert sandbox.state.counts[f"GET {NETWORKS}"] == 1
