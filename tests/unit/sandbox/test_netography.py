# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography's exchanges, requests and answers alike, against the service's own OpenAPI description."""

from __future__ import annotations

import functools
import json
import time
import uuid
import warnings
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

KEY = "/api/v1/auth/token"
REFRESH = "/api/auth/bearer/refresh"
# The documentation's sample, whose account exists: nothing but its age is wrong with it.
SAMPLE = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjEiLCJhcHBuYW1lIjoibXlhcHBuYW1lIiwiYXBwa2V5"
    "IjoibXlhcHBrZXkiLCJzaG9ydG5hbWUiOiJteXNob3J0bmFtZSJ9.35wQMrull2hq_At20uGZGGpwvrVy3Q8FeBZFxhi5AeY"
)


@functools.cache
def description(url: str) -> OpenAPI:
    described = json.loads((Path(package.__file__).parent / "data/netography-openapi.json").read_bytes())
    return OpenAPI.from_dict({**described, "servers": [{"url": url}]})


def exchange(sandbox: Sandbox, path: str, **body: Any) -> requests.Response:
    """Send a request, and check it and its answer."""
    checker = description(sandbox.url)
    prepared = requests.Request("POST", sandbox.url + path, **body).prepare()
    checker.validate_request(RequestsOpenAPIRequest(prepared))
    with requests.Session() as session:
        answer = session.send(prepared, timeout=60)
    checker.validate_response(RequestsOpenAPIRequest(prepared), RequestsOpenAPIResponse(answer))
    return answer


