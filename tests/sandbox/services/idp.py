# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OpenID provider of the NetBird account and of any other API (oauth2.py): discovery, and five grants."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from ..assertions import ASSERTION_TYPE, claims_of, public_key, use_up, verified
from ..state import Live, Service, sign, state
from ..wire import JSON, RefusedError, basic_pair, checked, credential, demand, form_fields, json_fields

PROVIDER = "netbird"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
# Of each grant, the fields that must be there, and those that may.
GRANTS: dict[str, tuple[set[str], set[str]]] = {
    "client_credentials": (set(), {"audience", "scope"}),
    "refresh_token": ({"refresh_token"}, {"scope"}),
    JWT_BEARER: ({"assertion"}, {"scope"}),
    TOKEN_EXCHANGE: ({"subject_token", "subject_token_type"}, {"audience", "requested_token_type", "scope"}),
    "password": ({"username", "password"}, {"scope"}),
}
# Of a client, whatever it asks for.
CLIENT = {"grant_type", "client_id", "client_secret", "client_assertion", "client_assertion_type", "resource"}
FIELDS = CLIENT.union(*(required | optional for required, optional in GRANTS.values()))
METHODS = ["client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt", "none"]
SCOPES = {"openid", "profile", "email", "offline_access", "netbird"}
ROUTES = Blueprint("idp", __name__, url_prefix="/idp")


@dataclass(frozen=True)
class IdpClient:
    """A client of the OpenID provider.

    `client_auth` is how it must show its secret: client_secret_basic, _post, _json or _jwt; without a secret it is
    public. With a `public_key` (PEM) it may also show an assertion, which the `issuer` made where there is one.
    `audience`, `scope` and `resource` are demanded where they are set. `token_query` is the token that NetBird takes,
    and `provider` the service that its tokens are for.
    """

    client_id: str
    client_secret: str | None
    user_id: str
    client_auth: str = "client_secret_basic"
    audience: str | None = None
    scope: str | None = None
    token_query: str = "access_token"
    rotates: bool = True
    provider: str = PROVIDER
    public_key: str | None = None
    issuer: str | None = None
    resource: str | None = None


@dataclass(frozen=True)
class IdpRefresh:
    refresh_token: str
    client_id: str


@dataclass(frozen=True)
class IdpUser:
    """A person, or a service account that has a password."""

    username: str
    password: str
    user_id: str


@dataclass(frozen=True)
class IdpSubject:
    """A token of another provider that may be exchanged, of a type as RFC 8693 section 3 names it."""

    subject_token: str
    user_id: str
    subject_token_type: str = "urn:ietf:params:oauth:token-type:access_token"


def accounts() -> Iterator[IdpClient | IdpRefresh]:
    for n in range(1, 10):
        secret, user = f"nb-secret-{n}", f"idp-user-{n}"
        yield IdpClient(f"nb-client-{n}", secret, user, public_key=public_key(f"nb-client-{n}"))
        yield IdpClient(f"nb-post-{n}", secret, user, "client_secret_post")
        yield IdpClient(f"nb-json-{n}", secret, user, "client_secret_json", audience="netbird-api")
        yield IdpClient(f"nb-id-{n}", secret, user, scope="openid netbird", token_query="id_token")
        yield IdpClient(f"nb-public-{n}", None, user, "client_secret_post", scope="openid")
        for kind in ("client", "post", "json", "id", "public"):
            yield IdpRefresh(f"nb-refresh-{kind}-{n}", f"nb-{kind}-{n}")


def _error(error: str, description: str) -> RefusedError:
    """RFC 6749 §5.2."""
    return RefusedError(400, {"error": error, "error_description": description})


def _refused(_status: int, description: str) -> RefusedError:
    return _error("invalid_request", description)


def _invalid_client(description: str = "Who are you?") -> RefusedError:
    challenge = {"WWW-Authenticate": 'Basic realm="sandbox"'} if "Authorization" in request.headers else None
    return RefusedError(401, {"error": "invalid_client", "error_description": description}, challenge)


def _invalid_grant(description: str) -> RefusedError:
    return _error("invalid_grant", description)


def _issuer() -> str:
    return f"{request.host_url}idp"


def witness() -> None:
    """Use up the `jti` of a request that a fault answers: a retry must sign again all the same."""
    for name in {"client_assertion", "assertion"} & request.form.keys():
        if request.path == "/idp/token":
            use_up(request.form[name])


@ROUTES.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """OpenID Connect Discovery 1.0 §3."""
    issuer = _issuer()
    return jsonify(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/jwks",
            "grant_types_supported": list(GRANTS),
            "response_types_supported": ["code"],
            "scopes_supported": sorted(SCOPES),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "token_endpoint_auth_methods_supported": METHODS,
        }
    )


@ROUTES.post("/token")
def token() -> Response:
    fields = (json_fields if request.mimetype == JSON else form_fields)({"grant_type"}, FIELDS, _refused)
    grant_type = fields["grant_type"]
    client = _client(fields)
    demand(grant_type in GRANTS, _error("unsupported_grant_type", f"Unsupported grant type: {grant_type}"))
    required, optional = GRANTS[grant_type]
    checked(fields, required, optional | CLIENT, _refused)
    if grant_type == JWT_BEARER:
        return _by_assertion(client, fields)
    if client is None:
        raise _invalid_client()
    _check_resource(client, fields)
    if grant_type == "refresh_token":
        return _refresh(client, fields)
    user = client.user_id
    if grant_type == "client_credentials":
        has_proof = bool(client.client_secret or client.public_key)
        demand(has_proof, _error("unauthorized_client", "A public client has no secret"))
        audience = fields.get("audience")
        demand(audience == client.audience, _error("invalid_target", f"Wrong audience: {audience}"))
    else:
        user = (_person if grant_type == "password" else _exchanged)(fields)
    return _grant(client, _scope(client, fields.get("scope")), user)


