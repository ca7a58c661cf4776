# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird: users, peers and groups, for personal access tokens and bearer tokens."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from .accounts import Accounts, NetBirdBearer, NetBirdUser, checksum, make_pat
from .tokens import Mint
from .wire import RefusedError, credential

PROVIDER = "netbird"
PAT = re.compile(r"nbp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})")
# Days that a personal access token can live.
LIVES = range(1, 366)
# Most paths put it before the words of a refusal that is about the user.
PERMISSIONS = "failed to validate user permissions: "
CURRENT = "/api/users/current"
BOOLEANS = {"true": True, "false": False}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Addresses of the API that are wrong: a slash at the end, a path below, the path without /api.
NOWHERE = ("<any(users, peers, groups):what>", "<any(users, peers, groups):what>/<path:rest>")


@dataclass(frozen=True)
class Caller:
    user_id: str
    role: str
    is_service_user: bool = False


def _nowhere(**parts: str) -> Response:
    """What the server says of any path and method that it does not have, whoever asks."""
    return Response("404 page not found\n", 404, mimetype="text/plain")


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(status, {"message": message, "code": status})


class NetBird:
    def __init__(self, accounts: Accounts, mint: Mint) -> None:
        self._accounts = accounts
        self._mint = mint
        self._made: dict[str, str] = {}

    def routes(self) -> Blueprint:
        routes = Blueprint(PROVIDER, __name__)
        routes.add_url_rule(CURRENT, view_func=self.current)
        routes.add_url_rule("/api/users", view_func=self.users)
        routes.add_url_rule("/api/peers", view_func=self.peers)
        routes.add_url_rule("/api/groups", view_func=self.groups)
        routes.add_url_rule("/api/groups", view_func=self.make_group, methods=["POST"])
        routes.add_url_rule("/api/groups/<group_id>", view_func=self.group)
        routes.add_url_rule("/api/users/<user_id>/tokens", view_func=self.mint, methods=["POST"])
        for place in ("/", "/api/"):
            for rest in (*NOWHERE, "<any(users, peers, groups):what>/"):
                routes.add_url_rule(place + rest, view_func=_nowhere, methods=METHODS)
        return routes

    def current(self) -> Response:
        """Refuses a service user although its token is good."""
        caller = self._caller()
        if caller.is_service_user:
            raise _refused(403, "permission denied")
        return jsonify(_user(caller, caller))

    def users(self) -> Response:
        """The caller is in the list, also one that only the identity provider knows.

        A person of role `user` sees itself alone.
        """
        caller = self._caller()
        asked = request.args.get("service_user")
        if asked is not None and asked not in BOOLEANS:
            raise _refused(400, "invalid service_user query parameter")
        active = [one for one in self._accounts.all(NetBirdUser) if one.condition == "active"]
        known = {one.user_id: Caller(one.user_id, one.role, one.is_service_user) for one in active}
        known.setdefault(caller.user_id, caller)
        seen = [one for one in known.values() if asked is None or one.is_service_user is BOOLEANS[asked]]
        if caller.role == "user" and not caller.is_service_user:
            seen = [one for one in seen if one.user_id == caller.user_id]
        return jsonify([_user(one, caller) for one in seen])

    def peers(self) -> Response:
        self._caller()
        return jsonify([{"id": "peer-1", "name": "sandbox-peer", "ip": "100.64.0.1", "connected": True}])

    def groups(self) -> Response:
        self._caller()
        return jsonify([{"id": "group-1", "name": "All", "peers_count": 1, "resources_count": 0}])

    def make_group(self) -> Response:
        """It can be read, and is not in the list."""
        self._caller()
        name = _named()["name"]
        group_id = f"group-{len(self._made) + 2}"
        self._made[group_id] = name
        return self.group(group_id)

    def group(self, group_id: str) -> Response:
        self._caller()
        if group_id not in self._made:
            raise _refused(404, f"group: {group_id} not found")
        return jsonify({"id": group_id, "name": self._made[group_id], "peers_count": 0, "resources_count": 0})

    def mint(self, user_id: str) -> Response:
        """A personal access token that works until the reset: of the caller, or of a service user."""
        caller = self._caller()
        body = _named()
        days = body.get("expires_in", 0)
        # To Python, true is a 1.
        if not isinstance(days, int) or isinstance(days, bool):
            raise _refused(400, "couldn't parse JSON request")
        if days not in LIVES:
            raise _refused(422, "expiration has to be between 1 and 365")
        user = next((one for one in self._accounts.all(NetBirdUser) if one.user_id == user_id), None)
        if caller.role not in ("owner", "admin"):
            raise _refused(403, f"{PERMISSIONS}permission denied")
        if user is not None and user.user_id != caller.user_id and not user.is_service_user:
            raise _refused(403, "admin role required")
        if user is None:
            raise _refused(404, f"user: {user_id} not found")
        pat = make_pat(secrets.token_hex(15))
        self._accounts.add(replace(user, pat=pat))
        about = {"id": secrets.token_hex(10), "name": body["name"], "created_by": user_id}
        return jsonify({"plain_token": pat, "personal_access_token": about})

    def _caller(self) -> Caller:
        if request.method == "HEAD":
            abort(_nowhere())
        header = request.headers.get("Authorization")
        if header is None:
            raise _refused(401, "no valid authentication provided")
        pat = credential("Token")
        bearer = credential("Bearer")
        if pat is not None:
            return self._owner(pat)
        # `Bearer nbp_…` works on newer servers only; the sandbox plays an older one, which knows no such token.
        if bearer is not None:
            return self._bearer(bearer)
        raise _refused(401, "token invalid")

    def _owner(self, pat: str) -> Caller:
        parts = PAT.fullmatch(pat)
        if parts is None or checksum(parts[1]) != parts[2]:
            raise _refused(401, "token invalid")
        user = self._accounts.find(NetBirdUser, pat)
        if user is None or user.condition == "deleted":
            digest = base64.b64encode(hashlib.sha256(pat.encode()).digest()).decode()
            raise _refused(404, f"invalid token: pat: {digest} not found")
        if user.condition == "expired":
            raise _refused(401, "token invalid")
        if user.condition in ("blocked", "pending"):
            if request.path == CURRENT:
                raise _refused(403, "user is blocked")
            words = "user is blocked" if user.condition == "blocked" else "user is pending approval"
            raise _refused(403, PERMISSIONS + words)
        if user.condition == "limited":
            raise _refused(429, "too many requests")
        return Caller(user.user_id, user.role, user.is_service_user)

    def _bearer(self, token: str) -> Caller:
        """A token of the sandbox's OpenID provider, or one from elsewhere that was registered."""
        live = self._mint.find(PROVIDER, token)
        if live is not None and live.area == "api":
            return Caller(live.owner, "user")
        known = self._accounts.find(NetBirdBearer, token)
        if known is None:
            raise _refused(401, "token invalid")
        return Caller(known.user_id, "user")


def _named() -> dict[str, Any]:
    """The body: an object with a name."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"]:
        raise _refused(422, "name shouldn't be empty")
    return body


def _user(user: Caller, caller: Caller) -> dict[str, object]:
    return {
        "id": user.user_id,
        "name": user.user_id,
        "email": "" if user.is_service_user else f"{user.user_id}@example.com",
        "role": user.role,
        "status": "active",
        "is_service_user": user.is_service_user,
        "is_blocked": False,
        "is_current": user.user_id == caller.user_id,
        "issued": "api",
        "auto_groups": [],
    }
