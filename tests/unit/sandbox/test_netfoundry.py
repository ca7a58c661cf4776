# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import base64
from typing import Any

import jwt
import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import Sandbox

from .helpers import AUTH0, COGNITO, FRONTDOOR, GATEWAY, TIMEOUT, bearer, changed, get, post_form, post_json

CLIENT = ("nf-client-1", "nf-secret-1")
ACCOUNT = "nf-account-1:nf-account-token-1"
RAPIDAPI = {"x-rapidapi-key": "nf-rapidapi-key-1", "x-rapidapi-host": "netfoundryapi.p.rapidapi.com"}
SHARES = "/frontdoor/f1/shares?page=0&size=20"
OAUTH_FAULTS = [
    ({"client_secret": "wrong"}, 401, "Unauthorized"),
    ({"client_id": "nobody"}, 401, "Unauthorized"),
    ({"client_secret": None}, 400, "Missing field: client_secret"),
    ({"grant_type": None}, 400, "Missing field: grant_type"),
    ({"grant_type": "password"}, 403, "Unsupported grant type: password"),
    ({"extra": "x"}, 400, "Unknown field: extra"),
    ({"audience": GATEWAY}, 403, f"Service not enabled within domain: {GATEWAY}"),
    ({"audience": f"{GATEWAY}/frontdoor/"}, 403, f"Service not enabled within domain: {GATEWAY}/frontdoor/"),
    ({"scope": "frontdoor.read"}, 400, "Unknown field: scope"),
]


def claims_of(answer: requests.Response) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    claims: dict[str, Any] = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    return claims


@pytest.mark.parametrize("environment", ["production", "staging", "sandbox"])
@pytest.mark.parametrize("fields", [AUTH0, FRONTDOOR])
def test_auth0_grants(sandbox: Sandbox, environment: str, fields: dict[str, Any]) -> None:
    audience = fields["audience"].replace("sandbox", environment)
    answer = post_json(sandbox, "/oauth/token", changed(fields, audience=audience))
    claims = claims_of(answer)
    assert claims["aud"] == audience
    assert claims["sub"] == "nf-client-1"
    assert claims["exp"] - claims["iat"] == answer.json()["expires_in"] == 3600
    assert answer.json()["token_type"] == "Bearer"
    assert answer.json().get("scope") == fields.get("scope")


def test_every_grant_is_another_token(sandbox: Sandbox) -> None:
    answers = [post_json(sandbox, "/oauth/token", AUTH0) for _turn in range(3)]
    assert len({answer.json()["access_token"] for answer in answers}) == 3
    assert len({claims_of(answer)["jti"] for answer in answers}) == 3
    assert sandbox.state.grants["netfoundry"] == 3


@pytest.mark.parametrize(("change", "status", "description"), OAUTH_FAULTS)
def test_auth0_refuses(sandbox: Sandbox, change: dict[str, Any], status: int, description: str) -> None:
    answer = post_json(sandbox, "/oauth/token", changed(AUTH0, **change))
    assert answer.status_code == status
    assert answer.json()["error_description"] == description
    assert answer.json().keys() == {"error", "error_description"}
    assert sandbox.state.grants["netfoundry"] == 0


def test_auth0_names_the_error_as_auth0_does(sandbox: Sandbox) -> None:
    secret = post_json(sandbox, "/oauth/token", changed(AUTH0, client_secret="wrong"))
    assert secret.json()["error"] == "access_denied"
    audience = post_json(sandbox, "/oauth/token", changed(AUTH0, audience=None))
    assert (audience.status_code, audience.json()["error"]) == (403, "access_denied")


@pytest.mark.parametrize("scope", [None, "frontdoor.read", "frontdoor.read frontdoor.write admin"])
def test_frontdoor_needs_its_scope(sandbox: Sandbox, scope: str | None) -> None:
    answer = post_json(sandbox, "/oauth/token", changed(FRONTDOOR, scope=scope))
    assert answer.status_code == 403
    assert answer.json()["error_description"].startswith("Client has not been granted scopes")


