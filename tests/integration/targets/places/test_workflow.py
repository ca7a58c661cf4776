# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one job of a workflow to the next, run by ansible-runner as AWX runs jobs."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support import runner
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.records import REPLACES, hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.secrecy import files_below, shown

NETWORKS = "/core/v2/networks"
STATS = "playbook_on_stats"
HIDES = "      no_log: true\n"
HOST = {"ansible_connection": "local"}


@pytest.fixture
def project(sandbox: Sandbox, tmp_path: Path) -> Path:
    """Both playbooks of the guide."""
    write(tmp_path / "project", sandbox, "first.yml", "second.yml")
    return tmp_path / "project"


class Ran:
    """A job that has ended: all that ansible-runner wrote of it."""

    def __init__(self, job: runner.Job, project: Path, book: str, variables: Mapping[str, str] | None = None) -> None:
        assert runner.run(job, book, variables, project) == 0, job.output
        self.files = files_below(job.artifacts)
        self.events = job.events
        self.output = job.output
        (self.artifacts,) = (one["event_data"]["artifact_data"] for one in self.events if one["event"] == STATS)
        self.token: str = self.artifacts.get("handed_on_token", "")

    def shows(self, secret: str) -> list[str]:
        """The events that hold the secret."""
        return [one["event"] for one in self.events if shown([secret], [json.dumps(one).encode()])]


def _changed(project: Path, old: str, new: str) -> None:
    path = project / "first.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_second_job_uses_the_token_that_the_first_handed_on(
    sandbox: Sandbox, collections: Path, project: Path, tmp_path: Path
) -> None:
    first = Ran(runner.Job(tmp_path / "1", collections, environment(sandbox)), project, "first.yml")
    assert sandbox.state.grants["netfoundry"] == 1
    # In the last event and in no other, and with the mark.
    assert first.shows(first.token) == [STATS]
    holding = [path.parent.name for path, content in first.files.items() if shown([first.token], [content])]
    assert holding == ["job_events"]
    assert first.artifacts == {"handed_on_token": first.token, "_ansible_no_log": True}
    # As AWX does it: all artifacts but the mark become extra variables.
    given = {"handed_on_token": first.token}
    second = Ran(runner.Job(tmp_path / "2", collections, addresses(sandbox)), project, "second.yml", given)
    (header,) = sent(sandbox, NETWORKS)
    assert header == f"Bearer {first.token}"
    assert owner(header) == "nf-client-1"
    assert sandbox.state.grants["netfoundry"] == 1
    hidden(first.output + second.output, header, "nf-secret-1")
    assert not shown([first.token], second.files.values())


def test_without_no_log_the_event_of_the_task_and_the_output_hold_the_token_too_before_the_core_replaces_it(
    sandbox: Sandbox, collections: Path, project: Path, tmp_path: Path, core: tuple[int, int]
) -> None:
    _changed(project, HIDES, "")
    job = Ran(runner.Job(tmp_path / "1", collections, environment(sandbox)), project, "first.yml")
    assert sorted(job.shows(job.token)) == ([STATS, "runner_on_ok"] if core < REPLACES else [STATS])
    assert (job.token in job.output) is (core < REPLACES)


def test_two_hosts_hand_one_token_on_which_a_screen_with_custom_statistics_shows_but_where_the_core_replaces_it(
    sandbox: Sandbox, collections: Path, project: Path, tmp_path: Path, core: tuple[int, int]
) -> None:
    _changed(project, "hosts: localhost", "hosts: all")
    env: dict[str, t.Any] = {**environment(sandbox), "ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    hosts = {"one": HOST, "two": HOST}
    job = Ran(runner.Job(tmp_path / "1", collections, env, hosts), project, "first.yml")
    assert owner(f"Bearer {job.token}") == "nf-client-1"
    assert job.token.count(".") == 2
    # no_log of the task does not keep it off.
    assert (job.token in job.output) is (core < REPLACES)
