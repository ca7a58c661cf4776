# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens in the environment of a command, and on its standard input."""

from __future__ import annotations

import json
import sys
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
QUIET = "Run the program with a token from its standard input"
NETFOUNDRY = "Run a program with a token of NetFoundry"


def _program(path: Path) -> None:
    """A program that calls the services with the tokens of its environment."""
    source = Path("stand_ins/program.py").read_text(encoding="utf-8")
    path.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    path.chmod(0o700)


def _play(ansible: Ansible, sandbox: Sandbox, book: str, *arguments: str) -> Run:
    for name in ("report.py", "networks.py"):
        _program(ansible.home / name)
    write(ansible.home, sandbox, book)
    env = {**exports(sandbox.url), **addresses(sandbox)}
    listing = inventory(ansible.home, {"localhost": {}})
    return ansible.play(str(ansible.home / book), "-i", listing, *arguments, env=env)


def _said(run: Run, task: str) -> dict[str, t.Any]:
    """What the program wrote."""
    said: dict[str, t.Any] = json.loads(run.of(task).result["stdout"])
    return said


def test_the_environments_of_a_play_and_of_a_task_give_a_program_its_tokens(sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play(ansible, sandbox, "report.yml", "-vv")
    assert _said(run, BOTH)["statuses"] == {NETWORKS: 200, TACTICS: 200}
    networks = sent(sandbox, NETWORKS)
    tactics = sent(sandbox, TACTICS)
    assert (owner(*networks), owner(*tactics)) == ("nf-client-1", "neto-appname-1")
    assert Counter(sandbox.state.grants) == Counter(netfoundry=1, netography=1)
    hidden(run.output, *networks, *tactics, "nf-secret-1", exports(sandbox.url)["NETOSECRET"])


def test_an_environment_is_shown_at_the_verbosity_and_on_the_cores_that_the_guide_says(
    sandbox: Sandbox, ansible: Ansible, core: tuple[int, int]
) -> None:
    run = _play(ansible, sandbox, "report.yml", "-vvv")
    for header in (*sent(sandbox, NETWORKS), *sent(sandbox, TACTICS)):
        assert (text_of(header) in run.output) is (core < REPLACES)
    # And in the list of processes.
    assert _said(run, BOTH)["in_command_lines"] is True


def test_a_token_on_standard_input_is_shown_nowhere(sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play(ansible, sandbox, "quiet_report.yml", "-vvvvv")
    assert run.of(QUIET).status == "ok"
    networks = sent(sandbox, NETWORKS)
    assert owner(*networks) == "nf-client-1"
    assert sandbox.state.grants["netfoundry"] == 1
    assert json.loads((ansible.home / "said.json").read_text(encoding="utf-8"))["in_command_lines"] is False
    hidden(run.output, *networks, "nf-secret-1")


def test_a_program_of_netfoundry_has_its_token_from_the_lookup(sandbox: Sandbox, ansible: Ansible) -> None:
    run = _play(ansible, sandbox, "networks_by_program.yml", "-vv")
    assert _said(run, NETFOUNDRY)["statuses"] == {NETWORKS: 200}
    networks = sent(sandbox, NETWORKS)
    assert owner(*networks) == "nf-client-1"
    assert sandbox.state.grants["netfoundry"] == 1
    hidden(run.output, *networks, "nf-secret-1")
