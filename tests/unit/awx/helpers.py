# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the stand-in, and what the tests make in it."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ansible_collections.netapi.auth.tests.awx import Awx, Launch, Outcome

TIMEOUT = 60
INPUTS: dict[str, Any] = {
    "fields": [
        {"id": "key", "label": "Key", "secret": True},
        {"id": "region", "label": "Region", "choices": ["eu", "us"], "default": "eu"},
        {"id": "url", "label": "Address", "format": "url"},
        {"id": "check", "label": "Check", "type": "boolean", "default": True},
    ],
    "required": ["key"],
}
INJECTORS = {
    "env": {"KEY": "{{ key }}", "REGION": "{{ region }}", "CHECK": "{{ check }}", "FILE": "{{ tower.filename }}"},
    "file": {"template": "key={{ key }}"},
}
TYPE: dict[str, Any] = {"name": "Example", "kind": "cloud", "inputs": INPUTS, "injectors": INJECTORS}
SERVICES = {
    "question_name": "Services",
    "variable": "services",
    "type": "multiselect",
    "required": True,
    "choices": "a\n\nb\n",
    "default": "a",
}
SURVEY = {"name": "Survey", "description": "", "spec": [SERVICES]}
FILES = {
    "site.yml": "- hosts: all\n",
    "imports.yaml": "- name: Named\n  ansible.builtin.import_playbook: example.one.two\n",
    "variables.yml": "a: 1\n",
    "site.txt": "- hosts: all\n",
    "folder/site.yml": "- hosts: all\n",
}
# The ids of what Scene makes, of which no two are alike.
ORGANIZATION, KIND, CREDENTIAL, OF_GIT, PROJECT, INVENTORY, TEMPLATE = 3, *range(16, 22)


@dataclass
class Runner:
    """Runs no playbook: keeps the launches, and ends each as it was told."""

    outcome: Outcome = field(default_factory=lambda: Outcome("successful", "ok=1\n"))
    launches: list[Launch] = field(default_factory=list)

    def __call__(self, launch: Launch) -> Outcome:
        self.launches.append(launch)
        return self.outcome


class Scene:
    """A type, a credential of it and one of Git, a project, an inventory and a job template with the survey."""

    def __init__(self, awx: Awx, repository: Path) -> None:
        self.awx = awx
        scm = self("GET", "credential_types/?kind=scm").json()["results"][0]["id"]
        mine = {"organization": ORGANIZATION, "inputs": {"key": "hush", "region": "us"}}
        made = [
            self.made("credential_types/", **TYPE),
            self.made("credentials/", name="Mine", credential_type=KIND, **mine),
            self.made("credentials/", name="Git", credential_type=scm, organization=ORGANIZATION),
            self.made("projects/", name="One", organization=ORGANIZATION, scm_type="git", scm_url=repository.as_uri()),
            self.made("inventories/", name="One", organization=ORGANIZATION),
        ]
        assert self.settled(f"projects/{PROJECT}/")["status"] == "successful"
        template = {"project": PROJECT, "inventory": INVENTORY, "playbook": "site.yml"}
        made.append(self.made("job_templates/", name="One", survey_enabled=True, **template))
        assert made == [KIND, CREDENTIAL, OF_GIT, PROJECT, INVENTORY, TEMPLATE]
        assert self("POST", f"job_templates/{TEMPLATE}/survey_spec/", SURVEY).status_code == 200
        assert self("POST", f"job_templates/{TEMPLATE}/credentials/", {"id": CREDENTIAL}).status_code == 204

    def __call__(self, method: str, path: str, body: object = None) -> requests.Response:
        """A request of the superuser; `path` is below the API's address."""
        headers = {"Authorization": f"Bearer {self.awx.admin.token}"}
        url = f"{self.awx.url}/api/v2/{path}"
        return requests.request(method, url, json=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)

    def made(self, path: str, **body: object) -> int:
        """The id of what a POST makes."""
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        assert response.headers["Location"] == response.json()["url"]
        return int(response.json()["id"])

    def settled(self, path: str) -> Any:
        """The row at `path` at its end."""
        deadline = time.monotonic() + TIMEOUT
        while (row := self("GET", path).json())["status"] in ("pending", "running"):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        return row

    def kept(self) -> str:
        """All that the stand-in keeps."""
        return repr([table.rows for name, table in vars(self.awx.store).items() if name not in ("lock", "users")])


def repository(directory: Path) -> Path:
    """A Git repository with playbooks, and with files that are none."""
    for name, content in FILES.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for arguments in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message", "First"]):
        subprocess.run(["git", *arguments], cwd=directory, check=True)
    return directory
