# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the debugger runs again, it runs with what the user wrote, or has set in the debugger."""

from __future__ import annotations

import json

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

SECRETS = {f"nf-client-{number}": f"nf-secret-{number}" for number in range(1, 7)}
# Whom each task asks, in their order; each of these fails once before.
ASKED = [f"nf-client-{number}" for number in (1, 1, 2, 3, 4, 5, 2, 2, 4, 4, 3, 5)]
# Then a loop of which one item fails, so that both are asked again, and a request that fails twice.
LOOP, READ = ["nf-client-1", "nf-client-2"] * 2, ["nf-client-6"] * 3
# A secret that is wrong, shown as callbacks see it, and the right one.
CORRECTION = [
    "p task.args['client_secret']",
    "task.args['client_secret'] = task_vars['secrets']['nf-client-1']",
    "redo",
]


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    for _ in ASKED:
        server.fault("/oauth/token", status=503, times=1)
        server.fault("/oauth/token", times=1)
    for status in (None, 503, None, None, 503, 503, None):
        server.fault("/oauth/token", status=status, times=1)
    listing = inventory(
        shared_ansible.home, {"localhost": {}, "elsewhere": {}}, **service(server), origin=server.url, secrets=SECRETS
    )
    typed = ["redo"] * (len(ASKED) + 1 + 2) + CORRECTION
    return shared_ansible.debug("redo.yml", "-i", listing, "-vvvvv", typed=typed)


@pytest.fixture
def sent(run: Run, server: Sandbox) -> list[tuple[str, str]]:
    assert run.status == 0, run.output
    said = [json.loads(one.body) for one in server.state.requests if one.path == "/oauth/token"]
    return [(one["client_id"], one["client_secret"]) for one in said]


def test_what_is_run_again_sends_the_secret(sent: list[tuple[str, str]]) -> None:
    expected = [name for name in ASKED for _ in range(2)] + LOOP + READ
    assert sent[:-2] == [(name, SECRETS[name]) for name in expected]


def test_what_is_set_in_the_debugger_counts(sent: list[tuple[str, str]]) -> None:
    assert sent[-2:] == [("nf-client-1", SECRETS["nf-client-2"]), ("nf-client-1", SECRETS["nf-client-1"])]


def test_the_debugger_shows_no_secret(run: Run) -> None:
    assert "'********'" in run.output
    hidden(run.output, *SECRETS.values())
