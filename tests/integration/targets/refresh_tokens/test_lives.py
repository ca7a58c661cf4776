# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a token of this provider lives, and its end by `state: absent`."""

from __future__ import annotations

import datetime as dt
import time
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

# The provider's, in seconds. With less than half of it left a token is not handed out.
ID_TOKEN_LIVES = 20


def _shown(run: Run) -> dict[str, t.Any]:
    shown: dict[str, t.Any] = run.of("Show all but the token").result["msg"]
    return shown


def test_an_id_token_is_renewed_before_its_own_end_and_the_access_token_lives_its_hour(login: Login) -> None:
    first = _shown(login.play(token_query="id_token"))
    # What the answer calls expires_in is the access token's: an hour.
    assert first["source"] == "issued"
    assert 10 <= first["expires_in"] <= ID_TOKEN_LIVES
    end = first["claims"]["exp"]
    assert abs(dt.datetime.fromisoformat(first["expires_at"]).timestamp() - end) <= 1
    shown = _shown(login.play())
    assert 3590 <= shown["expires_in"] <= 3600
    assert shown["claims"]["aud"] == "https://api.example.com"
    until(lambda: time.time() > end - ID_TOKEN_LIVES / 2 + 1)
    second = _shown(login.play(token_query="id_token"))
    assert second["source"] == "issued"
    assert second["claims"]["exp"] > end
    assert login.sent == [0, 1, 2]


def _log_out(name: str, provider: OidcProvider, ansible: Ansible) -> Run:
    options = {
        "netbird_auth_client_id": name,
        "netbird_auth_client_secret": provider.clients[name].client_secret,
        "netbird_auth_issuer": provider.issuer,
        "netbird_auth_cache": "user",
    }
    return ansible.play("absent.yml", "-i", inventory(ansible.home, {"localhost": {}}, **options))


@pytest.mark.parametrize(
    ("name", "said"), [("netbird-machine", (400, "unsupported_token_type")), ("netbird-machine-opaque", (200, None))]
)
def test_a_token_of_a_machine_lives_its_hour_and_is_revoked_where_the_provider_can(
    provider: OidcProvider, ansible: Ansible, name: str, said: tuple[int, str | None]
) -> None:
    run = _log_out(name, provider, ansible)
    assert [(one.status, one.error) for one in provider.requests("/token/revocation")] == [said]
    assert run.of("Log out").result["changed"] is (said[0] == 200)
    assert run.of("Log out again").result["changed"] is False
    assert run.of("Say where the token still comes from").message == "cache"
    shown = _shown(run)
    assert (shown["method"], shown["source"]) == ("client_credentials", "issued")
    assert 3590 <= shown["expires_in"] <= 3600
    assert bool(shown["claims"]) is (name == "netbird-machine")
