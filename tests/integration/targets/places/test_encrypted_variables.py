# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files of variables with an encrypted secret; with group variables, the target examples types the commands for it."""

from __future__ import annotations

from pathlib import Path

from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent

PASSWORD = "a vault password"


def test_files_of_variables_hold_a_secret_and_a_lookup_that_uses_it(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "headers.yml", "tactics.yml")
    netosecret = exports(sandbox.url)["NETOSECRET"]
    encrypted = VaultLib().encrypt(f"vault_netosecret: {netosecret}\n", secret=VaultSecret(PASSWORD.encode()))
    (tmp_path / "secrets.yml").write_bytes(encrypted)
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    arguments = ("-i", inventory(tmp_path, {"localhost": {}}), "--vault-password-file", str(tmp_path / "password"))
    run = ansible.play(str(tmp_path / "tactics.yml"), *arguments, "-vvv", env=addresses(sandbox))
    assert run.of("Ask Netography for the tactics").status == "ok"
    tactics = sent(sandbox, "/api/v1/mitre/tactics")
    assert [owner(header) for header in tactics] == ["neto-appname-1"]
    assert sandbox.state.grants["netography"] == 1
    hidden(run.output, *tactics, netosecret)
