# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make test` and its parts: which jobs there are, and a run of those asked for."""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import TextIO

from . import matrix
from .ansible_test import environment_for
from .cores import (
    CORES,
    NEWEST,
    OLDEST,
    ROOT,
    VENVS,
    Core,
    Environment,
    core_environment,
    lint_environment,
    openid_environment,
)
from .docs import docs_jobs
from .interpreters import choose, find_all
from .jobs import Action, Job, JobError, command, run_all, summarise
from .leaks import result
from .lint import lint_jobs
from .stage import BUILD, stage, target
from .steps import PACKAGE, build, staging

LOGS = BUILD / "logs"
FUZZ, FUZZ_EXAMPLES = "tests/unit/plugins/plugin_utils/test_fuzz.py", "20000"

# What the output of a kind of ansible-test must show, so that a run of no test does not pass.
PROOF = {
    "sanity": r"Running sanity test",
    "units": r"(?m)^=+ .*\b[1-9][0-9]* passed",
    "integration": r"PLAY RECAP",
}
KINDS = tuple(PROOF)
# Its findings depend little on the core. That of a pre-release may want packages that no index has.
SANITY = (OLDEST, NEWEST)
# A kind of ansible-test says so when it leaves a check out.
DENIAL = {
    "sanity": r"WARNING: Required program .*",
    "units": r"WARNING: Skipping unit tests.*",
    "integration": r"WARNING: Excluding tests.*",
}


def ansible_test(core: Core, environment: Environment, kind: str, *, alone: bool) -> Action:
    """Run one kind of ansible-test in the core's own tree.

    :param alone: whether no other core is tested beside it.
    """

    def action(log: TextIO) -> None:
        folder = target(core.name)
        if kind == "integration":
            write_facts(folder)
        variables = environment_for(environment, core.name)
        python = choose(find_all(), core.pythons).version
        # Sanity makes environments of its own, and goes over every Python that the core supports and that is there.
        where = ["--venv"] if kind == "sanity" else ["--local", "--python", python]
        argv = [str(environment.path / "bin" / "ansible-test"), kind, *where, "--color", "no"]
        if kind == "units" and not alone:
            # Each process collects all tests, and the other cores have the processors.
            argv += ["--num-workers", "1"]
        command(argv, folder, variables, PROOF[kind], DENIAL.get(kind, ""))(log)

    return action


def write_facts(folder: Path) -> None:
    """Tell the integration tests what they find on this machine; JSON is YAML."""
    facts = {"openid_python": str(openid_environment().python)}
    path = folder / "tests" / "integration" / "integration_config.yml"
    path.write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")


def no_ignore_file(log: TextIO) -> None:
    """Sanity passes without exceptions: a file of them is an error."""
    found = sorted(ROOT.glob("tests/sanity/ignore-*.txt"))
    print(f"ignore files: {[path.name for path in found]}", file=log)
    if found:
        raise JobError(f"{found[0].name}: sanity must pass without an ignore file")


def core_jobs(core: Core, kinds: Sequence[str], *, alone: bool) -> list[Job]:
    """The jobs of one core: one lane, since the kinds of ansible-test share a tree and its environments."""
    environment, name = core_environment(core), core.name
    jobs = [build(environment, name), staging(name)]
    for kind in kinds:
        needs = [f"venv {name}", f"stage {name}"]
        if kind == "integration":
            needs.append("venv openid")
        action = ansible_test(core, environment, kind, alone=alone)
        jobs.append(Job(f"{kind} {name}", action, tuple(needs), lane=name))
    return jobs


def leaks(core: Core, environment: Environment) -> Action:
    """Run the leak suite in the core's own tree. What it found is for `make security`."""

    def action(log: TextIO) -> None:
        tree = BUILD / core.name
        variables = {**environment_for(environment, core.name), "PYTHONPATH": str(tree)}
        package = PACKAGE.replace("/", ".")
        argv = [str(environment.python), "-B", "-m", f"{package}.tests.leaks", "--json", str(result(core.series))]
        command(argv, tree, variables, PROOF["units"], r"\b[1-9][0-9]* skipped")(log)

    return action


