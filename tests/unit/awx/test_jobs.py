# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A launch, and what becomes of the job."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ansible_collections.netapi.auth.tests.awx import Attached, Awx, Launch, Outcome
from ansible_collections.netapi.auth.tests.awx.rules import completed

from .helpers import INJECTORS, INPUTS, TYPE, Client, Runner

END = ("successful", "failed", "canceled", "error")
SURVEY = {
    "name": "Survey",
    "description": "",
    "spec": [
        {
            "question_name": "Services",
            "variable": "services",
            "type": "multiselect",
            "required": True,
            "choices": "a\nb",
            "default": "a",
        },
        {"question_name": "Region", "variable": "region", "type": "text", "required": False, "default": "eu"},
        {"question_name": "Password", "variable": "password", "type": "password", "required": False},
    ],
}


def surveyed(client: Client, playbooks: Path, **values: object) -> str:
    """The address of a job template with the survey."""
    made = client.template(playbooks, survey_enabled=True, **values)
    address = f"job_templates/{made['id']}/"
    assert client("POST", f"{address}survey_spec/", SURVEY).status_code == 200
    return address


def launched(client: Client, address: str, **extra_vars: object) -> Any:
    """The answer to a launch, and the job at its end."""
    answer = client("POST", f"{address}launch/", {"extra_vars": extra_vars})
    assert answer.status_code == 201, answer.text
    started = answer.json()
    assert started["job"] == started["id"]
    assert answer.headers["Location"] == started["url"]
    return started, client.settled(f"jobs/{started['id']}/", END)


def test_what_the_runner_gets(awx: Awx, client: Client, runner: Runner, playbooks: Path) -> None:
    address = surveyed(client, playbooks, job_type="check", extra_vars='{"region": "us", "own": 1}')
    kind = client.create("credential_types/", **TYPE)["id"]
    mine = client.credential("Mine", kind, key="hush")["id"]
    client("POST", f"{address}credentials/", {"id": mine})
    started, job = launched(client, address, services=["b"], password="secret", other="x")
    assert started["ignored_fields"] == {"extra_vars": {"other": "x"}}
    [launch] = runner.launches
    assert isinstance(launch, Launch)
    assert (launch.project / launch.playbook).read_text() == "---\n- hosts: all\n"
    assert launch.job_type == "check"
    assert launch.extra_vars == {"own": 1, "region": "eu", "services": ["b"], "password": "secret"}
    fields = tuple(completed(INPUTS)["fields"])
    assert launch.credentials == (Attached("Mine", "Example", {"key": "hush"}, fields, INJECTORS),)
    assert (job["status"], job["failed"], job["name"]) == ("successful", False, "Template")
    assert '"password": "$encrypted$"' in job["extra_vars"]
    assert client("GET", f"jobs/{job['id']}/stdout/?format=txt").text == "ok=1\n"
    assert client.get(f"jobs/{job['id']}/stdout/")["content"] == "ok=1\n"
    assert client("GET", f"jobs/{job['id']}/stdout/?format=xml").status_code == 404


def test_a_failed_job(client: Client, runner: Runner, playbooks: Path) -> None:
    runner.outcome = Outcome("failed", "fatal\n")
    _started, job = launched(client, surveyed(client, playbooks), services=[])
    assert (job["status"], job["failed"], job["result_traceback"]) == ("failed", True, "")


def test_a_broken_runner_is_an_error(client: Client, runner: Runner, playbooks: Path) -> None:
    runner.outcome = Outcome("splendid", "")
    _started, job = launched(client, surveyed(client, playbooks), services=[])
    assert (job["status"], job["failed"]) == ("error", True)
    assert "run_job said splendid" in job["result_traceback"]


@pytest.mark.parametrize(
    ("extra_vars", "errors"),
    [
        ({}, {"variables_needed_to_start": ["'services' value missing"]}),
        (
            {"services": ["c"], "region": 1},
            {
                "variables_needed_to_start": [
                    "Value c for 'services' expected to be one of ['a', 'b'].",
                    "Value 1 for 'region' expected to be a string.",
                ]
            },
        ),
        ("[]", {"extra_vars": ["Input type `list` is not a dictionary"]}),
    ],
)
def test_refused_launches(client: Client, runner: Runner, playbooks: Path, extra_vars: object, errors: object) -> None:
    address = surveyed(client, playbooks)
    answer = client("POST", f"{address}launch/", {"extra_vars": extra_vars})
    assert (answer.status_code, answer.json()) == (400, errors)
    assert runner.launches == []
    assert client.get("jobs/")["count"] == 0


