# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What each job runs in: that it ends all of it, and takes nothing for a pass that tested nothing."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.tools import cores, run

# One process in the session of the job, and one that has left it.
LASTING = "echo started; sleep 600 & setsid sleep 600 & wait"


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    """The wrapper in a tree of its own, which is where it writes."""
    place = tmp_path / "tests" / "tools" / "run.py"
    place.parent.mkdir(parents=True)
    shutil.copy(run.__file__, place)
    return [sys.executable, str(place)]


def _job(program: list[str], script: str, *options: str) -> tuple[int, str]:
    """Run a job called `units`: its exit code and what is printed."""
    argv = [*program, "units", *options, "--", "sh", "-c", script]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False)
    return done.returncode, done.stdout


@pytest.mark.parametrize(
    ("script", "options", "why"),
    [
        ("echo 3 passed", (), ""),
        ("echo 3 passed; exit 4", (), "exit code 4"),
        ("kill -9 $$", (), "exit code 137"),
        ("echo 0 passed", ("--proof", "[1-9] passed"), "nothing was tested"),
        ("echo 3 passed, 1 skipped", ("--denial", "[1-9] skipped"), "its output says '1 skipped'"),
        ("echo 3 passed; exec sleep 600", ("--limit", "1"), "no end after 1 seconds"),
    ],
)
def test_one_line_says_that_a_job_passed_and_its_whole_log_why_not(
    script: str, options: tuple[str, ...], why: str, program: list[str]
) -> None:
    code, said = _job(program, script, *options)
    assert code == bool(why)
    assert said.startswith("FAILED units" if why else "ok     units")
    assert why in said
    assert said.count("\n") == 1 or "\n----- .build/logs/units.log\n" in said


@pytest.mark.parametrize("name", ["units", "--shown"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_of_a_job_is_left_when_its_wrapper_is_ended(
    number: signal.Signals, name: str, program: list[str]
) -> None:
    # Each process of the job has the writing end: only when the last is gone there is nothing more to read.
    reading, writing = os.pipe()
    argv = [*program, name, "--", "sh", "-c", LASTING.replace("echo started", f"echo started > /dev/fd/{writing}")]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, pass_fds=[writing]) as process, os.fdopen(reading) as end:
        os.close(writing)
        assert end.readline() == "started\n"
        process.send_signal(number)
        assert end.read() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_of_a_job_is_left_when_each_of_its_wrappers_is_ended_at_once(
    number: signal.Signals, program: list[str]
) -> None:
    reading, writing = os.pipe()
    argv = [*program, "units", "--", "sh", "-c", LASTING.replace("echo started", f"echo started > /dev/fd/{writing}")]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, pass_fds=[writing]) as process, os.fdopen(reading) as end:
        os.close(writing)
        assert end.readline() == "started\n"
        supervisor = run.descendants(process.pid)[0]
        with contextlib.suppress(ProcessLookupError):
            for _time in range(100):
                os.kill(supervisor, number)
        assert end.read() == ""


def test_nothing_of_a_job_is_left_when_what_ends_it_is_killed(program: list[str]) -> None:
    reading, writing = os.pipe()
    argv = [*program, "units", "--", "sh", "-c", LASTING.replace("echo started", f"echo started > /dev/fd/{writing}")]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, pass_fds=[writing]) as process, os.fdopen(reading) as end:
        os.close(writing)
        assert end.readline() == "started\n"
        os.kill(run.descendants(process.pid)[0], signal.SIGKILL)
        assert end.read() == ""


# Sends a signal at the fork, before either side has done anything.
AT_FORK = """
import os, runpy, signal, sys
def send(): os.kill({whom}, signal.{name})
os.register_at_fork(after_in_child=send)
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


@pytest.mark.parametrize("whom", ["os.getppid()", "os.getpid()"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_of_a_job_is_left_when_it_is_ended_as_it_begins(
    number: signal.Signals, whom: str, program: list[str]
) -> None:
    python, path = program
    script = AT_FORK.format(whom=whom, name=number.name)
    argv = [python, "-c", script, path, "units", "--limit", "60", "--", "sh", "-c", LASTING]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == ""
    assert done.stdout.startswith("FAILED units (0 s")


# Sends a signal as the job has ended.
AT_END = """
import os, runpy, signal, sys
def waited(pid, options, wait=os.waitpid, me=os.getpid()):
    found = wait(pid, options)
    if os.getpid() == me and pid > 0: os.kill(me, signal.SIGTERM)
    return found
