# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`organizations/` and `inventories/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .api import NAMED, Field, invalid, key, taken
from .endpoint import Endpoint
from .resources import Inventory, Organization, Store


class Organizations(Endpoint[Organization]):
    path = "organizations"
    type = "organization"
    detail_methods = ("GET", "PUT", "PATCH")

    def __init__(self, store: Store, prefix: str) -> None:
        super().__init__(store, prefix, store.organizations, NAMED)

    def details(self, row: Organization) -> Mapping[str, object]:
        return {}

    def create(self, values: dict[str, Any]) -> Organization:
        self._unique(values, None)
        return self.table.add(**values)

    def check(self, row: Organization, values: dict[str, Any]) -> None:
        self._unique(values, row)

    def _unique(self, values: Mapping[str, Any], row: Organization | None) -> None:
        if "name" in values and self.taken(row, name=values["name"]):
            raise invalid(name="Organization with this Name already exists.")


class Inventories(Endpoint[Inventory]):
    path = "inventories"
    type = "inventory"

    def __init__(self, store: Store, prefix: str) -> None:
        organization = Field(key(store.organizations.rows.__contains__), required=True)
        super().__init__(store, prefix, store.inventories, {**NAMED, "organization": organization})

    def details(self, row: Inventory) -> Mapping[str, object]:
        return {"organization": row.organization, "kind": ""}

    def create(self, values: dict[str, Any]) -> Inventory:
        self._unique(values, None)
        return self.table.add(**values)

    def check(self, row: Inventory, values: dict[str, Any]) -> None:
        self._unique(values, row)

    def check_removal(self, row: Inventory) -> None:
        for template in self.store.templates.all():
            template.inventory = None if template.inventory == row.id else template.inventory

    def _unique(self, values: Mapping[str, Any], row: Inventory | None) -> None:
        whole = {**(vars(row) if row else {}), **values}
        if self.taken(row, name=whole["name"], organization=whole["organization"]):
            raise taken("Inventory with this Name and Organization already exists.")
