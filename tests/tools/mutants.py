# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make mutants`: have cosmic-ray put each fault into the source, and see whether a unit test notices.

A mutant that no test kills is a gap in the tests, or `survivors.toml` says why nothing can notice it. All of it
happens in copies of the tree, one for each file.
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import difflib
import json
import re
import shlex
import subprocess
import sys
import time
import tomllib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome, WorkerOutcome, WorkResult

from .ansible_test import environment_for
from .cores import ENVIRONMENTS, ROOT
from .stage import BUILD, stage

EXPLAINED = ROOT / "tests" / "tools" / "survivors.toml"
SOURCES = "plugins/plugin_utils"
# Arithmetic is done with floats and text here: in its place these raise TypeError wherever the line is run, which
# `-` for `+` and `/` for `*` show as well. Flags of one call have no bit in common, so that the last but two make the
# same. Whether equal numbers and words are one object is Python's choice.
POINTLESS = re.compile(
    r"_(Add|Sub|Mul|Div|Mod)_(Bit(Or|And|Xor)|[LR]Shift)$|_BitOr_(Add|BitXor)$|_Eq_Is$|_NotEq_IsNot$"
)
MANAGER = (
    "manager exact_times frozen removal faults_of_caches absent refresher refresh_tokens replaced_refresh_tokens lives "
    "revocation user_cache manager_processes loading"
)
# The unit tests that concern a file, those that take long at the end.
SUITES = {
    "_tokens/manager.py": MANAGER,
    "_tokens/backend.py": MANAGER,
    "_tokens/files.py": "cache exact_times frozen damaged_entries removal faults_of_caches user_cache",
    "_tokens/locks.py": "exact_times cache removal manager user_cache manager_processes",
    "_tokens/redis_backend.py": "redis_kinds frozen redis_cache redis_faults redis_locks redis_hostile",
    "_tokens/refresher.py": MANAGER,
    "_tokens/cipher.py": "cipher frozen manager damaged_entries",
    "_tokens/cache.py": MANAGER,
    "_token.py": "token frozen exact_times manager lives refresher refresh_tokens",
}


def written_types(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types are written: nothing evaluates them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.expr):
                found.append(((part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)))
    return found


def planted(source: str, mutation: MutationSpec) -> str:
    """The source with that fault; empty: cosmic-ray cannot make it."""
    # A name with a dot among the exceptions of a tuple is more than ExceptionReplacer can replace.
    with contextlib.suppress(AttributeError):
        operator = get_operator(mutation.operator_name)(**mutation.operator_args)
        return mutate_code(source, operator, mutation.occurrence) or ""
    return ""


def leave_out(database: WorkDB, source: str) -> None:
    """Skip the mutants that change nothing that is run, or the same as another."""
    types = written_types(source)
    seen = {"", source}
    for item in list(database.pending_work_items):
        (mutation,) = item.mutations
        text = planted(source, mutation)
        in_types = any(start <= mutation.start_pos < end for start, end in types)
        if text in seen or in_types or POINTLESS.search(mutation.operator_name):
            database.set_result(item.job_id, WorkResult(WorkerOutcome.SKIPPED))
        elif text:
            seen.add(text)


def name_of(name: str, source: str, mutation: MutationSpec) -> str:
    """File, function, and the lines as they are and as they were made; for one that is gone, what it was before."""
    lines = list(difflib.unified_diff(source.splitlines(), planted(source, mutation).splitlines(), n=1, lineterm=""))[
        2:
    ]
    sides = ([word for line in lines if line[0] == sign for word in line[1:].split()] for sign in "-+")
    changed = " => ".join(" ".join(words) or f"nothing before {lines[-1].strip()}" for words in sides)
    return f"{name} {mutation.definition_name or '-'}: {changed}"


def examine(name: str) -> tuple[int, set[str], float]:
    """Have the mutants of a file tested: how many there were, the names of those that survived, and the seconds."""
    start = time.monotonic()
    lane = f"mutants-{Path(name).stem}"
    tree = stage(lane)
    paths = {"PYTHONPATH": str(BUILD / lane), "ANSIBLE_COLLECTIONS_PATH": str(BUILD / lane)}
    environment = environment_for(ENVIRONMENTS["mutants"], lane) | paths
    path = f"{SOURCES}/{name}"
    source = (ROOT / path).read_text(encoding="utf-8")
    tests = [f"tests/unit/plugins/plugin_utils/test_{test}.py" for test in SUITES[name].split()]
    command = shlex.join([sys.executable, "tests/unit", "-qx", "--tb=line", *tests])
    lines = [f"module-path = {json.dumps(path)}", "timeout = 300", f"test-command = {json.dumps(command)}"]
    settings = BUILD / f"{lane}.toml"
    local = ["[cosmic-ray.distributor]", 'name = "local"']
    settings.write_text("\n".join(["[cosmic-ray]", *lines, *local, ""]), encoding="utf-8")
    results = str(BUILD / f"{lane}.sqlite")
    Path(results).unlink(missing_ok=True)

    def cosmic_ray(*argv: str) -> None:
        subprocess.run([sys.executable, "-m", "cosmic_ray.cli", *argv], cwd=tree, env=environment, check=True)

    # Without a fault the tests pass.
    cosmic_ray("baseline", str(settings))
    cosmic_ray("init", str(settings), results)
    with use_db(results) as database:
        leave_out(database, source)
    cosmic_ray("exec", str(settings), results)
    with use_db(results) as database:
        done = {job: result.test_outcome for job, result in database.results if result.test_outcome is not None}
        left = {item.job_id: item.mutations[0] for item in database.work_items}
    alive = {name_of(name, source, left[job]) for job, outcome in done.items() if outcome != TestOutcome.KILLED}
    return len(done), alive, time.monotonic() - start


def explained() -> set[str]:
    """The mutants that may survive; each has its reason in the file."""
    groups = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["survivors"]
    return {mutant for group in groups for mutant in group["mutants"]}


def main() -> int:
    """Test the mutants of all files, or of one; 0 when exactly those survive that are explained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file", default="", choices=("", *SUITES), help="one file; default: all")
    chosen = parser.parse_args().file
    names = [chosen] if chosen else list(SUITES)
    wrong = [f"of no file that is tested: {mutant}" for mutant in explained() if mutant.partition(" ")[0] not in SUITES]
    with ThreadPoolExecutor(2) as pool:
        for name, (number, alive, seconds) in zip(names, pool.map(examine, names), strict=True):
            print(f"{name:28}{number:6} mutants{len(alive):6} survive{seconds:8.0f} s", flush=True)
            known = {mutant for mutant in explained() if mutant.startswith(f"{name} ")}
            wrong += [f"survives without a reason: {mutant}" for mutant in sorted(alive - known)]
            wrong += [f"has a reason, but does not survive: {mutant}" for mutant in sorted(known - alive)]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
