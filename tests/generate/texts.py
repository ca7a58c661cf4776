# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Texts of the generated files: YAML as it is written by hand, Python literals, lists in prose."""

from __future__ import annotations

import json
import re
import textwrap
import typing as t
from collections.abc import Iterable

import yaml

WIDTH = 120
_MARKUP = re.compile(r"\b[CV]\(([^)]+)\)")
# Names for which ansible-test wants to know whether the value is a secret.
_LOOKS_SECRET = re.compile("pass(?!ive)|secret|token|cryptkey")


def dump(value: t.Any, indent: int = 0) -> str:
    """Block style, with short lists in brackets and texts wrapped."""
    text = "".join(f"{line}\n" for line in _block(value, " " * indent))
    assert yaml.safe_load(text) == value, f"YAML that says something else: {text}"
    return text


def _block(value: t.Any, pad: str) -> list[str]:
    entries = value.items() if isinstance(value, dict) else [("-", each) for each in value]
    lines = []
    for key, each in entries:
        start = key if key == "-" else f"{key}:"
        flow = _flow(each)
        if flow is not None:
            lines += _wrapped(f"{pad}{start} {flow}", f"{pad}  ")
        elif start == "-":
            first, *rest = _block(each, f"{pad}  ")
            lines += [f"{pad}- {first.strip()}", *rest]
        else:
            lines += [f"{pad}{start}", *_block(each, f"{pad}  ")]
    return lines


def _flow(value: t.Any) -> str | None:
    """The value on one line; None for what stands better in a block."""
    if isinstance(value, dict):
        return None
    if not isinstance(value, list):
        return _scalar(value, "k: {}")
    items = [_item(each) for each in value]
    return None if None in items else f"[{', '.join(map(str, items))}]"


def _item(value: t.Any) -> str | None:
    """The value in brackets: a name, or a mapping of names."""
    if isinstance(value, dict):
        pairs = {key: _item(each) for key, each in value.items()}
        return None if None in pairs.values() else f"{{{', '.join(f'{key}: {each}' for key, each in pairs.items())}}}"
    return None if " " in str(value) else _scalar(value, "[{}]")


def _scalar(value: t.Any, place: str) -> str:
    """Plain where that says the same, else in quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        plain = yaml.safe_load(place.format(value)) in ({"k": value}, [value])
    except yaml.YAMLError:
        plain = False
    return value if plain else json.dumps(value, ensure_ascii=False)


def _wrapped(line: str, pad: str) -> list[str]:
    return textwrap.wrap(line, WIDTH, subsequent_indent=pad, break_long_words=False, break_on_hyphens=False)


def literal(value: t.Any) -> str:
    """A value in Python, on one line, as the formatter writes it."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def argument(name: str, spec: dict[str, t.Any]) -> str:
    """An entry of an argument spec, as the formatter writes it."""
    line = f"    {literal(name)}: {literal(spec)},"
    if len(line) <= WIDTH:
        return line
    inside = [_broken(f"        {literal(key)}: ", each) for key, each in spec.items()]
    return "\n".join([f"    {literal(name)}: {{", *inside, "    },"])


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
    """Ansible's markup for code as reStructuredText."""
    return _MARKUP.sub(r"``\1``", text)


def csv(cells: Iterable[str]) -> str:
    """A row of a csv-table."""
    return ", ".join(f'"{cell}"' if "," in cell else cell for cell in cells).rstrip(" ")


def cell(text: str) -> str:
    """The text in a list-table."""
    return "\n".join(_wrapped(f"     - {text}", " " * 7)).removeprefix("     - ")