def test_what_a_launch_needs(client: Client, playbooks: Path) -> None:
    address = surveyed(client, playbooks)
    needs = client.get(f"{address}launch/")
    assert (needs["can_start_without_user_input"], needs["variables_needed_to_start"]) == (False, ["services"])
    assert (needs["survey_enabled"], needs["inventory_needed_to_start"]) == (True, False)
    client("PATCH", address, {"survey_enabled": False})
    needs = client.get(f"{address}launch/")
    assert (needs["can_start_without_user_input"], needs["survey_enabled"]) == (True, False)
    assert client("POST", f"{address}launch/").status_code == 201


def test_variables_that_were_asked_for(client: Client, runner: Runner, playbooks: Path) -> None:
    address = f"job_templates/{client.template(playbooks, ask_variables_on_launch=True)['id']}/"
    started = client("POST", f"{address}launch/", {"extra_vars": "free: [1]", "limit": "x"}).json()
    assert started["ignored_fields"] == {"limit": "x"}
    client.settled(f"jobs/{started['id']}/", END)
    assert runner.launches[0].extra_vars == {"free": [1]}


def test_cancel(client: Client, runner: Runner, playbooks: Path) -> None:
    runner.outcome = None
    address = f"job_templates/{client.template(playbooks)['id']}/"
    job = client("POST", f"{address}launch/").json()["id"]
    assert runner.started.wait(60)
    assert client.get(f"jobs/{job}/")["status"] == "running"
    assert client.get(f"jobs/{job}/cancel/") == {"can_cancel": True}
    assert client("POST", f"jobs/{job}/cancel/").status_code == 202
    assert client.settled(f"jobs/{job}/", END)["status"] == "canceled"
    assert client.get(f"jobs/{job}/cancel/") == {"can_cancel": False}
    assert client("POST", f"jobs/{job}/cancel/").status_code == 405


def test_the_end_cancels_what_runs(playbooks: Path) -> None:
    runner = Runner(outcome=None)
    with Awx(run_job=runner) as awx:
        client = Client(awx, awx.admin)
        address = f"job_templates/{client.template(playbooks)['id']}/"
        job = client("POST", f"{address}launch/").json()["id"]
        assert runner.started.wait(60)
    assert awx.store.jobs.rows[job].status == "canceled"
    assert not runner.launches[0].project.exists()


def test_without_a_runner_no_job(playbooks: Path) -> None:
    with Awx() as awx:
        client = Client(awx, awx.admin)
        address = f"job_templates/{client.template(playbooks)['id']}/"
        answer = client("POST", f"{address}launch/")
        assert answer.status_code == 500
        assert answer.json() == {"detail": "AssertionError: Awx was started without run_job, so that it can't run jobs"}
        assert client.get("jobs/")["count"] == 0


def test_projects_that_can_not_be_launched(client: Client, playbooks: Path) -> None:
    made = client.template(playbooks)
    project = f"projects/{made['project']}/"
    launch = f"job_templates/{made['id']}/launch/"
    client("PATCH", project, {"scm_branch": "nowhere"})
    client.settled(project, ["failed"])
    refused = client("POST", launch)
    assert (refused.status_code, refused.json()) == (
        400,
        {"playbook": ["Missing a revision to run due to failed project update."]},
    )
    client("DELETE", project)
    assert client("POST", launch).json() == {"project": ["A project is required to run a job."]}


def test_a_reader_launches_nothing(awx: Awx, client: Client, playbooks: Path) -> None:
    address = f"job_templates/{client.template(playbooks)['id']}/"
    reader = Client(awx, awx.reader)
    assert reader.get(f"{address}launch/")["can_start_without_user_input"] is True
    assert reader("POST", f"{address}launch/").status_code == 403
