# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetFoundry on the wire: every flow, by task and by lookup."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import (
    Flow,
    status_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netfoundry_flows import FLOWS, NETWORKS, READY


@pytest.mark.parametrize("flow", [*FLOWS, *READY[:3]], ids=str)
def test_the_headers_open_the_api(flow: Flow, sandbox: Sandbox, ansible: Ansible) -> None:
    result = flow.obtain("task", ansible, sandbox.url)

    assert status_of(sandbox.url + flow.read, result["headers"]) == 200


def test_a_token_at_hand_opens_the_api(sandbox: Sandbox, ansible: Ansible) -> None:
    token = FLOWS[0].obtain("task", ansible, sandbox.url)["access_token"]
    result = ansible.lookup_result("netfoundry", token=token)

    assert status_of(sandbox.url + NETWORKS, result["headers"]) == 200


def test_a_token_at_hand_is_not_asked_for(sandbox: Sandbox, ansible: Ansible) -> None:
    ansible.task_result("netfoundry", token="a.token", api_url=sandbox.url)

    assert sandbox.state.requests == []


def test_the_scope_of_the_answer_is_in_the_result(sandbox: Sandbox, ansible: Ansible) -> None:
    flow = next(each for each in FLOWS if each.name == "frontdoor")
    result = flow.obtain("task", ansible, sandbox.url)

    assert result["scope"] == "frontdoor.read frontdoor.write"
