# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encrypted values in group variables and in files of variables."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent

SECRET = "automation-secret-5d0e"
NETWORKS = "/core/v2/networks"
TACTICS = "/api/v1/mitre/tactics"


@pytest.fixture
def password(tmp_path: Path) -> str:
    path = tmp_path / "password"
    path.write_text("a vault password\n", encoding="utf-8")
    return str(path)


def _vault(ansible: Ansible, password: str, *arguments: str) -> str:
    done = ansible.command("vault", *arguments, "--vault-password-file", password)
    assert done.returncode == 0, done.stdout
    return done.stdout


def _encrypted_file(ansible: Ansible, password: str, path: Path, sandbox: Sandbox) -> str:
    """Write an encrypted file of variables with the secret of Netography; that secret."""
    secret = exports(sandbox.url)["NETOSECRET"]
    path.write_text(f"vault_netosecret: {secret}\n", encoding="utf-8")
    _vault(ansible, password, "encrypt", str(path))
    assert path.read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT")
    return secret


def test_group_variables_with_an_encrypted_value_and_an_encrypted_file_give_both_accounts(
    sandbox: Sandbox, ansible: Ansible, password: str, tmp_path: Path
) -> None:
    sandbox.add_account(NetFoundryClient("automation", SECRET))
    write(tmp_path, sandbox, "group_vars/all/vars.yml", "both.yml")
    variables = tmp_path / "group_vars" / "all"
    value = _vault(ansible, password, "encrypt_string", SECRET, "--name", "netfoundry_auth_client_secret")
    with (variables / "vars.yml").open("a", encoding="utf-8") as file:
        file.write(value[value.index("netfoundry_auth_client_secret") :])
    netosecret = _encrypted_file(ansible, password, variables / "vault.yml", sandbox)
    listing = inventory(tmp_path, {"one": {}, "two": {}})
    run = ansible.play(
        str(tmp_path / "both.yml"), "-i", listing, "--vault-password-file", password, "-vvv", env=addresses(sandbox)
    )
    networks = sent(sandbox, NETWORKS)
    tactics = sent(sandbox, TACTICS)
    assert [owner(header) for header in networks] == ["automation"] * 2
    assert [owner(header) for header in tactics] == ["neto-appname-1"] * 2
    assert Counter(sandbox.state.grants) == Counter(netfoundry=1, netography=1)
    hidden(run.output, *networks, *tactics, SECRET, netosecret)


def test_files_of_variables_hold_a_secret_and_a_lookup_that_uses_it(
    sandbox: Sandbox, ansible: Ansible, password: str, tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "headers.yml", "tactics.yml")
    netosecret = _encrypted_file(ansible, password, tmp_path / "secrets.yml", sandbox)
    arguments = ("-i", inventory(tmp_path, {"localhost": {}}), "--vault-password-file", password, "-vvv")
    run = ansible.play(str(tmp_path / "tactics.yml"), *arguments, env=addresses(sandbox))
    assert run.of("Ask Netography for the tactics").status == "ok"
    tactics = sent(sandbox, TACTICS)
    assert [owner(header) for header in tactics] == ["neto-appname-1"]
    assert sandbox.state.grants["netography"] == 1
    hidden(run.output, *tactics, netosecret)
