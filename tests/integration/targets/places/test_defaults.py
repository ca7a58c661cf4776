# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults of action groups: what is the same for all services, and the credentials of each."""

from __future__ import annotations

import itertools
import json
from collections import Counter

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, files
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

PAT = make_pat("sandboxuser1")
# The task of each service, and where that is asked who the token is.
WHOAMI = {
    "netapi.auth.netfoundry_token": "/identity/v1/identities/self",
    "netapi.auth.netography_token": "/api/v1/mitre/tactics",
    "netapi.auth.netbird_auth": "/api/users/current",
}
CREDENTIALS = {
    "group/netapi.auth.netfoundry": {"client_id": "automation", "client_secret": "{{ vault_netfoundry_secret }}"},
    "group/netapi.auth.netography": {"netosecret": "{{ vault_netosecret }}"},
    "group/netapi.auth.netbird": {"pat": "{{ vault_netbird_pat }}"},
}
BUNDLE = "/etc/pki/tls/certs/ca-bundle.crt"


@pytest.fixture(scope="module")
def headers(tls_server: Sandbox, shared_ansible: Ansible, authority: tuple[str, str]) -> list[tuple[str, ...]]:
    """Of each playbook, one for each service: the example, one with other defaults, and in a second run the example.

    They are served over TLS, with a certificate that nobody trusts. No output shows one of them.
    """
    tls_server.reset()
    tls_server.add_account(NetFoundryClient("automation", "automation-secret-5d0e"))
    home = shared_ansible.home
    example = home / "accounts.yml"
    text = files(HANDING_ON)["accounts.yml"]
    assert BUNDLE in text
    example.write_text(text.replace(BUNDLE, authority[0]), encoding="utf-8")
    defaults = {"group/netapi.auth.all": {"ca_path": authority[0], "timeout": "no number"}, **CREDENTIALS}
    tasks = [{"name": task, task: {"whoami": True, "timeout": "15"}} for task in WHOAMI]
    other = playbook(home, tasks, module_defaults=defaults)
    # What the example takes from a vault.
    secrets = {
        "vault_netfoundry_secret": "automation-secret-5d0e",
        "vault_netosecret": exports(tls_server.url)["NETOSECRET"],
        "vault_netbird_pat": PAT,
    }
    variables = {"netfoundry_auth_ca_path": "/absent.pem", "netfoundry_auth_client_id": "nobody"}
    arguments = ("-i", inventory(home, {"localhost": variables}), "-e", json.dumps(secrets), "-vvv")
    first = shared_ansible.play(str(example), other, *arguments, env=addresses(tls_server))
    second = shared_ansible.play(str(example), *arguments, env=addresses(tls_server))
    found = list(zip(*(sent(tls_server, path) for path in WHOAMI.values()), strict=True))
    hidden(first.output + second.output, *secrets.values(), *itertools.chain(*found))
    return found


def test_both_kinds_of_defaults_reach_all_three_services_in_one_play(
    headers: list[tuple[str, ...]], tls_server: Sandbox
) -> None:
    first, _other, second = headers
    netfoundry, netography, netbird = first
    assert (owner(netfoundry), owner(netography), netbird) == ("automation", "neto-appname-1", f"Token {PAT}")
    # The cache is the user's: a second run makes no grant. That of the playbook between is its run's.
    assert second == first
    assert Counter(tls_server.state.grants) == Counter(netfoundry=2, netography=2)


def test_a_default_is_less_than_what_the_task_says_and_more_than_variables(headers: list[tuple[str, ...]]) -> None:
    netfoundry, netography, netbird = headers[1]
    assert (owner(netfoundry), owner(netography), netbird) == ("automation", "neto-appname-1", f"Token {PAT}")
