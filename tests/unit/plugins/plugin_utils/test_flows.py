# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every flow of every provider, by task and by lookup: what goes over the wire, and what the result says."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import (
    WAYS,
    lasting,
    status_of,
    what_was_sent,
)
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA, EVERY_FLOW, EVERY_READY_FLOW, Flow

EACH = pytest.mark.parametrize("flow", [*EVERY_FLOW, *EVERY_READY_FLOW], ids=str)


@pytest.fixture
def services(sandbox: Sandbox) -> Sandbox:
    """With the accounts that some of the flows are for."""
    for data in DATA.values():
        for account in data.accounts:
            sandbox.add_account(account)
    return sandbox


@pytest.mark.parametrize("way", WAYS)
@EACH
def test_what_is_sent_and_what_comes_of_it_is_as_documented(
    flow: Flow, way: str, services: Sandbox, ansible: Ansible
) -> None:
    result = flow.obtain(way, ansible, services.url)
    assert what_was_sent(services, DATA[flow.provider].readable) == flow.sent
    assert {**result, **flow.expected(result["access_token"], services.url)} == result

    (other,) = set(WAYS) - {way}
    assert lasting(flow.obtain(other, ansible, services.url)) == lasting(result)
    assert len(what_was_sent(services)) == len(flow.sent)
    if flow.read:
        assert status_of(services.url + flow.read, result["headers"]) == 200


@pytest.mark.parametrize("provider", DATA)
def test_a_token_at_hand_opens_the_api(provider: str, sandbox: Sandbox, ansible: Ansible) -> None:
    data = DATA[provider]
    token = ansible.lookup(provider, **data.pick(data.grants[0].options, sandbox.url))[0]
    result = ansible.lookup_result(provider, token=token)

    assert status_of(sandbox.url + data.whoami, result["headers"]) == 200
