# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every YAML example that a user reads, as files that a linter can read."""

from __future__ import annotations

import ast
import re
import shutil
import textwrap
from collections.abc import Iterator
from pathlib import Path

from .cores import ROOT

# A play says `hosts` or imports a playbook; other lists are tasks, and the rest are variables.
PLAY = re.compile(r"(?m)^(- |  )(hosts|(ansible\.builtin\.)?import_playbook):")
IN_MARKDOWN = re.compile(r"(?ms)^```ya?ml(?:\+jinja)?\n(.*?)^```")
IN_RST = re.compile(r"(?m)^( *)\.\. code-block:: ya?ml(?:\+jinja)?\n((?:\1 +:\w.*\n)*)((?:\1 +.*\n|[ \t]*\n)+)")
NAMED = re.compile(r"# (\S+\.ya?ml)\n")
"""The first line of an example that is a file of its own."""


def of_plugin(text: str) -> str:
    """The EXAMPLES of a plugin; empty where it has none."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "EXAMPLES":
            return str(ast.literal_eval(node.value))
    return ""


def found(root: Path) -> Iterator[tuple[str, str]]:
    """Where each example stands, and the example."""
    for path in sorted(root.glob("plugins/*/[a-z]*.py")):
        if text := of_plugin(path.read_text(encoding="utf-8")):
            yield str(path.relative_to(root)), text
    pages = [root / "README.md", *root.glob("docs/**/*.md"), *root.glob("roles/*/README.md")]
    for path in sorted((*pages, *root.glob("docs/**/*.rst"))):
        text = path.read_text(encoding="utf-8")
        blocks = [match[3] for match in IN_RST.finditer(text)] if path.suffix == ".rst" else IN_MARKDOWN.findall(text)
        for number, block in enumerate(blocks, 1):
            yield f"{path.relative_to(root)} {number}", textwrap.dedent(block)


def kind(text: str) -> str:
    """The folder by which ansible-lint knows what a file is."""
    if PLAY.search(text):
        return "playbooks"
    return "tasks" if re.search(r"(?m)^- ", text) else "vars"


def write(root: Path, folder: Path) -> list[Path]:
    """Write each to a file of its own."""
    written = []
    for place, text in found(root):
        name = re.sub(r"\W+", "_", place).lower()
        named = NAMED.match(text.lstrip("\n"))
        path = folder / name / named[1] if named else folder / kind(text) / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("---\n" + text.strip("\n") + "\n", encoding="utf-8")
        written.append(path)
    return written


def stand_in(folder: Path) -> Path:
    """NetBird's own collection, as far as an example uses it; the path of collections that it is in."""
    home = folder / "collections" / "ansible_collections" / "community" / "ansible_netbird"
    modules = home / "plugins" / "modules"
    for path in (home / "meta", modules):
        path.mkdir(parents=True)
    (home / "meta" / "runtime.yml").write_text("action_groups: {netbird: [netbird_group]}\n", encoding="utf-8")
    shutil.copy(ROOT / "tests/integration/targets/places/stand_ins/netbird_group.py", modules)
    return folder / "collections"
