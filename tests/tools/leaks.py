# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make security`: write what the leak suite found on each core into docs/security.md."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from .cores import CORES, ROOT
from .stage import BUILD

PAGE = ROOT / "docs" / "security.md"
BEGIN = "<!-- found: begin -->"
END = "<!-- found: end -->"


def result(series: str) -> Path:
    """The file with what the suite found on that core."""
    return BUILD / f"leaks-{series}.json"


def table() -> str:
    """Channel by channel, core by core. Raises FileNotFoundError where the suite has not run."""
    found = {series: json.loads(result(series).read_text(encoding="utf-8")) for series in CORES}
    channels = next(iter(found.values()))
    lines = [f"| channel | {' | '.join(found)} |", f"|{'---|' * (len(found) + 1)}"]
    lines += [f"| {channel} | {' | '.join(each[channel] for each in found.values())} |" for channel in channels]
    return "\n".join(lines)


def main() -> int:
    """Replace the table of the page."""
    try:
        found = table()
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run make leaks first", file=sys.stderr)
        return 1
    text = PAGE.read_text(encoding="utf-8")
    start = text.index(BEGIN) + len(BEGIN)
    end = text.index(END)
    PAGE.write_text(f"{text[:start]}\n\n{found}\n\n{text[end:]}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
