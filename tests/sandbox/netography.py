# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography: the three operations of data/netography-openapi.json, and the read of MITRE tactics."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
import uuid
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from .accounts import Accounts, NetographyKey, NetographyRefresh, NetographyUser
from .state import State
from .tokens import Mint, sign
from .wire import RefusedError, credential, form_fields, json_fields

PROVIDER = "netography"
REQUEST_PATH = "/api/v1/auth/token"
CLAIMS = {"iat", "jti", "appname", "appkey", "shortname"}
CLOCK_SECONDS = 300
REFRESH_LIFE = 86400


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(status, {"status": status, "name": HTTPStatus(status).phrase, "message": message})


@dataclass(frozen=True)
class RequestToken:
    """A request token taken apart; `signed` is what the signature covers."""

    header: object
    claims: dict[str, object]
    signed: str
    signature: bytes

    def text(self, claim: str) -> str:
        value = self.claims[claim]
        if not isinstance(value, str) or not value:
            raise _refused(401, f"Request token: {claim} must be a string")
        return value


def _segment(text: str) -> bytes:
    """Base64url without padding (RFC 7515 §2)."""
    if "=" in text or "+" in text or "/" in text:
        raise ValueError(text)
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _taken_apart(token: str) -> RequestToken:
    """Split by hand, not with PyJWT: the client signs with that, and a check should not share its faults."""
    try:
        header, payload, signature = token.split(".")
        head = json.loads(_segment(header))
        claims = json.loads(_segment(payload))
        signed = f"{header}.{payload}"
        proof = _segment(signature)
    except (ValueError, binascii.Error):
        raise _refused(401, "Request token: malformed") from None
    if not isinstance(claims, dict):
        raise _refused(401, "Request token: malformed")
    return RequestToken(head, claims, signed, proof)


class Netography:
    def __init__(self, state: State, mint: Mint) -> None:
        self._state = state
        self._accounts: Accounts = state.accounts
        self._mint = mint

    def routes(self) -> Blueprint:
        routes = Blueprint(PROVIDER, __name__)
        routes.add_url_rule(REQUEST_PATH, view_func=self.api_key, methods=["POST"])
        routes.add_url_rule("/api/auth/bearer/token", view_func=self.user, methods=["POST"])
        routes.add_url_rule("/api/auth/bearer/refresh", view_func=self.refresh, methods=["POST"])
        routes.add_url_rule("/api/v1/mitre/tactics", view_func=self.tactics)
        return routes

    def witness(self) -> None:
        """Use up the `jti` of a request that a fault answers: a retry must sign again all the same."""
        if request.path != REQUEST_PATH:
            return
        try:
            token = _taken_apart(json_fields({"jwt"}, set(), _refused)["jwt"])
            self._state.first_use(token.text("appkey"), token.text("jti"))
        except (RefusedError, KeyError):
            # Not well-formed enough to hold a jti: nothing to use up, and the fault answers anyway.
            return

    def api_key(self) -> Response:
        fields = json_fields({"jwt"}, set(), _refused)
        token = _taken_apart(fields["jwt"])
        if token.header != {"alg": "HS256", "typ": "JWT"}:
            raise _refused(401, "Request token: the header must be HS256 and JWT")
        if token.claims.keys() != CLAIMS:
            raise _refused(401, f"Request token: the claims must be {', '.join(sorted(CLAIMS))}")
        key = self._key(token)
        self._demand_fresh(token, key)
        shortname = token.text("shortname")
        if shortname not in (key.shortname, *key.sub_accounts):
            raise _refused(404, "Account not found")
        return self._grant(key.appname, shortname, rotates=False)

    def _key(self, token: RequestToken) -> NetographyKey:
        """The key that signed the token. One sentence for every fault of it, as services do."""
        key = self._accounts.find(NetographyKey, token.text("appkey"))
        if key is None or key.appname != token.text("appname"):
            raise _refused(401, "Invalid credentials")
        digest = hmac.new(key.sharedsecret.encode(), token.signed.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(digest, token.signature):
            raise _refused(401, "Invalid credentials")
        return key

    def _demand_fresh(self, token: RequestToken, key: NetographyKey) -> None:
        iat = token.claims["iat"]
        token_id = token.text("jti")
        if isinstance(iat, bool) or not isinstance(iat, int):
            raise _refused(401, "Request token: iat must be an integer")
        if abs(time.time() - iat) > CLOCK_SECONDS:
            raise _refused(401, "Request token: iat is more than five minutes off")
        if not self._state.first_use(key.appkey, token_id):
            raise _refused(401, "Request token: jti was used before")

    def user(self) -> Response:
        fields = form_fields({"username", "password"}, set(), _refused)
        user = self._accounts.find(NetographyUser, fields["username"])
        if user is None or user.password != fields["password"]:
            raise _refused(401, "Invalid credentials")
        return self._grant(user.username, user.shortname, rotates=False)

    def refresh(self) -> Response:
        text = form_fields({"refresh_token"}, set(), _refused)["refresh_token"]
        known = self._accounts.find(NetographyRefresh, text)
        if known is not None and known.rotates:
            known = self._accounts.take(NetographyRefresh, text)
        if known is None:
            raise _refused(400, "Wrong or expired refresh token")
        return self._grant(known.subject, known.shortname, rotates=known.rotates)

    def _grant(self, subject: str, shortname: str, *, rotates: bool) -> Response:
        claims = {"iss": request.host_url, "sub": subject, "shortname": shortname}
        issued = self._mint.grant(PROVIDER, subject, "api", claims)
        refresh = sign({**claims, "typ": "Refresh"}, REFRESH_LIFE)
        self._accounts.add(NetographyRefresh(refresh, subject, shortname, rotates))
        answer: dict[str, object] = {
            "access_token": issued.token,
            "expires_in": issued.expires_in,
            "refresh_expires_in": REFRESH_LIFE,
            "refresh_token": refresh,
            "token_type": "bearer",
            "id_token": sign({**claims, "typ": "ID"}, issued.expires_in),
            "not-before-policy": 0,
            "session-state": str(uuid.uuid4()),
            "scope": "openid profile",
        }
        return jsonify(answer)

    def tactics(self) -> Response:
        token = credential("Bearer")
        if token is None or self._mint.find(PROVIDER, token) is None:
            raise _refused(401, "Missing or invalid token")
        tactics = [
            {"id": "TA0001", "name": "Initial Access"},
            {"id": "TA0011", "name": "Command and Control"},
        ]
        return jsonify({"meta": {"code": 200, "count": len(tactics)}, "data": tactics})
