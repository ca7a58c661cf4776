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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from ..sandbox import Sandbox
from ..sandbox.cli import exports
from .cores import ENVIRONMENTS, NEWEST, ROOT, Environment
from .demo import base_variables
from .stage import BUILD, fill_in, stage

DOCS = ROOT / "docs"
PLOT = DOCS / "pictures" / "benchmarks.svg"
# The values of a variable of a play.
TOKEN = "{{ lookup('netapi.auth.netfoundry_token') }}"
USER_TOKEN = "{{ lookup('netapi.auth.netfoundry_token', cache='user') }}"
ENVIRONMENT = "{{ lookup('ansible.builtin.env', 'HOME') }}"
CONSTANT = "constant"

Task = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a playbook, and what it runs with.

    :param entries: how many the user's cache has, which is its own then.
    """

    name: str
    tasks: tuple[Task, ...]
    variables: dict[str, str] = field(default_factory=dict)
    hosts: int = 1
    entries: int = 0

    def write(self, folder: Path) -> list[str]:
        """Write playbook and inventory; give the arguments of ansible-playbook."""
        play = {"hosts": "all", "gather_facts": False, "vars": self.variables, "tasks": list(self.tasks)}
        playbook = folder / f"{self.name}.yml"
        playbook.write_text(json.dumps([play], indent=1), encoding="utf-8")
        hosts = {f"host{number:03}": {"ansible_connection": "local"} for number in range(self.hosts)}
        inventory = folder / f"{self.name}.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        return ["-i", str(inventory), "-f", "4", str(playbook)]

    def cache(self, folder: Path) -> dict[str, str]:
        """Where the user's cache is. Live entries of nobody make it as large as it is to be."""
        if not self.entries:
            return {}
        base = folder / f"cache-{self.entries}"
        place = base / "netapi_auth"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        later = time.time() + 86400
        for _number in range(self.entries - sum(1 for each in place.iterdir() if len(each.name) == 64)):
            entry = place / secrets.token_hex(32)
            entry.write_bytes(secrets.token_bytes(800))
            os.utime(entry, (later, later))
        return {"XDG_CACHE_HOME": str(base)}


@dataclass(frozen=True)
class Comparison:
    """Two sides, the ratio of whose CPU time is wanted.

    :param target: what the ratio may be at most; None where it is only reported.
    """

    name: str
    ours: Side
    theirs: Side
    target: float | None = None


def uses(number: int) -> tuple[Task, ...]:
    """So many tasks, each of which evaluates the play's variable once."""
    fact = "{{ value | length }}"
    return tuple({"name": f"Use it, {each}", "ansible.builtin.set_fact": {f"it{each}": fact}} for each in range(number))


def first_token(**more: object) -> Task:
    """A token task; the collection's own."""
    return {"name": "Get a token", "netapi.auth.netfoundry_token": {"set_facts": False}, **more}


def evaluations(name: str, value: str, *before: Task, hosts: int = 100, entries: int = 0) -> Side:
    """Evaluations of a play variable in 5 tasks; on 100 hosts 500."""
    return Side(name, (*before, *uses(5)), {"value": value}, hosts, entries)


def by_hand() -> Side:
    """The token as it is got without a collection: POST the secret, set a fact, build the header."""
    post = {
        "url": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_OAUTH_URL') }}",
        "method": "POST",
        "body_format": "json",
        "body": {
            "client_id": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_CLIENT_ID') }}",
            "client_secret": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_CLIENT_SECRET') }}",
            "audience": "https://gateway.sandbox.netfoundry.io/",
            "grant_type": "client_credentials",
        },
    }
    headers = {"Authorization": "Bearer {{ answer.json.access_token }}"}
    ask = {"name": "Ask for a token", "ansible.builtin.uri": post, "register": "answer"}
    return Side("by-hand", (ask, {"name": "Make the header", "ansible.builtin.set_fact": {"headers": headers}}))


def comparisons() -> list[Comparison]:
    """The figures that are ratios of CPU time."""
    once = first_token(run_once=True)
    after_task = evaluations("after-task", TOKEN, once)
    bare = evaluations("bare", TOKEN)
    fifty_tokens = Side("fifty-tokens", tuple(first_token() for _number in range(51)))
    fifty_facts = Side("fifty-facts", (first_token(), *uses(50)), {"value": CONSTANT})
    few, more, many = (evaluations(f"cache-{n}", USER_TOKEN, once, hosts=20, entries=n) for n in (10, 100, 1000))
    by_task = Side("by-task", (first_token(register="token"),))
    return [
        Comparison("after a token task, against env", after_task, evaluations("env-after", ENVIRONMENT, once), 1.05),
        Comparison("after a token task, against a constant", after_task, evaluations("none-after", CONSTANT, once)),
        Comparison("bare lookup, against env", bare, evaluations("env", ENVIRONMENT), 1.6),
        Comparison("bare lookup, against a constant", bare, evaluations("none", CONSTANT)),
        Comparison("50 cached token tasks, against 50 set_fact tasks", fifty_tokens, fifty_facts, 1.25),
        Comparison("first token and header, against uri and set_fact", by_task, by_hand(), 0.8),
        Comparison("user cache of 100 entries, against 10", more, few),
        Comparison("user cache of 1000 entries, against 10", many, few),
    ]


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


class Cost(NamedTuple):
    """Seconds of CPU of the whole process tree, and of wall time."""

    cpu: float
    wall: float


def measure(environment: Environment, side: Side, work: Path, variables: Mapping[str, str]) -> Cost:
    """Run one side to its end. Its forks are waited for, so their time is that of the children."""
    argv = [str(environment.path / "bin" / "ansible-playbook"), *side.write(work)]
    variables = {**variables, **side.cache(work)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(argv, cwd=work, env=variables, stdout=subprocess.DEVNULL, check=True)
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
    pairs = [(each[comparison.ours.name], each[comparison.theirs.name]) for each in costs]
    ratios = tuple(round(ours.cpu / theirs.cpu, 3) for ours, theirs in pairs)
    wall = round(statistics.median(ours.wall / theirs.wall for ours, theirs in pairs), 3)
    median = round(statistics.median(ratios), 3)
    return Figure(comparison.name, comparison.target, median, min(ratios), max(ratios), wall, ratios)


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


def main() -> int:
    """Measure and write. A figure beyond its target is no failure: this is no test."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=7)
    pairs = parser.parse_args().pairs
    environment = ENVIRONMENTS["bench"]
    stage("bench")
    with tempfile.TemporaryDirectory(prefix="netapi-auth-bench-") as name, Sandbox() as sandbox:
        collections = {"ANSIBLE_COLLECTIONS_PATH": str(BUILD / "bench")}
        variables = {**base_variables(environment, Path(name)), **collections, **exports(sandbox.url)}
        costs = rounds(environment, Path(name), variables, pairs)
    figures = [figure_of(each, costs) for each in comparisons()]
    content = {"core": NEWEST, "pairs": pairs, "figures": [asdict(figure) for figure in figures]}
    (DOCS / "benchmarks.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    fill_in(DOCS / "benchmarks.md", "figures", table(figures, NEWEST, pairs))
    plot(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
