# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the task of the role netapi.auth.awx_credential_types refuses, and what AWX does, in one sentence each."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._awx import api
from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.support.tls import certificate
from ansible_collections.netapi.auth.tests.tools import messages
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import NAMES, PROVIDERS, expected, kept
from ansible_collections.netapi.auth.tests.unit.plugins.test_files import encrypted, with_password

ACTION = "netapi.auth.awx_credential_types"
GATEWAY = "/api/controller/v2"
ROLE = ROOT / "roles" / "awx_credential_types"
CREATED = dict.fromkeys(NAMES.values(), "created")
# What the role says where nobody says anything else.
DEFAULTS = {"username": "", "password": "", "validate_certs": True, "ca_path": "", "state": "present"}


@pytest.fixture
def awx() -> Iterator[Awx]:
    with Awx() as server:
        yield server


@pytest.fixture
def authority(tmp_path: Path) -> tuple[str, str]:
    """A certificate that nobody trusts, and its key."""
    return certificate(tmp_path)


def changed(ansible: Ansible, awx: Awx, **options: t.Any) -> dict[str, str]:
    """What the task does with each type, as a superuser unless the options say otherwise."""
    said = {"url": awx.url, "token": awx.admin.token, "providers": list(PROVIDERS), **DEFAULTS, **options}
    types: dict[str, str] = ansible.action(ACTION, said, files_of=ROLE)["types"]
    return types


def refusal(ansible: Ansible, awx: Awx, **options: t.Any) -> str:
    """The sentence of a task that fails; it shows nobody who signs in."""
    with pytest.raises(Refused) as refused:
        changed(ansible, awx, **options)
    message = str(refused.value)
    assert not [secret for secret in (awx.admin.token, awx.admin.password) if secret in message]
    return message


def refused(ansible: Ansible, awx: Awx, **options: t.Any) -> str:
    """The sentence of a task that fails and changes nothing."""
    before = kept(awx)
    message = refusal(ansible, awx, **options)
    assert awx.writes == []
    assert kept(awx) == before
    return message


def test_certificates_are_checked_unless_told_otherwise(ansible: Ansible, authority: tuple[str, str]) -> None:
    with Awx(tls=authority) as awx:
        assert "the certificate of 127.0.0.1 cannot be verified" in refused(ansible, awx)
        assert awx.state.requests == []
        assert changed(ansible, awx, ca_path=authority[0]) == CREATED
        assert changed(ansible, awx, state="absent", validate_certs=False) == dict.fromkeys(CREATED, "removed")


