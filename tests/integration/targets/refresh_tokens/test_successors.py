# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A given refresh token is sent once, and then its successors, whatever a run asks with."""

from __future__ import annotations

import typing as t

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OFFLINE, OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden

CLIENTS = (OFFLINE, "netbird-offline-post", "netbird-public")
# What a run may be told that the run before it was not, and the successor serves all the same. None leaves out.
CHANGES: dict[str, dict[str, t.Any]] = {
    "scope": {"scope": "peers:read"},
    "audience": {"audience": "https://other.example.com"},
    "token_query": {"token_query": "id_token"},
    "request": {"client_auth": "client_secret_post"},
    "endpoint": {"issuer": None, "token_url": "{issuer}/token"},
}


def _change(name: str, provider: OidcProvider) -> dict[str, t.Any]:
    changes = CHANGES.get(name, {})
    return {key: value and value.format(issuer=provider.issuer) for key, value in changes.items()}


def test_runs_in_a_row_send_the_given_token_once_and_check_mode_is_one(
    provider: OidcProvider, ansible: Ansible
) -> None:
    logins = {name: Login(provider, ansible, provider.mint(name), client_id=name) for name in CLIENTS}
    # None leaves out what the client of the first has, and this one has not.
    hosts = {name: {**dict.fromkeys(logins[OFFLINE].options()), **one.options()} for name, one in logins.items()}
    for arguments in ([], ["--check"], []):
        run = logins[OFFLINE].play("ask.yml", *arguments, hosts=hosts, again=True)
        hidden(run.output, *(one.given for one in logins.values()))
    for one in logins.values():
        assert [age for age in one.sent if age is not None] == [0, 1, 2]


def test_so_do_lookups_and_a_redis(provider: OidcProvider, ansible: Ansible, redis_address: str) -> None:
    login = Login(provider, ansible, provider.mint(), redis_address)
    for _dummy in range(3):
        login.play("look.yml", again=True)
    assert login.sent == [0, 1, 2]


def test_the_successor_serves_hosts_that_ask_for_something_else_at_once(login: Login) -> None:
    hosts = {"as it is": {}, **{name: _change(name, login.provider) for name in CHANGES}}
    login.play("ask.yml", "--forks", str(len(hosts)), hosts=hosts)
    assert login.sent == list(range(len(login.sent)))
    assert len(login.sent) >= 4
