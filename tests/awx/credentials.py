# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`credentials/`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlparse

from ..sandbox.wire import RefusedError
from .api import NAMED, Field, anything, invalid, key, taken
from .endpoint import Endpoint
from .resources import SECRET, Credential, CredentialType, Store
from .rules import TYPES

OWNERS = ("organization", "team", "user")


class Credentials(Endpoint[Credential]):
    path = "credentials"
    type = "credential"

    def __init__(self, store: Store, prefix: str) -> None:
        people = {one.id for one in store.users}
        fields = {
            **NAMED,
            "credential_type": Field(key(store.types.rows.__contains__), required=True),
            "organization": Field(key(store.organizations.rows.__contains__, null=True)),
            "user": Field(key(people.__contains__, null=True)),
            "team": Field(key(store.teams.rows.__contains__, null=True)),
            "inputs": Field(anything, {}),
        }
        super().__init__(store, prefix, store.credentials, fields)

    def details(self, row: Credential) -> Mapping[str, object]:
        kind = self.store.types.rows[row.credential_type]
        return {
            "organization": row.organization,
            "credential_type": row.credential_type,
            "managed": False,
            "inputs": row.shown(kind),
            "kind": kind.namespace,
            "cloud": kind.kind == "cloud",
            "kubernetes": kind.kind == "kubernetes",
        }

    def create(self, values: dict[str, Any]) -> Credential:
        owners = [name for name in OWNERS if values[name] is not None]
        if not owners:
            raise invalid(detail="Missing 'user', 'team', or 'organization'.")
        if len(owners) > 1:
            received = ", ".join(owners)
            raise invalid(
                detail=f"Only one of 'user', 'team', or 'organization' should be provided, received {received} fields."
            )
        if values["team"] is not None:
            values["organization"] = self.store.teams.rows[values["team"]].organization
        values["inputs"] = checked(self.store.types.rows[values["credential_type"]], values["inputs"], None)
        self._unique(values, None)
        return self.table.add(**values)

    def check(self, row: Credential, values: dict[str, Any]) -> None:
        for owner in ("user", "team"):
            values.pop(owner, None)  # Only a creation knows them.
        kind = values.get("credential_type", row.credential_type)
        if kind != row.credential_type and any(row.id in one.credentials for one in self.store.templates.all()):
            raise invalid(
                credential_type="You cannot change the credential type of the credential, as it may break the "
                "functionality of the resources using it."
            )
        values["inputs"] = checked(self.store.types.rows[kind], values.get("inputs", row.inputs), row.inputs)
        self._unique({"organization": row.organization, "credential_type": kind, "name": row.name, **values}, row)

    def check_removal(self, row: Credential) -> None:
        for template in self.store.templates.all():
            template.credentials = [one for one in template.credentials if one != row.id]

    def _unique(self, values: Mapping[str, Any], row: Credential | None) -> None:
        identity = {name: values[name] for name in ("organization", "name", "credential_type")}
        # As in a database, a missing organization is equal to no other.
        if values["organization"] is not None and self.taken(row, **identity):
            raise taken("Credential with this Organization, Name and Credential type already exists.")


def checked(kind: CredentialType, sent: Any, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The inputs to keep. What the type requires is not asked for here, in AWX neither.

    :param kept: the inputs so far, for which `$encrypted$` stands; None for a new credential.
    """
    if not isinstance(sent, dict):
        raise invalid(inputs=f"{type(sent).__name__} provided, expected dict")
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for name, value in sent.items():
        field = kind.fields.get(name)
        if field is None:
            raise invalid(inputs=f"Additional properties are not allowed ({name!r} was unexpected)")
        if field.get("secret") and value == SECRET:
            if kept is None or name not in kept:
                raise invalid(inputs=f"$encrypted$ is a reserved keyword, and cannot be used for {name}.")
            values[name] = kept[name]
            continue
        values[name] = value or (field["choices"][0] if "choices" in field else TYPES[field["type"]]())
        error = _error(field, values[name])
        if error:
            errors[name] = [error]
    if errors:
        raise RefusedError(400, {"inputs": errors})
    return values


def _error(field: Mapping[str, Any], value: object) -> str | None:
    if not isinstance(value, TYPES[field["type"]]):
        return f"{value!r} is not of type {field['type']!r}"
    if "choices" in field and value not in field["choices"]:
        return f"{value!r} is not one of {field['choices']!r}"
    if field.get("format") == "url":
        # An empty text is no URL either: such a field can be left out, but not be empty.
        url = urlparse(str(value))
        if not url.scheme:
            return "Invalid URL: Missing url scheme (http, https, etc.)"
        if not url.netloc:
            return f"Invalid URL: {value}"
    if field.get("format") == "ssh_private_key" and value and "-----BEGIN " not in str(value):
        return "Invalid certificate or key"
    return None
