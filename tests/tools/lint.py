# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of the linters. They read staged trees: there `ansible_collections.netapi.auth` resolves."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from . import examples
from .ansible_test import environment_for
from .clone import clone_jobs
from .cores import (
    ROOT,
    Environment,
    certification_environment,
    demo_environment,
    importer_environment,
    lint_environment,
    old_python_environment,
)
from .docs import docs_jobs
from .interpreters import TOO_OLD, find_all
from .jobs import Action, Job, JobError, command, refused
from .release import tarball
from .stage import BUILD, stage, target
from .steps import PACKAGE, build, staging

DOCS = (
    "--plugin-docs",
    "--check-extra-docs-refs",
    "--validate-collection-refs=all",
    "--disallow-unknown-collection-refs",
)
LINT = ("ansible-lint", "--offline", "--strict")
PASSED = r"Passed: 0 failure\(s\), 0 warning\(s\)"
IMPORTER = """\
[galaxy-importer]
CHECK_CHANGELOG = true
CHECK_REQUIRED_TAGS = true
REQUIRE_V1_OR_GREATER = true
RUN_ANSIBLE_DOC = true
RUN_ANSIBLE_LINT = true
RUN_FLAKE8 = true
"""


@dataclass(frozen=True)
class Fault:
    """A mistake in a tree of its own. A linter that says nothing when all is well has to find it there."""

    path: str
    text: str
    proof: str


FAULTS = {
    "yamllint": Fault("meta/fault.yml", "key: yes\n", r"meta/fault\.yml"),
    "antsibull-changelog": Fault("changelogs/fragments/fault.yml", "gone:\n  - Text.\n", r"fault\.yml.*gone"),
    "antsibull-docs": Fault(
        "plugins/modules/fault.py",
        'DOCUMENTATION = """\nmodule: fault\nshort_description: Fault\nversion_added: 1.0.0\nauthor: A (@a)\n'
        'description: See M(netapi.auth.gone).\n"""\nEXAMPLES = RETURN = ""\n',
        r"netapi\.auth\.gone",
    ),
}


def stage_faulty(log: TextIO) -> None:
    """A copy of the tree with every fault in it, and without what only takes time to read."""
    folder = stage("faulty")
    for name in ("docs", "plugins", "roles", "tests"):
        shutil.rmtree(folder / name)
    for fault in FAULTS.values():
        (folder / fault.path).parent.mkdir(parents=True, exist_ok=True)
        (folder / fault.path).write_text(fault.text, encoding="utf-8")
    print(folder, file=log)


def variables(environment: Environment, name: str, tree: str) -> dict[str, str]:
    """For a linter in its environment, with the home of that name."""
    return {**environment_for(environment, name), "ANSIBLE_COLLECTIONS_PATH": str(BUILD / tree)}


def tool(environment: Environment, name: str, argv: Sequence[str], cwd: Path, proof: str, denial: str = "") -> Action:
    """Run a program of the environment, in the tree of that name and with the home of that name."""

    def action(log: TextIO) -> None:
        program = str(environment.path / "bin" / argv[0])
        command([program, *argv[1:]], cwd, variables(environment, name, name), proof, denial)(log)

    return action


def silent(environment: Environment, *argv: str) -> Action:
    """Run a program that says nothing when all is well: it must find the fault that was planted for it."""

    def action(log: TextIO) -> None:
        program = [str(environment.path / "bin" / argv[0]), *argv[1:]]
        command(program, target("lint"), variables(environment, "lint", "lint"))(log)
        refused(program, target("faulty"), variables(environment, "lint", "faulty"), FAULTS[argv[0]].proof)(log)

    return action


def lint_examples(environment: Environment) -> Action:
    """ansible-lint and yamllint over every example, each a file of its own."""

    def action(log: TextIO) -> None:
        folder = BUILD / "examples"
        shutil.rmtree(folder, ignore_errors=True)
        names = [str(path.relative_to(folder)) for path in examples.write(target("lint"), folder)]
        if not names:
            raise JobError("no example was found")
        for name in (".ansible-lint", ".yamllint"):
            shutil.copy(ROOT / name, folder)
        settings = variables(environment, "examples", "lint")
        settings["ANSIBLE_COLLECTIONS_PATH"] += f"{os.pathsep}{examples.stand_in(folder)}"
        binaries = environment.path / "bin"
        command([str(binaries / "yamllint"), "--strict", *names], folder, settings)(log)
        lint = [str(binaries / LINT[0]), *LINT[1:], *names]
        command(lint, folder, settings, rf"Passed: 0 failure.* in {len(names)} files processed")(log)

    return action


