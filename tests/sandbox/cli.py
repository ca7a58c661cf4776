# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: starts the sandbox in the foreground, says what to export, and at its end what it was asked."""

from __future__ import annotations

import argparse
import shlex
import signal
import threading
from pathlib import Path

from .server import Sandbox
from .state import found


def main() -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status."""
    parser = argparse.ArgumentParser(prog="sandbox", description="The services on loopback, as strict as they are.")
    parser.add_argument("--accounts", action="store_true", help="print the accounts that are there, and end")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    parser.add_argument("--exports", type=Path, help="file to write the export lines to, until the end")
    options = parser.parse_args()
    if options.accounts:
        print(*(account for service in found() for account in service.accounts()), sep="\n")
        return 0
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    with Sandbox(port=options.port) as sandbox:
        lines = [f"export {name}={shlex.quote(value)}" for name, value in exports(sandbox.url).items()]
        print(*lines, sep="\n")
        # As comments: all that is printed may be pasted.
        print(f"# What it was asked: curl {sandbox.url}/_sandbox/state")
        if options.exports:
            options.exports.parent.mkdir(parents=True, exist_ok=True)
            options.exports.write_text("\n".join([*lines, ""]), encoding="utf-8")
            print(f"# In another terminal: . {shlex.quote(str(options.exports))}")
        print("# What is posted is kept until the end. Ctrl-C ends it.", flush=True)
        stop.wait()
        if options.exports:
            options.exports.unlink(missing_ok=True)
        print("# What it was asked, and how often:")
        for asked, times in sorted(sandbox.state.counts.items()):
            print(f"# {times:6} {asked}")
        for provider, times in sandbox.state.grants.items():
            print(f"# {times:6} tokens of {provider}")
    return 0


def exports(url: str) -> dict[str, str]:
    """Environment variables with which the collection's plugins reach the sandbox at `url`."""
    return {name: value for service in found() for name, value in service.exports(url).items()}