def test_auth0_takes_json_only(sandbox: Sandbox) -> None:
    assert post_form(sandbox, "/oauth/token", AUTH0).status_code == 415
    bodies: tuple[object, ...] = ([], "text", {"client_id": 1})
    for body in bodies:
        assert post_json(sandbox, "/oauth/token", body).status_code == 400
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{sandbox.url}/oauth/token", data="{", headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 400


@pytest.mark.parametrize("fields", [AUTH0, FRONTDOOR, changed(AUTH0, audience=None)])
def test_form_post_grants(sandbox: Sandbox, fields: dict[str, Any]) -> None:
    assert claims_of(post_form(sandbox, "/oauth/token-post", fields)).get("aud") == fields.get("audience")


@pytest.mark.parametrize(("change", "status", "description"), OAUTH_FAULTS)
def test_form_post_refuses(sandbox: Sandbox, change: dict[str, Any], status: int, description: str) -> None:
    answer = post_form(sandbox, "/oauth/token-post", changed(AUTH0, **change))
    assert (answer.status_code, answer.json()["error_description"]) == (status, description)


def test_form_post_takes_forms_only(sandbox: Sandbox) -> None:
    assert post_json(sandbox, "/oauth/token-post", AUTH0).status_code == 415


@pytest.mark.parametrize("pair", [CLIENT, ("nf-client-odd", "odd+secret/%41&=x:y z")])
def test_cognito_grants(sandbox: Sandbox, pair: tuple[str, str]) -> None:
    answer = post_form(sandbox, "/oauth2/token", COGNITO, pair)
    assert claims_of(answer)["sub"] == pair[0]
    assert answer.json().keys() == {"access_token", "expires_in", "token_type"}


@pytest.mark.parametrize(
    ("change", "pair", "error"),
    [
        ({}, ("nf-client-1", "wrong"), "invalid_client"),
        ({}, ("nf-client-odd", "odd%2Bsecret%2F%2541%26%3Dx%3Ay+z"), "invalid_client"),
        ({}, None, "invalid_client"),
        ({"scope": f"{GATEWAY}/ignore-scope"}, CLIENT, "invalid_scope"),
        ({"scope": None}, CLIENT, "invalid_request"),
        ({"client_id": "nf-client-1"}, CLIENT, "invalid_request"),
        ({"grant_type": "password"}, CLIENT, "unsupported_grant_type"),
    ],
)
def test_cognito_refuses(sandbox: Sandbox, change: dict[str, Any], pair: tuple[str, str] | None, error: str) -> None:
    answer = post_form(sandbox, "/oauth2/token", changed(COGNITO, **change), pair)
    assert (answer.status_code, answer.json()) == (400, {"error": error})


def test_cognito_takes_forms_only(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/oauth2/token", json=COGNITO, auth=CLIENT, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (400, {"error": "invalid_request"})


@pytest.mark.parametrize(
    ("fields", "path", "status"),
    [
        (AUTH0, "/core/v2/networks", 200),
        (AUTH0, "/rest/v1/networks", 200),
        (AUTH0, "/identity/v1/identities", 200),
        (AUTH0, SHARES, 403),
        (FRONTDOOR, SHARES, 200),
        (FRONTDOOR, "/identity/v1/identities", 200),
        (FRONTDOOR, "/core/v2/networks", 403),
    ],
)
def test_reads_with_a_token(sandbox: Sandbox, fields: dict[str, Any], path: str, status: int) -> None:
    token = post_json(sandbox, "/oauth/token", fields).json()["access_token"]
    assert get(sandbox, path, bearer(token)).status_code == status


@pytest.mark.parametrize("value", [ACCOUNT, base64.b64encode(ACCOUNT.encode()).decode()])
def test_reads_with_an_api_account(sandbox: Sandbox, value: str) -> None:
    headers = {"Authorization": f"Basic {value}"}
    assert get(sandbox, SHARES, headers).json()["content"][0]["name"] == "share of nf-account-1"
    assert get(sandbox, "/identity/v1/api-account-identities/self", headers).status_code == 200
    assert get(sandbox, "/core/v2/networks", headers).status_code == 403


@pytest.mark.parametrize("path", ["/core/v2/networks", SHARES, "/identity/v1/identities/self"])
def test_reads_with_rapidapi(sandbox: Sandbox, path: str) -> None:
    assert get(sandbox, path, RAPIDAPI).status_code == 200
    assert get(sandbox, path, changed(RAPIDAPI, **{"x-rapidapi-key": "wrong"})).status_code == 401
    assert get(sandbox, path, changed(RAPIDAPI, **{"x-rapidapi-host": None})).status_code == 403
    assert get(sandbox, path, changed(RAPIDAPI, Authorization="Bearer x")).status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer wrong",
        "Token {}",
        "bearer {}",
        "Bearer  {}",
        "{}",
        "Basic nf-account-1:wrong",
        "Basic %%%",
    ],
)
def test_reads_refuse(sandbox: Sandbox, header: str | None) -> None:
    token = post_json(sandbox, "/oauth/token", AUTH0).json()["access_token"]
    headers = None if header is None else {"Authorization": header.format(token)}
    answer = get(sandbox, "/core/v2/networks", headers)
    assert (answer.status_code, answer.json()["error"]) == (401, "Unauthorized")


def test_reads_refuse_an_expired_token(sandbox: Sandbox) -> None:
    sandbox.fault("/oauth/token", life=0)
    token = post_json(sandbox, "/oauth/token", AUTH0).json()["access_token"]
    assert get(sandbox, "/core/v2/networks", bearer(token)).status_code == 401


@pytest.mark.parametrize(("number", "kind"), [(1, "identities"), (2, "api-account-identities"), (3, "user-identities")])
def test_one_self_address_answers(sandbox: Sandbox, number: int, kind: str) -> None:
    fields = changed(AUTH0, client_id=f"nf-client-{number}", client_secret=f"nf-secret-{number}")
    token = post_json(sandbox, "/oauth/token", fields).json()["access_token"]
    kinds = ("identities", "api-account-identities", "user-identities")
    answers = {one: get(sandbox, f"/identity/v1/{one}/self", bearer(token)) for one in kinds}
    assert {one: answer.status_code for one, answer in answers.items()} == {
        one: 200 if one == kind else 404 for one in kinds
    }
    assert answers[kind].json()["name"] == f"nf-client-{number}"
