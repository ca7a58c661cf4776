# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What assertions must be: each is right in all parts but one."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, private_key
from ansible_collections.netapi.auth.tests.sandbox.assertions import ASSERTION_TYPE
from ansible_collections.netapi.auth.tests.sandbox.services.idp import JWT_BEARER
from ansible_collections.netapi.auth.tests.sandbox.services.oauth2 import FEDERATION

from .test_grants import GATEWAY, TIMEOUT
from .test_reads import get

CLIENT = "oa-client-1"
FEDERATED = {"iss": FEDERATION, "sub": "oa-federated-1", "key": "oa-federated-1"}
SECRET = {"iss": "oa-jwt-1", "sub": "oa-jwt-1", "key": None}
AUTH0 = {"iss": "nf-client-1", "sub": "nf-client-1", "key": "nf-client-1", "path": "/oauth/token"}
AUTH0_FIELDS = {"audience": f"{GATEWAY}/"}


def send(sandbox: Sandbox, said: dict[str, Any], fields: dict[str, str], basic: Any = None) -> requests.Response:
    """Show an assertion for the client, or for the grant where the fields name that.

    :param said: its claims, and `key` (whose), and the path of the request.
    """
    path, key = said.get("path", "/idp/token"), said.get("key", CLIENT)
    claims = {"iss": CLIENT, "sub": CLIENT, "aud": sandbox.url + path, "iat": time.time(), "exp": time.time() + 60}
    claims |= {name: value for name, value in said.items() if name not in ("key", "path")}
    secret, algorithm = (private_key(key), "ES256") if key else ("oa-secret-1-which-signs-assertions", "HS256")
    text = jwt.encode(claims, secret, algorithm)
    client = {"grant_type": "client_credentials", "client_assertion": text, "client_assertion_type": ASSERTION_TYPE}
    form = {"assertion": text, **fields} if fields.get("grant_type") == JWT_BEARER else {**client, **fields}
    return requests.post(sandbox.url + path, data=form, auth=basic, timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("said", "fields", "user"),
    [
        ({}, {}, "idp-user-1"),
        ({"aud": "{url}/idp"}, {"client_id": CLIENT}, "idp-user-1"),
        (SECRET, {}, "idp-user-1"),
        (FEDERATED, {}, "idp-user-1"),
        ({}, {"grant_type": JWT_BEARER}, "idp-user-1"),
        ({"sub": "someone"}, {"grant_type": JWT_BEARER}, "someone"),
    ],
)
def test_an_assertion_is_granted(sandbox: Sandbox, said: dict[str, Any], fields: dict[str, str], user: str) -> None:
    said = {name: value.format(url=sandbox.url) if value else value for name, value in said.items()}
    answer = send(sandbox, said, fields)
    assert answer.status_code == 200, answer.text
    assert sandbox.state.grants["oauth2"] == 1
    assert get(sandbox, "/idp/userinfo", f"Bearer {answer.json()['access_token']}").json() == {"sub": user}
    assert get(sandbox, "/idp/userinfo", "Bearer wrong").status_code == 401


def test_auth0_takes_one(sandbox: Sandbox) -> None:
    assert send(sandbox, AUTH0, AUTH0_FIELDS).status_code == 200
    for said, fields in (
        ({"key": CLIENT}, {}),
        ({"iss": "nf-client-odd"}, {}),
        ({"iss": "nobody"}, {}),
        ({"aud": "x"}, {}),
        ({}, {"client_assertion_type": "x"}),
    ):
        assert send(sandbox, {**AUTH0, **said}, {**AUTH0_FIELDS, **fields}).status_code == 401


@pytest.mark.parametrize("grant", [{}, {"grant_type": JWT_BEARER}])
@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"key": "oa-client-2"}, "The assertion is not taken: Signature verification failed"),
        ({"key": None}, "The assertion is not taken: "),
        ({"iss": "nobody"}, "The assertion is of no client that may show one"),
        ({"iss": "oa-post-1", "sub": "oa-post-1"}, "The assertion is of no client that may show one"),
        ({"iss": "oa-federated-1", "sub": "oa-federated-1"}, "The assertion is of no client that may show one"),
        ({"aud": "x"}, "The assertion is not taken: Audience doesn't match"),
        ({"aud": ["{url}/idp"]}, "The audience of an assertion must be one text"),
        ({"exp": 1}, "The assertion is not taken: Signature has expired"),
        ({"exp": time.time() + 9000}, "The assertion's exp is too far in the future"),
    ],
)
def test_an_assertion_is_refused(sandbox: Sandbox, said: dict[str, Any], words: str, grant: dict[str, str]) -> None:
    if isinstance(said.get("aud"), list):
        said = {"aud": [text.format(url=sandbox.url) for text in said["aud"]]}
    answer = send(sandbox, said, grant)
    assert answer.json()["error"] == ("invalid_grant" if grant else "invalid_client")
    assert answer.json()["error_description"].startswith(words)
    assert sandbox.state.grants["oauth2"] == 0


@pytest.mark.parametrize(
    ("fields", "basic"),
    [
        ({"client_secret": "oa-secret-1"}, None),
        ({}, (CLIENT, "oa-secret-1")),
        ({"client_assertion_type": "x"}, None),
        ({"client_id": "oa-client-2"}, None),
    ],
)
def test_nothing_else_says_who_the_client_is(sandbox: Sandbox, fields: dict[str, str], basic: Any) -> None:
    assert send(sandbox, {}, fields, basic).json()["error"] == "invalid_client"
    assert send(sandbox, {"sub": "someone"}, {}).json()["error"] == "invalid_client"


def test_another_client_may_not_show_the_grant(sandbox: Sandbox) -> None:
    answer = send(sandbox, {}, {"grant_type": JWT_BEARER}, ("oa-client-2", "oa-secret-2"))
    assert answer.json()["error_description"] == "The assertion is of another client"
    assert send(sandbox, {}, {"grant_type": JWT_BEARER}, (CLIENT, "oa-secret-1")).status_code == 200


def test_an_assertion_with_an_id_has_one_use_whoever_answers(sandbox: Sandbox) -> None:
    assert [send(sandbox, {"jti": "1"}, {}).status_code for _turn in range(2)] == [200, 401]
    sandbox.fault("/idp/token", times=1, status=503)
    assert [send(sandbox, {"jti": "2"}, {}).status_code for _turn in range(2)] == [503, 401]