def importing(environment: Environment, name: str) -> Action:
    """Import the release's tarball as a hub does, with all its checks on and no word of warning."""

    def action(log: TextIO) -> None:
        folder = BUILD / name
        folder.mkdir(parents=True, exist_ok=True)
        configuration = folder / "galaxy-importer.cfg"
        configuration.write_text(IMPORTER, encoding="utf-8")
        settings = {**environment_for(environment, name), "GALAXY_IMPORTER_CONFIG": str(configuration)}
        argv = [str(environment.python), "-m", "galaxy_importer.main", str(tarball())]
        done = r"\.\.\.ansible-lint run complete(?s:.*)Importer processing completed successfully"
        command(argv, folder, settings, done, r"(?m)^(WARNING|ERROR|CRITICAL)\b.*")(log)

    return action


def own_tool(*argv: str, proof: str) -> Action:
    """Run another of these tools. It takes its own environments."""
    return command([sys.executable, "-B", "-m", *argv], ROOT / "tests", None, proof)


def package_jobs() -> list[Job]:
    """What is published: a release in a copy of the tree, and its tarball with everybody who judges it.

    A hub's importer runs its ansible-lint with the production profile, of which certification fixes an older release.
    """
    importer = importer_environment()
    certification = certification_environment()
    bare = own_tool("tools.demo", "demo", "--tarball", str(tarball()), "--bare", proof=r"PLAY RECAP")
    return [
        build(demo_environment(), "demo"),
        build(importer, "importer"),
        build(certification, "certification"),
        Job("release", own_tool("tools.release", proof=r"PLAY RECAP"), ("venv lint", "venv demo")),
        Job("bare package", bare, ("release",)),
        Job("galaxy-importer", importing(importer, "importer"), ("venv importer", "release")),
        Job("galaxy-importer pinned", importing(certification, "hub"), ("venv certification", "release")),
    ]


def old_python_jobs() -> list[Job]:
    """What the collection says on a Python that is too old for it, where there is one."""
    if TOO_OLD not in find_all():
        return []
    environment = old_python_environment()
    argv = [str(environment.path / "bin" / "ansible-playbook"), "tests/tools/old_python.yml"]

    def action(log: TextIO) -> None:
        command(argv, target("lint"), variables(environment, "old-python", "lint"), r"failed=0")(log)

    return [build(environment, "old-python"), Job(f"Python {TOO_OLD}", action, ("venv old-python", "stage lint"))]


def lint_jobs() -> list[Job]:
    """Each linter, with the proof that it has read something."""
    environment = lint_environment()
    tree = BUILD / "lint"
    folder = target("lint")
    there = ("venv lint", "stage lint")
    ruff_format = ["ruff", "format", "--no-cache", "--check", "."]
    mypy = ["mypy", "--config-file", f"{PACKAGE}/pyproject.toml", f"{PACKAGE}/plugins", f"{PACKAGE}/tests"]

    def job(name: str, argv: Sequence[str], proof: str, cwd: Path = folder) -> Job:
        return Job(name, tool(environment, "lint", argv, cwd, proof), there)

    def quiet(name: str, *argv: str) -> Job:
        return Job(name, silent(environment, *argv), (*there, "stage faulty"))

    return [
        build(environment, "lint"),
        staging("lint"),
        Job("stage faulty", stage_faulty),
        job("ansible-lint", LINT, PASSED),
        job("mypy", mypy, r"in [1-9]\d* source", tree),
        *package_jobs(),
        *docs_jobs(),
        *clone_jobs(),
        *old_python_jobs(),
        Job("examples", lint_examples(environment), there),
        quiet("antsibull-docs", "antsibull-docs", "lint-collection-docs", *DOCS, "."),
        quiet("antsibull-changelog", "antsibull-changelog", "lint"),
        quiet("yamllint", "yamllint", "--strict", "."),
        job("reuse", ["reuse", "lint"], r"with license information: ([1-9]\d*) / \1\n"),
        job("actionlint", ["actionlint", "-verbose"], r"Found 0 errors in [1-9]\d* files"),
        job("ruff check", ["ruff", "check", "--no-cache", "."], r"All checks passed"),
        job("ruff format", ruff_format, r"[1-9]\d* files? already"),
    ]
