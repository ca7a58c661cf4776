# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetFoundry's credentials.json: where it is looked for, what it overlays, what it asks for."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CredentialError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netfoundry
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.oauth import OAuth2
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import (
    WAYS,
    RecordedDisplay,
    called,
    what_was_sent,
)
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import JSON, Sent
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import CREDENTIAL

CONTENT = {
    "clientId": "file-id",
    "password": "file-secret",
    "authenticationUrl": "https://netfoundry-sandbox.auth0.com/oauth/token",
}


def _write(path: Path, **values: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**CONTENT, **values}), encoding="utf-8")
    path.chmod(0o600)
    return path


def _said(call: Session) -> tuple[str, str | None, str]:
    credential = call.credential
    assert isinstance(credential, OAuth2)
    return credential.client.id or "", credential.client.secret, credential.token_url or ""


@pytest.fixture
def call(run_directory: Path, display: RecordedDisplay) -> t.Callable[..., tuple[str, str | None, str]]:
    """Id, secret and token URL that the arguments lead to."""
    return lambda **arguments: _said(called(netfoundry.PROVIDER, run_directory, display, **arguments))


Call = t.Callable[..., tuple[str, str | None, str]]
FROM_FILE = ("file-id", "file-secret", CONTENT["authenticationUrl"])


@pytest.mark.parametrize("way", WAYS)
def test_a_named_file_obtains_a_token(way: str, sandbox: Sandbox, ansible: Ansible, tmp_path: Path) -> None:
    path = _write(
        tmp_path / "named.json",
        clientId="nf-client-1",
        password="nf-secret-1",
        authenticationUrl=f"{sandbox.url}/oauth/token",
    )
    ask = ansible.task_result if way == "task" else ansible.lookup_result
    result = ask("netfoundry", credentials_file=str(path), environment="sandbox")

    body = {**CREDENTIAL, "audience": "https://gateway.sandbox.netfoundry.io/"}
    assert what_was_sent(sandbox) == (Sent("POST", "/oauth/token", JSON, body),)
    assert result["method"] == "client_credentials"


def test_the_environment_names_the_file(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETFOUNDRY_API_ACCOUNT", str(_write(tmp_path / "elsewhere.json")))

    assert call() == FROM_FILE


@pytest.mark.parametrize("place", [".netfoundry", ".config/netfoundry"])
def test_the_file_is_found_in_each_place_of_the_official_client(call: Call, place: str, tmp_path: Path) -> None:
    _write(tmp_path / place / "credentials.json")

    assert call() == FROM_FILE


def test_the_third_place_is_netfoundry_at_the_root(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert netfoundry._PLACES[2] == "/netfoundry"
    # A test may not write to the root, so that another root stands for it.
    monkeypatch.setattr(netfoundry, "_PLACES", (*netfoundry._PLACES[:2], str(tmp_path / "root/netfoundry")))
    _write(tmp_path / "root/netfoundry/credentials.json")

    assert call() == FROM_FILE


def test_the_places_are_tried_in_the_documented_order(call: Call, tmp_path: Path) -> None:
    _write(tmp_path / ".config/netfoundry/credentials.json", clientId="second")
    _write(tmp_path / ".netfoundry/credentials.json", clientId="first")

    assert call()[0] == "first"


def test_the_working_directory_is_not_looked_into(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _write(tmp_path / "work/credentials.json")
    monkeypatch.chdir(tmp_path / "work")

    with pytest.raises(CredentialError, match="NetFoundry has no credential here"):
        call()


def test_a_default_file_loses_against_the_environment(
    run_directory: Path, display: RecordedDisplay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(tmp_path / ".netfoundry/credentials.json")
    monkeypatch.setenv("NETFOUNDRY_API_TOKEN", "a.token")

    assert called(netfoundry.PROVIDER, run_directory, display).method == "token"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, FROM_FILE),
        ({"client_id": "file-id"}, FROM_FILE),
        ({"client_secret": "said"}, ("file-id", "said", FROM_FILE[2])),
        (
            {"token_url": "https://netfoundry-staging.auth0.com/x"},
            (*FROM_FILE[:2], "https://netfoundry-staging.auth0.com/x"),
        ),
    ],
)
def test_an_argument_overlays_the_named_file(
    arguments: dict[str, str], expected: tuple[str, str, str], call: Call, tmp_path: Path
) -> None:
    assert call(credentials_file=str(_write(tmp_path / "named.json")), **arguments) == expected


def test_a_file_named_by_an_argument_overlays_the_environment(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETFOUNDRY_CLIENT_ID", "environment-id")
    monkeypatch.setenv("NETFOUNDRY_CLIENT_SECRET", "environment-secret")

    assert call(credentials_file=str(_write(tmp_path / "named.json"))) == FROM_FILE


def test_the_file_is_left_alone_when_id_and_secret_were_said(call: Call, tmp_path: Path) -> None:
    said = call(credentials_file=str(tmp_path / "absent.json"), client_id="said", client_secret="said too")

    assert said[:2] == ("said", "said too")


def test_a_file_that_others_can_read_is_used_with_a_warning(
    run_directory: Path, display: RecordedDisplay, tmp_path: Path
) -> None:
    path = _write(tmp_path / "named.json")
    path.chmod(0o640)
    call = called(netfoundry.PROVIDER, run_directory, display, credentials_file=str(path))

    assert _said(call) == FROM_FILE
    sentence = "credentials_file, from the argument credentials_file, names a file that others can read. "
    assert display.warnings == [f"{sentence}Take their right to read it (chmod 600)."]


def test_a_file_of_ones_own_brings_no_warning(call: Call, display: RecordedDisplay, tmp_path: Path) -> None:
    call(credentials_file=str(_write(tmp_path / "named.json")))

    assert display.warnings == []


def test_a_default_place_that_cannot_be_looked_into_has_nothing(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    # To the check that is the same error as a directory without rights, which root, who may run this, always has.
    monkeypatch.setenv("HOME", f"/{300 * 'a'}")
    given = {"client_id": "own-id", "client_secret": "own-secret"}

    assert call(**given, token_url=CONTENT["authenticationUrl"]) == ("own-id", "own-secret", FROM_FILE[2])
