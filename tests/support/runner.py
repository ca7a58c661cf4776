# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs as AWX runs them: ansible-runner over a private data directory, the collection beside the project."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .machines import started
from .playbooks import HERE, OTHERS, commands
from .records import files_below

ROOT = HERE.parents[1]
# The example project of the guide.
PROJECT = ROOT / "docs" / "awx" / "project"
IDENT = "7"
# Seconds; a job takes a tenth of it on a busy machine.
_LONGEST_JOB = 300.0
# Nobody can write there, not even root.
_NO_HOME = "/dev/null"


def _galaxy(*arguments: str, collections: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "ansible.cli.galaxy", "collection", *arguments],
        env={**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(collections)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=True,
    )


def tarball(place: Path, source: Path = ROOT) -> Path:
    """The collection as a release has it."""
    _galaxy("build", str(source), "--output-path", str(place), collections=place)
    (found,) = place.glob("*.tar.gz")
    return found


def requirements(place: Path) -> Path:
    """The collection as ``ansible-galaxy`` installs it, for ``requirements_collections``.

    From the tree, out of which it takes what it would put into the tarball, in one run where a tarball takes two.
    """
    collections = place / "collections"
    # Forced, since the tree under test counts as installed already.
    arguments = ("install", str(ROOT), "--collections-path", str(collections), "--offline", "--force")
    _galaxy(*arguments, collections=collections)
    return collections


def libraries(paths: str) -> str:
    """PYTHONPATH without that of the tree under test: Ansible would find the collection there."""
    return os.pathsep.join(
        path for path in paths.split(os.pathsep) if not (Path(path) / "ansible_collections").is_dir()
    )


@dataclass(frozen=True)
class Job:
    """One job and its private data directory, which AWX removes after it.

    :param collections: what ``requirements`` has made.
    :param env: what its credentials inject.
    :param hosts: with their variables; localhost needs no word.
    """

    place: Path
    collections: Path
    env: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def private(self) -> Path:
        return self.place / "private"

    @property
    def artifacts(self) -> Path:
        return self.private / "artifacts" / IDENT

    @property
    def events(self) -> list[dict[str, t.Any]]:
        """In their order."""
        files = (self.artifacts / "job_events").glob("[0-9]*.json")
        return sorted((json.loads(path.read_bytes()) for path in files), key=lambda event: int(event["counter"]))

    @property
    def output(self) -> str:
        return "\n".join(str(event["stdout"]) for event in self.events)

    def results(self, task: str) -> list[dict[str, t.Any]]:
        """What each outcome of the task holds, those of a loop's items among them."""
        data = [event["event_data"] for event in self.events if event["event"].startswith(("runner_on", "runner_item"))]
        return [each["res"] for each in data if each.get("task") == task and "res" in each]

    def contents(self) -> list[bytes]:
        """Every file that the job has left, but runner's own note of the environment it was given.

        AWX removes that file with the private data directory. What the collection brings, its guides among it, is not
        of the job.
        """
        brought = {*files_below(self.collections).values()}
        left = {path: content for path, content in files_below(self.place).items() if content not in brought}
        return [content for path, content in left.items() if path != self.artifacts / "command"]

    def prepare(self, project: Path, extra_vars: Mapping[str, t.Any]) -> None:
        (self.place / "tmp").mkdir(parents=True)
        shutil.copytree(project, self.private / "project")
        shutil.copytree(self.collections, self.private / "requirements_collections")
        settings = {"fact_cache_type": "jsonfile", "fact_cache": "fact_cache"}
        texts = {
            "env/settings": settings,
            "env/extravars": extra_vars,
            "inventory/hosts.json": {"all": {"hosts": self.hosts}},
        }
        for name, value in texts.items():
            path = self.private / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(value), encoding="utf-8")
        commands(self.place / "bin")

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(OTHERS)}
        return kept | {
            "PYTHONPATH": libraries(kept.get("PYTHONPATH", "")),
            "PATH": f"{self.place / 'bin'}:{os.environ['PATH']}",
            "HOME": _NO_HOME,
            # Ansible itself wants a place, as in the images whose user has no home.
            "ANSIBLE_HOME": str(self.place / "ansible"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.private / "requirements_collections"),
            "ANSIBLE_NOCOLOR": "1",
            "TMPDIR": str(self.place / "tmp"),
            **self.env,
        }

    def command(self, playbook: str) -> list[str]:
        argv = [sys.executable, "-m", "ansible_runner", "run", str(self.private), "--ident", IDENT]
        argv += ["--playbook", playbook, "--inventory", str(self.private / "inventory")]
        # As AWX does: else runner writes the environment, and so every credential, into a file of its artifacts.
        return [*argv, "--omit-env-files", "--quiet", "-vvv"]


def run(one: Job, playbook: str, extra_vars: Mapping[str, t.Any] | None = None, project: Path = PROJECT) -> int:
    """Run the job to its end; its exit status."""
    with running(one, playbook, extra_vars, project) as process:
        return process.wait(_LONGEST_JOB)


@contextlib.contextmanager
def running(
    one: Job, playbook: str, extra_vars: Mapping[str, t.Any] | None = None, project: Path = PROJECT
) -> Iterator[subprocess.Popen[bytes]]:
    """The job's process. At the end of the block it is gone, with all that it has started."""
    one.prepare(project, extra_vars or {})
    with started(one.command(playbook), one.place, one.environment()) as process:
        yield process
