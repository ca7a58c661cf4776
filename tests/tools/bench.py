# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make bench`: measure side by side, and write docs/benchmarks.md with its plot and its figures.

Machines are noisy: all sides run in turn in each round, and what counts is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from .cores import ENVIRONMENTS, NEWEST, ROOT, Environment
from .demo import base_variables, sandbox
from .plays import Comparison, Side, comparisons, growth
from .stage import stage

DOCS = ROOT / "docs"
FIGURES = DOCS / "benchmarks.json"
PAGE = DOCS / "benchmarks.md"
PLOT = DOCS / "pictures" / "benchmarks.svg"
BEGIN = "<!-- figures: begin -->"
END = "<!-- figures: end -->"
PAIRS = 7
ENTRIES = (10, 100, 1000)


@dataclass(frozen=True)
class Figure:
    """A ratio: the median of the pairs, and how far they lie apart. Wall time is reported beside CPU time."""

    name: str
    target: float | None
    cpu: float
    lowest: float
    highest: float
    wall: float
    ratios: tuple[float, ...]


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU of the whole process tree, and of wall time."""

    cpu: float
    wall: float


def measure(environment: Environment, side: Side, work: Path, variables: Mapping[str, str]) -> Cost:
    """Run one side to its end. Its forks are waited for, so their time is that of the children."""
    argv = [str(environment.path / "bin" / "ansible-playbook"), *side.write(work)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(argv, cwd=work, env=dict(variables), stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, time.monotonic() - start)


def rounds(environment: Environment, work: Path, variables: Mapping[str, str], pairs: int) -> list[dict[str, Cost]]:
    """Run every side once in each round, in another order each time, so that each is first as often as last."""
    sides = list({side.name: side for each in comparisons() for side in (each.ours, each.theirs)}.values())
    costs: list[dict[str, Cost]] = []
    for number in range(pairs):
        turn = number % len(sides)
        order = sides[turn:] + sides[:turn]
        costs.append({side.name: measure(environment, side, work, variables) for side in order})
        print(f"round {number + 1} of {pairs}", flush=True)
    return costs


def figure_of(comparison: Comparison, costs: list[dict[str, Cost]]) -> Figure:
    """The ratios of one comparison."""
    ours = comparison.ours.name
    theirs = comparison.theirs.name
    ratios = tuple(round(each[ours].cpu / each[theirs].cpu, 3) for each in costs)
    walls = [each[ours].wall / each[theirs].wall for each in costs]
    median = round(statistics.median(ratios), 3)
    wall = round(statistics.median(walls), 3)
    return Figure(comparison.name, comparison.target, median, min(ratios), max(ratios), wall, ratios)


def fill(cache: Path, entries: int) -> None:
    """Make the user's cache as large as if it held that many live entries."""
    later = time.time() + 86400
    for _number in range(entries - sum(1 for each in cache.iterdir() if len(each.name) == 64)):
        entry = cache / secrets.token_hex(32)
        entry.write_bytes(secrets.token_bytes(800))
        os.utime(entry, (later, later))


def grow(environment: Environment, work: Path, variables: Mapping[str, str], pairs: int) -> list[Figure]:
    """CPU time with 100 and 1,000 entries in the user's cache, against that with 10."""
    side = growth()
    caches = {entries: work / f"cache-{entries}" for entries in ENTRIES}
    costs: dict[int, list[float]] = {entries: [] for entries in ENTRIES}
    for number in range(pairs + 1):
        for entries, base in caches.items():
            cost = measure(environment, side, work, {**variables, "XDG_CACHE_HOME": str(base)})
            fill(base / "netapi_auth", entries)
            # The first round makes the caches.
            costs[entries] += [cost.cpu] if number else []
    figures = []
    for entries in ENTRIES[1:]:
        ratios = tuple(round(more / few, 3) for more, few in zip(costs[entries], costs[ENTRIES[0]], strict=True))
        name = f"user cache of {entries} entries, against {ENTRIES[0]}"
        median = round(statistics.median(ratios), 3)
        figures.append(Figure(name, None, median, min(ratios), max(ratios), median, ratios))
    return figures


def plot(figures: list[Figure]) -> None:
    """The ratios with their spread and their targets."""
    import matplotlib as mpl
    import matplotlib.pyplot as plt

    # The same figures give the same file, and letters are text rather than shapes.
    mpl.rcParams.update({"svg.hashsalt": "netapi.auth", "svg.fonttype": "none"})
    canvas, axes = plt.subplots(figsize=(9, 0.5 + 0.45 * len(figures)))
    names = [figure.name for figure in figures][::-1]
    for place, figure in enumerate(figures[::-1]):
        spread = [[figure.cpu - figure.lowest], [figure.highest - figure.cpu]]
        axes.errorbar([figure.cpu], [place], xerr=spread, fmt="o", color="#1f4e79", capsize=3)
        if figure.target is not None:
            axes.plot([figure.target], [place], marker="|", markersize=18, markeredgewidth=2.5, color="#b03a2e")
    axes.axvline(1.0, color="#999999", linewidth=0.8)
    axes.set_yticks(range(len(names)), names)
    axes.set_xlabel("CPU time as a ratio (dot: median, line: spread, bar: target)")
    canvas.tight_layout()
    canvas.savefig(PLOT, metadata={"Date": None, "Title": "CPU time of netapi.auth against what it is compared with"})


def table(figures: list[Figure], core: str, pairs: int) -> str:
    """The figures as Markdown."""
    rows = [
        f"| {each.name} | {'reported' if each.target is None else f'≤ {each.target}'} "
        f"| {each.cpu} | {each.lowest} to {each.highest} | {each.wall} |"
        for each in figures
    ]
    head = ["| what | target | CPU, median | spread | wall, median |", "|---|---|---|---|---|"]
    return "\n".join([f"ansible-core {core}, {pairs} pairs in turn.", "", *head, *rows])


def write(figures: list[Figure], core: str, pairs: int) -> None:
    """The machine-readable file, the page between its marks, and the plot."""
    content = {"core": core, "pairs": pairs, "figures": [asdict(figure) for figure in figures]}
    FIGURES.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    page = PAGE.read_text(encoding="utf-8")
    start = page.index(BEGIN) + len(BEGIN)
    end = page.index(END)
    PAGE.write_text(f"{page[:start]}\n\n{table(figures, core, pairs)}\n\n{page[end:]}", encoding="utf-8")
    plot(figures)


def main() -> int:
    """Measure, print and write. A figure beyond its target is no failure: this is no test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    options = parser.parse_args()
    environment = ENVIRONMENTS["bench"]
    with tempfile.TemporaryDirectory(prefix="netapi-auth-bench-") as name:
        work = Path(name)
        stage("bench")
        collections = {"ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".build" / "bench")}
        with sandbox(environment.python, work) as credentials:
            variables = {**base_variables(environment, work), **collections, **credentials}
            costs = rounds(environment, work, variables, options.pairs)
            figures = [figure_of(each, costs) for each in comparisons()]
            figures += grow(environment, work, variables, options.pairs)
    write(figures, NEWEST, options.pairs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
