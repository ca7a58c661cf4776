# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any OAuth 2.0 provider, as the tests need it: the sandbox's, whose tokens open its userinfo endpoint."""

from __future__ import annotations

import base64
import json
import typing as t
from collections.abc import Mapping

import jwt

from ansible_collections.netapi.auth.tests.sandbox import private_key
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import (
    FORM,
    Flow,
    Grant,
    ProviderData,
    Sent,
    assertion,
    key_file,
)

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"
USERINFO = "/idp/userinfo"
DISCOVERY = Sent("GET", "/idp/.well-known/openid-configuration")
ISSUER = {"issuer": "{url}/idp", "api_url": "{url}"}
TOKEN_URL = {"token_url": "{url}/idp/token", "api_url": "{url}"}
CLIENT = {"client_id": "oa-client-1", "client_secret": "oa-secret-1"}
KEY = private_key("oa-client-1")
BASIC = "Basic " + base64.b64encode(b"oa-client-1:oa-secret-1").decode()
# In the place of an assertion that is made for one request: what is in it whenever it is made.
OWN = {"iss": "oa-client-1", "sub": "oa-client-1"}
CLIENT_CREDENTIALS = {"grant_type": "client_credentials"}
ID = {"client_id": "oa-client-1"}


def zitadel(kind: str = "serviceaccount") -> str:
    """The file of a key, as Zitadel gives it."""
    name = "userId" if kind == "serviceaccount" else "clientId"
    return json.dumps({"type": kind, "keyId": "key-1", "key": KEY, name: "oa-client-1"})


def _asks(body: Mapping[str, t.Any], authorization: str | None = None) -> Sent:
    return Sent("POST", "/idp/token", FORM, body, authorization)


def _asserted(claims: Mapping[str, str], **body: t.Any) -> dict[str, t.Any]:
    return {**body, "client_assertion_type": ASSERTION_TYPE, "client_assertion": claims}


def _flow(name: str, method: str, options: dict[str, str], *sent: Sent, **more: t.Any) -> Flow:
    return Flow(name, "oauth2", method, options, sent, USERINFO, **more)


def _client_flow(name: str, options: dict[str, str], *sent: Sent) -> Flow:
    return _flow(name, "client_credentials", options, *sent)


JWT_SECRET = "oa-secret-1-which-signs-assertions"
PASSWORD = {"username": "oa-user-1", "password": "oa-password-1"}
SUBJECT = {"subject_token": "oa-subject-token-1", "subject_token_type": "access_token"}
EXCHANGE = {"grant_type": TOKEN_EXCHANGE, "subject_token": "oa-subject-token-1", "subject_token_type": ACCESS_TOKEN}
FLOWS = (
    _client_flow("a secret, by discovery", {**ISSUER, **CLIENT}, DISCOVERY, _asks(CLIENT_CREDENTIALS, BASIC)),
    _client_flow(
        "a secret in the form, with a further parameter",
        {
            **TOKEN_URL,
            "client_id": "oa-post-1",
            "client_secret": "oa-secret-1",
            "client_auth": "client_secret_post",
            "extra_params": '{"resource": "https://api.example"}',
        },
        _asks(
            {
                **CLIENT_CREDENTIALS,
                "client_id": "oa-post-1",
                "client_secret": "oa-secret-1",
                "resource": "https://api.example",
            }
        ),
    ),
    _client_flow(
        "an assertion by the secret",
        {**ISSUER, "client_id": "oa-jwt-1", "client_secret": JWT_SECRET, "client_auth": "client_secret_jwt"},
        DISCOVERY,
        _asks(_asserted({"iss": "oa-jwt-1", "sub": "oa-jwt-1"}, **CLIENT_CREDENTIALS, client_id="oa-jwt-1")),
    ),
    _client_flow(
        "an assertion by the key, with a scope",
        {**ISSUER, **ID, "private_key": KEY, "scope": "profile email"},
        DISCOVERY,
        _asks(_asserted(OWN, **CLIENT_CREDENTIALS, **ID, scope="profile email")),
    ),
    _flow(
        "a refresh token of a public client",
        "refresh_token",
        {**TOKEN_URL, "client_id": "oa-public-1", "refresh_token": "oa-refresh-public-1"},
        _asks({"grant_type": "refresh_token", "refresh_token": "oa-refresh-public-1", "client_id": "oa-public-1"}),
    ),
    _flow(
        "a refresh token with a key",
        "refresh_token",
        {**TOKEN_URL, **ID, "private_key": KEY, "refresh_token": "oa-refresh-client-1"},
        _asks(_asserted(OWN, grant_type="refresh_token", refresh_token="oa-refresh-client-1", **ID)),
    ),
    _flow(
        "a grant that the key signs",
        "jwt_bearer",
        {**TOKEN_URL, **ID, "private_key": KEY, "method": "jwt_bearer"},
        _asks({"grant_type": JWT_BEARER, "assertion": OWN}),
    ),
    _flow(
        "the file of a key",
        "jwt_bearer",
        {**TOKEN_URL, "credentials_file": zitadel()},
        _asks({"grant_type": JWT_BEARER, "assertion": OWN}),
    ),
    _flow("token exchange", "token_exchange", {**TOKEN_URL, **CLIENT, **SUBJECT}, _asks(EXCHANGE, BASIC)),
    _flow(
        "a password",
        "password",
        {**TOKEN_URL, **CLIENT, **PASSWORD},
        _asks({"grant_type": "password", **PASSWORD}, BASIC),
    ),
)
READY = (Flow("a token at hand", "oauth2", "token", {"token": "a.token", **ISSUER}),)


