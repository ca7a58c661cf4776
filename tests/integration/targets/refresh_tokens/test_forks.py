# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many ask at once, and nobody asked before."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import (
    FORKS,
    Login,
    play,
    sent,
    shown,
)
from ansible_collections.netapi.auth.tests.support.machines import machine, together
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

HOSTS = tuple(f"host-{number}" for number in range(8))


def _changes(issuer: str) -> dict[str, dict[str, t.Any]]:
    """What a host may be told that another is not, and the successor serves all the same. None leaves out."""
    return {
        "as it is": {},
        "scope": {"scope": "peers:read"},
        "audience": {"audience": "https://other.example.com"},
        "token_query": {"token_query": "id_token"},
        "request": {"client_auth": "client_secret_post"},
        "endpoint": {"issuer": None, "token_url": f"{issuer}/token"},
    }


@dataclass(frozen=True)
class Crowd:
    """A run, and what its hosts sent: those that want one token, then those that want each a new one, then the last."""

    run: Run
    one: list[int]
    anew: list[int]
    changed: list[int]


@pytest.fixture(scope="module")
def crowd(running_provider: OidcProvider, shared_ansible: Ansible) -> Crowd:
    running_provider.reset()
    one, anew, changed = logins = [Login(running_provider, running_provider.mint()) for _dummy in range(3)]
    hosts = {
        **{host: one.host() for host in HOSTS},
        **{f"{host} anew": anew.host(again=True) for host in HOSTS},
        **{name: changed.host(**change) for name, change in _changes(running_provider.issuer).items()},
    }
    # Slow, so that all of the first eight ask while it is under way.
    running_provider.spoil("slow")
    run = play(shared_ansible, hosts)
    return Crowd(run, *sent(running_provider, *logins))


def test_eight_forks_make_one_refresh(crowd: Crowd) -> None:
    assert crowd.one == [0]
    assert sorted(shown(crowd.run, host)["source"] for host in HOSTS) == ["cache"] * 7 + ["issued"]


def test_eight_forks_that_each_want_a_new_token_follow_each_other(crowd: Crowd) -> None:
    assert crowd.anew == list(range(8))


def test_the_successor_serves_hosts_that_ask_for_something_else_at_once(crowd: Crowd) -> None:
    assert crowd.changed == list(range(len(crowd.changed)))
    assert len(crowd.changed) >= 4


def test_two_machines_of_eight_forks_make_one_refresh(
    provider: OidcProvider, redis_address: str, tmp_path: Path
) -> None:
    login = Login(provider, provider.mint(), redis_address)
    path = inventory(tmp_path, dict.fromkeys(HOSTS, login.host()))
    provider.spoil("slow")
    runs = together([machine(tmp_path / name) for name in ("one", "two")], "ask.yml", "-i", path, *FORKS, env={})
    assert login.sent == [0]
    assert sorted(shown(run, host)["source"] for run in runs for host in HOSTS) == ["cache"] * 15 + ["issued"]
