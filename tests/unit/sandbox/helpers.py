# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the sandbox send, right in every part, to be changed in one."""

from __future__ import annotations

import json
import time
import uuid
import warnings
from typing import Any

import jwt
import requests

from ansible_collections.netapi.auth.tests.sandbox import Sandbox

TIMEOUT = 60
GATEWAY = "https://gateway.sandbox.netfoundry.io"
AUTH0: dict[str, Any] = {
    "client_id": "nf-client-1",
    "client_secret": "nf-secret-1",
    "audience": f"{GATEWAY}/",
    "grant_type": "client_credentials",
}
FRONTDOOR: dict[str, Any] = {
    **AUTH0,
    "audience": f"{GATEWAY}/frontdoor",
    "scope": "frontdoor.read frontdoor.write",
}
COGNITO: dict[str, Any] = {"grant_type": "client_credentials", "scope": f"{GATEWAY}//ignore-scope"}
SHARED_SECRET = "neto-sharedsecret-1"


def changed(fields: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The fields with changes; None takes one out."""
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def post_json(sandbox: Sandbox, path: str, body: object) -> requests.Response:
    return requests.post(sandbox.url + path, json=body, timeout=TIMEOUT)


def post_form(
    sandbox: Sandbox, path: str, body: dict[str, Any], auth: tuple[str, str] | None = None
) -> requests.Response:
    return requests.post(sandbox.url + path, data=body, auth=auth, timeout=TIMEOUT)


def get(sandbox: Sandbox, path: str, headers: dict[str, str] | None = None) -> requests.Response:
    return requests.get(sandbox.url + path, headers=headers, timeout=TIMEOUT)


def bearer(token: object) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def request_claims(**changes: Any) -> dict[str, Any]:
    """The claims of a Netography request token for the first built-in key."""
    claims = {
        "iat": int(time.time()),
        "jti": uuid.uuid4().hex,
        "appname": "neto-appname-1",
        "appkey": "neto-appkey-1",
        "shortname": "neto-account-1",
    }
    return changed(claims, **changes)


def request_token(claims: dict[str, Any] | None = None, key: str = SHARED_SECRET, **header: Any) -> str:
    """Sign what PyJWT's own encoder of claims would refuse, too: it checks the types of some."""
    payload = json.dumps(request_claims() if claims is None else claims, separators=(",", ":")).encode()
    with warnings.catch_warnings():
        # The keys are as short as the one in the service's documentation, about which PyJWT warns.
        warnings.simplefilter("ignore")
        return jwt.api_jws.encode(payload, key, algorithm=header.pop("alg", "HS256"), headers=header)
