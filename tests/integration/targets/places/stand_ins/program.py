# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A program that has its tokens from its environment, as those of the services do.

It writes to its output and to said.json what the services answered, and whether a command line of this machine shows a
token.
"""

from __future__ import annotations

import json
import os
import sys
import typing as t
import urllib.request
from pathlib import Path

CALLS = (
    ("NETFOUNDRY_API_TOKEN", "NETFOUNDRY_API_URL", "/core/v2/networks"),
    ("NETOGRAPHY_API_TOKEN", "NETOGRAPHY_API_URL", "/api/v1/mitre/tactics"),
)


def command_lines() -> t.Iterator[bytes]:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes()
        except OSError:
            # It has ended.
            continue


def main() -> None:
    statuses = {}
    tokens = [os.environ[name].encode() for name, _address, _path in CALLS if name in os.environ]
    for name, address, path in CALLS:
        if name in os.environ:
            request = urllib.request.Request(os.environ[address] + path)
            request.add_unredirected_header("Authorization", f"Bearer {os.environ[name]}")
            with urllib.request.urlopen(request) as answer:
                statuses[path] = answer.status
    shown = any(token in line for line in command_lines() for token in tokens)
    said = json.dumps({"statuses": statuses, "in_command_lines": shown})
    Path("said.json").write_text(said, encoding="utf-8")
    sys.stdout.write(said)


if __name__ == "__main__":
    main()
