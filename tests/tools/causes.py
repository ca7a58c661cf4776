# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Wrong answers, and what the first sentence of advice must name for each. Written from the answers alone.

The page for troubleshooting shows those that have a cause.
"""

from __future__ import annotations

import base64
import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
SECRET = "the-secret-of-the-client"
REFRESH = "the-given-refresh-token"
TOKEN = {"access_token": "a-token-of-the-provider", "token_type": "Bearer", "expires_in": 3600}


@dataclass(frozen=True)
class Answer:
    """What the server answers. In its texts ``{url}`` stands for the server's own address."""

    status: int = 200
    body: str = "{}"
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ask:
    """A call and the good answers that come before the wrong one.

    :param runs: how many calls are made; the last is the one that is looked at.
    :param forgets: whether the last call is that of ``state: absent``.
    """

    provider: str
    options: Mapping[str, t.Any]
    before: tuple[Answer, ...] = ()
    runs: int = 1
    forgets: bool = False


@dataclass(frozen=True)
class Row:
    """One wrong answer.

    :param names: what the first sentence of the advice must name.
    :param never: what the error must not say, beside the words of the service.
    :param of: the server that answers so; empty where it is made up.
    """

    name: str
    ask: str
    answer: Answer
    names: tuple[str, ...]
    never: tuple[str, ...] = ()
    of: str = ""

    def __str__(self) -> str:
        return f"{self.of or 'made up'}: {self.name}"


def oauth(status: int, error: str, words: str = "", **headers: str) -> Answer:
    """A refusal as RFC 6749 section 5.2 has it."""
    body = {"error": error, **({"error_description": words} if words else {})}
    return Answer(status, json.dumps(body), headers={name.replace("_", "-"): text for name, text in headers.items()})


def said(status: int, body: object, **headers: str) -> Answer:
    """Any other JSON."""
    return Answer(status, json.dumps(body), headers={name.replace("_", "-"): text for name, text in headers.items()})


def page(status: int, title: str, content_type: str = HTML) -> Answer:
    """An HTML page."""
    return Answer(status, f"<!DOCTYPE html><html><head><title>{title}</title></head></html>", content_type)


def plain(status: int, text: str, **headers: str) -> Answer:
    return Answer(status, text, TEXT, {name.replace("_", "-"): value for name, value in headers.items()})


DOCUMENT = {
    "issuer": "{url}",
    "authorization_endpoint": "{url}/authorize",
    "token_endpoint": "{url}/token",
    "revocation_endpoint": "{url}/revoke",
}
_CLIENT = {"client_id": "the-client", "client_secret": SECRET}
_NETBIRD = {**_CLIENT, "token_url": "{url}/token", "api_url": "{url}"}
_PUBLIC = {name: value for name, value in _NETBIRD.items() if name != "client_secret"}
_NETFOUNDRY = {**_CLIENT, "environment": "production", "api_url": "{url}"}
_FILE = {"clientId": "the-client", "password": SECRET, "authenticationUrl": "{url}/oauth/token"}
_FROM_FILE = {"credentials_file": json.dumps(_FILE), "environment": "production", "api_url": "{url}"}
_KEY = {"shortname": "an-account", "appname": "an-app", "appkey": "the-appkey-of-it", "sharedsecret": "a-shared-secret"}
_BUNDLE = base64.b64encode(json.dumps({**_KEY, "url": "https://neto.example/api/v1"}).encode()).decode()

