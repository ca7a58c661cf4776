# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Beside NetBird's own collection: a stand-in for it, with its name, its action group and its options."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, at, files
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, sent

PAT = make_pat("sandboxservice1")
GROUPS = "/api/groups"
TASK = "Keep the group of the servers"


@dataclass(frozen=True)
class Seen:
    """A run by accounts with and without a personal access token, and what came of it."""

    run: Run
    paths: list[str]
    headers: list[str]


@pytest.fixture(scope="module")
def seen(server: Sandbox, shared_ansible: Ansible, beside: dict[str, str]) -> Seen:
    """First the example for both, then for the host `forced` without its method."""
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
    run = shared_ansible.play(str(book), "-i", listing, "-vvv", env=env, succeeds=False)
    return Seen(run, [one.path for one in server.state.requests], sent(server, GROUPS))


def test_module_defaults_give_its_modules_the_personal_access_token_and_the_address(seen: Seen) -> None:
    assert seen.run.of(TASK, "pat").status == "ok"
    assert seen.headers[0] == f"Token {PAT}"
    hidden(seen.run.output, PAT)


def test_an_account_without_a_personal_access_token_fails_before_anything_is_sent(seen: Seen) -> None:
    assert " needs pat, which is not set." in seen.run.of(TASK, "provider").message
    # By the host with a personal access token, and by the one whose method is forced.
    assert seen.paths == [GROUPS, "/idp/token", GROUPS]


def test_its_modules_send_a_token_of_an_identity_provider_with_a_scheme_that_is_refused(seen: Seen) -> None:
    assert "401" in seen.run.of(TASK, "forced").message
    assert seen.headers[1].startswith("Token ey")
    hidden(seen.run.output, seen.headers[1], "nb-secret-1")
