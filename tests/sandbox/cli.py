# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The command: starts the sandbox in the foreground and prints what to export."""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
import threading

from .server import Sandbox
from .state import found


def main() -> int:
    """Serve until SIGTERM or SIGINT. Return the exit status."""
    parser = argparse.ArgumentParser(prog="sandbox", description="The services on loopback, as strict as they are.")
    parser.add_argument("--accounts", action="store_true", help="print the accounts that are there, and end")
    parser.add_argument("--port", type=int, default=0, help="port to listen on; 0, the default, takes a free one")
    options = parser.parse_args()
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
        stop.wait()
    return 0


def exports(url: str) -> dict[str, str]:
    """Environment variables with which the collection's plugins reach the sandbox at `url`."""
    return {name: value for service in found() for name, value in service.exports(url).items()}
