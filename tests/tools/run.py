# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each job of `make` runs in: a time limit, a log, a proof that something was tested, and an end for all of it.

Make ends the programs that it has started, but not what those have started. Standard library only.
"""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # Without a traceback where Ctrl-C comes early.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import argparse
import contextlib
import ctypes
import fcntl
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parents[2]
LOGS = ROOT / ".build" / "logs"
_PYTHON = str(ROOT / ".venvs" / "tools" / "bin" / "python")
# Without byte code in the tree: reuse takes what appears while it looks for a file without a licence.
NOX = (_PYTHON, "-B", "-m", "nox", "--non-interactive", "-R", "--noxfile", str(ROOT / "noxfile.py"))
LONGEST_SECONDS = 60 * 60
# Of prctl: get a signal when the parent dies, however it does; have orphans as children, found and counted.
END_WITH_PARENT = 1
TAKE_ORPHANS = 36
# What ends a job early.
ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGALRM)

PASSED = r"(?m)^.*\b[1-9][0-9]* passed"
SKIPPED = r"WARNING: Skipping unit tests.*|\b[1-9][0-9]* skipped"
PLAYED = r"PLAY RECAP"
IMPORTED = r"\.\.\.ansible-lint run complete(?s:.*)Importer processing completed successfully"
TROUBLE = r"(?m)^ *(WARNING|ERROR|CRITICAL)\b.*"
# By the beginning of a job's name: what its output must show, since a runner that finds no tests often exits with 0,
# and what it must not show, since a check that was left out has not passed.
PROOFS: dict[str, tuple[str, str]] = {
    "units-": (PASSED, SKIPPED),
    "leaks-": (PASSED, SKIPPED),
    "crowds-": (PASSED, SKIPPED),
    "keycloak-": (PASSED, SKIPPED),
    "providers-": (PASSED, SKIPPED),
    "stores-": (PASSED, SKIPPED),
    "integration-": (PASSED, r"WARNING: Excluding tests.*"),
    "sanity-": (r"Running sanity test", r"WARNING: Required program .*"),
    "lint-ansible": (r"Passed: 0 failure\(s\), 0 warning\(s\)", ""),
    "lint-mypy": (r"in [1-9]\d* source", ""),
    "lint-text": (r"All checks passed(?s:.*)[1-9]\d* files? already(?s:.*)Found 0 errors in [1-9]\d* files", ""),
    "lint-examples": (r"Passed: 0 failure", ""),
    "lint-package": (PLAYED + "(?s:.*)" + PLAYED, ""),
    "lint-certified": (IMPORTED, TROUBLE),
    "lint-clone": (
        "make demo:(?s:.*)" + PLAYED + "(?s:.*)export NETBIRD_API_URL=http(?s:.*)sandbox.sh(?s:.*)tokens of netbird",
        "",
    ),
    "lint-docs": (r"build succeeded\.", ""),
    "lint-old-python": (r"failed=0", ""),
    "docs-check": (r"antsibull-docs lint-collection-docs", "Skipp"),
    "license-check": (r"with license information: ([1-9]\d*) / \1\n", ""),
}


def proof_of(name: str) -> tuple[str, str]:
    """What the output of that job must show, and what it must not."""
    return next((proof for prefix, proof in PROOFS.items() if name.startswith(prefix)), ("", ""))


def ask_kernel(option: int, value: int) -> None:
    """Linux's prctl, where there is one: elsewhere a group is ended, and no more."""
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def descendants(pid: int) -> list[int]:
    """Every process below that one, whichever of its threads has started it."""
    found: list[int] = []
    for path in Path("/proc").glob(f"{pid}/task/*/children"):
        # It may end meanwhile.
        with contextlib.suppress(OSError):
            found += map(int, path.read_bytes().split())
    return [each for child in found for each in (child, *descendants(child))]


def end_all() -> None:
    """Kill every descendant, those that left the session as well, and wait for them."""
    while left := descendants(os.getpid()):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(-1, 0)


def supervise(argv: Sequence[str], output: int | None, parent: int) -> int:
    """In a session of its own, run the command to its end and leave nothing of it behind; its exit code.

    :param parent: the process without which it ends.
    """

    def stop(number: int, frame: FrameType | None) -> None:
        # Who ends a whole container sends it to this process and to its parent, which passes it on.
        for each in ENDING:
            signal.signal(each, signal.SIG_IGN)
        end_all()
        os.killpg(0, signal.SIGKILL)

    os.setsid()
    for number in ENDING:
        signal.signal(number, stop)
    ask_kernel(END_WITH_PARENT, signal.SIGTERM)
    ask_kernel(TAKE_ORPHANS, 1)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    if os.getppid() != parent:
        return 128 + signal.SIGTERM
    # Who sees what it says may also answer.
    stdin = None if output is None else subprocess.DEVNULL
    child = subprocess.Popen(argv, stdin=stdin, stdout=output, stderr=output, close_fds=False)
    while True:
        pid, status = os.wait()
        if pid == child.pid:
            end_all()
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


