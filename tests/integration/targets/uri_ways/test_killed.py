# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A run that is stopped in the middle of a request: where the header is while it waits, and what is left of it."""

from __future__ import annotations

import contextlib
import os
import signal
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.integration.targets.uri_ways.places import PLUGINS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.machines import Machine, machine, until
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import inventory
from ansible_collections.netapi.auth.tests.support.records import files_below, shown
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook

TOKEN = "token-51c7e09a4d36"
NETWORKS = "/core/v2/networks"
# Seconds that the service waits with its answer, longer than any test.
PATIENCE = 240
SETTINGS = {**PLUGINS, "ANSIBLE_PIPELINING": "0"}
# In the place of ssh: the last argument is the command for the host.
SSH = '#!/bin/sh\nfor command; do :; done\nexec /bin/sh -c "$command"\n'
READ: Task = {"name": "Read", OURS: {"auth": "netfoundry", "url": NETWORKS}}
BECOME = {"ansible_become": True, "ansible_become_method": "someone"}
# How a host is reached without a file: its variables.
WITHOUT_A_FILE: dict[str, dict[str, t.Any]] = {
    "local": {},
    "elsewhere": {"ansible_connection": "elsewhere"},
    "ssh": {"ansible_connection": "ssh"},
    "become with pipelining": {**BECOME, "ansible_pipelining": True},
}
# And with one, as the page says: hosts, and what the environment says besides.
WITH_A_FILE: list[tuple[dict[str, dict[str, t.Any]], dict[str, str]]] = [
    (
        {
            "become": BECOME,
            "ssh with a terminal": {"ansible_connection": "ssh", "ansible_ssh_extra_args": "-tt"},
        },
        {},
    ),
    ({"kept files": {}}, {"ANSIBLE_KEEP_REMOTE_FILES": "1"}),
]


@dataclass(frozen=True)
class Found:
    """What held the header: files, and command lines and environments of processes."""

    files: set[Path]
    processes: set[Path]


def _found(here: Machine) -> Found:
    files = files_below(here.home)
    return Found({path for path, content in files.items() if shown([TOKEN], [content])}, set(_telling()))


def _telling() -> Iterator[Path]:
    for process in Path("/proc").iterdir():
        for name in ("cmdline", "environ"):
            # It may end meanwhile, or not be a process.
            with contextlib.suppress(OSError):
                if TOKEN.encode() in (process / name).read_bytes():
                    yield process / name


@contextlib.contextmanager
def _waiting(
    sandbox: Sandbox, place: Path, hosts: dict[str, dict[str, t.Any]], env: dict[str, str]
) -> Iterator[tuple[Machine, int]]:
    """A run whose requests, one of each host, the service has and does not answer, and its process."""
    sandbox.fault("/oauth/token", merge={"access_token": TOKEN})
    sandbox.fault(NETWORKS, delay=PATIENCE)
    here = machine(place / "home")
    ssh = place / "ssh"
    ssh.write_text(SSH, encoding="utf-8")
    ssh.chmod(0o700)
    by_ssh = {"ansible_ssh_executable": str(ssh), "ansible_ssh_transfer_method": "piped"}
    listing = inventory(place, hosts, **by_ssh, **variables(sandbox))
    env = {**SETTINGS, **_temporary(here), **env}
    with here.running(playbook(place, [READ], hosts="all"), "-i", listing, env=env) as process:
        until(lambda: sandbox.state.counts.get(f"GET {NETWORKS}") == len(hosts))
        yield here, process.pid


def _temporary(here: Machine) -> dict[str, str]:
    """Where modules are put: by themselves they are in the home that the user database has."""
    return {"ANSIBLE_LOCAL_TEMP": str(here.home / "local"), "ANSIBLE_REMOTE_TEMP": str(here.home / "remote")}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["interrupted", "terminated"])
def test_the_header_is_in_no_file_and_no_command_line(number: signal.Signals, sandbox: Sandbox, tmp_path: Path) -> None:
    with _waiting(sandbox, tmp_path, WITHOUT_A_FILE, {}) as (here, process):
        during = _found(here)
        # As a terminal or AWX does: the group gets it.
        os.killpg(process, number)
        until(lambda: _ended(process))
        assert _found(here) == during == Found(set(), set())


def _ended(process: int) -> bool:
    """Whether it is gone, or waits for nothing but its parent."""
    with contextlib.suppress(OSError):
        return (Path("/proc") / str(process) / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    return True


@pytest.mark.parametrize(("hosts", "env"), WITH_A_FILE)
def test_where_a_file_cannot_be_helped_nothing_else_has_it(
    hosts: dict[str, dict[str, t.Any]], env: dict[str, str], sandbox: Sandbox, tmp_path: Path
) -> None:
    with _waiting(sandbox, tmp_path, hosts, env) as (here, _process):
        found = _found(here)
    assert [path.name for path in found.files] == ["AnsiballZ_uri.py"] * len(hosts)
    assert found.processes == set()


def test_the_connection_is_as_before_afterwards(sandbox: Sandbox, tmp_path: Path) -> None:
    """The items of a loop have one connection, so a module after ours shows what was left."""
    here = machine(tmp_path / "home")
    names = ("local", "elsewhere")
    hosts = inventory(tmp_path, {name: {"ansible_connection": name} for name in names}, **variables(sandbox))
    book = playbook(tmp_path, [{**READ, "loop": [1, 2]}, {"name": "Ping", "ansible.builtin.ping": {}}], hosts="all")
    run = here.play(book, "-i", hosts, "-vvv", env=SETTINGS | _temporary(here))
    pings = [line for line in run.output.splitlines() if "AnsiballZ_ping.py" in line]
    assert [name for name in names if any(f"<{name}>" in line for line in pings)] == list(names)
    assert "AnsiballZ_uri.py" not in run.output
    assert {run.of(task, name).status for task in ("Ping", "Read") for name in names} == {"ok"}
