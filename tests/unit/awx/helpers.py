# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A client of the stand-in, and a credential type that is right in every part, to be changed in one."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

from ansible_collections.netapi.auth.tests.awx import Awx, Launch, Outcome
from ansible_collections.netapi.auth.tests.awx.resources import User

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
INJECTORS: dict[str, Any] = {
    "env": {"EXAMPLE_KEY": "{{ key }}", "EXAMPLE_CHECK": "{{ check }}", "EXAMPLE_FILE": "{{ tower.filename }}"},
    "file": {"template": "key={{ key }}"},
    "extra_vars": {"example_region": "{{ region }}"},
}
TYPE: dict[str, Any] = {"name": "Example", "kind": "cloud", "inputs": INPUTS, "injectors": INJECTORS}


class Client:
    def __init__(self, awx: Awx, user: User | None = None) -> None:
        self._awx = awx
        self._headers = {"Authorization": f"Bearer {user.token}"} if user else {}

    def __call__(self, method: str, path: str, body: object = None) -> requests.Response:
        """`path` is below the API's address."""
        return requests.request(
            method, f"{self._awx.api}/{path}", json=body, headers=self._headers, timeout=TIMEOUT, allow_redirects=False
        )

    def get(self, path: str) -> Any:
        """The body of an answer that must be good."""
        response = self("GET", path)
        assert response.status_code == 200, response.text
        return response.json()

    def create(self, path: str, **body: object) -> Any:
        response = self("POST", path, body)
        assert response.status_code == 201, response.text
        return response.json()

    def organization(self) -> int:
        return next(iter(self._awx.store.organizations.rows))

    def credential(self, name: str, kind: int, **inputs: object) -> Any:
        owner = self.organization()
        return self.create("credentials/", name=name, credential_type=kind, organization=owner, inputs=inputs)

    def settled(self, path: str, end: Sequence[str]) -> Any:
        """The row at `path` once its status is one of `end`."""
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            row = self.get(path)
            if row["status"] in end:
                return row
            time.sleep(0.02)
        raise AssertionError(f"{path} is still {row['status']}")

    def project(self, repository: Path, name: str = "Project") -> Any:
        """A project whose clone is there."""
        owner = self.organization()
        made = self.create("projects/", name=name, organization=owner, scm_type="git", scm_url=f"file://{repository}")
        assert made["status"] == "pending"
        return self.settled(f"projects/{made['id']}/", ["successful", "failed"])

    def template(self, repository: Path, **values: object) -> Any:
        """A job template for `site.yml`."""
        inventory = self.get("inventories/?name=Demo Inventory")["results"][0]["id"]
        project = self.project(repository)["id"]
        body = {"name": "Template", "project": project, "inventory": inventory, "playbook": "site.yml", **values}
        return self.create("job_templates/", **body)


PLAYBOOKS = {
    "site.yml": "---\n- hosts: all\n",
    "playbooks/Also.yaml": "- name: Named\n  hosts: all\n",
    "playbooks/imports.yml": "- import_playbook: example.one.two\n",
    "playbooks/builtin.yml": "- ansible.builtin.import_playbook: example.one.two\n",
    "playbooks/broken.yml": "- hosts: [\n",
    "vaulted.yml": "$ANSIBLE_VAULT;1.1;AES256\n00\n",
}
OTHERS = {
    "site.txt": "- hosts: all\n",
    "variables.yml": "a: 1\n",
    "named.yml": "- name: Named\n",
    "empty.yml": "",
    "roles/one/site.yml": "- hosts: all\n",
    "a/tasks/main.yml": "- hosts: all\n",
    "group_vars/all.yml": "hosts: 1\n",
    "host_vars/one.yml": "hosts: 1\n",
    ".github/site.yml": "- hosts: all\n",
}


def repository(directory: Path) -> Path:
    """A git repository with playbooks, and with files that are none."""
    for name, content in {**PLAYBOOKS, **OTHERS}.items():
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(content)
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    author = ["-c", "user.name=test", "-c", "user.email=test@example.com"]
    for arguments in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message", "First"]):
        subprocess.run(["git", *arguments], cwd=directory, env=environment, check=True)
    return directory


@dataclass
class Runner:
    """Runs no playbook: keeps the launches, and ends each as it was told, or when it is cancelled."""

    outcome: Outcome | None = field(default_factory=lambda: Outcome("successful", "ok=1\n"))
    """None: wait until the job is cancelled."""
    launches: list[Launch] = field(default_factory=list)
    started: threading.Event = field(default_factory=threading.Event)

    def __call__(self, launch: Launch) -> Outcome:
        self.launches.append(launch)
        self.started.set()
        if self.outcome is None:
            assert launch.cancelled.wait(TIMEOUT)
            return Outcome("canceled", "")
        return self.outcome
