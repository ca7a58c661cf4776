# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the debugger runs again, it runs with what the user wrote, or has set in the debugger."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

SECRETS = {f"nf-client-{number}": f"nf-secret-{number}" for number in range(1, 7)}
# Whom each task asks, in their order; each of these fails once before.
ASKED = [f"nf-client-{number}" for number in (1, 1, 2, 3, 4, 5, 2, 2, 4, 4, 3, 5)]
# Then a loop of which one item fails, so that both are asked again, and a request that fails twice.
LOOP = ["nf-client-1", "nf-client-2"] * 2
READ = ["nf-client-6"] * 3
# A secret that is wrong, shown as callbacks see it, and the right one.
CORRECTION = [
    "p task.args['client_secret']",
    "task.args['client_secret'] = task_vars['secrets']['nf-client-1']",
    "redo",
]


# The hosts of the second play, each at another address and in another form.
HOSTS = {"localhost": "nf-client-1", "elsewhere": "nf-client-2"}
FORM = "/oauth/token-post"


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    for _dummy in ASKED:
        server.fault("/oauth/token", status=503, times=1)
        server.fault("/oauth/token", times=1)
    for status in (None, 503, None, None, 503, 503, None, None, None, 503):
        server.fault("/oauth/token", status=status, times=1)
    server.fault(FORM, status=503, times=1)
    hosts: dict[str, dict[str, str]] = {name: {"mine": mine} for name, mine in HOSTS.items()}
    hosts["elsewhere"] |= {
        "netfoundry_auth_token_url": f"{server.url}{FORM}",
        "netfoundry_auth_client_auth": "client_secret_post",
    }
    listing = inventory(shared_ansible.home, hosts, **service(server), origin=server.url, secrets=SECRETS)
    again = ["redo"] * (len(ASKED) + 1 + 2)
    typed = [*again, *CORRECTION, *(["redo"] * len(HOSTS))]
    done = shared_ansible.debug("redo.yml", "-i", listing, "-vvvvv", typed=typed)
    assert done.status == 0, done.output
    return done


@pytest.mark.usefixtures("run")
def test_what_is_run_again_sends_the_secret(server: Sandbox) -> None:
    said = [json.loads(one.body) for one in server.state.requests if one.path == "/oauth/token"]
    whole = [name for name in ASKED for dummy in range(2)] + LOOP + READ
    expected = [(name, SECRETS[name]) for name in whole]
    # The wrong secret, and the one that was set in the debugger.
    expected += [("nf-client-1", SECRETS["nf-client-2"]), ("nf-client-1", SECRETS["nf-client-1"])]
    expected += [("nf-client-1", SECRETS["nf-client-1"])] * 2
    assert [(one["client_id"], one["client_secret"]) for one in said] == expected


@pytest.mark.usefixtures("run")
def test_another_host_sends_its_own(server: Sandbox) -> None:
    said = [parse_qs(one.body) for one in server.state.requests if one.path == FORM]
    assert [one["client_secret"] for one in said] == [[SECRETS["nf-client-2"]]] * 2


def test_the_debugger_shows_no_secret(run: Run) -> None:
    assert "'********'" in run.output
    hidden(run.output, *SECRETS.values())
