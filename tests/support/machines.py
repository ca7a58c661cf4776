# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Playbooks that run at the same time, each on a machine of its own, which is a home; and their end."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
import typing as t
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ..tools.run import descendants
from .playbooks import Ansible, Run

# Seconds until what a test waits for counts as never.
_LONGEST_WAIT = 120.0


@dataclass(frozen=True)
class Machine(Ansible):
    """Where playbooks are run, one at a time."""

    @contextlib.contextmanager
    def running(
        self, playbook: str, *arguments: str, env: Mapping[str, str] | None = None
    ) -> Iterator[subprocess.Popen[bytes]]:
        """A playbook in a process group of its own. At the end of the block all its processes are gone."""
        argv = self.argv(playbook, arguments)
        env = self.settings(env)
        with (self.home / "output").open("wb") as output, started(argv, self.home, env, output) as process:
            yield process


def machine(home: Path) -> Machine:
    """One with this home, which is made, for the playbooks of the working directory."""
    home.mkdir(exist_ok=True)
    return Machine(Path.cwd(), home, dict(os.environ))


def together(machines: Sequence[Machine], playbook: str, *arguments: str, env: Mapping[str, str]) -> list[Run]:
    """Run the playbook on all of them at once."""
    with ThreadPoolExecutor(len(machines)) as pool:
        return list(pool.map(lambda one: one.play(playbook, *arguments, env=env), machines))


@contextlib.contextmanager
def started(
    argv: Sequence[str], directory: Path, env: Mapping[str, str], output: int | t.BinaryIO = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A command in a process group of its own. At the end of the block all its processes are gone."""
    process = subprocess.Popen(
        argv,
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the process and all that it has started, as the end of a container does."""
    # From 2.19 on each fork is in a session of its own, so that the process group is not all.
    for victim in (process.pid, *descendants(process.pid)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    process.wait()


def until(condition: Callable[[], bool]) -> None:
    """Wait for it. Raises TimeoutError when it never comes."""
    end = time.monotonic() + _LONGEST_WAIT
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("What the test waits for did not come.")
        time.sleep(0.05)
