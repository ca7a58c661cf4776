# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Beside NetBird's own collection: a stand-in for it, with its name, its action group and its options."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, at, files
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, sent

PAT = make_pat("sandboxservice1")
GROUPS = "/api/groups"
TASK = "Keep the group of the servers"


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible, beside: dict[str, str]) -> Run:
    """The example with and without a personal access token, then for the host `forced` with another method."""
    server.reset()
    text = at(server, files(HANDING_ON)["groups.yml"])
    forced = text.replace("method='pat'", "method='client_credentials'").replace("hosts: localhost", "hosts: forced")
    book = shared_ansible.home / "groups.yml"
    book.write_text(text.replace("hosts: localhost", "hosts: all:!forced") + forced, encoding="utf-8")
    provider = {
        "netbird_auth_client_id": "nb-client-1",
        "netbird_auth_client_secret": "nb-secret-1",
        "netbird_auth_token_url": f"{server.url}/idp/token",
    }
    hosts = {"pat": {"netbird_auth_pat": PAT}, "provider": provider, "forced": provider}
    listing = inventory(shared_ansible.home, hosts)
    env = {**addresses(server), **beside}
    return shared_ansible.play(str(book), "-i", listing, "-vvv", env=env, succeeds=False)


def test_module_defaults_give_its_modules_the_personal_access_token_and_the_address(run: Run, server: Sandbox) -> None:
    assert run.of(TASK, "pat").status == "ok"
    assert sent(server, GROUPS)[0] == f"Token {PAT}"
    hidden(run.output, PAT)


def test_an_account_without_a_personal_access_token_fails_before_anything_is_sent(run: Run, server: Sandbox) -> None:
    assert " needs pat, which is not set." in run.of(TASK, "provider").message
    # The first is of the host with a personal access token, the others are of the one with another method.
    assert [one.path for one in server.state.requests] == [GROUPS, "/idp/token", GROUPS]


def test_its_modules_send_a_token_of_an_identity_provider_with_a_scheme_that_is_refused(
    run: Run, server: Sandbox
) -> None:
    assert "401" in run.of(TASK, "forced").message
    header = sent(server, GROUPS)[1]
    assert header.startswith("Token ey")
    hidden(run.output, header, "nb-secret-1")
