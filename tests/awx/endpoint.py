# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""List and detail of one resource, with what differs left to its class."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from flask import Flask, Response, request

from .api import Fields, answer, found, page, read, superuser_only
from .resources import Resource, Store, Table, now

R = TypeVar("R", bound=Resource)


class Endpoint(Generic[R]):
    path: ClassVar[str]
    """The last part of the list's address."""
    type: ClassVar[str]
    list_methods: ClassVar[tuple[str, ...]] = ("GET", "POST")
    detail_methods: ClassVar[tuple[str, ...]] = ("GET", "PUT", "PATCH", "DELETE")

    def __init__(self, store: Store, prefix: str, table: Table[R], fields: Fields) -> None:
        self.store = store
        self.table = table
        self._fields = fields
        self._prefix = prefix

    def register(self, app: Flask) -> None:
        self.route(app, "", self._list, *self.list_methods)
        self.route(app, "<int:pk>/", self._detail, *self.detail_methods)

    def route(self, app: Flask, suffix: str, view: Callable[..., Response], *methods: str) -> None:
        @functools.wraps(view)
        def locked(**arguments: int) -> Response:
            with self.store.lock:
                return view(**arguments)

        rule = f"{self._prefix}/{self.path}/{suffix}"
        app.add_url_rule(rule, f"{self.path}/{suffix}", locked, methods=list(methods))

    def url(self, key: int) -> str:
        return f"{self._prefix}/{self.path}/{key}/"

    def shown(self, row: R) -> dict[str, object]:
        return {
            "id": row.id,
            "type": self.type,
            "url": self.url(row.id),
            "related": {name: f"{self.url(row.id)}{name}/" for name in self.related()},
            "created": row.created,
            "modified": row.modified,
            "name": row.name,
            "description": row.description,
            **self.details(row),
        }

    def taken(self, row: R | None, **values: object) -> bool:
        """Whether another row has these values."""
        return any(
            one is not row and all(getattr(one, name) == value for name, value in values.items())
            for one in self.table.all()
        )

    def related(self) -> tuple[str, ...]:
        """Addresses below the detail."""
        return ()

    def details(self, row: R) -> Mapping[str, object]:
        """What the answer holds beside name and description."""
        raise NotImplementedError

    # Any: the values were read by this class's fields.
    def create(self, values: dict[str, Any]) -> R:
        """Check what was sent and keep it."""
        raise NotImplementedError

    def check(self, row: R, values: dict[str, Any]) -> None:
        """Refuse a change, or put right what was sent."""

    def changed(self, row: R, values: Mapping[str, Any]) -> None:
        """Follow up a change."""

    def check_removal(self, row: R) -> None:
        """Refuse to delete."""

    def order(self, row: R) -> tuple[str, ...]:
        return (row.name,)

    def _list(self) -> Response:
        if request.method == "GET":
            return page([self.shown(row) for row in sorted(self.table.all(), key=self.order)])
        superuser_only()
        row = self.create(read(self._fields, partial=False))
        return answer(self.shown(row), 201, self.url(row.id))

    def _detail(self, pk: int) -> Response:
        row = found(self.table, pk)
        if request.method == "GET":
            return answer(self.shown(row))
        superuser_only()
        if request.method == "DELETE":
            self.check_removal(row)
            del self.table.rows[pk]
            return Response(status=204)
        values = read(self._fields, partial=request.method == "PATCH")
        self.check(row, values)
        for name, value in {**values, "modified": now()}.items():
            setattr(row, name, value)
        self.changed(row, values)
        return answer(self.shown(row))
