# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From an empty AWX to a green job: the guide's calls and the playbook, and the jobs that they launch."""

from __future__ import annotations

import itertools
import re
import subprocess
import typing as t
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml

from ansible_collections.netapi.auth.tests.awx import Awx, Launch, Outcome, inject_all
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support import guide, runner
from ansible_collections.netapi.auth.tests.support.options import service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run
from ansible_collections.netapi.auth.tests.support.terminal import Answer

# What makes it a later AWX or Automation Platform; without a word it is AWX up to 24.6.1.
LATER: dict[str, t.Any] = {"has_tokens": False}
PLATFORM: dict[str, t.Any] = {"prefix": "/api/controller/v2", "elsewhere": 401}
GREEN = Counter(netfoundry=1)
SECRET = "nf-secret-1"
# Between the blocks of the guide.
SEPARATOR = "\0"


@pytest.fixture
def awx(
    sandbox: Sandbox,
    collections: Path,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Awx]:
    """An empty one, which runs its jobs for real."""
    numbers = itertools.count()

    def run_job(launch: Launch) -> Outcome:
        place = tmp_path_factory.mktemp("job") / f"{next(numbers)}"
        files = place / "files"
        files.mkdir(parents=True)
        job = runner.Job(place, collections, inject_all(launch.credentials, files, {}))
        # The sandbox is where the real service would be without a word; in the environment the credential hides it.
        status = runner.run(job, launch.playbook, {**service(sandbox), **launch.extra_vars}, launch.project)
        return Outcome("failed" if status else "successful", job.output)

    with Awx(run_job=run_job, **getattr(request, "param", {})) as server:
        yield server


@pytest.fixture
def repository(tmp_path: Path) -> str:
    """The address of a Git repository with the two files as the guide shows them."""
    directory = tmp_path / "repository"
    for name, text in guide.files(guide.AWX).items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    author = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.com"]
    for arguments in (["init", "--quiet"], ["add", "--all"], [*author, "commit", "--quiet", "--message", "Who am I"]):
        subprocess.run(["git", *arguments], cwd=directory, check=True)
    return directory.as_uri()


def test_the_files_of_the_guide_are_those_of_the_example_project() -> None:
    for name, text in guide.files(guide.AWX).items():
        lines = text.rstrip().splitlines()[1:]
        shipped = (runner.PROJECT / name).read_text(encoding="utf-8").partition("---\n")[2].splitlines()
        assert lines == shipped, name


def pasted(awx: Awx, repository: str, ansible: Ansible, *before: str) -> Run:
    """What the calls of the guide say in a terminal, with this AWX and repository in place of those in it.

    :param before: what is typed before.
    """
    script = SEPARATOR.join(guide.scripts(guide.AWX, "bash"))
    for real, here in {
        "https://awx.example.com": awx.url,
        "https://git.example.com/automation/whoami.git": repository,
    }.items():
        assert real in script
        script = script.replace(real, here)
    signs_in = [Answer("Token of AWX, or nothing: ", awx.admin.token if awx.has_tokens else "")]
    if not awx.has_tokens:
        signs_in += [Answer("User: ", awx.admin.username, shown=True), Answer("Password: ", awx.admin.password)]
    done = ansible.terminal(
        [*before, *script.split(SEPARATOR)],
        *signs_in,
        Answer("Client ID: ", "nf-client-1", shown=True),
        Answer("Client secret: ", SECRET),
    )
    assert not [secret for secret in (SECRET, awx.admin.token, awx.admin.password) if secret in done.output]
    return done


def verdicts(run: Run) -> list[str]:
    """How the project and the job ended, after the prompts of the shell."""
    return re.findall(r"(?m)(?:^|[$>] )(successful|failed)$", run.output)


@pytest.fixture
def taken(awx: Awx) -> Awx:
    """An AWX in which credential, project and inventory have the names of the guide."""
    organization = awx.store.organizations.all()[0].id
    text = (runner.ROOT / "roles" / "awx_credential_types" / "files" / "netfoundry.yml").read_text(encoding="utf-8")
    sent: dict[str, t.Any] = {"headers": {"Authorization": f"Bearer {awx.admin.token}"}, "timeout": 60}
    made = requests.post(f"{awx.url}/api/v2/credential_types/", json=yaml.safe_load(text), **sent)
    assert made.status_code == 201, made.text
    awx.store.credentials.add(
        name="NetFoundry of the automation", organization=organization, credential_type=made.json()["id"]
    )
    awx.store.projects.add(name="Who am I", organization=organization)
    awx.store.inventories.add(name="Nothing", organization=organization)
    return awx


