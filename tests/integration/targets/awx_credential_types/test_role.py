# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The role netapi.auth.awx_credential_types against the stand-in for AWX."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.support.credential_types import PROVIDERS, shipped
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Outcome, Run
from ansible_collections.netapi.auth.tests.support.tasks import playbook

ROLE = "netapi.auth.awx_credential_types"
TASK = f"{ROLE} : Bring the credential types of AWX to the wanted state"
NAMES = {provider: shipped(provider)["name"] for provider in PROVIDERS}
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


def refused(ansible: Ansible, awx: Awx, **options: t.Any) -> str:
    """The sentence of a run that fails and changes nothing."""
    before = kept(awx)
    message = outcome(ansible, awx, succeeds=False, **options).message
    assert awx.writes == []
    assert kept(awx) == before
    return message


def kept(awx: Awx) -> dict[str, dict[str, t.Any]]:
    """The types in AWX that are not its own."""
    types = [one for one in awx.store.types.all() if not one.managed]
    return {one.name: {"kind": one.kind, "inputs": one.inputs, "injectors": one.injectors} for one in types}


def expected(*providers: str) -> dict[str, dict[str, t.Any]]:
    found = {}
    for provider in providers:
        values = shipped(provider)
        found[values["name"]] = {name: values[name] for name in ("kind", "inputs", "injectors")}
    return found


def test_the_types_are_made_as_they_are_shipped_and_a_second_run_writes_nothing(ansible: Ansible, awx: Awx) -> None:
    assert outcome(ansible, awx).result["types"] == CREATED
    assert kept(awx) == expected(*PROVIDERS)
    awx.state.reset()
    assert outcome(ansible, awx).result["changed"] is False
    assert awx.writes == []


def test_check_mode_says_the_same_and_writes_nothing(ansible: Ansible, awx: Awx) -> None:
    found = outcome(ansible, awx, "--check").result
    assert (found["changed"], found["types"]) == (True, CREATED)
    assert awx.writes == []


def test_a_difference_is_shown_and_repaired(ansible: Ansible, awx: Awx) -> None:
    run(ansible, awx)
    changed = next(one for one in awx.store.types.all() if one.name == NAMES["netbird"])
    changed.description, changed.injectors = "Somebody's own", {"env": {"NB_PAT": "{{ token }}"}}
    awx.state.reset()
    again = run(ansible, awx, "--diff", "--check")
    (difference,) = again.of(TASK).result["diff"]
    assert difference["before_header"] == NAMES["netbird"]
    assert "NB_PAT: '{{ token }}'" in difference["before"]
    assert "NB_PAT: '{{ pat }}'" in difference["after"]
    assert "inputs" not in difference["after"], "only what differs is shown"
    assert "-description: Somebody's own" in again.output
    assert outcome(ansible, awx).result["types"] == {NAMES["netbird"]: "updated"}
    assert awx.writes == [f"PATCH /api/v2/credential_types/{changed.id}/"]
    assert kept(awx) == expected(*PROVIDERS)


def test_the_types_are_removed_and_those_of_others_are_left(ansible: Ansible, awx: Awx) -> None:
    run(ansible, awx, providers=["netbird", "netography"])
    assert kept(awx) == expected("netbird", "netography")
    assert outcome(ansible, awx, "--check", state="absent").result["changed"] is True
    assert kept(awx) == expected("netbird", "netography")
    removed = outcome(ansible, awx, state="absent", providers=["netography", "netfoundry"]).result["types"]
    assert removed == {NAMES["netography"]: "removed"}
    assert kept(awx) == expected("netbird")


@pytest.mark.parametrize("succeeds", [True, False])
def test_no_verbosity_shows_who_signs_in(ansible: Ansible, awx: Awx, succeeds: bool) -> None:
    if not succeeds:
        awx.add_managed(NAMES["netbird"])
    # That nothing of it is shown is asked of every run.
    shown = run(ansible, awx, "-vvvvv", "--diff", succeeds=succeeds, password=awx.admin.password).output
    assert ("+description: Tokens for the NetBird API" in shown) is succeeds


def test_user_and_password_sign_in_as_well(ansible: Ansible, awx: Awx) -> None:
    found = outcome(ansible, awx, token="", username=awx.admin.username, password=awx.admin.password)
    assert found.result["types"] == CREATED


