# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every flow of every provider, by task and by lookup: what goes over the wire, and what the result says."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import (
    netbird_flows,
    netfoundry_flows,
    netography_flows,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import WAYS, Flow, lasting
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netography_flows import what_was_signed

FLOWS = [*netbird_flows.FLOWS, *netfoundry_flows.FLOWS, *netography_flows.FLOWS]
READY = [*netbird_flows.READY, *netfoundry_flows.READY, *netography_flows.READY]


def _named(flow: Flow) -> str:
    return f"{flow.provider} {flow}"


@pytest.fixture
def services(sandbox: Sandbox) -> Sandbox:
    """With the accounts that some of the flows are for."""
    sandbox.add_account(netbird_flows.ODD_CLIENT)
    sandbox.add_account(netography_flows.KEY)
    return sandbox


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("flow", FLOWS, ids=_named)
def test_the_grant_sends_exactly_what_the_service_documents(
    flow: Flow, way: str, services: Sandbox, ansible: Ansible
) -> None:
    flow.obtain(way, ansible, services.url)

    assert what_was_signed(services) == flow.sent


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("flow", [*FLOWS, *READY], ids=_named)
def test_the_result_is_as_documented(flow: Flow, way: str, services: Sandbox, ansible: Ansible) -> None:
    result = flow.obtain(way, ansible, services.url)

    assert {**result, **flow.expected(result["access_token"], services.url)} == result


@pytest.mark.parametrize("flow", [*FLOWS, *READY], ids=_named)
def test_task_and_lookup_give_the_same(flow: Flow, services: Sandbox, ansible: Ansible) -> None:
    by_task, by_lookup = (flow.obtain(way, ansible, services.url) for way in WAYS)

    assert lasting(by_task) == lasting(by_lookup)
