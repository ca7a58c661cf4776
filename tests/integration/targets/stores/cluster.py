# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for a Kubernetes API server with one Secret, and what a client asks to find the kind.

What it answers is in the API's reference; the words of a conflict are Kubernetes' own.
"""

from __future__ import annotations

import base64
import typing as t
from collections.abc import Callable

from flask import Flask, Response, jsonify, request

from ansible_collections.netapi.auth.tests.sandbox.server import Loopback
from ansible_collections.netapi.auth.tests.sandbox.state import Traffic

TOKEN = "stand-in-of-a-service-account-91d7"
NAME = "netbird"
SECRETS = "/api/v1/namespaces/automation/secrets"
PATCHES = ("application/strategic-merge-patch+json", "application/merge-patch+json")
KIND = {"name": "secrets", "singularName": "secret", "namespaced": True, "kind": "Secret"}
KIND |= {"verbs": ["get", "list", "patch", "update"]}
CONFLICT = (
    f'Operation cannot be fulfilled on secrets "{NAME}": the object has been modified; please apply your changes to '
    "the latest version and try again"
)
FOUND: dict[str, dict[str, t.Any]] = {
    "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
    "/api": {"kind": "APIVersions", "versions": ["v1"]},
    "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
    "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": [KIND]},
}


class Cluster(Loopback):
    """`with Cluster(data) as cluster:` serves from entry to exit.

    :ivar data: of the Secret, decoded.
    :ivar labels: of the Secret.
    :ivar may_patch: whether who asks may change the Secret.
    :ivar meanwhile: what somebody else does once the Secret was read; it is done once.
    """

    def __init__(self, data: dict[str, str]) -> None:
        self.data = data
        self.labels: dict[str, str] = {}
        self.version = 1001
        self.may_patch = True
        self.meanwhile: Callable[[], object] | None = None
        self.writes: list[int] = []
        app = Flask(__name__)
        app.before_request(_signed_in)
        for path, found in FOUND.items():
            app.add_url_rule(path, path, lambda found=found: jsonify(found))
        app.add_url_rule(f"{SECRETS}/{NAME}", "read", self._read, methods=["GET"])
        app.add_url_rule(f"{SECRETS}/{NAME}", "patch", self._patch, methods=["PATCH"])
        app.after_request(self._noted)
        super().__init__(app, Traffic())

    def label(self) -> None:
        """Somebody labels the Secret, which is another version of it with the same data."""
        self.labels["owner"] = "operations"
        self.version += 1

    def _read(self) -> Response:
        answer = self._object()
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            meanwhile()
        return answer

    def _patch(self) -> Response:
        body = request.get_json(force=True)
        if request.mimetype not in PATCHES:
            return _failure(415, "UnsupportedMediaType", "the body of the request was in an unknown format")
        if not self.may_patch:
            return _failure(403, "Forbidden", "secrets is forbidden: User cannot patch resource")
        if request.args.get("dryRun") == "All":
            # What would be done; nobody's object changes.
            return self._object()
        if body.get("metadata", {}).get("resourceVersion", str(self.version)) != str(self.version):
            return _failure(409, "Conflict", CONFLICT)
        coded = {name: base64.b64decode(text).decode() for name, text in body.get("data", {}).items()}
        after = {**self.data, **coded, **body.get("stringData", {})}
        self.version += after != self.data
        self.data = after
        return self._object()

    def _object(self) -> Response:
        about = {"name": NAME, "namespace": "automation", "resourceVersion": str(self.version), "labels": self.labels}
        coded = {name: base64.b64encode(text.encode()).decode() for name, text in self.data.items()}
        return jsonify(apiVersion="v1", kind="Secret", type="Opaque", metadata=about, data=coded)

    def _noted(self, response: Response) -> Response:
        if request.method != "GET" and "dryRun" not in request.args:
            self.writes.append(response.status_code)
        return response


def _signed_in() -> Response | None:
    if request.headers.get("Authorization") == f"Bearer {TOKEN}":
        return None
    return _failure(401, "Unauthorized", "Unauthorized")


def _failure(status: int, reason: str, message: str) -> Response:
    about = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    response = jsonify({**about, "message": message, "reason": reason, "code": status})
    response.status_code = status
    return response
