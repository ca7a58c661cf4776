# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every exchange is checked against the service's own OpenAPI description, requests and answers alike."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import jwt
import pytest
import requests
from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from ansible_collections.netapi.auth.tests import sandbox as package
from ansible_collections.netapi.auth.tests.sandbox import Sandbox

from .helpers import TIMEOUT, bearer, changed, get, request_claims, request_token

DESCRIPTION = Path(package.__file__).parent / "data" / "netography-openapi.json"
KEY = "/api/v1/auth/token"
USER = "/api/auth/bearer/token"
REFRESH = "/api/auth/bearer/refresh"
LOGIN = {"username": "neto-user-1", "password": "neto-password-1"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def exchange(sandbox: Sandbox, path: str, *, valid: bool = True, **body: Any) -> requests.Response:
    """Send a request, and check it (`valid`: as it should come out) and its answer against the description."""
    description = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    description["servers"] = [{"url": sandbox.url}]
    checker = OpenAPI.from_dict(description)
    prepared = requests.Request("POST", sandbox.url + path, **body).prepare()
    request = RequestsOpenAPIRequest(prepared)
    if valid:
        checker.validate_request(request)
    else:
        with pytest.raises(OpenAPIError):
            checker.validate_request(request)
    with requests.Session() as session:
        answer = session.send(prepared, timeout=TIMEOUT)
    checker.validate_response(request, RequestsOpenAPIResponse(answer))
    return answer


def by_key(sandbox: Sandbox, token: str) -> requests.Response:
    return exchange(sandbox, KEY, json={"jwt": token})


def refusal(answer: requests.Response) -> tuple[int, str, str]:
    body = answer.json()
    assert body["status"] == answer.status_code
    return answer.status_code, body["name"], body["message"]


def test_the_checker_sees_a_wrong_answer(sandbox: Sandbox) -> None:
    sandbox.fault(KEY, merge={"expires_in": "3600"})
    with pytest.raises(OpenAPIError):
        by_key(sandbox, request_token())


def test_api_key_grants(sandbox: Sandbox) -> None:
    answer = by_key(sandbox, request_token())
    body = answer.json()
    assert (answer.status_code, body["token_type"], body["expires_in"]) == (200, "bearer", 3600)
    claims = jwt.decode(body["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["shortname"]) == ("neto-appname-1", "neto-account-1")
    assert claims["exp"] - claims["iat"] == 3600
    assert sandbox.state.grants == {"netfoundry": 0, "netography": 1, "netbird": 0, "oauth2": 0}


def test_a_parent_key_reaches_its_sub_accounts(sandbox: Sandbox) -> None:
    answer = by_key(sandbox, request_token(request_claims(shortname="neto-account-1-sub-2")))
    claims = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
    assert claims["shortname"] == "neto-account-1-sub-2"


def test_an_unknown_account_is_not_found(sandbox: Sandbox) -> None:
    answer = by_key(sandbox, request_token(request_claims(shortname="neto-account-2")))
    assert refusal(answer) == (404, "Not Found", "Account not found")


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": 4102444800},
        {"aud": "x"},
        {"jti": None},
        {"shortname": None},
        {"iat": None},
        {"iat": "1700000000"},
        {"iat": time.time()},
        {"iat": True},
        {"iat": int(time.time()) - 310},
        {"iat": int(time.time()) + 4000},
        {"jti": 1},
        {"jti": ""},
        {"appkey": "neto-appkey-2"},
        {"appname": "neto-appname-2"},
        {"shortname": 7},
    ],
)
def test_api_key_refuses_claims(sandbox: Sandbox, changes: dict[str, Any]) -> None:
    assert refusal(by_key(sandbox, request_token(request_claims(**changes))))[:2] == (401, "Unauthorized")
    assert sandbox.state.grants["netography"] == 0


@pytest.mark.parametrize("header", [{"kid": "1"}, {"typ": None}, {"typ": "at+jwt"}, {"alg": "HS512"}])
def test_api_key_refuses_headers(sandbox: Sandbox, header: dict[str, Any]) -> None:
    assert by_key(sandbox, request_token(**header)).status_code == 401


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.W10.x", "no jwt"])
def test_api_key_refuses_what_is_no_jwt(sandbox: Sandbox, token: str) -> None:
    assert refusal(by_key(sandbox, token)) == (401, "Unauthorized", "Request token: malformed")


def test_api_key_refuses_a_bad_signature(sandbox: Sandbox) -> None:
    assert refusal(by_key(sandbox, request_token(key="wrong")))[2] == "Invalid credentials"
    assert by_key(sandbox, request_token() + "=").status_code == 401


def test_api_key_refuses_a_second_use(sandbox: Sandbox) -> None:
    token = request_token()
    assert by_key(sandbox, token).status_code == 200
    assert refusal(by_key(sandbox, token)) == (401, "Unauthorized", "Request token: jti was used before")


def test_a_retry_must_sign_again(sandbox: Sandbox) -> None:
    token = request_token()
    sandbox.fault(KEY, times=1, status=503, body='{"status":503,"name":"x","message":"x"}')
    assert by_key(sandbox, token).status_code == 503
    assert by_key(sandbox, token).status_code == 401


def test_the_vector_is_too_old(sandbox: Sandbox) -> None:
    """The documented sample's account exists, so that nothing but its age is wrong with it."""
    token = (
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjEiLCJhcHBuYW1lIjoibXlhcHBuYW1lI"
        "iwiYXBwa2V5IjoibXlhcHBrZXkiLCJzaG9ydG5hbWUiOiJteXNob3J0bmFtZSJ9.35wQMrull2hq_At20uGZGGpwvrVy3Q8FeBZFxhi5"
        "AeY"
    )
    assert refusal(by_key(sandbox, token))[2] == "Request token: iat is more than five minutes off"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"json": {"jwt": "x", "more": "y"}}, 400),
        ({"json": {}}, 400),
        ({"json": {"jwt": 1}}, 400),
        ({"json": ["jwt"]}, 400),
        ({"data": "{", "headers": {"Content-Type": "application/json"}}, 400),
        ({"data": {"jwt": "x"}}, 415),
    ],
)
def test_api_key_refuses_bodies(sandbox: Sandbox, body: dict[str, Any], status: int) -> None:
    assert refusal(exchange(sandbox, KEY, valid=False, **body))[0] == status


