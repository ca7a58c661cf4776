# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`jobs/`: launches, and what became of them."""

from __future__ import annotations

import functools
import json
import threading
import traceback
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from typing import Any

from flask import Flask, Response, request

from .api import NAMED, answer, found, refusal, superuser_only
from .endpoint import Endpoint
from .resources import SECRET, Job, JobTemplate, Project, Store, now
from .runs import Attached, Launch, Outcome, RunJob

ACTIVE = ("pending", "running")
ENDS = ("successful", "failed", "canceled")


class Jobs(Endpoint[Job]):
    path = "jobs"
    type = "job"
    list_methods = ("GET",)
    detail_methods = ("GET",)

    def __init__(self, store: Store, prefix: str, run_job: RunJob | None, executor: Executor) -> None:
        super().__init__(store, prefix, store.jobs, NAMED)
        self._run_job = run_job
        self._executor = executor

    def register(self, app: Flask) -> None:
        super().register(app)
        self.route(app, "<int:pk>/stdout/", self._stdout, "GET")
        self.route(app, "<int:pk>/cancel/", self._cancel, "GET", "POST")

    def related(self) -> tuple[str, ...]:
        return ("stdout", "cancel")

    def details(self, row: Job) -> Mapping[str, object]:
        hidden = {name: SECRET if name in row.secret_vars else value for name, value in row.launch.extra_vars.items()}
        return {
            "job_template": row.job_template,
            "project": row.project,
            "inventory": row.inventory,
            "playbook": row.launch.playbook,
            "job_type": row.launch.job_type,
            "extra_vars": json.dumps(hidden),
            "status": row.status,
            "failed": row.status in ("failed", "error", "canceled"),
            "started": row.started,
            "finished": row.finished,
            "result_traceback": row.traceback,
        }

    def start(
        self,
        template: JobTemplate,
        project: Project,
        extra_vars: Mapping[str, Any],
        secret_vars: frozenset[str],
        credentials: tuple[Attached, ...],
    ) -> Job:
        """Hand a job to the runner."""
        assert self._run_job is not None, "Awx was started without run_job, so that it can't run jobs"
        assert project.directory is not None, "the project has no clone yet"
        launch = Launch(
            project.directory, template.playbook, template.job_type, extra_vars, credentials, threading.Event()
        )
        job = self.table.add(
            name=template.name,
            launch=launch,
            job_template=template.id,
            project=project.id,
            inventory=template.inventory,
            secret_vars=secret_vars,
        )
        self._executor.submit(self._run, self._run_job, job).add_done_callback(functools.partial(self._ended, job))
        return job

    def _run(self, run_job: RunJob, job: Job) -> Outcome:
        with self.store.lock:
            if job.launch.cancelled.is_set():
                return Outcome("canceled", "")
            job.status = "running"
            job.started = now()
        outcome = run_job(job.launch)
        assert outcome.status in ENDS, f"run_job said {outcome.status}, which is none of {', '.join(ENDS)}"
        return outcome

    def _ended(self, job: Job, future: Future[Outcome]) -> None:
        error = future.exception()
        with self.store.lock:
            if error is None:
                job.status = future.result().status
                job.output = future.result().output
            else:
                # The runner itself broke. AWX calls this an error, too.
                job.status = "error"
                job.traceback = "".join(traceback.format_exception(error))
            job.finished = now()

    def _stdout(self, pk: int) -> Response:
        row = found(self.table, pk)
        form = request.args.get("format", "json")
        if form == "json":
            return answer({"range": {"start": 0, "end": len(row.output.splitlines())}, "content": row.output})
        if form in ("txt", "ansi", "txt_download", "ansi_download"):
            return Response(row.output, content_type="text/plain; charset=utf-8")
        raise refusal(404, "Not found.")

    def _cancel(self, pk: int) -> Response:
        row = found(self.table, pk)
        if request.method == "GET":
            return answer({"can_cancel": row.status in ACTIVE})
        superuser_only()
        if row.status not in ACTIVE:
            raise refusal(405, 'Method "POST" not allowed.')
        row.launch.cancelled.set()
        return Response(status=202)
