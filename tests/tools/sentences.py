# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sentences of the source, read from its syntax: what an error, a warning or a remark can say.

A part that is a sentence of its own, from a local name, a constant or a function of the collection, is put in its
place: one line for each that it can be. What is filled in at run time is an example of ``samples.py``; where that has
none there are three dots, which a test finds.
"""

from __future__ import annotations

import ast
import functools
import itertools
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from .samples import SAMPLES, finished, of_options

DOTS = "..."
# What a refusal is followed by, where the service has rules of its own for it; and what a wrong type says.
REMEDY = "<the remedy>"
EXPECTED = "<what is expected>"
ERRORS = frozenset(
    f"{each}Error"
    for each in ("Auth", "Cache", "Credential", "MissingLibrary", "OldPython", "Option", "Service", "WrongLibrary")
) | {"WrongTypeError"}
# How something is said without a failure, and the kind of that.
VOICES = {"warn": "warning", "warning": "warning", "v": "remark", "vvv": "remark", "say": "wait"}
_DEEPEST = 14
# Is made with the beginning of its sentence.
_REFUSED = "RefusedError"
# Says with what words an error is replaced, and with what remedy.
_EXPLAINS = "of_whoami"
_CONSTRUCTORS = ERRORS - {"MissingLibraryError"}

Function = ast.FunctionDef


@dataclass(frozen=True)
class Said:
    """What one place in the source can say. ``texts`` is empty where it passes another error's sentence on.

    :param kind: the class of an error, a value of ``VOICES``, ``result`` for the message of a task that does not fail,
        or ``explained`` for the sentence that an error is given later.
    """

    place: str
    kind: str
    texts: tuple[str, ...]


class Source:
    """One file, and what its expressions can be as text."""

    # The fields that are being looked for.
    _asked: t.ClassVar[set[str]] = set()

    def __init__(self, path: Path, others: dict[str, Source]) -> None:
        self.name = path.name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {node.name: node for node in ast.walk(self.tree) if isinstance(node, Function)}
        self._others = others
        self._imports = _imports(self.tree)

    def said(self) -> Iterator[Said]:
        """Everything that is said here."""
        for node, function in self._inner:
            for kind, expression in _spoken(node):
                texts = _expanded(self.texts(expression, function), self._others)
                found = tuple(sorted({finished(text.strip()) for text in texts if text.strip(f"{DOTS} ")}))
                yield Said(f"{self.name}:{getattr(node, 'lineno', 0)}", kind, found)

    def texts(self, node: ast.expr, function: Function | None, depth: int = 0) -> list[str]:
        """All that the expression can be; empty for what is known only at run time."""
        if depth > _DEEPEST:
            return []
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            parts = [self._part(each, function, depth) for each in node.values]
            return ["".join(each) for each in itertools.product(*parts)]
        if isinstance(node, ast.Name):
            return self._named(node.id, function, depth)
        if isinstance(node, ast.Attribute):
            return self._attribute(node, function, depth)
        if isinstance(node, ast.Call):
            return self._returned(node, function, depth)
        if isinstance(node, ast.Subscript):
            return self._picked(node, function, depth)
        return self._any(_choices(node), function, depth)

    def _any(self, nodes: Iterable[ast.expr], function: Function | None, depth: int) -> list[str]:
        return list(dict.fromkeys(text for each in nodes for text in self.texts(each, function, depth + 1)))

    def _part(self, node: ast.expr, function: Function | None, depth: int) -> list[str]:
        """What a part of an f-string can be. Without a blank it is a value rather than a part of the sentence."""
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        value = node.value if isinstance(node, ast.FormattedValue) else node
        if samples := self._samples(value):
            return samples
        texts = self.texts(value, function, depth + 1)
        is_constant = bool(self._constant(value))
        return [text for text in texts if " " in text or (is_constant and text)] or [DOTS]

    def _samples(self, node: ast.expr) -> list[str]:
        """The examples for what is known only at run time."""
        text = ast.unparse(node)
        keys = (f"{self.name}: {text}", text, text.removeprefix("self."))
        sample = next((SAMPLES[key] for key in keys if key in SAMPLES), of_options(text, self.name))
        return [sample] if isinstance(sample, str) else list(sample)

    def _constant(self, node: ast.expr) -> list[ast.expr]:
        """What a name of the file stands for, or one of another file that is named by its module."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            other = self._other(node.value.id)
            return other._constant(ast.Name(node.attr)) if other else []
        if not isinstance(node, ast.Name):
            return []
        source, name = self._origin(node.id)
        return _assigned(name, source.tree.body)

    def _other(self, name: str) -> Source | None:
        """The file that is imported by the name."""
        return self._others.get(f"{self._imports[name][1]}.py") if name in self._imports else None

    def _origin(self, name: str) -> tuple[Source, str]:
        """The file that a name is imported from, with what it is called there; else this one."""
        module, there = self._imports.get(name, ("", name))
        return self._others.get(f"{module}.py", self), there

    def _named(self, name: str, function: Function | None, depth: int) -> list[str]:
        """What a name stands for: in its function, as a parameter of it, or in the file."""
        values = _assigned(name, ast.walk(function)) if function else []
        if function and not values and (given := self._given(name, function, depth)):
            return given
        return self._any(values or self._constant(ast.Name(name)), function, depth)

    def _given(self, name: str, function: Function, depth: int) -> list[str]:
        """The default of a parameter, and what calls give for it."""
        names = [each.arg for each in function.args.args]
        if name not in names:
            return []
        defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
        found = self.texts(defaults[name], None, depth + 1) if name in defaults else []
        place = names.index(name) - _is_method(function)
        for source in self._others.values():
            for node, within in source._inner:
                if isinstance(node, ast.Call) and source._function(node.func) == (self, function):
                    given = node.args[place : place + 1]
                    found += source._any(given, within, depth)
        return found

    def _attribute(self, node: ast.Attribute, function: Function | None, depth: int) -> list[str]:
        """A constant of another module, a property, or a field of an object as it is made somewhere."""
        if constants := self._constant(node):
            other = self._other(ast.unparse(node.value)) or self
            return other._any(constants, None, depth)
        found = self._method(node)
        return found[0].returned(found[1], depth + 1) if found else self._field(node.attr, depth)

    def _method(self, node: ast.Attribute) -> tuple[Source, Function] | None:
        """The function that is meant: of this file, of a module, or the only method of that name."""
        owner = ast.unparse(node.value)
        near = self if owner == "self" else self._other(owner)
        found = [
            (source, function)
            for source in ([near] if near else self._others.values())
            if (function := source.functions.get(node.attr)) and (_is_method(function) or source is near is not self)
        ]
        return found[0] if len(found) == 1 else None

    def _field(self, name: str, depth: int) -> list[str]:
        """What an object of that field is made with, anywhere."""
        if name in self._asked:
            return []
        self._asked.add(name)
        try:
            found = [
                text
                for source in self._others.values()
                for value, function in source.fields.get(name, ())
                for text in source.texts(value, function, depth + 1)
            ]
            return list(dict.fromkeys(found))
        finally:
            self._asked.discard(name)

    @functools.cached_property
    def fields(self) -> dict[str, list[tuple[ast.expr, Function | None]]]:
        """What this file gives to fields, by their names or in the order of a class of its own."""
        found: dict[str, list[tuple[ast.expr, Function | None]]] = {}
        orders = {node.name: _fields_of(node) for node in self.tree.body if isinstance(node, ast.ClassDef)}
        for node, function in self._inner:
            if isinstance(node, ast.AnnAssign) and node.value:
                found.setdefault(ast.unparse(node.target), []).append((node.value, None))
            if isinstance(node, ast.Call):
                given = list(zip(orders.get(getattr(node.func, "id", ""), ()), node.args, strict=False))
                given += [(each.arg, each.value) for each in node.keywords if each.arg]
                for name, value in given:
                    found.setdefault(name, []).append((value, function))
        return found

    @functools.cached_property
    def _inner(self) -> list[tuple[ast.AST, Function | None]]:
        """Every node, with the outermost function that it stands in: names of it count in those within."""
        inner = {id(node): each for each in reversed(self.functions.values()) for node in ast.walk(each)}
        return [(node, inner.get(id(node))) for node in ast.walk(self.tree)]

    def _returned(self, node: ast.Call, function: Function | None, depth: int) -> list[str]:
        """What a function returns, of this file or of another; what an error says, where one is made."""
        if samples := self._samples(node):
            return samples
        if isinstance(node.func, ast.Attribute) and node.func.attr == "rstrip":
            return self.texts(node.func.value, function, depth + 1)
        if getattr(node.func, "id", "") in _CONSTRUCTORS:
            return self.texts(node.args[0], function, depth + 1)
        found = self._function(node.func)
        return found[0].returned(found[1], depth + 1) if found else []

    def _function(self, called: ast.expr) -> tuple[Source, Function] | None:
        """The function that is called, with its file."""
        if isinstance(called, ast.Attribute):
            return self._method(called)
        source, name = self._origin(getattr(called, "id", ""))
        return (source, source.functions[name]) if name in source.functions else None

    def _picked(self, node: ast.Subscript, function: Function | None, depth: int) -> list[str]:
        """One of several values, and any value of a constant dictionary."""
        held = self._constant(node.value)
        if held and isinstance(held[0], ast.Dict):
            return self._any(held[0].values, None, depth)
        if isinstance(node.value, ast.Tuple) and isinstance(node.slice, ast.Constant):
            place = int(str(node.slice.value))
            return self._any(node.value.elts[place : place + 1], function, depth)
        if not isinstance(node.value, ast.Call):
            return []
        found = self._function(node.value.func)
        if found is None:
            return []
        parts = [ast.Subscript(value, node.slice) for value in _returns(found[1])]
        return found[0]._any(parts, found[1], depth)

    def returned(self, function: Function, depth: int = 0) -> list[str]:
        """What one of its functions returns."""
        return self._any(_returns(function), function, depth)


