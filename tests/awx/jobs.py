# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From a project to a job: `projects/`, `job_templates/` with their surveys and launches, and `jobs/`."""

from __future__ import annotations

import functools
import os
import re
import subprocess
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from ..sandbox.wire import RefusedError
from .injectors import Attached
from .resources import Job, JobTemplate, Project, Store
from .rest import Endpoint, answer, body, boolean, choice, invalid, key, refusal, text
from .rules import TEXT, YES_OR_NO, violations

# AWX looks for these lines, so that a file which is no valid YAML is a playbook, too.
PLAYBOOK_LINE = re.compile(r"\s*-?\s*(hosts|(ansible\.builtin\.)?(include|import_playbook)):")
GIT_SECONDS = 60
LAUNCHABLE = ("ssh", "vault", "cloud", "net", "kubernetes")
ENDS = ("successful", "failed")
QUESTION = {
    "type": "object",
    "required": ["type", "question_name", "variable", "required"],
    "properties": {
        "type": {"enum": ["text", "textarea", "password", "multiplechoice", "multiselect", "integer", "float"]},
        "question_name": TEXT,
        "variable": TEXT,
        "required": YES_OR_NO,
        "default": TEXT,
    },
}
SURVEY = {
    "required": ["name", "description", "spec"],
    "properties": {"name": TEXT, "description": TEXT, "spec": {"type": "array", "minItems": 1, "items": QUESTION}},
}


@dataclass(frozen=True)
class Launch:
    """What a launch hands to whoever runs the job."""

    project: Path
    """The directory of the project's clone; it is not to be written to."""
    playbook: str
    """Path below the project."""
    extra_vars: Mapping[str, Any]
    """The answers of the survey."""
    credentials: tuple[Attached, ...]


@dataclass(frozen=True)
class Outcome:
    status: str
    """`successful` or `failed`."""
    output: str


RunJob = Callable[[Launch], Outcome]


@dataclass(frozen=True)
class Work:
    """What goes on outside of requests: clones and jobs."""

    executor: Executor
    clones: Path
    run_job: RunJob | None


class Projects(Endpoint[Project]):
    path = "projects"
    type = "project"
    hidden = frozenset({"directory"})

    def __init__(self, store: Store, prefix: str, work: Work) -> None:
        scm_type = choice("", "git", "svn", "insights", "archive")
        fields = {"organization": key(store.organizations), "scm_type": scm_type, "scm_url": text}
        super().__init__(store, prefix, store.projects, "organization", "scm_type", **fields)
        self._work = work

    def check(self, values: dict[str, Any], row: Project | None) -> None:
        assert values["scm_type"] == "git", "the stand-in has projects of scm_type git only"
        if not values.get("scm_url"):
            raise invalid(scm_url="SCM URL is required.")

    def made(self, row: Project) -> None:
        self._work.executor.submit(self._clone, row)

    def _clone(self, row: Project) -> None:
        with self.store.lock:
            row.status = "running"
        directory = self._work.clones / str(row.id)
        command = ["git", "clone", "--quiet", "--", row.scm_url, str(directory)]
        env = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, timeout=GIT_SECONDS, check=False)
        with self.store.lock:
            row.directory = None if done.returncode else directory
            row.status = "failed" if done.returncode else "successful"


class Jobs(Endpoint[Job]):
    path = "jobs"
    type = "job"
    list_methods = ("GET",)
    hidden = frozenset({"output"})

    def __init__(self, store: Store, prefix: str, work: Work) -> None:
        super().__init__(store, prefix, store.jobs)
        self._work = work

    def register(self, app: Flask) -> None:
        super().register(app)
        self.route(app, "<int:pk>/stdout/", self._stdout, "GET")

    def start(self, template: JobTemplate, launch: Launch) -> Job:
        """Hand a job to the runner."""
        assert self._work.run_job is not None, "Awx was started without run_job, so that it can't run jobs"
        job = self.table.add(name=template.name, job_template=template.id)
        future = self._work.executor.submit(self._run, self._work.run_job, job, launch)
        future.add_done_callback(functools.partial(self._ended, job))
        return job

    def _run(self, run_job: RunJob, job: Job, launch: Launch) -> Outcome:
        with self.store.lock:
            job.status = "running"
        outcome = run_job(launch)
        assert outcome.status in ENDS, f"run_job said {outcome.status}, which is none of {', '.join(ENDS)}"
        return outcome

    def _ended(self, job: Job, future: Future[Outcome]) -> None:
        error = future.exception()
        # Where the runner itself broke, AWX calls this an error, too.
        outcome = Outcome("error", "".join(traceback.format_exception(error))) if error else future.result()
        with self.store.lock:
            job.status = outcome.status
            job.output = outcome.output

    def _stdout(self, pk: int) -> Response:
        assert request.args.get("format") == "txt", "the stand-in has the output as format=txt only"
        return Response(self.found(pk).output, content_type="text/plain; charset=utf-8")


