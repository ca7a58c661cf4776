# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of the generated files: YAML as it is written by hand, Python literals, lists in prose."""

from __future__ import annotations

import json
import re
import sys
import textwrap
import typing as t
from collections.abc import Iterable

import yaml

WIDTH = 120
_MARKUP = re.compile(r"\b[CEOV]\(([^)=]+)(?:=([^)]+))?\)")
# Names for which ansible-test wants to know whether the value is a secret.
_LOOKS_SECRET = re.compile("pass(?!ive)|secret|token|cryptkey")


class _Dumper(yaml.SafeDumper):
    """Lists are indented, short ones stand in brackets, and quotes are double."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def choose_scalar_style(self) -> str:
        return super().choose_scalar_style().replace("'", '"')

    def list_of(self, value: list[t.Any]) -> yaml.Node:
        text = json.dumps(value, separators=(",", ":"))
        # One that would go on in a second line is no short one.
        is_short = " " not in text and len(text) < WIDTH * 3 / 4
        return self.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_short)


_Dumper.add_representer(list, _Dumper.list_of)


def dump(value: t.Any) -> str:
    """YAML in block style, with texts wrapped."""
    lines = yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=sys.maxsize).splitlines()
    return "".join(f"{part}\n" for line in lines for part in _wrapped(line, " " * (_indent(line) + 2)))


def _indent(line: str) -> int:
    """That of its key, which stands behind the dash of a list."""
    return len(line) - len(re.sub(r"^ *(- (?=\w+: ))?", "", line))


def _wrapped(line: str, pad: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False)


def literal(value: t.Any) -> str:
    """A value in Python, on one line, as the formatter writes it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def argument(name: str, spec: dict[str, t.Any], indent: int = 4) -> str:
    """An entry of an argument spec, as the formatter writes it."""
    pad = " " * indent
    line = f"{pad}{literal(name)}: {literal(spec)},"
    if len(line) <= WIDTH:
        return line
    inside = [_broken(f"{pad}    {literal(key)}: ", each) for key, each in spec.items()]
    return "\n".join([f"{pad}{literal(name)}: {{", *inside, f"{pad}}},"])


def _broken(start: str, value: t.Any) -> str:
    line = f"{start}{literal(value)},"
    if len(line) <= WIDTH or not isinstance(value, list):
        return line
    return "\n".join([f"{start}[", *(f"            {literal(each)}," for each in value), "        ],"])


def no_log(name: str, *, secret: bool) -> dict[str, bool]:
    """The mark of a secret, and of what only looks like one."""
    return {"no_log": secret} if secret or _LOOKS_SECRET.search(name) else {}


def names(found: list[str], *, quoted: bool) -> str:
    """A list on one line, in Python or in YAML."""
    return literal(found) if quoted else f"[{', '.join(found)}]"


def listed(items: Iterable[str], word: str) -> str:
    """A list in prose."""
    *others, last = items
    return f"{', '.join(others)} {word} {last}" if others else last


def a(label: str) -> str:
    """The label with its article."""
    return f"{'an' if label.startswith(tuple('AEIO')) else 'a'} {label}"


def code(name: str) -> str:
    """A name as reStructuredText sets it."""
    return f"``{name}``"


def rst(text: str) -> str:
    """Ansible's markup for code as reStructuredText; an option with its value as YAML has them."""
    return _MARKUP.sub(lambda match: code(": ".join(filter(None, match.groups()))), text)


def csv(cells: Iterable[str]) -> str:
    """A row of a csv-table."""
    return ", ".join(f'"{cell}"' if "," in cell else cell for cell in cells).rstrip(" ")


def cell(text: str) -> str:
    """The text in a list-table."""
    return "\n".join(_wrapped(f"     - {text}", " " * 7)).removeprefix("     - ")
