# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hosts that try at the same time: each with its own secret at each of its attempts."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory

NUMBERS = (1, 2, 3)
FAILURES = 2
# Of both plays.
TASKS = 4


@pytest.fixture
def servers() -> Iterator[dict[int, Sandbox]]:
    """One for each host."""
    with contextlib.ExitStack() as stack:
        yield {number: stack.enter_context(Sandbox()) for number in NUMBERS}


def test_each_attempt_of_each_host_sends_its_secret(servers: dict[int, Sandbox], ansible: Ansible) -> None:
    """In batches by the linear strategy, and all at once by the free one."""
    hosts = {}
    for number, sandbox in servers.items():
        for _dummy in range(TASKS):
            sandbox.fault("/oauth/token", status=503, times=FAILURES)
            sandbox.fault("/oauth/token", times=1)
        said = variables(sandbox, number)
        said["account_secret"] = said.pop("netfoundry_auth_client_secret")
        hosts[f"host-{number}"] = said
    listing = inventory(ansible.home, hosts)
    run = ansible.play("strategies.yml", "-i", listing)
    assert run.output.count("PLAY [") == 3, "two batches, and all at once"
    for number, sandbox in servers.items():
        sent = [json.loads(one.body)["client_secret"] for one in sandbox.state.requests if one.path == "/oauth/token"]
        assert sent == [f"nf-secret-{number}"] * (FAILURES + 1) * TASKS
