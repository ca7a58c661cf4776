# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client with every grant that a real Canaille has."""

from __future__ import annotations

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
    login,
    supported,
    tried,
)
from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OpenIdProvider, start
from ansible_collections.netapi.auth.tests.integration.servers.serving import ask
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

GRANTS = ("client_credentials", "refresh_token", "password")
WAYS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
# It takes an assertion from the client itself only.
ASKED = {
    **{(name, grant): TOKEN for name in WAYS for grant in GRANTS},
    ("none", "client_credentials"): NOT_ASKED,
    **{(FEDERATED, grant): REFUSED for grant in GRANTS},
}
KEY = "private_key_jwt"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
PERSON = {"username": "ada", "password": "ada-password"}


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    with start(str(configured("openid_python"))) as running:
        yield running


def _assertion(provider: OpenIdProvider, issuer: str) -> str:
    """One of the client with a key, for the token endpoint."""
    now = int(time.time())
    said = {"iss": issuer, "sub": KEY, "aud": provider.token_endpoint, "iat": now, "exp": now + 120}
    return jwt.encode({**said, "jti": uuid.uuid4().hex}, provider.clients[KEY].private_key or "", "RS256")


def _sign_in(provider: OpenIdProvider, name: str) -> str:
    """A refresh token that nobody has used, asked for without the collection."""
    secret = provider.clients[name].client_secret
    form = {"grant_type": "password", **PERSON, "scope": "openid offline_access", "client_id": name}
    if name == "client_secret_post":
        form["client_secret"] = str(secret)
    elif name == KEY:
        form |= {"client_assertion_type": ASSERTION, "client_assertion": _assertion(provider, KEY)}
    shown: Options = {"auth": (name, secret)} if name == "client_secret_basic" else {}
    return str(ask(provider.token_endpoint, form, **shown)["refresh_token"])


def _client(provider: OpenIdProvider, name: str) -> Options:
    said: Options = {"issuer": provider.issuer, "client_id": name, "client_auth": name}
    if name == KEY:
        key = provider.clients[KEY].private_key
        return {**said, "private_key": key, "assertion_audience": "token_endpoint"}
    if name == FEDERATED:
        # By the client's own key, but another one says that it has made it.
        return {"issuer": provider.issuer, "client_assertion": _assertion(provider, "https://ci.example")}
    return said | ({"client_secret": provider.clients[name].client_secret} if name != "none" else {})


def _options(provider: OpenIdProvider, name: str, grant: str) -> Options:
    """What a user would set for it."""
    said = {**_client(provider, name), "method": grant}
    registered = KEY if name == FEDERATED else name
    if grant == "refresh_token":
        return {**said, "client_id": registered, "refresh_token": _sign_in(provider, registered)}
    return said | (PERSON if grant == "password" else {})


@pytest.fixture(scope="module")
def run(provider: OpenIdProvider, shared_ansible: Ansible) -> Run:
    return tried(shared_ansible, {cell: _options(provider, *cell) for cell in ASKED})


@pytest.mark.parametrize("cell", ASKED, ids=" ".join)
def test_each_cell_has_its_result(cell: Cell, run: Run) -> None:
    check(run, cell, ASKED[cell])


def test_what_is_not_asked_is_not_in_its_discovery_document(provider: OpenIdProvider) -> None:
    ways, grants = supported(ask(f"{provider.issuer}/.well-known/openid-configuration"))
    assert ways == {*WAYS}
    assert grants == {*GRANTS}


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    (installed,) = configured("openid_python").parents[1].glob("lib/python3*/site-packages/canaille-*.dist-info")
    version = installed.stem.partition("-")[2]
    # Another environment may have another one.
    document(run, ASKED, "canaille", "Canaille", version, is_pinned=False)


def test_an_assertion_is_for_the_token_endpoint(provider: OpenIdProvider, ansible: Ansible) -> None:
    run = login(ansible, {"issuer": _client(provider, KEY) | {"assertion_audience": "issuer"}}, succeeds=False)
    assert "Set assertion_audience to token_endpoint" in run.of("Log in", "issuer").message
