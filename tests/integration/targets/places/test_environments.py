# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in the environment of a command."""

from __future__ import annotations

import json
import shutil
import typing as t
from collections import Counter
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import REPLACES, hidden, owner, sent, text_of

NETWORKS = "/core/v2/networks"
TACTICS = "/api/v1/mitre/tactics"
BOTH = "Run the program that asks both services"
NETFOUNDRY = "Run a program with a token of NetFoundry"


def _play(ansible: Ansible, sandbox: Sandbox, program: Path, verbosity: str, *books: str) -> Run:
    for name in ("report.py", "networks.py"):
        shutil.copy(program, ansible.home / name)
    write(ansible.home, sandbox, *books)
    env = {**exports(sandbox.url), **addresses(sandbox)}
    listing = inventory(ansible.home, {"localhost": {}})
    return ansible.play(*(str(ansible.home / book) for book in books), "-i", listing, verbosity, env=env)


def _said(run: Run, task: str) -> dict[str, t.Any]:
    """What the program wrote."""
    said: dict[str, t.Any] = json.loads(run.of(task).result["stdout"])
    return said


def test_the_environments_of_plays_and_of_tasks_give_programs_their_tokens(
    sandbox: Sandbox, ansible: Ansible, program: Path
) -> None:
    run = _play(ansible, sandbox, program, "-vv", "report.yml", "networks_by_program.yml")
    assert _said(run, BOTH)["statuses"] == {NETWORKS: 200, TACTICS: 200}
    assert _said(run, NETFOUNDRY)["statuses"] == {NETWORKS: 200}
    networks = sent(sandbox, NETWORKS)
    tactics = sent(sandbox, TACTICS)
    assert [owner(header) for header in (*networks, *tactics)] == ["nf-client-1", "nf-client-1", "neto-appname-1"]
    assert Counter(sandbox.state.grants) == Counter(netfoundry=1, netography=1)
    hidden(run.output, *networks, *tactics, "nf-secret-1", exports(sandbox.url)["NETOSECRET"])


def test_an_environment_is_shown_at_the_verbosity_and_on_the_cores_that_the_guide_says(
    sandbox: Sandbox, ansible: Ansible, program: Path, core: tuple[int, int]
) -> None:
    run = _play(ansible, sandbox, program, "-vvv", "report.yml")
    for header in (*sent(sandbox, NETWORKS), *sent(sandbox, TACTICS)):
        assert (text_of(header) in run.output) is (core < REPLACES)
    # And in the list of processes.
    assert _said(run, BOTH)["in_command_lines"] is True
