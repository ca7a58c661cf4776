# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`job_templates/`: with credentials, a survey and the launch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from flask import Flask, Response, request

from ..sandbox.wire import RefusedError
from . import surveys
from .api import (
    NAMED,
    Field,
    answer,
    body,
    boolean,
    choice,
    found,
    invalid,
    key,
    page,
    refusal,
    superuser_only,
    taken,
    text,
)
from .credentials import Credentials
from .endpoint import Endpoint
from .jobs import Jobs
from .projects import playbooks
from .resources import Credential, JobTemplate, Project, Store
from .runs import Attached

LAUNCHABLE = ("ssh", "vault", "cloud", "net", "kubernetes")


def variables(value: Any) -> dict[str, Any]:
    """Extra variables: an object, or a text of YAML or JSON that is one."""
    try:
        parsed = yaml.safe_load(value) if isinstance(value, str) else value
    except yaml.YAMLError:
        raise ValueError("Cannot parse as JSON or YAML.") from None
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise ValueError(f"Input type `{type(parsed).__name__}` is not a dictionary")
    return parsed


def variables_text(value: Any) -> str:
    variables(text(value))
    return text(value)


class JobTemplates(Endpoint[JobTemplate]):
    path = "job_templates"
    type = "job_template"

    def __init__(self, store: Store, prefix: str, credentials: Credentials, jobs: Jobs) -> None:
        fields = {
            **NAMED,
            "job_type": Field(choice("run", "check"), "run"),
            "project": Field(key(store.projects.rows.__contains__, null=True)),
            "inventory": Field(key(store.inventories.rows.__contains__, null=True)),
            "playbook": Field(text, ""),
            "extra_vars": Field(variables_text, ""),
            "survey_enabled": Field(boolean, False),
            "ask_variables_on_launch": Field(boolean, False),
        }
        super().__init__(store, prefix, store.templates, fields)
        self._credentials = credentials
        self._jobs = jobs

    def register(self, app: Flask) -> None:
        super().register(app)
        self.route(app, "<int:pk>/credentials/", self._attach, "GET", "POST")
        self.route(app, "<int:pk>/survey_spec/", self._survey, "GET", "POST", "DELETE")
        self.route(app, "<int:pk>/launch/", self._launch, "GET", "POST")

    def related(self) -> tuple[str, ...]:
        return ("credentials", "survey_spec", "launch")

    def details(self, row: JobTemplate) -> Mapping[str, object]:
        project = self.store.projects.rows.get(row.project or 0)
        attached = [self.store.credentials.rows[one] for one in row.credentials]
        return {
            "job_type": row.job_type,
            "project": row.project,
            "inventory": row.inventory,
            "organization": project and project.organization,
            "playbook": row.playbook,
            "extra_vars": row.extra_vars,
            "survey_enabled": row.survey_enabled,
            "ask_variables_on_launch": row.ask_variables_on_launch,
            "summary_fields": {"credentials": [{"id": one.id, "name": one.name} for one in attached]},
        }

    def create(self, values: dict[str, Any]) -> JobTemplate:
        self._valid(values, None)
        return self.table.add(**values)

    def check(self, row: JobTemplate, values: dict[str, Any]) -> None:
        self._valid({**vars(row), **values}, row)

    def _valid(self, values: Mapping[str, Any], row: JobTemplate | None) -> None:
        if values["project"] is None:
            raise invalid(project="Job Templates must have a project assigned.")
        if values["inventory"] is None:
            raise invalid(inventory="You must either set a default value or ask to prompt on launch.")
        project = self.store.projects.rows[values["project"]]
        if not values["playbook"]:
            raise invalid(playbook="Must select playbook for project.")
        if values["playbook"] not in playbooks(project):
            raise invalid(playbook="Playbook not found for project.")
        for other in self.table.all():
            if other is not row and other.name == values["name"] and self._organization(other) == project.organization:
                raise taken("JobTemplate with this (name, organization) combination already exists.")

    def _organization(self, row: JobTemplate) -> int | None:
        project = self.store.projects.rows.get(row.project or 0)
        return project.organization if project else None

    def _attach(self, pk: int) -> Response:
        row = found(self.table, pk)
        attached = [self.store.credentials.rows[one] for one in row.credentials]
        if request.method == "GET":
            return page([self._credentials.shown(one) for one in attached])
        superuser_only()
        sent = body()
        assert "id" in sent, "the stand-in makes credentials at credentials/ only; send the id of one"
        if not isinstance(sent["id"], int):
            raise RefusedError(400, {"msg": '"id" field must be an integer.'})
        credential = self.store.credentials.rows.get(sent["id"])
        if credential is None:
            raise refusal(400, "Credential matching query does not exist.")
        if sent.get("disassociate"):
            row.credentials = [one for one in row.credentials if one != credential.id]
            return Response(status=204)
        kind = self.store.types.rows[credential.credential_type]
        if self._alike(credential) in map(self._alike, attached):
            mark = f" (id={credential.inputs['vault_id']})" if credential.inputs.get("vault_id") else ""
            raise RefusedError(400, {"error": f"Cannot assign multiple {kind.name}{mark} credentials."})
        if kind.kind not in LAUNCHABLE:
            raise RefusedError(400, {"error": f"Cannot assign a Credential of kind `{kind.kind}`."})
        row.credentials.append(credential.id)
        return Response(status=204)

    def _alike(self, credential: Credential) -> tuple[int, object]:
        """Of what a template has one credential only: a type, or a vault's id."""
        vault = self.store.types.rows[credential.credential_type].kind == "vault"
        return credential.credential_type, vault and credential.inputs.get("vault_id")

    def _survey(self, pk: int) -> Response:
        row = found(self.table, pk)
        if request.method == "GET":
            return answer(surveys.shown(row.survey_spec))
        superuser_only()
        if request.method == "DELETE":
            row.survey_spec = {}
        else:
            sent = body()
            problem = surveys.problem(sent, row.survey_spec)
            if problem:
                raise RefusedError(400, {"error": problem})
            row.survey_spec = surveys.kept(sent, row.survey_spec)
        return Response(status=200)

    def _launch(self, pk: int) -> Response:
        row = found(self.table, pk)
        questions = row.survey_spec.get("spec", []) if row.survey_enabled else []
        if request.method == "GET":
            return answer(_needs(row, questions))
        superuser_only()
        sent = body()
        try:
            given = variables(sent.pop("extra_vars", {}))
        except ValueError as error:
            raise invalid(extra_vars=str(error)) from None
        project = self._project(row, [error for one in questions for error in surveys.errors(one, given)])
        known = {one["variable"] for one in questions}
        answers = {name: value for name, value in given.items() if name in known or row.ask_variables_on_launch}
        ignored = {name: value for name, value in given.items() if name not in answers}
        extra_vars = {**variables(row.extra_vars), **surveys.defaults(questions), **answers}
        secrets = frozenset(one["variable"] for one in questions if one["type"] == "password")
        job = self._jobs.start(row, project, extra_vars, secrets, self._attached(row))
        if ignored:
            sent["extra_vars"] = ignored
        started = {"job": job.id, "ignored_fields": sent, **self._jobs.shown(job)}
        return answer(started, 201, self._jobs.url(job.id))

    def _project(self, row: JobTemplate, missing: list[str]) -> Project:
        """The project of a template that can be launched."""
        errors: dict[str, object] = {"variables_needed_to_start": missing} if missing else {}
        project = self.store.projects.rows.get(row.project or 0)
        if project is None:
            errors["project"] = ["A project is required to run a job."]
        elif project.status == "failed":
            errors["playbook"] = ["Missing a revision to run due to failed project update."]
        if project is None or errors:
            raise RefusedError(400, errors)
        return project

    def _attached(self, row: JobTemplate) -> tuple[Attached, ...]:
        pairs = [
            (one, self.store.types.rows[one.credential_type])
            for one in sorted((self.store.credentials.rows[key] for key in row.credentials), key=lambda one: one.name)
        ]
        return tuple(
            Attached(one.name, kind.name, dict(one.inputs), tuple(kind.fields.values()), kind.injectors)
            for one, kind in pairs
        )


def _needs(row: JobTemplate, questions: Sequence[surveys.Question]) -> dict[str, object]:
    """What a launch asks for. A required question has to be answered even where it has a default."""
    needed = [one["variable"] for one in questions if one["required"]]
    return {
        "can_start_without_user_input": not needed and not row.ask_variables_on_launch,
        "passwords_needed_to_start": [],
        "variables_needed_to_start": needed,
        "credential_needed_to_start": False,
        "inventory_needed_to_start": row.inventory is None,
        "ask_variables_on_launch": row.ask_variables_on_launch,
        "survey_enabled": bool(questions),
        "job_template_data": {"name": row.name, "id": row.id, "description": row.description},
        "defaults": {"extra_vars": row.extra_vars},
    }
