# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run a server that is no Python for as long as a test needs it, and ask it without the collection."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time
import typing as t
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import requests

HOST = "127.0.0.1"
# Seconds: ten on an idle machine.
_START = 240.0
_STOP = 30.0
REQUEST = 60.0


def ports(number: int) -> list[int]:
    """As many that are free."""
    with contextlib.ExitStack() as open_until_all_are_known:
        sockets = [open_until_all_are_known.enter_context(socket.socket()) for _each in range(number)]
        for each in sockets:
            each.bind((HOST, 0))
        return [int(each.getsockname()[1]) for each in sockets]


@contextlib.contextmanager
def serving(argv: Sequence[str], url: str, log: Path, **variables: str) -> Iterator[None]:
    """A program that answers at the address.

    :param log: where its output goes.

    Raises RuntimeError, with the end of its log, where it does not answer in time.
    """
    with log.open("wb") as said:
        process = subprocess.Popen(
            argv,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        try:
            _wait(process, url, log)
            yield
        finally:
            _stop(process)


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            ask(url)
            return
        time.sleep(0.2)
    raise RuntimeError(f"nothing answers at {url}\n" + log.read_text(encoding="utf-8", errors="replace")[-4000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End it with what it has started, such as the Java of a script."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            os.killpg(process.pid, number)
            process.wait(_STOP)


def ask(url: str, form: Mapping[str, str] | None = None, *, method: str = "", **more: t.Any) -> t.Any:
    """The JSON of an answer; None for one without a body. Raises RequestException, which is an OSError.

    :param more: what requests takes, such as ``json`` and ``auth``.
    """
    with requests.Session() as session:
        # No proxy, and no .netrc.
        session.trust_env = False
        method = method or ("POST" if form or more.get("json") else "GET")
        answer = session.request(method, url, data=form, timeout=REQUEST, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None
