# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make test` and its parts: which jobs there are, and a run of those asked for."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import signal
import sys
import time
from collections.abc import Iterator, Sequence
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
    oidc_provider_environment,
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
FUZZ = "tests/unit/plugins/plugin_utils/test_fuzz.py"
MANY_EXAMPLES = "20000"
FEW_EXAMPLES = "20"

# The integration target with plays of hundreds of hosts, which has a command of its own.
CROWDS = "crowds"
# What the output of a kind of test must show, so that a run of no test does not pass. The longest kinds come first.
PYTEST = r"(?m)^=+ .*\b[1-9][0-9]* passed"
PROOF = {
    "integration": r"PLAY RECAP",
    "sanity": r"Running sanity test",
    "units": PYTEST,
    "leaks": PYTEST,
    CROWDS: PYTEST,
}
KINDS = tuple(PROOF)
ENDS = (OLDEST, NEWEST)
# The cores of what depends little on them. The sanity tests of a pre-release may want packages that no index has.
CORES_OF = {"sanity": ENDS, CROWDS: (NEWEST,)}
# The integration targets that test what depends little on the core, and take long.
LONG_TARGETS = (
    "awx_credential_types",
    "awx_first_job",
    "awx_job",
    "broker_redis",
    "examples",
    "openid",
    "places",
    "refresh_tokens",
)
# The unit tests of what stands in for the services and for AWX, for which one core is enough. The fuzz tests depend
# little on the core too, and get few examples on the others.
STAND_INS = ("tests/unit/sandbox", "tests/unit/awx")
# What a kind of test says when it leaves a check out.
SKIPPED = r"WARNING: Skipping unit tests.*|\b[1-9][0-9]* skipped"
DENIAL = {
    "integration": r"WARNING: Excluding tests.*",
    "sanity": r"WARNING: Required program .*",
    "units": SKIPPED,
    "leaks": SKIPPED,
    CROWDS: SKIPPED,
}


def ansible_test(core: Core, environment: Environment, kind: str, *, left_out: Sequence[str] = ()) -> Action:
    """Run one kind of test by ansible-test in the core's own tree.

    :param left_out: integration targets.
    """
    integration = kind in ("integration", CROWDS)

    def action(log: TextIO) -> None:
        folder = target(core.name)
        variables = environment_for(environment, core.name)
        python = choose(find_all(), core.pythons).version
        # Sanity makes environments of its own, and goes over every Python that the core supports and that is there.
        where = ["--venv"] if kind == "sanity" else ["--local", "--python", python]
        argv = [str(environment.path / "bin" / "ansible-test"), "integration" if integration else kind, *where]
        excluded = [argument for name in (CROWDS, *left_out) for argument in ("--exclude", name)]
        targets = {"integration": excluded, CROWDS: [CROWDS]}
        argv += ["--color", "no", *targets.get(kind, [])]
        with facts(folder) if integration else contextlib.nullcontext():
            command(argv, folder, variables, PROOF[kind], DENIAL[kind])(log)

    return action


@contextlib.contextmanager
def facts(folder: Path) -> Iterator[None]:
    """Tell the integration tests what they find on this machine; JSON is YAML. Sanity would read the file too."""
    found = {"openid_python": str(openid_environment().python), "oidc_provider": str(oidc_provider_environment().path)}
    path = folder / "tests" / "integration" / "integration_config.yml"
    path.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    try:
        yield
    finally:
        path.unlink()


def in_one_process(core: Core, environment: Environment, kind: str, *arguments: str, **more: str) -> Action:
    """Run the unit tests or the leak suite by Python alone, in the core's own tree.

    ansible-test forks for each unit test, which takes more than twice the time.

    :param more: environment variables.
    """

    def action(log: TextIO) -> None:
        tree = str(BUILD / core.name)
        variables = environment_for(environment, core.name)
        variables |= {"PYTHONPATH": tree, "ANSIBLE_COLLECTIONS_PATH": tree, **more}
        what = ["tests/unit"] if kind == "units" else ["-m", f"{PACKAGE.replace('/', '.')}.tests.leaks"]
        argv = [str(environment.python), "-B", *what, *arguments]
        command(argv, target(core.name), variables, PROOF[kind], DENIAL[kind])(log)

    return action


