# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography: the three operations of data/netography-openapi.json, and the read of MITRE tactics."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request

from ..state import Service, sign, state
from ..wire import RefusedError, credential, demand, form_fields, json_fields

PROVIDER = "netography"
REQUEST_PATH = "/api/v1/auth/token"
CLAIMS = ["appkey", "appname", "iat", "jti", "shortname"]
CLOCK_SECONDS = 300
REFRESH_LIFE = 86400
ROUTES = Blueprint(PROVIDER, __name__)


@dataclass(frozen=True)
class NetographyKey:
    """An API key of a parent account, which also reaches its sub-accounts."""

    appkey: str
    appname: str
    sharedsecret: str
    shortname: str
    sub_accounts: tuple[str, ...] = ()
    roles: tuple[str, ...] = ("admin",)
    last_login: float | None = None
    reads_keys: bool = True
    """Whether its role lets it read and make API keys, or only make them."""


@dataclass(frozen=True)
class NetographyUser:
    username: str
    password: str
    shortname: str


@dataclass(frozen=True)
class NetographyRefresh:
    """A refresh token. `rotates`: it dies when it is used."""

    refresh_token: str
    subject: str
    shortname: str
    rotates: bool = False


@dataclass(frozen=True)
class UsedId:
    """The `jti` of a request token, behind the key that sent it."""

    text: str


def accounts() -> Iterator[object]:
    # The parts of the sample NETOSECRET in the service's documentation.
    yield NetographyKey("myappkey", "myappname", "mysharedsecret", "myshortname")
    for n in range(1, 10):
        parent = f"neto-account-{n}"
        subs = tuple(f"{parent}-sub-{m}" for m in (1, 2, 3))
        yield NetographyKey(f"neto-appkey-{n}", f"neto-appname-{n}", f"neto-sharedsecret-{n}", parent, subs)
        yield NetographyUser(f"neto-user-{n}", f"neto-password-{n}", parent)
        yield NetographyRefresh(f"neto-refresh-{n}", f"neto-user-{n}", parent)
        yield NetographyRefresh(f"neto-rotating-{n}", f"neto-user-{n}", parent, rotates=True)


def exports(url: str) -> dict[str, str]:
    parts = {part: f"neto-{part}-1" for part in ("appkey", "appname", "sharedsecret")}
    secret = json.dumps({"url": f"{url}/api/v1", "shortname": "neto-account-1", **parts})
    # The second for the other methods: only NETOSECRET has an address in it.
    return {"NETOSECRET": base64.b64encode(secret.encode()).decode(), "NETOGRAPHY_API_URL": url}


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(status, {"status": status, "name": HTTPStatus(status).phrase, "message": message})


def _segment(text: str) -> bytes:
    """Base64url without padding (RFC 7515 §2)."""
    if set(text) & set("=+/"):
        raise ValueError(text)
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _taken_apart(token: str) -> tuple[Any, dict[str, Any], bytes]:
    """Header, claims, signature. By hand, not with PyJWT: the client signs with that, and would share its faults."""
    try:
        header, payload, signature = (_segment(part) for part in token.split("."))
        head, claims = json.loads(header), json.loads(payload)
    except ValueError:
        raise _refused(401, "Request token: malformed") from None
    demand(isinstance(claims, dict), _refused(401, "Request token: malformed"))
    return head, claims, signature


def _is_first_use(claims: dict[str, Any]) -> bool:
    """Whether the key shows this `jti` for the first time; it is used up by asking."""
    return state().store.add(UsedId(f"{claims.get('appkey')} {claims.get('jti')}"))


def witness() -> None:
    """Use up the `jti` of a request that a fault answers: a retry must sign again all the same."""
    if request.path == REQUEST_PATH:
        try:
            _is_first_use(_taken_apart(json_fields({"jwt"}, set(), _refused)["jwt"])[1])
        except RefusedError:
            # Not well-formed enough to hold a jti: nothing to use up, and the fault answers anyway.
            return


@ROUTES.post(REQUEST_PATH)
def api_key() -> Response:
    token = json_fields({"jwt"}, set(), _refused)["jwt"]
    header, claims, signature = _taken_apart(token)
    wrong_header = "Request token: the header must be HS256 and JWT"
    demand(header == {"alg": "HS256", "typ": "JWT"}, _refused(401, wrong_header))
    demand(sorted(claims) == CLAIMS, _refused(401, f"Request token: the claims must be {', '.join(CLAIMS)}"))
    for name, value in claims.items():
        kind = int if name == "iat" else str
        fits = isinstance(value, kind) and not isinstance(value, bool)
        demand(fits and value != "", _refused(401, f"Request token: {name} must be {kind.__name__}"))
    key = _key(claims, token.rpartition(".")[0], signature)
    is_fresh = abs(time.time() - claims["iat"]) <= CLOCK_SECONDS
    demand(is_fresh, _refused(401, "Request token: iat is more than five minutes off"))
    demand(_is_first_use(claims), _refused(401, "Request token: jti was used before"))
    demand(claims["shortname"] in (key.shortname, *key.sub_accounts), _refused(404, "Account not found"))
    state().store.add(replace(key, last_login=time.time()))
    return _grant(key.appname, claims["shortname"])


