# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens that end, and secrets that differ: what is shared, what is renewed, what is cleaned."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox
from ansible_collections.netapi.auth.tests.support.machines import machine, until
from ansible_collections.netapi.auth.tests.support.options import account, service, variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory

TOKEN = "POST /oauth/token"
HOSTS: dict[str, dict[str, str]] = {f"host-{number}": {} for number in range(10)}


def test_a_renewal_in_the_middle_of_a_play_is_one_grant_more(sandbox: Sandbox, ansible: Ansible) -> None:
    # With half of it left a token is renewed, so all hosts have ten seconds for their first use.
    sandbox.fault("/oauth/token", times=1, life=20)
    # A slow grant, so that all forks come while it is under way.
    sandbox.fault("/oauth/token", delay=1)
    path = inventory(ansible.home, HOSTS, **variables(sandbox))
    run = ansible.play("renew.yml", "-i", path, "--forks", "10")
    assert len(run.outcomes) == 31
    assert sandbox.state.counts == {TOKEN: 2}


def test_two_secrets_of_one_client_never_share_a_token(sandbox: Sandbox, ansible: Ansible) -> None:
    sandbox.add_account(NetFoundryClient("shared", "first-secret"))
    secrets = {"right": "first-secret", "wrong": "second-secret"}
    hosts = {
        host: {"netfoundry_auth_client_id": "shared", "netfoundry_auth_client_secret": secret}
        for host, secret in secrets.items()
    }
    path = inventory(ansible.home, hosts, **service(sandbox), netfoundry_auth_cache="user")
    # One after the other, so that the right one's token is there when the wrong one asks.
    run = ansible.play("ask.yml", "-i", path, "--forks", "1", succeeds=False)
    assert run.of("Say where it came from", "right").message == "issued"
    assert run.of("Obtain a token", "wrong").status == "failed"
    assert "client_secret" in run.of("Obtain a token", "wrong").message
    assert sandbox.state.grants["netfoundry"] == 1


def test_a_changed_secret_obtains_its_own_token(sandbox: Sandbox, ansible: Ansible) -> None:
    for secret in ("first-secret", "second-secret"):
        sandbox.add_account(NetFoundryClient("shared", secret))
        own = {"netfoundry_auth_client_id": "shared", "netfoundry_auth_client_secret": secret}
        path = inventory(ansible.home, {"localhost": own}, **service(sandbox), netfoundry_auth_cache="user")
        assert ansible.play("ask.yml", "-i", path).of("Say where it came from").message == "issued"
    assert sandbox.state.counts == {TOKEN: 2}


def test_a_later_run_removes_what_has_expired(sandbox: Sandbox, tmp_path: Path) -> None:
    here = machine(tmp_path / "home")
    env = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    cache = tmp_path / "cache" / "netapi_auth"
    sandbox.fault("/oauth/token", times=1, life=1)
    first = inventory(tmp_path, {"localhost": {}}, **service(sandbox), **account(1), netfoundry_auth_cache="user")
    expired = here.play("ask.yml", "-i", first, env=env).of("Say when it ends").message
    before = _entries(cache)
    until(lambda: dt.datetime.now(dt.UTC) > dt.datetime.fromisoformat(expired) + dt.timedelta(seconds=1))
    second = inventory(tmp_path, {"localhost": {}}, **service(sandbox), **account(2), netfoundry_auth_cache="user")
    here.play("ask.yml", "-i", second, env=env)
    after = _entries(cache)
    assert len(before) == len(after) == 1
    assert before.isdisjoint(after)
    # Neither does its lock stay.
    assert {path.name.removesuffix(".lock") for path in cache.iterdir()} == after | {"salt"}


def _entries(cache: Path) -> set[str]:
    return {path.name for path in cache.iterdir() if re.fullmatch(r"[0-9a-f]{64}", path.name)}
