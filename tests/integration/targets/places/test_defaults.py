# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults of action groups: what is the same for all services, and the credentials of each."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, files
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

PAT = make_pat("sandboxuser1")
# Where each service is asked who the token is.
WHOAMI = {
    "netfoundry": "/identity/v1/identities/self",
    "netography": "/api/v1/mitre/tactics",
    "netbird": "/api/users/current",
}
TASKS = {
    "netfoundry": "netapi.auth.netfoundry_token",
    "netography": "netapi.auth.netography_token",
    "netbird": "netapi.auth.netbird_auth",
}


CREDENTIALS = {
    "group/netapi.auth.netfoundry": {"client_id": "automation", "client_secret": "{{ vault_netfoundry_secret }}"},
    "group/netapi.auth.netography": {"netosecret": "{{ vault_netosecret }}"},
    "group/netapi.auth.netbird": {"pat": "{{ vault_netbird_pat }}"},
}
BUNDLE = "/etc/pki/tls/certs/ca-bundle.crt"
# The second run finds both tokens in the cache of the user. The run between has them in its own.
GRANTS = Counter(netfoundry=2, netography=2)


@dataclass(frozen=True)
class Seen:
    """The header for each service that each playbook sent: the example, another with defaults, the example again.

    They are served over TLS, with a certificate that nobody trusts.
    """

    output: str
    secrets: list[str]
    headers: list[tuple[str, ...]]
    grants: list[Counter[str]]


@pytest.fixture(scope="module")
def seen(tls_server: Sandbox, shared_ansible: Ansible, authority: tuple[str, str]) -> Seen:
    tls_server.reset()
    tls_server.add_account(NetFoundryClient("automation", "automation-secret-5d0e"))
    home = shared_ansible.home
    example = home / "accounts.yml"
    text = files(HANDING_ON)["accounts.yml"]
    assert BUNDLE in text
    example.write_text(text.replace(BUNDLE, authority[0]), encoding="utf-8")
    defaults = {"group/netapi.auth.all": {"ca_path": authority[0], "timeout": "no number"}, **CREDENTIALS}
    tasks = [{"name": name, task: {"whoami": True, "timeout": "15"}} for name, task in TASKS.items()]
    other = playbook(home, tasks, module_defaults=defaults)
    # What the example takes from a vault.
    secrets = {
        "vault_netfoundry_secret": "automation-secret-5d0e",
        "vault_netosecret": exports(tls_server.url)["NETOSECRET"],
        "vault_netbird_pat": PAT,
    }
    variables = {"netfoundry_auth_ca_path": "/absent.pem", "netfoundry_auth_client_id": "nobody"}
    arguments = ("-i", inventory(home, {"localhost": variables}), "-e", json.dumps(secrets), "-vvv")
    output, grants = "", []
    for books in ((str(example), other), (str(example),)):
        output += shared_ansible.play(*books, *arguments, env=addresses(tls_server)).output
        grants.append(Counter(tls_server.state.grants))
    headers = zip(*(sent(tls_server, path) for path in WHOAMI.values()), strict=True)
    return Seen(output, list(secrets.values()), list(headers), grants)


def _is_of_the_accounts(headers: tuple[str, ...]) -> None:
    netfoundry, netography, netbird = headers
    assert (owner(netfoundry), owner(netography), netbird) == ("automation", "neto-appname-1", f"Token {PAT}")


def test_both_kinds_of_defaults_reach_all_three_services_in_one_play_and_their_cache_the_next_run(seen: Seen) -> None:
    first, _other, second = seen.headers
    _is_of_the_accounts(first)
    assert second == first
    assert seen.grants == [GRANTS, GRANTS]


def test_a_default_is_less_than_what_the_task_says_and_more_than_variables(seen: Seen) -> None:
    _is_of_the_accounts(seen.headers[1])


def test_no_token_and_no_secret_of_a_default_is_shown(seen: Seen) -> None:
    hidden(seen.output, *(header for headers in seen.headers for header in headers), *seen.secrets)
