# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in keeps: one dataclass for each resource, and the tables."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

# Of each kind one of the types that AWX brings along. No test fills them, so they have no fields.
MANAGED = {
    "ssh": "Machine",
    "vault": "Vault",
    "net": "Network",
    "scm": "Source Control",
    "cloud": "Amazon Web Services",
    "registry": "Container Registry",
    "token": "GitHub Personal Access Token",
    "insights": "Insights",
    "external": "HashiCorp Vault Secret Lookup",
    "kubernetes": "OpenShift or Kubernetes API Bearer Token",
    "galaxy": "Ansible Galaxy/Automation Hub API Token",
    "cryptography": "GPG Public Key",
}


@dataclass(frozen=True)
class User:
    id: int
    username: str
    password: str
    token: str
    read_token: str
    """One of the scope `read`."""
    is_superuser: bool


@dataclass
class Resource:
    id: int
    name: str
    description: str = ""


@dataclass
class CredentialType(Resource):
    kind: str = "cloud"
    managed: bool = False
    inputs: dict[str, Any] = field(default_factory=dict)
    injectors: dict[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> list[dict[str, Any]]:
        return list(self.inputs.get("fields", []))


@dataclass
class Credential(Resource):
    """`inputs` are in clear text here."""

    credential_type: int = 0
    organization: int = 0
    inputs: dict[str, Any] = field(default_factory=dict)


@dataclass
class Inventory(Resource):
    organization: int = 0


@dataclass
class Project(Resource):
    organization: int = 0
    scm_type: str = "git"
    scm_url: str = ""
    status: str = "pending"
    directory: Path | None = None
    """The clone, once there is one."""


@dataclass
class JobTemplate(Resource):
    project: int = 0
    organization: int = 0
    """That of the project."""
    inventory: int = 0
    playbook: str = ""
    survey_enabled: bool = False
    survey: list[dict[str, Any]] = field(default_factory=list)
    credentials: list[Credential] = field(default_factory=list)


@dataclass
class Job(Resource):
    job_template: int = 0
    status: str = "pending"
    output: str = ""


R = TypeVar("R", bound=Resource)


class Table(Generic[R]):
    """The rows of one resource by id."""

    def __init__(self, make: Callable[..., R], ids: Iterator[int]) -> None:
        self._make = make
        self._ids = ids
        self.rows: dict[int, R] = {}

    # Any: the values are those of the dataclass's fields.
    def add(self, **values: Any) -> R:
        row = self._make(id=next(self._ids), **values)
        self.rows[row.id] = row
        return row

    def all(self) -> list[R]:
        return list(self.rows.values())


class Store:
    """All resources, with one count of ids, so that the id of one resource is never that of another."""

    def __init__(self) -> None:
        ids = itertools.count(1)
        self.lock = threading.RLock()
        self.users = (
            User(next(ids), "admin", "admin-password", "admin-token", "admin-read-token", is_superuser=True),
            User(next(ids), "alice", "alice-password", "alice-token", "alice-read-token", is_superuser=False),
        )
        self.types = Table(CredentialType, ids)
        self.credentials = Table(Credential, ids)
        self.organizations = Table(Resource, ids)
        self.inventories = Table(Inventory, ids)
        self.projects = Table(Project, ids)
        self.templates = Table(JobTemplate, ids)
        self.jobs = Table(Job, ids)
        self.organizations.add(name="Default")
        for kind, name in MANAGED.items():
            self.types.add(name=name, kind=kind, managed=True)
