# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make matrix`: every ansible-core on each of its Pythons that is there, as one table."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from .cores import CORES, Core
from .interpreters import TOO_OLD, VERSIONS, find_all
from .jobs import Outcome

ABSENT = "not here"
NONE = "-"
COLUMNS = tuple(version for version in VERSIONS if version != TOO_OLD)


def combinations() -> list[Core]:
    """Every core with one Python each."""
    usable = {version for version, interpreter in find_all().items() if interpreter.can_make_venv}
    return [core.on(version) for core in CORES.values() for version in core.pythons if version in usable]


def table(results: Mapping[str, str]) -> str:
    """One line for each core and one column for each Python.

    :param results: what to say of a combination, by its name.
    """
    lines = ["".join(f"{cell:14}" for cell in ("ansible-core", *COLUMNS))]
    for core in CORES.values():
        cells = [results.get(core.on(each).name, ABSENT) if each in core.pythons else NONE for each in COLUMNS]
        lines.append("".join(f"{cell:14}" for cell in (core.series, *cells)))
    return "\n".join(line.rstrip() for line in lines)


def result(outcomes: Sequence[Outcome]) -> str:
    """The table of what came of the jobs, whose names end with that of their combination."""
    results = {}
    for core in combinations():
        passed = [one.passed for one in outcomes if one.name.split()[-1] == core.name]
        results[core.name] = "passed" if passed and all(passed) else "FAILED"
    return table(results)


def main() -> int:
    """Print which combinations are there, and which of them `make test` takes."""
    there = [core.name for core in combinations()]
    taken = {next(name for name in there if name.startswith(f"{each.series}-")) for each in CORES.values()}
    print(table({name: "make test" if name in taken else "make matrix" for name in there}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
