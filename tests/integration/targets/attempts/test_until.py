# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every attempt of `until` runs with what the user wrote, and nobody sees it between the attempts."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

ACCOUNTS = {f"nf-client-{number}": f"nf-secret-{number}" for number in range(1, 7)}
AWX_TOKEN = "token-of-awx-0123456789"
NETWORKS = "/core/v2/networks"
AWX = "/api/v2/credential_types/"
# Whom each task of the playbook asks for a token, in their order.
ASKED = [f"nf-client-{number}" for number in (1, 1, 1, 2, 4, 2, 2, 3, 5, 1, 2)]
LAST = "nf-client-6"
FAILURES = 2


def order(sandbox: Sandbox) -> None:
    """Have each task fail, and then succeed."""
    for _dummy in ASKED:
        sandbox.fault("/oauth/token", status=503, times=FAILURES)
        sandbox.fault("/oauth/token", times=1)
    for path, body in {f"{NETWORKS}/failing": "{}", AWX: json.dumps({"results": [], "next": None})}.items():
        sandbox.fault(path, status=400, times=FAILURES)
        sandbox.fault(path, body=body)
    sandbox.fault("/api/", body=json.dumps({"available_versions": {"v2": "/api/v2/"}, "oauth2": "/api/o/"}))
    sandbox.fault("/api/v2/me/", body=json.dumps({"results": [], "next": None}))


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    order(server)
    hosts: dict[str, dict[str, str]] = {"localhost": {}, "elsewhere": {}}
    variables = service(server) | {"origin": server.url, "secrets": ACCOUNTS, "awx_token": AWX_TOKEN}
    listing = inventory(shared_ansible.home, hosts, **variables)
    return shared_ansible.play("until.yml", "-i", listing, "-vvvvv", env={"ANSIBLE_DISPLAY_ARGS_TO_STDOUT": "1"})


def sent_to(sandbox: Sandbox, path: str) -> list[str]:
    return [one.body for one in sandbox.state.requests if one.path == path]


@pytest.mark.usefixtures("run")
def test_each_attempt_sends_the_secret(server: Sandbox) -> None:
    said = [json.loads(body) for body in sent_to(server, "/oauth/token")]
    expected = [name for name in ASKED for dummy in range(FAILURES + 1)] + [LAST] * (FAILURES + 1)
    assert [(one["client_id"], one["client_secret"]) for one in said] == [(name, ACCOUNTS[name]) for name in expected]


@pytest.mark.usefixtures("run")
def test_each_attempt_signs_in_to_awx(server: Sandbox) -> None:
    headers = [one.headers["authorization"] for one in server.state.requests if one.path == AWX]
    assert headers == [f"Bearer {AWX_TOKEN}"] * (FAILURES + 1)


@pytest.mark.usefixtures("run")
def test_each_request_carries_a_token(server: Sandbox) -> None:
    tokens = Counter(one.path for one in server.state.requests if len(one.headers.get("authorization", "")) > 200)
    assert tokens == {NETWORKS: 3, f"{NETWORKS}/failing": FAILURES + 1}


def test_nobody_sees_a_secret_between_the_attempts(run: Run) -> None:
    assert run.output.count("FAILED - RETRYING") >= len(ASKED)
    hidden(run.output, *ACCOUNTS.values(), AWX_TOKEN)
