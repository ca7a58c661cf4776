# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for HashiCorp Vault: the secrets of one KV engine, version 2, and one token that reaches them.

What it answers is in Vault's documentation of that API, and its refusals are in Vault's own words.
"""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from flask import Flask, Response, jsonify, request

from ansible_collections.netapi.auth.tests.sandbox.server import Loopback
from ansible_collections.netapi.auth.tests.sandbox.state import Traffic

TOKEN = "hvs.stand-in-5b0c93"


class Vault(Loopback):
    """`with Vault() as vault:` serves from entry to exit.

    :ivar versions: the data of each path, the oldest first.
    :ivar may: what the token may do to a secret.
    :ivar meanwhile: what somebody else does once a secret was read; it is done once.
    """

    def __init__(self) -> None:
        self.versions: dict[str, list[dict[str, t.Any]]] = {}
        self.may = ["create", "read", "update"]
        self.meanwhile: Callable[[], object] | None = None
        self.writes: list[int] = []
        app = Flask(__name__)
        app.before_request(_signed_in)
        app.add_url_rule("/v1/secret/data/<path:path>", "read", self._read, methods=["GET"])
        app.add_url_rule("/v1/secret/data/<path:path>", "write", self._write, methods=["POST", "PUT"])
        app.add_url_rule("/v1/sys/capabilities-self", "may", self._may, methods=["POST", "PUT"])
        app.after_request(self._noted)
        super().__init__(app, Traffic())

    def _read(self, path: str) -> Response:
        versions = self.versions.get(path, [])
        number = int(request.args.get("version", 0)) or len(versions)
        if not 0 < number <= len(versions):
            return _refusal(404)
        answer = _answer({"data": versions[number - 1], "metadata": _metadata(number)})
        if (meanwhile := self.meanwhile) is not None:
            self.meanwhile = None
            meanwhile()
        return answer

    def _write(self, path: str) -> Response:
        body = request.get_json()
        versions = self.versions.setdefault(path, [])
        if not isinstance(body.get("data"), dict):
            return _refusal(400, "no data provided")
        if body.get("options", {}).get("cas") is None:
            # As of an engine whose cas_required is true.
            return _refusal(400, "check-and-set parameter required for this call")
        if body["options"]["cas"] != len(versions):
            return _refusal(400, "check-and-set parameter did not match the current version")
        versions.append(body["data"])
        return _answer(_metadata(len(versions)))

    def _may(self) -> Response:
        found = dict.fromkeys(request.get_json()["paths"], self.may)
        # Of a single path it says so without its name, too.
        return _answer({**found, **({"capabilities": self.may} if len(found) == 1 else {})})

    def _noted(self, response: Response) -> Response:
        if request.method != "GET" and "/data/" in request.path:
            self.writes.append(response.status_code)
        return response


def _signed_in() -> Response | None:
    return None if request.headers.get("X-Vault-Token") == TOKEN else _refusal(403, "permission denied")


def _refusal(status: int, *errors: str) -> Response:
    response = jsonify(errors=errors)
    response.status_code = status
    return response


def _metadata(version: int) -> dict[str, t.Any]:
    times = {"created_time": "2026-01-01T00:00:00.000000001Z", "deletion_time": ""}
    return {**times, "custom_metadata": None, "destroyed": False, "version": version}


def _answer(data: dict[str, t.Any]) -> Response:
    about = {"request_id": "7d2c4b1e-0000-4000-8000-000000000000", "lease_id": "", "renewable": False}
    return jsonify({**about, "lease_duration": 0, "data": data, "wrap_info": None, "warnings": None, "auth": None})
