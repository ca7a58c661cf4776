# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that show no token at any verbosity, all in one run."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

OFFICES = {"berlin": "berlin-secret-77a0", "paris": "paris-secret-31c9"}
PASSWORD = "a vault password"
PAT = make_pat("sandboxservice1")
GUIDE = ("networks.yml", "tactics.yml", "quiet_report.yml")


@dataclass(frozen=True)
class Seen:
    """The run, and the headers that each service was sent."""

    run: Run
    home: Path
    netosecret: str
    grants: dict[str, int]
    networks: list[str]
    tactics: list[str]
    groups: list[str]


def _secrets(home: Path, netosecret: str) -> tuple[str, ...]:
    """The arguments with the secrets of both offices as variables, and the password of the file with the third.

    At this verbosity the core shows all arguments.
    """
    encrypted = VaultLib().encrypt(f"vault_netosecret: {netosecret}\n", secret=VaultSecret(PASSWORD.encode()))
    (home / "secrets.yml").write_bytes(encrypted)
    (home / "password").write_text(PASSWORD, encoding="utf-8")
    offices = {f"vault_{office}_secret": secret for office, secret in OFFICES.items()}
    (home / "offices.json").write_text(json.dumps(offices), encoding="utf-8")
    return ("-e", f"@{home / 'offices.json'}", "--vault-password-file", str(home / "password"))


@pytest.fixture(scope="module")
def seen(server: Sandbox, shared_ansible: Ansible, beside: dict[str, str], program: Path) -> Seen:
    server.reset()
    for office, secret in OFFICES.items():
        server.add_account(NetFoundryClient(office, secret))
    home = shared_ansible.home
    write(home, server, "inventory/hosts.yml", "headers.yml", *GUIDE)
    shutil.copy(program, home / "report.py")
    ours = {"name": "Ask for the groups", "netapi.auth.uri": {"auth": "netbird", "url": "/api/groups"}}
    theirs = {"name": "Keep a group", "community.ansible_netbird.netbird_group": {"name": "All"}}
    books = [*(str(home / name) for name in GUIDE), playbook(home, [ours, theirs])]
    netosecret = exports(server.url)["NETOSECRET"]
    arguments = ("-i", str(home / "inventory/hosts.yml"), *_secrets(home, netosecret), "-vvvvv")
    env = {**environment(server), **beside, "NETBIRD_API_TOKEN": PAT}
    run = shared_ansible.play(*books, *arguments, env=env)
    headers = [sent(server, path) for path in ("/core/v2/networks", "/api/v1/mitre/tactics", "/api/groups")]
    return Seen(run, home, netosecret, dict(server.state.grants), *headers)


def test_each_host_of_an_inventory_file_sends_the_token_of_its_account(seen: Seen) -> None:
    assert [seen.run.of("Ask NetFoundry for the networks", office).status for office in OFFICES] == ["ok", "ok"]
    assert sorted(map(owner, seen.networks[:2])) == ["berlin", "paris"]


def test_files_of_variables_hold_a_secret_and_a_lookup_that_uses_it(seen: Seen) -> None:
    assert seen.run.of("Ask Netography for the tactics").status == "ok"
    assert [owner(header) for header in seen.tactics] == ["neto-appname-1"]
    assert seen.grants["netography"] == 1


def test_a_token_on_standard_input_is_in_no_command_line(seen: Seen) -> None:
    assert seen.run.of("Run the program with a token from its standard input").status == "ok"
    assert owner(*seen.networks[2:]) == "nf-client-1"
    assert json.loads((seen.home / "said.json").read_text(encoding="utf-8"))["in_command_lines"] is False


def test_each_account_of_netfoundry_is_asked_for_one_token(seen: Seen) -> None:
    assert seen.grants["netfoundry"] == 3


def test_netbirds_own_collection_and_this_one_read_the_same_variable_of_the_environment(seen: Seen) -> None:
    assert seen.groups == [f"Token {PAT}"] * 2


def test_no_token_and_no_secret_is_shown(seen: Seen) -> None:
    headers = (*seen.networks, *seen.tactics, *seen.groups)
    hidden(seen.run.output, *headers, *OFFICES.values(), "nf-secret-1", seen.netosecret)
