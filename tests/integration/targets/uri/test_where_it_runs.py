# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The host that makes the request, and check mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, plays

NETWORKS = "/core/v2/networks"
READ: Task = {"name": "Read", OURS: {"auth": "netfoundry", "url": NETWORKS}}
PEERS: Task = {"name": "Peers", OURS: {"auth": "netbird", "url": "/api/peers"}}
KEY = {"method": "rapidapi", "rapidapi_key": "nf-rapidapi-key-1"}
DELEGATED: Task = {**PEERS, "name": "Read from here", "delegate_to": "localhost"}
READING: dict[str, Task] = {"Get": {"method": "get"}, "Head": {"method": "HEAD"}}
SKIPPED: dict[str, Task] = {
    "Post": {"method": "POST"},
    "Delete": {"method": "DELETE"},
    "Write": {"dest": "{{ place }}/answer"},
}


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    """The tasks on two hosts elsewhere, and others on one of them."""
    server.reset()
    place = shared_ansible.home
    said = {**READING, **SKIPPED}
    checked = [{"name": name, OURS: {**READ[OURS], **more}, "check_mode": True} for name, more in said.items()]
    book = plays(
        place,
        {"hosts": "one,two", "tasks": [PEERS, {"name": "Key", OURS: {**READ[OURS], "auth_options": KEY}}]},
        {"hosts": "one", "tasks": [DELEGATED, *checked, READ]},
    )
    hosts = {name: {"ansible_connection": "elsewhere"} for name in ("one", "two")}
    netbird = {"netbird_auth_pat": make_pat("sandboxuser1"), "netbird_auth_api_url": server.url, "place": str(place)}
    listing = inventory(place, {**hosts, "localhost": {}}, **variables(server), **netbird)
    return shared_ansible.play(book, "-i", listing, env={"ANSIBLE_CONNECTION_PLUGINS": str(Path.cwd() / "connections")})


def test_a_permanent_credential_on_its_way_elsewhere_is_one_warning_for_each_and_no_other_gets_one(run: Run) -> None:
    output = " ".join(run.output.split())
    assert output.count("Use delegate_to: localhost.") == 2
    for method in ("pat", "rapidapi"):
        assert output.count(f"sends the permanent credential ({method})") == 1
    assert {run.of(name, "one").status for name in ("Read from here", "Read")} == {"ok"}


def test_check_mode_reads_and_skips_all_else_without_a_request(
    server: Sandbox, run: Run, shared_ansible: Ansible
) -> None:
    assert [run.of(name, "one").status for name in READING] == ["ok"] * 2
    assert [run.of(name, "one").status for name in SKIPPED] == ["skipped"] * 3
    asked = [one.method for one in server.state.requests if one.path == NETWORKS]
    # Those of the key on two hosts, those in check mode, and the last.
    assert asked == ["GET", "GET", "GET", "HEAD", "GET"]
    assert not Path(shared_ansible.home, "answer").exists()