def _check_resource(client: IdpClient, fields: dict[str, str]) -> None:
    """RFC 8707 section 2."""
    resource = fields.get("resource")
    demand(resource == client.resource, _error("invalid_target", f"Wrong resource: {resource}"))


def _client(fields: dict[str, str]) -> IdpClient | None:
    """The client, which must show itself in the way set for it and in no other; None where only its grant does."""
    if "client_assertion" in fields or "client_assertion_type" in fields:
        return _asserted(fields)
    way = "client_secret_json" if request.mimetype == JSON else "client_secret_post"
    client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    if "Authorization" in request.headers:
        pair = basic_pair(credential("Basic")) or ("", "")
        demand("client_secret" not in fields and client_id in ("", pair[0]), _invalid_client())
        # RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. Cognito takes them raw.
        way, client_id, secret = "client_secret_basic", unquote_plus(pair[0]), unquote_plus(pair[1])
    elif fields["grant_type"] == JWT_BEARER and "client_secret" not in fields:
        # RFC 7521 §4.1: who signs the grant need not be a client.
        return None
    client = state().store.login(IdpClient, client_id, secret, _invalid_client())
    demand(client.client_auth == way and not client.issuer, _invalid_client())
    return client


def _asserted(fields: dict[str, str]) -> IdpClient:
    """RFC 7523 §2.2: nothing else may say who the client is."""
    others = "Authorization" in request.headers or "client_secret" in fields or request.mimetype == JSON
    demand(not others and fields.get("client_assertion_type") == ASSERTION_TYPE, _invalid_client())
    client, subject = _signer(fields.get("client_assertion", ""), _invalid_client)
    is_own = client.client_id == subject == fields.get("client_id", subject)
    demand(is_own, _invalid_client("The assertion is of another client"))
    return client


def _signer(assertion: str, refuse: Callable[[str], RefusedError]) -> tuple[IdpClient, str]:
    """The client whose key or secret has signed it, and its subject.

    A client makes its own, unless another issuer does that.
    """
    claims = claims_of(assertion)
    issuer, subject = str(claims.get("iss")), str(claims.get("sub"))
    own, other = state().store.find(IdpClient, issuer), state().store.find(IdpClient, subject)
    client = own if own and own.issuer is None else other if other and other.issuer == issuer else None
    if client is None:
        raise refuse("The assertion is of no client that may show one")
    signs_by_secret = client.client_auth == "client_secret_jwt"
    key = (client.client_secret, "HS256") if signs_by_secret else (client.public_key, "ES256")
    verified(assertion, key, (_issuer(), f"{_issuer()}/token"), refuse)
    return client, subject


def _by_assertion(client: IdpClient | None, fields: dict[str, str]) -> Response:
    """RFC 7523 §2.1."""
    found, subject = _signer(fields["assertion"], _invalid_grant)
    demand(client in (None, found), _invalid_grant("The assertion is of another client"))
    _check_resource(found, fields)
    user = found.user_id if subject == found.client_id else subject
    return _grant(found, _scope(found, fields.get("scope")), user)


def _person(fields: dict[str, str]) -> str:
    """RFC 6749 §4.3."""
    refusal = _invalid_grant("Invalid user credentials")
    return state().store.login(IdpUser, fields["username"], fields["password"], refusal).user_id


def _exchanged(fields: dict[str, str]) -> str:
    """RFC 8693 §2.1."""
    known = state().store.find(IdpSubject, fields["subject_token"])
    if known is None or known.subject_token_type != fields["subject_token_type"]:
        raise _refused(400, "The subject token is not known")
    return known.user_id


def _refresh(client: IdpClient, fields: dict[str, str]) -> Response:
    """RFC 6749 §6. The token must be the client's own; a rotating one is used up."""
    refusal = _invalid_grant("The refresh token is invalid or expired")
    known = state().store.login(IdpRefresh, fields["refresh_token"], client.client_id, refusal)
    # The scope of the first grant holds where none is sent.
    scope = _scope(client, fields["scope"]) if "scope" in fields else client.scope
    if not client.rotates:
        return _grant(client, scope, client.user_id, known)
    demand(state().store.take(IdpRefresh, known.refresh_token) is not None, refusal)
    return _grant(client, scope, client.user_id, IdpRefresh(secrets.token_urlsafe(24), client.client_id))


def _grant(client: IdpClient, scope: str | None, user: str, refresh: IdpRefresh | None = None) -> Response:
    claims: dict[str, object] = {"iss": _issuer(), "sub": user, "azp": client.client_id}
    access_claims = {**claims, "aud": client.audience or client.resource or "netbird", "scope": scope or ""}
    area = "api" if client.token_query == "access_token" else "none"
    answer = state().grant(client.provider, user, area, access_claims)
    life = int(str(answer["expires_in"]))
    answer["id_token"] = id_token = sign({**claims, "aud": client.client_id}, life)
    if client.token_query == "id_token":
        state().tokens.add(Live(id_token, client.provider, user, "api", time.time() + life))
    if scope is not None:
        answer["scope"] = scope
    if refresh is not None:
        state().store.add(refresh)
        answer["refresh_token"] = refresh.refresh_token
    return jsonify(answer)


def _scope(client: IdpClient, asked: str | None) -> str | None:
    """The scope to grant: the one demanded of the client, or any that the provider has."""
    names = set((asked or "").split())
    is_right = names == set(client.scope.split()) if client.scope else names <= SCOPES
    demand(is_right, _error("invalid_scope", f"Wrong scope: {asked}"))
    return asked


SERVICE = Service(PROVIDER, ROUTES, accounts, witness=witness)