def test_an_authority_that_is_encrypted_is_opened_by_the_runs_vault_password(
    ansible: Ansible, authority: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vaulted = tmp_path / "vaulted.pem"
    vaulted.write_bytes(encrypted(Path(authority[0]).read_bytes()))
    with Awx(tls=authority) as awx:
        assert "is encrypted with ansible-vault and cannot be decrypted" in refused(ansible, awx, ca_path=str(vaulted))
        with_password(monkeypatch)
        assert changed(ansible, awx, ca_path=str(vaulted)) == CREATED


def test_authorities_that_are_not_there(ansible: Ansible, awx: Awx, tmp_path: Path) -> None:
    assert refused(ansible, awx, ca_path=str(tmp_path / "missing-41c9.pem")) == (
        "awx_credential_types_ca_path names no file or directory that is there. Correct the path."
    )
    assert awx.state.requests == []


def test_a_sentence_names_the_options_of_the_role_and_no_others(ansible: Ansible, authority: tuple[str, str]) -> None:
    with Awx(tls=authority) as awx:
        assert "set awx_credential_types_ca_path to the certificate of the authority" in refused(ansible, awx)
    theirs = (
        r"(?<!_)\b(?:ca_path|client_cert|client_key|validate_certs)\b|raise timeout|(?<!a )\bproxy (?:is|,)|Check proxy"
    )
    said = [each.text for each in messages.said(ROOT) if each.path == "_http/faults.py"]
    assert [text for text in said if re.search(theirs, text)]
    worded = [api._in_words_of_the_role(text) for text in said]
    assert [text for text in worded if re.search(theirs, text)] == []


def test_awx_that_cannot_be_reached(ansible: Ansible, awx: Awx) -> None:
    awx.close()
    message = refusal(ansible, awx)
    port = awx.url.rpartition(":")[2]
    assert message == (
        f"AWX: 127.0.0.1 refuses the connection at port {port} of awx_credential_types_url. "
        "Check the host and the port."
    )


def test_a_wrong_token(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token="wrong-token-41c9")
    assert message == (
        f"AWX answered {awx.url}/api/v2/credential_types/ with status 401 and said: Authentication credentials were "
        "not provided. To establish a login session, visit /api/login/. Check awx_credential_types_token, or "
        "awx_credential_types_username and awx_credential_types_password."
    )


def test_a_token_of_the_controller_at_the_gateway(ansible: Ansible) -> None:
    with Awx(prefix=GATEWAY) as platform:
        assert refused(ansible, platform, token="controller-token-41c9").endswith(
            "Check awx_credential_types_token, or awx_credential_types_username and awx_credential_types_password; the "
            "platform takes the tokens of its gateway, and none of the controller."
        )


def test_a_token_where_awx_has_none(ansible: Ansible) -> None:
    with Awx(has_tokens=False) as later:
        assert refused(ansible, later).endswith(
            "Check awx_credential_types_username and awx_credential_types_password: AWX after 24.6.1 has no tokens, "
            "and those of Automation Platform count at the address of its gateway."
        )
        by_password = {"token": "", "username": later.admin.username, "password": later.admin.password}
        assert refused(ansible, later, **{**by_password, "password": "wrong"}).endswith(
            "Check awx_credential_types_token, or awx_credential_types_username and awx_credential_types_password."
        )
        assert changed(ansible, later, **by_password) == CREATED


def test_a_token_to_read(ansible: Ansible, awx: Awx) -> None:
    message = refusal(ansible, awx, token=awx.admin.read_token)
    assert "with status 403 and said: You do not have permission to perform this action." in message
    assert "Check that awx_credential_types_token has the scope to write, and that the user is a superuser" in message
    assert awx.writes == ["POST /api/v2/credential_types/"]
    assert kept(awx) == {}


def test_a_user_who_is_no_superuser(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token=awx.reader.token)
    assert message.startswith("The user alice may not change credential types of AWX. Sign in as a superuser")


def test_the_name_of_a_user_brings_no_sign_that_nobody_sees(ansible: Ansible, awx: Awx) -> None:
    body = json.dumps({"count": 1, "next": None, "results": [{"username": "a\x1b[31m\u202eb", "is_superuser": False}]})
    awx.fault("/api/v2/me/", status=200, body=body)
    assert refused(ansible, awx, token=awx.reader.token).startswith("The user a [31m b may not change")


def test_a_superuser_whose_rights_have_gone_meanwhile(ansible: Ansible, awx: Awx) -> None:
    body = '{"detail": "You do not have permission to perform this action."}'
    awx.fault("/api/v2/credential_types/", method="POST", status=403, body=body)
    message = refusal(ansible, awx)
    assert "with status 403 and said: You do not have permission to perform this action" in message
    assert "a superuser of AWX" in message
    assert awx.writes == ["POST /api/v2/credential_types/"], "no second try"
    assert kept(awx) == {}


def test_what_was_done_before_a_refusal_is_told_and_another_run_does_the_rest(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", method="POST", times=1, drop=[])
    awx.fault("/api/v2/credential_types/", method="POST", times=1, status=503)
    message = refusal(ansible, awx)
    assert "with status 503" in message
    first, *rest = CREATED
    assert message.endswith(f" Before that, {first} was created; another run does the rest.")
    assert changed(ansible, awx) == dict.fromkeys(rest, "created")


def test_a_refusal_is_told_in_the_words_of_awx(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", method="POST", status=400, body='{"inputs": ["Not like that."], "x": ["y"]}')
    message = refusal(ansible, awx)
    assert (
        f"with status 400 and said: Not like that. Check the credential type {next(iter(CREATED))} in AWX." in message
    )


def in_use(ansible: Ansible, awx: Awx) -> t.Any:
    """The type of NetBird, with other fields than the shipped ones and two credentials that use it."""
    changed(ansible, awx)
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
    assert changed(ansible, awx) == {NAMES["netbird"]: "updated"}
    assert kept(awx) == expected(*PROVIDERS)


def test_a_type_that_is_used_is_not_removed(ansible: Ansible, awx: Awx) -> None:
    in_use(ansible, awx)
    assert refused(ansible, awx, state="absent") == (
        "The credential type NetBird API is used by 2 credentials, and AWX does not remove such a type. "
        "Delete those credentials first."
    )


@pytest.mark.parametrize("managed", [False, True])
def test_a_type_of_the_same_name_and_another_kind_is_left_alone(ansible: Ansible, awx: Awx, managed: bool) -> None:
    other = awx.add_managed(NAMES["netbird"], "net")
    other.managed = managed
    assert changed(ansible, awx) == CREATED
    assert changed(ansible, awx) == {}
    assert changed(ansible, awx, state="absent") == dict.fromkeys(CREATED, "removed")
    assert other.id in awx.store.types.rows
    assert (other.inputs, other.injectors, other.description) == ({}, {}, "")


@pytest.mark.parametrize("state", ["present", "absent"])
def test_a_name_that_a_built_in_type_has(ansible: Ansible, awx: Awx, state: str) -> None:
    awx.add_managed(NAMES["netography"])
    assert refused(ansible, awx, state=state) == (
        "AWX has a built-in credential type of the name Netography API, which nobody can change. "
        "Leave that service out of awx_credential_types_providers."
    )


@pytest.mark.parametrize("prefix", ["/api/v2", GATEWAY])
@pytest.mark.parametrize("elsewhere", [401, 404])
def test_the_path_of_the_api_may_stand_in_the_address(ansible: Ansible, prefix: str, elsewhere: int) -> None:
    paths = (
        "",
        "/",
        "/api",
        "/api/",
        "/api/v2",
        "/api/v2/",
        "/api/controller/v2/",
        "/api/controller",
        "/api/gateway/v1/",
    )
    with Awx(prefix=prefix, elsewhere=elsewhere) as awx:
        assert changed(ansible, awx, url=awx.url + paths[-1]) == CREATED
        for path in paths:
            assert changed(ansible, awx, url=awx.url + path) == {}, path


def test_nobody_signs_in_to_be_told_where_the_api_is(ansible: Ansible, awx: Awx) -> None:
    changed(ansible, awx)
    first, *others = awx.state.requests
    assert (first.path, first.headers.get("authorization")) == ("/api/", None)
    assert {one.headers["authorization"] for one in others} == {f"Bearer {awx.admin.token}"}


def test_a_platform_without_a_controller(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/", status=200, body='{"apis": {"gateway": "/api/gateway/", "eda": "/api/eda/"}}')
    assert refused(ansible, awx) == (
        f"The platform at {awx.url} has no automation controller. Check awx_credential_types_url."
    )


def test_somebody_else_stands_before_awx(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/", status=401)
    assert refused(ansible, awx) == (
        f"AWX answered {awx.url}/api/ with status 401. Check awx_credential_types_url: what AWX has at /api/ it tells "
        "anybody."
    )


@pytest.mark.parametrize("body", ["[]", "{}", '{"apis": 1}', '{"available_versions": {"v1": "/api/v1/"}}', "7"])
def test_json_at_api_that_is_of_no_awx(ansible: Ansible, awx: Awx, body: str) -> None:
    awx.fault("/api/", status=200, body=body)
    assert refused(ansible, awx) == f"There is no API of AWX at {awx.url}. Check awx_credential_types_url."


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
    assert len(awx.state.requests) <= 3


def test_a_list_that_never_ends_is_given_up(ansible: Ansible, awx: Awx) -> None:
    path = "/api/v2/credential_types/"
    for number in range(150):
        awx.fault(path, merge={"next": f"{path}?page=1&page_size={number + 1}"}, times=1)
    assert refused(ansible, awx) == f"{awx.url} does not answer as AWX does. Check awx_credential_types_url."
    assert len(awx.state.requests) == 101


@pytest.mark.parametrize("body", ["[]", "{}", '{"results": [1]}', '{"results": {}}'])
def test_json_that_is_no_list_of_awx(ansible: Ansible, awx: Awx, body: str) -> None:
    awx.fault("/api/v2/credential_types/", status=200, body=body)
    assert refused(ansible, awx) == f"{awx.url} does not answer as AWX does. Check awx_credential_types_url."


def test_a_web_site_is_no_awx(ansible: Ansible, awx: Awx) -> None:
    awx.fault("/api/v2/credential_types/", status=200, body="<html></html>", content_type="text/html")
    assert "sent an HTML page instead of JSON" in refused(ansible, awx)


def test_a_token_that_no_header_may_hold(ansible: Ansible, awx: Awx) -> None:
    message = refused(ansible, awx, token="a-token\nand-more")
    assert message.startswith("awx_credential_types_token holds a line break")
    assert awx.state.requests == []


def test_providers_as_a_text_are_a_list(ansible: Ansible, awx: Awx) -> None:
    assert set(changed(ansible, awx, providers="netbird,netography")) == {
        NAMES["netbird"],
        NAMES["netography"],
    }


def test_a_password_of_any_letters_signs_in(ansible: Ansible, awx: Awx) -> None:
    awx.store.users = (dataclasses.replace(awx.admin, password="pässword:with €"), awx.reader)
    assert changed(ansible, awx, token="", username=awx.admin.username, password=awx.admin.password) == CREATED


def test_what_is_not_said_is_asked_for(ansible: Ansible, awx: Awx) -> None:
    assert "awx_credential_types_url is not set. Give the address of AWX" in refused(ansible, awx, url="")
    assert "Nothing says who signs in to AWX. Set awx_credential_types_token" in refused(ansible, awx, token="")
    assert "awx_credential_types_url is plain http to another machine" in refused(
        ansible, awx, url="http://awx.example.com"
    )


@pytest.mark.parametrize("said", [None, "", [], "other", ["netbird", "other"], {"netbird": 1}])
def test_providers_that_are_no_list_of_them(ansible: Ansible, awx: Awx, said: object) -> None:
    assert refused(ansible, awx, providers=said) == (
        f"awx_credential_types_providers must be a list of {', '.join(PROVIDERS)}. Correct it."
    )
    assert awx.state.requests == []


def test_check_mode_says_what_would_be_done(ansible: Ansible, awx: Awx) -> None:
    said = {"url": awx.url, "token": awx.admin.token, "providers": list(PROVIDERS), **DEFAULTS}
    assert ansible.action(ACTION, said, files_of=ROLE, check=True)["types"] == CREATED
    assert awx.writes == []
