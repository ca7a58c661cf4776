# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The stand-in as a server: the resources below the prefix, and around them users, recording and faults."""

from __future__ import annotations

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import RequestRedirect

from ..sandbox.app import interpose
from ..sandbox.server import Loopback
from ..sandbox.state import Traffic
from ..sandbox.wire import RefusedError, basic_pair, credential
from .credentials import Credentials, CredentialTypes
from .jobs import Jobs, JobTemplates, Projects, RunJob, Work
from .resources import CredentialType, Inventory, Resource, Store, User
from .rest import FORBIDDEN, Endpoint, answer, key, page, refusal

AWX_PREFIX = "/api/v2"
LOGIN = " To establish a login session, visit /api/login/."
CHALLENGE = {"WWW-Authenticate": "Bearer realm=api authorization_url=/api/o/authorize/"}


class Awx(Loopback):
    """`with Awx() as awx:` serves from entry to exit; `tls` is a certificate and its key.

    :param run_job: runs the jobs, in a thread of its own each; without it a launch is refused.
    :param prefix: where the API is: `/api/v2` as in AWX, `/api/controller/v2` as behind the platform's gateway.
    :param has_tokens: whether it takes tokens; AWX after 24.6.1 has none.
    :param elsewhere: the status of what lies beside the API: a later gateway answers 401 to whatever is below `/api/`.
    """

    def __init__(
        self,
        *,
        run_job: RunJob | None = None,
        prefix: str = AWX_PREFIX,
        has_tokens: bool = True,
        elsewhere: int = 404,
        tls: tuple[str, str] | None = None,
    ) -> None:
        self.state = Traffic()
        self.store = Store()
        self.has_tokens = has_tokens
        self._prefix = prefix
        self._elsewhere = elsewhere
        self._executor = ThreadPoolExecutor()
        self._clones = tempfile.TemporaryDirectory()
        super().__init__(self._app(Work(self._executor, Path(self._clones.name), run_job)), self.state, tls=tls)

    def close(self) -> None:
        """Stop listening, and wait for the jobs that run."""
        super().close()
        self._executor.shutdown()
        self._clones.cleanup()

    @property
    def admin(self) -> User:
        return self.store.users[0]

    @property
    def reader(self) -> User:
        """An ordinary user."""
        return self.store.users[1]

    @property
    def writes(self) -> list[str]:
        """`POST /api/v2/credential_types/` and so on, in their order."""
        return [f"{one.method} {one.path}" for one in self.state.requests if one.method not in ("GET", "HEAD")]

    def add_managed(self, name: str, kind: str = "cloud") -> CredentialType:
        """One more type that AWX owns."""
        with self.store.lock:
            return self.store.types.add(name=name, kind=kind, managed=True)

    def _app(self, work: Work) -> Flask:
        app = Flask(__name__, static_folder=None)
        jobs = Jobs(self.store, self._prefix, work)
        endpoints: list[Endpoint[Any]] = [
            CredentialTypes(self.store, self._prefix),
            Credentials(self.store, self._prefix),
            Organizations(self.store, self._prefix, self.store.organizations),
            Inventories(self.store, self._prefix),
            Projects(self.store, self._prefix, work),
            JobTemplates(self.store, self._prefix, jobs),
            jobs,
        ]
        for endpoint in endpoints:
            endpoint.register(app)
        app.add_url_rule(f"{self._prefix}/me/", "me", lambda: page([_shown(g.user)]))
        self._signposts(app)
        interpose(app, self.state, lambda: None)
        app.before_request(self._before)
        app.register_error_handler(RefusedError, RefusedError.response)
        app.register_error_handler(HTTPException, self._http_error)
        # What AWX has and the stand-in has not.
        app.register_error_handler(AssertionError, lambda error: answer({"detail": f"AssertionError: {error}"}, 500))
        return app

    def _signposts(self, app: Flask) -> None:
        """Where the API is. Anybody may read it."""
        root = self._prefix.removesuffix("v2")
        versions: dict[str, object] = {"available_versions": {"v2": f"{self._prefix}/"}}
        if self.has_tokens and self._prefix == AWX_PREFIX:
            versions["oauth2"] = "/api/o/"
        app.add_url_rule(root, "versions", lambda: answer(versions))
        if self._prefix != AWX_PREFIX:
            apis = {"gateway": "/api/gateway/", "controller": root}
            app.add_url_rule("/api/", "apis", lambda: answer({"apis": apis}))

    def _before(self) -> Response | None:
        if isinstance(request.routing_exception, RequestRedirect):
            # Django's redirect to the address with a slash, after which a POST arrives as a GET.
            return Response(status=301, headers={"Location": request.routing_exception.new_url})
        if request.routing_exception is None and request.path.startswith(f"{self._prefix}/"):
            g.user = self._authenticated()
        return None

    def _http_error(self, error: HTTPException) -> Response:
        if not request.path.startswith(f"{self._prefix}/"):
            if request.path.startswith("/api/") and self._elsewhere != 404:
                return answer({"detail": "Authentication credentials were not provided."}, self._elsewhere)
            return Response("<!DOCTYPE html><html><body><h1>Not Found</h1></body></html>", status=error.code or 500)
        detail = "The requested resource could not be found."
        if isinstance(error, MethodNotAllowed):
            detail = f'Method "{request.method}" not allowed.'
        return answer({"detail": detail}, error.code or 500)

    def _authenticated(self) -> User:
        token = credential("Bearer")
        basic = credential("Basic")
        if basic is not None:
            name, password = basic_pair(basic) or ("", "")
            for one in self.store.users:
                if (one.username, one.password) == (name, password):
                    return one
            raise RefusedError(401, {"detail": f"Invalid username/password.{LOGIN}"}, CHALLENGE)
        for one in self.store.users if self.has_tokens else ():
            if token == one.token:
                return one
            if token == one.read_token:
                if request.method not in ("GET", "HEAD", "OPTIONS"):
                    raise refusal(403, FORBIDDEN)
                return one
        raise RefusedError(401, {"detail": f"Authentication credentials were not provided.{LOGIN}"}, CHALLENGE)


class Organizations(Endpoint[Resource]):
    path = "organizations"
    type = "organization"
    list_methods = ("GET",)


class Inventories(Endpoint[Inventory]):
    path = "inventories"
    type = "inventory"

    def __init__(self, store: Store, prefix: str) -> None:
        super().__init__(store, prefix, store.inventories, "organization", organization=key(store.organizations))


def _shown(one: User) -> dict[str, object]:
    return {"id": one.id, "username": one.username, "is_superuser": one.is_superuser}
