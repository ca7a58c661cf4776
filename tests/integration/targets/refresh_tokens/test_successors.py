# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A given refresh token is sent once, and then its successors, by all runs in a row."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OFFLINE, OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login, play, sent, shown
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

CLIENTS = (OFFLINE, "netbird-offline-post", "netbird-public")
# The provider's, in seconds. With less than half of it left a token is not handed out.
ID_TOKEN_LIVES = 20


@dataclass(frozen=True)
class Row:
    """Three runs, and what each host sent in them, which has a login of its own."""

    runs: tuple[Run, Run, Run]
    sent: dict[str, list[int]]


@pytest.fixture(scope="module")
def row(running_provider: OidcProvider, shared_ansible: Ansible, redis_address: str) -> Row:
    """All but the host `id token` want a new token in each run. That one wants an access token in the second."""
    running_provider.reset()
    logins = {name: Login(running_provider, running_provider.mint(name), client_id=name) for name in CLIENTS}
    logins["lookups"] = Login(running_provider, running_provider.mint(), redis_address)
    plain = {name: login.host(again=True) for name, login in logins.items()}
    logins["id token"] = kept = Login(running_provider, running_provider.mint())
    first = play(shared_ansible, {**plain, "id token": kept.host(token_query="id_token")})
    second = play(shared_ansible, {**plain, "id token": kept.host()}, "--check")
    end = shown(first, "id token")["claims"]["exp"]
    until(lambda: time.time() > end - ID_TOKEN_LIVES / 2 + 1)
    third = play(shared_ansible, {**plain, "id token": kept.host(token_query="id_token")})
    ages = sent(running_provider, *logins.values())
    return Row((first, second, third), dict(zip(logins, ages, strict=True)))


@pytest.mark.parametrize("client", CLIENTS)
def test_runs_in_a_row_send_the_given_token_once_and_check_mode_is_one(row: Row, client: str) -> None:
    assert row.sent[client] == [0, 1, 2]


def test_so_do_lookups_and_a_redis(row: Row) -> None:
    assert row.sent["lookups"] == [0, 1, 2]


def test_an_id_token_is_renewed_before_its_own_end_and_the_access_token_lives_its_hour(row: Row) -> None:
    first, access, second = (shown(run, "id token") for run in row.runs)
    # What the answer calls expires_in is the access token's: an hour.
    assert first["source"] == "issued"
    assert 10 <= first["expires_in"] <= ID_TOKEN_LIVES
    end = first["claims"]["exp"]
    assert abs(dt.datetime.fromisoformat(first["expires_at"]).timestamp() - end) <= 1
    assert 3590 <= access["expires_in"] <= 3600
    assert access["claims"]["aud"] == "https://api.example.com"
    assert second["source"] == "issued"
    assert second["claims"]["exp"] > end
    assert row.sent["id token"] == [0, 1, 2]
