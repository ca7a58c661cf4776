# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The flows of NetBird."""

from __future__ import annotations

import base64
from urllib.parse import quote

from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET, IdpClient, make_pat
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import FORM, JSON, Flow, Sent

PEERS = "/api/peers"
PAT = make_pat("sandboxuser1")
SERVICE_PAT = make_pat("sandboxservice1")
ODD_CLIENT = IdpClient("nb:client/é", ODD_SECRET, "idp-user-1")
DISCOVERY = Sent("GET", "/idp/.well-known/openid-configuration")
ISSUER = {"issuer": "{url}/idp", "api_url": "{url}"}
TOKEN_URL = {"token_url": "{url}/idp/token", "api_url": "{url}"}
GRANT = {"grant_type": "client_credentials"}


def _basic(client_id: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()


def _client(name: str, client: str) -> dict[str, str]:
    return {"client_id": f"nb-{client}-{name}", "client_secret": f"nb-secret-{name}"}


def _asks(body: dict[str, str], authorization: str | None = None, content_type: str = FORM) -> Sent:
    return Sent("POST", "/idp/token", content_type, body, authorization)


def _flow(name: str, method: str, options: dict[str, str], *sent: Sent) -> Flow:
    return Flow(name, "netbird", method, options, sent, PEERS)


BASIC = _basic("nb-client-1", "nb-secret-1")
FLOWS = (
    _flow("discovery", "client_credentials", {**ISSUER, **_client("1", "client")}, DISCOVERY, _asks(GRANT, BASIC)),
    _flow("token_url", "client_credentials", {**TOKEN_URL, **_client("1", "client")}, _asks(GRANT, BASIC)),
    _flow(
        "form_basic with all that RFC 6749 section 2.3.1 encodes",
        "client_credentials",
        {**TOKEN_URL, "client_id": ODD_CLIENT.client_id, "client_secret": ODD_SECRET, "token_request": "form_basic"},
        _asks(GRANT, _basic(quote(ODD_CLIENT.client_id, safe=""), quote(ODD_SECRET, safe=""))),
    ),
    _flow(
        "form_post",
        "client_credentials",
        {**ISSUER, **_client("1", "post"), "token_request": "form_post"},
        DISCOVERY,
        _asks({**GRANT, **_client("1", "post")}),
    ),
    _flow(
        "json with an audience",
        "client_credentials",
        {**TOKEN_URL, **_client("1", "json"), "token_request": "json", "audience": "netbird-api"},
        _asks({**GRANT, **_client("1", "json"), "audience": "netbird-api"}, content_type=JSON),
    ),
    _flow(
        "ID token with a scope",
        "client_credentials",
        {**TOKEN_URL, **_client("1", "id"), "scope": "openid netbird", "token_field": "id_token"},
        _asks({**GRANT, "scope": "openid netbird"}, _basic("nb-id-1", "nb-secret-1")),
    ),
    _flow(
        "refresh token by discovery",
        "refresh_token",
        {**ISSUER, **_client("1", "client"), "refresh_token": "nb-refresh-client-1"},
        DISCOVERY,
        _asks({"grant_type": "refresh_token", "refresh_token": "nb-refresh-client-1"}, BASIC),
    ),
    _flow(
        "refresh token of a public client",
        "refresh_token",
        {**TOKEN_URL, "client_id": "nb-public-1", "refresh_token": "nb-refresh-public-1"},
        _asks({"grant_type": "refresh_token", "refresh_token": "nb-refresh-public-1", "client_id": "nb-public-1"}),
    ),
    _flow(
        "refresh token by form_post",
        "refresh_token",
        {
            **TOKEN_URL,
            **_client("1", "post"),
            "refresh_token": "nb-refresh-post-1",
            "token_request": "form_post",
        },
        _asks({"grant_type": "refresh_token", "refresh_token": "nb-refresh-post-1", **_client("1", "post")}),
    ),
    _flow(
        "refresh token by json",
        "refresh_token",
        {**TOKEN_URL, **_client("1", "json"), "refresh_token": "nb-refresh-json-1", "token_request": "json"},
        _asks(
            {"grant_type": "refresh_token", "refresh_token": "nb-refresh-json-1", **_client("1", "json")},
            content_type=JSON,
        ),
    ),
    _flow(
        "refresh token for an ID token",
        "refresh_token",
        {
            **TOKEN_URL,
            **_client("1", "id"),
            "refresh_token": "nb-refresh-id-1",
            "scope": "openid netbird",
            "token_field": "id_token",
        },
        _asks(
            {"grant_type": "refresh_token", "refresh_token": "nb-refresh-id-1", "scope": "openid netbird"},
            _basic("nb-id-1", "nb-secret-1"),
        ),
    ),
)
READY = (
    Flow(
        "pat",
        "netbird",
        "pat",
        {"pat": PAT, "api_url": "{url}"},
        read=PEERS,
        token_type="Token",
        headers={"Authorization": "Token {token}"},
    ),
    Flow("a bearer token at hand", "netbird", "token", {"token": "a.token"}, api_url="https://api.netbird.io"),
)
