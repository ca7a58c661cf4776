# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role netapi.auth.awx_credential_types against the stand-in for AWX."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.support.tasks import Task, playbook, plays
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import (
    NAMES,
    PROVIDERS,
    expected,
    kept,
    shipped,
)

ROLE = "netapi.auth.awx_credential_types"
TASK = f"{ROLE} : Bring the credential types of AWX to the wanted state"
CREATED = dict.fromkeys(NAMES.values(), "created")


@pytest.fixture
def awx() -> Iterator[Awx]:
    with Awx() as server:
        yield server


def variables(awx: Awx, **options: t.Any) -> dict[str, t.Any]:
    """Variables of the role with these options, as a superuser unless they say otherwise."""
    said = {"url": awx.url, "token": awx.admin.token, **options}
    return {f"awx_credential_types_{name}": value for name, value in said.items()}


def run(ansible: Ansible, awx: Awx, *arguments: str, succeeds: bool = True, each: Iterable[Task] = ({},)) -> Run:
    """The role in each of these plays, with ``variables`` unless a play says otherwise."""
    role = {"roles": [ROLE], "vars": variables(awx)}
    run = ansible.play(plays(ansible.home, *({**role, **play} for play in each)), *arguments, succeeds=succeeds)
    assert not [secret for secret in (awx.admin.token, awx.admin.password) if secret in run.output]
    return run


def fill(awx: Awx, *providers: str) -> None:
    for provider in providers:
        awx.store.types.add(**shipped(provider))


def test_check_mode_says_what_is_made_and_makes_nothing(ansible: Ansible, awx: Awx) -> None:
    said = run(ansible, awx, "--check").of(TASK).result
    assert (said["changed"], said["types"]) == (True, CREATED)
    assert awx.writes == []


def test_many_hosts_make_each_type_once_and_a_second_run_writes_nothing_and_no_verbosity_shows_who_signs_in(
    ansible: Ansible, awx: Awx
) -> None:
    """Five sign in with a password. One has a token and a password, and fails."""
    with Awx() as taken:
        taken.add_managed(NAMES["netbird"])
        user = {"token": "", "username": awx.admin.username, "password": awx.admin.password}
        hosts = {f"host-{number}": variables(awx, **user) for number in range(5)}
        file = inventory(ansible.home, {**hosts, "refused": variables(taken, password=taken.admin.password)})
        verbose = ("-i", file, "-vvvvv", "--diff", "--forks", "6")
        # That nothing of it is shown is asked of every run.
        done = run(ansible, awx, *verbose, succeeds=False, each=[{"hosts": "all", "vars": {}}])
        assert not [secret for secret in (taken.admin.token, taken.admin.password) if secret in done.output]
    assert done.of(TASK, "refused").status == "failed"
    (made,) = [found.result for found in (done.of(TASK, host) for host in hosts) if found.result["changed"]]
    assert made["types"] == CREATED
    assert done.output.count("+description: Tokens for the NetBird API") == 1, "not of the host that fails"
    assert awx.writes == ["POST /api/v2/credential_types/"] * len(PROVIDERS)
    assert kept(awx) == expected(*PROVIDERS)
    assert run(ansible, awx).of(TASK).result["changed"] is False
    assert len(awx.writes) == len(PROVIDERS)


def test_a_difference_is_shown_alone_and_repaired(ansible: Ansible, awx: Awx) -> None:
    """AWX gives the keys of a field back in another order than they were sent."""
    fill(awx, *PROVIDERS)
    types = {one.name: one for one in awx.store.types.all()}
    changed, field = types[NAMES["netbird"]], types[NAMES["netfoundry"]]
    changed.description = "Somebody's own"
    changed.injectors = {"env": {"NB_PAT": "{{ token }}"}}
    field.inputs["fields"][0]["label"] = "Somebody's own"
    checks = {"name": "check", "check_mode": True, "diff": True}
    done = run(ansible, awx, each=[checks, {"name": "repair"}])
    shown = {each["before_header"]: each for each in done.of(TASK, play="check").result["diff"]}
    assert {*shown} == {changed.name, field.name}
    assert "NB_PAT: '{{ token }}'" in shown[changed.name]["before"]
    assert "NB_PAT: '{{ pat }}'" in shown[changed.name]["after"]
    assert "inputs" not in shown[changed.name]["after"], "only what differs is shown"
    assert "-description: Somebody's own" in done.output
    before, after = (shown[field.name][name].splitlines() for name in ("before", "after"))
    assert [pair for pair in zip(before, after, strict=True) if len(set(pair)) > 1] == [
        ("    label: Somebody's own", "    label: Client ID")
    ]
    assert done.of(TASK, play="repair").result["types"] == {changed.name: "updated", field.name: "updated"}
    assert sorted(awx.writes) == sorted(f"PATCH /api/v2/credential_types/{one.id}/" for one in (changed, field))
    assert kept(awx) == expected(*PROVIDERS)


