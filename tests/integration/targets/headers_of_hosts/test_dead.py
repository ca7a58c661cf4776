# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of NetBird that nobody issues at that moment: asked once a run, and a dead one fails in the role."""

from __future__ import annotations

from collections import Counter

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import Task, plays

ROLE = "netapi.auth.auth_headers"
LOGIN = f"{ROLE} : Obtain a NetBird token, so that a wrong credential fails here"
OWN = make_pat("sandboxuser1")
DEAD = make_pat("sandboxdeleted")
TOKEN = "a.dead.token"
CLIENT: dict[str, object] = {"netbird_auth_client_id": "nb-client-1", "netbird_auth_client_secret": "nb-secret-1"}
# The hosts of each credential; the role is used on them twice.
HOSTS: dict[str, dict[str, object]] = {
    **{f"own-{number}": {"netbird_auth_pat": OWN} for number in range(3)},
    **{f"dead-{number}": {"netbird_auth_pat": DEAD} for number in range(2)},
    **{f"token-{number}": {"netbird_auth_token": TOKEN} for number in range(2)},
    "quiet": {"netbird_auth_pat": DEAD, "auth_headers_whoami": False},
    "issued": CLIENT,
}
FAILED = [name for name in HOSTS if name.startswith(("dead", "token"))]
IN_ROLES: Task = {"hosts": "all", "roles": [{"role": ROLE}]}


def play(sandbox: Sandbox, ansible: Ansible, hosts: dict[str, dict[str, object]], forks: str = "9") -> Run:
    """A run in which some hosts fail."""
    issuer = f"{sandbox.url}/idp"
    options = {"auth_headers_providers": ["netbird"], "netbird_auth_api_url": sandbox.url, "netbird_auth_retries": 0}
    known = {
        name: {**host, **({"netbird_auth_issuer": issuer} if name == "issued" else {})} for name, host in hosts.items()
    }
    book = plays(ansible.home, {**IN_ROLES, "name": "Log in"}, {**IN_ROLES, "name": "Log in once more"})
    path = inventory(ansible.home, known, **options)
    return ansible.play(book, "-i", path, "--forks", forks, succeeds=False)


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    return play(server, shared_ansible, HOSTS)


def test_hosts_and_plays_of_a_run_ask_once_and_of_what_was_issued_or_without_whoami_never(
    server: Sandbox, run: Run
) -> None:
    assert run.outcomes
    asked = [one.headers["authorization"] for one in server.state.requests if one.path.startswith("/api/")]
    assert Counter(asked) == {f"Token {OWN}": 1, f"Token {DEAD}": 1, f"Bearer {TOKEN}": 1}
    assert server.state.grants["netbird"] == 1


def test_a_dead_one_fails_in_the_role_on_each_host(run: Run) -> None:
    logins = [one for one in run.outcomes if one.task == LOGIN]
    assert sorted(one.host for one in logins if one.status == "failed") == FAILED
    assert {one.message[:8] for one in logins if one.status == "failed"} == {"NetBird "}
    assert {one.host for one in logins if one.status == "ok"} == {*HOSTS}.difference(FAILED)
    assert not [text for text in (DEAD, TOKEN) if text in run.output]


@pytest.mark.usefixtures("run")
def test_another_run_asks_again_and_so_does_a_host_after_an_answer_that_says_nothing_of_the_credential(
    server: Sandbox, shared_ansible: Ansible
) -> None:
    before = server.state.counts["GET /api/users/current"]
    server.fault("/api/users/current", status=503, times=1)
    own = {name: host for name, host in HOSTS.items() if name.startswith("own")}
    run = play(server, shared_ansible, own, forks="1")
    logins = [one for one in run.outcomes if one.task == LOGIN and one.play == "Log in"]
    assert [one.status for one in logins] == ["failed", "ok", "ok"]
    assert "status 503" in logins[0].message
    assert server.state.counts["GET /api/users/current"] == before + 2


def test_a_use_after_a_check_that_failed_says_so_until_the_role_succeeds(sandbox: Sandbox, ansible: Ansible) -> None:
    check: Task = {"ansible.builtin.include_role": {"name": ROLE}}
    dead: Task = {"block": [check], "rescue": [{"ansible.builtin.set_fact": {"is_dead": False}}]}
    use: Task = {"ansible.builtin.debug": {"msg": "{{ auth_headers_netbird | list }}"}, "ignore_errors": True}
    tasks = [check, {"ansible.builtin.set_fact": {"is_dead": True}}, dead, {**use, "name": "Unchecked"}, check]
    pat = "{{ dead_pat if is_dead | default(false) else own_pat }}"
    book = plays(
        ansible.home,
        {"vars": {"netbird_auth_pat": pat}, "tasks": tasks},
        {"vars": {"netbird_auth_pat": "{{ own_pat }}"}, "tasks": [{**use, "name": "Checked"}]},
    )
    options = {"netbird_auth_api_url": sandbox.url, "own_pat": OWN, "dead_pat": DEAD}
    listing = inventory(ansible.home, {"localhost": {}}, auth_headers_providers=["netbird"], **options)
    run = ansible.play(book, "-i", listing)
    assert (
        "The role's last check of the credential for auth_headers_netbird on this host failed"
        in run.of("Unchecked").message
    )
    assert run.of("Checked").result["msg"] == ["Authorization"]
