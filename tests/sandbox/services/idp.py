# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OpenID provider of the NetBird account: discovery, client credentials, refresh tokens that rotate."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from ..state import Live, Service, sign, state
from ..wire import JSON, RefusedError, basic_pair, credential, demand, form_fields, json_fields

PROVIDER = "netbird"
GRANTS = ("client_credentials", "refresh_token")
SCOPES = {"openid", "profile", "email", "offline_access", "netbird"}
FIELDS = {"client_id", "client_secret", "refresh_token", "audience", "scope"}
ROUTES = Blueprint("idp", __name__, url_prefix="/idp")


@dataclass(frozen=True)
class IdpClient:
    """A client of the OpenID provider.

    `request` is how it must show its secret: form_basic, form_post or json; without a secret it is public.
    `audience` and `scope` are demanded where they are set. `token_field` is the token that NetBird takes.
    """

    client_id: str
    client_secret: str | None
    user_id: str
    request: str = "form_basic"
    audience: str | None = None
    scope: str | None = None
    token_field: str = "access_token"
    rotates: bool = True


@dataclass(frozen=True)
class IdpRefresh:
    refresh_token: str
    client_id: str


def accounts() -> Iterator[IdpClient | IdpRefresh]:
    for n in range(1, 10):
        secret, user = f"nb-secret-{n}", f"idp-user-{n}"
        yield IdpClient(f"nb-client-{n}", secret, user)
        yield IdpClient(f"nb-post-{n}", secret, user, "form_post")
        yield IdpClient(f"nb-json-{n}", secret, user, "json", audience="netbird-api")
        yield IdpClient(f"nb-id-{n}", secret, user, scope="openid netbird", token_field="id_token")
        yield IdpClient(f"nb-public-{n}", None, user, "form_post", scope="openid")
        for kind in ("client", "post", "json", "id", "public"):
            yield IdpRefresh(f"nb-refresh-{kind}-{n}", f"nb-{kind}-{n}")


def _error(error: str, description: str) -> RefusedError:
    """RFC 6749 §5.2."""
    return RefusedError(400, {"error": error, "error_description": description})


def _refused(_status: int, description: str) -> RefusedError:
    return _error("invalid_request", description)


def _invalid_client() -> RefusedError:
    challenge = {"WWW-Authenticate": 'Basic realm="sandbox"'} if "Authorization" in request.headers else None
    return RefusedError(401, {"error": "invalid_client", "error_description": "Who are you?"}, challenge)


@ROUTES.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """OpenID Connect Discovery 1.0 §3."""
    issuer = f"{request.host_url}idp"
    return jsonify(
        {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "grant_types_supported": list(GRANTS),
            "response_types_supported": ["code"],
            "scopes_supported": sorted(SCOPES),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["HS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        }
    )


@ROUTES.post("/token")
def token() -> Response:
    fields = (json_fields if request.mimetype == JSON else form_fields)({"grant_type"}, FIELDS, _refused)
    client = _client(fields)
    grant_type = fields["grant_type"]
    demand(grant_type in GRANTS, _error("unsupported_grant_type", f"Unsupported grant type: {grant_type}"))
    if grant_type == "refresh_token":
        return _refresh(client, fields)
    demand("refresh_token" not in fields, _refused(400, "Unknown field: refresh_token"))
    demand(bool(client.client_secret), _error("unauthorized_client", "A public client has no secret"))
    audience = fields.get("audience")
    demand(audience == client.audience, _error("invalid_target", f"Wrong audience: {audience}"))
    return _grant(client, _scope(client, fields.get("scope")))


def _client(fields: dict[str, str]) -> IdpClient:
    """The client, which must show its secret in the way set for it and in no other."""
    way = "json" if request.mimetype == JSON else "form_post"
    client_id, secret = fields.get("client_id", ""), fields.get("client_secret", "")
    if "Authorization" in request.headers:
        pair = basic_pair(credential("Basic")) or ("", "")
        demand("client_secret" not in fields and client_id in ("", pair[0]), _invalid_client())
        # RFC 6749 §2.3.1: id and secret are form-encoded before they are joined. Cognito takes them raw.
        way, client_id, secret = "form_basic", unquote_plus(pair[0]), unquote_plus(pair[1])
    client = state().store.login(IdpClient, client_id, secret, _invalid_client())
    demand(client.request == way, _invalid_client())
    return client


def _refresh(client: IdpClient, fields: dict[str, str]) -> Response:
    """RFC 6749 §6. The token must be the client's own; a rotating one is used up."""
    demand("refresh_token" in fields, _refused(400, "Missing field: refresh_token"))
    demand("audience" not in fields, _refused(400, "Unknown field: audience"))
    refusal = _error("invalid_grant", "The refresh token is invalid or expired")
    known = state().store.login(IdpRefresh, fields["refresh_token"], client.client_id, refusal)
    # The scope of the first grant holds where none is sent.
    scope = _scope(client, fields["scope"]) if "scope" in fields else client.scope
    if not client.rotates:
        return _grant(client, scope, known)
    demand(state().store.take(IdpRefresh, known.refresh_token) is not None, refusal)
    return _grant(client, scope, IdpRefresh(secrets.token_urlsafe(24), client.client_id))


def _grant(client: IdpClient, scope: str | None, refresh: IdpRefresh | None = None) -> Response:
    claims: dict[str, object] = {"iss": f"{request.host_url}idp", "sub": client.user_id, "azp": client.client_id}
    access_claims = {**claims, "aud": client.audience or "netbird", "scope": scope or ""}
    area = "api" if client.token_field == "access_token" else "none"
    answer = state().grant(PROVIDER, client.user_id, area, access_claims)
    life = int(str(answer["expires_in"]))
    answer["id_token"] = id_token = sign({**claims, "aud": client.client_id}, life)
    if client.token_field == "id_token":
        state().tokens.add(Live(id_token, PROVIDER, client.user_id, "api", time.time() + life))
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


SERVICE = Service(PROVIDER, ROUTES, accounts)