def test_some_types_are_made_and_removed_and_those_of_others_are_left(ansible: Ansible, awx: Awx) -> None:
    absent = variables(awx, state="absent", providers=["netography", "netfoundry"])
    steps: list[Task] = [
        {"name": "make", "vars": variables(awx, providers=["netbird", "netography"])},
        {"name": "check", "vars": variables(awx, state="absent"), "check_mode": True},
        {"name": "remove", "vars": absent},
    ]
    done = run(ansible, awx, each=steps)
    made = {NAMES["netbird"]: "created", NAMES["netography"]: "created"}
    assert done.of(TASK, play="make").result["types"] == made
    assert done.of(TASK, play="check").result["types"] == dict.fromkeys(made, "removed")
    assert done.of(TASK, play="remove").result["types"] == {NAMES["netography"]: "removed"}
    assert [one.partition(" ")[0] for one in awx.writes] == ["POST", "POST", "DELETE"]
    assert kept(awx) == expected("netbird")


# Each family of variables, and what signs in by it. A token that is not there is an empty text, as AWX injects it.
FAMILIES = {
    "CONTROLLER": ("HOST", "VERIFY_SSL", {"USERNAME": "username", "PASSWORD": "password"}),
    "AAP": ("HOSTNAME", "VALIDATE_CERTS", {"TOKEN": "token"}),
    "TOWER": ("HOST", "VERIFY_SSL", {"USERNAME": "username", "PASSWORD": "password"}),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_the_environment_signs_in_at_the_gateway_and_may_say_that_certificates_are_not_checked(
    ansible: Ansible, authority: tuple[str, str], family: str
) -> None:
    book = playbook(ansible.home, [], roles=[ROLE])
    host, check, signs_in = FAMILIES[family]
    empty = dict.fromkeys(("CONTROLLER_HOST", "CONTROLLER_OAUTH_TOKEN", "CONTROLLER_VERIFY_SSL"), "")
    with Awx(prefix="/api/controller/v2", elsewhere=401, tls=authority) as platform:
        own = {host: platform.url, **{name: getattr(platform.admin, field) for name, field in signs_in.items()}}
        # As AWX writes a check box that is not ticked.
        env = {**empty, **{f"{family}_{name}": value for name, value in {**own, check: "False"}.items()}}
        assert ansible.play(book, env=env).of(TASK).result["types"] == CREATED
        assert kept(platform) == expected(*PROVIDERS)


def test_the_module_of_the_platform_makes_the_same_of_the_files(ansible: Ansible, awx: Awx, tmp_path: Path) -> None:
    """As the guide has it, with a stand-in for the module of the platform; the role finds nothing to change."""
    (text,) = [each.text for each in guide.in_yaml(guide.AWX) if "awx.awx.credential_type" in each.text]
    home = "~/.ansible/collections/ansible_collections/netapi/auth"
    assert home in text
    book = tmp_path / "types.yml"
    book.write_text(text.replace(home, str(ROOT)), encoding="utf-8")
    there = f"{examples.stand_in(tmp_path)}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}"
    env = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": awx.admin.token, "ANSIBLE_COLLECTIONS_PATH": there}
    done = ansible.play(str(book), playbook(ansible.home, [], roles=[ROLE]), env=env)
    assert done.of(TASK).result["changed"] is False
    assert awx.writes == ["POST /api/v2/credential_types/"] * len(PROVIDERS)
    assert kept(awx) == expected(*PROVIDERS)
