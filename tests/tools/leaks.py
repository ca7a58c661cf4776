# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make security`: write what the leak suite found on each core into docs/security.md."""

from __future__ import annotations

import json
import sys

from .cores import CORES, ROOT
from .stage import BUILD, fill_in


def table() -> str:
    """Channel by channel, core by core. Raises FileNotFoundError where the suite has not run."""
    results = {series: BUILD / f"leaks-{series}.json" for series in CORES}
    found = {series: json.loads(path.read_text(encoding="utf-8")) for series, path in results.items()}
    channels = next(iter(found.values()))
    lines = [f"| channel | {' | '.join(found)} |", f"|{'---|' * (len(found) + 1)}"]
    lines += [f"| {channel} | {' | '.join(each[channel] for each in found.values())} |" for channel in channels]
    return "\n".join(lines)


def main() -> int:
    """Replace the table of the page."""
    try:
        fill_in(ROOT / "docs" / "security.md", "found", table())
    except FileNotFoundError as error:
        print(f"{error.filename} is missing: run make leaks first", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
