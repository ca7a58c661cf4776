# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the token endpoints refuse: each request is right in all parts but one."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET, IdpClient, Sandbox

TIMEOUT = 60
GATEWAY = "https://gateway.sandbox.netfoundry.io"
GRANT = {"grant_type": "client_credentials"}
NETFOUNDRY = {**GRANT, "client_id": "nf-client-1", "client_secret": "nf-secret-1"}
BASIC = ("nf-client-1", "nf-secret-1")
FRONTDOOR = {"audience": f"{GATEWAY}/frontdoor", "scope": "frontdoor.read frontdoor.write"}
IDP = {**GRANT, "client_secret": "nb-secret-1"}
IDP_BASIC = ("nb-client-1", "nb-secret-1")
OA_BASIC = ("oa-client-1", "oa-secret-1")
EXCHANGE = {
    "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
    "subject_token": "oa-subject-token-1",
    "subject_token_type": "urn:ietf:params:oauth:token-type:access_token",
}

# A path, and a request that is right there.
RIGHT: dict[str, tuple[str, dict[str, Any]]] = {
    "auth0": ("/oauth/token", {"json": {**NETFOUNDRY, "audience": f"{GATEWAY}/"}}),
    "frontdoor": ("/oauth/token", {"json": {**NETFOUNDRY, **FRONTDOOR}}),
    "form": ("/oauth/token-post", {"data": NETFOUNDRY}),
    "form for an audience": ("/oauth/token-post", {"data": {**NETFOUNDRY, "audience": f"{GATEWAY}/"}}),
    "cognito": ("/oauth2/token", {"data": {**GRANT, "scope": f"{GATEWAY}//ignore-scope"}, "auth": BASIC}),
    "another": ("/application/o/token/", {"data": {**GRANT, "scope": "api"}, "auth": BASIC}),
    "netography": ("/api/auth/bearer/token", {"data": {"username": "neto-user-1", "password": "neto-password-1"}}),
    "idp basic": ("/idp/token", {"data": GRANT, "auth": IDP_BASIC}),
    "idp form": ("/idp/token", {"data": {**IDP, "client_id": "nb-post-1"}}),
    "idp json": ("/idp/token", {"json": {**IDP, "client_id": "nb-json-1", "audience": "netbird-api"}}),
    "idp scope": ("/idp/token", {"data": {**GRANT, "scope": "openid netbird"}, "auth": ("nb-id-1", "nb-secret-1")}),
    "idp refresh": (
        "/idp/token",
        {"data": {"grant_type": "refresh_token", "refresh_token": "nb-refresh-client-1"}, "auth": IDP_BASIC},
    ),
    "idp password": (
        "/idp/token",
        {"data": {"grant_type": "password", "username": "oa-user-1", "password": "oa-password-1"}, "auth": OA_BASIC},
    ),
    "idp exchange": ("/idp/token", {"data": EXCHANGE, "auth": OA_BASIC}),
    "idp resource": (
        "/idp/token",
        {
            "data": {
                **GRANT,
                "client_id": "oa-post-1",
                "client_secret": "oa-secret-1",
                "resource": "https://api.example",
            }
        },
    ),
}
ODD = ("nf-client-odd", ODD_SECRET)
QUOTED = ("nf-client-odd", "odd%2Bsecret%2F%2541%26%3Dx%3Ay%20z")

