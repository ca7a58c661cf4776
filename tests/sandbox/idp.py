# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OpenID provider of the NetBird account and of any other API: discovery, and five grants."""

from __future__ import annotations

import secrets
import time
from urllib.parse import unquote_plus

from flask import Blueprint, Response, jsonify, request

from .accounts import IdpClient, IdpRefresh, IdpSubject, IdpUser
from .idp_assertions import signer, use_up
from .state import State
from .tokens import Live, Mint, sign
from .wire import FORM, JSON, RefusedError, basic_pair, credential, form_fields, json_fields

JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
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
SCOPES = {"openid", "profile", "email", "offline_access", "netbird"}
CHALLENGE = {"WWW-Authenticate": 'Basic realm="sandbox"'}


def _error(error: str, description: str, status: int = 400) -> RefusedError:
    """RFC 6749 §5.2."""
    return RefusedError(status, {"error": error, "error_description": description})


def _refused(_status: int, description: str) -> RefusedError:
    return _error("invalid_request", description)


def _invalid_client(description: str = "Client authentication failed") -> RefusedError:
    body = {"error": "invalid_client", "error_description": description}
    return RefusedError(401, body, CHALLENGE if "Authorization" in request.headers else None)


def _invalid_grant(description: str) -> RefusedError:
    return _error("invalid_grant", description)


def _issuer() -> str:
    return f"{request.host_url}idp"


def _audiences() -> tuple[str, ...]:
    """What assertions may be for."""
    return (_issuer(), f"{_issuer()}/token")


