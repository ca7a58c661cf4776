# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird, as the tests need it."""

from __future__ import annotations

import base64
from urllib.parse import quote

from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET, IdpClient, make_pat, private_key
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import (
    FORM,
    JSON,
    Flow,
    Grant,
    ProviderData,
    Sent,
    assertion,
    key_file,
)

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


def _client_flow(name: str, options: dict[str, str], *sent: Sent) -> Flow:
    return _flow(name, "client_credentials", options, *sent)


def _refresh_flow(name: str, client: dict[str, str], *sent: Sent, **more: str) -> Flow:
    return _flow(name, "refresh_token", {**TOKEN_URL, **client, **more}, *sent)


def _refresh(kind: str) -> dict[str, str]:
    return {"refresh_token": f"nb-refresh-{kind}-1"}


def _renewal(kind: str, **more: str) -> dict[str, str]:
    return {"grant_type": "refresh_token", **_refresh(kind), **more}


BASIC = _basic("nb-client-1", "nb-secret-1")
ID_BASIC = _basic("nb-id-1", "nb-secret-1")
CLIENT, POST, AS_JSON, ID = (_client("1", kind) for kind in ("client", "post", "json", "id"))
ID_SCOPE = {"scope": "openid netbird"}
FLOWS = (
    _client_flow("discovery", {**ISSUER, **CLIENT}, DISCOVERY, _asks(GRANT, BASIC)),
    _client_flow("token_url", {**TOKEN_URL, **CLIENT}, _asks(GRANT, BASIC)),
    _client_flow(
        "client_secret_basic with all that RFC 6749 section 2.3.1 encodes",
        {
            **TOKEN_URL,
            "client_id": ODD_CLIENT.client_id,
            "client_secret": ODD_SECRET,
            "client_auth": "client_secret_basic",
        },
        _asks(GRANT, _basic(quote(ODD_CLIENT.client_id, safe=""), quote(ODD_SECRET, safe=""))),
    ),
    _client_flow(
        "client_secret_post",
        {**ISSUER, **POST, "client_auth": "client_secret_post"},
        DISCOVERY,
        _asks({**GRANT, **POST}),
    ),
    _client_flow(
        "json with an audience",
        {**TOKEN_URL, **AS_JSON, "client_auth": "client_secret_json", "audience": "netbird-api"},
        _asks({**GRANT, **AS_JSON, "audience": "netbird-api"}, content_type=JSON),
    ),
    _client_flow(
        "ID token with a scope",
        {**TOKEN_URL, **ID, **ID_SCOPE, "token_query": "id_token"},
        _asks({**GRANT, **ID_SCOPE}, ID_BASIC),
    ),
    _flow(
        "refresh token by discovery",
        "refresh_token",
        {**ISSUER, **CLIENT, **_refresh("client")},
        DISCOVERY,
        _asks(_renewal("client"), BASIC),
    ),
    _refresh_flow(
        "refresh token of a public client",
        {"client_id": "nb-public-1", **_refresh("public")},
        _asks(_renewal("public", client_id="nb-public-1")),
    ),
    _refresh_flow(
        "refresh token by client_secret_post",
        {**POST, **_refresh("post")},
        _asks(_renewal("post", **POST)),
        client_auth="client_secret_post",
    ),
    _refresh_flow(
        "refresh token by json",
        {**AS_JSON, **_refresh("json")},
        _asks(_renewal("json", **AS_JSON), content_type=JSON),
        client_auth="client_secret_json",
    ),
    _refresh_flow(
        "refresh token for an ID token",
        {**ID, **_refresh("id"), **ID_SCOPE},
        _asks(_renewal("id", **ID_SCOPE), ID_BASIC),
        token_query="id_token",
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


def _values(url: str) -> dict[str, str]:
    return {
        "pat": SERVICE_PAT,
        "issuer": f"{url}/idp",
        "token_url": f"{url}/idp/token",
        "client_id": "nb-client-1",
        "client_secret": "nb-secret-1",
        "private_key": private_key("nb-client-1"),
        "private_key_file": key_file("nb-client-1"),
        "client_assertion": assertion("nb-client-1", f"{url}/idp"),
        "refresh_token": "nb-refresh-client-1",
        "token": "opaque-token",
        "api_url": url,
    }


_CLIENT = {"client_id": "a", "client_secret": "b"}
_IDP = {**_CLIENT, "token_url": "https://idp.example/token"}
_FIELDS = {
    "client_id": "a",
    "client_secret": "a-secret-of-mine",
    "token_query": "b",
    "issuer": "c",
}
DATA = ProviderData(
    selects={
        "pat": "pat",
        "refresh_token": "refresh_token",
        "client_secret": "client_credentials",
        "private_key": "client_credentials",
        "private_key_file": "client_credentials",
        "client_assertion": "client_credentials",
        "token": "token",
    },
    values=_values,
    addresses=("api_url",),
    credentials=(
        ("pat",),
        ("client_id", "client_secret", "issuer"),
        ("client_id", "private_key", "issuer"),
        ("client_id", "private_key_file", "issuer"),
        ("client_assertion", "issuer"),
        ("refresh_token", "client_id", "issuer"),
        ("token",),
    ),
    either={
        **dict.fromkeys(
            ("client_secret", "private_key", "private_key_file", "refresh_token"), ("client_secret", "refresh_token")
        ),
        "client_assertion": ("pat", "client_assertion"),
        "issuer": ("issuer", "token_url"),
    },
    uses={"refresh_token": "client_secret"},
    ids=dict.fromkeys(("client_secret", "private_key", "private_key_file", "refresh_token"), ("client_id",)),
    grants=(
        Grant("netbird", ("client_id", "client_secret", "issuer"), "/idp/token", "issuer", "client_secret"),
        Grant("netbird", ("client_id", "client_secret", "token_url"), "/idp/token", "token_url", "client_secret"),
        Grant("netbird", ("client_id", "private_key", "issuer"), "/idp/token", "issuer", "private_key"),
        Grant("netbird", ("client_assertion", "issuer"), "/idp/token", "issuer", "client_assertion"),
        Grant("netbird", ("client_id", "client_secret", "issuer"), DISCOVERY.path, "issuer", "issuer"),
        Grant(
            "netbird",
            ("client_id", "client_secret", "refresh_token", "issuer"),
            "/idp/token",
            "issuer",
            "refresh_token",
        ),
    ),
    api_url="https://api.netbird.io",
    whoami="/api/users/current",
    identity={"id": "idp-user-1"},
    ready="pat",
    urls={"api_url": "pat", "issuer": "client_secret", "token_url": "client_secret"},
    in_headers={"pat": {}, "token": {}},
    wrong=(("pat", "nbi_0123456789", {}),),
    flows=FLOWS,
    ready_flows=READY,
    identities=(
        (
            _IDP,
            {
                **dict.fromkeys(("client_id", "client_secret", "audience", "scope"), "x"),
                "token_url": "https://idp.example/token/",
                "token_query": "id_token",
            },
        ),
        (_IDP | {"refresh_token": "r"}, dict.fromkeys(("client_id", "client_secret", "refresh_token", "scope"), "x")),
        ({**_CLIENT, "issuer": "https://a.example"}, {"issuer": "https://b.example"}),
    ),
    accounts=(ODD_CLIENT,),
)
