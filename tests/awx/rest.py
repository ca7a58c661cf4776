# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What all resources share: fields of a body, refusals, pages and filters, in the words of Django REST framework."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, g, request

from ..sandbox.wire import JSON, RefusedError
from .resources import Resource, Store, Table

PAGE_SIZE = 25
MAX_PAGE_SIZE = 200
FORBIDDEN = "You do not have permission to perform this action."

R = TypeVar("R", bound=Resource)
Read = Callable[[Any], object]
"""Turns what was sent for a field into its value; ValueError says what is wrong with it."""


def refusal(status: int, detail: str) -> RefusedError:
    return RefusedError(status, {"detail": detail})


def invalid(**errors: str) -> RefusedError:
    """A 400 by field."""
    return RefusedError(400, {name: [error] for name, error in errors.items()})


def answer(body: object, status: int = 200, location: str | None = None) -> Response:
    response = Response(json.dumps(body), status=status, content_type=JSON)
    if location:
        response.headers["Location"] = location
    return response


def body() -> dict[str, Any]:
    """The JSON object of a request that writes; an empty body is an empty object."""
    if not g.user.is_superuser:
        raise refusal(403, FORBIDDEN)
    text = request.get_data()
    if text and request.mimetype != JSON:
        raise refusal(415, f"Unsupported media type. The Content-Type must be {JSON}")
    try:
        values = json.loads(text or "{}")
    except ValueError as error:
        raise refusal(400, f"JSON parse error - {error}") from None
    if not isinstance(values, dict):
        raise refusal(400, "JSON parse error - not a JSON object")
    return values


def text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise ValueError("Not a valid string.")
    return "" if value is None else str(value)


def name(value: Any) -> str:
    given = text(value).strip()
    if not given:
        raise ValueError("This field may not be blank.")
    if len(given) > 512:
        raise ValueError("Ensure this field has no more than 512 characters.")
    return given


def boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("Must be a valid boolean.")
    return value


def anything(value: Any) -> object:
    if value is None:
        raise ValueError("This field may not be null.")
    return value


def choice(*allowed: str) -> Read:
    def read(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f'"{value}" is not a valid choice.')
        return str(value)

    return read


