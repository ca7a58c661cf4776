# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all resources share: fields of a body, refusals, pages and filters, in the words of Django REST framework."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Response, g, request

from ..sandbox.wire import JSON, RefusedError
from .resources import Resource, Table, User

PAGE_SIZE = 25
MAX_PAGE_SIZE = 200
TRUE = ("true", "t", "1")
FALSE = ("false", "f", "0")
FORBIDDEN = "You do not have permission to perform this action."

R = TypeVar("R", bound=Resource)


def refusal(status: int, detail: str) -> RefusedError:
    return RefusedError(status, {"detail": detail})


def invalid(**errors: str | Sequence[str] | Mapping[str, object]) -> RefusedError:
    """A 400 by field."""
    return RefusedError(400, {name: [error] if isinstance(error, str) else error for name, error in errors.items()})


def taken(sentence: str) -> RefusedError:
    return RefusedError(400, {"__all__": [sentence]})


def answer(body: object, status: int = 200, location: str | None = None) -> Response:
    response = Response(json.dumps(body), status=status, content_type=JSON)
    if location:
        response.headers["Location"] = location
    return response


def user() -> User:
    asking = g.user
    assert isinstance(asking, User)
    return asking


def superuser_only() -> None:
    if not user().is_superuser:
        raise refusal(403, FORBIDDEN)


def body() -> dict[str, Any]:
    """The JSON object of the request; an empty body is an empty object."""
    text = request.get_data()
    if not text:
        return {}
    if request.mimetype != JSON:
        raise refusal(
            415,
            "You did not use correct Content-Type in your HTTP request. If you are using our REST API, "
            "the Content-Type must be application/json",
        )
    try:
        values = json.loads(text)
    except ValueError as error:
        raise refusal(400, f"JSON parse error - {error}") from None
    if not isinstance(values, dict):
        raise refusal(400, "JSON parse error - not a JSON object")
    return values


def found(table: Table[R], key: int) -> R:
    row = table.rows.get(key)
    if row is None:
        raise refusal(404, "Not found.")
    return row


@dataclass(frozen=True)
class Field:
    """A field that a client may write."""

    read: Callable[[Any], object]
    """Turns what was sent into the value; ValueError says what is wrong with it."""
    default: object = None
    required: bool = False


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("Not a valid string.")
    return str(value)


def name(value: Any) -> str:
    given = text(value).strip()
    if not given:
        raise ValueError("This field may not be blank.")
    if len(given) > 512:
        raise ValueError("Ensure this field has no more than 512 characters.")
    return given


def boolean(value: Any) -> bool:
    word = str(value).lower()
    if value in (None, "") or word in FALSE:
        return False
    if word in TRUE:
        return True
    raise ValueError("Must be a valid boolean.")


def anything(value: Any) -> object:
    if value is None:
        raise ValueError("This field may not be null.")
    return value


def choice(*allowed: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f'"{value}" is not a valid choice.')
        return str(value)

    return read


def key(known: Callable[[int], bool], *, null: bool = False) -> Callable[[Any], int | None]:
    """The id of another resource."""

    def read(value: Any) -> int | None:
        if value is None or value == "":
            if null:
                return None
            raise ValueError("This field may not be null.")
        if isinstance(value, bool) or not str(value).isdecimal():
            raise ValueError(f"Incorrect type. Expected pk value, received {type(value).__name__}.")
        if not known(int(value)):
            raise ValueError(f'Invalid pk "{value}" - object does not exist.')
        return int(value)

    return read


Fields = Mapping[str, Field]
NAMED: Fields = {"name": Field(name, required=True), "description": Field(text, "")}


def read(fields: Fields, *, partial: bool) -> dict[str, Any]:
    """The values of the body. What is no field is passed over; with `partial` only what was sent is there."""
    sent = body()
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for label, field in fields.items():
        if label in sent:
            try:
                values[label] = field.read(sent[label])
            except ValueError as error:
                errors[label] = [str(error)]
        elif field.required and not partial:
            errors[label] = ["This field is required."]
        elif not partial:
            values[label] = field.default
    if errors:
        raise RefusedError(400, errors)
    return values


def _matches(shown: Mapping[str, object], label: str, wanted: str) -> bool:
    """One filter of a list."""
    field, _separator, lookup = label.partition("__")
    if field not in shown:
        raise refusal(400, f"{shown['type']} has no field named '{field}'")
    if lookup not in ("", "exact"):
        raise refusal(400, f"The stand-in knows no lookup {lookup}.")
    value = shown[field]
    if isinstance(value, bool):
        if wanted.lower() not in TRUE + FALSE:
            raise refusal(400, f'Unable to interpret "{wanted}" as boolean')
        return value == (wanted.lower() in TRUE)
    if isinstance(value, int) and not wanted.isdecimal():
        raise refusal(400, f"Field '{field}' expected a number but got '{wanted}'.")
    return str(value) == wanted


def page(rows: Sequence[Mapping[str, object]]) -> Response:
    """One page of the rows that the query's filters choose. An empty table knows no fields and takes every filter."""
    asked = dict(request.args)
    wanted = {label: value for label, value in asked.items() if label not in ("page", "page_size", "format")}
    verdicts = [[_matches(row, label, value) for label, value in wanted.items()] for row in rows]
    chosen = [row for row, verdict in zip(rows, verdicts, strict=True) if all(verdict)]
    number = asked.get("page", "1")
    size = asked.get("page_size", "")
    length = min(int(size), MAX_PAGE_SIZE) if size.isdecimal() and int(size) else PAGE_SIZE
    last = max(1, -(-len(chosen) // length))
    number = str(last) if number == "last" else number
    if not number.isdecimal() or not 1 <= int(number) <= last:
        raise refusal(404, "Invalid page.")

    def link(to: int) -> str | None:
        capped = {"page_size": str(length)} if size.isdecimal() and int(size) > length else {}
        query = urlencode(sorted({**asked, **capped, "page": str(to)}.items()))
        return f"{request.path}?{query}" if 1 <= to <= last else None

    start = (int(number) - 1) * length
    return answer(
        {
            "count": len(chosen),
            "next": link(int(number) + 1),
            "previous": link(int(number) - 1),
            "results": chosen[start : start + length],
        }
    )