def run(argv: Sequence[str], limit: float, output: int | None) -> tuple[int, str]:
    """Run the command supervised: its exit code, and what ended it early, if anything has."""
    ended = ""

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal ended
        ended = ended or (f"no end after {limit:.0f} seconds" if number == signal.SIGALRM else "interrupted")
        # It may have ended, and have been waited for.
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGTERM)

    parent = os.getpid()
    # Until both know what to do then.
    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
    child = os.fork()
    if not child:
        code = 127
        try:
            code = supervise(argv, output, parent)
        except OSError as error:
            print(f"{argv[0]}: {error.strerror}", file=sys.stderr, flush=True)
        os._exit(code)
    # Killed before this, it takes the other one along.
    before = [signal.signal(number, stop) for number in ENDING]
    ask_kernel(END_WITH_PARENT, signal.SIGTERM)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
    signal.setitimer(signal.ITIMER_REAL, limit)
    status = os.waitpid(child, 0)[1]
    signal.setitimer(signal.ITIMER_REAL, 0)
    for number, handler in zip(ENDING, before, strict=True):
        signal.signal(number, handler)
    return os.waitstatus_to_exitcode(status), ended


def program(main: Callable[[], int]) -> int:
    """A program that runs commands: its exit code, and an end of what a supervisor that was killed has left."""
    ask_kernel(TAKE_ORPHANS, 1)
    try:
        return main()
    finally:
        end_all()


def judge(code: int, ended: str, text: str, proof: str, denial: str) -> str:
    """Why the job has failed, as a sentence; empty: it has passed."""
    if ended or code:
        return ended or f"exit code {code}"
    if proof and not re.search(proof, text):
        return f"exit code 0, but nothing in its output matches {proof!r}: nothing was tested"
    denied = re.search(denial, text) if denial else None
    return f"exit code 0, but its output says {denied.group()!r}" if denied else ""


def job(name: str, argv: Sequence[str], limit: float, proof: str, denial: str) -> int:
    """Run one job: one line when it passes, its whole log when it fails; its figures go beside the log."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    shown = log.relative_to(ROOT)
    with log.open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print(f"FAILED {name}: it is running already", file=sys.stderr)
            return 1
        file.truncate(0)
        start = time.monotonic()
        code, ended = run(argv, limit, file.fileno())
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        text = log.read_text(encoding="utf-8", errors="replace")
        why = judge(code, ended, text, proof, denial)
        figures = {"why": why, "wall": time.monotonic() - start, "cpu": used.ru_utime + used.ru_stime}
        log.with_suffix(".json").write_text(json.dumps(figures), encoding="utf-8")
    figure = f"({figures['wall']:.0f} s, {figures['cpu']:.0f} s of processors)"
    if why:
        print(f"FAILED {name} {figure}: {why}\n----- {shown}\n{text.rstrip()}\n----- end of {shown}", flush=True)
    else:
        print(f"ok     {name} {figure}", flush=True)
    return 1 if why else 0


def every(names: Sequence[str], argv: Sequence[str], left_out: Mapping[str, str]) -> int:
    """Run a make of many jobs, and print the table of what came of each; 0 when there were some and all passed.

    :param left_out: jobs that are not run, and what they lack.
    """
    for name in names:
        (LOGS / f"{name}.json").unlink(missing_ok=True)
    start = time.monotonic()
    code, ended = run(argv, LONGEST_SECONDS * 4, None)
    width = max(map(len, [*names, *left_out]), default=0)
    passed = 0
    total = 0.0
    print(f"\n{'':{width}}  {'':8}{'seconds':>10}{'processor':>11}")
    for name in names:
        path = LOGS / f"{name}.json"
        if not path.exists():
            print(f"{name:{width}}  NOT RUN: what it needs failed, or it was interrupted")
            continue
        found = json.loads(path.read_text(encoding="utf-8"))
        passed += not found["why"]
        total += found["cpu"]
        result = "FAILED" if found["why"] else "passed"
        log = path.with_suffix(".log").relative_to(ROOT)
        print(f"{name:{width}}  {result:8}{found['wall']:10.0f}{found['cpu']:11.0f}  {log}")
    for name, lack in left_out.items():
        print(f"{name:{width}}  left out: no {lack} is here")
    print(f"{'':{width}}  {'':8}{time.monotonic() - start:10.0f}{total:11.0f}")
    also = f", {len(left_out)} left out" if left_out else ""
    print(f"\n{passed} passed, {len(names) - passed} failed{also}", flush=True)
    return 130 if ended else 1 if code or not names or passed < len(names) else 0


def main() -> int:
    """The command line: one job by its name, all those of a make, or a command that is seen and has no log."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="a job; with --all, those that the command runs")
    parser.add_argument("--all", action="store_true", help="the command is a make of many jobs")
    parser.add_argument("--shown", action="store_true", help="the command is no job")
    parser.add_argument("--limit", type=float, default=LONGEST_SECONDS, help="in seconds, of a job")
    parser.add_argument("--proof", help="a pattern that the output must show; default: that of the job")
    parser.add_argument("--denial", help="a pattern that the output must not show; default: that of the job")
    mark = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    options = parser.parse_args(sys.argv[1:mark])
    argv = sys.argv[mark + 1 :]
    if options.all:
        return every(options.names, argv, {})
    if options.shown:
        code, ended = run(argv, LONGEST_SECONDS * 4, None)
        return 130 if ended else code
    (name,) = options.names
    proof, denial = proof_of(name)
    proof = proof if options.proof is None else options.proof
    denial = denial if options.denial is None else options.denial
    return job(name, argv or [*NOX, "--session", name], options.limit, proof, denial)


if __name__ == "__main__":
    sys.exit(program(main))
