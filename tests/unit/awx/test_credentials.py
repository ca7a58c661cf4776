# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx

from .helpers import TYPE, Client

RESERVED = "$encrypted$ is a reserved keyword, and cannot be used for key."


@pytest.fixture
def kind(client: Client) -> int:
    """The example type's id."""
    return int(client.create("credential_types/", **TYPE)["id"])


def test_life(awx: Awx, client: Client, kind: int) -> None:
    made = client.credential("Mine", kind, key="hush", region="us")
    address = f"credentials/{made['id']}/"
    assert made["inputs"] == {"key": "$encrypted$", "region": "us"}
    assert (made["kind"], made["cloud"], made["credential_type"]) == (None, True, kind)
    assert client("PATCH", address, {"inputs": {"key": "$encrypted$", "check": False}}).json()["inputs"] == {
        "key": "$encrypted$",
        "check": False,
    }
    assert awx.store.credentials.rows[made["id"]].inputs == {"key": "hush", "check": False}
    assert "hush" not in client("GET", "credentials/").text
    assert client("DELETE", address).status_code == 204
    assert client.get("credentials/")["count"] == 0


def test_empty_values(client: Client, kind: int) -> None:
    made = client.credential("Mine", kind, key="", region="", check="")
    assert made["inputs"] == {"key": "", "region": "eu", "check": False}
    assert client.credential("Null", kind, key=None, region=None)["inputs"] == {"key": "", "region": "eu"}


@pytest.mark.parametrize(
    ("inputs", "errors"),
    [
        ({"other": "x"}, ["Additional properties are not allowed ('other' was unexpected)"]),
        ([], ["list provided, expected dict"]),
        ({"key": "$encrypted$"}, [RESERVED]),
        ({"key": 1}, {"key": ["1 is not of type 'string'"]}),
        ({"check": "true"}, {"check": ["'true' is not of type 'boolean'"]}),
        ({"region": "mars"}, {"region": ["'mars' is not one of ['eu', 'us']"]}),
        ({"url": "example.com"}, {"url": ["Invalid URL: Missing url scheme (http, https, etc.)"]}),
        ({"url": ""}, {"url": ["Invalid URL: Missing url scheme (http, https, etc.)"]}),
        ({"url": "https:"}, {"url": ["Invalid URL: https:"]}),
    ],
)
def test_inputs_must_fit_the_type(client: Client, kind: int, inputs: object, errors: object) -> None:
    body = {"name": "Mine", "credential_type": kind, "organization": client.organization(), "inputs": inputs}
    answer = client("POST", "credentials/", body)
    assert (answer.status_code, answer.json()) == (400, {"inputs": errors})


def test_owner(awx: Awx, client: Client, kind: int) -> None:
    owners: dict[str, Any] = {
        "organization": client.organization(),
        "user": awx.admin.id,
        "team": next(iter(awx.store.teams.rows)),
    }
    body = {"name": "Mine", "credential_type": kind}
    missing = client("POST", "credentials/", body)
    assert (missing.status_code, missing.json()) == (400, {"detail": ["Missing 'user', 'team', or 'organization'."]})
    for first, second in (("organization", "user"), ("team", "user"), ("organization", "team")):
        answer = client("POST", "credentials/", {**body, first: owners[first], second: owners[second]})
        assert answer.status_code == 400
        assert f"received {first}, {second} fields" in answer.json()["detail"][0]
    for owner, value in owners.items():
        client.create("credentials/", **{**body, "name": owner, owner: value})


def test_unknown_type_and_organization(client: Client) -> None:
    answer = client("POST", "credentials/", {"name": "Mine", "credential_type": 999, "organization": "x"})
    assert (answer.status_code, answer.json()) == (
        400,
        {
            "credential_type": ['Invalid pk "999" - object does not exist.'],
            "organization": ["Incorrect type. Expected pk value, received str."],
        },
    )


def test_the_name_is_taken_in_the_organization(client: Client, kind: int) -> None:
    client.credential("Mine", kind)
    body = {"name": "Mine", "credential_type": kind, "organization": client.organization()}
    answer = client("POST", "credentials/", body)
    assert (answer.status_code, answer.json()) == (
        400,
        {"__all__": ["Credential with this Organization, Name and Credential type already exists."]},
    )
