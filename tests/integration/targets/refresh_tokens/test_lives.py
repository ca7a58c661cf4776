# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a token of this provider lives, and its end by `state: absent`."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.oidc_provider.client import OidcProvider
from ansible_collections.netapi.auth.tests.support.logins import Login
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

# The provider's, in seconds. With less than half of it left a token is not handed out.
ID_TOKEN_LIVES = 20


def _shown(run: Run) -> dict[str, t.Any]:
    shown: dict[str, t.Any] = run.of("Show all but the token").result["msg"]
    return shown


def test_an_id_token_is_renewed_before_its_own_end(login_of_the_user: Login) -> None:
    login = login_of_the_user
    first = _shown(login.play(token_query="id_token"))
    # What the answer calls expires_in is the access token's: an hour.
    assert first["source"] == "issued"
    assert 10 <= first["expires_in"] <= ID_TOKEN_LIVES
    end = first["claims"]["exp"]
    assert abs(dt.datetime.fromisoformat(first["expires_at"]).timestamp() - end) <= 1
    until(lambda: time.time() > end - ID_TOKEN_LIVES / 2 + 1)
    second = _shown(login.play(token_query="id_token"))
    assert second["source"] == "issued"
    assert second["claims"]["exp"] > end
    assert login.sent == [0, 1]


def test_the_access_token_of_the_same_login_lives_its_hour(login_of_the_user: Login) -> None:
    login_of_the_user.play(token_query="id_token")
    shown = _shown(login_of_the_user.play())
    assert 3590 <= shown["expires_in"] <= 3600
    assert shown["claims"]["aud"] == "https://api.example.com"


def _machine(name: str, provider: OidcProvider, ansible: Ansible, playbook: str) -> Run:
    options = {
        "netbird_auth_client_id": name,
        "netbird_auth_client_secret": provider.clients[name].client_secret,
        "netbird_auth_issuer": provider.issuer,
        "netbird_auth_cache": "user",
        "again": False,
    }
    return ansible.play(playbook, "-i", inventory(ansible.home, {"localhost": {}}, **options))


@pytest.mark.parametrize("name", ["netbird-machine", "netbird-machine-opaque"])
def test_a_token_of_a_machine_lives_its_hour(provider: OidcProvider, ansible: Ansible, name: str) -> None:
    shown = _shown(_machine(name, provider, ansible, "ask.yml"))
    assert (shown["method"], shown["source"]) == ("client_credentials", "issued")
    assert 3590 <= shown["expires_in"] <= 3600
    assert bool(shown["claims"]) is (name == "netbird-machine")


def test_a_jwt_that_cannot_be_revoked_is_forgotten(provider: OidcProvider, ansible: Ansible) -> None:
    run = _machine("netbird-machine", provider, ansible, "absent.yml")
    assert [one.error for one in provider.requests("/token/revocation")] == ["unsupported_token_type"]
    said = run.of("Log out")
    assert said.status == "ok"
    assert said.result["changed"] is False
    assert _shown(_machine("netbird-machine", provider, ansible, "ask.yml"))["source"] == "issued"


def test_an_opaque_token_is_revoked(provider: OidcProvider, ansible: Ansible) -> None:
    run = _machine("netbird-machine-opaque", provider, ansible, "absent.yml")
    assert [one.status for one in provider.requests("/token/revocation")] == [200]
    assert run.of("Log out").result["changed"] is True
    assert run.of("Log out again").result["changed"] is False
    assert _shown(_machine("netbird-machine-opaque", provider, ansible, "ask.yml"))["source"] == "issued"
