# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is left out on a machine that lacks something, what is said of it, and that a copy without git is whole."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.support import programs
from ansible_collections.netapi.auth.tests.tools import cores, needs, stage

# It builds nothing: each job passes, and is noted. Every job takes an environment of the oldest core.
MAKE = """#!/bin/sh
case "$*" in *--dry-run*) echo run.py venv-core-2.16; exit;; esac
echo "building"
for name; do case "$name" in
--silent) ;;
.venvs/*) echo "$name" >>asked;;
*) echo "$name" >>asked; "$PYTHON" tests/tools/run.py "$name" --proof=ran -- echo ran || exit;;
esac; done
"""
UV = """#!/bin/sh
echo uv >>asked
mkdir -p "$UV_PYTHON_INSTALL_DIR/cpython-3.12.1/bin"
cp "$0" "$UV_PYTHON_INSTALL_DIR/cpython-3.12.1/bin/python3.12"
"""
JOBS = ("units-2.16", "leaks-2.16", "keycloak-2.16")
EVERYTHING = ("python3.12", *(program.name for program in needs.PROGRAMS))


@dataclass
class Machine:
    """A tree of the tools alone, and a PATH."""

    root: Path

    def program(self, name: str, text: str = "#!/bin/sh\n") -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)

    def command(self, *jobs: str, **variables: str) -> tuple[list[str], dict[str, str]]:
        """What `make test` starts, and its environment; uv is not one of what it builds."""
        env = {"PATH": str(self.root / "bin"), "HOME": str(self.root), "PYTHON": sys.executable, **variables}
        return [sys.executable, "-B", "-m", "tests.tools.needs", *jobs, "--", str(self.root / "make")], env

    def test(self, *jobs: str, **variables: str) -> subprocess.CompletedProcess[str]:
        argv, env = self.command(*jobs, **variables)
        return subprocess.run(argv, cwd=self.root, env=env, capture_output=True, text=True, check=False)

    @property
    def asked(self) -> list[str]:
        """What make and uv were told to do."""
        path = self.root / "asked"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    for name in ("tests/__init__.py", "tests/tools", cores.LIBRARIES):
        source, there = cores.ROOT / name, tmp_path / name
        there.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, there)
    one = Machine(tmp_path)
    one.program("make", MAKE)
    for name in ("cp", "echo", "mkdir", "setsid", "sleep"):
        one.program(f"bin/{name}", f'#!/bin/sh\nexec {shutil.which(name)} "$@"\n')
    return one


