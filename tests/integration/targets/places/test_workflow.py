# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""From one job of a workflow to the next, run by ansible-runner as AWX runs jobs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support import runner
from ansible_collections.netapi.auth.tests.support.guide import HANDING_ON, files, write
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.records import REPLACES, files_below, hidden, owner, sent, shown

NETWORKS = "/core/v2/networks"
STATS = "playbook_on_stats"
HIDES = "      no_log: true\n"
HOST = {"ansible_connection": "local"}


@pytest.fixture(scope="module")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This collection beside the projects. That its tarball holds all of it is shown by what installs that."""
    place = tmp_path_factory.mktemp("collections")
    for name in ("meta", "plugins", "roles"):
        shutil.copytree(runner.ROOT / name, place / "ansible_collections" / "netapi" / "auth" / name)
    return place


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


@pytest.fixture(scope="module")
def job(server: Sandbox, collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """One that two hosts hand a token on in, and then one host another, without `no_log`, with custom statistics."""
    server.reset()
    place = tmp_path_factory.mktemp("job")
    text = files(HANDING_ON)["first.yml"]
    assert HIDES in text
    other = "  vars: {netfoundry_auth_client_id: nf-client-2, netfoundry_auth_client_secret: nf-secret-2}\n  tasks:"
    shown = text.replace(HIDES, "").replace("handed_on_token", "shown_token").replace("  tasks:", other)
    (place / "project").mkdir()
    book = text.replace("hosts: localhost", "hosts: one:two") + shown
    (place / "project" / "first.yml").write_text(book, encoding="utf-8")
    env = {**environment(server), "ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    hosts = {"one": HOST, "two": HOST}
    return Ran(runner.Job(place / "1", collections, env, hosts), place / "project", "first.yml")


def test_without_no_log_the_event_of_the_task_and_the_output_hold_the_token_too_before_the_core_replaces_it(
    job: Ran, core: tuple[int, int]
) -> None:
    token = job.artifacts["shown_token"]
    assert owner(f"Bearer {token}") == "nf-client-2"
    assert sorted(job.shows(token)) == ([STATS, "runner_on_ok"] if core < REPLACES else [STATS])
    assert any(token in one["stdout"] for one in job.events if one["event"] == "runner_on_ok") is (core < REPLACES)


def test_two_hosts_hand_one_token_on_which_a_screen_with_custom_statistics_shows_but_where_the_core_replaces_it(
    job: Ran, core: tuple[int, int]
) -> None:
    assert owner(f"Bearer {job.token}") == "nf-client-1"
    assert job.token.count(".") == 2
    # no_log of the task does not keep it off.
    assert job.shows(job.token) == [STATS]
    assert (job.token in job.output) is (core < REPLACES)
