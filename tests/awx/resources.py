# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the stand-in keeps: one dataclass for each resource, and the tables."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Generic, TypeVar

from .managed import FIELDS, MANAGED
from .runs import Launch

SECRET = "$encrypted$"


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")


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
    created: str = field(default_factory=now, kw_only=True)
    modified: str = field(default_factory=now, kw_only=True)


@dataclass
class Organization(Resource):
    pass


@dataclass
class Team(Resource):
    organization: int = 0


@dataclass
class Inventory(Resource):
    organization: int = 0


@dataclass
class CredentialType(Resource):
    kind: str = "cloud"
    namespace: str | None = None
    managed: bool = False
    inputs: dict[str, Any] = field(default_factory=dict)
    injectors: dict[str, Any] = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, dict[str, Any]]:
        return {one["id"]: one for one in self.inputs.get("fields", [])}


@dataclass
class Credential(Resource):
    """`inputs` are in clear text here; they leave the stand-in through `shown`."""

    credential_type: int = 0
    organization: int | None = None
    user: int | None = None
    team: int | None = None
    inputs: dict[str, Any] = field(default_factory=dict)

    def shown(self, kind: CredentialType) -> dict[str, Any]:
        return {
            name: SECRET if value and kind.fields.get(name, {}).get("secret") else value
            for name, value in self.inputs.items()
        }


@dataclass
class Project(Resource):
    organization: int | None = None
    scm_type: str = ""
    scm_url: str = ""
    scm_branch: str = ""
    status: str = "pending"
    scm_revision: str = ""
    directory: Path | None = None
    """The clone, once there is one."""
    output: str = ""
    """What git said."""


@dataclass
class JobTemplate(Resource):
    job_type: str = "run"
    project: int | None = None
    inventory: int | None = None
    playbook: str = ""
    extra_vars: str = ""
    survey_enabled: bool = False
    ask_variables_on_launch: bool = False
    credentials: list[int] = field(default_factory=list)
    survey_spec: dict[str, Any] = field(default_factory=dict)


@dataclass
class Job(Resource):
    launch: Launch = field(kw_only=True)
    job_template: int = 0
    project: int | None = None
    inventory: int | None = None
    secret_vars: frozenset[str] = frozenset()
    """Extra variables that answer a password question."""
    status: str = "pending"
    output: str = ""
    traceback: str = ""
    started: str | None = None
    finished: str | None = None


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
        self.types = Table(CredentialType, ids)
        for namespace, kind, name in MANAGED:
            inputs = {"fields": FIELDS[namespace]} if namespace in FIELDS else {}
            self.types.add(name=name, kind=kind, namespace=namespace, managed=True, inputs=inputs)
        self.users = (
            User(next(ids), "admin", "admin-password", "admin-token", "admin-read-token", is_superuser=True),
            User(next(ids), "alice", "alice-password", "alice-token", "alice-read-token", is_superuser=False),
        )
        self.organizations = Table(Organization, ids)
        self.teams = Table(Team, ids)
        self.inventories = Table(Inventory, ids)
        self.credentials = Table(Credential, ids)
        self.projects = Table(Project, ids)
        self.templates = Table(JobTemplate, ids)
        self.jobs = Table(Job, ids)
        default = self.organizations.add(name="Default")
        self.teams.add(name="Demo Team", organization=default.id)
        self.inventories.add(name="Demo Inventory", organization=default.id)

    def in_use(self, kind: CredentialType) -> bool:
        return any(one.credential_type == kind.id for one in self.credentials.all())
