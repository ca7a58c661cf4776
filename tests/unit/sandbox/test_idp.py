# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import jwt
import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import IdpClient, Sandbox

from .helpers import TIMEOUT, changed, get, post_form, post_json

TOKEN = "/idp/token"
GRANT: dict[str, Any] = {"grant_type": "client_credentials"}
BASIC = ("nb-client-1", "nb-secret-1")
POST: dict[str, Any] = {**GRANT, "client_id": "nb-post-1", "client_secret": "nb-secret-1"}
AUDIENCE: dict[str, Any] = {**POST, "client_id": "nb-json-1", "audience": "netbird-api"}
REFRESH: dict[str, Any] = {"grant_type": "refresh_token", "refresh_token": "nb-refresh-client-1"}


def error(answer: requests.Response) -> tuple[int, str]:
    assert answer.json().keys() == {"error", "error_description"}
    return answer.status_code, answer.json()["error"]


def test_discovery(sandbox: Sandbox) -> None:
    answer = get(sandbox, "/idp/.well-known/openid-configuration").json()
    assert answer["issuer"] == f"{sandbox.url}/idp"
    assert answer["token_endpoint"] == f"{sandbox.url}/idp/token"
    assert get(sandbox, "/idp/jwks").json() == {"keys": []}


def test_each_way_of_showing_the_secret(sandbox: Sandbox) -> None:
    answers = [
        post_form(sandbox, TOKEN, GRANT, BASIC),
        post_form(sandbox, TOKEN, POST),
        post_json(sandbox, TOKEN, AUDIENCE),
    ]
    for answer in answers:
        assert answer.status_code == 200, answer.text
        assert answer.json().keys() == {"access_token", "expires_in", "token_type", "id_token"}
        claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
        assert (claims["iss"], claims["sub"]) == (f"{sandbox.url}/idp", "idp-user-1")
    assert sandbox.state.grants["netbird"] == 3


def test_any_other_way_is_refused(sandbox: Sandbox) -> None:
    assert error(post_form(sandbox, TOKEN, GRANT, ("nb-post-1", "nb-secret-1"))) == (401, "invalid_client")
    assert error(post_form(sandbox, TOKEN, {**POST, "client_id": "nb-client-1"})) == (401, "invalid_client")
    assert error(post_json(sandbox, TOKEN, POST)) == (401, "invalid_client")
    assert error(post_form(sandbox, TOKEN, AUDIENCE)) == (401, "invalid_client")
    assert error(post_form(sandbox, TOKEN, POST, BASIC)) == (401, "invalid_client")


@pytest.mark.parametrize(
    ("change", "status", "name"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_secret": None}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "device_code"}, 400, "unsupported_grant_type"),
        ({"grant_type": "password"}, 400, "invalid_request"),
        ({"grant_type": None}, 400, "invalid_request"),
        ({"resource": "x"}, 400, "invalid_target"),
        ({"tenant": "x"}, 400, "invalid_request"),
        ({"refresh_token": "x"}, 400, "invalid_request"),
        ({"audience": "x"}, 400, "invalid_target"),
        ({"scope": "admin"}, 400, "invalid_scope"),
    ],
)
def test_client_credentials_refusals(sandbox: Sandbox, change: dict[str, Any], status: int, name: str) -> None:
    assert error(post_form(sandbox, TOKEN, changed(POST, **change))) == (status, name)
    assert sandbox.state.grants["netbird"] == 0


def test_a_wrong_basic_secret_is_challenged(sandbox: Sandbox) -> None:
    answer = post_form(sandbox, TOKEN, GRANT, ("nb-client-1", "wrong"))
    assert error(answer) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_basic_is_form_encoded(sandbox: Sandbox) -> None:
    sandbox.add_account(IdpClient("odd client", "a+b:c", "someone"))
    assert post_form(sandbox, TOKEN, GRANT, ("odd+client", "a%2Bb%3Ac")).status_code == 200
    assert error(post_form(sandbox, TOKEN, GRANT, ("odd client", "a+b:c"))) == (401, "invalid_client")


def test_the_demanded_audience_and_scope(sandbox: Sandbox) -> None:
    assert error(post_json(sandbox, TOKEN, changed(AUDIENCE, audience=None))) == (400, "invalid_target")
    pair = ("nb-id-1", "nb-secret-1")
    assert error(post_form(sandbox, TOKEN, GRANT, pair)) == (400, "invalid_scope")
    assert error(post_form(sandbox, TOKEN, {**GRANT, "scope": "openid"}, pair)) == (400, "invalid_scope")
    answer = post_form(sandbox, TOKEN, {**GRANT, "scope": "openid netbird"}, pair)
    assert answer.json()["scope"] == "openid netbird"


def test_other_content_types_are_refused(sandbox: Sandbox) -> None:
    answer = requests.post(sandbox.url + TOKEN, data="grant_type=x", timeout=TIMEOUT)
    assert error(answer) == (400, "invalid_request")


def test_refresh_tokens_rotate(sandbox: Sandbox) -> None:
    first = post_form(sandbox, TOKEN, REFRESH, BASIC)
    assert first.status_code == 200
    assert error(post_form(sandbox, TOKEN, REFRESH, BASIC)) == (400, "invalid_grant")
    successor = {**REFRESH, "refresh_token": first.json()["refresh_token"]}
    assert post_form(sandbox, TOKEN, successor, BASIC).status_code == 200


def test_refresh_tokens_that_do_not_rotate(sandbox: Sandbox) -> None:
    sandbox.add_account(IdpClient("nb-client-1", "nb-secret-1", "idp-user-1", rotates=False))
    for _turn in range(2):
        answer = post_form(sandbox, TOKEN, REFRESH, BASIC)
        assert answer.json()["refresh_token"] == "nb-refresh-client-1"


def test_a_public_client_refreshes_only(sandbox: Sandbox) -> None:
    client = {"client_id": "nb-public-1"}
    refresh = {**client, "grant_type": "refresh_token", "refresh_token": "nb-refresh-public-1"}
    assert post_form(sandbox, TOKEN, refresh).json()["scope"] == "openid"
    assert error(post_form(sandbox, TOKEN, {**GRANT, **client})) == (400, "unauthorized_client")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"refresh_token": "wrong"}, "invalid_grant"),
        ({"refresh_token": "nb-refresh-client-2"}, "invalid_grant"),
        ({"refresh_token": None}, "invalid_request"),
        ({"audience": "x"}, "invalid_request"),
        ({"scope": "admin"}, "invalid_scope"),
    ],
)
def test_refresh_refusals(sandbox: Sandbox, change: dict[str, Any], name: str) -> None:
    assert error(post_form(sandbox, TOKEN, changed(REFRESH, **change), BASIC)) == (400, name)
    assert post_form(sandbox, TOKEN, REFRESH, BASIC).status_code == 200
