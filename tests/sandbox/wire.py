# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reading requests strictly: content type, fields, Authorization header."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

from flask import Response, jsonify, request

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


class RefusedError(Exception):
    """A refusal in the shape of the service that makes it."""

    def __init__(self, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}

    def response(self) -> Response:
        answer = jsonify(self.body)
        answer.status_code = self.status
        answer.headers.update(self.headers)
        return answer


Refuse = Callable[[int, str], RefusedError]
"""Makes a service's own refusal out of a status and a sentence."""


def demand(holds: bool, refusal: RefusedError) -> None:
    if not holds:
        raise refusal


def json_fields(required: set[str], optional: set[str], refuse: Refuse) -> dict[str, str]:
    """The body's JSON object, all of whose values are strings."""
    demand(request.mimetype == JSON, refuse(415, f"Content-Type must be {JSON}"))
    try:
        body = json.loads(request.get_data())
    except ValueError:
        raise refuse(400, "The body is not JSON") from None
    demand(isinstance(body, dict), refuse(400, "The body is not a JSON object"))
    for name, value in body.items():
        demand(isinstance(value, str), refuse(400, f"Field {name} is not a string"))
    return checked(body, required, optional, refuse)


def form_fields(required: set[str], optional: set[str], refuse: Refuse) -> dict[str, str]:
    demand(request.mimetype == FORM, refuse(415, f"Content-Type must be {FORM}"))
    try:
        pairs = parse_qsl(request.get_data(as_text=True), keep_blank_values=True, strict_parsing=True)
    except ValueError:
        raise refuse(400, "The body is not a form") from None
    body = dict(pairs)
    demand(len(body) == len(pairs), refuse(400, "A field is there twice"))
    return checked(body, required, optional, refuse)


def checked(body: dict[str, str], required: set[str], optional: set[str], refuse: Refuse) -> dict[str, str]:
    for name in sorted(required - body.keys()):
        raise refuse(400, f"Missing field: {name}")
    for name in sorted(body.keys() - required - optional):
        raise refuse(400, f"Unknown field: {name}")
    return body


def credential(scheme: str) -> str | None:
    """What follows the scheme and one space, or None when the scheme is another."""
    header = request.headers.get("Authorization", "")
    start = f"{scheme} "
    # A second space stays in the value, which then fits no account and no token.
    return header[len(start) :] if header.startswith(start) else None


def basic_pair(value: str | None) -> tuple[str, str] | None:
    """User and password out of a Basic credential in base64 (RFC 7617)."""
    try:
        text = base64.b64decode(value or "", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    user, colon, password = text.partition(":")
    return (user, password) if colon else None
