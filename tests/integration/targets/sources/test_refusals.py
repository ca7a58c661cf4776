# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a user reads when a credential is refused, or when a variable calls the plugin that reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

WAYS = ("By a variable", "By an argument", "By a lookup", "By a lookup with arguments")
WRONG = {"wrong_secret": "marker-secret-91c4", "netfoundry_auth_client_id": "nf-client-1"}


@pytest.fixture(scope="module")
def refused(server: Sandbox, shared_ansible: Ansible) -> Run:
    """At the verbosity that people paste into issues."""
    server.reset()
    hosts = {"localhost": service(server) | WRONG}
    return shared_ansible.play("wrong.yml", "-i", inventory(shared_ansible.home, hosts), "-vvv")


@pytest.mark.parametrize("way", WAYS)
def test_a_refused_credential_is_told_in_the_words_of_the_service(way: str, refused: Run) -> None:
    outcome = refused.of(way)
    assert outcome.status == "failed"
    for word in ("NetFoundry", "401", "Unauthorized", "client_id and client_secret"):
        assert word in outcome.message


def test_a_refused_credential_is_not_shown(refused: Run) -> None:
    assert WRONG["wrong_secret"] not in refused.output


def test_a_refused_credential_gives_no_traceback_of_this_collection(refused: Run) -> None:
    assert "plugins/plugin_utils/" not in refused.output
    assert "plugins/action/" not in refused.output
    assert "plugins/lookup/" not in refused.output


@pytest.fixture(scope="module")
def loops(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    hosts = {"localhost": service(server)}
    return shared_ansible.play("loop.yml", "-i", inventory(shared_ansible.home, hosts))


@pytest.mark.parametrize("way", ["By a task", "By a lookup", "By way of another plugin", "By the role"])
def test_a_variable_that_calls_its_own_plugin_is_named(way: str, loops: Run) -> None:
    outcome = loops.of(
        "netapi.auth.auth_headers : Obtain a NetFoundry token, so that a wrong credential fails here"
        if way == "By the role"
        else way
    )
    assert outcome.status == "failed"
    assert "The variable netfoundry_auth_client_secret calls the plugin that reads it." in outcome.message


def test_a_variable_that_calls_its_own_plugin_costs_no_request(server: Sandbox, loops: Run) -> None:
    assert server.state.requests == []


def test_a_host_without_credentials_is_told_what_to_give(ansible: Ansible, tmp_path: Path) -> None:
    run = ansible.play("who.yml", "-i", inventory(tmp_path, {"localhost": {}}), succeeds=False)
    assert run.of("Obtain a token").message.startswith("NetFoundry has no credential here. Give one of client_secret,")