def test_user_credentials(sandbox: Sandbox) -> None:
    assert exchange(sandbox, USER, data=LOGIN).status_code == 200
    assert refusal(exchange(sandbox, USER, data=changed(LOGIN, password="wrong")))[0] == 401
    assert refusal(exchange(sandbox, USER, data=changed(LOGIN, username="nobody")))[0] == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"data": changed(LOGIN, password=None)}, 400),
        ({"data": "no form", "headers": FORM}, 400),
        ({"json": LOGIN}, 415),
    ],
)
def test_user_credentials_refuse_bodies(sandbox: Sandbox, body: dict[str, Any], status: int) -> None:
    assert refusal(exchange(sandbox, USER, valid=False, **body))[0] == status


def test_forms_refuse_an_unknown_field(sandbox: Sandbox) -> None:
    """Sent past the validator, which reads only the described fields of a form."""
    for path, fields in ((USER, LOGIN), (REFRESH, {"refresh_token": "neto-refresh-1"})):
        answer = requests.post(sandbox.url + path, data=changed(fields, more="x"), timeout=TIMEOUT)
        assert refusal(answer) == (400, "Bad Request", "Unknown field: more")


def test_a_field_sent_twice_is_refused(sandbox: Sandbox) -> None:
    twice = [*LOGIN.items(), ("password", "neto-password-1")]
    answer = requests.post(sandbox.url + USER, data=twice, timeout=TIMEOUT)
    assert refusal(answer) == (400, "Bad Request", "A field is there twice")


def test_refresh_token(sandbox: Sandbox) -> None:
    for _turn in range(2):
        assert exchange(sandbox, REFRESH, data={"refresh_token": "neto-refresh-1"}).status_code == 200
    wrong = exchange(sandbox, REFRESH, data={"refresh_token": "wrong"})
    assert refusal(wrong) == (400, "Bad Request", "Wrong or expired refresh token")
    assert refusal(exchange(sandbox, REFRESH, valid=False, data={"refresh": "x"}))[0] == 400
    assert refusal(exchange(sandbox, REFRESH, valid=False, json={"refresh_token": "x"}))[0] == 415


def test_a_rotating_refresh_token_dies(sandbox: Sandbox) -> None:
    first = exchange(sandbox, REFRESH, data={"refresh_token": "neto-rotating-1"})
    assert exchange(sandbox, REFRESH, data={"refresh_token": "neto-rotating-1"}).status_code == 400
    successor = first.json()["refresh_token"]
    assert exchange(sandbox, REFRESH, data={"refresh_token": successor}).status_code == 200
    assert exchange(sandbox, REFRESH, data={"refresh_token": successor}).status_code == 400


def test_the_answers_refresh_token_works(sandbox: Sandbox) -> None:
    successor = by_key(sandbox, request_token()).json()["refresh_token"]
    assert exchange(sandbox, REFRESH, data={"refresh_token": successor}).status_code == 200


def test_tactics(sandbox: Sandbox) -> None:
    token = by_key(sandbox, request_token()).json()["access_token"]
    path = "/api/v1/mitre/tactics"
    assert get(sandbox, path, bearer(token)).json()["data"][0]["id"] == "TA0001"
    for header in ("Bearer x", f"Token {token}", f"bearer {token}", token):
        assert refusal(get(sandbox, path, {"Authorization": header}))[0] == 401
    assert refusal(get(sandbox, path))[0] == 401
