# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults of action groups: what is the same for all services, and the credentials of each."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import Task, playbook

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


@pytest.fixture
def sandbox(tls_server: Sandbox) -> Sandbox:
    """One that is served over TLS, with a certificate that nobody trusts."""
    tls_server.reset()
    tls_server.add_account(NetFoundryClient("automation", "automation-secret-5d0e"))
    return tls_server


@pytest.fixture
def secrets(sandbox: Sandbox) -> dict[str, str]:
    """What the example takes from a vault."""
    return {
        "vault_netfoundry_secret": "automation-secret-5d0e",
        "vault_netosecret": exports(sandbox.url)["NETOSECRET"],
        "vault_netbird_pat": PAT,
    }


def _play(ansible: Ansible, sandbox: Sandbox, book: str, secrets: dict[str, str], **variables: str) -> Run:
    arguments = ("-i", inventory(ansible.home, {"localhost": variables}), "-e", json.dumps(secrets), "-vvv")
    return ansible.play(book, *arguments, env=addresses(sandbox))


def _headers(sandbox: Sandbox) -> list[str]:
    return [header for path in WHOAMI.values() for header in sent(sandbox, path)]


def test_both_kinds_of_defaults_reach_all_three_services_in_one_play(
    sandbox: Sandbox, ansible: Ansible, secrets: dict[str, str], authority: tuple[str, str], tmp_path: Path
) -> None:
    write(tmp_path, sandbox, "accounts.yml")
    book = tmp_path / "accounts.yml"
    bundle = "/etc/pki/tls/certs/ca-bundle.crt"
    text = book.read_text(encoding="utf-8")
    assert bundle in text
    book.write_text(text.replace(bundle, authority[0]), encoding="utf-8")
    first = _play(ansible, sandbox, str(book), secrets)
    netfoundry, netography, netbird = _headers(sandbox)
    assert (owner(netfoundry), owner(netography), netbird) == ("automation", "neto-appname-1", f"Token {PAT}")
    assert Counter(sandbox.state.grants) == Counter(netfoundry=1, netography=1)
    # The cache is the user's: a second run makes no grant.
    second = _play(ansible, sandbox, str(book), secrets)
    assert _headers(sandbox) == [netfoundry, netfoundry, netography, netography, netbird, netbird]
    assert Counter(sandbox.state.grants) == Counter(netfoundry=1, netography=1)
    hidden(first.output + second.output, netfoundry, netography, netbird, *secrets.values())


def _logins(**options: str) -> list[Task]:
    return [{"name": name, task: {"whoami": True, **options}} for name, task in TASKS.items()]


CREDENTIALS = {
    "group/netapi.auth.netfoundry": {"client_id": "automation", "client_secret": "{{ vault_netfoundry_secret }}"},
    "group/netapi.auth.netography": {"netosecret": "{{ vault_netosecret }}"},
    "group/netapi.auth.netbird": {"pat": "{{ vault_netbird_pat }}"},
}


def test_a_default_is_less_than_what_the_task_says_and_more_than_variables(
    sandbox: Sandbox, ansible: Ansible, secrets: dict[str, str], authority: tuple[str, str], tmp_path: Path
) -> None:
    defaults = {"group/netapi.auth.all": {"ca_path": authority[0], "timeout": "no number"}, **CREDENTIALS}
    book = playbook(tmp_path, _logins(timeout="15"), module_defaults=defaults)
    _play(ansible, sandbox, book, secrets, netfoundry_auth_ca_path="/absent.pem", netfoundry_auth_client_id="nobody")
    netfoundry, netography, netbird = _headers(sandbox)
    assert (owner(netfoundry), owner(netography), netbird) == ("automation", "neto-appname-1", f"Token {PAT}")
