# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client with every grant that a real oidc-provider has."""

from __future__ import annotations

import json
import time
import typing as t
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import jwt
import pytest
import yaml

from ansible_collections.netapi.auth.tests.keycloak.cells import GRANTS, NOT_ASKED, REFUSED, TOKEN
from ansible_collections.netapi.auth.tests.keycloak.realm import AUTHENTICATORS, FEDERATED
from ansible_collections.netapi.auth.tests.openid.client import Client, OidcProvider, start_oidc_provider
from ansible_collections.netapi.auth.tests.support.declarations import ROOT
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

UNSUPPORTED = "unsupported"
CONFIGURATION = Path("../../integration_config.yml")
DOCUMENTED = ROOT / "docs" / "providers" / "oidc-provider.json"
PUBLIC = "netbird-public"
# Seconds.
REQUEST = 60.0
# It has no other grants and ways, and takes an assertion from the client itself only.
ASKED = {
    **{
        (name, grant): TOKEN
        for name in ("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt")
        for grant in ("client_credentials", "refresh_token")
    },
    ("none", "client_credentials"): NOT_ASKED,
    ("none", "refresh_token"): TOKEN,
    (FEDERATED, "client_credentials"): REFUSED,
    (FEDERATED, "refresh_token"): REFUSED,
}
CELLS = [(name, grant) for name in (*AUTHENTICATORS, FEDERATED) for grant in GRANTS]


def _configured() -> dict[str, str]:
    found: dict[str, str] = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with start_oidc_provider(Path(_configured()["oidc_provider"])) as running:
        yield running


def _elsewhere(provider: OidcProvider, client: Client) -> str:
    """An assertion by the client's own key that says another one has made it."""
    now = int(time.time())
    said = {"iss": "https://ci.example", "sub": client.client_id, "aud": provider.issuer, "jti": uuid.uuid4().hex}
    return jwt.encode({**said, "iat": now, "exp": now + 240}, client.private_key or "", "ES256")


def _options(provider: OidcProvider, name: str, grant: str) -> dict[str, t.Any]:
    """What a user would set for it."""
    known = provider.clients[{"none": PUBLIC, FEDERATED: "private_key_jwt"}.get(name, name)]
    said: dict[str, t.Any] = {"issuer": provider.issuer, "client_id": known.client_id, "method": grant}
    if name == FEDERATED:
        said["client_assertion"] = _elsewhere(provider, known)
    else:
        said |= {"client_auth": name, "client_secret": known.client_secret, "private_key": known.private_key}
    if grant == "refresh_token":
        said["refresh_token"] = provider.mint(known.client_id)
    return said


@pytest.fixture(scope="module")
def run(provider: OidcProvider, shared_ansible: Ansible) -> Run:
    """A host for each cell that is asked."""
    hosts = {
        " ".join(cell): {f"oauth2_auth_{name}": value for name, value in _options(provider, *cell).items()}
        for cell in ASKED
    }
    return shared_ansible.play("tried.yml", "-i", inventory(shared_ansible.home, hosts), "--forks", "2", succeeds=None)


def _result(run: Run, name: str, grant: str) -> str:
    if (name, grant) not in ASKED:
        return UNSUPPORTED
    told = run.of("Log in", f"{name} {grant}")
    if told.status == "ok":
        return TOKEN
    return REFUSED if "/token with status 40" in told.message else NOT_ASKED


@pytest.mark.parametrize(("name", "grant"), ASKED, ids=str)
def test_each_cell_has_its_result(name: str, grant: str, run: Run) -> None:
    assert _result(run, name, grant) == ASKED[name, grant], run.of("Log in", f"{name} {grant}").message
    if ASKED[name, grant] == TOKEN:
        shown = run.of("Show all but the token", f"{name} {grant}").result["msg"]
        assert (shown["method"], shown["source"], shown["token_type"]) == (grant, "issued", "Bearer")


def test_what_is_not_asked_is_not_in_its_discovery_document(provider: OidcProvider) -> None:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{provider.issuer}/.well-known/openid-configuration", timeout=REQUEST) as response:
        document = json.load(response)
    ways = {name for name, _grant in ASKED} - {FEDERATED}
    assert set(document["token_endpoint_auth_methods_supported"]) == ways
    grants = {grant.rpartition(":")[2].replace("-", "_") for grant in document["grant_types_supported"]}
    assert grants & {*GRANTS} == {grant for _name, grant in ASKED}


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    """What `make results` puts there is written first, so that a difference can be mended by it."""
    found: dict[str, dict[str, str]] = {}
    for name, grant in CELLS:
        found.setdefault(name, {})[grant] = _result(run, name, grant)
    package = Path(_configured()["oidc_provider"]) / "node_modules" / "oidc-provider" / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"]
    results = {"server": "oidc-provider", "version": version, "date": time.strftime("%Y-%m-%d"), "cells": found}
    (Path(_configured()["results"]) / DOCUMENTED.name).write_text(
        json.dumps(results, indent=2) + "\n", encoding="utf-8"
    )
    documented = json.loads(DOCUMENTED.read_text(encoding="utf-8"))
    assert {**documented, "date": results["date"]} == results, "run `make results`"