def no_ignore_file(log: TextIO) -> None:
    """Sanity passes without exceptions: a file of them is an error."""
    found = sorted(ROOT.glob("tests/sanity/ignore-*.txt"))
    print(f"ignore files: {[path.name for path in found]}", file=log)
    if found:
        raise JobError(f"{found[0].name}: sanity must pass without an ignore file")


def test_job(core: Core, kind: str, *, chosen: bool) -> Job:
    """One kind of test on one core. The kinds of ansible-test share a tree and its environments, so they take turns.

    :param chosen: whether this core alone was asked for, which then gets all of it.
    """
    environment = core_environment(core)
    name = core.name
    needs = [f"venv {name}", f"stage {name}"]
    lane = name
    if kind == "leaks":
        # What it found is for `make security`.
        control = ["--control"] if chosen or core == NEWEST else []
        action = in_one_process(core, environment, kind, "--json", str(result(core.series)), *control)
        lane = ""
    elif kind == "units" and not chosen:
        # A core of `make matrix` is none of CORES.
        few = core in CORES.values() and core != NEWEST
        ignored = [f"--ignore={path}" for path in STAND_INS] if few else []
        more = {"FUZZ_EXAMPLES": FEW_EXAMPLES} if few else {}
        action = in_one_process(core, environment, kind, *ignored, **more)
        lane = ""
    else:
        # A core of `make matrix` is none of CORES.
        others = core in CORES.values() and core not in ENDS and not chosen
        action = ansible_test(core, environment, kind, left_out=LONG_TARGETS if others else ())
    if kind in ("integration", CROWDS):
        needs += ["venv openid", "venv oidc-provider"]
    return Job(f"{kind} {name}", action, tuple(needs), lane=lane)


def core_jobs(cores: Sequence[Core], what: Sequence[str], *, chosen: bool) -> list[Job]:
    """The jobs of these cores: first what they need, then the longest kind of test on each, and so on.

    :param chosen: whether a single core was asked for, which gets every kind.
    """
    kinds = [kind for kind in KINDS if kind in what]
    pairs = [
        (kind, core)
        for kind in kinds
        # The newest release gets the most, and so has to begin first.
        for core in sorted(cores, key=lambda core: core.series != NEWEST.series)
        if chosen or core in CORES_OF.get(kind, cores)
    ]
    jobs: list[Job] = []
    for core in dict.fromkeys(core for _kind, core in pairs):
        jobs += [build(core_environment(core), core.name), staging(core.name)]
    return jobs + [test_job(core, kind, chosen=chosen) for kind, core in pairs]


def jobs_for(what: Sequence[str], cores: Sequence[Core], *, chosen: bool) -> list[Job]:
    """The table. What takes long comes first, so that the short linters fill the end."""
    jobs = []
    if {"integration", CROWDS} & set(what):
        jobs += [build(openid_environment(), "openid"), build(oidc_provider_environment(), "oidc-provider")]
    jobs += core_jobs(cores, what, chosen=chosen)
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
    variables = {**environment_for(lint, "lint"), "FUZZ_EXAMPLES": MANY_EXAMPLES, "PYTHONPATH": str(BUILD / "lint")}
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
    parser.add_argument("what", nargs="+", choices=("all", *KINDS, "matrix", "lint", "docs", "format", "fuzz", "clean"))
    parser.add_argument("--core", default="", help=f"one of {', '.join(CORES)}; default: all")
    # Twice the processors of CI, since tests also wait.
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
        what = (*(kind for kind in KINDS if kind != CROWDS), "lint")
    elif "matrix" in what:
        cores = matrix.combinations()
        what = ("units", "integration")
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
