# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry, as the tests need it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from urllib.parse import quote

from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET, private_key
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

NETWORKS = "/core/v2/networks"
SHARES = "/frontdoor/1/shares?page=0&size=20"
AUTH0 = {
    "token_url": "{url}/oauth/token",
    "client_id": "nf-client-1",
    "client_secret": "nf-secret-1",
    "environment": "sandbox",
    "api_url": "{url}",
}
# Not at Cognito's own host, so nothing is known of what it wants.
COGNITO = {
    **AUTH0,
    "token_url": "{url}/oauth2/token",
    "scope": "https://gateway.sandbox.netfoundry.io//ignore-scope",
}
FRONTDOOR = {**AUTH0, "api": "frontdoor", "environment": "production"}
ACCOUNT = {"account_id": "nf-account-1", "account_token": "nf-account-token-1", "api_url": "{url}"}
CREDENTIAL = {"grant_type": "client_credentials", "client_id": "nf-client-1", "client_secret": "nf-secret-1"}
GRANT = {"grant_type": "client_credentials"}
BASIC = "Basic " + base64.b64encode(b"nf-client-1:nf-secret-1").decode()
ODD_BASIC = "Basic " + base64.b64encode(f"nf-client-odd:{quote(ODD_SECRET, safe='')}".encode()).decode()
FRONTDOOR_BODY = {
    "audience": "https://gateway.production.netfoundry.io/frontdoor",
    "scope": "frontdoor.read frontdoor.write",
}


def _client(name: str, options: dict[str, str], sent: Sent, read: str = NETWORKS) -> Flow:
    return Flow(name, "netfoundry", "client_credentials", options, (sent,), read)


def _json(**more: str) -> Sent:
    return Sent("POST", "/oauth/token", JSON, {**CREDENTIAL, **more})


def _form(path: str, authorization: str | None, **body: str) -> Sent:
    return Sent("POST", path, FORM, body, authorization)


OTHER = {**AUTH0, "token_url": "{url}/application/o/token/"}
OTHER_PATH = "/application/o/token/"
SECOND = {"client_id": "nf-client-2", "client_secret": "nf-secret-2"}
GIVEN = {"audience": "https://gateway.staging.netfoundry.io/frontdoor", "scope": "frontdoor.write frontdoor.read"}
FLOWS = (
    _client("auth0", AUTH0, _json(audience="https://gateway.sandbox.netfoundry.io/")),
    _client("cognito", COGNITO, _form("/oauth2/token", BASIC, **GRANT, scope=COGNITO["scope"])),
    _client(
        "another provider, with a secret that is encoded",
        {**OTHER, "client_id": "nf-client-odd", "client_secret": ODD_SECRET},
        _form(OTHER_PATH, ODD_BASIC, **GRANT),
    ),
    _client(
        "another provider, with audience and scope as given",
        {**OTHER, "api": "frontdoor", "audience": "a/", "scope": "b c"},
        _form(OTHER_PATH, BASIC, **GRANT, audience="a/", scope="b c"),
    ),
    _client(
        "client_secret_post",
        {**AUTH0, "token_url": "{url}/oauth/token-post", "client_auth": "client_secret_post"},
        _form("/oauth/token-post", None, **CREDENTIAL),
    ),
    _client("frontdoor", FRONTDOOR, _json(**FRONTDOOR_BODY), SHARES),
    _client("key and secret of an API account", {**FRONTDOOR, **SECOND}, _json(**SECOND, **FRONTDOOR_BODY), SHARES),
    _client("audience and scope as given", {**AUTH0, **GIVEN}, _json(**GIVEN), SHARES),
)


def _account(name: str, credential: str, **more: str) -> Flow:
    headers = {"Authorization": f"Basic {credential}"}
    return Flow(name, "netfoundry", "api_account", {**ACCOUNT, **more}, (), SHARES, "Basic", headers)


