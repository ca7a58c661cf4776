# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client, with every grant, at a real Keycloak."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.cells import (
    FEDERATED,
    TOKEN,
    Cell,
    check,
    configured,
    document,
    login,
    shown,
    tried,
)
from ansible_collections.netapi.auth.tests.integration.servers.keycloak import VERSION
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.cells import cells, elsewhere, options, token
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import BOUND
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.server import Keycloak, start
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

CELLS = cells()


@pytest.fixture(scope="module")
def keycloak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Keycloak]:
    home = configured("keycloak") / f"keycloak-{VERSION}"
    with start(home, tmp_path_factory.mktemp("keycloak"), ("tls_client_auth",)) as running:
        yield running


@pytest.fixture(scope="module")
def run(keycloak: Keycloak, shared_ansible: Ansible) -> Run:
    return tried(shared_ansible, {cell: options(keycloak, *cell) for cell in CELLS})


@pytest.mark.parametrize("cell", CELLS, ids=" ".join)
def test_each_cell_has_its_result(cell: Cell, run: Run) -> None:
    check(run, cell, CELLS[cell])
    if CELLS[cell] == TOKEN:
        assert shown(run, " ".join(cell))["claims"]["azp"] == cell[0]


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    document(run, CELLS, "keycloak", "Keycloak", VERSION)


def _exchanged(token: str, kind: str = "access_token") -> dict[str, str]:
    return {"subject_token": token, "subject_token_type": kind}


@pytest.fixture(scope="module")
def refusals(keycloak: Keycloak, shared_ansible: Ansible) -> Run:
    """What Keycloak refuses, a host for each."""
    key = options(keycloak, "private_key_jwt", "client_credentials")
    secret = options(keycloak, "client_secret_basic", "client_credentials")
    used = elsewhere(keycloak)
    said = {
        "another key": key | {"private_key": keycloak.keys.elsewhere},
        "unknown kid": key | {"private_key_id": "key-2"},
        "another audience": key | {"assertion_audience": "https://other.example"},
        "used": {"issuer": keycloak.issuer, "client_assertion": used},
        "used again": {"issuer": keycloak.issuer, "client_assertion": used, "scope": "openid"},
        "for another": {
            "issuer": keycloak.issuer,
            "client_assertion": elsewhere(keycloak, aud="https://other.example"),
        },
        "wrong secret": secret | {"client_secret": "wrong-secret-7f3a"},
        "wrong password": options(keycloak, "client_secret_basic", "password") | {"password": "wrong-password-7f3a"},
        "wrong subject token": secret | _exchanged("wrong-token-7f3a"),
        # It has the client that asked for it as its audience, and no other.
        "subject token of another": secret | _exchanged(token(keycloak, "client_secret_post")["access_token"]),
        "subject token of another type": secret
        | _exchanged(token(keycloak, "client_secret_basic")["id_token"], "id_token"),
        **{f"wants {name}": secret | {"client_id": name} for name in BOUND},
        "whoami without openid": secret,
        "whoami with openid": secret | {"scope": "openid"},
    }
    return login(shared_ansible, said, "-vvv", "--forks", "1", succeeds=False)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("another key", ("Register the public half of the key",)),
        ("unknown kid", ("private_key_id",)),
        ("another audience", ("Set assertion_audience to",)),
        ("used again", ("Have another token made for each grant",)),
        ("for another", ("aud https://other.example", "make the token for the audience")),
        ("wrong secret", ("client_id and client_secret",)),
        ("wrong password", ("username and password",)),
        ("wrong subject token", ("Check subject_token, its type and its audience",)),
        ("subject token of another", ("aud client_secret_post", "subject_token")),
        ("subject token of another type", ("subject_token", "its type")),
        ("wants dpop", ("Let the provider give this client tokens without DPoP",)),
        ("wants certificate", ("Set client_cert and client_key",)),
        ("whoami without openid", ("scope: openid",)),
    ],
)
def test_a_refusal_says_what_to_check(host: str, words: tuple[str, ...], refusals: Run) -> None:
    message = refusals.of("Log in", host).message
    assert all(word in message for word in words), message


def test_keycloak_says_who_a_token_is_with_the_scope_for_it(refusals: Run) -> None:
    assert (
        shown(refusals, "whoami with openid")["identity"]["preferred_username"] == "service-account-client_secret_basic"
    )


def test_a_refusal_shows_no_secret(keycloak: Keycloak, refusals: Run) -> None:
    keys = [line for pem in (keycloak.keys.client, keycloak.keys.elsewhere) for line in pem.splitlines()[1:-1]]
    for secret in (*keys, "wrong-secret-7f3a", "wrong-password-7f3a"):
        assert secret not in refusals.output
    assert "Traceback" not in refusals.output
    assert FEDERATED not in refusals.of("Log in", "wrong secret").message
