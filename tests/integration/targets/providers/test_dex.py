# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every way to show a client, with every grant, at NetBird's Dex, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.netapi.auth.tests.integration.servers.build import version
from ansible_collections.netapi.auth.tests.integration.servers.cells import (
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
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import SECRET
from ansible_collections.netapi.auth.tests.integration.targets.providers.dex import (
    CONNECTOR,
    PASSWORD,
    PERSON,
    Dex,
    start,
)
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

GRANTS = ("client_credentials", "refresh_token", "token_exchange", "password")
# It does not list public clients, and reads no JSON.
LISTED = ("client_secret_basic", "client_secret_post")
ASKED = {
    **{(name, grant): TOKEN for name in (*LISTED, "none") for grant in GRANTS},
    ("none", "client_credentials"): NOT_ASKED,
    **{("client_secret_json", grant): REFUSED for grant in GRANTS},
}


@pytest.fixture(scope="module")
def dex(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dex]:
    with start(configured("go") / "dex" / "bin" / "dex", tmp_path_factory.mktemp("dex")) as running:
        yield running


def _client(dex: Dex, name: str) -> Options:
    said: Options = {"issuer": dex.issuer, "client_id": name, "client_auth": name}
    return said if name == "none" else {**said, "client_secret": SECRET}


def _exchanged(dex: Dex, kind: str = "id_token", client: str = LISTED[0]) -> Options:
    """A token of the people, which their Dex made for this client."""
    token = dex.sign_in(client, dex.people)[kind]
    return {"subject_token": token, "subject_token_type": kind, "extra_params": {"connector_id": CONNECTOR}}


def _options(dex: Dex, name: str, grant: str) -> Options:
    """What a user would set for it."""
    said = _client(dex, name)
    if grant == "refresh_token":
        return {**said, "refresh_token": dex.sign_in(name)["refresh_token"]}
    if grant == "token_exchange":
        return {**said, **_exchanged(dex), "scope": "openid email"}
    if grant == "password":
        return {**said, "method": grant, "username": PERSON, "password": PASSWORD, "scope": "openid"}
    return {**said, "method": grant}


@pytest.fixture(scope="module")
def run(dex: Dex, shared_ansible: Ansible) -> Run:
    return tried(shared_ansible, {cell: _options(dex, *cell) for cell in ASKED})


@pytest.mark.parametrize("cell", ASKED, ids=" ".join)
def test_each_cell_has_its_result(cell: Cell, run: Run) -> None:
    check(run, cell, ASKED[cell])
    if ASKED[cell] == TOKEN:
        assert shown(run, " ".join(cell))["claims"]["aud"] == cell[0]


def test_what_is_not_asked_is_not_in_its_discovery_document(dex: Dex) -> None:
    ways, grants = supported(ask(f"{dex.issuer}/.well-known/openid-configuration"))
    assert ways == {*LISTED}
    assert grants == {*GRANTS}


def test_the_documentation_has_the_result_of_each_cell(run: Run) -> None:
    document(run, ASKED, "dex", "Dex of NetBird", version("dex"))


@pytest.fixture(scope="module")
def others(dex: Dex, shared_ansible: Ansible) -> Run:
    """What Dex refuses, and what it takes where others refuse, a host for each, one after the other."""
    secret = _client(dex, LISTED[0])
    person = _options(dex, LISTED[0], "password")
    earlier = dex.sign_in(LISTED[0])["refresh_token"]
    first = dex.sign_in(LISTED[0])["refresh_token"]
    second = dex.token(LISTED[0], grant_type="refresh_token", refresh_token=first)["refresh_token"]
    exchanged = secret | _exchanged(dex)
    said = {
        "spent": secret | {"refresh_token": first},
        "another way": secret | {"client_auth": LISTED[1]},
        "successor": secret | {"refresh_token": second},
        "earlier sign-in": secret | {"refresh_token": earlier},
        "token for another client": secret | _exchanged(dex, client=LISTED[1]),
        "id token": exchanged | {"requested_token_type": "id_token"},
        "no connector": exchanged | {"extra_params": {}},
        "unknown connector": exchanged | {"extra_params": {"connector_id": "x"}},
        "wrong subject token": exchanged | {"subject_token": "wrong-token-7f3a"},
        "access token": secret | _exchanged(dex, "access_token"),
        "another type": exchanged | {"subject_token_type": "jwt"},
        "another wanted type": exchanged | {"requested_token_type": "jwt"},
        "wrong secret": secret | {"client_secret": "wrong-secret-7f3a"},
        "wrong password": person | {"password": "wrong-password-7f3a"},
        "wrong scope": secret | {"scope": "admin"},
        "audience": secret | {"audience": "https://api.example"},
        "whoami": person,
    }
    return login(shared_ansible, said, "-vvv", "--forks", "1", succeeds=False)


@pytest.mark.parametrize("host", ["another way", "successor", "token for another client", "id token"])
def test_what_others_refuse_brings_a_token(host: str, others: Run) -> None:
    """It pins no way to a client, ends no grant at a reuse, and does not look for whom a subject token is."""
    assert others.of("Log in", host).status == "ok", others.of("Log in", host).message


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("earlier sign-in", "ended by a later sign-in of the same person"),
        ("spent", "Check refresh_token: it was used"),
        ("no connector", "Set connector_id in extra_params"),
        ("unknown connector", "Set connector_id in extra_params"),
        # It has no words for these two.
        ("wrong subject token", "said: access_denied. Check subject_token, its type"),
        ("access token", "said: access_denied. Check subject_token, its type"),
        ("another type", "Check subject_token, its type"),
        ("another wanted type", "Correct requested_token_type"),
        ("wrong secret", "Check client_id and client_secret"),
        ("wrong password", "Check username and password"),
        ("wrong scope", "Check scope"),
    ],
)
def test_a_refusal_says_what_to_check(host: str, words: str, others: Run) -> None:
    told = others.of("Log in", host)
    assert (told.status, words in told.message) == ("failed", True), told.message


def test_an_audience_is_ignored_with_a_warning(others: Run) -> None:
    (warning,) = others.of("Log in", "audience").result["warnings"]
    assert "not for the audience that was asked for" in warning


def test_it_says_who_a_token_is(dex: Dex, others: Run) -> None:
    found = shown(others, "whoami")
    assert (found["identity"]["sub"], found["identity"]["iss"]) == (found["claims"]["sub"], dex.issuer)


def test_a_refusal_shows_no_secret(others: Run) -> None:
    for secret in (SECRET, "wrong-secret-7f3a", "wrong-password-7f3a", "wrong-token-7f3a"):
        assert secret not in others.output
    assert "Traceback" not in others.output
