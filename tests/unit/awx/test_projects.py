# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Organizations, inventories and projects."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from .helpers import PLAYBOOKS, Client


def test_what_is_there(client: Client) -> None:
    [organization] = client.get("organizations/")["results"]
    [inventory] = client.get("inventories/")["results"]
    assert organization["name"] == "Default"
    assert (inventory["name"], inventory["organization"]) == ("Demo Inventory", organization["id"])


def test_names_are_taken(client: Client) -> None:
    assert client("POST", "organizations/", {"name": "Default"}).json() == {
        "name": ["Organization with this Name already exists."]
    }
    other = client.create("organizations/", name="Other")["id"]
    client.create("inventories/", name="Demo Inventory", organization=other)
    again = client("POST", "inventories/", {"name": "Demo Inventory", "organization": other})
    assert again.json() == {"__all__": ["Inventory with this Name and Organization already exists."]}


def test_a_project_is_cloned(client: Client, playbooks: Path) -> None:
    project = client.project(playbooks)
    head = subprocess.run(
        ["git", "-C", str(playbooks), "rev-parse", "HEAD"], capture_output=True, text=True, check=True
    )
    assert (project["status"], project["scm_revision"]) == ("successful", head.stdout.strip())
    assert client.get(f"projects/{project['id']}/playbooks/") == sorted(PLAYBOOKS, key=str.lower)


def test_a_project_that_can_not_be_cloned(client: Client, tmp_path: Path) -> None:
    project = client.project(tmp_path / "nowhere")
    assert (project["status"], project["scm_revision"]) == ("failed", "")
    assert client.get(f"projects/{project['id']}/playbooks/") == []


def test_a_changed_branch_is_cloned_again(client: Client, playbooks: Path) -> None:
    project = client.project(playbooks)
    changed = client("PATCH", f"projects/{project['id']}/", {"scm_branch": "nowhere"}).json()
    assert changed["status"] == "pending"
    assert client.settled(f"projects/{project['id']}/", ["failed"])["scm_branch"] == "nowhere"


def test_refusals(client: Client, playbooks: Path) -> None:
    client.project(playbooks)
    owner = client.organization()
    body = {"name": "Project", "organization": owner, "scm_type": "git"}
    assert client("POST", "projects/", body).json() == {"scm_url": ["SCM URL is required."]}
    assert client("POST", "projects/", {**body, "scm_type": "cvs"}).json() == {
        "scm_type": ['"cvs" is not a valid choice.']
    }
    again = client("POST", "projects/", {**body, "scm_url": "file:///x"})
    assert again.json() == {"__all__": ["Project with this (name, organization) combination already exists."]}


@pytest.mark.parametrize("scm_type", ["", "svn"])
def test_the_stand_in_knows_git_only(client: Client, scm_type: str) -> None:
    answer = client("POST", "projects/", {"name": "Project", "scm_type": scm_type, "scm_url": "x"})
    assert answer.status_code == 500
    assert "git only" in answer.json()["detail"]
