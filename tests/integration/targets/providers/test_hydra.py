# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client, with every grant, at a real Ory Hydra, and what it refuses."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.build import version
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
    shown,
    supported,
    tried,
)
from ansible_collections.netapi.auth.tests.integration.servers.serving import ask
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import ELSEWHERE, KEY_ID, SECRET, SUBJECT
from ansible_collections.netapi.auth.tests.integration.targets.providers.hydra import API, WAYS, Hydra, start
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

# Its discovery document does not list the last one.
GRANTS = ("client_credentials", "refresh_token", "jwt_bearer")
# It reads no JSON, and takes an assertion of the client itself only.
ASKED = {
    **{(name, grant): TOKEN for name in WAYS for grant in GRANTS},
    ("none", "client_credentials"): NOT_ASKED,
    **{(name, grant): REFUSED for name in ("client_secret_json", FEDERATED) for grant in GRANTS},
}
PINNED = [*itertools.permutations(("client_secret_basic", "client_secret_post", "private_key_jwt"), 2)]


@pytest.fixture(scope="module")
def hydra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hydra]:
    with start(configured("go") / "hydra" / "bin" / "hydra", tmp_path_factory.mktemp("hydra")) as running:
        yield running


def _client(hydra: Hydra, name: str, registered: str = "") -> Options:
    """What a user sets for a client, which is registered with another way where one is said."""
    said: Options = {"issuer": hydra.issuer, "client_id": registered or name, "client_auth": name}
    if name.startswith("client_secret"):
        return {**said, "client_secret": SECRET}
    if name == "private_key_jwt":
        return {
            **said,
            "private_key": hydra.keys.client,
            "private_key_id": KEY_ID,
            "assertion_audience": "token_endpoint",
        }
    return said


def _options(hydra: Hydra, name: str, grant: str) -> Options:
    """What a user would set for it."""
    # There is no client for a way that it does not have.
    registered = name if name in WAYS else "private_key_jwt" if name == FEDERATED else "client_secret_post"
    said = _client(hydra, name, registered)
    if name == FEDERATED:
        # By the client's own key, but another one says that it has made it.
        assertion = hydra.assertion(hydra.keys.client, iss=ELSEWHERE, sub=registered)
        said = {"issuer": hydra.issuer, "client_assertion": assertion}
    if grant == "refresh_token":
        return {**said, "client_id": registered, "refresh_token": hydra.sign_in(registered)["refresh_token"]}
    if grant == "jwt_bearer":
        return {**said, "method": grant, "scope": "api", **_bearer(hydra, name)}
    return {**said, "method": grant}


def _bearer(hydra: Hydra, name: str) -> Options:
    """The assertion of the grant, made here unless the key is the client's."""
    if name in ("private_key_jwt", FEDERATED):
        return {"assertion": hydra.assertion(hydra.keys.elsewhere, iss=ELSEWHERE, sub=SUBJECT)}
    return {
        "private_key": hydra.keys.elsewhere,
        "private_key_id": KEY_ID,
        "assertion_claims": {"iss": ELSEWHERE, "sub": SUBJECT},
        "assertion_audience": "token_endpoint",
    }


@pytest.fixture(scope="module")
def run(hydra: Hydra, shared_ansible: Ansible) -> Run:
    return tried(shared_ansible, {cell: _options(hydra, *cell) for cell in ASKED})


@pytest.mark.parametrize("cell", ASKED, ids=" ".join)
def test_each_cell_has_its_result(cell: Cell, run: Run) -> None:
    check(run, cell, ASKED[cell])


@pytest.mark.parametrize("cell", [cell for cell in ASKED if ASKED[cell] == TOKEN], ids=" ".join)
def test_its_tokens_are_opaque(cell: Cell, run: Run) -> None:
    found = shown(run, " ".join(cell))
    # All that is known of the life is that it says an hour.
    assert (found["claims"], 3500 < found["expires_in"] <= 3600) == ({}, True)


def test_what_is_not_asked_is_not_in_its_discovery_document(hydra: Hydra) -> None:
    ways, grants = supported(ask(f"{hydra.public}/.well-known/openid-configuration"))
    assert ways == {*WAYS}
    assert grants == {*GRANTS} - {"jwt_bearer"}


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    document(run, ASKED, "hydra", "Ory Hydra", version("hydra"))


def _pinned(hydra: Hydra) -> dict[str, Options]:
    """Clients that show themselves in another way than the registered one."""
    return {f"{registered} by {used}": _client(hydra, used, registered) for registered, used in PINNED}


def _by_assertion(hydra: Hydra) -> dict[str, Options]:
    """Assertions of the client that are made here, and elsewhere."""
    key = _client(hydra, "private_key_jwt")
    made = {"iss": "private_key_jwt", "sub": "private_key_jwt"}
    used = hydra.assertion(hydra.keys.client, **made)
    past = hydra.assertion(hydra.keys.client, **made, exp=int(time.time()) - 30)
    future = hydra.assertion(hydra.keys.client, **made, nbf=int(time.time()) + 600)
    return {
        "audience by default": {name: value for name, value in key.items() if name != "assertion_audience"},
        "audience issuer": key | {"assertion_audience": "issuer"},
        "unknown kid": key | {"private_key_id": "key-2"},
        "another key": key | {"private_key": hydra.keys.elsewhere},
        "taken": {"issuer": hydra.issuer, "client_assertion": used},
        "taken again": {"issuer": hydra.issuer, "client_assertion": used, "scope": "openid"},
        "expired": {"issuer": hydra.issuer, "client_assertion": past},
        "early": {"issuer": hydra.issuer, "client_assertion": future},
    }


