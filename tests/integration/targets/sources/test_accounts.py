# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Accounts that meet, and credentials files in other forms than a path."""

from __future__ import annotations

import json
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory


def test_the_id_of_an_inventory_does_not_meet_the_secret_of_the_environment(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    hosts = inventory(tmp_path, {"localhost": {"netfoundry_auth_client_id": "nf-client-2"}})
    run = ansible.play("who.yml", "-i", hosts, env=environment(sandbox, 1), succeeds=False)
    assert run.of("Obtain a token").message == (
        "client_id, from the variable netfoundry_auth_client_id, would be used with client_secret, from the "
        "environment variable NETFOUNDRY_CLIENT_SECRET, to which another client_id belongs, from the environment "
        "variable NETFOUNDRY_CLIENT_ID. Give both in one place, or do not set client_id by the variable "
        "netfoundry_auth_client_id."
    )
    assert sandbox.state.requests == []


def test_a_secret_alone_takes_the_id_of_the_inventory(sandbox: Sandbox, ansible: Ansible, tmp_path: Path) -> None:
    hosts = inventory(tmp_path, {"localhost": {"netfoundry_auth_client_id": "nf-client-2"}})
    env = addresses(sandbox) | {"NETFOUNDRY_CLIENT_SECRET": "nf-secret-2"}
    run = ansible.play("who.yml", "-i", hosts, env=env)
    assert run.of("Say whose it is").result["msg"]["account"] == "nf-client-2"


def test_the_content_of_a_credentials_file_in_the_environment(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    url = f"{sandbox.url}/oauth/token"
    content = json.dumps({"clientId": "nf-client-3", "password": "nf-secret-3", "authenticationUrl": url})
    env = addresses(sandbox) | {"NETFOUNDRY_API_ACCOUNT": content}
    said = ansible.play("who.yml", "-i", inventory(tmp_path, {"localhost": {}}), "-vvv", env=env)
    assert said.of("Say whose it is").result["msg"]["account"] == "nf-client-3"
    assert "nf-secret-3" not in said.output


def test_a_broken_content_in_the_environment_is_not_shown(sandbox: Sandbox, ansible: Ansible, tmp_path: Path) -> None:
    env = addresses(sandbox) | {"NETFOUNDRY_API_ACCOUNT": '{"clientId": "nf-client-3", "password": "marker-77ab"'}
    run = ansible.play("who.yml", "-i", inventory(tmp_path, {"localhost": {}}), "-vvv", env=env, succeeds=False)
    assert run.of("Obtain a token").message.startswith(
        "credentials_file, from the environment variable NETFOUNDRY_API_ACCOUNT, gives no JSON object."
    )
    assert "marker-77ab" not in run.output


def test_templated_content_of_a_credentials_file(sandbox: Sandbox, ansible: Ansible, tmp_path: Path) -> None:
    """Before 2.19 the core makes a mapping of it."""
    url = f"{sandbox.url}/oauth/token"
    values = {"clientId": "nf-client-4", "password": "nf-secret-4", "authenticationUrl": url}
    file = tmp_path / "account.json"
    file.write_text(json.dumps(values), encoding="utf-8")
    hosts = {
        "localhost": {
            "netfoundry_auth_credentials_file": f"{{{{ lookup('ansible.builtin.file', '{file}') }}}}",
            "netfoundry_auth_environment": "sandbox",
        }
    }
    run = ansible.play("who.yml", "-i", inventory(tmp_path, hosts), env={"NETFOUNDRY_API_URL": sandbox.url})
    assert run.of("Say whose it is").result["msg"]["account"] == "nf-client-4"
