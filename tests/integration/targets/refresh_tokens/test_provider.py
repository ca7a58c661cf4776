# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider is as strict as the other tests take it to be, and notes and spoils what they ask for."""

from __future__ import annotations

import threading
import typing as t

import jwt
import pytest
import requests

from ansible_collections.netapi.auth.tests.oidc_provider.client import OFFLINE, Fault, OidcProvider, fingerprint
from ansible_collections.netapi.auth.tests.support.machines import until


def _refresh(provider: OidcProvider, token: str, name: str = OFFLINE, **fields: str) -> requests.Response:
    client = provider.clients[name]
    form = {"grant_type": "refresh_token", "refresh_token": token, **fields}
    if client.auth_method == "client_secret_basic":
        return requests.post(provider.token_endpoint, form, auth=(name, client.client_secret or ""), timeout=30)
    form |= {"client_id": name, **({"client_secret": client.client_secret} if client.client_secret else {})}
    return requests.post(provider.token_endpoint, form, timeout=30)


@pytest.mark.parametrize("name", ["netbird-offline", "netbird-offline-post", "netbird-public"])
def test_a_refresh_token_that_comes_twice_ends_the_login(provider: OidcProvider, name: str) -> None:
    given = provider.mint(name)
    first = _refresh(provider, given, name)
    assert first.status_code == 200
    successor = first.json()["refresh_token"]
    for spent in (given, successor):
        refused = _refresh(provider, spent, name)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    noted = [(one.client_id, one.refresh_token, one.successor, one.status) for one in provider.requests()]
    assert noted == [
        (name, fingerprint(given), fingerprint(successor), 200),
        (name, fingerprint(given), None, 400),
        (name, fingerprint(successor), None, 400),
    ]


def test_an_id_token_lives_shorter_than_the_answer_says(provider: OidcProvider) -> None:
    answer = _refresh(provider, provider.mint()).json()
    lives = {}
    for name in ("access_token", "id_token"):
        claims = jwt.decode(answer[name], options={"verify_signature": False})
        lives[name] = claims["exp"] - claims["iat"]
    assert lives == {"access_token": 3600, "id_token": 20}
    assert answer["expires_in"] == 3600


def test_the_successor_keeps_the_scopes_that_one_answer_left_out(provider: OidcProvider) -> None:
    narrow = _refresh(provider, provider.mint(), scope="peers:read").json()
    assert (narrow["scope"], "id_token" in narrow) == ("peers:read", False)
    wide = _refresh(provider, narrow["refresh_token"], scope="openid peers:write").json()
    assert (wide["scope"], "id_token" in wide) == ("peers:write", True)


def test_a_jwt_cannot_be_revoked_and_an_opaque_token_can(provider: OidcProvider) -> None:
    answers = {}
    for name in ("netbird-machine", "netbird-machine-opaque"):
        auth = (name, provider.clients[name].client_secret or "")
        grant = requests.post(provider.token_endpoint, {"grant_type": "client_credentials"}, auth=auth, timeout=30)
        token = {"token": grant.json()["access_token"]}
        answers[name] = requests.post(f"{provider.token_endpoint}/revocation", token, auth=auth, timeout=30)
    assert answers["netbird-machine"].json()["error"] == "unsupported_token_type"
    opaque = answers["netbird-machine-opaque"]
    assert (opaque.status_code, opaque.text) == (200, "")
    assert [one.status for one in provider.requests("/token/revocation")] == [400, 200]


def test_a_lost_answer_is_one_after_all_the_work(provider: OidcProvider) -> None:
    given = provider.mint()
    provider.spoil("lost")
    with pytest.raises(requests.ConnectionError):
        _refresh(provider, given)
    assert _refresh(provider, given).json()["error"] == "invalid_grant"
    assert [(one.status, one.fault) for one in provider.requests()] == [(200, "lost"), (400, None)]


@pytest.mark.parametrize("fault", ["no_access_token", "same_refresh_token"])
def test_an_answer_is_as_the_test_wants_it(provider: OidcProvider, fault: Fault) -> None:
    given = provider.mint()
    provider.spoil(None, fault)
    first = _refresh(provider, given).json()
    second = _refresh(provider, first["refresh_token"]).json()
    assert ("access_token" in second) is (fault != "no_access_token")
    assert (second["refresh_token"] == first["refresh_token"]) is (fault == "same_refresh_token")
    third = _refresh(provider, second["refresh_token"]).json()
    assert set(third) >= {"access_token", "id_token", "refresh_token"}


def test_an_answer_is_held_until_the_test_lets_it_go(provider: OidcProvider) -> None:
    provider.spoil("held")
    answers: list[t.Any] = []
    waiting = threading.Thread(target=lambda: answers.append(_refresh(provider, provider.mint())))
    waiting.start()
    until(lambda: len(provider.requests()) == 1)
    assert answers == []
    provider.release()
    waiting.join()
    assert answers[0].status_code == 200
