# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types as a resource; what they may hold is in test_rules.py."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx

from .helpers import INPUTS, TYPE, Client

IN_USE = {"detail": "Modifications to inputs are not allowed for credential types that are in use"}
TAKEN = {"__all__": ["Credential type with this Name and Kind already exists."]}


def test_life(client: Client) -> None:
    made = client.create("credential_types/", **TYPE)
    address = f"credential_types/{made['id']}/"
    assert made["url"] == f"/api/v2/{address}"
    assert (made["managed"], made["namespace"], made["description"]) == (False, None, "")
    assert made["inputs"] == {**INPUTS, "fields": [{"type": "string", **field} for field in INPUTS["fields"]]}
    changed = client("PATCH", address, {"description": "For examples"})
    assert changed.status_code == 200
    assert client.get(address) == changed.json()
    assert changed.json() == {**made, "description": "For examples", "modified": changed.json()["modified"]}
    assert client("DELETE", address).status_code == 204
    assert client("GET", address).status_code == 404


def test_keys_come_back_with_the_shortest_first(client: Client) -> None:
    address = f"credential_types/{client.create('credential_types/', **TYPE)['id']}/"
    shown = client.get(address)
    assert list(shown["inputs"]) == ["fields", "required"]
    assert list(shown["inputs"]["fields"][1]) == ["id", "type", "label", "choices", "default"]
    assert list(shown["injectors"]) == ["env", "file", "extra_vars"]


def test_a_put_empties_what_it_leaves_out(client: Client) -> None:
    made = client.create("credential_types/", **TYPE)
    address = f"credential_types/{made['id']}/"
    assert client("PUT", address, {"name": "Example"}).json() == {"kind": ["This field is required."]}
    answer = client("PUT", address, {"name": "Example", "kind": "net"}).json()
    assert (answer["kind"], answer["inputs"], answer["injectors"]) == ("net", {}, {})


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"name": None, "kind": None},
            {"name": ["This field may not be blank."], "kind": ['"None" is not a valid choice.']},
        ),
        ({"name": ""}, {"name": ["This field may not be blank."]}),
        ({"name": "x" * 513}, {"name": ["Ensure this field has no more than 512 characters."]}),
        ({"name": ["x"]}, {"name": ["Not a valid string."]}),
        ({"kind": "other"}, {"kind": ['"other" is not a valid choice.']}),
        ({"kind": "ssh"}, {"kind": ["Must be 'cloud' or 'net', not ssh"]}),
        ({"inputs": None}, {"inputs": ["This field may not be null."]}),
        ({"inputs": []}, {"inputs": ["list provided, expected dict"]}),
        (
            {"injectors": {"env": {"HOME": "/"}}},
            {"injectors": ["Environment variable HOME is not allowed to be used in credentials."]},
        ),
    ],
)
def test_refused_by_field(awx: Awx, client: Client, changes: dict[str, Any], errors: dict[str, list[str]]) -> None:
    before = len(awx.store.types.rows)
    answer = client("POST", "credential_types/", {**TYPE, **changes})
    assert (answer.status_code, answer.json()) == (400, errors)
    assert len(awx.store.types.rows) == before


def test_missing_fields(client: Client) -> None:
    required = ["This field is required."]
    assert client("POST", "credential_types/", {}).json() == {"name": required, "kind": required}


def test_name_and_kind_are_taken_together(client: Client) -> None:
    client.create("credential_types/", **TYPE)
    again = client("POST", "credential_types/", TYPE)
    assert (again.status_code, again.json()) == (400, TAKEN)
    other = client.create("credential_types/", **{**TYPE, "kind": "net"})
    moved = client("PATCH", f"credential_types/{other['id']}/", {"kind": "cloud"})
    assert (moved.status_code, moved.json()) == (400, TAKEN)
    assert client("PATCH", f"credential_types/{other['id']}/", {"name": "Example"}).status_code == 200


def test_managed(awx: Awx, client: Client) -> None:
    mine = awx.add_managed("NetBird API")
    address = f"credential_types/{mine.id}/"
    assert client("POST", "credential_types/", {**TYPE, "name": "NetBird API"}).json() == TAKEN
    changed = client("PATCH", address, {"description": "x"})
    deleted = client("DELETE", address)
    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert changed.json() == {"detail": "Modifications not allowed for managed credential types"}
    assert deleted.json() == {"detail": "Deletion not allowed for managed credential types"}
    assert client.get(address)["description"] == ""


def test_managed_is_not_for_clients_to_say(client: Client) -> None:
    assert client.create("credential_types/", **TYPE, managed=True)["managed"] is False


def test_in_use(client: Client) -> None:
    made = client.create("credential_types/", **TYPE)
    address = f"credential_types/{made['id']}/"
    client.credential("Mine", made["id"])
    changed = client("PATCH", address, {"inputs": {**INPUTS, "required": []}})
    assert (changed.status_code, changed.json()) == (403, IN_USE)
    # Equal once the types are filled in.
    assert client("PATCH", address, {"inputs": INPUTS, "name": "Renamed", "injectors": {}}).status_code == 200
    deleted = client("DELETE", address)
    assert (deleted.status_code, deleted.json()) == (
        403,
        {"detail": "Credential types that are in use cannot be deleted"},
    )
    kept = client.get(address)
    assert (kept["inputs"], kept["name"], kept["injectors"]) == (made["inputs"], "Renamed", {})