def _key(claims: dict[str, Any], signed: str, signature: bytes) -> NetographyKey:
    """The key that signed the token. One sentence for every fault of it, as services do."""
    refusal = _refused(401, "Invalid credentials")
    key = state().store.login(NetographyKey, claims["appkey"], claims["appname"], refusal)
    demand(hmac.digest(key.sharedsecret.encode(), signed.encode(), hashlib.sha256) == signature, refusal)
    return key


@ROUTES.post("/api/auth/bearer/token")
def user() -> Response:
    fields = form_fields({"username", "password"}, set(), _refused)
    refusal = _refused(401, "Invalid credentials")
    known = state().store.login(NetographyUser, fields["username"], fields["password"], refusal)
    return _grant(known.username, known.shortname)


@ROUTES.post("/api/auth/bearer/refresh")
def refresh() -> Response:
    text = form_fields({"refresh_token"}, set(), _refused)["refresh_token"]
    known = state().store.find(NetographyRefresh, text)
    if known is not None and known.rotates:
        known = state().store.take(NetographyRefresh, text)
    if known is None:
        raise _refused(400, "Wrong or expired refresh token")
    return _grant(known.subject, known.shortname, rotates=known.rotates)


def _grant(subject: str, shortname: str, *, rotates: bool = False) -> Response:
    claims = {"iss": request.host_url, "sub": subject, "shortname": shortname}
    successor = sign({**claims, "typ": "Refresh"}, REFRESH_LIFE)
    state().store.add(NetographyRefresh(successor, subject, shortname, rotates))
    answer: dict[str, object] = {
        **state().grant(PROVIDER, subject, "api", claims),
        "refresh_expires_in": REFRESH_LIFE,
        "refresh_token": successor,
        "token_type": "bearer",
        "id_token": sign({**claims, "typ": "ID"}, REFRESH_LIFE),
        "not-before-policy": 0,
        "session-state": str(uuid.uuid4()),
        "scope": "openid profile",
    }
    return jsonify(answer)


@ROUTES.get("/api/v1/api-keys/<appname>")
def show_key(appname: str) -> Response:
    caller = _key_of_caller()
    demand(caller.reads_keys, _refused(403, "Forbidden"))
    return jsonify({"data": _shown(_named(caller, appname))})


@ROUTES.get("/api/v1/api-keys")
def show_keys() -> Response:
    caller = _key_of_caller()
    demand(caller.reads_keys, _refused(403, "Forbidden"))
    return jsonify({"data": [_shown(one) for one in _keys(caller)]})


@ROUTES.post("/api/v1/api-keys")
def make_key() -> tuple[Response, int]:
    caller = _key_of_caller()
    body = request.get_json(silent=True)
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    appname, roles = fields.get("appname"), fields.get("roles")
    fits = isinstance(appname, str) and appname != "" and isinstance(roles, list) and len(roles) <= 1
    demand(fits, _refused(400, "appname and at most one of roles are required"))
    demand(all(one.appname != appname for one in _keys(caller)), _refused(409, "API key already exists"))
    made = NetographyKey(
        uuid.uuid4().hex, str(appname), caller.sharedsecret, caller.shortname, caller.sub_accounts, tuple(roles or ())
    )
    state().store.add(made)
    return jsonify({"data": {**_shown(made), "appkey": made.appkey}}), 201


@ROUTES.delete("/api/v1/api-keys/<appname>")
def remove_key(appname: str) -> Response:
    state().store.take(NetographyKey, _named(_key_of_caller(), appname).appkey)
    return jsonify({"data": {}})


def _key_of_caller() -> NetographyKey:
    """The API key that the bearer token came of."""
    live = state().live(PROVIDER, credential("Bearer"))
    found = next((one for one in state().store.all(NetographyKey) if live and one.appname == live.owner), None)
    if found is None:
        raise _refused(401, "Missing or invalid token")
    return found


def _keys(caller: NetographyKey) -> list[NetographyKey]:
    return [one for one in state().store.all(NetographyKey) if one.shortname == caller.shortname]


def _named(caller: NetographyKey, appname: str) -> NetographyKey:
    found = next((one for one in _keys(caller) if one.appname == appname), None)
    if found is None:
        raise _refused(404, "API key not found")
    return found


def _shown(key: NetographyKey) -> dict[str, object]:
    """Never with the appkey or the shared secret."""
    login = None if key.last_login is None else int(key.last_login)
    about = {"appname": key.appname, "description": "", "roles": list(key.roles)}
    return {**about, "last_login": login, "last_ip": None if login is None else "192.0.2.1"}


@ROUTES.get("/api/v1/mitre/tactics")
def tactics() -> Response:
    is_known = state().live(PROVIDER, credential("Bearer")) is not None
    demand(is_known, _refused(401, "Missing or invalid token"))
    known = [{"id": "TA0001", "name": "Initial Access"}, {"id": "TA0011", "name": "Command and Control"}]
    return jsonify({"meta": {"code": 200, "count": len(known)}, "data": known})


SERVICE = Service(PROVIDER, ROUTES, accounts, exports, witness)
