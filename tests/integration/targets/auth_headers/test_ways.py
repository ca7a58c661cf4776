# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role used in each way that Ansible has, with two services of three."""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

WAYS = ("roles", "import_role", "include_role", "include_role_public")
SAME_PLAY = {way: f"Use the role by {way}" for way in WAYS}
LATER_PLAY = "Use the headers in a later play"


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    path = inventory(
        shared_ansible.home,
        {way: {} for way in (*WAYS, "bystander")},
        netbird_auth_api_url=server.url,
        netbird_auth_pat=make_pat("sandboxservice1"),
        **variables(server),
    )
    return shared_ansible.play("ways.yml", "-i", path)


@pytest.mark.parametrize("way", WAYS)
def test_headers_of_two_services_serve_in_the_same_play(way: str, run: Run) -> None:
    assert run.of("Read the peers from NetBird", way, SAME_PLAY[way]).result["status"] == 200
    networks = run.of("Read the networks from NetFoundry", way, SAME_PLAY[way])
    assert networks.result["json"]["_embedded"]["networkList"][0]["name"] == "network of nf-client-1"


@pytest.mark.parametrize("way", WAYS)
def test_headers_of_two_services_serve_in_a_later_play(way: str, run: Run) -> None:
    assert run.of("Read the peers from NetBird", way, LATER_PLAY).result["status"] == 200
    assert run.of("Read the networks from NetFoundry", way, LATER_PLAY).result["status"] == 200


@pytest.mark.parametrize("way", WAYS)
def test_only_the_services_that_were_asked_for_have_headers(way: str, run: Run) -> None:
    names = run.of("Name the headers that there are", way, LATER_PLAY).result["msg"]
    assert sorted(names) == ["auth_headers_netbird", "auth_headers_netfoundry"]


def test_a_host_without_the_role_has_no_headers(run: Run) -> None:
    assert run.of("Name the headers that there are", "bystander").result["msg"] == []


def test_all_of_it_takes_one_grant(server: Sandbox, run: Run) -> None:
    assert Counter(server.state.grants) == Counter(netfoundry=1)
