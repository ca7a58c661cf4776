# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Job templates and their credentials."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx

from .helpers import TYPE, Client


def test_life(client: Client, playbooks: Path) -> None:
    made = client.template(playbooks, survey_enabled=True, extra_vars="a: 1")
    address = f"job_templates/{made['id']}/"
    assert (made["playbook"], made["job_type"], made["survey_enabled"]) == ("site.yml", "run", True)
    assert made["organization"] == client.organization()
    changed = client("PATCH", address, {"playbook": "vaulted.yml"})
    assert changed.json()["playbook"] == "vaulted.yml"
    assert client("DELETE", address).status_code == 204
    assert client.get("job_templates/")["count"] == 0


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"project": None}, {"project": ["Job Templates must have a project assigned."]}),
        ({"project": 9999}, {"project": ['Invalid pk "9999" - object does not exist.']}),
        ({"inventory": None}, {"inventory": ["You must either set a default value or ask to prompt on launch."]}),
        ({"playbook": ""}, {"playbook": ["Must select playbook for project."]}),
        ({"playbook": "variables.yml"}, {"playbook": ["Playbook not found for project."]}),
        ({"job_type": "scan"}, {"job_type": ['"scan" is not a valid choice.']}),
        ({"survey_enabled": "perhaps"}, {"survey_enabled": ["Must be a valid boolean."]}),
        ({"extra_vars": "[1]"}, {"extra_vars": ["Input type `list` is not a dictionary"]}),
        ({"extra_vars": "{"}, {"extra_vars": ["Cannot parse as JSON or YAML."]}),
        ({}, {"__all__": ["JobTemplate with this (name, organization) combination already exists."]}),
    ],
)
def test_refusals(client: Client, playbooks: Path, changes: dict[str, Any], errors: dict[str, list[str]]) -> None:
    made = client.template(playbooks)
    body = {name: made[name] for name in ("name", "project", "inventory", "playbook")}
    answer = client("POST", "job_templates/", {**body, **changes})
    assert (answer.status_code, answer.json()) == (400, errors)


def test_credentials(client: Client, playbooks: Path) -> None:
    template = client.template(playbooks)["id"]
    address = f"job_templates/{template}/credentials/"
    kind = client.create("credential_types/", **TYPE)["id"]
    first, second = (client.credential(name, kind)["id"] for name in ("One", "Two"))
    attached = client("POST", address, {"id": first})
    assert (attached.status_code, attached.text) == (204, "")
    for one in (first, second):
        refused = client("POST", address, {"id": one})
        assert (refused.status_code, refused.json()) == (400, {"error": "Cannot assign multiple Example credentials."})
    assert [one["id"] for one in client.get(address)["results"]] == [first]
    assert client("POST", address, {"id": first, "disassociate": True}).status_code == 204
    assert client("POST", address, {"id": second}).status_code == 204
    assert [one["id"] for one in client.get(f"job_templates/{template}/")["summary_fields"]["credentials"]] == [second]
    assert client("DELETE", f"credentials/{second}/").status_code == 204
    assert client.get(address)["count"] == 0


def test_vaults_differ_by_their_id(client: Client, playbooks: Path) -> None:
    address = f"job_templates/{client.template(playbooks)['id']}/credentials/"
    vault = client.get("credential_types/?name=Vault")["results"][0]["id"]
    made = {
        name: client.credential(name, vault, vault_password="x", vault_id=name[0])["id"] for name in ("a1", "a2", "b")
    }
    assert [client("POST", address, {"id": made[name]}).status_code for name in ("a1", "b")] == [204, 204]
    refused = client("POST", address, {"id": made["a2"]})
    assert (refused.status_code, refused.json()) == (400, {"error": "Cannot assign multiple Vault (id=a) credentials."})


def test_credentials_that_no_job_takes(client: Client, playbooks: Path) -> None:
    address = f"job_templates/{client.template(playbooks)['id']}/credentials/"
    kind = client.get("credential_types/?kind=scm")["results"][0]["id"]
    refused = client("POST", address, {"id": client.credential("Git", kind)["id"]})
    assert (refused.status_code, refused.json()) == (400, {"error": "Cannot assign a Credential of kind `scm`."})
    assert client("POST", address, {"id": 9999}).status_code == 400
    assert client("POST", address, {"id": "1"}).json() == {"msg": '"id" field must be an integer.'}


def test_a_credential_in_a_template_keeps_its_type(awx: Awx, client: Client, playbooks: Path) -> None:
    kinds = [client.create("credential_types/", **{**TYPE, "name": name})["id"] for name in ("One", "Two")]
    mine = client.credential("Mine", kinds[0])["id"]
    assert client("PATCH", f"credentials/{mine}/", {"credential_type": kinds[1]}).status_code == 200
    client("POST", f"job_templates/{client.template(playbooks)['id']}/credentials/", {"id": mine})
    refused = client("PATCH", f"credentials/{mine}/", {"credential_type": kinds[0]})
    assert refused.status_code == 400
    assert awx.store.credentials.rows[mine].credential_type == kinds[1]
