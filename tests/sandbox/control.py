# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API under /_sandbox/: see what was asked, reset, order faults, add accounts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, Response, jsonify, request

from .accounts import account_from
from .faults import Fault
from .fit import fit
from .state import State
from .wire import RefusedError

PREFIX = "/_sandbox/"


class Control:
    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Blueprint:
        routes = Blueprint("control", __name__, url_prefix=PREFIX.rstrip("/"))
        routes.add_url_rule("/state", view_func=self.state)
        routes.add_url_rule("/reset", view_func=self.reset, methods=["POST"])
        routes.add_url_rule("/faults", view_func=self.faults, methods=["POST"])
        routes.add_url_rule("/accounts", view_func=self.accounts, methods=["POST"])
        return routes

    def state(self) -> Response:
        requests = [asdict(one) for one in self._state.requests]
        return jsonify({"requests": requests, "counts": self._state.counts, "grants": self._state.grants})

    def reset(self) -> Response:
        self._state.reset()
        return Response(status=204)

    def faults(self) -> Response:
        try:
            self._state.faults.add(fit(Fault, _object()))
        except ValueError as error:
            raise RefusedError(400, {"message": str(error)}) from None
        return Response(status=204)

    def accounts(self) -> Response:
        values = _object()
        try:
            self._state.accounts.add(account_from(str(values.pop("kind", "")), values))
        except ValueError as error:
            raise RefusedError(400, {"message": str(error)}) from None
        return Response(status=204)


def _object() -> dict[str, Any]:
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise RefusedError(400, {"message": "the body must be a JSON object"})
    return body