READY = (
    _account("API account as documented", "nf-account-1:nf-account-token-1"),
    _account(
        "API account in base64",
        base64.b64encode(b"nf-account-1:nf-account-token-1").decode(),
        basic_encoding="base64",
    ),
    Flow(
        "RapidAPI",
        "netfoundry",
        "rapidapi",
        {"rapidapi_key": "nf-rapidapi-key-1"},
        read=NETWORKS,
        token_type="RapidAPI",
        headers={"x-rapidapi-key": "{token}", "x-rapidapi-host": "netfoundryapi.p.rapidapi.com"},
        api_url="https://netfoundryapi.p.rapidapi.com",
    ),
    Flow(
        *("a token at hand", "netfoundry", "token", {"token": "a.token"}),
        api_url="https://gateway.production.netfoundry.io",
    ),
)


def _values(url: str) -> dict[str, str]:
    token_url = f"{url}/oauth/token"
    return {
        "client_id": "nf-client-1",
        "client_secret": "nf-secret-1",
        "private_key": private_key("nf-client-1"),
        "private_key_file": key_file("nf-client-1"),
        "client_assertion": assertion("nf-client-1", token_url),
        "credentials_file": credentials_file("nf-client-1", token_url),
        "token_url": token_url,
        "environment": "sandbox",
        "account_id": "nf-account-1",
        "account_token": "nf-account-token-1",
        "rapidapi_key": "nf-rapidapi-key-1",
        "token": "opaque-token",
        "api_url": url,
    }


def credentials_file(client_id: str, token_url: str) -> str:
    """A credentials.json of the console."""
    secret = client_id.replace("client", "secret")
    return json.dumps({"clientId": client_id, "password": secret, "authenticationUrl": token_url})


def write_file(path: Path, client_id: str, token_url: str) -> Path:
    """The same, where nobody else can read it."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(credentials_file(client_id, token_url), encoding="utf-8")
    path.chmod(0o600)
    return path


DATA = ProviderData(
    selects={
        "client_secret": "client_credentials",
        "private_key": "client_credentials",
        "private_key_file": "client_credentials",
        "client_assertion": "client_credentials",
        "credentials_file": "client_credentials",
        "account_token": "api_account",
        "rapidapi_key": "rapidapi",
        "token": "token",
    },
    values=_values,
    addresses=("api_url", "token_url", "environment"),
    credentials=(
        ("client_id", "client_secret"),
        ("client_id", "private_key"),
        ("client_id", "private_key_file"),
        ("client_assertion",),
        ("credentials_file",),
        ("account_id", "account_token"),
        ("rapidapi_key",),
        ("token",),
    ),
    either=dict.fromkeys(
        ("client_secret", "private_key", "private_key_file"), ("client_secret", "private_key", "credentials_file")
    ),
    ids={
        **dict.fromkeys(("client_secret", "private_key", "private_key_file", "credentials_file"), ("client_id",)),
        "account_token": ("account_id",),
    },
    grants=(
        Grant(
            "netfoundry",
            ("client_id", "client_secret", "token_url", "environment"),
            "/oauth/token",
            "token_url",
            "client_secret",
        ),
        *(
            Grant("netfoundry", (*options, "token_url", "environment"), "/oauth/token", "token_url", options[-1])
            for options in (("client_id", "private_key"), ("client_assertion",))
        ),
    ),
    api_url="https://gateway.sandbox.netfoundry.io",
    whoami="/identity/v1/identities/self",
    identity={"id": "identity of nf-client-1"},
    ready="token",
    urls={"api_url": "token", "token_url": "client_secret", "issuer": "client_secret"},
    in_headers={
        "token": {},
        "rapidapi_key": {},
        "rapidapi_host": {"rapidapi_key": "key", "api_url": "https://host.example"},
        "account_token": {"account_id": "id"},
        "account_id": {"account_token": "token"},
    },
    wrong=(
        ("rapidapi_host", "{marker}/path", {"rapidapi_key": "a-key-of-mine"}),
        ("credentials_file", "{ {marker}", {}),
        ("api", "frontdoor", {"client_id": "one", "client_secret": "a-secret-of-mine"}),
    ),
    flows=FLOWS,
    ready_flows=READY,
    identities=(
        (
            {
                "client_id": "a",
                "client_secret": "b",
                "token_url": "https://a.example/oauth/token",
                "environment": "sandbox",
            },
            {
                **dict.fromkeys(("client_id", "client_secret", "audience", "scope"), "x"),
                "token_url": "https://b.example/token",
                "environment": "staging",
                "api": "frontdoor",
                "token_query": "id_token",
            },
        ),
    ),
)
