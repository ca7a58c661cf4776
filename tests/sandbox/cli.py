# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: starts the sandbox in the foreground and prints what to export."""

from __future__ import annotations

import argparse
import os
import shlex
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .server import Sandbox
from .state import found


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status."""
    options = _parser().parse_args(arguments)
    if options.accounts:
        print(*(account for service in found() for account in service.accounts()), sep="\n")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with Sandbox(port=options.port) as sandbox:
        for name, value in exports(sandbox.url).items():
            print(f"export {name}={shlex.quote(value)}")
        sys.stdout.flush()
        notes = {options.pid_file: str(os.getpid()), options.ready_file: sandbox.url}
        notes.pop(None, None)
        try:
            for path, text in notes.items():
                _write(path, text)
            stop.wait()
        finally:
            for path in notes:
                path.unlink(missing_ok=True)
    return 0


def exports(url: str) -> dict[str, str]:
    """Environment variables with which the collection's plugins reach the sandbox at `url`."""
    return {name: value for service in found() for name, value in service.exports(url).items()}


def _write(path: Path, text: str) -> None:
    """Write in one step: whoever waits for the file never reads half of it."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(f"{text}\n", encoding="utf-8")
    temporary.replace(path)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox", description="The services on loopback, as strict as they are.")
    parser.add_argument("--accounts", action="store_true", help="print the accounts that are there, and end")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--ready-file", type=Path, metavar="FILE", help="holds the base URL while it listens")
    parser.add_argument("--pid-file", type=Path, metavar="FILE", help="holds the process id")
    return parser
