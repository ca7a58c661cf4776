# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hundreds of hosts that use one token: what they cost is counted where it is granted."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.integration.targets.uri.refused import check_replaced
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory


def test_five_hundred_hosts_and_three_tasks_make_one_grant(sandbox: Sandbox, ansible: Ansible) -> None:
    hosts: dict[str, dict[str, object]] = {f"host-{number:03}": {} for number in range(500)}
    path = inventory(ansible.home, hosts, **service(sandbox), **account(1))
    run = ansible.play("many.yml", "-i", path, "--forks", "50")
    assert len(run.outcomes) == 1500
    assert sandbox.state.counts == {"POST /oauth/token": 1}


def test_a_token_that_a_hundred_hosts_find_refused_is_replaced_with_one_grant(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    check_replaced(100, ansible, sandbox, tmp_path)
