# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example that a user reads, and those in YAML as files that a linter can read."""

from __future__ import annotations

import ast
import re
import shutil
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .cores import ROOT

# A play says `hosts` or imports a playbook; other lists are tasks, and the rest are variables.
PLAY = re.compile(r"(?m)^(- |  )(hosts|(ansible\.builtin\.)?import_playbook):")
IN_MARKDOWN = re.compile(r"(?ms)^```(\S+)\n(.*?)^```")
IN_RST = re.compile(r"(?m)^( *)\.\. code-block:: (\S+)\n(?:\1 +:\w.*\n)*((?:\1 +.*\n|[ \t]*\n)+)")
IN_SPECS = re.compile(r"(?m)^    examples: \|\n((?:      .*\n|\n)+)")
PAGES = (
    "plugins/*/[a-z]*.py",
    "roles/*/meta/argument_specs.yml",
    "*.md",
    "docs/**/*.md",
    "docs/**/*.rst",
    "roles/*/README.md",
)
NAMED = re.compile(r"# (\S+\.ya?ml)\n")
"""The first line of an example that is a file of its own."""


@dataclass(frozen=True)
class Example:
    """A block of a page, or what a plugin or a role has for `ansible-doc`.

    :param page: relative to the collection.
    :param number: among the blocks of the page, from 1.
    """

    page: str
    number: int
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page} {self.number}"

    @property
    def name(self) -> str:
        """One that files and hosts can have."""
        return re.sub(r"\W+", "_", self.place).lower()

    @property
    def file(self) -> str:
        """The name of the file that it is; empty where it is none."""
        named = NAMED.match(self.text)
        return named[1] if named else ""

    @property
    def kind(self) -> str:
        """The folder by which ansible-lint knows what a file is."""
        if PLAY.search(self.text):
            return "playbooks"
        return "tasks" if re.search(r"(?m)^- ", self.text) else "vars"


def of_plugin(text: str) -> str:
    """The EXAMPLES of a plugin; empty where it has none."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    return ""


def blocks(path: Path) -> list[tuple[str, str]]:
    """The examples of a file, each with its language."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [("yaml", block)] if (block := of_plugin(text)) else []
    if path.suffix == ".yml":
        return [("yaml", block) for block in IN_SPECS.findall(text)]
    if path.suffix == ".md":
        return IN_MARKDOWN.findall(text)
    return [(language, block) for _indentation, language, block in IN_RST.findall(text)]


def found(root: Path) -> Iterator[Example]:
    """All of them, page by page."""
    for path in sorted({path for pattern in PAGES for path in root.glob(pattern)}):
        for number, (language, text) in enumerate(blocks(path), 1):
            page = path.relative_to(root).as_posix()
            yield Example(page, number, language, textwrap.dedent(text).strip("\n") + "\n")


def in_yaml(root: Path) -> list[Example]:
    return [each for each in found(root) if each.language in ("yaml", "yaml+jinja")]


def write(root: Path, folder: Path) -> list[Path]:
    """Write each of those in YAML to a file of its own."""
    written = []
    for each in in_yaml(root):
        path = folder / each.name / each.file if each.file else folder / each.kind / f"{each.name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{each.text}", encoding="utf-8")
        written.append(path)
    return written


def stand_in(folder: Path) -> Path:
    """NetBird's own collection and that of AWX, as far as examples use them; the path of collections with both."""
    targets = ROOT / "tests" / "integration" / "targets"
    for name, runtime, module in (
        (
            "community/ansible_netbird",
            "action_groups: {netbird: [netbird_group]}\n",
            "places/stand_ins/netbird_group.py",
        ),
        ("awx/awx", "{}\n", "awx_credential_types/stand_ins/credential_type.py"),
    ):
        home = folder / "collections" / "ansible_collections" / name
        modules = home / "plugins" / "modules"
        for path in (home / "meta", modules):
            path.mkdir(parents=True)
        (home / "meta" / "runtime.yml").write_text(runtime, encoding="utf-8")
        shutil.copy(targets / module, modules)
    return folder / "collections"
