# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options from inventory variables: plain, templated, nested and vaulted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

# Each host's secret in another form; the number in its name is that of its account.
INVENTORY = """\
all:
  vars:
    ansible_connection: local
    netfoundry_auth_client_id: "nf-client-{{{{ inventory_hostname | regex_replace('[^0-9]', '') }}}}"
    netfoundry_auth_token_url: "{{{{ netfoundry_auth_api_url }}}}/oauth/token"
    netfoundry_auth_api_url: {url}
    netfoundry_auth_environment: sandbox
  hosts:
    plain1:
      netfoundry_auth_client_secret: nf-secret-1
    templated2:
      netfoundry_auth_client_secret: "nf-secret-{{{{ 1 + 1 }}}}"
    nested3:
      netfoundry_auth_client_secret: "{{{{ outer }}}}"
      outer: "{{{{ inner }}}}"
      inner: "nf-secret-{{{{ 3 }}}}"
    vaulted4:
      netfoundry_auth_client_secret: {vaulted4}
    nested_vaulted5:
      netfoundry_auth_client_secret: "{{{{ vault_secret }}}}"
      vault_secret: {vaulted5}
    vaulted_file6:
"""
HOSTS = ("plain1", "templated2", "nested3", "vaulted4", "nested_vaulted5", "vaulted_file6")


@pytest.fixture(scope="module")
def written(server: Sandbox, shared_ansible: Ansible, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory with the inventory and the file of the vault's password."""
    home = tmp_path_factory.mktemp("vault")
    (home / "password").write_text("a vault password\n", encoding="utf-8")
    values = {f"vaulted{n}": _encrypted(shared_ansible, home, f"nf-secret-{n}") for n in (4, 5)}
    (home / "hosts.yml").write_text(INVENTORY.format(url=server.url, **values), encoding="utf-8")
    (home / "host_vars").mkdir()
    file = home / "host_vars" / "vaulted_file6.yml"
    file.write_text("netfoundry_auth_client_secret: nf-secret-6\n", encoding="utf-8")
    _vault(shared_ansible, home, "encrypt", str(file))
    assert "nf-secret" not in file.read_text(encoding="utf-8")
    return home


def _encrypted(ansible: Ansible, home: Path, secret: str) -> str:
    """The secret as YAML that Ansible decrypts, indented to stand below a host."""
    found = re.search(r"!vault \|\n(?: +\S+\n?)+", _vault(ansible, home, "encrypt_string", secret))
    assert found
    return found[0]


def _vault(ansible: Ansible, home: Path, *arguments: str) -> str:
    done = ansible.command("vault", *arguments, "--vault-password-file", str(home / "password"))
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible, written: Path) -> Run:
    server.reset()
    path = str(written / "hosts.yml")
    password = str(written / "password")
    return shared_ansible.play("who.yml", "-i", path, "--vault-password-file", password)


@pytest.mark.parametrize("host", HOSTS)
def test_each_form_of_a_variable_gives_its_account(host: str, run: Run) -> None:
    said = run.of("Say whose it is", host).result["msg"]
    assert said["account"] == said["account_by_lookup"] == f"nf-client-{host[-1]}"
    assert said["method"] == "client_credentials"


def test_each_account_made_one_grant(server: Sandbox, run: Run) -> None:
    assert server.state.counts == {"POST /oauth/token": len(HOSTS)}


def test_a_wrong_vault_password_is_told_without_the_value(ansible: Ansible, written: Path) -> None:
    (written / "wrong").write_text("another password\n", encoding="utf-8")
    arguments = ("-i", str(written / "hosts.yml"), "--limit", "vaulted4")
    run = ansible.play("who.yml", *arguments, "--vault-password-file", str(written / "wrong"), succeeds=False)
    sentence = "The variable netfoundry_auth_client_secret cannot be evaluated."
    assert run.outcomes[-1].message.startswith(sentence)
    assert "Correct the template in its value, or its vault password." in run.outcomes[-1].message
