# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The Flask application: the services on one origin, and around them recording and faults."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Flask, Response, g, request

from . import faults
from .control import PREFIX, Control
from .idp import IdentityProvider
from .netbird import NetBird
from .netfoundry import NetFoundry
from .netography import Netography
from .state import Recorded, State, Traffic
from .tokens import Mint
from .wire import RefusedError


def build(state: State) -> Flask:
    app = Flask(__name__, static_folder=None)
    mint = Mint(state)
    netography = Netography(state, mint)
    provider = IdentityProvider(state, mint)
    for service in (
        NetFoundry(state, mint),
        netography,
        NetBird(state.accounts, mint),
        provider,
        Control(state),
    ):
        app.register_blueprint(service.routes())

    def witness() -> None:
        netography.witness()
        provider.witness()

    interpose(app, state, witness, control=PREFIX)
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
        traffic.record(_recorded())
        fault = g.fault = traffic.faults.take(request.method, request.path, request.headers.get("Authorization", ""))
        if fault is None:
            return None
        time.sleep(fault.delay)
        if not fault.replaces:
            return None
        witness()
        return fault.stand_in()

    app.before_request(before)
    app.after_request(_spoilt)


def _recorded() -> Recorded:
    return Recorded(
        method=request.method,
        path=request.path,
        query=request.args.to_dict(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data().decode(errors="replace"),
    )


def _spoilt(response: Response) -> Response:
    fault = faults.current()
    return response if fault is None else fault.spoil(response)
