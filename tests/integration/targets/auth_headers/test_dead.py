# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of NetBird that nobody issues at that moment: asked once a run, and a dead one fails in the role."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

LOGIN = "netapi.auth.auth_headers : Obtain a NetBird token, so that a wrong credential fails here"
USE = "Ask NetBird whose token it is"
OWN = make_pat("sandboxuser1")
DEAD = make_pat("sandboxdeleted")
HOSTS = [f"host-{number}" for number in range(5)]


def _play(sandbox: Sandbox, ansible: Ansible, *arguments: str, succeeds: bool = True, **options: t.Any) -> Run:
    """The role twice, on five hosts at once."""
    options = {"auth_headers_providers": ["netbird"], "netbird_auth_api_url": sandbox.url, **options}
    path = inventory(ansible.home, {host: {} for host in HOSTS}, **options)
    return ansible.play("wanted.yml", "-i", path, *arguments, succeeds=succeeds)


def _asked(sandbox: Sandbox) -> list[str]:
    return [request.path for request in sandbox.state.requests if request.path.startswith("/api/")]


def _ended(run: Run) -> set[tuple[str, str]]:
    return {(one.status, one.message) for one in run.outcomes if one.task == LOGIN}


def test_hosts_and_plays_of_a_run_ask_once(sandbox: Sandbox, ansible: Ansible) -> None:
    for count in (1, 2):
        assert _ended(_play(sandbox, ansible, netbird_auth_pat=OWN)) == {("ok", "")}
        assert _asked(sandbox) == ["/api/users/current"] * count


@pytest.mark.parametrize("options", [{"netbird_auth_pat": DEAD}, {"netbird_auth_token": "a.dead.token"}])
def test_a_dead_one_fails_in_the_role_on_each_host(options: dict[str, str], sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play(sandbox, ansible, succeeds=False, **options)
    [(status, message)] = _ended(run)
    assert (status, message[:8]) == ("failed", "NetBird ")
    assert {one.host for one in run.outcomes if one.task == LOGIN} == set(HOSTS)
    assert len(_asked(sandbox)) == 1
    assert not [text for text in options.values() if text in run.output]


@pytest.mark.parametrize("said", [(), ("-e", "auth_headers_whoami=false")])
def test_without_whoami_nobody_is_asked(said: tuple[str, ...], sandbox: Sandbox, ansible: Ansible) -> None:
    options: dict[str, t.Any] = {} if said else {"auth_headers_whoami": False}
    assert _ended(_play(sandbox, ansible, *said, netbird_auth_pat=DEAD, **options)) == {("ok", "")}
    assert _asked(sandbox) == []


def test_a_token_that_was_issued_is_not_asked_about(sandbox: Sandbox, ansible: Ansible) -> None:
    client: dict[str, t.Any] = {"netbird_auth_client_id": "nb-client-1", "netbird_auth_client_secret": "nb-secret-1"}
    assert _ended(_play(sandbox, ansible, **client, netbird_auth_issuer=f"{sandbox.url}/idp")) == {("ok", "")}
    assert sandbox.state.grants["netbird"] == 1
    assert _asked(sandbox) == []


def test_a_service_that_says_nothing_of_the_credential_is_asked_again(sandbox: Sandbox, ansible: Ansible) -> None:
    sandbox.fault("/api/users/current", status=503, times=1)
    run = _play(sandbox, ansible, "--forks", "1", succeeds=False, netbird_auth_pat=OWN, netbird_auth_retries=0)
    logins = [one for one in run.outcomes if one.task == LOGIN and one.play == "Log in"]
    assert [one.status for one in logins] == ["failed", "ok", "ok", "ok", "ok"]
    assert "status 503" in logins[0].message
    assert len(_asked(sandbox)) == 2


def test_a_use_after_a_check_that_failed_says_so_until_the_role_succeeds(sandbox: Sandbox, ansible: Ansible) -> None:
    options = {"netbird_auth_api_url": sandbox.url, "own_pat": OWN, "dead_pat": DEAD}
    run = ansible.play("again.yml", "-i", inventory(ansible.home, {"localhost": {}}, **options))
    unchecked = run.of(USE, play="Check a credential, a dead one, and the first one again")
    assert unchecked.status == "failed"
    assert "The role's last check of the credential for auth_headers_netbird on this host failed" in unchecked.message
    assert run.of(USE, play="Use the headers again").result["status"] == 200