def test_the_environment_of_the_controller_credential_signs_in(ansible: Ansible, awx: Awx) -> None:
    book = playbook(ansible.home, [], roles=[ROLE])
    # As AWX injects its own credential: a token that is not there is an empty text.
    said = {"HOST": awx.url, "USERNAME": awx.admin.username, "PASSWORD": awx.admin.password, "OAUTH_TOKEN": ""}
    found = ansible.play(book, env={f"CONTROLLER_{name}": value for name, value in said.items()})
    assert found.of(TASK).result["types"] == CREATED


def test_the_gateway_of_the_platform_is_found(ansible: Ansible) -> None:
    with Awx(prefix="/api/controller/v2") as platform:
        assert outcome(ansible, platform).result["types"] == CREATED
        assert kept(platform) == expected(*PROVIDERS)


def test_many_hosts_make_each_type_once(ansible: Ansible, awx: Awx) -> None:
    found = run(ansible, awx, "--forks", "5", hosts=5)
    changed = [found.of(TASK, f"host-{number}").result["changed"] for number in range(5)]
    assert changed.count(True) == 1
    assert awx.writes == ["POST /api/v2/credential_types/"] * 3


def test_certificates_are_checked_unless_told_otherwise(ansible: Ansible, authority: tuple[str, str]) -> None:
    with Awx(tls=authority) as awx:
        assert "the certificate of 127.0.0.1 cannot be verified" in refused(ansible, awx)
        assert awx.state.requests == []
        assert outcome(ansible, awx, "--check", ca_path=authority[0]).result["types"] == CREATED
        assert outcome(ansible, awx, validate_certs=False).result["types"] == CREATED


def test_awx_that_cannot_be_reached(ansible: Ansible, awx: Awx) -> None:
    awx.close()
    message = outcome(ansible, awx, succeeds=False).message
    assert message == (
        "AWX: 127.0.0.1 refuses the connection. Check the host and the port of awx_credential_types_url."
    )


def test_a_wrong_token(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token="wrong-token-41c9")
    assert message == (
        f"AWX answered {awx.url}/api/v2/credential_types/ with status 401 and said: Authentication credentials were "
        "not provided. To establish a login session, visit /api/login/. Check awx_credential_types_token, or "
        "awx_credential_types_username and awx_credential_types_password."
    )


def test_a_user_who_is_no_superuser(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token=awx.reader.token)
    assert message.startswith("The user alice may not change credential types of AWX. Sign in as a superuser")


def test_a_superuser_whose_rights_have_gone_meanwhile(ansible: Ansible, awx: Awx) -> None:
    body = '{"detail": "You do not have permission to perform this action."}'
    awx.fault("/api/v2/credential_types/", method="POST", status=403, body=body)
    message = outcome(ansible, awx, succeeds=False).message
    assert "with status 403 and said: You do not have permission to perform this action" in message
    assert "a superuser of AWX" in message
    assert awx.writes == ["POST /api/v2/credential_types/"], "no second try"
    assert kept(awx) == {}