def _imports(tree: ast.AST) -> dict[str, tuple[str, str]]:
    """The names that are imported, each with the last part of its module and what it is called there."""
    return {
        name.asname or name.name: ((node.module or "").rpartition(".")[2], name.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def _spoken(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What the node says, with its kind."""
    if isinstance(node, ast.Call) and node.args:
        kind = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
        if kind in ERRORS or kind in VOICES:
            yield VOICES.get(kind, kind), node.args[0]
        if kind == _REFUSED and isinstance(node.args[0], ast.JoinedStr):
            yield "ServiceError", ast.JoinedStr([*node.args[0].values, ast.Constant(f" {REMEDY}")])
    if isinstance(node, ast.Dict):
        named = zip(node.keys, node.values, strict=True)
        yield from (("result", value) for key, value in named if getattr(key, "value", "") == "msg")
    if isinstance(node, Function) and node.name == _EXPLAINS:
        pairs = (each for found in _returns(node) for each in _choices(found) or [found])
        for value in (each for each in pairs if isinstance(each, ast.Tuple)):
            yield "explained", ast.JoinedStr([*value.elts[:1], ast.Constant(" "), *value.elts[1:]])
    for given in _assigned("error.args", [node]):
        yield from (("explained", each) for each in getattr(given, "elts", ()))


def _choices(node: ast.expr) -> list[ast.expr]:
    """What an expression chooses from."""
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return node.values if isinstance(node, ast.BoolOp) else []


def _is_method(function: Function) -> bool:
    return [each.arg for each in function.args.args][:1] == ["self"]


def _fields_of(made: ast.ClassDef) -> list[str]:
    return [ast.unparse(node.target) for node in made.body if isinstance(node, ast.AnnAssign)]


def _returns(function: Function) -> list[ast.expr]:
    return [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value]


def _assigned(name: str, nodes: Iterable[ast.AST]) -> list[ast.expr]:
    """The values that a name is given, one of several at once too."""
    found: list[ast.expr] = []
    for node in nodes:
        if isinstance(node, ast.NamedExpr) and node.target.id == name:
            found.append(node.value)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = [ast.unparse(each) for each in target.elts] if isinstance(target, ast.Tuple) else []
                if ast.unparse(target) == name:
                    found.append(node.value)
                elif name in names and isinstance(node.value, ast.Tuple):
                    found.append(node.value.elts[names.index(name)])
                elif name in names:
                    found.append(ast.Subscript(node.value, ast.Constant(names.index(name))))
    return found


def sources(root: Path) -> dict[str, Source]:
    """The files of the collection in which something is said."""
    found: dict[str, Source] = {}
    for path in sorted((*root.glob("plugins/plugin_utils/**/*.py"), *root.glob("plugins/action/*.py"))):
        found[path.name] = Source(path, found)
    return found


def _expanded(texts: Iterable[str], others: Mapping[str, Source]) -> list[str]:
    """The sentences, those that end with what is said elsewhere once with each of it."""
    found: list[str] = []
    for text in texts:
        ends = {REMEDY: _remedies, EXPECTED: _expectations}
        gap = next((each for each in ends if each in text), None)
        found += [text.replace(gap, each) for each in ends[gap](others)] if gap else [text]
    return found


def _expectations(others: Mapping[str, Source]) -> set[str]:
    """What is expected of a value that is of another type."""
    source = others["values.py"]
    spoken = (each for node in ast.walk(source.tree) for each in _spoken(node))
    return {text for kind, value in spoken if kind == "WrongTypeError" for text in source.texts(value, None)}


def _remedies(others: Mapping[str, Source]) -> set[str]:
    """What a refusal can mean: what functions of remedies return, and what depends on the status at a service."""
    found: set[str] = set()
    for name, source in others.items():
        for function in source.functions.values():
            if name in ("remedies.py", "rules.py"):
                found.update(source.returned(function))
        for call, within in source._inner:
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("ByStatus"):
                values = [value for each in ast.walk(call) if isinstance(each, ast.Dict) for value in each.values]
                found.update(source._any(values, within, 0))
    return {text for text in found if text.endswith(".")}
