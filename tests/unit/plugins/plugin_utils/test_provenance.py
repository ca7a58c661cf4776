# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which account acts where one option holds others: only what is used is named, with where it came from."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird, netfoundry, netography
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called

FILE = {
    "clientId": "file-client",
    "password": "file-password",
    "authenticationUrl": "https://idp.example.com/oauth/token",
}
PAIR = {"NETFOUNDRY_CLIENT_ID": "env-client", "NETFOUNDRY_CLIENT_SECRET": "env-secret-1"}
# Of the documentation: myappname and the like.
NETOSECRET = (
    "ewogICJ1cmwiOiAiaHR0cHM6Ly9hcGkubmV0b2dyYXBoeS5jb20vYXBpL3YxIiwKICAic2hvcnRuYW1lIjogIm15c2hvcnRuYW1lIiwKICAiYXBw"
    "bmFtZSI6ICJteWFwcG5hbWUiLAogICJzaGFyZWRzZWNyZXQiOiAibXlzaGFyZWRzZWNyZXQiLAogICJhcHBrZXkiOiAibXlhcHBrZXkiCn0"
)
PARTS = {"shortname": "a", "appname": "b", "appkey": "an-app-key", "sharedsecret": "a-shared-secret"}


def _account(provider: t.Any, run_directory: Path, **arguments: t.Any) -> str:
    return called(provider, run_directory, RecordedDisplay(), **arguments).account


def test_a_credentials_file_is_the_source_of_what_it_says(run_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PAIR.items():
        monkeypatch.setenv(name, value)
    said = _account(netfoundry.PROVIDER, run_directory, credentials_file=json.dumps(FILE), environment="sandbox")

    assert "client_id from clientId in credentials_file (the argument credentials_file)" in said
    assert "client_secret from password in credentials_file" in said
    assert "token_url from authenticationUrl in credentials_file" in said
    assert "environment variable" not in said


def test_a_credentials_file_of_which_nothing_is_used_is_not_named(
    run_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**PAIR, "NETFOUNDRY_API_ACCOUNT": json.dumps(FILE)}.items():
        monkeypatch.setenv(name, value)
    said = _account(netfoundry.PROVIDER, run_directory)

    assert "client_id from the environment variable NETFOUNDRY_CLIENT_ID" in said
    assert "credentials_file" not in said


IDP = {"client_id": "one", "client_secret": "a-long-secret", "api_url": "https://netbird.example"}
# What is said as an argument, and what in the environment, the option that is used, and the one that is not.
ENDPOINTS: tuple[tuple[dict[str, str], dict[str, str], str, str], ...] = (
    ({"issuer": "https://a.example"}, {"NETBIRD_AUTH_TOKEN_URL": "https://b.example"}, "issuer", "token_url"),
    ({"token_url": "https://a.example"}, {"NETBIRD_AUTH_ISSUER": "https://b.example"}, "token_url", "issuer"),
    ({"token_url": "https://a.example", "issuer": "https://b.example"}, {}, "token_url", "issuer"),
)


@pytest.mark.parametrize("refresh_token", [None, "a-refresh-token"])
@pytest.mark.parametrize(("said", "environment", "used", "unused"), ENDPOINTS)
def test_of_two_endpoints_only_the_one_that_is_used_is_named(
    refresh_token: str | None,
    said: dict[str, str],
    environment: dict[str, str],
    used: str,
    unused: str,
    run_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    account = _account(netbird.PROVIDER, run_directory, refresh_token=refresh_token, **IDP, **said)

    assert f"{used} from the argument {used}" in account
    assert unused not in account


@pytest.mark.parametrize("credential", [{"token": "a.token"}, {"account_id": "id", "account_token": "a-token"}])
def test_what_decides_the_address_is_not_named_beside_it(credential: dict[str, str], run_directory: Path) -> None:
    place = {"environment": "staging", "api": "platform", "token_url": "https://idp.example.com/oauth/token"}

    assert "environment from" in _account(netfoundry.PROVIDER, run_directory, **credential, **place)
    said = _account(netfoundry.PROVIDER, run_directory, api_url="https://a.example", **credential, **place)
    assert "api_url from the argument api_url" in said
    assert not any(f"{name} from" in said for name in place)


def test_an_environment_that_the_token_url_tells_is_not_named(run_directory: Path) -> None:
    client = {"client_id": "one", "client_secret": "a-long-secret", "environment": "sandbox"}
    url = "https://netfoundry-sandbox.auth0.com/oauth/token"

    assert "environment from" not in _account(netfoundry.PROVIDER, run_directory, token_url=url, **client)


def test_the_address_in_a_netosecret_is_named_where_it_is_used(run_directory: Path) -> None:
    said = _account(netography.PROVIDER, run_directory, netosecret=NETOSECRET)
    assert "api_url from url in netosecret (the argument netosecret)" in said

    said = _account(netography.PROVIDER, run_directory, netosecret=NETOSECRET, api_url="https://a.example")
    assert "api_url from the argument api_url" in said


def test_a_netosecret_is_the_source_of_its_parts(run_directory: Path) -> None:
    said = _account(netography.PROVIDER, run_directory, netosecret=NETOSECRET, shortname="branch")

    assert "appkey from appkey in netosecret (the argument netosecret)" in said
    assert "shortname from the argument shortname" in said


def test_a_netosecret_beside_another_whole_account_is_not_named(
    run_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETOSECRET", NETOSECRET)
    said = _account(netography.PROVIDER, run_directory, **PARTS)

    assert "appkey from the argument appkey" in said
    assert "netosecret" not in said


def test_where_the_cache_of_the_run_fails_the_account_is_told_each_time(run_directory: Path) -> None:
    (run_directory / "netapi_auth").mkdir()
    (run_directory / "netapi_auth").chmod(0o755)
    display = RecordedDisplay()
    display.verbosity = 1
    session = called(netbird.PROVIDER, run_directory, display, token="an-opaque-token")
    for _time in range(2):
        assert session.result()["access_token"] == "an-opaque-token"

    assert display.remarks == [session.account] * 2
