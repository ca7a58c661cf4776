# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A lookup in a fork of this process, which is killed at the line after the provider's answer that the test says."""

from __future__ import annotations

import functools
import http.client
import json
import os
import signal
import sys
import tempfile
import typing as t
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from unittest import mock

from ansible import constants
from ansible.plugins.loader import init_plugin_loader

from ansible_collections.netapi.auth.plugins import plugin_utils
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

PLUGINS = str(Path(plugin_utils.__file__).parents[1])


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


def lookup(home: Path, arguments: dict[str, t.Any], kill_at: int | None = None) -> Outcome:
    """One lookup of a NetBird token, as in a run of its own.

    :param home: the user's.
    :param kill_at: the line after the answer to the token request at which it is killed, counted from 1.
    """
    _load()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.environ["HOME"] = str(home)
            os.write(writer, json.dumps(_looked_up(arguments, kill_at)).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        said = answer.read()
    _pid, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return Outcome(killed=True)
    return Outcome(killed=False, **json.loads(said))


@functools.cache
def _load() -> None:
    """What each fork would load anew; a lookup that fails does."""
    init_plugin_loader()
    with mock.patch.dict(os.environ), tempfile.TemporaryDirectory() as place:
        vars(constants)["DEFAULT_LOCAL_TMP"] = place
        try:
            Ansible().lookup("netbird", issuer="http://127.0.0.1:1", client_id="a", client_secret="a secret", retries=0)
        except Refused:
            return


def _looked_up(arguments: dict[str, t.Any], kill_at: int | None) -> dict[str, t.Any]:
    lines = Lines(kill_at)
    lines.begin_with_the_answer()
    with tempfile.TemporaryDirectory() as local_tmp:
        vars(constants)["DEFAULT_LOCAL_TMP"] = local_tmp
        try:
            return {"source": Ansible().lookup("netbird", "source", **arguments)[0], "lines": lines.seen}
        except Refused as error:
            return {"refusal": str(error), "lines": lines.seen}


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