def _by_grant(hydra: Hydra) -> dict[str, Options]:
    """Assertions of the JWT bearer grant from elsewhere, by a client that signs for itself."""
    said = _client(hydra, "private_key_jwt") | {"method": "jwt_bearer"}
    trusted = {"iss": ELSEWHERE, "sub": SUBJECT}
    taken = hydra.assertion(hydra.keys.elsewhere, **trusted)
    past = hydra.assertion(hydra.keys.elsewhere, **trusted, exp=int(time.time()) - 30)
    other = "https://other.example"
    return {
        "grant": said | {"scope": "api", "assertion": taken},
        "grant again": said | {"assertion": taken},
        "grant expired": said | {"assertion": past},
        "grant untrusted": said | {"assertion": hydra.assertion(hydra.keys.elsewhere, iss=other, sub=SUBJECT)},
        "grant for another": said | {"assertion": hydra.assertion(hydra.keys.elsewhere, **trusted, aud=other)},
        "grant by another key": said | {"assertion": hydra.assertion(hydra.keys.client, **trusted)},
    }


def _by_secret(hydra: Hydra) -> dict[str, Options]:
    secret = _client(hydra, "client_secret_basic")
    return {
        "without the last slash": secret | {"issuer": hydra.public},
        "its audience": secret | {"audience": API},
        "another audience": secret | {"audience": "https://other.example"},
        "another scope": secret | {"scope": "admin"},
        "wrong secret": secret | {"client_secret": "wrong-secret-7f3a"},
        "unknown client": secret | {"client_id": "unknown"},
        "public client": _client(hydra, "client_secret_basic", "none"),
        "json": _client(hydra, "client_secret_json", "client_secret_post"),
    }


@pytest.fixture(scope="module")
def others(hydra: Hydra, shared_ansible: Ansible) -> Run:
    """What Hydra refuses, and what it takes beside it, a host for each, one after the other."""
    said = _pinned(hydra) | _by_assertion(hydra) | _by_grant(hydra) | _by_secret(hydra)
    return login(shared_ansible, said, "-vvv", "--forks", "1", succeeds=False)


@pytest.mark.parametrize("host", ["taken", "grant", "without the last slash", "its audience"])
def test_what_is_right_brings_a_token(host: str, others: Run) -> None:
    assert others.of("Log in", host).status == "ok", others.of("Log in", host).message


@pytest.mark.parametrize(("registered", "used"), PINNED)
def test_one_way_is_pinned_to_each_client(registered: str, used: str, others: Run) -> None:
    message = others.of("Log in", f"{registered} by {used}").message
    assert f"Set client_auth to {registered}: so the provider has this client." in message


@pytest.mark.parametrize(
    ("host", "words"),
    [
        # The token endpoint is the one audience that it takes.
        ("audience by default", ("Set assertion_audience to token_endpoint",)),
        ("audience issuer", ("Set assertion_audience to token_endpoint",)),
        ("unknown kid", ("private_key_id",)),
        ("another key", ("Register the public half of the key",)),
        ("taken again", ("jti_known", "Have another token made for each grant")),
        # It answers 500 to both.
        ("expired", ("500", "Check the token and the clock of its issuer", "sub private_key_jwt")),
        ("early", ("500", "Check the token and the clock of its issuer", "sub private_key_jwt")),
        ("grant again", ("jti_known", "Have another token made for each grant")),
        ("grant expired", ("Have a later token made", f"iss {ELSEWHERE}")),
        ("grant untrusted", ("Let the provider trust the issuer of the token", "iss https://other.example")),
        ("grant for another", ("make the token for the audience", "aud https://other.example")),
        ("grant by another key", ("Let the provider trust the issuer of the token",)),
        ("another audience", ("Check audience to the last slash",)),
        ("another scope", ("Check scope",)),
        ("wrong secret", ("Check client_id and client_secret",)),
        ("unknown client", ("Check client_id and client_secret",)),
        ("public client", ("Give this client a secret at the provider",)),
        ("json", ("Set client_auth to client_secret_basic or client_secret_post",)),
    ],
)
def test_a_refusal_says_what_to_check(host: str, words: tuple[str, ...], others: Run) -> None:
    told = others.of("Log in", host)
    assert told.status == "failed"
    assert all(word in told.message for word in words), told.message


def test_the_reuse_of_a_refresh_token_ends_the_grant(hydra: Hydra, ansible: Ansible) -> None:
    name = "client_secret_basic"
    first = hydra.sign_in(name)
    second = hydra.token(name, grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert hydra.is_active(second["access_token"])
    said = _client(hydra, name)
    run = login(
        ansible,
        {
            "spent": said | {"refresh_token": first["refresh_token"]},
            "its successor": said | {"refresh_token": second["refresh_token"]},
        },
        "--forks",
        "1",
        succeeds=False,
    )

    for host in ("spent", "its successor"):
        assert "Check refresh_token: it was used" in run.of("Log in", host).message
    assert not hydra.is_active(second["access_token"])


def test_a_refusal_shows_no_secret(hydra: Hydra, others: Run) -> None:
    keys = [line for pem in (hydra.keys.client, hydra.keys.elsewhere) for line in pem.splitlines()[1:-1]]
    for secret in (*keys, SECRET, "wrong-secret-7f3a"):
        assert secret not in others.output
    assert "Traceback" not in others.output