def key(table: Table[Any]) -> Read:
    """The id of another resource; a text of digits is one, too."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not str(value).isdecimal():
            raise ValueError(f"Incorrect type. Expected pk value, received {type(value).__name__}.")
        if int(value) not in table.rows:
            raise ValueError(f'Invalid pk "{value}" - object does not exist.')
        return int(value)

    return read


def page(rows: Sequence[Mapping[str, object]]) -> Response:
    """One page of the rows."""
    number = request.args.get("page", "1")
    size = request.args.get("page_size", "")
    length = min(int(size), MAX_PAGE_SIZE) if size.isdecimal() and int(size) else PAGE_SIZE
    last = max(1, -(-len(rows) // length))
    if not number.isdecimal() or not 1 <= int(number) <= last:
        raise refusal(404, "Invalid page.")

    def link(to: int) -> str | None:
        return f"{request.path}?{urlencode({**request.args, 'page': to})}" if 1 <= to <= last else None

    shown = rows[(int(number) - 1) * length :][:length]
    following, previous = link(int(number) + 1), link(int(number) - 1)
    return answer({"count": len(rows), "next": following, "previous": previous, "results": shown})


class Endpoint(Generic[R]):
    """List and detail of one resource, with what differs left to its class."""

    path: ClassVar[str]
    """The last part of the list's address."""
    type: ClassVar[str]
    unique: ClassVar[tuple[str, ...]] = ("name", "organization")
    """The fields in which no two rows are alike."""
    hidden: ClassVar[frozenset[str]] = frozenset()
    """The fields that no answer shows."""
    list_methods: ClassVar[tuple[str, ...]] = ("GET", "POST")
    detail_methods: ClassVar[tuple[str, ...]] = ("GET",)

    def __init__(self, store: Store, prefix: str, table: Table[R], *required: str, **fields: Read) -> None:
        self.store = store
        self.table = table
        self._prefix = prefix
        self._fields: dict[str, Read] = {"name": name, "description": text, **fields}
        self._required = ("name", *required)

    def register(self, app: Flask) -> None:
        self.route(app, "", self._list, *self.list_methods)
        self.route(app, "<int:pk>/", self._detail, *self.detail_methods)

    def route(self, app: Flask, suffix: str, view: Callable[..., Response], *methods: str) -> None:
        @functools.wraps(view)
        def locked(**arguments: int) -> Response:
            with self.store.lock:
                return view(**arguments)

        app.add_url_rule(f"{self._prefix}/{self.path}/{suffix}", f"{self.path}/{suffix}", locked, methods=list(methods))

    def found(self, pk: int) -> R:
        row = self.table.rows.get(pk)
        if row is None:
            raise refusal(404, "Not found.")
        return row

    def url(self, row: R) -> str:
        return f"{self._prefix}/{self.path}/{row.id}/"

    def shown(self, row: R) -> dict[str, object]:
        fields = {name: value for name, value in vars(row).items() if name not in self.hidden}
        return {"type": self.type, "url": self.url(row), **fields}

    # Any: the values were read by this class's fields.
    def check(self, values: dict[str, Any], row: R | None) -> None:
        """Refuse what is to be kept, or put it right; the row is there when it changes."""

    def made(self, row: R) -> None:
        """Follow up a creation."""

    def check_removal(self, row: R) -> None:
        """Refuse to delete."""

    def _read(self, *, partial: bool) -> dict[str, Any]:
        """The values of the body."""
        sent = body()
        unknown = sent.keys() - self._fields.keys()
        assert not unknown, f"the stand-in has no field {min(unknown)} of {self.path}"
        values: dict[str, Any] = {}
        errors = {} if partial else {one: "This field is required." for one in self._required if one not in sent}
        for label, value in sent.items():
            try:
                values[label] = self._fields[label](value)
            except ValueError as error:
                errors[label] = str(error)
        if errors:
            raise invalid(**errors)
        return values

    def _checked(self, values: dict[str, Any], row: R | None) -> dict[str, Any]:
        self.check(values, row)
        whole = {**(vars(row) if row else {}), **values}
        if any(one is not row and all(getattr(one, name) == whole[name] for name in self.unique) for one in self.all()):
            raise invalid(__all__=f"One of {self.path} with this {' and '.join(self.unique)} already exists.")
        return values

    def all(self) -> list[R]:
        return sorted(self.table.all(), key=lambda row: row.name)

    def _list(self) -> Response:
        if request.method == "POST":
            row = self.table.add(**self._checked(self._read(partial=False), None))
            self.made(row)
            return answer(self.shown(row), 201, self.url(row))
        rows = [self.shown(row) for row in self.all()]
        wanted = {label: value for label, value in request.args.items() if label not in ("page", "page_size")}
        # All verdicts first, so that a wrong filter is found behind one that does not match.
        verdicts = [[self._matches(row, *one) for one in wanted.items()] for row in rows]
        return page([row for row, verdict in zip(rows, verdicts, strict=True) if all(verdict)])

    def _matches(self, row: Mapping[str, object], label: str, wanted: str) -> bool:
        """One filter of a list, by a field that is a text or a number."""
        value = row.get(label)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise refusal(400, f"{self.type} has no field named '{label}'")
        if isinstance(value, int) and not wanted.isdecimal():
            raise refusal(400, f"Field '{label}' expected a number but got '{wanted}'.")
        return str(value) == wanted

    def _detail(self, pk: int) -> Response:
        row = self.found(pk)
        if request.method == "GET":
            return answer(self.shown(row))
        values = self._read(partial=True)
        if request.method == "DELETE":
            self.check_removal(row)
            del self.table.rows[pk]
            return Response(status=204)
        vars(row).update(self._checked(values, row))
        return answer(self.shown(row))
