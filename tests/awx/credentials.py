# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`credential_types/` and `credentials/`."""

from __future__ import annotations

from typing import Any

from ..sandbox.wire import RefusedError
from .resources import MANAGED, Credential, CredentialType, Store
from .rest import Endpoint, anything, choice, invalid, key, refusal
from .rules import SECRET, checked, completed, problems


def reordered(value: Any) -> Any:
    """The value with its keys as PostgreSQL's jsonb gives them back: the shortest first, then by their bytes."""
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
        return {key: reordered(value[key]) for key in keys}
    return [reordered(one) for one in value] if isinstance(value, list) else value


class CredentialTypes(Endpoint[CredentialType]):
    path = "credential_types"
    type = "credential_type"
    unique = ("name", "kind")
    detail_methods = ("GET", "PATCH", "DELETE")

    def __init__(self, store: Store, prefix: str) -> None:
        kind = choice(*MANAGED)
        super().__init__(store, prefix, store.types, "kind", kind=kind, inputs=anything, injectors=anything)

    def shown(self, row: CredentialType) -> dict[str, object]:
        return {**super().shown(row), "inputs": reordered(row.inputs), "injectors": reordered(row.injectors)}

    def check(self, values: dict[str, Any], row: CredentialType | None) -> None:
        if row is not None and row.managed:
            raise refusal(403, "Modifications not allowed for managed credential types")
        whole = {"inputs": {}, "injectors": {}, **(vars(row) if row else {}), **values}
        errors = problems(whole["kind"], whole["inputs"], whole["injectors"])
        if errors:
            raise RefusedError(400, errors)
        if "inputs" not in values:
            return
        values["inputs"] = completed(values["inputs"])
        if row is not None and values["inputs"] != row.inputs and self._in_use(row):
            raise refusal(403, "Modifications to inputs are not allowed for credential types that are in use")

    def check_removal(self, row: CredentialType) -> None:
        if row.managed:
            raise refusal(403, "Deletion not allowed for managed credential types")
        if self._in_use(row):
            raise refusal(403, "Credential types that are in use cannot be deleted")

    def _in_use(self, kind: CredentialType) -> bool:
        return any(one.credential_type == kind.id for one in self.store.credentials.all())


class Credentials(Endpoint[Credential]):
    path = "credentials"
    type = "credential"
    unique = ("name", "organization", "credential_type")
    detail_methods = ("GET", "PATCH")

    def __init__(self, store: Store, prefix: str) -> None:
        keys = {"credential_type": key(store.types), "organization": key(store.organizations)}
        super().__init__(store, prefix, store.credentials, "credential_type", inputs=anything, **keys)

    def shown(self, row: Credential) -> dict[str, object]:
        secrets = {one["id"] for one in self.store.types.rows[row.credential_type].fields if one.get("secret")}
        inputs = {name: SECRET if value and name in secrets else value for name, value in row.inputs.items()}
        return {**super().shown(row), "inputs": inputs}

    def check(self, values: dict[str, Any], row: Credential | None) -> None:
        """All inputs are replaced at once; a secret that is sent as it is shown stays."""
        if row is None and "organization" not in values:
            raise invalid(detail="Missing 'user', 'team', or 'organization'.")
        if row is not None and "inputs" not in values:
            return
        kind = row.credential_type if row is not None else values["credential_type"]
        sent = values.get("inputs", {})
        if row is not None:
            sent = {name: row.inputs.get(name) if value == SECRET else value for name, value in sent.items()}
        values["inputs"] = checked(self.store.types.rows[kind].fields, sent)
