# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of the house, checked over the text of the plugins. Each check gives what is wrong, a sentence each."""

from __future__ import annotations

import ast
import functools
import graphlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

UTILS = "plugins/plugin_utils/"
PACKAGE = "ansible_collections.netapi.auth.plugins.plugin_utils"
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_REPEAT = 5
# Each costs a process more than a token from the cache does.
LIBRARIES = frozenset({"requests", "urllib3", "jwt", "redis", "jmespath"})
# What Ansible reads as documentation; no code.
_TEXTS = frozenset({"DOCUMENTATION", "EXAMPLES", "RETURN"})
# Folders of plugin_utils; what is imported from one is a file.
PACKAGES = frozenset(
    {"_core", "_awx", "_doctor", "_rotation", "_session", "_providers", "_options", "_oauth2", "_tokens", "_http"}
)
_ROW = re.compile(r"^\| ((?:`\w+\.py`(?:, )?)+) \|", re.MULTILINE)
_PACKAGE_ROW = re.compile(r"^### (?:`(_\w+)/`|Beside the packages)", re.MULTILINE)
# Of the core's, the sentence about a missing library, which users know.
_SENTENCES = "ansible.module_utils.basic"
# The only package that knows the core.
ADAPTER = "_core"
# And one file, whose finder has to stand before the core's own.
FINDER = (f"{UTILS}__init__.py", "ansible.utils.collection_loader._collection_config")
# What a package may not know, however far below it that stands.
STRANGERS = {
    "_tokens": {"_http", "_oauth2", "_options"},
    "_oauth2": {"_options", "_tokens"},
    "_options": {"_http", "_oauth2", "_tokens"},
    "_http": {"_options", "_tokens"},
}


@dataclass(frozen=True)
class Import:
    """What a file imports from plugin_utils, wherever in the file.

    :param module: the file, such as ``_tokens.cache``.
    :param name: what of it; empty for the file itself.
    :param bound: what the file is called in this one.
    """

    line: int
    module: str
    name: str = ""
    bound: str = ""

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]


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
        """Its name within plugin_utils, such as ``_tokens.cache``; empty for what is elsewhere."""
        return self.path.removeprefix(UTILS).removesuffix(".py").replace("/", ".") if self._is_ours else ""

    @property
    def package(self) -> str:
        return self.module.partition(".")[0]

    @property
    def _is_ours(self) -> bool:
        return self.path.startswith(UTILS)

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
            if isinstance(node, ast.ImportFrom) and (origin := self._origin(node)) is not None:
                found += [_import(node.lineno, origin, each) for each in node.names]
            elif isinstance(node, ast.Import):
                ours = [each for each in node.names if each.name.startswith(f"{PACKAGE}.")]
                found += [
                    Import(node.lineno, each.name.removeprefix(f"{PACKAGE}."), bound=each.asname or "") for each in ours
                ]
        return found

    def _origin(self, node: ast.ImportFrom) -> str | None:
        """What stands after ``from``, within plugin_utils: empty for itself, None for what is elsewhere."""
        module = node.module or ""
        if node.level and self._is_ours:
            levels = len(self.module.split(".")) - node.level
            # What leads out of plugin_utils is in no package of it.
            start = self.module.split(".")[:levels] if levels >= 0 else [".."]
            return ".".join(filter(None, [*start, module]))
        if not f"{module}.".startswith(f"{PACKAGE}."):
            return None
        return module.removeprefix(PACKAGE).removeprefix(".")


def _import(line: int, origin: str, name: ast.alias) -> Import:
    if not origin or origin in PACKAGES:
        return Import(line, f"{origin}.{name.name}".removeprefix("."), bound=name.asname or name.name)
    return Import(line, origin, name.name)


def _is_text(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id in _TEXTS for target in node.targets)


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


def listed_in(page: str) -> list[str]:
    """The files that CONTRIBUTING.md lists, each under the heading of its package."""
    found: list[str] = []
    heads = [*_PACKAGE_ROW.finditer(page)]
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        part = page[head.end() : following.start() if following else None]
        package = f"{head[1]}." if head[1] else ""
        found += [package + name for row in _ROW.findall(part) for name in re.findall(r"`(\w+)\.py`", row)]
    return found


def unlisted(sources: Sequence[Source], listed: Sequence[str]) -> Iterator[str]:
    """Files that the tables do not have, or that they have and nobody else, or twice."""
    modules = [source.module for source in sources if source.module]
    for name in sorted({*modules, *listed}):
        if (modules.count(name), listed.count(name)) != (1, 1):
            yield f"{name} is in the tables {listed.count(name)} times, and in {UTILS} {modules.count(name)} times."


def cycles(sources: Sequence[Source]) -> Iterator[str]:
    """Packages, and files, that import each other, also by way of third ones."""
    ours = [source for source in sources if source.module]
    files = {source.module: {each.module for each in source.imports} for source in ours}
    packages: dict[str, set[str]] = {}
    for source in ours:
        others = {each.package for each in source.imports} - {source.package}
        packages.setdefault(source.package, set()).update(others)
    for imports in (packages, files):
        try:
            graphlib.TopologicalSorter(imports).prepare()
        except graphlib.CycleError as error:
            yield f"{' imports '.join(reversed(error.args[1]))}."


def strangers(source: Source) -> Iterator[str]:
    """What a package imports that it must not know, the core for one."""
    for each in source.imports:
        if source.module and each.package in STRANGERS.get(source.package, ()):
            yield f"{source.path}:{each.line} imports {each.module}."
    if not source.module or source.package == ADAPTER:
        return
    for node in ast.walk(source.tree):
        names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
        names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
        for name in names:
            if name.partition(".")[0] == "ansible" and name != _SENTENCES and (source.path, name) != FINDER:
                yield f"{source.path} imports {name}."


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
