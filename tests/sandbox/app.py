# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flask application: the services on one origin; around them recording and faults; beside them the control."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Flask, Response, g, jsonify, request

from .faults import Fault, current
from .state import Recorded, State, Traffic, state
from .wire import RefusedError

CONTROL = Blueprint("control", __name__, url_prefix="/_sandbox")


def build(state: State) -> Flask:
    app = Flask(__name__, static_folder=None)
    app.extensions["sandbox"] = state
    for routes in (*(service.routes for service in state.services), CONTROL):
        app.register_blueprint(routes)

    def witness() -> None:
        for service in state.services:
            service.witness()

    interpose(app, state, witness, control="/_sandbox/")
    app.register_error_handler(RefusedError, RefusedError.response)
    return app


def interpose(app: Flask, traffic: Traffic, witness: Callable[[], None], control: str | None = None) -> None:
    """Record what comes in, and answer in place of the services or spoil their answers as the faults say.

    :param witness: called where a fault answers in place of a service.
    :param control: prefix of the paths that are left alone.
    """

    def before() -> Response | None:
        if control is not None and request.path.startswith(control):
            return None
        headers = {name.lower(): value for name, value in request.headers.items()}
        body = request.get_data().decode(errors="replace")
        traffic.requests.append(Recorded(request.method, request.path, request.args.to_dict(), headers, body))
        fault = g.fault = traffic.faults.take(request.method, request.path, request.headers.get("Authorization", ""))
        time.sleep(fault.delay)
        if not fault.replaces:
            return None
        witness()
        return fault.stand_in()

    app.before_request(before)
    app.after_request(lambda response: current().spoil(response))


@CONTROL.get("/state")
def show() -> Response:
    requests = [asdict(one) for one in state().requests]
    return jsonify({"requests": requests, "counts": state().counts, "grants": state().grants})


@CONTROL.post("/faults")
def add_fault() -> Response:
    try:
        state().faults.add(Fault(**request.get_json()))
    except TypeError as error:
        raise RefusedError(400, {"message": str(error)}) from None
    return Response(status=204)