def readable(body: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """With who made an assertion, and whom it is of, in its place."""
    found = dict(body)
    for name in ("client_assertion", "assertion"):
        if name in body:
            claims = jwt.decode(body[name], options={"verify_signature": False})
            found[name] = {"iss": claims["iss"], "sub": claims["sub"]}
    return found


def _values(url: str) -> dict[str, str]:
    own = assertion("oa-client-1", f"{url}/idp")
    return {
        **CLIENT,
        **PASSWORD,
        **SUBJECT,
        "issuer": f"{url}/idp",
        "token_url": f"{url}/idp/token",
        "private_key": KEY,
        "private_key_file": key_file("oa-client-1"),
        "client_assertion": own,
        "assertion": own,
        "credentials_file": zitadel(),
        "refresh_token": "oa-refresh-client-1",
        "token": "opaque-token",
        "api_url": url,
    }


_PLACE = {"token_url": "https://idp.example/token"}
_CLIENT = {"client_id": "a", "client_secret": "b", **_PLACE}
_KEY = {"client_id": "a", "private_key": KEY, **_PLACE}
_MORE = {
    "scope": "x",
    "audience": "x",
    "extra_params": '{"a": "b"}',
    "token_query": "id_token",
    "header_name": "X-Token",
    "header_prefix": "x",
    "token_url": "https://idp.example/token/",
}
DATA = ProviderData(
    selects={
        "refresh_token": "refresh_token",
        "assertion": "jwt_bearer",
        "credentials_file": "jwt_bearer",
        "subject_token": "token_exchange",
        "password": "password",
        "token": "token",
        "client_secret": "client_credentials",
        "private_key": "client_credentials",
        "private_key_file": "client_credentials",
        "client_assertion": "client_credentials",
    },
    values=_values,
    # The client is one at whatever method.
    addresses=("api_url", "client_id"),
    credentials=(
        ("client_id", "client_secret", "issuer"),
        ("client_id", "private_key", "issuer"),
        ("client_id", "private_key_file", "issuer"),
        ("client_assertion", "issuer"),
        ("client_id", "refresh_token", "issuer"),
        ("assertion", "issuer"),
        ("credentials_file", "issuer"),
        ("subject_token", "subject_token_type", "issuer"),
        ("password", "username", "issuer"),
        ("token",),
    ),
    either={
        **dict.fromkeys(
            ("client_secret", "private_key", "private_key_file", "refresh_token"),
            ("client_secret", "private_key", "private_key_file", "refresh_token"),
        ),
        **{name: ("refresh_token", name) for name in ("client_assertion", "assertion", "credentials_file")},
        "issuer": ("issuer", "token_url"),
    },
    uses=dict.fromkeys(("refresh_token", "subject_token", "password"), "client_secret"),
    ids={
        **dict.fromkeys(("client_secret", "private_key", "private_key_file", "refresh_token"), ("client_id",)),
        "password": ("username",),
    },
    grants=(
        Grant("oauth2", ("issuer", "api_url", "client_id", "client_secret"), "/idp/token", "issuer", "client_secret"),
        Grant("oauth2", ("token_url", "client_id", "private_key"), "/idp/token", "token_url", "private_key"),
        Grant("oauth2", ("issuer", "client_id", "client_secret"), DISCOVERY.path, "issuer", "issuer"),
        Grant(
            "oauth2",
            ("token_url", "client_id", "client_secret", "refresh_token"),
            "/idp/token",
            "token_url",
            "refresh_token",
        ),
        Grant("oauth2", ("token_url", "assertion"), "/idp/token", "token_url", "assertion"),
        Grant("oauth2", ("token_url", "client_assertion"), "/idp/token", "token_url", "client_assertion"),
        Grant("oauth2", ("token_url", "credentials_file"), "/idp/token", "token_url", "credentials_file"),
        Grant(
            "oauth2",
            ("token_url", "client_id", "client_secret", "subject_token_type", "subject_token"),
            "/idp/token",
            "token_url",
            "subject_token",
        ),
        Grant(
            "oauth2",
            ("token_url", "client_id", "client_secret", "username", "password"),
            "/idp/token",
            "token_url",
            "password",
        ),
    ),
    api_url="{url}",
    whoami=USERINFO,
    identity={"sub": "idp-user-1"},
    ready="token",
    urls={"api_url": "token", "issuer": "client_secret", "token_url": "client_secret"},
    in_headers={"token": {}},
    wrong=(
        ("credentials_file", "{ {marker}", {}),
        ("private_key", "{marker}", {"client_id": "a", **_PLACE}),
        ("header_name", "a {marker}", {"token": "one"}),
        ("header_prefix", "a {marker}", {"token": "one"}),
        ("client_assertion", "/tokens/{marker}", _PLACE),
        ("assertion", "/tokens/{marker}", _PLACE),
        ("subject_token", "/tokens/{marker}", {**_PLACE, "subject_token_type": "jwt"}),
        ("extra_params", '{"client_id": "{marker}"}', _CLIENT),
        ("assertion_claims", '{"aud": "{marker}"}', {**_KEY, "method": "jwt_bearer"}),
        ("assertion_headers", '{"alg": "{marker}"}', {**_KEY, "method": "jwt_bearer"}),
    ),
    flows=FLOWS,
    ready_flows=READY,
    identities=(
        (_CLIENT, {**dict.fromkeys(("client_id", "client_secret"), "x"), **_MORE, "client_auth": "client_secret_post"}),
        (_KEY, {"private_key": private_key("x"), "private_key_id": "x", "assertion_audience": "x"}),
        (
            {**_KEY, "method": "jwt_bearer"},
            {"assertion_claims": '{"sub": "x"}', "assertion_headers": '{"x5t": "x"}', "client_secret": "x"},
        ),
        ({"assertion": "a.b.c", **_PLACE}, {"assertion": "a.b.d", "client_id": "x"}),
        ({"client_assertion": "a.b.c", **_PLACE}, {"client_assertion": "a.b.d", "client_id": "x"}),
        (
            {"subject_token": "a", "subject_token_type": "x", **_PLACE},
            {"subject_token": "b", "subject_token_type": "jwt", "requested_token_type": "jwt", **_MORE},
        ),
        ({"username": "a", "password": "b", **_PLACE}, {"username": "x", "password": "x", "client_id": "x"}),
        ({**_CLIENT, "refresh_token": "r"}, {"refresh_token": "s", "client_id": "x", "scope": "x"}),
        ({"client_id": "a", "client_secret": "b", "issuer": "https://a.example"}, {"issuer": "https://b.example"}),
    ),
    readable=readable,
)
