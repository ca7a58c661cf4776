# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make mutants`: plant a fault into the source, see whether a unit test notices, and do so for every such fault.

A mutant that no test kills is a gap in the tests, or `survivors.toml` says why nothing can notice it. All of it
happens in copies of the tree.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import time
import tomllib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from .ansible_test import environment_for
from .check import interrupt
from .cores import ROOT, Environment, mutants_environment
from .jobs import PROCESSES, JobError
from .stage import BUILD, stage, target

EXPLAINED = ROOT / "tests" / "tools" / "survivors.toml"
LANES = ("mutants-1", "mutants-2")
OUTCOMES = ("killed", "timed out", "survived")


@dataclass(frozen=True)
class Suite:
    """The tests that concern a file: those that need no plugin loader, and those to run when all these pass."""

    quick: tuple[str, ...]
    slow: tuple[str, ...]


PROCESSES_OF_THE_MANAGER = tuple(
    f"manager_processes.py::test_{name}"
    for name in (
        "who_has_waited_long_enough_grants_for_itself_and_says_so",
        "a_token_of_who_did_not_wait_is_kept_as_well",
        "a_token_in_the_cache_needs_no_lock",
        "the_grant_is_made_under_the_lock",
        "a_grant_that_fails_gives_the_lock_back",
        "a_crowd_on_a_cold_cache_makes_one_grant",
    )
)
MANAGER = Suite(
    ("manager", "exact_times", "frozen", "removal", "faults_of_caches"),
    (
        "absent",
        "refresher",
        "refresh_tokens",
        "replaced_refresh_tokens",
        "lives",
        "revocation",
        "user_cache",
        *PROCESSES_OF_THE_MANAGER,
        "loading",
    ),
)
SUITES = {
    "_tokens/manager.py": MANAGER,
    "_tokens/backend.py": MANAGER,
    "_tokens/files.py": Suite(
        ("cache", "exact_times", "frozen", "damaged_entries", "removal", "faults_of_caches"), ("user_cache",)
    ),
    "_tokens/locks.py": Suite(
        ("exact_times", "cache", "removal", "manager"), ("user_cache", PROCESSES_OF_THE_MANAGER[-1])
    ),
    "_tokens/redis_backend.py": Suite(
        ("redis_kinds", "frozen"), ("redis_cache", "redis_faults", "redis_locks", "redis_hostile")
    ),
    "_tokens/refresher.py": MANAGER,
    "_tokens/cipher.py": Suite(("cipher", "frozen", "manager", "damaged_entries"), ()),
    "_tokens/cache.py": MANAGER,
    "_token.py": Suite(("token", "frozen", "exact_times"), ("manager", "lives", "refresher", "refresh_tokens")),
}


def examine(environment: Environment, lane: str, name: str) -> list[tuple[str, str]]:
    """Have this lane's mutants of a file tested in its copy of the tree: the name and the outcome of each."""
    tree = BUILD / lane
    suite = SUITES[name]
    variables = {
        **environment_for(environment, lane),
        "PYTHONPATH": str(tree),
        "ANSIBLE_COLLECTIONS_PATH": str(tree),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    }
    result, log = (tree / f"{name.replace('/', '.')}.{suffix}" for suffix in ("json", "log"))
    folder = "tests/unit/plugins/plugin_utils/test_"
    tests = [[folder + (test if "::" in test else f"{test}.py") for test in part] for part in (suite.quick, suite.slow)]
    task = {
        "source": f"plugins/plugin_utils/{name}",
        "lane": LANES.index(lane),
        "lanes": len(LANES),
        "quick": tests[0],
        "slow": tests[1],
        "result": str(result),
    }
    with log.open("w", encoding="utf-8") as file:
        argv = [str(environment.python), "tests/tools/planting.py", json.dumps(task)]
        if PROCESSES.run(argv, target(lane), variables, file):
            raise JobError(f"{name}: see {log}")
    return [(mutant["name"], mutant["outcome"]) for mutant in json.loads(result.read_text(encoding="utf-8"))]


def explained() -> dict[str, str]:
    """The mutants that may survive, each with the reason."""
    groups = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivors"]
    return {mutant: group["reason"] for group in groups for mutant in group["mutants"]}


def judge(name: str, mutants: list[tuple[str, str]], seconds: float) -> bool:
    """Print a line of the table; whether exactly those survive that are explained."""
    counts = Counter(outcome for _name, outcome in mutants)
    columns = "".join(f"{counts[outcome]:11}" for outcome in OUTCOMES)
    print(f"{name:24}{len(mutants):11}{columns}{seconds:11.0f}", flush=True)
    alive = {mutant for mutant, outcome in mutants if outcome == "survived"}
    known = {mutant for mutant in explained() if mutant.startswith(f"{name} ")}
    for mutant in sorted(alive - known):
        print(f"  survives without a reason: {mutant}", flush=True)
    for mutant in sorted(known - alive):
        print(f"  has a reason in {EXPLAINED.name}, but does not survive: {mutant}", flush=True)
    return alive == known


def main() -> int:
    """Test the mutants of all files, or of one; 0 when every survivor is explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", default="", choices=("", *SUITES), help="one file; default: all")
    chosen = parser.parse_args().file
    strays = [mutant for mutant in explained() if mutant.partition(" ")[0] not in SUITES]
    if strays:
        print(f"{EXPLAINED.name}: of no file that is tested:", *strays, sep="\n  ", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, interrupt)
    environment = mutants_environment()
    environment.build(sys.stdout)
    for lane in LANES:
        stage(lane)
    print(" " * 24 + "".join(f"{column:>11}" for column in ("mutants", *OUTCOMES, "seconds")), flush=True)
    good = True
    with ThreadPoolExecutor(len(LANES)) as pool:
        try:
            for name in [chosen] if chosen else SUITES:
                start = time.monotonic()
                parts = [pool.submit(examine, environment, lane, name) for lane in LANES]
                mutants = [mutant for part in parts for mutant in part.result()]
                good &= judge(name, mutants, time.monotonic() - start)
        except JobError as error:
            print(error, file=sys.stderr)
            return 1
        finally:
            PROCESSES.stop()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
