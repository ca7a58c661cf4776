# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options from the environment and from ansible.cfg."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory

# Every environment variable of NetFoundry. AWX sets those whose field was left empty to an empty text.
NAMES = [
    "NETAPI_AUTH_CACHE",
    "NETAPI_AUTH_CA_PATH",
    "NETAPI_AUTH_MIN_VALIDITY",
    "NETAPI_AUTH_RETRIES",
    "NETAPI_AUTH_TIMEOUT",
    "NETAPI_AUTH_VALIDATE_CERTS",
    "NETFOUNDRY_ACCOUNT_ID",
    "NETFOUNDRY_ACCOUNT_TOKEN",
    "NETFOUNDRY_API_ACCOUNT",
    "NETFOUNDRY_API_TOKEN",
    "NETFOUNDRY_API_URL",
    "NETFOUNDRY_AUTH_API",
    "NETFOUNDRY_AUTH_AUDIENCE",
    "NETFOUNDRY_AUTH_CACHE",
    "NETFOUNDRY_AUTH_CA_PATH",
    "NETFOUNDRY_AUTH_MIN_VALIDITY",
    "NETFOUNDRY_AUTH_RETRIES",
    "NETFOUNDRY_AUTH_SCOPE",
    "NETFOUNDRY_AUTH_TIMEOUT",
    "NETFOUNDRY_AUTH_CLIENT_AUTH",
    "NETFOUNDRY_AUTH_VALIDATE_CERTS",
    "NETFOUNDRY_CLIENT_ID",
    "NETFOUNDRY_CLIENT_SECRET",
    "NETFOUNDRY_OAUTH_URL",
    "NETFOUNDRY_PASSWORD",
    "NF_CLIENT_ID",
    "NF_CLIENT_SECRET",
    "NF_ENVIRONMENT",
    "RAPIDAPI_KEY",
]


@pytest.fixture
def here(tmp_path: Path) -> str:
    """An inventory without an option."""
    return inventory(tmp_path, {"localhost": {}})


def test_the_environment_gives_its_account(sandbox: Sandbox, ansible: Ansible, here: str) -> None:
    said = ansible.play("who.yml", "-i", here, env=environment(sandbox, 2)).of("Say whose it is").result["msg"]
    assert said["account"] == said["account_by_lookup"] == "nf-client-2"
    assert said["source_of_lookup"] == "cache"


def test_empty_environment_variables_are_unset(sandbox: Sandbox, ansible: Ansible, here: str) -> None:
    # The names that are looked at first are empty, and those after them say the account.
    named = environment(sandbox, 3)
    later = {
        "NF_CLIENT_ID": named.pop("NETFOUNDRY_CLIENT_ID"),
        "NF_CLIENT_SECRET": named.pop("NETFOUNDRY_CLIENT_SECRET"),
    }
    run = ansible.play("who.yml", "-i", here, env=dict.fromkeys(NAMES, "") | named | later)
    assert run.of("Say whose it is").result["msg"]["account"] == "nf-client-3"


def test_an_empty_environment_variable_leaves_certificates_checked(
    tls_server: Sandbox, ansible: Ansible, here: str
) -> None:
    tls_server.reset()
    env = dict.fromkeys(NAMES, "") | environment(tls_server)
    run = ansible.play("who.yml", "-i", here, env=env, succeeds=False)
    assert "the certificate of 127.0.0.1 cannot be verified" in run.of("Obtain a token").message
    assert tls_server.state.requests == []


def test_a_path_in_ansible_cfg_starts_at_its_directory(
    tls_server: Sandbox, ansible: Ansible, here: str, tmp_path: Path, authority: tuple[str, str]
) -> None:
    directory = tmp_path / "etc"
    directory.mkdir()
    shutil.copy(authority[0], directory / "authority.pem")
    config = _config(directory, "ca_path = authority.pem\ncache = none")
    run = ansible.play("who.yml", "-i", here, env=environment(tls_server) | config)
    assert run.of("Say whose it is").result["msg"]["source_of_lookup"] == "issued"


def test_a_wrong_value_in_ansible_cfg_names_option_and_source(
    sandbox: Sandbox, ansible: Ansible, here: str, tmp_path: Path
) -> None:
    config = _config(tmp_path, "timeout = marker-5b1d")
    run = ansible.play("who.yml", "-i", here, env=environment(sandbox) | config, succeeds=False)
    assert run.of("Obtain a token").message == (
        "timeout, from timeout in ansible.cfg, has a value that cannot be used: expected a whole number of 0 or more."
    )
    assert "marker-5b1d" not in run.output


def _config(directory: Path, lines: str) -> dict[str, str]:
    path = directory / "ansible.cfg"
    path.write_text(f"[netapi_auth]\n{lines}\n", encoding="utf-8")
    return {"ANSIBLE_CONFIG": str(path)}
