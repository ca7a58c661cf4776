# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the pages for users say of options: their tables, their examples and what they set as code."""

from __future__ import annotations

import csv
import re
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS

Cells = dict[str, str]
_HEADING = re.compile(r"^(?:#+ (.+)|(\S.*)\n([=^-])\3{2,})$", re.MULTILINE)
_LIST_TABLE = re.compile(r"^\.\. list-table::\n(?: +:.*\n)*\n((?:   .*\n)+)", re.MULTILINE)
_CSV_TABLE = re.compile(r"^\.\. csv-table::\n   :header: (.+)\n\n((?:   .*\n)+)", re.MULTILINE)
_MARKDOWN_TABLE = re.compile(r"^(\|.+\|)\n\|[-|]+\|\n((?:\|.+\|\n)+)", re.MULTILINE)
_CODE = re.compile(r"(`{1,2})([^`\n]+)\1")
_BLOCK = re.compile(r"^```[\s\S]*?^```$|^( *)\.\. code-block::.*\n(?:\1 +.*\n|\n)*", re.MULTILINE)


def section(text: str, title: str) -> str:
    """What stands below that heading, up to the next one."""
    found = list(_HEADING.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    (body,) = [text[match.end() : end] for match, end in zip(found, ends, strict=True) if title in match.groups()]
    return body


def table(text: str) -> list[Cells]:
    """The rows of the one table in the text, each by the titles of the columns."""
    (header, *rows) = [*_markdown(text), *list_rows(text), *_csv(text)]
    return [dict(zip(header, row, strict=True)) for row in rows]


def _markdown(text: str) -> Iterator[list[str]]:
    for header, rows in _MARKDOWN_TABLE.findall(text):
        for line in (header, *rows.splitlines()):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def list_rows(text: str) -> Iterator[list[str]]:
    """Those of the list tables in the text, headers too."""
    for body in _LIST_TABLE.findall(text):
        for row in re.split(r"^   \* - ", body, flags=re.MULTILINE)[1:]:
            yield [" ".join(cell.split()) for cell in re.split(r"^     - ", row, flags=re.MULTILINE)]


def _csv(text: str) -> Iterator[list[str]]:
    for header, rows in _CSV_TABLE.findall(text):
        yield from csv.reader([header, *(line.strip() for line in rows.splitlines())], skipinitialspace=True)


def code(text: str) -> tuple[str, ...]:
    """What the prose sets as code, in its order."""
    return tuple(found for _marks, found in _CODE.findall(_BLOCK.sub("", text)))


@dataclass(frozen=True)
class Use:
    """A use of a plugin in an example.

    :param plugin: a name of PLUGINS, or uri.
    :param by_task: whether the options of tasks only may be said.
    """

    plugin: str
    arguments: dict[str, t.Any]
    by_task: bool = True


_LOOKUP = re.compile(r"(?:lookup|query|q)\(\s*'netapi\.auth\.(\w+)'((?:[^()]|\([^()]*\))*)\)")


def uses(text: str) -> Iterator[Use]:
    """Every use of a task and of a lookup in YAML, defaults of modules too."""
    yield from _tasks(yaml.safe_load(text))
    providers = {plugin.rpartition(".")[2]: provider for provider, plugin in PLUGINS.items()}
    lookups = _LOOKUP.findall(text)
    assert len(lookups) == len(re.findall(r"\(\s*['\"]netapi\.auth\.", text)), "a lookup is overlooked"
    for name, arguments in lookups:
        said = re.findall(r",\s*([a-z]\w*)\s*=\s*(?:'([^']*)')?", arguments)
        yield Use(providers[name], {option: value or "{{ }}" for option, value in said}, by_task=False)


def _tasks(value: t.Any) -> Iterator[Use]:
    if isinstance(value, list):
        for each in value:
            yield from _tasks(each)
    if not isinstance(value, dict):
        return
    keys = {plugin: provider for provider, plugin in PLUGINS.items()} | {"netapi.auth.uri": "uri"}
    keys |= {f"group/netapi.auth.{provider}": provider for provider in PLUGINS}
    for key, each in value.items():
        if key in keys:
            yield Use(keys[key], each or {})
        elif key == "group/netapi.auth.all":
            yield from (Use(provider, each) for provider in PLUGINS)
        else:
            yield from _tasks(each)
        if key == "netapi.auth.uri" and each["auth"] in PLUGINS:
            yield Use(each["auth"], each.get("auth_options", {}), by_task=False)
