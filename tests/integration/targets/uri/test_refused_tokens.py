# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows a 401."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.integration.targets.uri.refused import NETWORKS, check_replaced, read
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import plays

READS = f"GET {NETWORKS}"


def test_a_refused_token_is_replaced_with_one_grant(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    check_replaced(3, ansible, sandbox, tmp_path)


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    """Requests to a service that refuses every token; each play has an account of its own."""
    server.reset()
    server.fault("/oauth/token", times=2, status=401, body="{}")
    server.fault("/given", status=401, body="{}")
    server.fault(NETWORKS, status=401, body="{}")
    until = {"until": "answer.status == 401", "register": "answer", "retries": 3, "delay": 0}
    listed = [read(status_code=listed) for listed in (401, [200, 401], "200,401")]
    again = read(auth_options={"refresh": True})
    book = plays(
        shared_ansible.home,
        {"name": "Until", "hosts": "three", "tasks": [{**read(status_code=401), **until}, *listed]},
        {"name": "Given", "hosts": "given", "tasks": [{**read(url="/given"), "ignore_errors": True}]},
        {"name": "Loop", "hosts": "one,two", "tasks": [{**read(), "loop": [1, 2], "ignore_errors": True}]},
        {"name": "Refresh", "hosts": "one", "tasks": [{**again, "ignore_errors": True}]},
    )
    hosts = {"one": account(1), "two": account(1), "three": account(3), "given": {"netfoundry_auth_token": "a-token"}}
    listing = inventory(shared_ansible.home, hosts, **service(server))
    return shared_ansible.play(book, "-i", listing, "--forks", "1")


def test_until_may_look_at_the_status_of_a_call_that_got_no_token_and_a_401_that_is_listed_is_an_answer(
    run: Run,
) -> None:
    found = [one for one in run.outcomes if one.play == "Until"]
    assert [(one.status, one.result["status"], one.result.get("attempts")) for one in found] == [
        ("ok", 401, 3),
        *[("ok", 401, None)] * 3,
    ]


def test_a_given_token_is_tried_once(server: Sandbox, run: Run) -> None:
    assert run.of("Read the networks", "given").status == "failed"
    assert server.state.counts["GET /given"] == 1


def test_a_loop_over_a_path_that_is_refused_costs_one_grant_more(server: Sandbox, run: Run) -> None:
    for host in ("one", "two"):
        items = run.of("Read the networks", host, "Loop").result["results"]
        assert [item["status"] for item in items] == [401, 401]
    assert run.says("NetFoundry answered 401 to two tokens in a row, so no other is asked for.")
    # One for the listed ones, two for the loop, and whoever asks for a new token gets one, and no second.
    assert server.state.grants["netfoundry"] == 4
    assert server.state.counts[READS] == 4 + 5 + 1