def test_what_was_done_before_a_refusal_is_told_and_another_run_does_the_rest(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", method="POST", times=1, drop=[])
    awx.fault("/api/v2/credential_types/", method="POST", times=1, status=503)
    message = outcome(ansible, awx, succeeds=False).message
    assert "with status 503" in message
    assert message.endswith(" Before that, NetBird API was created; another run does the rest.")
    assert outcome(ansible, awx).result["types"] == dict.fromkeys(["NetFoundry API", "Netography API"], "created")


def test_a_refusal_is_told_in_the_words_of_awx(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", method="POST", status=400, body='{"inputs": ["Not like that."], "x": ["y"]}')
    message = outcome(ansible, awx, succeeds=False).message
    assert "with status 400 and said: Not like that. Check the credential type NetBird API in AWX." in message


def in_use(ansible: Ansible, awx: Awx) -> t.Any:
    """The type of NetBird, with other fields than the shipped ones and two credentials that use it."""
    run(ansible, awx)
    kind = next(one for one in awx.store.types.all() if one.name == NAMES["netbird"])
    organization = awx.store.organizations.all()[0]
    for name in ("one", "two"):
        awx.store.credentials.add(name=name, credential_type=kind.id, organization=organization.id, inputs={})
    awx.state.reset()
    return kind


def test_a_type_that_is_used_keeps_its_fields_and_nothing_is_half_made(ansible: Ansible, awx: Awx) -> None:
    kind = in_use(ansible, awx)
    kind.inputs = {"fields": [{"id": "pat", "label": "PAT", "type": "string"}]}
    # The others would have to be made first.
    for one in [one for one in awx.store.types.all() if one.name in NAMES.values() and one is not kind]:
        del awx.store.types.rows[one.id]
    assert refused(ansible, awx) == (
        "The credential type NetBird API is used by 2 credentials, and AWX does not let the fields of such a type "
        "change. Rename the type in AWX and run this again, which makes another one, and make the credentials anew "
        "with that; or delete those credentials first."
    )


def test_a_type_that_is_used_takes_other_injectors(ansible: Ansible, awx: Awx) -> None:
    in_use(ansible, awx).injectors = {}
    assert outcome(ansible, awx).result["types"] == {NAMES["netbird"]: "updated"}
    assert kept(awx) == expected(*PROVIDERS)


def test_a_type_that_is_used_is_not_removed(ansible: Ansible, awx: Awx) -> None:
    in_use(ansible, awx)
    assert refused(ansible, awx, state="absent") == (
        "The credential type NetBird API is used by 2 credentials, and AWX does not remove such a type. "
        "Delete those credentials first."
    )


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_name_that_a_built_in_type_has(ansible: Ansible, awx: Awx, state: str) -> None:
    awx.add_managed(NAMES["netography"])
    assert refused(ansible, awx, state=state) == (
        "AWX has a built-in credential type of the name Netography API, which nobody can change. "
        "Leave that service out of awx_credential_types_providers."
    )


def test_an_address_that_is_no_awx(ansible: Ansible, awx: Awx) -> None:
    assert refused(ansible, awx, url=f"{awx.url}/elsewhere") == (
        f"There is no API of AWX at {awx.url}/elsewhere. Check awx_credential_types_url."
    )


@pytest.mark.parametrize(
    ("following", "problem"),
    [
        ("/api/v2/credential_types/?page_size=100", "does not answer as AWX does"),
        (7, "does not answer as AWX does"),
        ("https://elsewhere.example/", "names a page at another address"),
        ("http://[::", "names a page at another address"),
        ("http://127.0.0.1:99999/", "names a page at another address"),
    ],
)
def test_a_list_that_goes_on_where_it_must_not(ansible: Ansible, awx: Awx, following: object, problem: str) -> None:
    awx.fault("/api/v2/credential_types/", merge={"next": following})
    assert refused(ansible, awx) == f"{awx.url} {problem}. Check awx_credential_types_url."
    assert len(awx.state.requests) <= 2


def test_a_list_that_never_ends_is_given_up(ansible: Ansible, awx: Awx) -> None:
    path = "/api/v2/credential_types/"
    for number in range(150):
        awx.fault(path, merge={"next": f"{path}?page=1&page_size={number + 1}"}, times=1)
    assert refused(ansible, awx) == f"{awx.url} does not answer as AWX does. Check awx_credential_types_url."
    assert len(awx.state.requests) == 100


@pytest.mark.parametrize("body", ["[]", "{}", '{"results": [1]}', '{"results": {}}'])
def test_json_that_is_no_list_of_awx(ansible: Ansible, awx: Awx, body: str) -> None:
    awx.fault("/api/v2/credential_types/", status=200, body=body)
    assert refused(ansible, awx) == f"{awx.url} does not answer as AWX does. Check awx_credential_types_url."


def test_a_web_site_is_no_awx(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", status=200, body="<html></html>", content_type="text/html")
    assert "sent an HTML page instead of JSON" in refused(ansible, awx)


def test_a_token_that_no_header_may_hold(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token="a-token\n")
    assert message.startswith("awx_credential_types_token holds a line break")
    assert awx.state.requests == []


def test_providers_as_a_text_are_a_list(ansible: Ansible, awx: Awx) -> None:
    assert set(outcome(ansible, awx, providers="netbird,netography").result["types"]) == {
        NAMES["netbird"],
        NAMES["netography"],
    }


def test_a_password_of_any_letters_signs_in(ansible: Ansible, awx: Awx) -> None:
    awx.store.users = (dataclasses.replace(awx.admin, password="pässword:with €"), awx.reader)
    found = outcome(ansible, awx, token="", username=awx.admin.username, password=awx.admin.password)
    assert found.result["types"] == CREATED


def test_what_is_not_said_is_asked_for(ansible: Ansible, awx: Awx) -> None:
    assert "awx_credential_types_url is not set. Give the address of AWX" in refused(ansible, awx, url="")
    assert "Nothing says who signs in to AWX. Set awx_credential_types_token" in refused(ansible, awx, token="")
    assert "awx_credential_types_url is plain http to awx.example.com" in refused(
        ansible, awx, url="http://awx.example.com"
    )