def leaks_jobs(core: Core, *, prepared: bool) -> list[Job]:
    """The leak suite on one core, in the lane of its other jobs.

    :param prepared: whether they make its environment and its tree.
    """
    environment, name = core_environment(core), core.name
    needs = (f"venv {name}", f"stage {name}")
    jobs = [] if prepared else [build(environment, name), staging(name)]
    return [*jobs, Job(f"leaks {name}", leaks(core, environment), needs, lane=name)]


def kinds_for(core: Core, what: Sequence[str], *, chosen: bool) -> list[str]:
    """Which kinds of ansible-test this core gets; one that was chosen gets all that is asked for."""
    return [kind for kind in KINDS if kind in what and (kind != "sanity" or chosen or core in SANITY)]


def jobs_for(what: Sequence[str], cores: Sequence[Core], *, chosen: bool) -> list[Job]:
    """The table. The long lanes come first, so that the short linters fill the end."""
    jobs: list[Job] = []
    for core in cores:
        kinds = kinds_for(core, what, chosen=chosen)
        jobs += core_jobs(core, kinds, alone=chosen) if kinds else []
        if "leaks" in what:
            jobs += leaks_jobs(core, prepared=bool(kinds))
    if "integration" in what:
        jobs.append(build(openid_environment(), "openid"))
    if "lint" in what:
        jobs += [Job("no ignore file", no_ignore_file), *lint_jobs()]
    elif "docs" in what:
        jobs += docs_jobs()
    return jobs


def fuzz() -> int:
    """Run the fuzz tests with many examples, without ansible-test, which forks for each."""
    lint = lint_environment()
    lint.build(sys.stdout)
    stage("lint")
    variables = {**environment_for(lint, "lint"), "FUZZ_EXAMPLES": FUZZ_EXAMPLES, "PYTHONPATH": str(BUILD / "lint")}
    argv = [str(lint.python), "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", FUZZ]
    command(argv, target("lint"), variables)(sys.stdout)
    return 0


def clean() -> None:
    """Remove all that the tools have made."""
    for folder in (BUILD, VENVS):
        shutil.rmtree(folder, ignore_errors=True)


def format_code() -> int:
    """Format the tree itself."""
    lint = lint_environment()
    lint.build(sys.stdout)
    for arguments in (["check", "--fix-only"], ["format"]):
        command([str(lint.path / "bin" / "ruff"), *arguments, "--no-cache", "."], ROOT)(sys.stdout)
    return 0


def interrupt(number: int, frame: FrameType | None) -> None:
    """A SIGTERM is treated as Ctrl-C: the children are stopped."""
    raise KeyboardInterrupt


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", nargs="+", choices=("all", *KINDS, "matrix", "leaks", "lint", "docs", "format", "fuzz", "clean")
    )
    parser.add_argument("--core", default="", help=f"one of {', '.join(CORES)}; default: all")
    # More than CI has processors, since tests also wait; not all, since each core has a play with a hundred forks.
    parser.add_argument("--workers", type=int, default=4)
    return parser.parse_args()


def main() -> int:
    """Run what the command line asks for; 0 when all of it passed."""
    options = arguments()
    if "clean" in options.what:
        clean()
        return 0
    if "format" in options.what:
        return format_code()
    if "fuzz" in options.what:
        return fuzz()
    if options.core and options.core not in CORES:
        print(f"CORE: {options.core!r} is none of {', '.join(CORES)}", file=sys.stderr)
        return 2
    cores = [CORES[options.core]] if options.core else list(CORES.values())
    what = options.what
    if "all" in what:
        what = (*KINDS, "leaks", "lint")
    elif "matrix" in what:
        cores, what = matrix.combinations(), ("units", "integration")
    signal.signal(signal.SIGTERM, interrupt)
    start = time.monotonic()
    try:
        outcomes = run_all(jobs_for(what, cores, chosen=bool(options.core)), options.workers, LOGS)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    if "matrix" in options.what:
        print(f"\n{matrix.result(outcomes)}")
    passed = summarise(outcomes, ROOT)
    print(f"({time.monotonic() - start:.0f} s)", file=sys.stderr)
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
