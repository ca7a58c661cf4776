# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook netapi.auth.doctor as a job of AWX, with credentials of the shipped types attached."""

from __future__ import annotations

import json
import signal
import threading
import typing as t
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support import runner
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.support.records import shown
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import Inputs, injected, usual
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

BOOK = "doctor.yml"
TASK = "Examine each service"
GRANTS = Counter(name for name, data in DATA.items() if data.is_granted)


@pytest.fixture
def jobs(collections: Path, tmp_path: Path) -> Jobs:
    return Jobs(collections, tmp_path)


class Jobs:
    """Makes jobs to which credentials are attached."""

    def __init__(self, collections: Path, place: Path) -> None:
        self._collections = collections
        self._place = place

    def job(self, credentials: Mapping[str, Inputs], name: str = "job") -> runner.Job:
        # AWX has these files in the private data directory, and removes it; here they are not what is looked at.
        return runner.Job(self._place / name, self._collections, injected(self._place / f"{name}-files", credentials))


def told(job: runner.Job) -> dict[str, dict[str, t.Any]]:
    """What the job says of each service."""
    return {each["provider"]: each for result in job.results(TASK) for each in result["providers"]}


def tokens(sandbox: Sandbox) -> dict[str, str]:
    """Path: what followed the scheme there."""
    return {one.path: one.headers.get("authorization", "").partition(" ")[2] for one in sandbox.state.requests}


def secrets(credentials: Mapping[str, Inputs], sandbox: Sandbox) -> set[str]:
    """All that nobody may find: what was filled in, and every token that the sandbox has seen."""
    given = {
        text
        for service, inputs in credentials.items()
        for name, text in inputs.items()
        if name in {"cache", *PROVIDERS[service].secrets}
    }
    return {*given, *tokens(sandbox).values(), "neto-sharedsecret-1"} - {""}


@dataclass(frozen=True)
class Usual:
    """A job with the usual credential of each service, and what the services saw of it."""

    job: runner.Job
    grants: dict[str, int]
    tokens: dict[str, str]
    secrets: set[str]


@pytest.fixture(scope="module")
def usual_job(server: Sandbox, collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Usual:
    server.reset()
    credentials = usual(server)
    job = Jobs(collections, tmp_path_factory.mktemp("usual")).job(credentials)
    assert runner.run(job, BOOK) == 0, job.output
    return Usual(job, server.state.grants, tokens(server), secrets(credentials, server))


def test_a_job_succeeds_with_one_grant_each_and_shows_no_secret(usual_job: Usual) -> None:
    job = usual_job.job
    assert Counter(usual_job.grants) == GRANTS
    assert {service: each["status"] for service, each in told(job).items()} == dict.fromkeys(DATA, "ok")
    assert " says whose this is: id service-1, name service-1, role admin" in job.output
    contents = job.contents()
    assert any(TASK.encode() in content for content in contents)
    assert len(usual_job.secrets) >= 6
    assert not shown(usual_job.secrets, contents)


def test_certificates_are_not_checked_and_the_cache_is_another_where_the_fields_say_so(
    tls_server: Sandbox, jobs: Jobs
) -> None:
    tls_server.reset()
    fields = {"validate_certs": "false", "cache": "user"}
    job = jobs.job({"netfoundry": {**usual(tls_server)["netfoundry"], **fields}})
    # Its place is in the home, which cannot be written.
    assert runner.run(job, BOOK) == 2, job.output
    (found,) = told(job).values()
    assert (found["status"], found["code"]) == ("failed", "cache_unusable")
    assert tls_server.state.grants["netfoundry"] == 1


def test_a_job_that_is_cancelled_leaves_nothing_readable(sandbox: Sandbox, jobs: Jobs) -> None:
    credentials = usual(sandbox)
    # The tokens of all services are in the cache by then.
    last = list(DATA.values())[-1].whoami
    sandbox.fault(last, delay=30)
    job = jobs.job(credentials)
    with runner.running(job, BOOK) as process:
        until(lambda: f"GET {last}" in sandbox.state.counts)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) != 0
    assert Counter(sandbox.state.grants) == GRANTS
    contents = job.contents()
    assert any(TASK.encode() in content for content in contents)
    assert not shown(secrets(credentials, sandbox), contents)


def asking(place: Path) -> Path:
    """A project whose playbook asks for a token of each service."""
    place.mkdir()
    tasks = [{"name": f"Ask {name}", PROVIDERS[name].plugin: {"set_facts": False}} for name in DATA]
    book = [{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]
    (place / "tokens.yml").write_text(json.dumps(book), encoding="utf-8")
    return place


def test_two_nodes_with_one_redis_make_one_grant(sandbox: Sandbox, jobs: Jobs, tmp_path: Path) -> None:
    # Slow grants, so that both ask while one is under way.
    for data in DATA.values():
        sandbox.fault(data.grants[0].path, delay=2)
    (tmp_path / "redis").mkdir()
    with RedisServer(tmp_path / "redis") as redis:
        credentials = {service: {**inputs, "cache": redis.url} for service, inputs in usual(sandbox).items()}
        nodes = [jobs.job(credentials, name) for name in ("one", "two")]
        project = asking(tmp_path / "project")
        threads = [threading.Thread(target=runner.run, args=(node, "tokens.yml", None, project)) for node in nodes]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        kept = redis.contents()
    for node in nodes:
        assert [len(node.results(f"Ask {name}")) for name in DATA] == [1] * len(DATA), node.output
    assert Counter(sandbox.state.grants) == GRANTS
    assert kept
    contents = [*kept, *nodes[0].contents(), *nodes[1].contents()]
    assert not shown({*secrets(credentials, sandbox), redis.password}, contents)
