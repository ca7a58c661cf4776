# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Many ask at once, and nobody asked before."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login
from ansible_collections.netapi.auth.tests.support.machines import machine, together
from ansible_collections.netapi.auth.tests.support.playbooks import inventory

HOSTS = tuple(f"host-{number}" for number in range(8))
FORKS = ("--forks", "8")


def test_eight_forks_make_one_refresh(login: Login) -> None:
    # Slow, so that all of them ask while it is under way.
    login.provider.spoil("slow")
    run = login.play("ask.yml", *FORKS, hosts={host: {} for host in HOSTS})
    assert login.sent == [0]
    sources = [run.of("Show all but the token", host).result["msg"]["source"] for host in HOSTS]
    assert sorted(sources) == ["cache"] * 7 + ["issued"]


def test_eight_forks_that_each_want_a_new_token_follow_each_other(login: Login) -> None:
    login.play("ask.yml", *FORKS, hosts={host: {} for host in HOSTS}, again=True)
    assert login.sent == list(range(8))


def test_two_machines_of_eight_forks_make_one_refresh(
    provider: OidcProvider, redis_address: str, tmp_path: Path
) -> None:
    machines = [machine(tmp_path / name) for name in ("one", "two")]
    login = Login(provider, machines[0], provider.mint(), redis_address)
    options = {f"netbird_auth_{name}": value for name, value in login.options().items()}
    path = inventory(tmp_path, {host: {} for host in HOSTS}, again=False, **options)
    provider.spoil("slow")
    runs = together(machines, "ask.yml", "-i", path, *FORKS, env={})
    assert login.sent == [0]
    sources = [run.of("Show all but the token", host).result["msg"]["source"] for run in runs for host in HOSTS]
    assert sorted(sources) == ["cache"] * 15 + ["issued"]