# The request, what is changed (None takes a field out; "auth" and "kind" are no fields), the refusal.
REFUSED: list[tuple[str, dict[str, Any], int, str]] = [
    *(
        (name, *row)
        for name in ("auth0", "form", "form for an audience")
        for row in (
            ({"client_secret": "wrong"}, 401, "access_denied Unauthorized"),
            ({"client_id": "nobody"}, 401, "access_denied Unauthorized"),
            ({"client_secret": None}, 400, "invalid_request Missing field: client_secret"),
            ({"grant_type": None}, 400, "invalid_request Missing field: grant_type"),
            ({"grant_type": "password"}, 403, "unsupported_grant_type Unsupported grant type: password"),
            ({"extra": "x"}, 400, "invalid_request Unknown field: extra"),
            ({"audience": GATEWAY}, 403, f"access_denied Service not enabled within domain: {GATEWAY}"),
            ({"audience": f"{GATEWAY}/frontdoor/"}, 403, "Service not enabled within domain"),
            ({**FRONTDOOR, "scope": None}, 403, "Client has not been granted scopes: None"),
            ({**FRONTDOOR, "scope": "frontdoor.read"}, 403, "Client has not been granted scopes"),
            ({**FRONTDOOR, "scope": "frontdoor.read frontdoor.write admin"}, 403, "Client has not been granted scopes"),
        )
    ),
    ("auth0", {"audience": None}, 403, "access_denied No audience parameter was provided"),
    ("auth0", {"scope": "frontdoor.read"}, 400, "Unknown field: scope"),
    ("auth0", {"client_id": 1}, 400, "Field client_id is not a string"),
    ("auth0", {"kind": "data"}, 415, "Content-Type must be application/json"),
    ("form", {"kind": "json"}, 415, "Content-Type must be application/x-www-form-urlencoded"),
    ("cognito", {"auth": ("nf-client-1", "wrong")}, 400, "invalid_client"),
    ("cognito", {"auth": QUOTED}, 400, "invalid_client"),
    ("cognito", {"auth": None}, 400, "invalid_client"),
    ("cognito", {"scope": f"{GATEWAY}/ignore-scope"}, 400, "invalid_scope"),
    ("cognito", {"scope": None}, 400, "invalid_request"),
    ("cognito", {"client_id": "nf-client-1"}, 400, "invalid_request"),
    ("cognito", {"grant_type": "password"}, 400, "unsupported_grant_type"),
    ("cognito", {"kind": "json"}, 400, "invalid_request"),
    ("another", {"auth": ODD}, 401, "access_denied Unauthorized"),
    ("another", {"scope": f"{GATEWAY}//ignore-scope"}, 400, "invalid_scope"),
    ("netography", {"password": "wrong"}, 401, "Invalid credentials"),
    ("netography", {"username": "nobody"}, 401, "Invalid credentials"),
    ("netography", {"password": ["neto-password-1"] * 2}, 400, "A field is there twice"),
    ("idp basic", {"auth": ("nb-client-1", "wrong")}, 401, "invalid_client"),
    ("idp basic", {"auth": ("nb-post-1", "nb-secret-1")}, 401, "invalid_client"),
    ("idp basic", {"auth": ("odd client", "a+b:c")}, 401, "invalid_client"),
    ("idp basic", {"client_secret": "nb-secret-1"}, 401, "invalid_client"),
    ("idp basic", {"client_id": "nb-client-2"}, 401, "invalid_client"),
    ("idp form", {"client_id": "nb-client-1"}, 401, "invalid_client"),
    ("idp form", {"client_secret": "wrong"}, 401, "invalid_client"),
    ("idp form", {"kind": "json"}, 401, "invalid_client"),
    ("idp form", {"grant_type": "device_code"}, 400, "unsupported_grant_type"),
    ("idp form", {"grant_type": "password"}, 400, "invalid_request Missing field: password"),
    ("idp form", {"grant_type": None}, 400, "invalid_request Missing field: grant_type"),
    ("idp form", {"resource": "x"}, 400, "invalid_target Wrong resource: x"),
    ("idp form", {"tenant": "x"}, 400, "invalid_request Unknown field: tenant"),
    ("idp form", {"refresh_token": "x"}, 400, "invalid_request Unknown field: refresh_token"),
    ("idp form", {"audience": "x"}, 400, "invalid_target"),
    ("idp form", {"scope": "admin"}, 400, "invalid_scope"),
    ("idp form", {"client_id": "nb-public-1", "client_secret": None}, 400, "unauthorized_client"),
    ("idp json", {"audience": None}, 400, "invalid_target"),
    ("idp scope", {"scope": None}, 400, "invalid_scope"),
    ("idp scope", {"scope": "openid"}, 400, "invalid_scope"),
    ("idp refresh", {"refresh_token": "wrong"}, 400, "invalid_grant"),
    ("idp refresh", {"refresh_token": "nb-refresh-client-2"}, 400, "invalid_grant"),
    ("idp refresh", {"refresh_token": None}, 400, "invalid_request Missing field: refresh_token"),
    ("idp refresh", {"audience": "x"}, 400, "invalid_request Unknown field: audience"),
    ("idp refresh", {"scope": "admin"}, 400, "invalid_scope"),
    ("idp password", {"password": "wrong"}, 400, "invalid_grant"),
    ("idp password", {"username": "nobody"}, 400, "invalid_grant"),
    ("idp password", {"audience": "x"}, 400, "invalid_request Unknown field: audience"),
    ("idp exchange", {"subject_token": "wrong"}, 400, "invalid_request The subject token is not known"),
    ("idp exchange", {"subject_token_type": "x"}, 400, "invalid_request The subject token is not known"),
    ("idp exchange", {"subject_token_type": None}, 400, "invalid_request Missing field: subject_token_type"),
    ("idp resource", {"resource": None}, 400, "invalid_target"),
]