class IdentityProvider:
    def __init__(self, state: State, mint: Mint) -> None:
        self._state = state
        self._accounts = state.accounts
        self._mint = mint

    def routes(self) -> Blueprint:
        routes = Blueprint("idp", __name__, url_prefix="/idp")
        routes.add_url_rule("/.well-known/openid-configuration", view_func=self.discovery)
        routes.add_url_rule("/jwks", view_func=self.keys)
        routes.add_url_rule("/token", view_func=self.token, methods=["POST"])
        routes.add_url_rule("/userinfo", view_func=self.userinfo)
        return routes

    def witness(self) -> None:
        """Use up the `jti` of a request that a fault answers: a retry must sign again all the same."""
        for name in ("client_assertion", "assertion"):
            if request.path == "/idp/token" and name in request.form:
                use_up(self._state, request.form[name])

    def discovery(self) -> Response:
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
                "token_endpoint_auth_methods_supported": [
                    "client_secret_basic",
                    "client_secret_post",
                    "client_secret_jwt",
                    "private_key_jwt",
                    "none",
                ],
            }
        )

    def keys(self) -> Response:
        """Empty: the tokens are signed with a key that is not public."""
        return jsonify({"keys": []})

    def userinfo(self) -> Response:
        """OpenID Connect Core 1.0 §5.3, for the tokens that are for any API."""
        live = self._mint.find("oauth2", credential("Bearer") or "")
        if live is None:
            raise RefusedError(401, {"error": "invalid_token"}, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return jsonify({"sub": live.owner})

    def token(self) -> Response:
        fields = self._fields()
        grant_type = fields["grant_type"]
        client = self._client(fields)
        if grant_type not in GRANTS:
            raise _error("unsupported_grant_type", f"Unsupported grant type: {grant_type}")
        _check_fields(fields, *GRANTS[grant_type])
        if client is not None and fields.get("resource") != client.resource:
            raise _error("invalid_target", f"Wrong resource: {fields.get('resource')}")
        if grant_type == JWT_BEARER:
            return self._by_assertion(client, fields)
        if client is None:
            raise _invalid_client()
        if grant_type == "refresh_token":
            return self._refresh(client, fields)
        if grant_type == "password":
            return self._grant(client, _scope(client, fields.get("scope")), None, self._person(fields))
        if grant_type == TOKEN_EXCHANGE:
            return self._grant(client, _scope(client, fields.get("scope")), None, self._exchanged(fields))
        if client.client_secret is None and client.public_key is None:
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

    def _client(self, fields: dict[str, str]) -> IdpClient | None:
        """The client, which must show itself in a way set for it and in no other; None where only its grant does."""
        if "client_assertion" in fields or "client_assertion_type" in fields:
            return self._asserted(fields)
        if "Authorization" in request.headers:
            way = "form_basic"
            pair = basic_pair(credential("Basic") or "")
            if pair is None or "client_secret" in fields or fields.get("client_id", pair[0]) != pair[0]:
                raise _invalid_client()
            # RFC 6749 §2.3.1: id and secret are form-encoded before they are joined.
            client_id = unquote_plus(pair[0])
            secret = unquote_plus(pair[1])
        elif fields["grant_type"] == JWT_BEARER and "client_secret" not in fields:
            # RFC 7521 §4.1: who signs the grant need not be a client.
            return None
        else:
            way = "json" if request.mimetype == JSON else "form_post"
            client_id = fields.get("client_id", "")
            secret = fields.get("client_secret", "")
        client = self._accounts.find(IdpClient, client_id)
        if client is None or client.request != way or (client.client_secret or "") != secret or client.issuer:
            raise _invalid_client()
        return client

    def _asserted(self, fields: dict[str, str]) -> IdpClient:
        """RFC 7523 §2.2: nothing else may say who the client is."""
        others = "Authorization" in request.headers or "client_secret" in fields or request.mimetype == JSON
        if others or fields.get("client_assertion_type") != ASSERTION_TYPE:
            raise _invalid_client()
        client, subject = signer(self._state, fields.get("client_assertion", ""), _audiences(), _invalid_client)
        if client.client_id not in (subject, fields.get("client_id", client.client_id)):
            raise _invalid_client("The assertion is of another client")
        return client

    def _by_assertion(self, client: IdpClient | None, fields: dict[str, str]) -> Response:
        """RFC 7523 §2.1."""
        found, subject = signer(self._state, fields["assertion"], _audiences(), _invalid_grant)
        if client not in (None, found):
            raise _invalid_grant("The assertion is of another client")
        user = found.user_id if subject == found.client_id else subject
        return self._grant(found, _scope(found, fields.get("scope")), None, user)

    def _person(self, fields: dict[str, str]) -> str:
        """RFC 6749 §4.3."""
        known = self._accounts.find(IdpUser, fields["username"])
        if known is None or known.password != fields["password"]:
            raise _invalid_grant("Invalid user credentials")
        return known.user_id

    def _exchanged(self, fields: dict[str, str]) -> str:
        """RFC 8693 §2.1."""
        known = self._accounts.find(IdpSubject, fields["subject_token"])
        if known is None or known.subject_token_type != fields["subject_token_type"]:
            raise _error("invalid_request", "The subject token is not known")
        return known.user_id

    def _refresh(self, client: IdpClient, fields: dict[str, str]) -> Response:
        """RFC 6749 §6. The token must be the client's own; a rotating one is used up."""
        text = fields["refresh_token"]
        known = self._accounts.find(IdpRefresh, text)
        if known is None or known.client_id != client.client_id:
            raise _invalid_grant("The refresh token is invalid or expired")
        # The scope of the first grant holds where none is sent.
        scope = _scope(client, fields["scope"]) if "scope" in fields else client.scope
        if client.rotates:
            if self._accounts.take(IdpRefresh, text) is None:
                raise _invalid_grant("The refresh token is invalid or expired")
            text = secrets.token_urlsafe(24)
            self._accounts.add(IdpRefresh(text, client.client_id))
        return self._grant(client, scope, text)

    def _grant(self, client: IdpClient, scope: str | None, refresh: str | None, user: str = "") -> Response:
        user = user or client.user_id
        claims: dict[str, object] = {"iss": _issuer(), "sub": user, "azp": client.client_id}
        access_claims = {**claims, "aud": client.audience or client.resource or "netbird", "scope": scope or ""}
        area = "api" if client.token_field == "access_token" else "none"
        issued = self._mint.grant(client.provider, user, area, access_claims)
        id_token = sign({**claims, "aud": client.client_id}, issued.expires_in)
        if client.token_field == "id_token":
            expires_at = time.time() + issued.expires_in
            self._mint.enrol(id_token, Live(client.provider, user, "api", expires_at))
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


def _check_fields(fields: dict[str, str], required: set[str], optional: set[str]) -> None:
    for name in sorted(required - fields.keys()):
        raise _refused(400, f"Missing field: {name}")
    for name in sorted(fields.keys() - required - optional - CLIENT):
        raise _refused(400, f"Unknown field: {name}")


def _scope(client: IdpClient, asked: str | None) -> str | None:
    """The scope to grant: the one demanded of the client, or any that the provider has."""
    names = set((asked or "").split())
    wrong = names != set(client.scope.split()) if client.scope else not names <= SCOPES
    if wrong:
        raise _error("invalid_scope", f"Wrong scope: {asked}")
    return asked
