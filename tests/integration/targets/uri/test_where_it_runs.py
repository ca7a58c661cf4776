# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host that makes the request, and check mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.accounts import make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import HERE, Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook

ELSEWHERE = {"ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connections")}
REMEDY = "Use delegate_to: localhost."
READ: Task = {"name": "Read", OURS: {"auth": "netfoundry", "url": "/core/v2/networks"}}
PEERS: Task = {"name": "Read", OURS: {"auth": "netbird", "url": "/api/peers"}}
KEY: Task = {
    "name": "Read",
    OURS: {
        "auth": "netfoundry",
        "auth_options": {"method": "rapidapi", "rapidapi_key": "nf-rapidapi-key-1"},
        "url": "/core/v2/networks",
    },
}


def run(ansible: Ansible, sandbox: Sandbox, place: Path, task: Task, *arguments: str) -> Run:
    """The task on three hosts elsewhere, with localhost at hand."""
    hosts = {name: {"ansible_connection": "elsewhere"} for name in ("one", "two", "three")}
    netbird = {"netbird_auth_pat": make_pat("sandboxuser1"), "netbird_auth_api_url": sandbox.url}
    listing = inventory(place, {**hosts, "localhost": {}}, **variables(sandbox), **netbird)
    book = playbook(place, [task], hosts="all:!localhost")
    return ansible.play(book, "-i", listing, *arguments, env=ELSEWHERE)


@pytest.mark.parametrize("task", [PEERS, KEY], ids=["a personal access token", "a key"])
def test_a_permanent_credential_on_its_way_elsewhere_is_one_warning(
    task: Task, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    output = " ".join(run(ansible, sandbox, tmp_path, task).output.split())
    assert output.count(REMEDY) == 1


def test_a_delegated_task_gets_no_warning(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    found = run(ansible, sandbox, tmp_path, {**PEERS, "delegate_to": "localhost"})
    assert found.of("Read", "one").status == "ok"
    assert not found.says(REMEDY)


def test_a_token_that_ends_gets_no_warning(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    found = run(ansible, sandbox, tmp_path, READ)
    assert found.of("Read", "three").status == "ok"
    assert not found.says(REMEDY)


@pytest.mark.parametrize("method", ["GET", "get", "HEAD"])
def test_reading_is_done_in_check_mode(method: str, ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    task = {**READ, OURS: {**READ[OURS], "method": method, "status_code": [200, 405]}}
    found = run(ansible, sandbox, tmp_path, task, "--check", "--limit", "one")
    assert found.of("Read", "one").status == "ok"
    assert sandbox.state.counts[f"{method.upper()} /core/v2/networks"] == 1


@pytest.mark.parametrize("more", [{"method": "POST"}, {"method": "DELETE"}, {"dest": "answer"}], ids=str)
def test_all_else_is_skipped_in_check_mode_without_a_request(
    more: Task, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    more = {name: str(tmp_path / "answer") if name == "dest" else value for name, value in more.items()}
    task = {**READ, OURS: {**READ[OURS], **more}}
    found = run(ansible, sandbox, tmp_path, task, "--check", "--limit", "one")
    assert found.of("Read", "one").status == "skipped"
    assert sandbox.state.requests == []
    assert not (tmp_path / "answer").exists()
