# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flask application: the resources below the prefix, and around them users, recording and faults."""

from __future__ import annotations

import hmac
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from ..sandbox.app import interpose
from ..sandbox.state import Traffic
from ..sandbox.wire import RefusedError, basic_pair, credential
from .api import FORBIDDEN, answer, page, refusal, user
from .credential_types import CredentialTypes
from .credentials import Credentials
from .endpoint import Endpoint
from .jobs import Jobs
from .places import Inventories, Organizations
from .projects import Projects
from .resources import Store, User
from .runs import RunJob
from .templates import JobTemplates

AWX_PREFIX = "/api/v2"
LOGIN = " To establish a login session, visit /api/login/."
CHALLENGE = {"WWW-Authenticate": "Bearer realm=api authorization_url=/api/o/authorize/"}


@dataclass(frozen=True)
class Work:
    """What goes on outside of requests: clones and jobs."""

    executor: Executor
    clones: Path
    run_job: RunJob | None


@dataclass(frozen=True)
class Place:
    """What `Awx` was told of the same names."""

    prefix: str
    has_tokens: bool
    elsewhere: int


def build(store: Store, traffic: Traffic, place: Place, work: Work) -> Flask:
    app = Flask(__name__, static_folder=None)
    prefix = place.prefix
    credentials = Credentials(store, prefix)
    jobs = Jobs(store, prefix, work.run_job, work.executor)
    endpoints: list[Endpoint[Any]] = [
        CredentialTypes(store, prefix),
        credentials,
        Organizations(store, prefix),
        Inventories(store, prefix),
        Projects(store, prefix, work.clones, work.executor),
        JobTemplates(store, prefix, credentials, jobs),
        jobs,
    ]
    for endpoint in endpoints:
        endpoint.register(app)
    _signposts(app, place, [endpoint.path for endpoint in endpoints])
    app.add_url_rule(f"{prefix}/me/", "me", lambda: page([_shown(user(), prefix)]))

    def before() -> Response | None:
        if isinstance(request.routing_exception, RequestRedirect):
            # Django's redirect to the address with a slash, after which a POST arrives as a GET.
            return Response(status=301, headers={"Location": request.routing_exception.new_url})
        if request.routing_exception is None and request.path.startswith(f"{prefix}/") and request.endpoint != "v2":
            g.user = _authenticated(store, has_tokens=place.has_tokens)
        return None

    interpose(app, traffic, lambda: None)
    app.before_request(before)
    app.register_error_handler(RefusedError, RefusedError.response)
    app.register_error_handler(HTTPException, lambda error: _http_error(error, place))
    app.register_error_handler(AssertionError, _assertion)
    return app


def _http_error(error: HTTPException, place: Place) -> Response:
    if not request.path.startswith(f"{place.prefix}/"):
        if request.path.startswith("/api/") and place.elsewhere != 404:
            return answer({"detail": "Authentication credentials were not provided."}, place.elsewhere)
        return Response("<!DOCTYPE html><html><body><h1>Not Found</h1></body></html>", status=error.code or 500)
    detail = "The requested resource could not be found."
    if isinstance(error, MethodNotAllowed):
        detail = f'Method "{request.method}" not allowed.'
    return answer({"detail": detail}, error.code or 500)


def _assertion(error: AssertionError) -> Response:
    """What AWX has and the stand-in has not."""
    return answer({"detail": f"AssertionError: {error}"}, 500)


def _signposts(app: Flask, place: Place, paths: list[str]) -> None:
    """Where the API is. Anybody may read it."""
    prefix = place.prefix
    root = prefix.rsplit("/", 1)[0]
    versions: dict[str, object] = {
        "description": "AWX REST API",
        "current_version": f"{prefix}/",
        "available_versions": {"v2": f"{prefix}/"},
    }
    if place.has_tokens and prefix == AWX_PREFIX:
        versions["oauth2"] = "/api/o/"
    app.add_url_rule(f"{root}/", "versions", lambda: answer(versions))
    app.add_url_rule(f"{prefix}/", "v2", lambda: answer({path: f"{prefix}/{path}/" for path in ["me", *paths]}))
    if prefix != AWX_PREFIX:
        apis = {"gateway": "/api/gateway/", "controller": f"{root}/"}
        app.add_url_rule("/api/", "apis", lambda: answer({"description": "AAP gateway REST API", "apis": apis}))


def _authenticated(store: Store, *, has_tokens: bool) -> User:
    token = credential("Bearer")
    basic = credential("Basic")
    if basic is not None:
        name, password = basic_pair(basic) or ("", "")
        for one in store.users:
            if one.username == name and hmac.compare_digest(one.password.encode(), password.encode()):
                return one
        raise RefusedError(401, {"detail": f"Invalid username/password.{LOGIN}"}, CHALLENGE)
    for one in store.users if has_tokens else ():
        if token is not None and hmac.compare_digest(one.token.encode(), token.encode()):
            return one
        if token is not None and hmac.compare_digest(one.read_token.encode(), token.encode()):
            if request.method not in ("GET", "HEAD", "OPTIONS"):
                raise refusal(403, FORBIDDEN)
            return one
    raise RefusedError(401, {"detail": f"Authentication credentials were not provided.{LOGIN}"}, CHALLENGE)


def _shown(one: User, prefix: str) -> dict[str, object]:
    return {
        "id": one.id,
        "type": "user",
        "url": f"{prefix}/users/{one.id}/",
        "username": one.username,
        "is_superuser": one.is_superuser,
    }