def signed(key: str = "neto-sharedsecret-1", header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A request token of the first key with changes; None takes a claim out."""
    names = {"appname": "neto-appname-1", "appkey": "neto-appkey-1", "shortname": "neto-account-1"}
    claims = {"iat": int(time.time()), "jti": uuid.uuid4().hex, **names, **changes}
    payload = json.dumps({name: value for name, value in claims.items() if value is not None}).encode()
    header = dict(header or {})
    with warnings.catch_warnings():
        # The keys are as short as the one in the service's documentation, about which PyJWT warns.
        warnings.simplefilter("ignore")
        return jwt.api_jws.encode(payload, key, algorithm=header.pop("alg", "HS256"), headers=header)


def refusal(answer: requests.Response) -> tuple[int, str]:
    assert answer.json()["status"] == answer.status_code
    return answer.status_code, answer.json()["message"]


def test_the_checker_sees_a_wrong_answer(sandbox: Sandbox) -> None:
    sandbox.fault(KEY, merge={"expires_in": "3600"})
    with pytest.raises(OpenAPIError):
        exchange(sandbox, KEY, json={"jwt": signed()})


def test_a_key_reaches_its_account_and_those_below(sandbox: Sandbox) -> None:
    for shortname in ("neto-account-1", "neto-account-1-sub-2"):
        answer = exchange(sandbox, KEY, json={"jwt": signed(shortname=shortname)}).json()
        claims = jwt.decode(answer["access_token"], options={"verify_signature": False})
        assert (claims["shortname"], claims["exp"] - claims["iat"]) == (shortname, answer["expires_in"])
    other = exchange(sandbox, KEY, json={"jwt": signed(shortname="neto-account-2")})
    assert refusal(other) == (404, "Account not found")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        *(
            (changes, "the claims must be appkey, appname, iat, jti, shortname")
            for changes in ({"exp": 4102444800}, {"aud": "x"}, {"jti": None}, {"shortname": None}, {"iat": None})
        ),
        *(({"iat": iat}, "iat must be int") for iat in ("1700000000", time.time(), True)),
        *(({"iat": int(time.time()) + off}, "more than five minutes off") for off in (-310, 4000)),
        *(({"jti": jti}, "jti must be str") for jti in (1, "")),
        ({"shortname": 7}, "shortname must be str"),
        *(({part: f"neto-{part}-2"}, "Invalid credentials") for part in ("appkey", "appname")),
        ({"key": "wrong"}, "Invalid credentials"),
        *(
            ({"header": header}, "the header must be HS256 and JWT")
            for header in ({"kid": "1"}, {"typ": None}, {"typ": "at+jwt"}, {"alg": "HS512"})
        ),
    ],
)
def test_request_tokens_that_are_refused(sandbox: Sandbox, changes: dict[str, Any], words: str) -> None:
    status, message = refusal(exchange(sandbox, KEY, json={"jwt": signed(**changes)}))
    assert (status, words in message) == (401, True), message
    assert sandbox.state.grants["netography"] == 0


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c", "e30.W10.eA", "no jwt", f"{SAMPLE}=", f"+{SAMPLE}"])
def test_what_is_no_request_token(sandbox: Sandbox, token: str) -> None:
    assert refusal(exchange(sandbox, KEY, json={"jwt": token})) == (401, "Request token: malformed")


def test_the_sample_is_too_old(sandbox: Sandbox) -> None:
    assert "five minutes off" in refusal(exchange(sandbox, KEY, json={"jwt": SAMPLE}))[1]


def test_a_request_token_has_one_use_even_if_a_fault_answers_it(sandbox: Sandbox) -> None:
    sandbox.fault(KEY, times=1, status=503, body='{"status":503,"name":"x","message":"x"}')
    for token, statuses in ((signed(), [503, 401]), (signed(), [200, 401])):
        assert [exchange(sandbox, KEY, json={"jwt": token}).status_code for _turn in statuses] == statuses


@pytest.mark.parametrize(("token", "statuses"), [("neto-refresh-1", [200, 200]), ("neto-rotating-1", [200, 400])])
def test_refresh_tokens(sandbox: Sandbox, token: str, statuses: list[int]) -> None:
    answers = [exchange(sandbox, REFRESH, data={"refresh_token": token}) for _status in statuses]
    assert [answer.status_code for answer in answers] == statuses
    successor = {"refresh_token": answers[0].json()["refresh_token"]}
    assert [exchange(sandbox, REFRESH, data=successor).status_code for _status in statuses] == statuses
    wrong = exchange(sandbox, REFRESH, data={"refresh_token": "wrong"})
    assert refusal(wrong) == (400, "Wrong or expired refresh token")


def test_api_keys_are_made_shown_and_removed(sandbox: Sandbox) -> None:
    keys = "/api/v1/api-keys"
    bearer = exchange(sandbox, KEY, json={"jwt": signed()}).json()["access_token"]

    def ask(method: str, path: str = keys, body: object = None, token: str = bearer) -> requests.Response:
        headers = {"Authorization": f"Bearer {token}"}
        return requests.request(method, sandbox.url + path, json=body, headers=headers, timeout=60)

    for body in ({}, {"appname": "next"}, {"appname": "", "roles": []}, {"appname": "next", "roles": ["a", "b"]}):
        assert ask("POST", body=body).status_code == 400
    wanted = {"appname": "next", "roles": ["viewer"]}
    assert ask("POST", body=wanted, token="nonsense").status_code == 401
    made = ask("POST", body=wanted)
    about = made.json()["data"]
    assert (made.status_code, about["roles"], about["last_login"]) == (201, ["viewer"], None)
    appkey = about.pop("appkey")
    assert ask("POST", body=wanted).status_code == 409
    # Neither all nor one of them are shown with their appkey.
    assert ask("GET", f"{keys}/next").json()["data"] == about
    assert about in ask("GET").json()["data"]
    exchange(sandbox, KEY, json={"jwt": signed(appname="next", appkey=appkey)})
    assert ask("GET", f"{keys}/next").json()["data"]["last_login"] is not None
    assert [ask("DELETE", f"{keys}/next").status_code for _time in range(2)] == [200, 404]
    assert ask("GET", f"{keys}/next").status_code == 404
