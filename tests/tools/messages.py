# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make messages`: write every sentence of the source into the guide to troubleshooting.

A sentence is a text of the source with three words or more, as it stands there; what is filled in at run time stands
in angle brackets. The page says where each goes: below ``.. said: some words | other words`` those that have these
words, below ``.. said in: _http/ uri.py`` the others of these files and folders; the longest path counts. A warning has
no place but by its words, beside its cause and its fix.
"""

from __future__ import annotations

import ast
import csv
import io
import re
import sys
import typing as t
from collections.abc import Iterator
from pathlib import Path

from ..unit.plugins.plugin_utils.causes import told

ROOT = Path(__file__).parents[2]
PAGE = Path("docs/docsite/rst/guide_troubleshooting.rst")
# Says what a programmer did wrong.
UNSEEN = ("_value.py",)
# Functions by which something is said without a failure, and those that say more of an option.
VOICES = ("warn", "warning", "say")
AS_SAID = {"source": "{}, from <source>,", "ways": "the argument {}, <and so on>"}
PLACE = re.compile(r"^\.\. said( in)?: (.+)\n+((?:- ``.*\n)*)\n*", re.MULTILINE)
ANSWERS = re.compile(r"(?<=:widths: 15 55 30\n\n)(?:   .*\n)+")


class Said(t.NamedTuple):
    """A sentence, or a part of one."""

    path: str
    text: str
    is_warning: bool


def said(root: Path = ROOT) -> list[Said]:
    """Everything that the collection says."""
    plugins = root / "plugins"
    utils = plugins / "plugin_utils"
    paths = [(path, str(path.relative_to(utils))) for path in sorted(utils.rglob("*.py")) if path.name not in UNSEEN]
    paths += [(path, path.name) for path in sorted((plugins / "action").glob("*.py"))]
    trees = {name: ast.parse(path.read_text(encoding="utf-8")) for path, name in paths}
    constants: dict[str, str] = {}
    for tree in trees.values():
        constants.update(_constants(tree, constants))
    found: dict[Said, None] = {}
    for path, tree in trees.items():
        own = {**constants, **dict(_constants(tree, constants))}
        found |= dict.fromkeys(Said(path, text, is_warning) for text, is_warning in _texts(tree, own))
    return list(found)


def _constants(tree: ast.Module, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The constants of a file that are a text or a number."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, (ast.Constant, ast.JoinedStr)):
            yield ast.unparse(node.targets[0]), _shown(node.value, known)


def _texts(tree: ast.Module, constants: dict[str, str]) -> Iterator[tuple[str, bool]]:
    """What a file says, and whether as a warning: no documentation, no pattern, no text to compare with."""
    left_out: set[int] = set()
    warnings: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        if isinstance(node, ast.Constant) and not isinstance(node.value, str):
            left_out.add(id(node))
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
        if isinstance(node, ast.Compare):
            left_out |= {id(part) for part in (node.left, *node.comparators)}
        if isinstance(node, ast.Call) and node.args and _last(node.func) in VOICES:
            warnings.add(id(node.args[0]))
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("re."):
            left_out |= {id(part) for part in ast.walk(node)}
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in left_out:
            text = _shown(node, constants)
            words = re.findall(r"[^\W\d]\S*", re.sub("<[^>]*>", "", text))
            # What has alternatives is a pattern.
            if len(words) >= 3 and not re.search(r"\S\|\S", text):
                yield text.strip(" ,;"), id(node) in warnings


def _shown(node: ast.expr, constants: dict[str, str]) -> str:
    """An expression as the page shows it: a text as it is, anything else by its name, in angle brackets."""
    match node:
        case ast.Constant(value):
            return f"{value:g}" if isinstance(value, float) else str(value)
        case ast.JoinedStr(parts):
            return "".join(_shown(part, constants) for part in parts)
        case ast.Call(function, [*_, last]) if not isinstance(last, ast.Constant) or _last(function) in AS_SAID:
            return AS_SAID.get(_last(function), "{}").format(_shown(last, constants))
        case ast.FormattedValue(value) | ast.Subscript(value) | ast.BoolOp(values=[value, *_]):
            return _shown(value, constants)
        case ast.IfExp(_, body, orelse):
            both = " or ".join(filter(None, (_shown(body, constants), _shown(orelse, constants))))
            return f"<{re.sub('[<>]', '', both)}>"
        case ast.Call(value):
            return f"<{_last(value).strip('_').replace('_', ' ')}>"
        case ast.Name() | ast.Attribute() if _last(node) in constants:
            return constants[_last(node)]
        case ast.Name() | ast.Attribute():
            return f"<{_last(node).strip('_').replace('_', ' ').lower()}>"
    return "<...>"


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def page(root: Path = ROOT) -> str:
    """The page as it is to be."""
    text = (root / PAGE).read_text(encoding="utf-8")
    places = [(is_path, selector) for is_path, selector, _old in PLACE.findall(text)]
    listed: dict[str, set[str]] = {selector: set() for _is_path, selector in places}
    for each in said(root):
        listed[_place(each, places)].add(each.text)
    text = PLACE.sub(lambda found: f".. said{found[1] or ''}: {found[2]}\n\n{_listing(listed[found[2]])}\n", text)
    return ANSWERS.sub(lambda _old: _answers(), text).rstrip("\n") + "\n"


def _place(each: Said, places: list[tuple[str, str]]) -> str:
    """The selector below which the sentence goes."""
    by_words = [it for is_path, it in places if not is_path and any(part in each.text for part in it.split(" | "))]
    by_path = [
        (len(prefix), selector)
        for is_path, selector in places
        for prefix in selector.split()
        if is_path and not each.is_warning and each.path.startswith(prefix)
    ]
    if not by_words and not by_path:
        hint = "Give it one by its words, with a cause and a fix if it is a warning, or by its file."
        raise SystemExit(f"{PAGE} has no place for what {each.path} says: {each.text}\n{hint}")
    return by_words[0] if by_words else max(by_path)[1]


def _listing(texts: set[str]) -> str:
    whole = [text for text in texts if not any(text in other for other in texts - {text})]
    return "".join(f"- ``{text}``\n" for text in sorted(whole, key=lambda text: (text[-1] not in ".?", text.lower())))


def _answers() -> str:
    table = io.StringIO()
    csv.writer(table, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(told())
    return "".join(f"   {line}\n" for line in table.getvalue().splitlines())


def main() -> int:
    """Write the page."""
    (ROOT / PAGE).write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
