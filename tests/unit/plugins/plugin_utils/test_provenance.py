# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which account acts where one option holds others: only what is used is named, with where it came from."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _netfoundry, _netography
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import Voice, called

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
    return called(provider, run_directory, Voice(), **arguments).account


def test_a_credentials_file_is_the_source_of_what_it_says(run_directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in PAIR.items():
        monkeypatch.setenv(name, value)
    said = _account(_netfoundry.PROVIDER, run_directory, credentials_file=json.dumps(FILE), environment="sandbox")

    assert "client_id from clientId in credentials_file (the argument credentials_file)" in said
    assert "client_secret from password in credentials_file" in said
    assert "token_url from authenticationUrl in credentials_file" in said
    assert "environment variable" not in said


def test_a_credentials_file_of_which_nothing_is_used_is_not_named(
    run_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {**PAIR, "NETFOUNDRY_API_ACCOUNT": json.dumps(FILE)}.items():
        monkeypatch.setenv(name, value)
    said = _account(_netfoundry.PROVIDER, run_directory)

    assert "client_id from the environment variable NETFOUNDRY_CLIENT_ID" in said
    assert "credentials_file" not in said


def test_a_netosecret_is_the_source_of_its_parts(run_directory: Path) -> None:
    said = _account(_netography.PROVIDER, run_directory, netosecret=NETOSECRET, shortname="branch")

    assert "appkey from appkey in netosecret (the argument netosecret)" in said
    assert "shortname from the argument shortname" in said


def test_a_netosecret_beside_another_whole_account_is_not_named(
    run_directory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NETOSECRET", NETOSECRET)
    said = _account(_netography.PROVIDER, run_directory, **PARTS)

    assert "appkey from the argument appkey" in said
    assert "netosecret" not in said
