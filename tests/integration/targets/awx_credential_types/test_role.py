# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role netapi.auth.awx_credential_types against the stand-in for AWX."""

from __future__ import annotations

import os
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Outcome, Run
from ansible_collections.netapi.auth.tests.support.tasks import playbook
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import NAMES, PROVIDERS, expected, kept

ROLE = "netapi.auth.awx_credential_types"
TASK = f"{ROLE} : Bring the credential types of AWX to the wanted state"
CREATED = dict.fromkeys(NAMES.values(), "created")


@pytest.fixture
def awx() -> Iterator[Awx]:
    with Awx() as server:
        yield server


def run(ansible: Ansible, awx: Awx, *arguments: str, succeeds: bool = True, hosts: int = 1, **options: t.Any) -> Run:
    """The role with these options, as a superuser unless they say otherwise."""
    said = {"url": awx.url, "token": awx.admin.token, **options}
    names = [f"host-{number}," for number in range(hosts)] if hosts > 1 else []
    book = playbook(
        ansible.home,
        [],
        hosts="all" if names else "localhost",
        roles=[{"role": ROLE, "vars": {f"awx_credential_types_{name}": value for name, value in said.items()}}],
    )
    run = ansible.play(book, *(["-i", "".join(names)] if names else []), *arguments, succeeds=succeeds)
    assert not [secret for secret in (awx.admin.token, awx.admin.password) if secret in run.output]
    return run


def outcome(ansible: Ansible, awx: Awx, *arguments: str, **options: t.Any) -> Outcome:
    return run(ansible, awx, *arguments, **options).of(TASK)


def test_check_mode_says_what_is_made_and_a_second_run_writes_nothing(ansible: Ansible, awx: Awx) -> None:
    said = outcome(ansible, awx, "--check").result
    assert (said["changed"], said["types"]) == (True, CREATED)
    assert awx.writes == []
    assert outcome(ansible, awx).result["types"] == CREATED
    assert kept(awx) == expected(*PROVIDERS)
    awx.state.reset()
    assert outcome(ansible, awx).result["changed"] is False
    assert awx.writes == []


def test_a_difference_is_shown_alone_and_repaired(ansible: Ansible, awx: Awx) -> None:
    """AWX gives the keys of a field back in another order than they were sent."""
    run(ansible, awx)
    types = {one.name: one for one in awx.store.types.all()}
    changed, field = types[NAMES["netbird"]], types[NAMES["netfoundry"]]
    changed.description = "Somebody's own"
    changed.injectors = {"env": {"NB_PAT": "{{ token }}"}}
    field.inputs["fields"][0]["label"] = "Somebody's own"
    awx.state.reset()
    again = run(ansible, awx, "--diff", "--check")
    shown = {each["before_header"]: each for each in again.of(TASK).result["diff"]}
    assert {*shown} == {changed.name, field.name}
    assert "NB_PAT: '{{ token }}'" in shown[changed.name]["before"]
    assert "NB_PAT: '{{ pat }}'" in shown[changed.name]["after"]
    assert "inputs" not in shown[changed.name]["after"], "only what differs is shown"
    assert "-description: Somebody's own" in again.output
    before, after = (shown[field.name][name].splitlines() for name in ("before", "after"))
    assert [pair for pair in zip(before, after, strict=True) if len(set(pair)) > 1] == [
        ("    label: Somebody's own", "    label: Client ID")
    ]
    assert outcome(ansible, awx).result["types"] == {changed.name: "updated", field.name: "updated"}
    assert sorted(awx.writes) == sorted(f"PATCH /api/v2/credential_types/{one.id}/" for one in (changed, field))
    assert kept(awx) == expected(*PROVIDERS)


def test_the_types_are_removed_and_those_of_others_are_left(ansible: Ansible, awx: Awx) -> None:
    run(ansible, awx, providers=["netbird", "netography"])
    assert kept(awx) == expected("netbird", "netography")
    assert outcome(ansible, awx, "--check", state="absent").result["changed"] is True
    assert kept(awx) == expected("netbird", "netography")
    removed = outcome(ansible, awx, state="absent", providers=["netography", "netfoundry"]).result["types"]
    assert removed == {NAMES["netography"]: "removed"}
    assert kept(awx) == expected("netbird")


