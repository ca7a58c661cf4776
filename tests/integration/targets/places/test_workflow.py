# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one job of a workflow to the next, run by ansible-runner as AWX runs jobs."""

from __future__ import annotations

import json
import os
import sys
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import REPLACES, hidden, owner, sent, text_of
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.support.secrecy import files_below, shown
from ansible_collections.netapi.auth.tests.support.tasks import playbook

NETWORKS = "/core/v2/networks"
STATS = "playbook_on_stats"
HIDES = "      no_log: true\n"


@dataclass(frozen=True)
class Job:
    """One that has ended: all that ansible-runner wrote of it."""

    files: dict[Path, bytes]
    output: str

    @property
    def events(self) -> list[dict[str, t.Any]]:
        return [json.loads(content) for path, content in self.files.items() if path.parent.name == "job_events"]

    @property
    def artifacts(self) -> dict[str, t.Any]:
        """What AWX keeps for later jobs."""
        (found,) = (event["event_data"]["artifact_data"] for event in self.events if event["event"] == STATS)
        return dict(found)

    def shows(self, secret: str) -> list[str]:
        """The events that hold the secret."""
        return [one["event"] for one in self.events if shown([secret], [json.dumps(one).encode()])]


def _run(ansible: Ansible, name: str, book: str, variables: Mapping[str, str], env: Mapping[str, str]) -> Job:
    private = ansible.home / name
    (private / "env").mkdir(parents=True)
    (private / "env" / "extravars").write_text(json.dumps(variables), encoding="utf-8")
    binaries = private / "bin"
    binaries.mkdir()
    # ansible-test has no installed commands, and ansible-runner wants one.
    command = binaries / "ansible-playbook"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ansible.cli.playbook "$@"\n', encoding="utf-8")
    command.chmod(0o700)
    arguments = ("run", str(private), "--playbook", book, "--inventory", str(ansible.home / "inventory.json"), "-vvv")
    path = f"{binaries}:{os.environ['PATH']}"
    record = str(ansible.home / "record.jsonl")
    done = ansible.module("ansible_runner", *arguments, env={**env, "PATH": path, "RECORD": record})
    assert done.returncode == 0, done.stdout
    return Job(files_below(private / "artifacts"), done.stdout)


@pytest.fixture
def here(sandbox: Sandbox, ansible: Ansible) -> Path:
    """The directory with both playbooks of the guide and an inventory."""
    write(ansible.home, sandbox, "first.yml", "second.yml")
    inventory(ansible.home, {"localhost": {}})
    return ansible.home


def _changed(path: Path, old: str, new: str) -> str:
    """Change the playbook; its path."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return str(path)


def test_a_second_job_uses_the_token_that_the_first_handed_on(sandbox: Sandbox, ansible: Ansible, here: Path) -> None:
    first = _run(ansible, "1", str(here / "first.yml"), {}, environment(sandbox))
    assert sandbox.state.grants["netfoundry"] == 1
    token = first.artifacts["handed_on_token"]
    _check_artifact(first, token)
    # As AWX does it: all artifacts but the mark become extra variables.
    second = _run(ansible, "2", str(here / "second.yml"), {"handed_on_token": token}, addresses(sandbox))
    (header,) = sent(sandbox, NETWORKS)
    assert header == f"Bearer {token}"
    assert owner(header) == "nf-client-1"
    assert sandbox.state.grants["netfoundry"] == 1
    hidden(first.output + second.output, header, "nf-secret-1")
    assert not shown([token], second.files.values())


def _check_artifact(job: Job, token: str) -> None:
    """The artifact is in the last event and in no other, and carries the mark."""
    assert job.shows(token) == [STATS]
    assert [path.parent.name for path, content in job.files.items() if shown([token], [content])] == ["job_events"]
    assert job.artifacts == {"handed_on_token": token, "_ansible_no_log": True}


def test_without_no_log_the_event_of_the_task_and_the_output_hold_the_token_too_before_the_core_replaces_it(
    sandbox: Sandbox, ansible: Ansible, here: Path, core: tuple[int, int]
) -> None:
    job = _run(ansible, "1", _changed(here / "first.yml", HIDES, ""), {}, environment(sandbox))
    token = job.artifacts["handed_on_token"]
    assert sorted(job.shows(token)) == ([STATS, "runner_on_ok"] if core < REPLACES else [STATS])
    assert (token in job.output) is (core < REPLACES)


def test_two_hosts_hand_one_token_on_which_a_screen_with_custom_statistics_shows_but_where_the_core_replaces_it(
    sandbox: Sandbox, ansible: Ansible, here: Path, core: tuple[int, int]
) -> None:
    inventory(here, {"one": {}, "two": {}})
    book = _changed(here / "first.yml", "hosts: localhost", "hosts: all")
    job = _run(ansible, "1", book, {}, {**environment(sandbox), "ANSIBLE_SHOW_CUSTOM_STATS": "1"})
    token = job.artifacts["handed_on_token"]
    assert owner(f"Bearer {token}") == "nf-client-1"
    assert token.count(".") == 2
    # no_log of the task does not keep it off.
    assert (token in job.output) is (core < REPLACES)


def test_jobs_with_the_credential_and_one_redis_need_one_grant_and_no_artifact(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path
) -> None:
    inventory(tmp_path, {"localhost": {}})
    asks = {"name": "Ask for the networks", "netapi.auth.uri": {"auth": "netfoundry", "url": NETWORKS}}
    book = playbook(tmp_path, [asks])
    (tmp_path / "redis").mkdir()
    with RedisServer(tmp_path / "redis") as store:
        env = {**environment(sandbox), "NETAPI_AUTH_CACHE": store.url}
        jobs = [_run(ansible, name, book, {}, env) for name in ("1", "2")]
    first, second = sent(sandbox, NETWORKS)
    assert first == second
    assert sandbox.state.grants["netfoundry"] == 1
    for job in jobs:
        assert job.artifacts == {}
        assert job.shows(text_of(first)) == []
        hidden(job.output, first, "nf-secret-1", store.password)