@pytest.mark.parametrize("awx", [LATER], indirect=True)
def test_the_calls_of_the_guide_lead_to_a_green_job(
    sandbox: Sandbox, awx: Awx, repository: str, ansible: Ansible
) -> None:
    done = pasted(awx, repository, ansible)
    assert done.status == 0, done.output
    assert " says whose this is: id identity of nf-client-1" in done.output
    assert verdicts(done) == ["successful", "successful"], done.output
    assert Counter(sandbox.state.grants) == GREEN


@pytest.mark.parametrize("awx", [PLATFORM], indirect=True)
def test_the_calls_of_the_guide_end_at_a_repository_that_is_not_there(
    awx: Awx, ansible: Ansible, tmp_path: Path
) -> None:
    done = pasted(awx, (tmp_path / "nothing").as_uri(), ansible)
    assert done.status == 1
    assert verdicts(done) == ["failed"], done.output
    assert [project.status for project in awx.store.projects.all()] == ["failed"]


@pytest.mark.parametrize("before", [(), ("set +e\n",)], ids=["who stops", "who goes on"])
def test_the_calls_of_the_guide_say_why_awx_refuses_one_and_end(
    taken: Awx, repository: str, ansible: Ansible, before: tuple[str, ...]
) -> None:
    done = pasted(taken, repository, ansible, *before)
    reasons = [line for line in done.output.splitlines() if "already exists." in line]
    assert len(reasons) == (3 if before else 1), done.output
    assert "One of credentials with this" in reasons[0]
    assert verdicts(done) == []
    assert not [one for one in taken.state.requests if "null" in one.path]
    assert before or done.status == 1


def played(awx: Awx, repository: str, ansible: Ansible) -> Run:
    """A run of the playbook; no secret is in its output."""
    run = ansible.play(
        str(runner.PROJECT.parent / "first_job.yml"),
        "-e",
        f"first_job_repository={repository}",
        "-vvv",
        env={
            "CONTROLLER_HOST": awx.url,
            "CONTROLLER_OAUTH_TOKEN": awx.admin.token if awx.has_tokens else "",
            "CONTROLLER_USERNAME": awx.admin.username,
            "CONTROLLER_PASSWORD": awx.admin.password,
            "NETFOUNDRY_CLIENT_ID": "nf-client-1",
            "NETFOUNDRY_CLIENT_SECRET": SECRET,
        },
        succeeds=None,
    )
    assert not [text for text in (SECRET, awx.admin.token, awx.admin.password) if text in run.output]
    return run


@pytest.mark.parametrize("awx", [PLATFORM], indirect=True)
def test_the_playbook_leads_to_a_green_job(sandbox: Sandbox, awx: Awx, repository: str, ansible: Ansible) -> None:
    run = played(awx, repository, ansible)
    assert run.status == 0, run.output
    (job,) = awx.store.jobs.all()
    assert job.status == "successful"
    assert " says whose this is: id identity of nf-client-1" in str(run.of("Show the output of the job").result["msg"])
    made = ["Make the credential", "Make the project", "Make an inventory", "Make the job template", "Launch the job"]
    assert all(run.of(name).result["changed"] for name in made)
    assert Counter(sandbox.state.grants) == GREEN


def test_the_playbook_says_what_awx_refused(taken: Awx, repository: str, ansible: Ansible) -> None:
    run = played(taken, repository, ansible)
    assert run.status == 2
    message = run.of("Say what failed, and what AWX answered").message
    assert message.startswith("Make the credential: Status code was 400")
    assert "One of credentials with this" in message
    assert "already exists." in message


def test_the_playbook_shows_the_output_of_a_job_that_failed(repository: str, ansible: Ansible) -> None:
    """A job that runs says what is wrong in the target doctor."""
    said = Outcome("failed", "netfoundry: failed: NetFoundry refused it.\n  [client_refused]\n")
    with Awx(run_job=lambda _launch: said, **LATER) as awx:
        run = played(awx, repository, ansible)
    assert run.status == 2
    assert run.of("Show the output of the job").result["msg"] == said.output.splitlines()
    assert run.of("Say what failed, and what AWX answered").message == (
        "Check that the job was successful: The job ended as failed."
    )
