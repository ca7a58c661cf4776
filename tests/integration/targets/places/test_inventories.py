# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups in an inventory file and in the options of an inventory plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

OFFICES = {"berlin": "berlin-secret-77a0", "paris": "paris-secret-31c9"}
NETWORKS = "/core/v2/networks"
PEERS = "/api/peers"


@pytest.fixture
def vault(sandbox: Sandbox) -> str:
    """Both offices have an account; their secrets as variables."""
    for office, secret in OFFICES.items():
        sandbox.add_account(NetFoundryClient(office, secret))
    return json.dumps({f"vault_{office}_secret": secret for office, secret in OFFICES.items()})


def test_each_host_of_an_inventory_file_sends_the_token_of_its_account(
    sandbox: Sandbox, ansible: Ansible, vault: str, tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "inventory/hosts.yml", "networks.yml")
    book = str(tmp_path / "networks.yml")
    listing = str(tmp_path / "inventory/hosts.yml")
    run = ansible.play(book, "-i", listing, "-e", vault, "-vvv", env=addresses(sandbox))
    assert [run.of("Ask NetFoundry for the networks", office).status for office in OFFICES] == ["ok", "ok"]
    headers = sent(sandbox, NETWORKS)
    assert sorted(map(owner, headers)) == ["berlin", "paris"]
    assert sandbox.state.grants["netfoundry"] == 2
    hidden(run.output, *headers, *OFFICES.values())


def test_a_listing_of_the_inventory_shows_the_template_and_asks_for_no_token(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "inventory/hosts.yml")
    done = ansible.command("inventory", "-i", str(tmp_path / "inventory/hosts.yml"), "--list", env=addresses(sandbox))
    assert done.status == 0
    listed = json.loads(done.output)["_meta"]["hostvars"]["berlin"]
    assert listed["networks_headers"] == "{{ lookup('netapi.auth.netfoundry_token', 'headers') }}"
    assert sandbox.state.requests == []


@pytest.fixture
def netbird(sandbox: Sandbox) -> dict[str, str]:
    """The plugin, and an account whose tokens are granted, so that they can be counted."""
    return {
        **addresses(sandbox),
        "ANSIBLE_INVENTORY_PLUGINS": str(Path("inventory_plugins").resolve()),
        "NETBIRD_AUTH_CLIENT_ID": "nb-client-1",
        "NETBIRD_AUTH_CLIENT_SECRET": "nb-secret-1",
        "NETBIRD_AUTH_TOKEN_URL": f"{sandbox.url}/idp/token",
    }


def test_an_inventory_plugin_sends_the_headers_of_its_configuration(
    sandbox: Sandbox, ansible: Ansible, netbird: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "peers.yml")
    done = ansible.command("inventory", "-i", str(tmp_path / "peers.yml"), "--list", "-vvv", env=netbird)
    assert done.status == 0, done.output
    assert '"sandbox-peer"' in done.output
    headers = sent(sandbox, PEERS)
    assert list(map(owner, headers)) == ["idp-user-1"]
    assert sandbox.state.grants["netbird"] == 1
    hidden(done.output, *headers, "nb-secret-1")


def test_the_tasks_of_the_run_have_the_token_of_the_inventory_plugin(
    sandbox: Sandbox, ansible: Ansible, netbird: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "peers.yml")
    asks = {"name": "Ask for the peers", "netapi.auth.uri": {"auth": "netbird", "url": PEERS}}
    book = playbook(tmp_path, [{**asks, "delegate_to": "localhost"}], hosts="sandbox-peer")
    run = ansible.play(book, "-i", str(tmp_path / "peers.yml"), "-vvv", env=netbird)
    assert run.of("Ask for the peers", "sandbox-peer").result["status"] == 200
    by_the_plugin, by_the_task = sent(sandbox, PEERS)
    assert by_the_plugin == by_the_task
    assert sandbox.state.grants["netbird"] == 1
    hidden(run.output, by_the_task, "nb-secret-1")
