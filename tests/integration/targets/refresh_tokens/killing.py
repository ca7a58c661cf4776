# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lookups in forks of one process, each killed at the line after the provider's answer that the test says.

This file is also the program of that process.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from unittest import mock

# The directory that holds ansible_collections.
ROOT = Path(__file__).resolve().parents[7]
PLUGINS = str(Path(__file__).resolve().parents[4] / "plugins")


@dataclass(frozen=True)
class Outcome:
    """What came of a lookup.

    :param killed: whether it was; then the rest is empty.
    :param lines: how many lines of the plugins ran after the answer.
    """

    killed: bool
    source: str = ""
    refusal: str = ""
    lines: int = 0


@dataclass(frozen=True)
class Forks:
    """The process that forks."""

    _process: subprocess.Popen[str]

    def lookup(self, home: Path, arguments: dict[str, t.Any], kill_at: int | None = None) -> Outcome:
        """One lookup of a NetBird token, as in a run of its own.

        :param home: the user's.
        :param kill_at: the line after the answer to the token request at which it is killed, counted from 1.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"home": str(home), "arguments": arguments, "kill_at": kill_at}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return Outcome(**json.loads(self._process.stdout.readline()))


@contextlib.contextmanager
def forks() -> Iterator[Forks]:
    """The process, for as long as the block lasts."""
    path = os.pathsep.join([str(ROOT), *filter(None, sys.path)])
    env = {**os.environ, "PYTHONPATH": path, "ANSIBLE_COLLECTIONS_PATH": str(ROOT)}
    argv = [sys.executable, "-B", __file__]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env, text=True) as process:
        yield Forks(process)


def _main() -> None:
    from ansible import constants
    from ansible.plugins.loader import init_plugin_loader, lookup_loader

    init_plugin_loader()
    # So that not each fork loads them anew.
    import jwt
    import redis
    import requests

    from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS as NAMES

    _loaded = (jwt, redis, requests, lookup_loader.get(NAMES["netbird"]))
    for line in sys.stdin:
        with tempfile.TemporaryDirectory() as local_tmp:
            vars(constants)["DEFAULT_LOCAL_TMP"] = local_tmp
            print(json.dumps(_forked(json.loads(line))), flush=True)


def _forked(order: dict[str, t.Any]) -> dict[str, t.Any]:
    """What the fork says, or that it was killed."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        os.write(writer, json.dumps(_looked_up(order)).encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return {"killed": True}
    found: dict[str, t.Any] = json.loads(said)
    return found


def _looked_up(order: dict[str, t.Any]) -> dict[str, t.Any]:
    from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

    os.environ["HOME"] = order["home"]
    lines = Lines(order["kill_at"])
    lines.begin_with_the_answer()
    source = refusal = ""
    try:
        source = Ansible().lookup("netbird", "source", **order["arguments"])[0]
    except Refused as error:
        refusal = str(error)
    return {"killed": False, "source": source, "refusal": refusal, "lines": lines.seen}


@dataclass
class Lines:
    """Counts the lines of the plugins, and ends the process at one of them."""

    kill_at: int | None
    seen: int = 0

    def begin_with_the_answer(self) -> None:
        """Count from the moment when the status of an answer to a POST has come."""
        original = http.client.HTTPConnection.getresponse

        def getresponse(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
            method = getattr(connection, "_method", None)
            response = original(connection)
            if method == "POST":
                self._begin()
            return response

        mock.patch.object(http.client.HTTPConnection, "getresponse", getresponse).start()

    def _begin(self) -> None:
        sys.settrace(self._trace)
        # For what has begun already, tracing is turned on frame by frame.
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            frame.f_trace = self._trace
            frame = frame.f_back

    def _trace(self, frame: FrameType, event: str, argument: t.Any) -> t.Any:
        if event == "line" and frame.f_code.co_filename.startswith(PLUGINS):
            self.seen += 1
            if self.seen == self.kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self._trace


if __name__ == "__main__":
    _main()
