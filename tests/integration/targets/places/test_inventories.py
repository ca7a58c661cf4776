# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups in an inventory file and in the options of an inventory plugin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

PEERS = "/api/peers"


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


def test_a_listing_shows_the_template_of_an_inventory_file_and_has_an_inventory_plugin_send_its_headers(
    sandbox: Sandbox, ansible: Ansible, netbird: dict[str, str], tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "inventory/hosts.yml", "peers.yml")
    sources = [argument for name in ("inventory/hosts.yml", "peers.yml") for argument in ("-i", str(tmp_path / name))]
    listing = tmp_path / "listing.json"
    done = ansible.command("inventory", *sources, "--list", "--output", str(listing), "-vvv", env=netbird)
    assert done.status == 0, done.output
    listed = json.loads(listing.read_bytes())["_meta"]["hostvars"]
    assert listed["berlin"]["networks_headers"] == "{{ lookup('netapi.auth.netfoundry_token', 'headers') }}"
    assert "sandbox-peer" in listed
    # For the file it asks for no token.
    assert [one.path for one in sandbox.state.requests] == ["/idp/token", PEERS]
    headers = sent(sandbox, PEERS)
    assert list(map(owner, headers)) == ["idp-user-1"]
    hidden(done.output + listing.read_text(encoding="utf-8"), *headers, "nb-secret-1")


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
