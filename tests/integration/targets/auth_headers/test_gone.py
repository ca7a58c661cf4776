# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options that were given to the role alone: gone where the headers are used, and never another account."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import THEIRS, Task, plays

ROLE = "netapi.auth.auth_headers"
LOGIN = f"{ROLE} : Obtain a NetBird token, so that a wrong credential fails here"
CHECK = f"{ROLE} : Validating arguments against arg spec 'main' - Give later tasks headers that are always fresh"
OWN = make_pat("sandboxuser1")
OTHER = make_pat("sandboxuser9")
OPTIONS = {"netbird_auth_pat": "{{ own_pat }}"}
WANTED = {"auth_headers_providers": ["netbird"]}
USE: Task = {
    "name": "Use",
    THEIRS: {
        "url": "{{ netbird_auth_api_url }}/api/users/current",
        "headers": "{{ auth_headers_netbird }}",
        "return_content": True,
    },
    "ignore_errors": True,
}


def role(kind: str = "include_role", variables: dict[str, str] | None = None, **said: t.Any) -> Task:
    return {f"ansible.builtin.{kind}": {"name": ROLE, **said}, "vars": {**WANTED, **(variables or {})}}


def around(tasks: list[Task], **block: t.Any) -> Task:
    return {"block": tasks, **block}


GROUP = {"group/netapi.auth.netbird": {"pat": "{{ own_pat }}"}}
IN_ROLES = [{"role": ROLE, "vars": WANTED}]
# Every way to give the role its options, as plays. Where they are gone at the use, the use must fail.
GONE: dict[str, list[Task]] = {
    "vars_of_a_role_in_roles": [{"roles": [{"role": ROLE, "vars": {**WANTED, **OPTIONS}}], "tasks": [USE]}],
    "vars_of_import_role": [{"tasks": [role("import_role", OPTIONS), USE]}],
    "vars_of_include_role": [{"tasks": [role("include_role", OPTIONS), USE]}],
    "vars_of_include_role_public": [{"tasks": [role("include_role", OPTIONS, public=True), USE]}],
    "vars_of_a_block_around_import_role": [{"tasks": [around([role("import_role")], vars=OPTIONS), USE]}],
    "vars_of_a_block_around_include_role": [{"tasks": [around([role()], vars=OPTIONS), USE]}],
    "vars_of_a_role_around": [{"tasks": [{"ansible.builtin.include_role": {"name": "around"}}, USE]}],
    "vars_of_an_earlier_play": [{"vars": OPTIONS, "roles": IN_ROLES}, {"tasks": [USE]}],
    "module_defaults_of_the_group": [{"tasks": [around([role()], module_defaults=GROUP), USE]}],
    "module_defaults_of_the_play": [
        {"module_defaults": {"netapi.auth.netbird_auth": {"pat": OWN}}, "roles": IN_ROLES, "tasks": [USE]}
    ],
}
KEPT: dict[str, list[Task]] = {
    "facts_of_set_fact": [{"tasks": [{"ansible.builtin.set_fact": OPTIONS}, role(), USE]}],
    "vars_of_include_vars": [{"tasks": [{"ansible.builtin.include_vars": "options.yml"}, role(), USE]}],
    "vars_of_the_play": [{"vars": OPTIONS, "tasks": [role(), USE]}],
    "vars_of_a_block_around_both": [{"tasks": [around([role(), USE], vars=OPTIONS)]}],
}
REFUSED = "parameters_of_a_role_in_roles"
# Last, since it ends the run: the role's own check of its arguments refuses it.
WAYS = {**GONE, **KEPT, REFUSED: [{"roles": [{"role": ROLE, **WANTED, **OPTIONS}], "tasks": [USE]}]}
NONE = "auth_headers_netbird finds no credential where it is used."
ANOTHER = "auth_headers_netbird finds another credential than the one that the role checked."
REMEDY = "put them where the header is used, into the inventory, the play's vars or set_fact."
# Where another account is, and for which ways: what the use finds there does not depend on the way.
SURROUNDINGS: dict[str, tuple[str, ...]] = {
    "environment": tuple(WAYS),
    "inventory": ("vars_of_a_role_in_roles", "facts_of_set_fact"),
    "nowhere": ("vars_of_a_role_in_roles", "module_defaults_of_the_group", "facts_of_set_fact"),
}
CASES = [(way, case) for case, ways in SURROUNDINGS.items() for way in ways]


@pytest.fixture(scope="module")
def runs(server: Sandbox, shared_ansible: Ansible) -> dict[str, Run]:
    """With another account in the environment, and without; each run has the hosts of its cases."""
    server.reset()
    for name, content in {
        "options.yml": OPTIONS,
        "roles/around/tasks/main.yml": [role()],
        "roles/around/vars/main.yml": OPTIONS,
    }.items():
        path = shared_ansible.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content), encoding="utf-8")
    book = plays(shared_ansible.home, *({**play, "hosts": f"{way}-*"} for way, each in WAYS.items() for play in each))
    crowded = _play(server, shared_ansible, book, ["environment"], {"NB_PAT": OTHER})
    others = _play(server, shared_ansible, book, ["inventory", "nowhere"], {})
    return {"environment": crowded, "inventory": others, "nowhere": others}


def _play(server: Sandbox, ansible: Ansible, book: str, cases: list[str], env: dict[str, str]) -> Run:
    hosts = {
        f"{way}-{case}": {"netbird_auth_pat": OTHER} if case == "inventory" else {}
        for way, case in CASES
        if case in cases
    }
    path = inventory(ansible.home, hosts, netbird_auth_api_url=server.url, own_pat=OWN)
    return ansible.play(str(Path(book)), "-i", path, "--forks", "2", env=env, succeeds="environment" not in cases)


@pytest.mark.parametrize(("way", "case"), [each for each in CASES if each[0] in GONE])
def test_a_use_without_the_options_of_the_role_fails_and_says_so(way: str, case: str, runs: dict[str, Run]) -> None:
    host = f"{way}-{case}"
    assert runs[case].of(LOGIN, host).status == "ok"
    use = runs[case].of("Use", host)
    assert use.status == "failed"
    assert (NONE if case == "nowhere" else ANOTHER) in use.message
    assert REMEDY in use.message


@pytest.mark.parametrize(("way", "case"), [each for each in CASES if each[0] in KEPT])
def test_a_use_that_sees_the_options_of_the_role_has_its_account(way: str, case: str, runs: dict[str, Run]) -> None:
    use = runs[case].of("Use", f"{way}-{case}")
    assert use.status == "ok"
    assert use.result["json"]["id"] == "user-1"


def test_the_role_refuses_options_as_its_own_parameters(runs: dict[str, Run]) -> None:
    refusal = runs["environment"].of(CHECK, f"{REFUSED}-environment")
    assert refusal.status == "failed"
    assert "netbird_auth_pat" in refusal.message


def test_no_other_account_was_ever_shown_to_the_service(server: Sandbox, runs: dict[str, Run]) -> None:
    assert len(runs) == 3
    assert {request.headers["authorization"] for request in server.state.requests} == {f"Token {OWN}"}
