# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a make of many jobs, less those that need what this machine lacks: that is said before anything is built.

Standard library only: it is there before any environment is.
"""

from __future__ import annotations

import signal

if __name__ == "__main__":
    # Without a traceback where Ctrl-C comes early.
    signal.signal(signal.SIGINT, signal.SIG_DFL)

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import typing as t
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import fill

from . import run
from .cores import ENVIRONMENTS, UV_PYTHONS, VENVS, find, search_path

# Seconds for uv to fetch the Pythons that are missing.
FETCH_SECONDS = 60
# RHEL 9 has these too. Its dnf installs nothing when it does not know one of the names.
DNF_PYTHONS = ("3.12", "3.11")
# The environments that make builds before it begins with the jobs: those of the jobs that take longest wait for them.
FIRST = re.compile(r"core-[\d.]+|openid|oidc-provider")
HANGING: dict[str, t.Any] = {"subsequent_indent": "    ", "break_on_hyphens": False}
UV = VENVS / "tools" / "bin" / "uv"


@dataclass(frozen=True)
class Program:
    """A program that the system's packages bring.

    :param apt: the package of Debian.
    :param dnf: what both Fedora and RHEL 9 know.
    :param jobs: how the names of the jobs begin that need it.
    :param parts: and of those that do without the tests that start it.
    """

    name: str
    apt: str
    dnf: str
    jobs: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()


PROGRAMS = (
    # The package is redis or valkey-compat-redis.
    Program("redis-server", "redis-server", "/usr/bin/redis-server", ("leaks-",), ("units-", "integration-")),
    Program("java", "default-jre-headless", "java-21-openjdk-headless", ("keycloak-",)),
    Program("mvn", "maven", "maven", ("keycloak-",)),
    Program("go", "golang-go", "golang", ("providers-",)),
    Program("git", "git", "git", (), ("units-", "integration-")),
    *(Program(name, name, name, (), ("integration-",)) for name in ("curl", "jq", "openssl")),
)


@dataclass(frozen=True)
class Lack:
    """What is not here: a program, or any of these Pythons.

    :param jobs: what is left out for it.
    :param parts: what is left out of other jobs.
    """

    jobs: tuple[str, ...]
    program: Program | None = None
    pythons: tuple[str, ...] = ()
    parts: str = ""

    @property
    def name(self) -> str:
        if self.program:
            return self.program.name
        *others, last = self.pythons
        return f"Python {', '.join(others)} or {last}" if others else f"Python {last}"

    def __str__(self) -> str:
        unless = " (unless uv fetches one within a minute)" if self.pythons else ""
        return fill(f"  {self.name}{unless}: {', '.join(filter(None, (*self.jobs, self.parts)))}", 110, **HANGING)


def environments(job: str, make: Sequence[str]) -> list[str]:
    """The environments that make would build for the job."""
    variables = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MFLAGS")}
    argv = [*make, "--dry-run", "--always-make", f"PYTHON={sys.executable}", job]
    said = subprocess.run(
        argv, env=variables, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    return [name for name in re.findall(r"(?<![/\w])venv-([\w.-]+)", said.stdout) if name in ENVIRONMENTS]


def lacks(jobs: dict[str, list[str]]) -> list[Lack]:
    """What is not here of what these jobs need, which take these environments."""
    path = search_path()
    found = []
    for program in PROGRAMS:
        whole = tuple(job for job in jobs if job.startswith(program.jobs))
        parts = "tests that start it" if any(job.startswith(program.parts) for job in jobs) else ""
        if (whole or parts) and not shutil.which(program.name, path=path):
            found.append(Lack(whole, program, parts=parts))
    wanted: dict[tuple[str, ...], list[str]] = {}
    for job, names in jobs.items():
        for pythons in dict.fromkeys(ENVIRONMENTS[name].pythons for name in names):
            wanted.setdefault(pythons, []).append(job)
    return found + [Lack(tuple(names), pythons=each) for each, names in wanted.items() if not find(each)]


def advice(found: Iterable[Lack]) -> str:
    """How to get it, a line for each system."""
    programs = [lack.program for lack in found if lack.program]
    pythons = [lack.pythons for lack in found if lack.pythons]
    known = dict.fromkeys(next((each for each in DNF_PYTHONS if each in some), "") for some in pythons)
    dnf = [*(f"python{each}" for each in known if each), *(each.dnf for each in programs)]
    lines = {
        "Debian:         apt install": [each.apt for each in programs],
        "Fedora, RHEL 9: dnf install": dnf,
        "Pythons:        uv python install": dict.fromkeys(some[0] for some in pythons),
    }
    return "\n".join(f"{command} {' '.join(names)}" for command, names in lines.items() if names)


def fetch(pythons: Iterable[str], make: Sequence[str]) -> str:
    """Have uv fetch them, once; what interrupted it, if anything has. Where it cannot, they stay missing."""
    _code, ended = run.run([*make, "--silent", ".venvs/tools/made"], run.LONGEST_SECONDS, None)
    if not ended and UV.exists():
        os.environ["UV_PYTHON_INSTALL_DIR"] = str(UV_PYTHONS)
        argv = [str(UV), "python", "install", "--quiet", "--no-bin", *pythons]
        _code, ended = run.run(argv, FETCH_SECONDS, subprocess.DEVNULL)
    return "" if ended.startswith("no end") else ended


def main() -> int:
    """The command line: the jobs, `--`, and the make that runs what is named after it."""
    mark = sys.argv.index("--")
    names, make = sys.argv[1:mark], sys.argv[mark + 1 :]
    strict = os.environ.get("CI") == "true" or os.environ.get("STRICT") == "1"
    jobs = {name: environments(name, make) for name in names}
    found = lacks(jobs)
    if found:
        print("Left out, because this machine lacks what it needs:", *found, advice(found), sep="\n", flush=True)
    if importlib.util.find_spec("ensurepip") is None:
        print(f"{sys.executable} cannot make virtual environments. Debian: apt install python3-venv", flush=True)
        return 1
    missing = [lack.pythons[0] for lack in found if lack.pythons]
    if missing and not (strict and len(missing) < len(found)):
        if fetch(missing, make):
            return 130
        found = lacks(jobs)
    if strict and found:
        print("CI=true and STRICT=1 let nothing be left out.", file=sys.stderr)
        return 1
    reasons = {job: " nor ".join(lack.name for lack in found if job in lack.jobs) for job in names}
    left = [job for job in names if not reasons[job]]
    first = dict.fromkeys(f".venvs/{name}/made" for job in left for name in jobs[job] if FIRST.fullmatch(name))
    # make would begin with what waits for no environment, and what takes long would come last.
    if first and run.run([*make, "--silent", *first], run.LONGEST_SECONDS, None)[1]:
        return 130
    return run.every(left, [*make, *left], {job: reason for job, reason in reasons.items() if reason})


if __name__ == "__main__":
    sys.exit(run.program(main))
