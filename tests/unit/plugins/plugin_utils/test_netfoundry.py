# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetFoundry on the wire: every flow, by task and by lookup."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import FLOWS


def test_the_scope_of_the_answer_is_in_the_result(sandbox: Sandbox, ansible: Ansible) -> None:
    flow = next(each for each in FLOWS if each.name == "frontdoor")
    result = flow.obtain("task", ansible, sandbox.url)

    assert result["scope"] == "frontdoor.read frontdoor.write"
