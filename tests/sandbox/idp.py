# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OpenID provider of the NetBird account: discovery, client credentials, refresh token."""

from __future__ import annotations

import secrets
import time
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from .accounts import Accounts, IdpClient, IdpRefresh
from .tokens import Live, Mint, sign
from .wire import FORM, JSON, RefusedError, basic_pair, credential, form_fields, json_fields

PROVIDER = "netbird"
GRANTS = ("client_credentials", "refresh_token")
SCOPES = {"openid", "profile", "email", "offline_access", "netbird"}
FIELDS = {"client_id", "client_secret", "refresh_token", "audience", "scope"}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="sandbox"'}


def _error(error: str, description: str, status: int = 400) -> RefusedError:
    """RFC 6749 §5.2."""
    return RefusedError(status, {"error": error, "error_description": description})


def _refused(_status: int, description: str) -> RefusedError:
    return _error("invalid_request", description)


def _invalid_client() -> RefusedError:
    body = {"error": "invalid_client", "error_description": "Client authentication failed"}
    return RefusedError(401, body, CHALLENGE if "Authorization" in request.headers else None)


def _issuer() -> str:
    return f"{request.host_url}idp"


class IdentityProvider:
    def __init__(self, accounts: Accounts, mint: Mint) -> None:
        self._accounts = accounts
        self._mint = mint

    def routes(self) -> Blueprint:
        routes = Blueprint("idp", __name__, url_prefix="/idp")
        routes.add_url_rule("/.well-known/openid-configuration", view_func=self.discovery)
        routes.add_url_rule("/jwks", view_func=self.keys)
        routes.add_url_rule("/token", view_func=self.token, methods=["POST"])
        return routes

    def discovery(self) -> Response:
        """OpenID Connect Discovery 1.0 §3."""
        issuer = _issuer()
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
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                    "none",
                ],
            }
        )

    def keys(self) -> Response:
        """Empty: the tokens are signed with a key that is not public."""
        return jsonify({"keys": []})

    def token(self) -> Response:
        fields = self._fields()
        client = self._client(fields)
        grant_type = fields["grant_type"]
        if grant_type not in GRANTS:
            raise _error("unsupported_grant_type", f"Unsupported grant type: {grant_type}")
        if grant_type == "refresh_token":
            return self._refresh(client, fields)
        if "refresh_token" in fields:
            raise _refused(400, "Unknown field: refresh_token")
        if client.client_secret is None:
            raise _error("unauthorized_client", "A public client has no credentials of its own")
        if fields.get("audience") != client.audience:
            raise _error("invalid_target", f"Wrong audience: {fields.get('audience')}")
        return self._grant(client, _scope(client, fields.get("scope")), None)

    def _fields(self) -> dict[str, str]:
        if request.mimetype == JSON:
            return json_fields({"grant_type"}, FIELDS, _refused)
        if request.mimetype == FORM:
            return form_fields({"grant_type"}, FIELDS, _refused)
        raise _refused(415, f"Content-Type must be {FORM} or {JSON}")

    def _client(self, fields: dict[str, str]) -> IdpClient:
        """The client, which must show its secret in the way set for it and in no other."""
        if "Authorization" in request.headers:
            way = "form_basic"
            pair = basic_pair(credential("Basic") or "")
            if pair is None or "client_secret" in fields or fields.get("client_id", pair[0]) != pair[0]:
                raise _invalid_client()
            # RFC 6749 §2.3.1: id and secret are form-encoded before they are joined.
            client_id = unquote_plus(pair[0])
            secret = unquote_plus(pair[1])
        else:
            way = "json" if request.mimetype == JSON else "form_post"
            client_id = fields.get("client_id", "")
            secret = fields.get("client_secret", "")
        client = self._accounts.find(IdpClient, client_id)
        if client is None or client.request != way or (client.client_secret or "") != secret:
            raise _invalid_client()
        return client

    def _refresh(self, client: IdpClient, fields: dict[str, str]) -> Response:
        """RFC 6749 §6. The token must be the client's own; a rotating one is used up."""
        if "refresh_token" not in fields:
            raise _refused(400, "Missing field: refresh_token")
        if "audience" in fields:
            raise _refused(400, "Unknown field: audience")
        text = fields["refresh_token"]
        known = self._accounts.find(IdpRefresh, text)
        if known is None or known.client_id != client.client_id:
            raise _error("invalid_grant", "The refresh token is invalid or expired")
        # The scope of the first grant holds where none is sent.
        scope = _scope(client, fields["scope"]) if "scope" in fields else client.scope
        if client.rotates:
            if self._accounts.take(IdpRefresh, text) is None:
                raise _error("invalid_grant", "The refresh token is invalid or expired")
            text = secrets.token_urlsafe(24)
            self._accounts.add(IdpRefresh(text, client.client_id))
        return self._grant(client, scope, text)

    def _grant(self, client: IdpClient, scope: str | None, refresh: str | None) -> Response:
        claims: dict[str, object] = {"iss": _issuer(), "sub": client.user_id, "azp": client.client_id}
        access_claims = {**claims, "aud": client.audience or "netbird", "scope": scope or ""}
        area = "api" if client.token_field == "access_token" else "none"
        issued = self._mint.grant(PROVIDER, client.user_id, area, access_claims)
        id_token = sign({**claims, "aud": client.client_id}, issued.expires_in)
        if client.token_field == "id_token":
            expires_at = time.time() + issued.expires_in
            self._mint.enrol(id_token, Live(PROVIDER, client.user_id, "api", expires_at))
        answer: dict[str, object] = {
            "access_token": issued.token,
            "expires_in": issued.expires_in,
            "token_type": "Bearer",
            "id_token": id_token,
        }
        if scope is not None:
            answer["scope"] = scope
        if refresh is not None:
            answer["refresh_token"] = refresh
        return jsonify(answer)


def _scope(client: IdpClient, asked: str | None) -> str | None:
    """The scope to grant: the one demanded of the client, or any that the provider has."""
    names = set((asked or "").split())
    wrong = names != set(client.scope.split()) if client.scope else not names <= SCOPES
    if wrong:
        raise _error("invalid_scope", f"Wrong scope: {asked}")
    return asked
