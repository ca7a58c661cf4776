# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`credential_types/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..sandbox.wire import RefusedError
from .api import NAMED, Field, anything, choice, refusal, taken
from .endpoint import Endpoint
from .resources import CredentialType, Store
from .rules import completed, problems

KINDS = [
    "ssh",
    "vault",
    "net",
    "scm",
    "cloud",
    "registry",
    "token",
    "insights",
    "external",
    "kubernetes",
    "galaxy",
    "cryptography",
]


def reordered(value: Any) -> Any:
    """The value with its keys as PostgreSQL's jsonb gives them back: the shortest first, then by their bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: reordered(value[key]) for key in keys}
    return [reordered(one) for one in value] if isinstance(value, list) else value


class CredentialTypes(Endpoint[CredentialType]):
    path = "credential_types"
    type = "credential_type"

    def __init__(self, store: Store, prefix: str) -> None:
        fields = {
            **NAMED,
            "kind": Field(choice(*KINDS), required=True),
            "inputs": Field(anything, {}),
            "injectors": Field(anything, {}),
        }
        super().__init__(store, prefix, store.types, fields)

    def details(self, row: CredentialType) -> Mapping[str, object]:
        return {
            "kind": row.kind,
            "namespace": row.namespace,
            "managed": row.managed,
            "inputs": reordered(row.inputs),
            "injectors": reordered(row.injectors),
        }

    def order(self, row: CredentialType) -> tuple[str, ...]:
        return (row.kind, row.name)

    def create(self, values: dict[str, Any]) -> CredentialType:
        self._valid(values, None)
        return self.table.add(**values)

    def check(self, row: CredentialType, values: dict[str, Any]) -> None:
        if row.managed:
            raise refusal(403, "Modifications not allowed for managed credential types")
        self._valid(values, row)
        if values.get("inputs", row.inputs) != row.inputs and self.store.in_use(row):
            raise refusal(403, "Modifications to inputs are not allowed for credential types that are in use")

    def check_removal(self, row: CredentialType) -> None:
        if row.managed:
            raise refusal(403, "Deletion not allowed for managed credential types")
        if self.store.in_use(row):
            raise refusal(403, "Credential types that are in use cannot be deleted")

    def _valid(self, values: dict[str, Any], row: CredentialType | None) -> None:
        whole = {**(vars(row) if row else {}), **values}
        errors = problems(whole["kind"], whole["inputs"], whole["injectors"])
        if errors:
            raise RefusedError(400, errors)
        if self.taken(row, kind=whole["kind"], name=whole["name"]):
            raise taken("Credential type with this Name and Kind already exists.")
        if "inputs" in values:
            values["inputs"] = completed(values["inputs"])