class JobTemplates(Endpoint[JobTemplate]):
    path = "job_templates"
    type = "job_template"
    hidden = frozenset({"survey", "credentials"})
    detail_methods = ("GET", "PATCH")

    def __init__(self, store: Store, prefix: str, jobs: Jobs) -> None:
        keys = {"project": key(store.projects), "inventory": key(store.inventories)}
        fields = {"playbook": text, "survey_enabled": boolean, **keys}
        super().__init__(store, prefix, store.templates, "project", "inventory", "playbook", **fields)
        self._jobs = jobs

    def register(self, app: Flask) -> None:
        super().register(app)
        self.route(app, "<int:pk>/credentials/", self._attach, "POST")
        self.route(app, "<int:pk>/survey_spec/", self._survey, "POST")
        self.route(app, "<int:pk>/launch/", self._launch, "POST")

    def check(self, values: dict[str, Any], row: JobTemplate | None) -> None:
        whole = {**(vars(row) if row else {}), **values}
        project = self.store.projects.rows[whole["project"]]
        if not _is_playbook(project.directory, whole["playbook"]):
            raise invalid(playbook="Playbook not found for project.")
        values["organization"] = project.organization

    def _attach(self, pk: int) -> Response:
        row = self.found(pk)
        sent = body()
        assert sent.keys() == {"id"}, "the stand-in attaches credentials by their id only"
        if not isinstance(sent["id"], int):
            raise RefusedError(400, {"msg": '"id" field must be an integer.'})
        credential = self.store.credentials.rows.get(sent["id"])
        if credential is None:
            raise refusal(400, "Credential matching query does not exist.")
        kind = self.store.types.rows[credential.credential_type]
        if kind.kind not in LAUNCHABLE:
            raise RefusedError(400, {"error": f"Cannot assign a Credential of kind `{kind.kind}`."})
        if any(one.credential_type == kind.id for one in row.credentials):
            raise RefusedError(400, {"error": f"Cannot assign multiple {kind.name} credentials."})
        row.credentials.append(credential)
        return Response(status=204)

    def _survey(self, pk: int) -> Response:
        row = self.found(pk)
        survey = body()
        for sentence in violations(SURVEY, survey) or _faults(survey["spec"]):
            raise RefusedError(400, {"error": sentence})
        row.survey = survey["spec"]
        return Response(status=200)

    def _launch(self, pk: int) -> Response:
        row = self.found(pk)
        sent = body()
        given = sent.pop("extra_vars", {})
        if not isinstance(given, dict):
            raise invalid(extra_vars=f"Input type `{type(given).__name__}` is not a dictionary")
        questions = row.survey if row.survey_enabled else []
        missing = [sentence for one in questions for sentence in _errors(one, given)]
        if missing:
            raise RefusedError(400, {"variables_needed_to_start": missing})
        # The default of a multiselect never reaches a job that is launched through the API.
        known = {one["variable"] for one in questions}
        ignored = {name: value for name, value in given.items() if name not in known}
        directory = self.store.projects.rows[row.project].directory
        assert directory is not None
        answers = {name: value for name, value in given.items() if name in known}
        job = self._jobs.start(row, Launch(directory, row.playbook, answers, self._attached(row)))
        ignored_fields = {**sent, **({"extra_vars": ignored} if ignored else {})}
        shown = {"job": job.id, "ignored_fields": ignored_fields, **self._jobs.shown(job)}
        return answer(shown, 201, self._jobs.url(job))

    def _attached(self, row: JobTemplate) -> tuple[Attached, ...]:
        kinds = self.store.types.rows
        pairs = [(one, kinds[one.credential_type]) for one in row.credentials]
        return tuple(Attached(one.name, one.inputs, kind.fields, kind.injectors) for one, kind in pairs)


def _is_playbook(directory: Path | None, name: str) -> bool:
    if directory is None or Path(name).suffix not in (".yml", ".yaml") or not (directory / name).is_file():
        return False
    assert Path(name).name == name, "the stand-in has playbooks at the top of a project only"
    return any(map(PLAYBOOK_LINE.match, (directory / name).read_text(encoding="utf-8").splitlines()))


def _choices(question: Mapping[str, Any], name: str = "choices") -> list[Any]:
    """Choices come as a text of one a line, or as a list."""
    value = question.get(name, "")
    return [line for line in value.splitlines() if line.strip()] if isinstance(value, str) else list(value)


def _faults(questions: list[dict[str, Any]]) -> Iterator[str]:
    """What AWX has against a survey whose shape is right. It looks for a default in the text of the choices only."""
    variables = [one["variable"] for one in questions]
    for index, question in enumerate(questions):
        assert question["type"] == "multiselect", "the stand-in has questions of type multiselect only"
        if question["variable"] in variables[:index]:
            yield f"'variable' '{question['variable']}' duplicated in survey question {index}."
        if "choices" not in question:
            yield f"Survey question {index} of type multiselect must specify choices."
        if not set(_choices(question, "default")) <= set(_choices(question)):
            yield "Default choice must be answered from the choices listed."


def _errors(question: Mapping[str, Any], answers: Mapping[str, Any]) -> list[str]:
    """What AWX has against the answer to a question. Where one is required, a default is none."""
    variable = question["variable"]
    if variable not in answers:
        return [f"'{variable}' value missing"] if question["required"] else []
    answer = {"type": "array", "items": {"enum": _choices(question)}}
    return violations({"properties": {variable: answer}}, answers)
