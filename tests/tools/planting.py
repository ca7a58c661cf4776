# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plant one fault after the other into a file of a copy of the tree, and run the tests on each. For `make mutants`.

It runs in the environment of the tests. What they need besides the collection is imported once; each fault has a
process of its own, forked from there, and that imports the collection anew.
"""

from __future__ import annotations

import ast
import contextlib
import difflib
import gc
import importlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pytest
from ansible.plugins.loader import init_plugin_loader
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

# Arithmetic is done with floats and text here: in its place these raise TypeError wherever the line is run, which
# `-` for `+` and `/` for `*` show as well.
TYPE_ERRORS = re.compile(r"_(Add|Sub|Mul|Div|Mod)_(Bit(Or|And|Xor)|[LR]Shift)$")
# Flags of one call have no bit in common, so that these make the same of them.
SAME_FLAGS = re.compile(r"_BitOr_(Add|BitXor)$")
IMPORTED_ONCE = (
    "ansible.playbook.play_context",
    "ansible.playbook.task",
    "ansible.template",
    "cryptography.hazmat.primitives.ciphers.aead",
    "flask",
    "jwt",
    "redis",
    "requests",
    "trustme",
)
OPTIONS = ("-q", "-x", "--tb=line", "-p", "no:cacheprovider")


@dataclass(frozen=True)
class Task:
    """What one process does: every ``lanes``-th mutant of a file, from the one with the number ``lane`` on.

    :param quick: the tests that need no plugin loader, which takes as long to set up as most mutants need to die.
    :param slow: those that do; run when all the others pass.
    :param result: where to write what came of the mutants.
    """

    source: str
    lane: int
    lanes: int
    quick: tuple[str, ...]
    slow: tuple[str, ...]
    result: str


@dataclass(frozen=True)
class Mutant:
    """What came of a fault.

    :param name: file, function, the line as it is and as it was made.
    :param outcome: ``killed``, ``timed out`` or ``survived``.
    """

    name: str
    outcome: str


def written_types(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Where types are written: nothing evaluates them."""
    found = []
    for node in ast.walk(ast.parse(source)):
        for part in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            if isinstance(part, ast.expr):
                found.append(((part.lineno, part.col_offset), (part.end_lineno or 0, part.end_col_offset or 0)))
    return found


def mutants(source: str) -> dict[str, str]:
    """The source with one fault, each once, and the function where that is."""
    types = written_types(source)
    tree = get_ast(source)
    found: dict[str, str] = {}
    for name in operator_names():
        operator = get_operator(name)
        if TYPE_ERRORS.search(name) or SAME_FLAGS.search(name) or operator.arguments():
            continue
        places = [(node, place) for node in ast_nodes(tree) for place in operator().mutation_positions(node)]
        for occurrence, (node, (begin, _end)) in enumerate(places):
            # A name with a dot among the exceptions of a tuple is more than ExceptionReplacer can replace.
            with contextlib.suppress(AttributeError):
                if not any(start <= begin < end for start, end in types):
                    text = mutate_code(source, operator(), occurrence)
                    found.setdefault(text, ASTQuery(node).get_definition_name() or "-")
    return found


def changed(old: str, new: str) -> str:
    """The lines that differ, as they are and as they were made; for one that is gone, what it was before."""
    lines = list(difflib.unified_diff(old.splitlines(), new.splitlines(), n=1, lineterm=""))[2:]
    sides = ([word for line in lines if line[0] == sign for word in line[1:].split()] for sign in "-+")
    return " => ".join(" ".join(words) or f"nothing before {lines[-1].strip()}" for words in sides)


def run(tests: tuple[str, ...], seconds: int, *, loaded: bool) -> str:
    """Run the tests in a process of their own, in a session of its own for what they start."""
    child = os.fork()
    if not child:
        os.setsid()
        signal.alarm(seconds)
        if loaded:
            init_plugin_loader()
        status = pytest.main([*OPTIONS, *tests])
        sys.stdout.flush()
        os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    return {0: "survived", -signal.SIGALRM: "timed out"}.get(status, "killed")


def outcomes(task: Task) -> Iterator[Mutant]:
    """Plant and test. The tests must pass without a fault, and have five times as long with one."""
    path = Path(task.source)
    name = path.relative_to("plugins/plugin_utils")
    source = path.read_text(encoding="utf-8")
    limits = []
    for tests, loaded in ((task.quick, False), (task.slow, True)):
        start = time.monotonic()
        if tests and run(tests, 600, loaded=loaded) != "survived":
            raise SystemExit(f"{task.source}: the tests fail without a fault")
        limits.append(30 + int(5 * (time.monotonic() - start)))
    # What that run compiled speeds up the others, which write nothing; only the mutant must be read anew.
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()
    for text, function in list(mutants(source).items())[task.lane :: task.lanes]:
        path.write_text(text, encoding="utf-8")
        outcome = run(task.quick, limits[0], loaded=False)
        if outcome == "survived" and task.slow:
            outcome = run(task.slow, limits[1], loaded=True)
        mutant = Mutant(f"{name} {function}: {changed(source, text)}", outcome)
        print(mutant, flush=True)
        yield mutant
    path.write_text(source, encoding="utf-8")


def main() -> None:
    """Do what the argument says, in the current directory."""
    task = Task(**json.loads(sys.argv[1]))
    for name in IMPORTED_ONCE:
        importlib.import_module(name)
    # pytest collects garbage at each end, and nothing of this is any.
    gc.freeze()
    found = [asdict(mutant) for mutant in outcomes(task)]
    Path(task.result).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main()
