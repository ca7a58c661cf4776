# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird, in the words of its release 0.77: users, peers and groups, for access tokens and bearer tokens."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import itertools
import random
import re
import secrets
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from ..state import Service, state
from ..wire import RefusedError, credential, demand

PROVIDER = "netbird"
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PAT = re.compile(r"nbp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})")
# Most paths put it before the words of a refusal that is about the user.
PERMISSIONS = "failed to validate user permissions: "
CURRENT = "/api/users/current"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DAY = 86400
NO_DATE = "0001-01-01T00:00:00Z"
# That of the server, in which it tells times at the POST; in the listing they are in UTC.
ZONE = dt.timezone(dt.timedelta(hours=2))
ROUTES = Blueprint(PROVIDER, __name__)


@dataclass(frozen=True)
class NetBirdUser:
    """The owner of a personal access token.

    `condition` is active, expired, deleted (those two: the token's), blocked, pending, or limited (429).
    """

    pat: str
    user_id: str
    condition: str = "active"
    is_service_user: bool = False
    role: str = "admin"
    name: str = ""


@dataclass(frozen=True)
class NetBirdPat:
    """What is listed of a personal access token. Times are seconds since the epoch; None for never or none."""

    id: str
    user_id: str
    name: str
    pat: str
    created_at: float
    expires_at: float | None
    last_used: float | None = None
    created_by: str = ""


@dataclass(frozen=True)
class NetBirdBearer:
    """A bearer token from elsewhere (another identity provider) that NetBird is told to take."""

    token: str
    user_id: str


@dataclass(frozen=True)
class Group:
    id: str
    name: str
    peers_count: int = 0
    resources_count: int = 0


