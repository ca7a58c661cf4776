# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Headers that outlive their token."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory


def test_a_token_that_dies_in_the_middle_of_a_play_is_replaced(sandbox: Sandbox, ansible: Ansible) -> None:
    # With half of it left a token is renewed, so each request has ten seconds to be made.
    sandbox.fault("/oauth/token", life=20)
    path = inventory(ansible.home, {"localhost": variables(sandbox)})
    run = ansible.play("fresh.yml", "-i", path)
    assert run.of("Read the networks while the token lives").result["status"] == 200
    assert run.of("Read the networks with the first token until it is dead").result["status"] == 401
    assert run.of("Read the networks afterwards").result["status"] == 200
    reads = [each for each in sandbox.state.requests if each.path == "/core/v2/networks"]
    assert reads[-1].headers["authorization"] != reads[-2].headers["authorization"]