def test_user_and_password_sign_in_and_no_verbosity_shows_them(ansible: Ansible, awx: Awx) -> None:
    user = awx.admin.username
    password = awx.admin.password
    # That nothing of it is shown is asked of every run.
    done = run(ansible, awx, "-vvvvv", "--diff", token="", username=user, password=password)
    assert done.of(TASK).result["types"] == CREATED
    assert "+description: Tokens for the NetBird API" in done.output


def test_no_verbosity_shows_who_signs_in_where_the_role_fails(ansible: Ansible, awx: Awx) -> None:
    awx.add_managed(NAMES["netbird"])
    done = run(ansible, awx, "-vvvvv", "--diff", succeeds=False, password=awx.admin.password)
    assert "+description: Tokens for the NetBird API" not in done.output


def test_the_environment_of_the_controller_credential_signs_in_at_the_gateway_of_the_platform(ansible: Ansible) -> None:
    book = playbook(ansible.home, [], roles=[ROLE])
    with Awx(prefix="/api/controller/v2", elsewhere=401) as platform:
        # As AWX injects its own credential: a token that is not there is an empty text.
        admin = {"USERNAME": platform.admin.username, "PASSWORD": platform.admin.password, "OAUTH_TOKEN": ""}
        said = {"HOST": platform.url, **admin}
        found = ansible.play(book, env={f"CONTROLLER_{name}": value for name, value in said.items()})
        assert found.of(TASK).result["types"] == CREATED
        assert kept(platform) == expected(*PROVIDERS)


# Each family of variables, and what signs in by it.
FAMILIES = {
    "CONTROLLER": ("HOST", "VERIFY_SSL", {"OAUTH_TOKEN": "token"}),
    "AAP": ("HOSTNAME", "VALIDATE_CERTS", {"TOKEN": "token"}),
    "TOWER": ("HOST", "VERIFY_SSL", {"USERNAME": "username", "PASSWORD": "password"}),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_of_the_environment_signs_in_and_may_say_that_certificates_are_not_checked(
    ansible: Ansible, authority: tuple[str, str], family: str
) -> None:
    book = playbook(ansible.home, [], roles=[ROLE])
    host, check, signs_in = FAMILIES[family]
    empty = dict.fromkeys(("CONTROLLER_HOST", "CONTROLLER_OAUTH_TOKEN", "CONTROLLER_VERIFY_SSL"), "")
    with Awx(tls=authority) as awx:
        own = {host: awx.url, **{name: getattr(awx.admin, field) for name, field in signs_in.items()}}
        env = {**empty, **{f"{family}_{name}": value for name, value in own.items()}}
        # As AWX writes a check box that is not ticked.
        assert ansible.play(book, env={**env, f"{family}_{check}": "False"}).of(TASK).result["types"] == CREATED


def test_the_module_of_the_platform_makes_the_same_of_the_files(
    ansible: Ansible, awx: Awx, collections: Path, tmp_path: Path
) -> None:
    """As the guide has it, with a stand-in for the module of the platform."""
    (text,) = [each.text for each in guide.in_yaml(guide.AWX) if "awx.awx.credential_type" in each.text]
    home = "~/.ansible/collections"
    assert home in text
    book = tmp_path / "types.yml"
    book.write_text(text.replace(home, str(collections)), encoding="utf-8")
    there = f"{examples.stand_in(tmp_path)}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}"
    env = {"CONTROLLER_HOST": awx.url, "CONTROLLER_OAUTH_TOKEN": awx.admin.token, "ANSIBLE_COLLECTIONS_PATH": there}
    ansible.play(str(book), env=env)
    assert kept(awx) == expected(*PROVIDERS)
    awx.state.reset()
    assert outcome(ansible, awx).result["changed"] is False, "the role finds nothing to change"


def test_many_hosts_make_each_type_once(ansible: Ansible, awx: Awx) -> None:
    found = run(ansible, awx, "-vvvvv", "--forks", "5", hosts=5)
    changed = [found.of(TASK, f"host-{number}").result["changed"] for number in range(5)]
    assert changed.count(True) == 1
    assert awx.writes == ["POST /api/v2/credential_types/"] * len(PROVIDERS)