def checksum(text: str) -> str:
    """The six characters that end a PAT: CRC32 in base62, left-padded."""
    number = zlib.crc32(text.encode())
    return "".join(BASE62[number // 62**place % 62] for place in range(5, -1, -1))


def make_pat(label: str) -> str:
    """A well-formed PAT whose 30 characters begin with `label`, made of letters and digits."""
    body = label.ljust(30, "0")
    return f"nbp_{body}{checksum(body)}"


def accounts() -> Iterator[NetBirdUser]:
    for condition in ("expired", "deleted", "blocked", "pending", "limited"):
        yield NetBirdUser(make_pat(f"sandbox{condition}"), f"user-{condition}", condition)
    for n in range(1, 10):
        yield NetBirdUser(make_pat(f"sandboxuser{n}"), f"user-{n}")
        yield NetBirdUser(make_pat(f"sandboxservice{n}"), f"service-{n}", is_service_user=True)


def exports(url: str) -> dict[str, str]:
    return {"NB_PAT": make_pat("sandboxservice1"), "NETBIRD_API_URL": url}


def _refused(status: int, message: str) -> RefusedError:
    return RefusedError(status, {"message": message, "code": status})


def _nowhere(**parts: str) -> Response:
    """What the server says of any path and method that it does not have, whoever asks."""
    return Response("404 page not found\n", 404, mimetype="text/plain")


for _place in ("/", "/api/"):
    # A slash at the end, a path below, and the path without /api.
    for _end in ("", "/", "/<path:rest>"):
        ROUTES.add_url_rule(f"{_place}<any(users, peers, groups):what>{_end}", view_func=_nowhere, methods=METHODS)


@ROUTES.get(CURRENT)
def current() -> Response:
    """Refuses a service user although its token is good."""
    caller = _caller()
    demand(not caller.is_service_user, _refused(403, "permission denied"))
    return jsonify(_shown(caller, caller))


@ROUTES.get("/api/users")
def users() -> Response:
    """The caller is in the list, also one that only the identity provider knows; role `user` sees itself alone."""
    caller = _caller()
    asked = request.args.get("service_user")
    demand(asked in (None, "true", "false"), _refused(400, "invalid service_user query parameter"))
    there = ("active", "blocked", "pending")
    known = {one.user_id: one for one in state().store.all(NetBirdUser) if one.condition in there}
    known.setdefault(caller.user_id, caller)
    seen = [one for one in known.values() if asked is None or one.is_service_user is (asked == "true")]
    if caller.role == "user" and not caller.is_service_user:
        seen = [one for one in seen if one.user_id == caller.user_id]
    return jsonify([_shown(one, caller) for one in seen])


@ROUTES.get("/api/peers")
def peers() -> Response:
    _caller()
    return jsonify([{"id": "peer-1", "name": "sandbox-peer", "ip": "100.64.0.1", "connected": True}])


def _groups() -> dict[str, Group]:
    known = [Group("group-1", "All", peers_count=1), *state().store.all(Group)]
    return {one.id: one for one in known}


@ROUTES.get("/api/groups")
def groups() -> Response:
    _caller()
    return jsonify([*_groups().values()])


@ROUTES.post("/api/groups")
def make_group() -> Response:
    _caller()
    known = _groups()
    free = next(number for number in itertools.count(2) if f"group-{number}" not in known)
    made = Group(f"group-{free}", _named()["name"])
    state().store.add(made)
    return jsonify(made)


def _group(group_id: str) -> Group:
    _caller()
    found = _groups().get(group_id)
    if found is None:
        raise _refused(404, f"group: {group_id} not found")
    return found


@ROUTES.get("/api/groups/<group_id>")
def group(group_id: str) -> Response:
    return jsonify(_group(group_id))


@ROUTES.put("/api/groups/<group_id>")
def change_group(group_id: str) -> Response:
    changed = replace(_group(group_id), name=_named()["name"])
    demand(changed.id != "group-1", _refused(422, "updating group ALL is not allowed"))
    state().store.add(changed)
    return jsonify(changed)


@ROUTES.delete("/api/groups/<group_id>")
def remove_group(group_id: str) -> Response:
    found = _group(group_id)
    demand(found.id != "group-1", _refused(422, "deleting group ALL is not allowed"))
    state().store.take(Group, found.id)
    return jsonify({})


@ROUTES.get("/api/users/<user_id>/tokens")
def tokens(user_id: str) -> Response:
    """In no order, expired ones too; null for none."""
    _allowed(_caller(), user_id, mints=False)
    listed = _pats_of(user_id)
    return jsonify([_listed(one) for one in random.sample(listed, len(listed))] or None)


@ROUTES.post("/api/users/<user_id>/tokens")
def make_token(user_id: str) -> Response:
    """A personal access token that works until the reset, of a blocked user too."""
    caller = _caller()
    body = _named()
    days = body.get("expires_in", 0)
    # To Python, true is a 1.
    demand(isinstance(days, int) and not isinstance(days, bool), _refused(400, "couldn't parse JSON request"))
    demand(1 <= days <= 365, _refused(422, "expiration has to be between 1 and 365"))
    user = _allowed(caller, user_id, mints=True)
    now = time.time()
    made = NetBirdPat(
        secrets.token_hex(10), user_id, body["name"], make_pat(secrets.token_hex(15)), now, now + days * DAY
    )
    made = replace(made, created_by=caller.user_id)
    state().store.add(replace(user, pat=made.pat))
    state().store.add(made)
    return jsonify({"plain_token": made.pat, "personal_access_token": _listed(made, ZONE)})


@ROUTES.delete("/api/users/<user_id>/tokens/<token_id>")
def remove_token(user_id: str, token_id: str) -> Response:
    _allowed(_caller(), user_id, mints=True)
    found = next((one for one in _pats_of(user_id) if one.id == token_id), None)
    if found is None:
        raise _refused(404, f"pat: {token_id} not found")
    state().store.take(NetBirdPat, token_id)
    owner = state().store.take(NetBirdUser, found.pat)
    if owner is not None:
        # The user stays without the token.
        state().store.add(replace(owner, pat=f"none of {user_id}"))
    return jsonify({})


def _allowed(caller: NetBirdUser, user_id: str, *, mints: bool) -> NetBirdUser:
    """The user whose tokens the caller may list, or mint and remove."""
    user = next((one for one in state().store.all(NetBirdUser) if one.user_id == user_id), None)
    is_own = user_id == caller.user_id
    lists_own = is_own and not mints and (caller.is_service_user or caller.role != "user")
    may = caller.role in ("owner", "admin") or lists_own or (is_own and caller.role == "network_admin")
    demand(may, _refused(403, f"{PERMISSIONS}permission denied"))
    if user is None:
        raise _refused(404, f"user: {user_id} not found")
    demand(is_own or user.is_service_user, _refused(403, "admin role required"))
    return user


def _pats_of(user_id: str) -> list[NetBirdPat]:
    """Those of the user, and one for each token that a test gave it without saying more."""
    store = state().store
    known = {one.pat for one in store.all(NetBirdPat)}
    for user in store.all(NetBirdUser):
        if user.user_id == user_id and user.pat not in known and PAT.fullmatch(user.pat):
            _first_record(user)
    return [one for one in store.all(NetBirdPat) if one.user_id == user_id]


def _first_record(user: NetBirdUser) -> NetBirdPat:
    made = NetBirdPat(f"first-{user.pat[-12:]}", user.user_id, "sandbox", user.pat, time.time(), None)
    made = replace(made, expires_at=made.created_at + 365 * DAY)
    state().store.add(made)
    return made


def _listed(one: NetBirdPat, zone: dt.tzinfo = dt.UTC) -> dict[str, object]:
    used = {} if one.last_used is None else {"last_used": _time(one.last_used, zone)}
    about = {"id": one.id, "name": one.name, "created_by": one.created_by or one.user_id}
    end = NO_DATE if one.expires_at is None else _time(one.expires_at, zone)
    return {**about, "created_at": _time(one.created_at, zone), "expiration_date": end, **used}


def _time(seconds: float, zone: dt.tzinfo) -> str:
    """As Go writes it: nanoseconds in the server's zone, microseconds in UTC, both without zeros at the end."""
    found = dt.datetime.fromtimestamp(seconds, zone)
    digits = f"{found.microsecond:06}{'' if zone is dt.UTC else '427'}".rstrip("0")
    shift = "Z" if zone is dt.UTC else found.strftime("%z")[:3] + ":00"
    return f"{found:%Y-%m-%dT%H:%M:%S}{f'.{digits}' if digits else ''}{shift}"


def _named() -> dict[str, Any]:
    """The body: an object with a name."""
    body = request.get_json(silent=True)
    fields: dict[str, Any] = body if isinstance(body, dict) else {}
    name = fields.get("name")
    demand(isinstance(name, str) and name != "", _refused(422, "name shouldn't be empty"))
    return fields


def _caller() -> NetBirdUser:
    if request.method == "HEAD":
        abort(_nowhere())
    demand("Authorization" in request.headers, _refused(401, "no valid authentication provided"))
    pat = credential("Token")
    if pat is not None:
        return _owner(pat)
    # A token of the OpenID provider, or one that was registered. `Bearer nbp_…` works on newer servers only; the
    # sandbox plays an older one, which knows no such token.
    token = credential("Bearer") or ""
    live = state().live(PROVIDER, token)
    known = state().store.find(NetBirdBearer, token)
    if live and live.area == "api":
        return NetBirdUser("", live.owner, role="user")
    if known is None:
        raise _refused(401, "token invalid")
    return NetBirdUser("", known.user_id, role="user")


def _owner(pat: str) -> NetBirdUser:
    parts = PAT.fullmatch(pat)
    demand(parts is not None and checksum(parts[1]) == parts[2], _refused(401, "token invalid"))
    user = state().store.find(NetBirdUser, pat)
    if user is None or user.condition == "deleted":
        digest = base64.b64encode(hashlib.sha256(pat.encode()).digest()).decode()
        raise _refused(404, f"invalid token: pat: {digest} not found")
    is_current = request.path == CURRENT
    refusals = {
        "expired": (401, "token invalid"),
        "limited": (429, "too many requests"),
        "blocked": (403, "user is blocked" if is_current else f"{PERMISSIONS}user is blocked"),
        "pending": (403, "user is blocked" if is_current else f"{PERMISSIONS}user is pending approval"),
    }
    if user.condition != "limited":
        _use(pat, user)
    if user.condition in refusals:
        raise _refused(*refusals[user.condition])
    return user


def _use(pat: str, user: NetBirdUser) -> None:
    """Note the use, before anything else is judged. Refuse one that has expired."""
    found = next((one for one in state().store.all(NetBirdPat) if one.pat == pat), None) or _first_record(user)
    demand(found.expires_at is not None and found.expires_at > time.time(), _refused(401, "token invalid"))
    state().store.add(replace(found, last_used=time.time()))


def _shown(user: NetBirdUser, caller: NetBirdUser) -> dict[str, object]:
    return {
        "id": user.user_id,
        "name": user.name or user.user_id,
        "email": "" if user.is_service_user else f"{user.user_id}@example.com",
        "role": user.role,
        "status": "blocked" if user.condition == "blocked" else "active",
        "is_service_user": user.is_service_user,
        "is_blocked": user.condition == "blocked",
        "is_current": user.user_id == caller.user_id,
        "issued": "api",
        "auto_groups": [],
    }


SERVICE = Service(PROVIDER, ROUTES, accounts, exports)
