# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run jobs side by side, each with a log, and say at the end what came of them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

Action = Callable[[TextIO], None]

# The integration tests of a core take a third of it while other cores are tested.
JOB_SECONDS = 60 * 60


class JobError(Exception):
    """The job's check did not pass; the text is a sentence for its log."""


@dataclass(frozen=True)
class Job:
    """One check. It waits for `needs` to pass, and two jobs of one `lane` never run at once."""

    name: str
    action: Action
    needs: tuple[str, ...] = ()
    lane: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of a job. `log` is None when it never ran."""

    name: str
    passed: bool
    seconds: float
    log: Path | None


class Processes:
    """The running children, so that an interrupt leaves none behind."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._guard = threading.Lock()
        self._stopped = False

    def run(self, argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None, log: TextIO) -> int:
        """Run to the end in a process group of its own and return its exit code."""
        with self._guard:
            if self._stopped:
                raise JobError("interrupted")
            child = subprocess.Popen(
                argv,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            self._running.add(child)
        try:
            return child.wait(JOB_SECONDS)
        except subprocess.TimeoutExpired as error:
            kill(child)
            raise JobError(f"no end after {JOB_SECONDS} seconds") from error
        finally:
            with self._guard:
                self._running.discard(child)

    def stop(self) -> None:
        """Kill all that runs and let nothing else start."""
        with self._guard:
            self._stopped = True
            for child in self._running:
                kill(child)


def kill(child: subprocess.Popen[bytes]) -> None:
    """Kill a child and its descendants; one that has ended meanwhile is no error."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


PROCESSES = Processes()


def command(
    argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None = None, proof: str = "", denial: str = ""
) -> Action:
    """An action that passes when the command exits 0 and its output shows that something was checked.

    `proof` is a pattern that the output must hold: a runner that finds no tests often exits 0.
    `denial` is one that it must not hold: a check that was skipped has not passed.
    """

    def action(log: TextIO) -> None:
        print("$", *argv, file=log, flush=True)
        code = PROCESSES.run(argv, cwd, env, log)
        if code:
            raise JobError(f"exit code {code}")
        if not (proof or denial):
            return
        output = Path(log.name).read_text(encoding="utf-8", errors="replace")
        if proof and not re.search(proof, output):
            raise JobError(f"exit code 0, but nothing in its output matches {proof!r}: no test ran")
        denied = re.search(denial, output) if denial else None
        if denied:
            raise JobError(f"exit code 0, but its output says {denied.group()!r}")

    return action


def exit_status(name: str, work: Callable[[], None], *errors: type[Exception]) -> int:
    """Do the work of a target; its exit status. Each of the errors is one sentence for whoever started it."""
    try:
        work()
    except errors as error:
        print(f"make {name}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def refused(argv: Sequence[str], cwd: Path, env: Mapping[str, str], proof: str) -> Action:
    """An action that passes when the command fails and its output shows what for."""

    def action(log: TextIO) -> None:
        print("$", *argv, file=log, flush=True)
        start = log.tell()
        code = PROCESSES.run(argv, cwd, env, log)
        output = Path(log.name).read_bytes()[start:].decode(errors="replace")
        if not code or not re.search(proof, output):
            raise JobError(f"exit code {code}, and it should have found {proof!r} in the tree with faults")

    return action


def run_job(job: Job, log_path: Path) -> Outcome:
    """Run one job. Whatever it raises is a failure of it and is in its log."""
    start = time.monotonic()
    passed = False
    with log_path.open("w", encoding="utf-8") as log:
        try:
            job.action(log)
            passed = True
        except Exception as error:  # noqa: BLE001 - any error of a job must end in the table, not end the run
            print(f"{job.name}: {type(error).__name__}: {error}", file=log)
    return Outcome(job.name, passed, time.monotonic() - start, log_path)


def run_all(jobs: Sequence[Job], workers: int, folder: Path) -> list[Outcome]:
    """Run the jobs in the order of the table as far as needs, lanes and workers let them."""
    folder.mkdir(parents=True, exist_ok=True)
    waiting = list(jobs)
    done = dict[str, Outcome]()
    running: dict[Future[Outcome], Job] = {}
    with ThreadPoolExecutor(workers) as pool:
        try:
            while waiting or running:
                give_up(waiting, done)
                for job in startable(waiting, done, list(running.values()))[: workers - len(running)]:
                    waiting.remove(job)
                    print(f"      {job.name}", flush=True)
                    running[pool.submit(run_job, job, folder / f"{job.name.replace(' ', '-')}.log")] = job
                if waiting and not running:
                    raise ValueError(f"jobs that can never start: {[job.name for job in waiting]}")
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    outcome = future.result()
                    done[running.pop(future).name] = outcome
                    tell(outcome)
        except BaseException:
            PROCESSES.stop()
            raise
    return [done[job.name] for job in jobs]


def give_up(waiting: list[Job], done: dict[str, Outcome]) -> None:
    """Move the jobs whose needs have failed to the outcomes: a check that could not run has not passed."""
    for job in list(waiting):
        if any(need in done and not done[need].passed for need in job.needs):
            waiting.remove(job)
            done[job.name] = Outcome(job.name, False, 0.0, None)
            give_up(waiting, done)
            return


def startable(waiting: list[Job], done: dict[str, Outcome], running: list[Job]) -> list[Job]:
    """The jobs that may start at once, one per lane."""
    busy = {job.lane for job in running if job.lane}
    ready: list[Job] = []
    for job in waiting:
        if job.lane in busy or not all(need in done for need in job.needs):
            continue
        ready.append(job)
        busy |= {job.lane} - {""}
    return ready


def tell(outcome: Outcome) -> None:
    """One line for a job that passed, its whole log for one that failed."""
    print(f"{'ok' if outcome.passed else 'FAILED':6}{outcome.name} ({outcome.seconds:.0f} s)", flush=True)
    if not outcome.passed and outcome.log:
        print(f"----- {outcome.name}: whole log")
        print(outcome.log.read_text(encoding="utf-8", errors="replace").rstrip())
        print(f"----- {outcome.name}: end of log", flush=True)


def summarise(outcomes: Sequence[Outcome], root: Path) -> bool:
    """Print the table and the closing line; True when there was a job and all passed."""
    width = max((len(outcome.name) for outcome in outcomes), default=0)
    print()
    for outcome in outcomes:
        result = "passed" if outcome.passed else "FAILED" if outcome.log else "NOT RUN"
        log = outcome.log.relative_to(root) if outcome.log else "what it needs failed"
        print(f"{outcome.name:{width}}  {result:8}{outcome.seconds:6.0f} s  {log}")
    passed = sum(outcome.passed for outcome in outcomes)
    print(f"\n{passed} passed, {len(outcomes) - passed} failed", flush=True)
    return bool(outcomes) and passed == len(outcomes)
