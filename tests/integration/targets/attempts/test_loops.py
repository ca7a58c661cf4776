# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A loop that succeeds shows nobody its tokens and items, and a failure in one is said.

The leak suite looks at every callback.
"""

from __future__ import annotations

import json

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

SECRETS = {f"nf-client-{number}": f"nf-secret-{number}" for number in (1, 2)}


def test_a_loop_shows_no_secret_and_no_token_and_the_item_that_fails_keeps_its_sentence(
    sandbox: Sandbox, ansible: Ansible
) -> None:
    listing = inventory(ansible.home, {"localhost": {}}, **service(sandbox), secrets=SECRETS)
    run = ansible.play("loops.yml", "-i", listing, "-vvv", env={"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "1"})
    whole = [json.dumps(one.result) for one in run.outcomes]
    assert len(whole) == 6
    for text in (run.output, *whole):
        hidden(text, *SECRETS.values())
        assert "eyJ" not in text
    assert run.says("with status 401")
    assert run.says("Check client_id and client_secret, and client_auth")