def send(sandbox: Sandbox, name: str, **changes: Any) -> requests.Response:
    path, request = RIGHT[name]
    ((kind, fields),) = ((kind, fields) for kind, fields in request.items() if kind != "auth")
    auth = changes.pop("auth", request.get("auth"))
    kind = changes.pop("kind", kind)
    body = {name: value for name, value in {**fields, **changes}.items() if value is not None}
    bodies: dict[str, Any] = {kind: body}
    return requests.post(sandbox.url + path, auth=auth, timeout=TIMEOUT, **bodies)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_granted(sandbox: Sandbox, name: str) -> None:
    first, second = send(sandbox, name), send(sandbox, name)
    assert first.status_code == 200, first.text
    assert sum(sandbox.state.grants.values()) == (1 if name == "idp refresh" else 2)
    assert first.json()["access_token"] != second.json().get("access_token")


@pytest.mark.parametrize(("name", "changes", "status", "words"), REFUSED)
def test_refusals(sandbox: Sandbox, name: str, changes: dict[str, Any], status: int, words: str) -> None:
    sandbox.add_account(IdpClient("odd client", "a+b:c", "someone"))
    answer = send(sandbox, name, **changes)
    body = answer.json()
    said = [body.get(part) for part in ("error", "error_description", "message")]
    assert (answer.status_code, words in " ".join(filter(None, said))) == (status, True), answer.text
    assert sum(sandbox.state.grants.values()) == 0
    shape = {"cognito": {"error"}, "netography": {"status", "name", "message"}}
    allowed = shape.get(name, {"error"} if status == 400 and name == "another" else {"error", "error_description"})
    assert body.keys() == allowed
    is_challenged = name.startswith("idp") and status == 401 and name in ("idp basic", "idp refresh")
    assert ("WWW-Authenticate" in answer.headers) is is_challenged


@pytest.mark.parametrize("body", ["{", "[]", '"text"', ""])
def test_bodies_that_are_no_object(sandbox: Sandbox, body: str) -> None:
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{sandbox.url}/oauth/token", data=body, headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 400


def test_bodies_that_are_no_form(sandbox: Sandbox) -> None:
    for kind, words in {"x-www-form-urlencoded": "The body is not a form", "x": "Content-Type must be "}.items():
        headers = {"Content-Type": f"application/{kind}"}
        answer = requests.post(f"{sandbox.url}/idp/token", data="no form", headers=headers, timeout=TIMEOUT)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
        assert answer.json()["error_description"].startswith(words)


def test_each_takes_an_odd_secret_in_its_own_way(sandbox: Sandbox) -> None:
    sandbox.add_account(IdpClient("odd client", "a+b:c", "someone"))
    assert send(sandbox, "cognito", auth=ODD).status_code == 200
    assert send(sandbox, "another", auth=QUOTED).status_code == 200
    assert send(sandbox, "idp basic", auth=("odd+client", "a%2Bb%3Ac")).status_code == 200


def test_an_address_without_its_slash_is_redirected(sandbox: Sandbox) -> None:
    answer = requests.post(f"{sandbox.url}/application/o/token", allow_redirects=False, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Location"]) == (301, "/application/o/token/")


def test_a_refresh_token_has_one_use(sandbox: Sandbox) -> None:
    successor = send(sandbox, "idp refresh").json()["refresh_token"]
    assert send(sandbox, "idp refresh").json()["error"] == "invalid_grant"
    assert send(sandbox, "idp refresh", refresh_token=successor).status_code == 200
    sandbox.reset()
    sandbox.add_account(IdpClient("nb-client-1", "nb-secret-1", "idp-user-1", rotates=False))
    kept = [send(sandbox, "idp refresh").json()["refresh_token"] for _turn in range(2)]
    assert kept == ["nb-refresh-client-1"] * 2
