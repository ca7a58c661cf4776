# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client with every grant that a real oidc-provider has."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator

import jwt
import pytest

from ansible_collections.netapi.auth.tests.integration.servers.cells import (
    FEDERATED,
    NOT_ASKED,
    REFUSED,
    TOKEN,
    Cell,
    Options,
    check,
    configured,
    document,
    supported,
    tried,
)
from ansible_collections.netapi.auth.tests.integration.servers.openid.client import (
    Client,
    OidcProvider,
    start_oidc_provider,
)
from ansible_collections.netapi.auth.tests.integration.servers.serving import ask
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

PUBLIC = "netbird-public"
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


@pytest.fixture(scope="module")
def provider() -> Iterator[OidcProvider]:
    with start_oidc_provider(configured("oidc_provider")) as running:
        yield running


def _elsewhere(provider: OidcProvider, client: Client) -> str:
    """An assertion by the client's own key that says another one has made it."""
    now = int(time.time())
    said = {"iss": "https://ci.example", "sub": client.client_id, "aud": provider.issuer, "jti": uuid.uuid4().hex}
    return jwt.encode({**said, "iat": now, "exp": now + 240}, client.private_key or "", "ES256")


def _options(provider: OidcProvider, name: str, grant: str) -> Options:
    """What a user would set for it."""
    known = provider.clients[{"none": PUBLIC, FEDERATED: "private_key_jwt"}.get(name, name)]
    said: Options = {"issuer": provider.issuer, "client_id": known.client_id, "method": grant}
    if name == FEDERATED:
        said["client_assertion"] = _elsewhere(provider, known)
    else:
        said |= {"client_auth": name, "client_secret": known.client_secret, "private_key": known.private_key}
    if grant == "refresh_token":
        said["refresh_token"] = provider.mint(known.client_id)
    return said


@pytest.fixture(scope="module")
def run(provider: OidcProvider, shared_ansible: Ansible) -> Run:
    return tried(shared_ansible, {cell: _options(provider, *cell) for cell in ASKED})


@pytest.mark.parametrize("cell", ASKED, ids=" ".join)
def test_each_cell_has_its_result(cell: Cell, run: Run) -> None:
    check(run, cell, ASKED[cell])


def test_what_is_not_asked_is_not_in_its_discovery_document(provider: OidcProvider) -> None:
    ways, grants = supported(ask(f"{provider.issuer}/.well-known/openid-configuration"))
    assert ways == {name for name, _grant in ASKED} - {FEDERATED}
    assert grants == {grant for _name, grant in ASKED}


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    package = configured("oidc_provider") / "node_modules" / "oidc-provider" / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"]
    document(run, ASKED, "oidc-provider", "oidc-provider", version)
