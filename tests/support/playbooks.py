# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Real ``ansible-playbook`` processes, and what they did."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import typing as t
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .options import DECLARED
from .terminal import Answer, paste, talk

HERE = Path(__file__).resolve().parent
# Whatever of these the caller has, it must not decide a test.
OTHERS = ("ANSIBLE_", *set().union(*DECLARED.values()))
# Seconds; a run of 500 hosts takes a quarter of this on a busy machine.
_LONGEST_RUN = 600.0
_SYSTEM_PYTHON = "/usr/bin/python3"
# Modules reach their Python without the files and the shells that each of them takes otherwise.
QUICK = {"ANSIBLE_PIPELINING": "1"}
# The module that each command is.
COMMANDS = {
    "ansible": "ansible.cli.adhoc",
    "ansible-builder": "ansible_builder",
    "ansible-doc": "ansible.cli.doc",
    "ansible-galaxy": "ansible.cli.galaxy",
    "ansible-playbook": "ansible.cli.playbook",
    "ansible-vault": "ansible.cli.vault",
    "pip": "pip",
}


@dataclass(frozen=True)
class Outcome:
    """One task of one host, as every callback sees it: secrets are hidden where they are hidden from users.

    :param status: ``ok``, ``failed``, ``skipped`` or ``unreachable``.
    """

    play: str
    host: str
    task: str
    status: str
    result: dict[str, t.Any]

    @property
    def message(self) -> str:
        return str(self.result.get("msg", ""))


@dataclass(frozen=True)
class Run:
    """A run that has ended."""

    status: int
    output: str
    outcomes: tuple[Outcome, ...]

    def of(self, task: str, host: str = "localhost", play: str | None = None) -> Outcome:
        """The outcome of the task on the host, which happened once, or once in that play."""
        found = [one for one in self.outcomes if (one.task, one.host, play or one.play) == (task, host, one.play)]
        assert len(found) == 1, f"{len(found)} outcomes of {task!r} on {host}\n{self.output}"
        return found[0]

    def says(self, sentence: str) -> bool:
        """Whether the user reads the sentence; the core breaks lines where it likes."""
        return "".join(sentence.split()) in "".join(self.output.split())


@dataclass(frozen=True)
class Ansible:
    """Where playbooks are run.

    :param directory: of the playbooks.
    :param home: of the user who runs them, and the working directory: holds nothing but what a test puts there.
    """

    directory: Path
    home: Path
    environment: Mapping[str, str]

    def play(
        self, playbook: str, *arguments: str, env: Mapping[str, str] | None = None, succeeds: bool | None = True
    ) -> Run:
        """Run a playbook of the directory to its end, and fail when that is not the one that is said; None is any."""
        run = self._recorded(env, _run, self.argv(playbook, arguments))
        assert succeeds in (None, run.status == 0), run.output
        return run

    def debug(self, playbook: str, *arguments: str, typed: Sequence[str]) -> Run:
        """Run a playbook in a terminal and type into the core's debugger, a line at each of its prompts."""
        return self._recorded({}, talk, self.argv(playbook, arguments), "(debug)> ", typed)

    def terminal(self, blocks: Sequence[str], *answers: Answer, env: Mapping[str, str] | None = None) -> Run:
        """Paste what a page says into a terminal, block by block, with the core's commands, until one fails."""
        commands(self.home / "bin")
        path = f"{self.home / 'bin'}:{self.environment['PATH']}"
        return self._recorded({**(env or {}), "PATH": path}, paste, blocks, answers)

    def command(self, name: str, *arguments: str, env: Mapping[str, str] | None = None) -> Run:
        """Run one of the core's commands, such as ``doc``."""
        # By its module: ansible-test has no installed commands, and what is on the PATH may be another core's.
        return self._recorded(env, _run, [sys.executable, "-m", f"ansible.cli.{name}", *arguments])

    def argv(self, playbook: str, arguments: Sequence[str]) -> list[str]:
        return [sys.executable, "-m", "ansible.cli.playbook", str(self.directory / playbook), *arguments]

    def settings(self, env: Mapping[str, str] | None) -> dict[str, str]:
        """The environment of a run; the callback's record begins anew."""
        self.record.unlink(missing_ok=True)
        return {**self._environment(), **(env or {}), "RECORD": str(self.record)}

    @property
    def record(self) -> Path:
        return self.home / "record.jsonl"

    def _recorded(self, env: Mapping[str, str] | None, how: Callable[..., tuple[int, str]], *said: object) -> Run:
        status, output = how(*said, self.home, self.settings(env))
        return Run(status, output, tuple(_outcomes(self.record)))

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in self.environment.items() if not name.startswith(OTHERS)}
        (temporary := self.home / "tmp").mkdir(exist_ok=True)
        return kept | {
            "HOME": str(self.home),
            "TMPDIR": str(temporary),
            "ANSIBLE_COLLECTIONS_PATH": self.environment["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
            "ANSIBLE_CALLBACKS_ENABLED": "recorder",
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0",
            "ANSIBLE_NOCOLOR": "1",
            **QUICK,
        }


def _run(argv: Sequence[str], directory: Path, env: Mapping[str, str]) -> tuple[int, str]:
    """Status and output of a program; one that hangs is a failure."""
    done = subprocess.run(
        argv,
        cwd=directory,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=_LONGEST_RUN,
        check=False,
    )
    return done.returncode, done.stdout


def inventory(directory: Path, hosts: Mapping[str, Mapping[str, t.Any]], **variables: t.Any) -> str:
    """The path of a file with these hosts, each on this machine, with their variables and those of all."""
    local = {"ansible_connection": "local", "ansible_python_interpreter": _python_of_hosts()}
    path = directory / "inventory.json"
    path.write_text(json.dumps({"all": {"hosts": hosts, "vars": local | variables}}), encoding="utf-8")
    return str(path)


@functools.cache
def _python_of_hosts() -> str:
    """The system's Python, as on most hosts: it starts a module sooner. Where it is none for Ansible, the controller's.

    Every ansible-core under test takes 3.9 on its hosts.
    """
    check = [_SYSTEM_PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 9))"]
    try:
        done = subprocess.run(check, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    except OSError:
        return "{{ ansible_playbook_python }}"
    return "{{ ansible_playbook_python }}" if done.returncode else _SYSTEM_PYTHON


def commands(directory: Path) -> None:
    """Make the commands of the core under test, which has none where ansible-test runs it."""
    directory.mkdir(exist_ok=True)
    for name, module in COMMANDS.items():
        path = directory / name
        path.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m {module} "$@"\n', encoding="utf-8")
        path.chmod(0o700)


def _outcomes(record: Path) -> list[Outcome]:
    if not record.exists():
        return []
    return [Outcome(**json.loads(line)) for line in record.read_text(encoding="utf-8").splitlines()]