def test_where_all_is_there_nothing_is_said_and_all_is_run(machine: Machine) -> None:
    for name in EVERYTHING:
        machine.program(f"bin/{name}")
    done = machine.test(*JOBS, STRICT="1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("building")
    assert machine.asked == [".venvs/core-2.16/made", *JOBS]


def test_what_is_missing_is_said_before_anything_is_built_and_at_the_end(machine: Machine) -> None:
    for name in EVERYTHING:
        if name not in ("redis-server", "java"):
            machine.program(f"bin/{name}")
    done = machine.test(*JOBS)
    assert done.returncode == 0, done.stderr
    assert machine.asked == [".venvs/core-2.16/made", "units-2.16"]
    lines = done.stdout.splitlines()
    assert lines[: lines.index("building")] == [
        "Left out, because this machine lacks what it needs:",
        "  redis-server: leaks-2.16, tests that start it",
        "  java: keycloak-2.16",
        "Debian:         apt install redis-server default-jre-headless",
        "Fedora, RHEL 9: dnf install /usr/bin/redis-server java-21-openjdk-headless",
    ]
    assert [line.split()[:5] for line in lines if " left out: " in line] == [
        ["leaks-2.16", "left", "out:", "no", "redis-server"],
        ["keycloak-2.16", "left", "out:", "no", "java"],
    ]
    assert lines[-1] == "1 passed, 0 failed, 2 left out"


def test_what_no_job_of_the_run_needs_is_not_said(machine: Machine) -> None:
    machine.program("bin/python3.12")
    assert machine.test("lint-text", STRICT="1").stdout.startswith("building")


@pytest.mark.parametrize("variables", [{"CI": "true"}, {"STRICT": "1"}])
def test_what_is_left_out_is_a_failure_where_all_is_wanted(machine: Machine, variables: dict[str, str]) -> None:
    done = machine.test(*JOBS, **variables)
    assert done.returncode == 1
    assert done.stdout.startswith("Left out, ")
    assert machine.asked == []


@pytest.mark.parametrize("variables", [{}, {"STRICT": "1"}])
def test_a_missing_python_is_fetched_by_uv(machine: Machine, variables: dict[str, str]) -> None:
    for name in EVERYTHING[1:]:
        machine.program(f"bin/{name}")
    machine.program(".venvs/tools/bin/uv", UV)
    done = machine.test(*JOBS, **variables)
    assert done.returncode == 0, done.stdout
    assert "  Python 3.12 or 3.11 (unless uv fetches one within a minute): units-2.16, " in done.stdout
    assert machine.asked == [".venvs/tools/made", "uv", ".venvs/core-2.16/made", *JOBS]


@pytest.mark.parametrize("strict", [False, True])
def test_a_python_that_uv_cannot_fetch_is_asked_for_once(machine: Machine, strict: bool) -> None:
    for name in EVERYTHING[1:]:
        machine.program(f"bin/{name}")
    machine.program(".venvs/tools/bin/uv", "#!/bin/sh\necho uv >>asked; echo no network >&2; exit 1\n")
    done = machine.test(*JOBS, STRICT=str(int(strict)))
    assert machine.asked == [".venvs/tools/made", "uv"]
    assert "no network" not in done.stdout + done.stderr
    assert "Fedora, RHEL 9: dnf install python3.12\nPythons:        uv python install 3.12\n" in done.stdout
    assert done.returncode == 1
    assert done.stdout.endswith("\n0 passed, 0 failed, 3 left out\n") is not strict


def test_a_fetch_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(needs, "UV", tmp_path / "uv")
    monkeypatch.setattr(needs, "FETCH_SECONDS", 0.5)
    Machine(tmp_path).program("uv", "#!/bin/sh\nexec sleep 600\n")
    monkeypatch.setenv("UV_PYTHON_INSTALL_DIR", "that of needs.py")
    assert needs.fetch(["3.12"], ["true"]) == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_nothing_is_left_of_a_fetch_that_is_interrupted(number: signal.Signals, machine: Machine) -> None:
    reading, writing = os.pipe()
    machine.program(".venvs/tools/bin/uv", f"#!/bin/sh\necho started >/dev/fd/{writing}; setsid sleep 600\n")
    argv, env = machine.command(*JOBS)
    process = subprocess.Popen(argv, cwd=machine.root, env=env, stdout=subprocess.DEVNULL, pass_fds=[writing])
    with process, os.fdopen(reading) as end:
        os.close(writing)
        assert end.readline() == "started\n"
        process.send_signal(number)
        assert end.read() == ""
        assert process.wait() == 130
    assert machine.asked == [".venvs/tools/made"]


def test_a_python_without_pip_makes_no_environments(machine: Machine) -> None:
    for name in EVERYTHING:
        machine.program(f"bin/{name}")
    (machine.root / "sitecustomize.py").write_text("import sys; sys.modules['ensurepip'] = None", encoding="utf-8")
    done = machine.test(*JOBS, PYTHONPATH=str(machine.root))
    assert done.returncode == 1
    assert done.stdout.endswith("cannot make virtual environments. Debian: apt install python3-venv\n")
    assert machine.asked == []


def test_make_says_which_environments_a_job_takes() -> None:
    make = ["make", "--directory", str(cores.ROOT)]
    assert set(needs.environments("lint-certified", make)) == {"certification", "lint", "demo"}
    assert set(needs.environments("integration-brief-2.18", make)) == {"core-2.18", "openid", "oidc-provider"}
    assert needs.environments("license-check", make) == []


def test_every_program_that_tests_start_is_known() -> None:
    known = {program.name for program in needs.PROGRAMS if program.parts}
    assert {name for some in programs.STARTERS.values() for name in some} == known


# As a test and a fixture call it, and the function of a parameter.
TESTS = """
import pytest

def hashed(): raise AssertionError

class Fault:
    def set_up(self): hashed()

@pytest.fixture
def place(): hashed()

def test_directly(): hashed()
def test_by_a_fixture(place): raise AssertionError
@pytest.mark.parametrize("fault", [Fault()])
def test_by_a_parameter(fault): fault.set_up()
"""


@pytest.mark.parametrize(("more", "said"), [("", "3 deselected"), ("def test_it(): pass\n", "1 passed, 3 deselected")])
def test_tests_that_start_what_is_missing_are_left_out(more: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(TESTS + more, encoding="utf-8")
    env = {**os.environ, "PATH": str(tmp_path), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    # Those of ansible-test take tests of a collection alone.
    env.pop("PYTEST_PLUGINS", None)
    argv = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-q",
        "-p",
        programs.__name__,
        "-p",
        "no:cacheprovider",
        "--rootdir=.",
    ]
    done = subprocess.run(argv, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert said in done.stdout


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One with a file for each kind of line of .gitignore."""
    lines = "# Text.\n\n/.build/\n__pycache__/\n*.pyc\n/netapi-auth-*.tar.gz\n"
    kept = {".gitignore": lines, "plugins/one.py": "", "docs/.build/page": "", "docs/netapi-auth-1.tar.gz": ""}
    left = {".build/one": "", "plugins/__pycache__/one.pyc": "", "two.pyc": "", "netapi-auth-1.tar.gz": ""}
    for name, text in {**kept, **left}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "link").symlink_to("plugins")
    monkeypatch.setattr(stage, "ROOT", tmp_path)
    monkeypatch.setattr(stage, "BUILD", tmp_path / ".build")
    return tmp_path


@pytest.fixture
def repository(tree: Path) -> Path:
    """The tree as it was committed."""
    for argv in (
        ["init"],
        ["add", "--all"],
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-m", "a"],
    ):
        subprocess.run(["git", argv[0], *argv[1:]], cwd=tree, stdout=subprocess.DEVNULL, check=True)
    return tree


def test_what_differs_from_the_last_commit_is_found_whatever_its_name(repository: Path) -> None:
    assert stage.changed() == []
    (repository / "plugins" / "one.py").rename(repository / "plugins" / "another.py")
    (repository / "docs" / ".build" / "page").write_text("other", encoding="utf-8")
    for name in ("with blank.py", "größe.py"):
        (repository / name).touch()
    subprocess.run(["git", "add", "plugins"], cwd=repository, check=True)
    names = ["docs/.build/page", "größe.py", "plugins/another.py", "plugins/one.py", "with blank.py"]
    assert sorted(stage.changed()) == names


def test_a_copy_without_git_has_the_same_files(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree / ".git").mkdir()
    monkeypatch.setenv("PATH", str(tree / "nowhere"))
    names = [".gitignore", "docs/.build/page", "docs/netapi-auth-1.tar.gz", "link", "plugins/one.py"]
    assert [str(path) for path in stage.files()] == names
    folder = stage.stage("units")
    assert (
        sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
        == names
    )


# Sends Ctrl-C as it imports what it needs.
AT_IMPORT = """
import os, runpy, signal, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "textwrap": os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder())
runpy.run_module("tests.tools.needs", run_name="__main__")
"""


def test_an_early_ctrl_c_brings_no_traceback(machine: Machine) -> None:
    argv = [sys.executable, "-B", "-c", AT_IMPORT]
    done = subprocess.run(argv, cwd=machine.root, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")