os.waitpid = waited
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


def test_a_job_that_is_ended_as_it_ends_says_so(program: list[str]) -> None:
    python, path = program
    argv = [python, "-c", AT_END, path, "units", "--", "sh", "-c", "echo 3 passed"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 1
    assert done.stdout.startswith("FAILED units (0 s")


# Sends Ctrl-C as the wrapper imports what it needs.
AT_IMPORT = """
import os, runpy, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "argparse": os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
runpy.run_path(sys.argv.pop(1), run_name="__main__")
"""


def test_an_early_ctrl_c_brings_no_traceback(program: list[str]) -> None:
    python, path = program
    argv = [python, "-c", AT_IMPORT, path, "units", "--", "sh", "-c", "echo 3 passed"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def test_a_command_that_is_shown_gives_its_exit_code_and_reads(program: list[str]) -> None:
    argv = [*program, "--shown", "--", "sh", "-c", "read -r said; echo $said; exit 7"]
    done = subprocess.run(argv, input="answer\n", stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (7, "answer\n")


def test_what_make_shows_runs_in_the_wrapper_too() -> None:
    targets = ["quick", "units", "integration", "coverage", "docs", "fuzz", "format", "mutants", "bench"]
    argv = ["make", "--dry-run", *targets, "CORE=", "TESTS=x", "UV_PACKAGE="]
    said = subprocess.run(argv, cwd=cores.ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout
    lines = [line for line in said.splitlines() if re.search("-m (nox|tests.tools)", line)]
    assert len(lines) == len(targets)
    assert [line for line in lines if "tests/tools/run.py --shown -- " not in line] == []


def test_a_process_that_a_job_leaves_behind_is_ended(program: list[str]) -> None:
    reading, writing = os.pipe()
    argv = [*program, "units", "--", "sh", "-c", "setsid sleep 600 & echo 1 passed"]
    with subprocess.Popen(argv, stdout=subprocess.DEVNULL, pass_fds=[writing]) as process, os.fdopen(reading) as end:
        os.close(writing)
        assert end.read() == ""
        assert process.wait() == 0


def test_the_table_counts_what_failed_and_what_did_not_run(program: list[str]) -> None:
    job = f"{' '.join(program)} $name --proof=ran -- echo"
    script = f"name=good; {job} ran; name=bad; {job} done"
    argv = [*program, "--all", "good", "bad", "absent", "--", "sh", "-c", script]
    done = subprocess.run(argv, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    table = done.stdout[done.stdout.index("seconds") :]
    assert [line.split()[:2] for line in table.splitlines()[1:4]] == [
        ["good", "passed"],
        ["bad", "FAILED"],
        ["absent", "NOT"],
    ]
    assert done.stdout.endswith("\n1 passed, 2 failed\n")


@pytest.mark.parametrize("name", ["units-2.21", "integration-brief-2.18", "sanity-2.16", "lint-text", "license-check"])
def test_a_job_that_tests_has_a_proof(name: str) -> None:
    proof, denial = run.proof_of(name)
    assert proof
    assert run.judge(0, "", "", proof, denial).endswith("nothing was tested")


def test_make_test_has_every_core_of_the_table() -> None:
    argv = ["make", "--silent", "--eval", "show: ; @echo $(test_jobs)", "show", "CORE="]
    done = subprocess.run(argv, cwd=cores.ROOT, stdout=subprocess.PIPE, text=True, check=True)
    units = {name for name in done.stdout.split() if name.startswith("units-")}
    whole = {cores.OLDEST, cores.NEWEST}
    brief = {f"units-{'' if series in whole else 'brief-'}{series}" for series in cores.CORES}
    assert units == brief | {"units-lowest"}
