# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Runs of netbird_pat in forks of one process, at once, each killed around the request that the test says.

This file is also the program of that process.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

# The directory that holds ansible_collections.
ROOT = Path(__file__).resolve().parents[6]


@dataclass(frozen=True)
class Forks:
    """The process that forks."""

    _process: subprocess.Popen[str]

    def runs(self, *jobs: dict[str, t.Any]) -> list[dict[str, t.Any] | None]:
        """What came of each run, all of them at once; None for one that was killed, `refused` for one that failed.

        A job has `home`, `arguments`, and perhaps `kill`: the number of a request or its method, and whether before it.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(jobs), file=self._process.stdin, flush=True)
        found: list[dict[str, t.Any] | None] = json.loads(self._process.stdout.readline())
        return found


@contextlib.contextmanager
def forks() -> Iterator[Forks]:
    argv = [sys.executable, "-B", __file__]
    pipe = subprocess.PIPE
    with subprocess.Popen(argv, stdin=pipe, stdout=pipe, encoding="utf-8") as process:
        assert process.stdin is not None
        try:
            yield Forks(process)
        finally:
            process.stdin.close()


def _start(job: dict[str, t.Any]) -> tuple[int, int]:
    """Its process, and where its outcome can be read."""
    reading, writing = os.pipe()
    if process := os.fork():
        os.close(writing)
        return process, reading
    # What Ansible displays must not get into the answers.
    os.dup2(2, 1)
    os.write(writing, json.dumps(_outcome(**job)).encode())
    os._exit(0)


def _outcome(home: str, arguments: dict[str, t.Any], kill: tuple[int | str, bool] = (0, False)) -> dict[str, t.Any]:
    import tempfile

    from ansible import constants

    from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
    from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

    once = client._once
    number = 0

    def counted(*said: t.Any) -> t.Any:
        nonlocal number
        number += 1
        is_meant = kill[0] in (number, said[1].method)
        if is_meant and kill[1]:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = once(*said)
        if is_meant:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(client, "_once", counted)  # noqa: B010 - a function, which mypy does not let assign
    os.environ["HOME"] = home
    vars(constants)["DEFAULT_LOCAL_TMP"] = tempfile.mkdtemp(dir=home)
    try:
        return {**Ansible().action("netapi.auth.netbird_pat", arguments), "requests": number}
    except Refused as refused:
        return {"refused": str(refused), "requests": number}


def _serve() -> None:
    sys.path.insert(0, str(ROOT))
    from ansible.plugins.loader import init_plugin_loader

    init_plugin_loader([str(ROOT)])
    from ansible_collections.netapi.auth.plugins.action import netbird_pat  # noqa: F401 - for the forks

    for line in sys.stdin:
        started = [_start(job) for job in json.loads(line)]
        found = []
        for process, reading in started:
            with os.fdopen(reading, encoding="utf-8") as pipe:
                said = pipe.read()
            os.waitpid(process, 0)
            found.append(json.loads(said) if said else None)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    _serve()