ASKS = {
    "credentials": Ask("netbird", _NETBIRD),
    "credentials by json": Ask("netbird", {**_NETBIRD, "token_request": "json"}),
    "credentials with scope and audience": Ask("netbird", {**_NETBIRD, "scope": "api", "audience": "netbird"}),
    "credentials for an ID token": Ask("netbird", {**_NETBIRD, "token_field": "id_token"}),
    "credentials with odd characters": Ask("netbird", {**_NETBIRD, "client_secret": "an odd/secret=with:all"}),
    "refresh": Ask("netbird", {**_NETBIRD, "refresh_token": REFRESH, "cache": "run"}),
    "refresh of a public client": Ask("netbird", {**_PUBLIC, "refresh_token": REFRESH, "cache": "run"}),
    "refresh with scope": Ask("netbird", {**_NETBIRD, "refresh_token": REFRESH, "cache": "run", "scope": "api"}),
    "refresh by a successor": Ask(
        "netbird",
        {**_NETBIRD, "refresh_token": REFRESH, "cache": "run", "refresh": True},
        (said(200, {**TOKEN, "refresh_token": "the-next-refresh-token"}),),
        runs=2,
    ),
    "netfoundry by json": Ask("netfoundry", {**_NETFOUNDRY, "token_url": "{url}/oauth/token"}),
    "netfoundry by form": Ask("netfoundry", {**_NETFOUNDRY, "token_url": "{url}/oauth2/token"}),
    "netfoundry by a file": Ask("netfoundry", _FROM_FILE),
    "netfoundry by a file with an id": Ask("netfoundry", {**_FROM_FILE, "client_id": "the-client"}),
    "netosecret": Ask("netography", {"netosecret": _BUNDLE, "api_url": "{url}"}),
    "netosecret of a branch": Ask("netography", {"netosecret": _BUNDLE, "shortname": "a-branch", "api_url": "{url}"}),
    "api key": Ask("netography", {**_KEY, "api_url": "{url}"}),
    "user": Ask("netography", {"username": "somebody", "password": "a-long-password", "api_url": "{url}"}),
    "netography refresh": Ask("netography", {"refresh_token": REFRESH, "cache": "run", "api_url": "{url}"}),
    "discovery": Ask("netbird", {**_CLIENT, "issuer": "{url}", "api_url": "{url}"}),
    "revocation": Ask(
        "netbird",
        {**_CLIENT, "issuer": "{url}", "api_url": "{url}"},
        (said(200, DOCUMENT), said(200, TOKEN), said(200, DOCUMENT)),
        runs=2,
        forgets=True,
    ),
    "who am I at netfoundry": Ask("netfoundry", {"token": "a-ready-token", "api_url": "{url}", "whoami": True}),
    "who am I at netbird": Ask("netbird", {"token": "a-ready-token", "api_url": "{url}", "whoami": True}),
    "who am I at netography": Ask("netography", {"token": "a-ready-token", "api_url": "{url}", "whoami": True}),
}

_ID_AND_SECRET = ("client_id", "client_secret", "token_request")
_NO_SECRET = ("Check client_id", "token_url")
_ALLOW = ("method", "at the provider")
_SPENT = ("refresh_token", "used", "expired", "later sign-in")
_BEFORE = ("stands before",)
_NO_CREDENTIAL = ("client_secret", "audience", "refresh_token", "credential was deleted")
_IN_FILE = ("clientId and password in credentials_file", "token_request")
_NO_OPTIONS = ("client_id", "client_secret", "token_url")
_HYDRA_CLIENT = (
    "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported "
    "authentication method)."
)
_HYDRA_GRANT = (
    "The provided authorization grant (e.g., authorization code, resource owner credentials) or refresh token is "
    "invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued "
    "to another client."
)
_KEYCLOAK = "Invalid client or Invalid client credentials"
_DEX_CLAIMED = "Refresh token is invalid or has already been claimed by another client."


def _is(ask: str, answer: Answer, *names: str, never: tuple[str, ...] = (), of: str = "", name: str = "") -> Row:
    body = " ".join(answer.body.split()) or str(dict(answer.headers))
    short = body if len(body) < 100 else f"{body[:45]} ... {body[-50:]}"
    return Row(name or f"{ask}: {answer.status} {short}", ask, answer, names, never, of)


