# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The flows of NetFoundry."""

from __future__ import annotations

import base64
from urllib.parse import quote

from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import FORM, JSON, Flow, Sent

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
# RFC 6749 section 2.3.1: in percent-encoding.
ODD_BASIC = "Basic " + base64.b64encode(f"nf-client-odd:{quote(ODD_SECRET, safe='')}".encode()).decode()


def _client(name: str, options: dict[str, str], sent: Sent, read: str = NETWORKS) -> Flow:
    return Flow(name, "netfoundry", "client_credentials", options, (sent,), read)


FLOWS = (
    _client(
        "auth0",
        AUTH0,
        Sent("POST", "/oauth/token", JSON, {**CREDENTIAL, "audience": "https://gateway.sandbox.netfoundry.io/"}),
    ),
    _client(
        "cognito",
        COGNITO,
        Sent(
            "POST",
            "/oauth2/token",
            FORM,
            {"grant_type": "client_credentials", "scope": "https://gateway.sandbox.netfoundry.io//ignore-scope"},
            "Basic " + base64.b64encode(b"nf-client-1:nf-secret-1").decode(),
        ),
    ),
    _client(
        "another provider, with a secret that is encoded",
        {**AUTH0, "token_url": "{url}/application/o/token/", "client_id": "nf-client-odd", "client_secret": ODD_SECRET},
        Sent("POST", "/application/o/token/", FORM, {"grant_type": "client_credentials"}, ODD_BASIC),
    ),
    _client(
        "another provider, with audience and scope as given",
        {**AUTH0, "token_url": "{url}/application/o/token/", "api": "frontdoor", "audience": "a/", "scope": "b c"},
        Sent(
            "POST",
            "/application/o/token/",
            FORM,
            {"grant_type": "client_credentials", "audience": "a/", "scope": "b c"},
            "Basic " + base64.b64encode(b"nf-client-1:nf-secret-1").decode(),
        ),
    ),
    _client(
        "form_post",
        {**AUTH0, "token_url": "{url}/oauth/token-post", "token_request": "form_post"},
        Sent(
            "POST",
            "/oauth/token-post",
            FORM,
            CREDENTIAL,
        ),
    ),
    _client(
        "frontdoor",
        FRONTDOOR,
        Sent(
            "POST",
            "/oauth/token",
            JSON,
            {
                **CREDENTIAL,
                "audience": "https://gateway.production.netfoundry.io/frontdoor",
                "scope": "frontdoor.read frontdoor.write",
            },
        ),
        SHARES,
    ),
    _client(
        "key and secret of an API account",
        {**FRONTDOOR, "client_id": "nf-client-2", "client_secret": "nf-secret-2"},
        Sent(
            "POST",
            "/oauth/token",
            JSON,
            {
                "grant_type": "client_credentials",
                "client_id": "nf-client-2",
                "client_secret": "nf-secret-2",
                "audience": "https://gateway.production.netfoundry.io/frontdoor",
                "scope": "frontdoor.read frontdoor.write",
            },
        ),
        SHARES,
    ),
    _client(
        "audience and scope as given",
        {
            **AUTH0,
            "audience": "https://gateway.staging.netfoundry.io/frontdoor",
            "scope": "frontdoor.write frontdoor.read",
        },
        Sent(
            "POST",
            "/oauth/token",
            JSON,
            {
                **CREDENTIAL,
                "audience": "https://gateway.staging.netfoundry.io/frontdoor",
                "scope": "frontdoor.write frontdoor.read",
            },
        ),
        SHARES,
    ),
)
READY = (
    Flow(
        "API account as documented",
        "netfoundry",
        "api_account",
        ACCOUNT,
        read=SHARES,
        token_type="Basic",
        headers={"Authorization": "Basic nf-account-1:nf-account-token-1"},
    ),
    Flow(
        "API account in base64",
        "netfoundry",
        "api_account",
        {**ACCOUNT, "basic_encoding": "base64"},
        read=SHARES,
        token_type="Basic",
        headers={"Authorization": "Basic " + base64.b64encode(b"nf-account-1:nf-account-token-1").decode()},
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
        "a token at hand",
        "netfoundry",
        "token",
        {"token": "a.token"},
        api_url="https://gateway.production.netfoundry.io",
    ),
)
