# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that show no token at any verbosity, all in one run."""

from __future__ import annotations

import json
import shutil
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
NETWORKS = "/core/v2/networks"
TACTICS = "/api/v1/mitre/tactics"
GROUPS = "/api/groups"
GUIDE = ("networks.yml", "tactics.yml", "quiet_report.yml")


def _secrets(home: Path, server: Sandbox) -> tuple[str, ...]:
    """The arguments with the secrets of both offices as variables, and the password of the file with the third.

    At this verbosity the core shows all arguments.
    """
    third = f"vault_netosecret: {exports(server.url)['NETOSECRET']}\n"
    encrypted = VaultLib().encrypt(third, secret=VaultSecret(PASSWORD.encode()))
    (home / "secrets.yml").write_bytes(encrypted)
    (home / "password").write_text(PASSWORD, encoding="utf-8")
    offices = {f"vault_{office}_secret": secret for office, secret in OFFICES.items()}
    (home / "offices.json").write_text(json.dumps(offices), encoding="utf-8")
    return ("-e", f"@{home / 'offices.json'}", "--vault-password-file", str(home / "password"))


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible, beside: dict[str, str], program: Path) -> Run:
    server.reset()
    for office, secret in OFFICES.items():
        server.add_account(NetFoundryClient(office, secret))
    home = shared_ansible.home
    write(home, server, "inventory/hosts.yml", "headers.yml", *GUIDE)
    shutil.copy(program, home / "report.py")
    ours = {"name": "Ask for the groups", "netapi.auth.uri": {"auth": "netbird", "url": GROUPS}}
    theirs = {"name": "Keep a group", "community.ansible_netbird.netbird_group": {"name": "All"}}
    books = [*(str(home / name) for name in GUIDE), playbook(home, [ours, theirs])]
    arguments = ("-i", str(home / "inventory/hosts.yml"), *_secrets(home, server), "-vvvvv")
    env = {**environment(server), **beside, "NETBIRD_API_TOKEN": PAT}
    return shared_ansible.play(*books, *arguments, env=env)


def test_each_host_of_an_inventory_file_sends_the_token_of_its_account(run: Run, server: Sandbox) -> None:
    assert [run.of("Ask NetFoundry for the networks", office).status for office in OFFICES] == ["ok", "ok"]
    assert sorted(owner(header) for header in sent(server, NETWORKS)[:2]) == ["berlin", "paris"]
    # One for each office, and one for the program.
    assert server.state.grants["netfoundry"] == 3


def test_files_of_variables_hold_a_secret_and_a_lookup_that_uses_it(run: Run, server: Sandbox) -> None:
    assert run.of("Ask Netography for the tactics").status == "ok"
    assert [owner(header) for header in sent(server, TACTICS)] == ["neto-appname-1"]
    assert server.state.grants["netography"] == 1


def test_a_token_on_standard_input_is_in_no_command_line(run: Run, server: Sandbox, shared_ansible: Ansible) -> None:
    assert run.of("Run the program with a token from its standard input").status == "ok"
    assert owner(*sent(server, NETWORKS)[2:]) == "nf-client-1"
    assert json.loads((shared_ansible.home / "said.json").read_text(encoding="utf-8"))["in_command_lines"] is False


@pytest.mark.usefixtures("run")
def test_netbirds_own_collection_and_this_one_read_the_same_variable_of_the_environment(server: Sandbox) -> None:
    assert sent(server, GROUPS) == [f"Token {PAT}"] * 2


def test_no_token_and_no_secret_is_shown(run: Run, server: Sandbox) -> None:
    headers = [header for path in (NETWORKS, TACTICS, GROUPS) for header in sent(server, path)]
    hidden(run.output, *headers, *OFFICES.values(), "nf-secret-1", exports(server.url)["NETOSECRET"])