KEYCLOAK = (
    _is("credentials", oauth(401, "unauthorized_client", _KEYCLOAK), *_ID_AND_SECRET, never=_ALLOW[1:]),
    _is("credentials", oauth(401, "invalid_client", _KEYCLOAK), *_ID_AND_SECRET),
    _is("refresh", oauth(401, "unauthorized_client", _KEYCLOAK), *_ID_AND_SECRET, never=("sign-in",)),
    _is("netfoundry by form", oauth(401, "unauthorized_client", _KEYCLOAK), *_ID_AND_SECRET),
    _is(
        "credentials",
        oauth(401, "unauthorized_client", "Client not enabled to retrieve service account"),
        *_ALLOW,
        never=_NO_SECRET,
    ),
    _is(
        "credentials",
        oauth(401, "unauthorized_client", "Public client not allowed to retrieve service account"),
        *_ALLOW,
        never=_NO_SECRET,
    ),
    _is("refresh", oauth(400, "unauthorized_client", "Client not allowed for refresh"), *_ALLOW, never=_NO_SECRET),
    _is("refresh", oauth(400, "invalid_grant", "Token is not active"), *_SPENT, never=("client_secret",)),
    _is("refresh of a public client", oauth(400, "invalid_grant", "Session not active"), *_SPENT),
    _is("refresh by a successor", oauth(400, "invalid_grant", "Stale token"), *_SPENT),
    _is(
        "credentials by json",
        oauth(400, "invalid_request", "Missing form parameter: grant_type"),
        "token_request",
        never=("client_secret",),
    ),
    _is(
        "netfoundry by json",
        oauth(400, "invalid_request", "Missing form parameter: grant_type"),
        "token_request",
        "form_basic",
        never=("client_secret",),
    ),
    _is("credentials", oauth(400, "invalid_request", "DPoP proof is missing"), "DPoP", never=_NO_SECRET),
    _is(
        "credentials",
        oauth(400, "invalid_request", "Client Certificate missing for MTLS HoK Token Binding"),
        "client_cert",
        "client_key",
        never=("client_secret",),
    ),
    _is("credentials with scope and audience", oauth(400, "invalid_scope", "Invalid scopes: api"), "scope"),
    _is("refresh with scope", oauth(400, "invalid_scope", "Invalid scopes: api"), "scope", never=_SPENT[1:]),
    _is("credentials", said(404, {"error": "Realm does not exist"}), "token_url", never=_NO_CREDENTIAL),
    _is("discovery", said(404, {"error": "Realm does not exist"}), "issuer", never=_NO_CREDENTIAL),
    _is("credentials", page(400, "Sign in to your account"), "token_url", never=_NO_CREDENTIAL),
    _is("credentials", said(405, {"error": "HTTP 405 Method Not Allowed"}), "token_url", never=_NO_CREDENTIAL),
)
DEX = (
    _is("credentials", oauth(401, "invalid_client", "Invalid client credentials."), *_ID_AND_SECRET),
    _is("credentials", oauth(400, "unauthorized_client"), *_ALLOW, never=_NO_SECRET),
    _is("refresh", oauth(400, "invalid_request", _DEX_CLAIMED), *_SPENT, never=("token_request",)),
    _is("refresh of a public client", oauth(400, "invalid_request", _DEX_CLAIMED), *_SPENT, never=("client_secret",)),
    _is("refresh by a successor", oauth(400, "invalid_request", _DEX_CLAIMED), *_SPENT),
    _is(
        "refresh with scope",
        oauth(400, "invalid_request", 'Requested scopes contain unauthorized scope(s): ["api"].'),
        "scope",
        never=("sign-in",),
    ),
    _is("credentials by json", oauth(400, "unsupported_grant_type"), "token_request", never=("client_secret",)),
    _is("credentials", plain(404, "404 page not found"), "token_url", never=_NO_CREDENTIAL),
    _is("discovery", plain(404, "404 page not found"), "issuer", never=_NO_CREDENTIAL),
)
HYDRA = (
    _is(
        "credentials",
        oauth(401, "invalid_client", f"{_HYDRA_CLIENT} The requested OAuth 2.0 Client does not exist."),
        *_ID_AND_SECRET,
    ),
    _is(
        "credentials",
        oauth(
            401,
            "invalid_client",
            f"{_HYDRA_CLIENT} The OAuth 2.0 Client supports client authentication method 'client_secret_post', but "
            "method 'client_secret_basic' was requested. You must configure the OAuth 2.0 client's "
            "'token_endpoint_auth_method' value to accept 'client_secret_basic'.",
        ),
        "token_request",
        "form_post",
        never=("Check client_id",),
    ),
    _is(
        "refresh",
        oauth(
            401,
            "invalid_client",
            f"{_HYDRA_CLIENT} The OAuth 2.0 Client supports client authentication method 'none', but method "
            "'client_secret_basic' was requested.",
        ),
        "client_secret",
        "public",
        "out",
        never=("Check client_id", "sign-in"),
    ),
    _is(
        "credentials",
        oauth(
            400,
            "unauthorized_client",
            "The client is not authorized to request a token using this method. The OAuth 2.0 Client is not allowed "
            "to use authorization grant 'client_credentials'.",
        ),
        *_ALLOW,
        never=_NO_SECRET,
    ),
    _is(
        "credentials",
        oauth(
            400,
            "invalid_grant",
            f"{_HYDRA_GRANT} The OAuth 2.0 Client is marked as public and is thus not allowed to use authorization "
            "grant 'client_credentials'.",
        ),
        *_ALLOW,
        never=(*_NO_SECRET, "refresh_token"),
    ),
    _is("credentials by json", oauth(400, "invalid_request", "The POST body can not be empty."), "token_request"),
    _is(
        "credentials with scope and audience",
        oauth(
            400,
            "invalid_request",
            "The request is missing a required parameter, includes an invalid parameter value, includes a parameter "
            "more than once, or is otherwise malformed. Requested audience 'netbird' has not been whitelisted by the "
            "OAuth 2.0 Client.",
        ),
        "audience",
        never=("token_request", "client_secret"),
    ),
    _is(
        "credentials with scope and audience",
        oauth(
            400,
            "invalid_scope",
            "The requested scope is invalid, unknown, or malformed. The OAuth 2.0 Client is not allowed to request "
            "scope 'api'.",
        ),
        "scope",
        never=_ALLOW[1:],
    ),
    _is("refresh", oauth(400, "invalid_grant", f"{_HYDRA_GRANT} The refresh token was already used."), *_SPENT),
    _is("refresh", oauth(401, "token_inactive", "Token is inactive because it is malformed or expired."), *_SPENT),
    _is("refresh by a successor", oauth(400, "invalid_grant", _HYDRA_GRANT), *_SPENT),
)
AUTHENTIK = (
    _is("credentials", oauth(400, "invalid_grant", _HYDRA_GRANT), *_ID_AND_SECRET, never=("sign-in",)),
    _is("credentials", oauth(400, "invalid_client", _HYDRA_CLIENT), *_ID_AND_SECRET),
    _is("netfoundry by form", oauth(400, "invalid_grant", _HYDRA_GRANT), *_ID_AND_SECRET, never=("sign-in",)),
    _is("refresh", oauth(400, "invalid_grant", _HYDRA_GRANT), *_SPENT),
    _is("credentials with odd characters", oauth(400, "invalid_client", _HYDRA_CLIENT), "token_request", "form_post"),
    _is("credentials", page(404, "Not Found"), "token_url", never=_NO_CREDENTIAL),
)
POCKET_ID = (
    _is("credentials", said(401, {"error": "Invalid client secret"}), *_ID_AND_SECRET),
    _is("credentials", said(404, {"error": "Client not found"}), "client_id", never=("Check token_url",)),
    _is("refresh", said(404, {"error": "Client not found"}), "client_id", never=("Check token_url",)),
    _is("refresh of a public client", said(400, {"error": "Refresh token is invalid or expired"}), *_SPENT),
    _is("credentials", oauth(401, "invalid_client", _HYDRA_CLIENT), *_ID_AND_SECRET),
    _is(
        "credentials",
        oauth(400, "invalid_grant", f"{_HYDRA_GRANT} The client may not use the grant 'client_credentials'."),
        *_ALLOW,
        never=_NO_SECRET,
    ),
    _is("refresh", oauth(400, "invalid_request", "Please retry"), *_SPENT, never=("Try again",)),
)
AUTH0 = (
    _is("netfoundry by json", oauth(401, "access_denied", "Unauthorized"), *_ID_AND_SECRET),
    _is(
        "netfoundry by json",
        oauth(403, "access_denied", "Service not enabled within domain: https://gateway.production.netfoundry.io"),
        "audience",
        "slash",
        never=("client_secret",),
    ),
    _is(
        "netfoundry by json",
        oauth(
            403,
            "access_denied",
            'Client is not authorized to access "https://gateway.production.netfoundry.io/". You need to create a '
            '"client-grant" associated to this API. See: https://auth0.com/docs/api/v2#!/Client_Grants',
        ),
        "audience",
        never=("client_secret",),
    ),
    _is(
        "netfoundry by json",
        oauth(403, "unauthorized_client", "Grant type 'client_credentials' not allowed for the client."),
        *_ALLOW,
        never=("client_secret", "audience"),
    ),
    _is("refresh", oauth(403, "invalid_grant", "Unknown or invalid refresh token."), *_SPENT, never=("audience",)),
    _is(
        "netfoundry by json",
        oauth(
            429,
            "too_many_requests",
            "Global limit has been reached",
            x_ratelimit_limit="10",
            x_ratelimit_remaining="0",
            x_ratelimit_reset="1700003600",
            Date="Tue, 14 Nov 2023 22:13:20 GMT",
        ),
        "3600 seconds",
        "2023-11-14T23:13:20Z",
        never=("token_url",),
    ),
    _is(
        "netfoundry by json",
        oauth(
            429,
            "too_many_requests",
            "Client quota exceeded",
            Auth0_Client_Quota_Limit="b=per_hour;q=100;r=50;t=10,b=per_day;q=300;r=0;t=43200",
            Date="Tue, 14 Nov 2023 22:13:20 GMT",
        ),
        "43200 seconds",
        "2023-11-15T10:13:20Z",
        never=("3600",),
    ),
    _is("netfoundry by json", oauth(400, "invalid_request", "Missing client_id parameter"), "token_request"),
    _is("netfoundry by form", oauth(401, "invalid_request", "Missing client_id parameter"), "token_request"),
)
FILES = (
    _is("netfoundry by a file", oauth(401, "access_denied", "Unauthorized"), *_IN_FILE, never=_NO_OPTIONS),
    _is(
        "netfoundry by a file with an id",
        oauth(401, "access_denied", "Unauthorized"),
        "client_id, and password in credentials_file",
        "token_request",
        never=("client_secret",),
    ),
    _is("netfoundry by a file", oauth(400, "invalid_client"), *_IN_FILE, never=_NO_OPTIONS),
    _is("netfoundry by a file", said(400, {"message": "no"}), *_IN_FILE, never=_NO_OPTIONS),
    _is("netfoundry by a file", plain(404, "no route"), "authenticationUrl in credentials_file", never=_NO_OPTIONS),
    _is("netfoundry by a file", page(403, "Zscaler"), *_BEFORE, "credentials_file", never=_NO_OPTIONS),
    _is("netfoundry by a file", page(200, "Sign in"), "authenticationUrl in credentials_file", never=_NO_OPTIONS),
    _is("netfoundry by a file", said(200, []), "authenticationUrl in credentials_file", never=_NO_OPTIONS),
    _is(
        "netfoundry by a file",
        oauth(
            401,
            "invalid_client",
            f"{_HYDRA_CLIENT} The OAuth 2.0 Client supports client authentication method 'none', but method "
            "'client_secret_basic' was requested.",
        ),
        "secret at the provider",
        never=_NO_OPTIONS,
    ),
)
COGNITO = (
    _is("netfoundry by form", oauth(400, "invalid_client"), *_ID_AND_SECRET),
    _is("netfoundry by form", oauth(400, "invalid_scope"), "scope", never=("client_secret",)),
    _is("netfoundry by form", oauth(400, "unauthorized_client"), *_ALLOW, never=_NO_SECRET),
    _is("netfoundry by form", oauth(400, "invalid_grant"), *_ID_AND_SECRET),
    _is("netfoundry by json", oauth(405, "method_not_allowed"), "token_url", never=_NO_CREDENTIAL),
)
OKTA = (
    _is(
        "credentials",
        said(401, {"errorCode": "invalid_client", "errorSummary": "Invalid value for 'client_id' parameter."}),
        "client_id",
    ),
    _is("credentials", oauth(400, "invalid_dpop_proof", "The DPoP proof JWT header is missing."), "DPoP"),
    _is(
        "credentials with scope and audience",
        oauth(400, "invalid_scope", "One or more scopes are not configured for the authorization server resource."),
        "scope",
        never=("client_secret",),
    ),
    _is(
        "credentials",
        said(405, {"errorCode": "E0000022", "errorSummary": "The endpoint does not support the provided HTTP method"}),
        "token_url",
        never=_NO_CREDENTIAL,
    ),
    _is("refresh", oauth(400, "invalid_grant", "The refresh token is invalid or expired."), *_SPENT),
)
ENTRA = (
    _is(
        "credentials",
        oauth(
            401,
            "invalid_client",
            "AADSTS7000215: Invalid client secret provided. Ensure the secret being sent in the request is the client "
            "secret value, not the client secret ID, for a secret added to app 'the-client'.",
        ),
        *_ID_AND_SECRET,
    ),
    _is(
        "credentials",
        oauth(
            400,
            "unauthorized_client",
            "AADSTS700016: Application with identifier 'the-client' was not found in the directory 'Contoso'.",
        ),
        "client_id",
        never=_ALLOW[1:],
    ),
    _is(
        "credentials",
        oauth(
            400,
            "invalid_scope",
            "AADSTS1002012: The provided value for scope openid is not valid. Client credential flows must have a "
            "scope value with /.default suffixed to the resource identifier (application ID URI).",
        ),
        "scope",
        never=("client_secret",),
    ),
    _is(
        "refresh",
        oauth(
            401,
            "invalid_client",
            "AADSTS700025: Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
        ),
        "client_secret",
        "public",
        "out",
    ),
    _is(
        "refresh of a public client",
        oauth(
            401,
            "invalid_client",
            "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or "
            "'client_secret'.",
        ),
        "client_secret",
    ),
    _is("refresh", oauth(400, "invalid_grant", "AADSTS700082: The refresh token has expired."), *_SPENT),
    _is(
        "discovery",
        said(200, {**DOCUMENT, "issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}),
        "issuer",
        "tenant",
        never=("another issuer",),
    ),
)
NETOGRAPHY = (
    _is(
        "api key",
        said(401, {"status": 401, "name": "Unauthorized", "message": "invalid credentials"}),
        "appname",
        "appkey",
        "sharedsecret",
        never=("api_url", "netosecret"),
    ),
    *(
        _is(
            ask,
            said(401, {"status": 401, "name": "Unauthorized", "message": "invalid credentials"}),
            "appname, appkey and sharedsecret in netosecret",
            never=("api_url",),
        )
        for ask in ("netosecret", "netosecret of a branch")
    ),
    _is(
        "netosecret",
        said(404, {"status": 404, "name": "Not Found", "message": "account not found"}),
        "shortname, appname and appkey in netosecret",
        never=("api_url",),
    ),
    _is(
        "netosecret of a branch",
        said(404, {"status": 404, "name": "Not Found", "message": "account not found"}),
        "Check shortname, and appname and appkey in netosecret",
        never=("api_url",),
    ),
    _is("netosecret", said(403, {"status": 403, "name": "Forbidden", "message": "no"}), "shortname in netosecret"),
    _is(
        "netosecret of a branch", said(403, {"status": 403, "name": "Forbidden", "message": "no"}), "Check shortname, "
    ),
    _is(
        "api key",
        said(404, {"status": 404, "name": "Not Found", "message": "account not found"}),
        "shortname",
        never=("api_url", "deleted"),
    ),
    _is("api key", said(403, {"status": 403, "name": "Forbidden", "message": "no"}), "shortname", never=("api_url",)),
    _is("user", said(401, {"status": 401, "name": "Unauthorized", "message": "no"}), "username", "password"),
    _is(
        "netography refresh",
        said(400, {"status": 400, "name": "Bad Request", "message": "invalid refresh token"}),
        *_SPENT,
        never=("client_id",),
    ),
    _is("user", said(404, {"status": 404, "name": "Not Found", "message": "no route"}), "api_url"),
    _is("who am I at netography", said(401, {"status": 401, "name": "Unauthorized", "message": "expired"}), "token"),
)
NETBIRD = (
    _is("who am I at netbird", said(404, {"message": "invalid token: pat: ab not found", "code": 404}), "deleted"),
    _is(
        "who am I at netbird",
        said(404, {"message": "failed to validate user permissions: invalid token: pat: ab not found", "code": 404}),
        "deleted",
    ),
    _is("who am I at netbird", plain(404, "404 page not found"), "api_url", never=("deleted",)),
    _is("who am I at netbird", said(429, {"message": "too many requests"}), "10 seconds", never=("api_url",)),
)
PAGES = (
    *(
        _is(ask, page(status, title), *_BEFORE, never=_NO_CREDENTIAL, name=f"{ask}: {status} with a page")
        for ask, status, title in (
            ("credentials", 403, "Attention Required! | Cloudflare"),
            ("credentials", 401, "Sign in to the access portal"),
            ("credentials", 503, "Just a moment..."),
            ("refresh", 403, "Web filter: this category is blocked"),
            ("refresh of a public client", 401, "Portal"),
            ("netfoundry by json", 403, "Zscaler"),
            ("netfoundry by form", 503, "Maintenance"),
            ("api key", 403, "Blocked"),
            ("user", 401, "Portal"),
            ("netography refresh", 403, "Blocked"),
            ("discovery", 403, "Attention Required! | Cloudflare"),
            ("discovery", 401, "Portal"),
            ("revocation", 403, "Blocked"),
            ("who am I at netfoundry", 401, "Portal"),
            ("who am I at netography", 403, "Blocked"),
        )
    ),
    *(
        _is(ask, plain(403, "error code: 1020"), *_BEFORE, never=_NO_CREDENTIAL, of="Cloudflare")
        for ask in ("credentials", "netfoundry by json", "api key", "discovery", "who am I at netography")
    ),
    _is("credentials", page(404, "nginx"), "token_url", *_BEFORE, never=_NO_CREDENTIAL),
    _is("api key", page(404, "nginx"), "api_url", never=("deleted",)),
    _is("who am I at netfoundry", page(404, "nginx"), "api_url", never=("deleted",)),
    _is("who am I at netography", plain(404, "no such page"), "api_url", never=("deleted",)),
    _is("revocation", plain(404, "no such page"), "issuer", never=("deleted",)),
)
MADE_UP = (
    _is("credentials", Answer(400, "", TEXT), "token_url", never=_NO_CREDENTIAL),
    _is("credentials", Answer(404, "", TEXT), "token_url", never=_NO_CREDENTIAL),
    _is("refresh", page(400, "Sign in"), "token_url", never=_NO_CREDENTIAL),
    _is("netfoundry by json", plain(404, "no route"), "token_url", never=_NO_CREDENTIAL),
    _is("api key", plain(404, "no route"), "api_url", never=("shortname", "deleted")),
    _is("credentials with scope and audience", oauth(400, "invalid_target", "Unknown resource"), "audience"),
    _is("credentials with scope and audience", oauth(400, "invalid_request", "audience is unknown"), "audience"),
    _is("credentials", oauth(403, "access_denied", "no access to this audience"), "audience"),
    _is("credentials", oauth(401, "invalid_client", "A client certificate is required"), "client_cert"),
    _is("credentials", oauth(400, "use_dpop_nonce", "Authorization server requires nonce"), "DPoP"),
    _is("credentials", oauth(200, "invalid_client", "Unknown client"), *_ID_AND_SECRET, never=("token_query",)),
    _is(
        "credentials",
        oauth(200, "incorrect_client_credentials", "The client_id and/or client_secret passed are incorrect."),
        *_ID_AND_SECRET,
        of="GitHub",
    ),
    _is("refresh", oauth(200, "bad_refresh_token", "The refresh token passed is expired."), *_SPENT, of="GitHub"),
    _is("credentials", said(401, {"error": {"message": "Invalid client secret"}}), *_ID_AND_SECRET),
    _is("credentials", said(400, {"errors": [{"message": "The scope is unknown"}]}), "scope"),
    _is("credentials", said(400, {"detail": "The scope is unknown"}), "scope"),
    _is("credentials", said(400, {"Message": "The scope is unknown"}), "scope"),
    _is(
        "credentials",
        Answer(
            401,
            "",
            TEXT,
            {"WWW-Authenticate": 'Basic realm="x", error="invalid_client", error_description="Unknown client"'},
        ),
        *_ID_AND_SECRET,
    ),
    _is("credentials for an ID token", said(200, TOKEN), "token_field", "scope", "openid", never=("token_url",)),
    _is("credentials", said(200, {"token_type": "Bearer"}), "token_query"),
    _is("credentials", said(200, [TOKEN]), "token_url"),
    _is("credentials", page(200, "Sign in"), "token_url"),
    _is("credentials", Answer(302, "", HTML, {"Location": "https://sign-in.example/"}), "token_url"),
    _is("credentials", plain(429, "slow down", Retry_After="120"), "120 seconds", never=("token_url",)),
    _is("credentials", plain(418, "teapot"), "token_url"),
    _is("discovery", said(200, {**DOCUMENT, "issuer": "https://inner.example/realm"}), "issuer", "token_url"),
    _is("discovery", said(200, {"issuer": "{url}"}), "issuer", "token_url"),
    _is("discovery", said(200, []), "issuer"),
    _is("discovery", page(200, "Sign in"), "issuer"),
    _is("discovery", said(401, {"message": "no"}), "issuer", never=("client_secret",)),
    _is("refresh", said(401, {"message": "no"}), "refresh_token", "client_id", "client_secret", "token_request"),
    _is("refresh", oauth(400, "invalid_request", "no"), "refresh_token", "client_id", "token_request"),
    _is("refresh by a successor", oauth(401, "invalid_client", "no"), *_ID_AND_SECRET, never=("sign-in", "successor")),
    _is("revocation", oauth(401, "invalid_client", "Unknown client"), "client_id", "client_secret"),
    _is("revocation", oauth(403, "access_denied", "no"), "client"),
    _is("revocation", oauth(400, "unauthorized_client", "no"), "at the provider"),
    _is("who am I at netfoundry", said(401, {"message": "no"}), "token", "api_url"),
    _is("who am I at netography", said(403, {"name": "Forbidden", "message": "no"}), "api_url", never=("audience",)),
)


def _of(server: str, rows: tuple[Row, ...]) -> tuple[Row, ...]:
    return tuple(Row(row.name, row.ask, row.answer, row.names, row.never, server) for row in rows)


ROWS = (
    *_of("Keycloak", KEYCLOAK),
    *_of("Dex", DEX),
    *_of("Hydra", HYDRA),
    *_of("Authentik", AUTHENTIK),
    *_of("Pocket ID", POCKET_ID),
    *_of("Auth0", AUTH0),
    *FILES,
    *_of("Cognito", COGNITO),
    *_of("Okta", OKTA),
    *_of("Entra ID", ENTRA),
    *_of("Netography", NETOGRAPHY),
    *_of("NetBird", NETBIRD),
    *PAGES,
    *MADE_UP,
)


@dataclass(frozen=True)
class Input:
    """Something wrong that is seen before anything is sent.

    :param options: in their texts ``{folder}`` is a directory that has a certificate.
    :param names: the options and the source that the first sentence of the error must name.
    """

    provider: str
    options: Mapping[str, t.Any]
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.provider}: {', '.join(self.names)}"


_SECRET_ONLY = {"client_secret": SECRET}
INPUTS = (
    Input("netbird", {**_NETBIRD, "client_cert": "{folder}/cert.pem"}, ("client_cert", "private key")),
    Input("netfoundry", {**_NETFOUNDRY, "client_cert": "{folder}/cert.pem"}, ("client_cert", "private key")),
    Input("netography", {**_KEY, "client_cert": "{folder}/cert.pem"}, ("client_cert", "private key")),
    Input("netbird", {**_NETBIRD, "client_key": "{folder}/cert.pem"}, ("client_key", "client_cert")),
    Input("netbird", {**_NETBIRD, "ca_path": "{folder}/absent.pem"}, ("ca_path",)),
    Input("netbird", {**_NETBIRD, "client_cert": "{folder}/absent.pem"}, ("client_cert",)),
    Input("netbird", {**_NETBIRD, "token_url": "http://idp.example/token"}, ("token_url", "http")),
    Input("netbird", {**_CLIENT, "issuer": "https://a:b@idp.example"}, ("issuer", "credentials")),
    Input("netbird", {**_CLIENT, "issuer": "idp.example"}, ("issuer",)),
    Input("netbird", _CLIENT, ("identity provider", "issuer", "token_url")),
    Input("netbird", {**_SECRET_ONLY, "token_url": "{url}/token"}, ("client_id",)),
    Input("netbird", {"client_id": "the-client"}, ("client_id", "client_secret")),
    Input("netbird", {**_NETBIRD, "token_field": "id_token", "token_query": "a"}, ("token_field", "token_query")),
    Input("netbird", {**_NETBIRD, "timeout": "0"}, ("timeout",)),
    Input("netbird", {**_NETBIRD, "cache": "everywhere"}, ("cache",)),
    Input("netbird", {"pat": "a-token-with a blank"}, ("pat",)),
    Input("netfoundry", _SECRET_ONLY, ("client_credentials", "client_id")),
    Input("netfoundry", {**_CLIENT, "api": "frontdoor"}, ("api", "frontdoor")),
    Input("netfoundry", {**_CLIENT, "token_url": "https://idp.example/token"}, ("token_url", "environment")),
    Input("netfoundry", {"account_id": "an-account"}, ("account_id", "account_token")),
    Input("netography", {"netosecret": "no base64 at all"}, ("netosecret", "base64")),
    Input("netography", {"username": "somebody"}, ("username", "password")),
)
