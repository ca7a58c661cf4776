# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house, checked over the text of the plugins. Each check gives what is wrong, a sentence each."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UTILS = "plugins/plugin_utils/"
PACKAGE = "ansible_collections.netapi.auth.plugins.plugin_utils"
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_REPEAT = 250, 40, 5
# Each costs a process more than a token from the cache does.
LIBRARIES = frozenset({"requests", "urllib3", "jwt", "redis", "jmespath"})
# What Ansible reads as documentation; no code.
_TEXTS = frozenset({"DOCUMENTATION", "EXAMPLES", "RETURN"})
_ROW = re.compile(r"^\| ((?:`_\w+\.py`(?:, )?)+) \|", re.MULTILINE)


@dataclass(frozen=True)
class Import:
    """What a file imports from plugin_utils, wherever in the file.

    :param name: what of the module; empty for the module itself.
    :param bound: what the module is called in the file.
    """

    line: int
    module: str
    name: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Source:
    """A file, by its path from the root of the collection."""

    path: str
    text: str

    @functools.cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def module(self) -> str:
        return self.path.rpartition("/")[2].removesuffix(".py")

    @functools.cached_property
    def code(self) -> list[tuple[int, str]]:
        """Number and text of each line that is neither blank, nor a comment, nor documentation for Ansible."""
        texts = [node for node in ast.walk(self.tree) if isinstance(node, ast.Assign) and _is_text(node)]
        left_out = {number for node in texts for number in range(node.lineno, (node.end_lineno or 0) + 1)}
        lines = [(number, line.strip()) for number, line in enumerate(self.text.splitlines(), 1)]
        return [(number, line) for number, line in lines if line and line[0] != "#" and number not in left_out]

    @functools.cached_property
    def imports(self) -> list[Import]:
        found: list[Import] = []
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and (module := _module(node)) is not None:
                names = [(each.name, each.asname or each.name) for each in node.names]
                if module:
                    found += [Import(node.lineno, module, name) for name, _bound in names]
                else:
                    found += [Import(node.lineno, name, bound=bound) for name, bound in names]
            elif isinstance(node, ast.Import):
                ours = [each for each in node.names if each.name.startswith(PACKAGE)]
                found += [Import(node.lineno, each.name.rpartition(".")[2], bound=each.asname or "") for each in ours]
        return found


def _is_text(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id in _TEXTS for target in node.targets)


def _module(node: ast.ImportFrom) -> str | None:
    """The module of plugin_utils after ``from``; empty for plugin_utils itself, None for what is elsewhere."""
    if node.level:
        return (node.module or "") if node.level == 1 else "." * node.level
    if node.module is None or not f"{node.module}.".startswith(f"{PACKAGE}."):
        return None
    return node.module.removeprefix(PACKAGE).removeprefix(".")


def long_files(source: Source) -> Iterator[str]:
    if len(source.code) > LONGEST_FILE:
        yield f"{source.path} has {len(source.code)} lines of code."


def long_functions(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > LONGEST_FUNCTION:
                yield f"{source.path}:{node.lineno} {node.name} has {length} lines."


def private_names(source: Source) -> Iterator[str]:
    """Private names of other files. The names of the files are private too, but to the collection."""
    for each in source.imports:
        if each.name.startswith("_"):
            yield f"{source.path}:{each.line} imports {each.module}.{each.name}."
    modules = {each.bound for each in source.imports if each.bound}
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute) or not node.attr.startswith("_") or node.attr.startswith("__"):
            continue
        if isinstance(node.value, ast.Name) and node.value.id in modules:
            yield f"{source.path}:{node.lineno} uses {node.value.id}.{node.attr}."


def early_libraries(source: Source) -> Iterator[str]:
    """Libraries that are imported with the file. What is for type checkers only is not."""
    waiting: list[ast.AST] = [source.tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("t.TYPE_CHECKING", "TYPE_CHECKING"):
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        for name in names:
            if name.partition(".")[0] in LIBRARIES:
                yield f"{source.path} imports {name} when it is loaded."


def order_in(page: str) -> list[str]:
    """The modules as the table of CONTRIBUTING.md lists them, row by row."""
    return [name for row in _ROW.findall(page) for name in re.findall(r"`(_\w+)\.py`", row)]


def unlisted(sources: Sequence[Source], order: Sequence[str]) -> Iterator[str]:
    """Files that the table does not have, or that it has and nobody else, or twice."""
    modules = [source.module for source in sources if source.path.startswith(UTILS)]
    for name in sorted({*modules, *order}):
        if (modules.count(name), order.count(name)) != (1, 1):
            yield f"{UTILS}{name}.py is in the table {order.count(name)} times, and there {modules.count(name)} times."


def upward_imports(source: Source, order: Sequence[str]) -> Iterator[str]:
    """What a file of plugin_utils imports that does not stand below it in the order."""
    if not source.path.startswith(UTILS):
        return
    below = order[order.index(source.module) + 1 :] if source.module in order else []
    for each in source.imports:
        if each.module not in below:
            yield f"{source.path}:{each.line} imports {each.module}, which is not below it."


def repeats(sources: Sequence[Source]) -> Iterator[str]:
    """Runs of lines that stand in two places. Imports and lines without a word do not count."""
    seen: dict[tuple[str, ...], str] = {}
    for source in sources:
        imports = {
            number
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for number in range(node.lineno, (node.end_lineno or 0) + 1)
        }
        lines = [each for each in source.code if each[0] not in imports and re.search(r"\w", each[1])]
        for start in range(len(lines) - LONGEST_REPEAT):
            run = lines[start : start + LONGEST_REPEAT + 1]
            place = f"{source.path}:{run[0][0]}"
            first = seen.setdefault(tuple(text for _number, text in run), place)
            if first != place:
                yield f"{place} repeats {first}."
