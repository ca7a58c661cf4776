# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make messages`: write every error message of the source into the guide to troubleshooting.

What is filled in at run time is shown as three dots. A part that is a sentence of its own, from a local name, a
constant or a function of the collection, is put in its place: one line for each that it can be. Before them stands what
providers answer, from the table that the tests hold.
"""

from __future__ import annotations

import ast
import itertools
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .causes import ROWS, Row
from .cores import ROOT

PAGE = Path("docs/docsite/rst/guide_troubleshooting.rst")
BEGIN, END = ".. messages: begin", ".. messages: end"
DOTS = "..."
# A cause for each kind of error, except in the files that are a cause of their own.
CAUSES = {
    "OptionError": "Options",
    "WrongTypeError": "Values of options",
    "CredentialError": "Credentials",
    "ServiceError": "Services",
    "AuthError": "Cache",
    "CacheError": "Cache",
    "MissingLibraryError": "Libraries",
    "WrongLibraryError": "Libraries",
    "OldPythonError": "Python",
}
PLACES = {
    "_awx.py": "AWX",
    "_awx_api.py": "AWX",
    "awx_credential_types.py": "AWX",
    "_request.py": "netapi.auth.uri",
    "uri.py": "netapi.auth.uri",
}
INTRODUCTIONS = {
    "Values of options": "What stands at the end of ``... has a value that cannot be used``, after the colon.",
    "Cache": (
        "A fault of the cache is a warning with the same words, and the token is handed out all the same. "
        "Only ``state: absent`` fails, a refresh token that was given, whose successor the cache may have, and the "
        "role ``auth_headers`` where the temporary directory of the run cannot be used."
    ),
    "Refusals": (
        "What stands after the words of the service, where status, ``error`` and words together tell the cause. "
        "Other refusals end as the lines above do."
    ),
    "Libraries": "What begins with Failed goes on in Ansible's words, and ends with how Debian and pipx get it.",
}
ORDER = (
    "Options",
    "Values of options",
    "Credentials",
    "Services",
    "Refusals",
    "Cache",
    "AWX",
    "netapi.auth.uri",
    "Libraries",
    "Python",
)
_DEEPEST = 6
# Where an answer of the table says why.
_FIELDS = ("error", "error_description", "errorCode", "errorSummary", "name", "message")
# Characters.
_LONGEST = 150
_OPTION = (
    r"(client_(id|secret|cert|key)|token_(request|url|field)|scope|audience|method|refresh_token|issuer|netosecret|"
    r"appname|appkey|sharedsecret|shortname|username|password|api_url|token)"
)
# What else is to be looked at, by what a sentence says of it.
_BESIDES = {
    "at the provider": "what the client may do at the provider",
    "DPoP": "DPoP at the provider",
    "later sign-in": "sign in again",
    "deleted": "whether it was deleted",
    "slash": "its slash at the end",
    "public": "set none for a public client",
}
# Their sentences stand among those of the services.
_OF_STATUS = ("sentence", "_until")
_ANSWERS = (
    "The same word means different things. These are answers as the services give them, and the options to look at "
    "first, each of which an error names in the first sentence of its advice. Long words are cut in the middle."
)

Function = ast.FunctionDef


@dataclass(frozen=True)
class Message:
    """What one place in the source can say. ``texts`` is empty where it passes another error's sentence on."""

    place: str
    cause: str
    texts: tuple[str, ...]


class Source:
    """One file, and what its expressions can be as text."""

    def __init__(self, path: Path, others: dict[str, Source]) -> None:
        self.name = path.name
        self.tree = ast.parse(path.read_text(encoding="utf-8"))
        self.functions = {node.name: node for node in ast.walk(self.tree) if isinstance(node, Function)}
        self._others = others

    def messages(self) -> Iterator[Message]:
        """Every error that is made here."""
        for node, function in self._calls():
            kind = getattr(node.func, "id", "")
            if kind in CAUSES and node.args:
                texts = self.texts(node.args[0], function)
                if kind == "MissingLibraryError":
                    texts = [f"Failed to import the required Python library ({text}) {DOTS}" for text in texts]
                cause = PLACES.get(self.name, CAUSES[kind])
                found = tuple(sorted({text.strip() for text in texts if text.strip(f"{DOTS} ")}))
                yield Message(f"{self.name}:{node.lineno}", cause, found)

    def _calls(self) -> Iterator[tuple[ast.Call, Function | None]]:
        inner = {id(node): each for each in self.functions.values() for node in ast.walk(each)}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, inner.get(id(node))

    def texts(self, node: ast.expr, function: Function | None, depth: int = 0) -> list[str]:
        """All that the expression can be; empty for what is known only at run time."""
        if depth > _DEEPEST:
            return []
        if isinstance(node, ast.Constant):
            return [node.value] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            parts = [self._part(each, function, depth) for each in node.values]
            return ["".join(each) for each in itertools.product(*parts)]
        if isinstance(node, ast.IfExp):
            return [text for each in (node.body, node.orelse) for text in self.texts(each, function, depth + 1)]
        if isinstance(node, ast.Name):
            return self._named(node.id, function, depth)
        if isinstance(node, ast.Attribute):
            return [text for each in self._constant(node) for text in self.texts(each, None, depth + 1)]
        if isinstance(node, ast.Call):
            return self._returned(node.func, depth)
        return []

    def _part(self, node: ast.expr, function: Function | None, depth: int) -> list[str]:
        """What a part of an f-string can be. Without a blank it is a value rather than a part of the sentence."""
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        value = node.value if isinstance(node, ast.FormattedValue) else node
        texts = self.texts(value, function, depth + 1)
        is_constant = bool(self._constant(value))
        return [text for text in texts if " " in text or (is_constant and text)] or [DOTS]

    def _constant(self, node: ast.expr) -> list[ast.expr]:
        """What a name of the file stands for, or one of another file that is named by its module."""
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            other = self._others.get(f"{node.value.id}.py")
            return other._constant(ast.Name(node.attr)) if other else []
        return self._assigned(node.id, self.tree.body) if isinstance(node, ast.Name) else []

    def _named(self, name: str, function: Function | None, depth: int) -> list[str]:
        """What a name stands for: in its function, as a parameter of it, or in the file."""
        values = self._assigned(name, ast.walk(function)) if function else []
        if function and not values:
            values = self._given(name, function)
        values = values or self._constant(ast.Name(name))
        return [text for value in values for text in self.texts(value, function, depth + 1)]

    @staticmethod
    def _assigned(name: str, nodes: Iterator[ast.AST] | list[ast.stmt]) -> list[ast.expr]:
        assigned = [node for node in nodes if isinstance(node, ast.Assign)]
        return [node.value for node in assigned if name in [ast.unparse(target) for target in node.targets]]

    def _given(self, name: str, function: Function) -> list[ast.expr]:
        """The default of a parameter, and what the calls in the file give for it."""
        names = [each.arg for each in function.args.args]
        if name not in names:
            return []
        place = names.index(name)
        defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
        values = [defaults[name]] if name in defaults else []
        calls = (node for node, _within in self._calls() if getattr(node.func, "id", "") == function.name)
        return [*values, *(call.args[place] for call in calls if len(call.args) > place)]

    def _returned(self, called: ast.expr, depth: int) -> list[str]:
        """What a function returns, of this file or of another that is named by its module."""
        source: Source | None = self
        name = getattr(called, "id", "")
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            source, name = self._others.get(f"{called.value.id}.py"), called.attr
        function = source.functions.get(name) if source else None
        if not source or not function:
            return []
        return source.returned(function, depth + 1)

    def returned(self, function: Function, depth: int = 0) -> list[str]:
        """What one of its functions returns."""
        returns = (node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value)
        return [text for value in returns for text in self.texts(value, function, depth)]


