# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What README and guide say for a clone, as it stands there: `make demo` and `make sandbox`."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import urllib.request
from typing import TextIO

from .cores import ROOT
from .demo import STOP_SECONDS, exports
from .jobs import Job, JobError, command

# Of what the sandbox prints.
LAST = "NETBIRD_API_URL"
# What ends one that does not print it.
LONGEST_START_SECONDS = 300.0


def by_hand(log: TextIO) -> None:
    """Start the sandbox as a reader does, ask it whether it is there, and end it as Ctrl-C does."""
    with subprocess.Popen(
        ["make", "sandbox"],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
        start_new_session=True,
    ) as process:
        watch = threading.Timer(LONGEST_START_SECONDS, os.killpg, (process.pid, signal.SIGKILL))
        watch.start()
        try:
            found: dict[str, str] = {}
            while LAST not in found and process.stdout and (line := process.stdout.readline()):
                found |= exports(line)
            if LAST not in found:
                raise JobError(f"it printed {sorted(found)} and not {LAST}")
            with urllib.request.urlopen(f"{found[LAST]}/_sandbox/state") as answer:
                print(*found, answer.status, file=log, flush=True)
            os.killpg(process.pid, signal.SIGINT)
            process.wait(STOP_SECONDS)
        finally:
            watch.cancel()
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def clone_jobs() -> list[Job]:
    """Both, in the environment of the demo."""
    return [
        Job("make demo", command(["make", "demo"], ROOT, None, r"PLAY RECAP"), ("venv demo",)),
        Job("make sandbox", by_hand, ("venv demo",)),
    ]
