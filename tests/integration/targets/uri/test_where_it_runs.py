# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host that makes the request, and check mode."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
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


def run(ansible: Ansible, sandbox: Sandbox, place: Path, *tasks: Task, arguments: tuple[str, ...] = ()) -> Run:
    """The tasks on two hosts elsewhere, with localhost at hand."""
    hosts = {name: {"ansible_connection": "elsewhere"} for name in ("one", "two")}
    netbird = {"netbird_auth_pat": make_pat("sandboxuser1"), "netbird_auth_api_url": sandbox.url}
    listing = inventory(place, {**hosts, "localhost": {}}, **variables(sandbox), **netbird)
    book = playbook(place, tasks, hosts="all:!localhost")
    return ansible.play(book, "-i", listing, *arguments, env=ELSEWHERE)


def test_a_permanent_credential_on_its_way_elsewhere_is_one_warning_for_each(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    output = " ".join(run(ansible, sandbox, tmp_path, PEERS, KEY).output.split())
    assert output.count(REMEDY) == 2
    for method in ("pat", "rapidapi"):
        assert output.count(f"sends the permanent credential ({method})") == 1


def test_neither_a_delegated_task_nor_a_token_that_ends_gets_a_warning(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    delegated = {**PEERS, "name": "Read from here", "delegate_to": "localhost"}
    found = run(ansible, sandbox, tmp_path, delegated, READ)
    assert found.of("Read from here", "one").status == "ok"
    assert found.of("Read", "two").status == "ok"
    assert not found.says(REMEDY)


def test_check_mode_reads_and_skips_all_else_without_a_request(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    reading = [{"method": method, "status_code": [200, 405]} for method in ("get", "HEAD")]
    skipped: list[Task] = [{"method": "POST"}, {"method": "DELETE"}, {"dest": str(tmp_path / "answer")}]
    tasks = [{"name": str(more), OURS: {**READ[OURS], **more}} for more in (*reading, *skipped)]
    found = run(ansible, sandbox, tmp_path, *tasks, arguments=("--check", "--limit", "one"))
    assert [found.of(str(more), "one").status for more in reading] == ["ok"] * 2
    assert [found.of(str(more), "one").status for more in skipped] == ["skipped"] * 3
    asked = [one.method for one in sandbox.state.requests if one.path == "/core/v2/networks"]
    assert asked == ["GET", "HEAD"]
    assert not (tmp_path / "answer").exists()