def messages(root: Path) -> list[Message]:
    """Every message of the collection."""
    others: dict[str, Source] = {}
    for path in sorted((*root.glob("plugins/plugin_utils/*.py"), *root.glob("plugins/action/*.py"))):
        others[path.name] = Source(path, others)
    return [message for source in others.values() for message in source.messages()]


def remedies(root: Path) -> set[str]:
    """What a refusal can mean: the sentences that functions of remedies return, and those that depend on the status."""
    found: set[str] = set()
    others: dict[str, Source] = {}
    for path in sorted(root.glob("plugins/plugin_utils/*.py")):
        others[path.name] = source = Source(path, others)
    for name, source in others.items():
        for function in source.functions.values():
            if (name == "_remedies.py" and function.name not in _OF_STATUS) or function.name == "_remedy":
                found.update(source.returned(function))
        for call in ast.walk(source.tree):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("by_status"):
                values = [value for each in ast.walk(call) if isinstance(each, ast.Dict) for value in each.values]
                found.update(text for value in values for text in source.texts(value, None))
    return {text for text in found if text.endswith(".") and " " in text.strip(DOTS)}


def answers() -> str:
    """The table of what providers answer, and what mends it, from the table of the tests."""
    lines = ["* - Who", "  - Status and words", "  - What to look at"]
    for who, words, mends in dict.fromkeys(map(_cells, filter(_is_told, ROWS))):
        lines += [f"* - {who}", f"  - {words}", f"  - {mends}"]
    indented = "\n".join(f"   {line}" for line in lines)
    return f".. list-table::\n   :header-rows: 1\n   :widths: 15 55 30\n\n{indented}\n"


def _is_told(row: Row) -> bool:
    return bool(row.of and _told(row)) and row.answer.status not in (200, 429)


def _told(row: Row) -> str:
    """The words of an answer as the sentence has them; the page and the table have room for some."""
    try:
        body = json.loads(row.answer.body)
    except ValueError:
        return ""
    words = [str(body[name]) for name in _FIELDS if name in body]
    text = ": ".join(words)
    return text if len(text) <= _LONGEST else f"{text[:40]} ... {text[-(_LONGEST - 45) :]}"


def _cells(row: Row) -> tuple[str, str, str]:
    options = [name for name in row.names if re.fullmatch(_OPTION, name)]
    looks = [f"``{name}``" for name in options]
    looks += [_BESIDES[name] for name in row.names if name in _BESIDES]
    return row.of, f"``{row.answer.status}`` ``{_told(row)}``", ", ".join(looks)


def listing(root: Path) -> str:
    """The part of the page that is made from the source."""
    found = messages(root)
    parts = [f"What providers answer\n---------------------\n\n{_ANSWERS}\n\n{answers()}"]
    for cause in ORDER:
        texts = sorted({text for message in found if message.cause == cause for text in message.texts})
        texts = texts if cause != "Refusals" else sorted(remedies(root))
        lines = "\n".join(f"- ``{text}``" for text in texts)
        introduction = f"{INTRODUCTIONS[cause]}\n\n" if cause in INTRODUCTIONS else ""
        parts.append(f"{cause}\n{'-' * len(cause)}\n\n{introduction}{lines}\n")
    return "\n".join(parts)


def page(root: Path) -> str:
    """The page as it is to be."""
    text = (root / PAGE).read_text(encoding="utf-8")
    start, end = text.index(BEGIN) + len(BEGIN), text.index(END)
    return f"{text[:start]}\n\n{listing(root)}\n{text[end:]}"


def main() -> int:
    """Write the page."""
    (ROOT / PAGE).write_text(page(ROOT), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
