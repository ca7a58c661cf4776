# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`projects/`: clones of git repositories, and the playbooks in them."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

from flask import Flask, Response

from .api import NAMED, Field, answer, choice, found, invalid, key, taken, text
from .endpoint import Endpoint
from .resources import Project, Store

# AWX looks for these lines, so that a file which is no valid YAML is listed, too.
PLAYBOOK_LINE = re.compile(r"\s*-?\s*(hosts|(ansible\.builtin\.)?(include|import_playbook)):")
NO_PLAYBOOKS_IN = {"roles", "tasks", "group_vars", "host_vars"}
GIT_SECONDS = 60


class Projects(Endpoint[Project]):
    path = "projects"
    type = "project"

    def __init__(self, store: Store, prefix: str, clones: Path, executor: Executor) -> None:
        fields = {
            **NAMED,
            "organization": Field(key(store.organizations.rows.__contains__, null=True)),
            "scm_type": Field(choice("", "git", "svn", "insights", "archive"), ""),
            "scm_url": Field(text, ""),
            "scm_branch": Field(text, ""),
        }
        super().__init__(store, prefix, store.projects, fields)
        self._clones = clones
        self._executor = executor

    def register(self, app: Flask) -> None:
        super().register(app)
        self.route(app, "<int:pk>/playbooks/", self._playbooks, "GET")

    def related(self) -> tuple[str, ...]:
        return ("playbooks",)

    def details(self, row: Project) -> Mapping[str, object]:
        return {
            "organization": row.organization,
            "scm_type": row.scm_type,
            "scm_url": row.scm_url,
            "scm_branch": row.scm_branch,
            "scm_revision": row.scm_revision,
            "status": row.status,
        }

    def create(self, values: dict[str, Any]) -> Project:
        self._valid(values, None)
        row = self.table.add(**values)
        self._update(row)
        return row

    def check(self, row: Project, values: dict[str, Any]) -> None:
        self._valid({**vars(row), **values}, row)

    def changed(self, row: Project, values: Mapping[str, Any]) -> None:
        if {"scm_url", "scm_branch"} & values.keys():
            self._update(row)

    def check_removal(self, row: Project) -> None:
        for template in self.store.templates.all():
            template.project = None if template.project == row.id else template.project

    def _valid(self, values: Mapping[str, Any], row: Project | None) -> None:
        assert values["scm_type"] == "git", "the stand-in has projects of scm_type git only"
        if not values["scm_url"]:
            raise invalid(scm_url="SCM URL is required.")
        if self.taken(row, name=values["name"], organization=values["organization"]):
            raise taken("Project with this (name, organization) combination already exists.")

    def _update(self, row: Project) -> None:
        row.status = "pending"
        self._executor.submit(self._clone, row, row.scm_url, row.scm_branch)

    def _clone(self, row: Project, url: str, branch: str) -> None:
        with self.store.lock:
            row.status = "running"
        directory = Path(tempfile.mkdtemp(dir=self._clones))
        chosen = ["--branch", branch] if branch else []
        cloned, output = _git("clone", "--quiet", *chosen, "--", url, str(directory))
        revision = _git("-C", str(directory), "rev-parse", "HEAD")[1].strip() if cloned else ""
        with self.store.lock:
            row.output = output
            row.scm_revision = revision
            row.directory = directory if cloned else None
            row.status = "successful" if cloned else "failed"

    def _playbooks(self, pk: int) -> Response:
        return answer(playbooks(found(self.table, pk)))


def _git(*arguments: str) -> tuple[bool, str]:
    """Whether git succeeded, and what it said."""
    try:
        done = subprocess.run(
            ["git", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=GIT_SECONDS,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        return False, str(error)
    return done.returncode == 0, done.stdout


def playbooks(project: Project) -> list[str]:
    """The files that AWX offers as playbooks, as paths below the project."""
    top = project.directory
    if top is None:
        return []
    files = (path for path in top.rglob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
    return sorted((str(path.relative_to(top)) for path in files if _offered(top, path)), key=str.lower)


def _offered(top: Path, path: Path) -> bool:
    folders = path.relative_to(top).parent.parts
    if NO_PLAYBOOKS_IN & set(folders) or any(folder.startswith(".") for folder in folders):
        return False
    lines = path.read_text(encoding="utf-8", errors="ignore").splitlines()
    # A vault may hold a playbook.
    return bool(lines) and (lines[0].startswith("$ANSIBLE_VAULT;") or any(map(PLAYBOOK_LINE.match, lines)))
