# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A loop that succeeds shows nobody its tokens and items, and a failure in one is said."""

from __future__ import annotations

import json

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

SECRETS = {f"nf-client-{number}": f"nf-secret-{number}" for number in (1, 2)}


# The last two print a loop's whole result, and no item of it.
CALLBACKS = ("default", "minimal", "oneline")


@pytest.fixture(scope="module")
def runs(server: Sandbox, shared_ansible: Ansible) -> dict[str, Run]:
    """By the callback that shows it."""
    return {name: shown_by(name, server, shared_ansible) for name in CALLBACKS}


def shown_by(callback: str, server: Sandbox, ansible: Ansible) -> Run:
    server.reset()
    listing = inventory(ansible.home, {"localhost": {}}, **service(server), secrets=SECRETS)
    shown = {"ANSIBLE_STDOUT_CALLBACK": callback, "ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "1"}
    return ansible.play("loops.yml", "-i", listing, "-vvv", env=shown)


@pytest.mark.parametrize("callback", CALLBACKS)
def test_a_loop_shows_no_secret_and_no_token(callback: str, runs: dict[str, Run]) -> None:
    run = runs[callback]
    whole = [json.dumps(one.result) for one in run.outcomes]
    assert len(whole) == 6
    for text in (run.output, *whole):
        hidden(text, *SECRETS.values())
        assert "eyJ" not in text


def test_the_item_that_fails_keeps_its_sentence(runs: dict[str, Run]) -> None:
    assert runs["default"].says("with status 401")
    assert runs["default"].says("Check client_id and client_secret, and client_auth")
