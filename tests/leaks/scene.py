# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The runs, and what they leave in each channel."""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import sqlite3
import subprocess
import sys
import typing as t
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetographyKey, Sandbox
from ansible_collections.netapi.auth.tests.support.machines import kill, until
from ansible_collections.netapi.auth.tests.support.playbooks import QUICK, inventory
from ansible_collections.netapi.auth.tests.support.records import files_below
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.support.tasks import playbook

from . import plays
from .processes import Watch

HERE = Path(__file__).resolve().parent
LONGEST = 300.0
Contents = list[bytes]


@dataclass
class Scene:
    """A place with a home, inputs and outputs, for one form of the collection.

    :param collections: where that form of it is.
    :param channels: what was in each channel.
    """

    place: Path
    collections: Path
    server: Sandbox
    channels: dict[str, Contents] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for path in (self.inputs, self.home / "tmp", self.out / "junit"):
            path.mkdir(parents=True)
        inventory(self.inputs, {"localhost": {}}, **plays.variables(self.server.url), record=str(self.out / "record"))

    @property
    def inputs(self) -> Path:
        return self.place / "in"

    @property
    def home(self) -> Path:
        return self.place / "home"

    @property
    def out(self) -> Path:
        return self.place / "out"

    @property
    def tokens(self) -> set[str]:
        """Every token that the services have seen, and what they have made."""
        seen = {one.headers.get("authorization", "").partition(" ")[2] for one in self.server.state.requests}
        store = self.server.state.store
        made = {one.pat for one in store.all(NetBirdPat) if one.name == plays.MINTED}
        made |= {one.appkey for one in store.all(NetographyKey) if one.appname == plays.MINTED}
        return {text for text in seen if text.count(".") == 2} | made

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("LANG", "LC_ALL", "TZ") if name in os.environ}
        return kept | {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "HOME": str(self.home),
            "TMPDIR": str(self.home / "tmp"),
            "ANSIBLE_COLLECTIONS_PATH": str(self.collections),
            "ANSIBLE_NOCOLOR": "1",
            # Else in the home of the password file, which is not this one.
            "ANSIBLE_REMOTE_TMP": str(self.home / "remote"),
            "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callbacks"),
            **more,
        }

    def arguments(self, book: str) -> list[str]:
        return [sys.executable, "-m", "ansible.cli.playbook", "-i", str(self.inputs / "inventory.json"), "-vvvvv", book]

    def play(self, tasks: Sequence[plays.Task], **more: str) -> bytes:
        """Run the tasks at the highest verbosity; what is shown."""
        return self.run(self.arguments(playbook(self.inputs, tasks)), **more)

    def run(self, argv: Sequence[str], **more: str) -> bytes:
        """Run a command to its end; what is shown."""
        done = subprocess.run(
            argv,
            cwd=self.home,
            env=self.environment(**more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=LONGEST,
            check=True,
        )
        return done.stdout

    def file(self, name: str) -> Contents:
        return [(self.out / name).read_bytes()]

    def with_everything(self, control: Iterable[plays.Task]) -> None:
        """One run, as AWX runs a job, with all that can listen at once."""
        private = self.place / "runner"
        private.mkdir()
        book = playbook(self.inputs, [*plays.tasks(), *control])
        argv = [sys.executable, "-m", "ansible_runner", "run", str(private), "--playbook", book, "-vvvvv"]
        with Watch() as watch:
            shown = self.run(
                [*argv, "--inventory", str(self.inputs / "inventory.json")],
                ANSIBLE_CALLBACK_PLUGINS=f"{HERE / 'callbacks'}:{_callbacks_of_ara()}",
                ARA_BASE_DIR=str(self.out / "ara"),
                # It copies the files of a play, and so this inventory, which no vault protects.
                ARA_IGNORED_FILES="inventory.json",
                ANSIBLE_LOG_PATH=str(self.out / "log"),
                ANSIBLE_CALLBACKS_ENABLED="witness,junit",
                ANSIBLE_DISPLAY_ARGS_TO_STDOUT="1",
                JUNIT_OUTPUT_DIR=str(self.out / "junit"),
                WITNESS=str(self.out / "witness"),
                SYSLOG=str(self.out / "syslog"),
                PYTHONPATH=str(HERE / "syslog"),
                NETAPI_AUTH_CACHE="user",
            )
        lines = [json.loads(line) for line in self.file("witness")[0].splitlines()]
        self.channels |= {
            "standard output and error": [shown],
            "log file": self.file("log"),
            "JUnit callback": list(files_below(self.out / "junit").values()),
            "callbacks that write JSON": [json.dumps(line["result"]).encode() for line in lines],
            "ARA's database": _rows(self.out / "ara" / "ansible.sqlite"),
            "registered result of a failed task": self.file("record"),
            "syslog of the host": self.file("syslog"),
            "command lines and environments of processes": list(watch.seen),
            "home, cache and temporary directories afterwards": list(files_below(self.home).values()),
            **_of_runner(private / "artifacts"),
        }
        for kind in ("ok", "failed", "loop", "until"):
            told = [json.dumps(line["args"]).encode() for line in lines if _is_ours(line) and line["kind"] == kind]
            self.channels[f"arguments in callbacks, {kind}"] = told

    def with_minimal(self) -> None:
        """Loops and failures once more, for a callback that prints whole results."""
        tasks = [*plays.loops(), *plays.failures()]
        shown = self.play(tasks, ANSIBLE_STDOUT_CALLBACK="minimal", ANSIBLE_DISPLAY_ARGS_TO_STDOUT="1", **QUICK)
        self.channels["minimal callback"] = [shown]

    def with_lines(self) -> None:
        """The loops once more, for a callback that prints a line for each task and one that keeps the last."""
        shown = self.play(
            plays.loops(),
            ANSIBLE_STDOUT_CALLBACK="oneline",
            ANSIBLE_CALLBACKS_ENABLED="tree",
            ANSIBLE_CALLBACK_TREE_DIR=str(self.out / "tree"),
        )
        self.channels["oneline callback"] = [shown]
        self.channels["tree callback"] = list(files_below(self.out / "tree").values())

    def with_redis(self) -> None:
        with RedisServer(self.place) as redis:
            self.play([*plays.tasks()[:1], *plays.tasks()[4:5]], NETAPI_AUTH_CACHE=redis.url)
            self.channels["Redis"] = redis.contents()

    def with_kill(self) -> None:
        """Killed while a token is asked for, with others in the caches."""
        self.server.fault("/hang", delay=15)
        hang = plays.token("The last", token_url="{{ origin }}/hang")
        argv = self.arguments(playbook(self.inputs, [*plays.tasks()[:1], hang]))
        with (self.out / "killed").open("wb") as output:
            process = subprocess.Popen(argv, cwd=self.home, env=self.environment(), stdout=output, stderr=output)
            try:
                until(lambda: any(one.path == "/hang" for one in self.server.state.requests))
            finally:
                kill(process)
        self.channels["directories after a kill"] = list(files_below(self.home).values())

    def with_kept_files(self) -> None:
        """The module's own arguments are in its file on the host, where Ansible is told to keep it."""
        tasks = [*plays.tasks()[:1], plays.request("Networks", "/core/v2/networks")]
        self.play(tasks, ANSIBLE_KEEP_REMOTE_FILES="1", ANSIBLE_PIPELINING="0")
        self.channels["files of modules that Ansible is told to keep"] = list(
            files_below(self.home / "remote").values()
        )

    def with_plain_uri(self) -> None:
        """The core's own module without no_log, after the tasks of this collection."""
        headers = "{{ lookup('netapi.auth.netbird_auth', 'headers') }}"
        task = {"name": "Plain", plays.PLAIN: {"url": "{{ origin }}/pat", "headers": headers, "return_content": True}}
        self.channels["a plain uri task without no_log"] = [self.play([task])]


def _of_runner(artifacts: Path) -> dict[str, Contents]:
    """What ansible-runner keeps of a run: what AWX writes into its database, and the cache that it gives the core."""
    files = files_below(artifacts)
    events = [json.loads(data) for path, data in files.items() if path.parent.name == "job_events"]
    data: list[dict[str, t.Any]] = [event.get("event_data", {}) for event in events]
    told = [each.pop("task_args", "") for each in data if _is_ours(each)]
    others = [data for path, data in files.items() if path.parent.name != "job_events"]
    return {
        "ansible-runner, task_args": [str(each).encode() for each in told],
        "fact cache": [data for path, data in files.items() if path.parent.name == "fact_cache"],
        "ansible-runner, events": [*others, *(json.dumps(event).encode() for event in events)],
    }


def _callbacks_of_ara() -> str:
    # By its name: the linters do without ARA.
    return str(importlib.import_module("ara.setup").callback_plugins)


def _rows(database: Path) -> Contents:
    """Every value of every table, as ARA reads it: most are compressed."""
    with contextlib.closing(sqlite3.connect(database)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = [row for name in names for row in connection.execute(f'SELECT * FROM "{name}"')]
    return [_plain(value) for row in rows for value in row]


def _plain(value: object) -> bytes:
    if isinstance(value, bytes):
        with contextlib.suppress(zlib.error):
            return zlib.decompress(value)
        return value
    return str(value).encode()


def _is_ours(data: Mapping[str, t.Any]) -> bool:
    """Whether it is of a task of this collection: the arguments of the others are the core's to hide."""
    names = {
        name for task in plays.tasks() for name in [task["name"]] if any(key.startswith("netapi.") for key in task)
    }
    return data.get("task") in names
