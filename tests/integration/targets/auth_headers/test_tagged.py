# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role in a run with ``--tags``."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

USE = "Ask NetBird whose token it is"
RUN = ("roles", "always", "import_role", "include_role_apply")
LEFT_OUT = ("include_role", "untagged")


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    path = inventory(
        shared_ansible.home,
        {name: {} for name in (*RUN, *LEFT_OUT)},
        netbird_auth_api_url=server.url,
        netbird_auth_pat=make_pat("sandboxuser1"),
        auth_headers_providers=["netbird"],
    )
    return shared_ansible.play("tagged.yml", "-i", path, "--tags", "peers")


@pytest.mark.parametrize("host", RUN)
def test_tags_that_reach_the_tasks_of_the_role_make_the_headers(host: str, run: Run) -> None:
    assert run.of(USE, host).result["status"] == 200


@pytest.mark.parametrize("host", LEFT_OUT)
def test_without_them_there_are_none(host: str, run: Run) -> None:
    assert run.of(USE, host).status == "failed"
    assert "'auth_headers_netbird' is undefined" in run.of(USE, host).message
