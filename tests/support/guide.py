# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of a page in reStructuredText, as users copy them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from ..sandbox import Sandbox

HANDING_ON = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst" / "guide_handing_on.rst"
# Its indentation, and the lines that are indented deeper.
_BLOCK = re.compile(r"^( *)\.\. code-block:: yaml(?:\+jinja)?\n(?: +:.*\n)*\n((?:\1 {3,}\S.*\n|\n)+)", re.MULTILINE)
_SERVICES = re.compile(r"https://(?:gateway\.production\.netfoundry\.io|api\.netbird\.io|api\.netography\.com)")
_NAME = re.compile(r"# (\S+\.yml)\n")


def blocks(page: Path) -> list[str]:
    """Every block of YAML, without its indentation."""
    return [textwrap.dedent(block) for _indentation, block in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def files(page: Path) -> dict[str, str]:
    """The blocks that are files: the first line of each is a comment with its name."""
    found = [(_NAME.match(block), block) for block in blocks(page)]
    return {name[1]: block for name, block in found if name}


def write(directory: Path, sandbox: Sandbox, *names: str) -> None:
    """Write these files of the page on handing tokens on, with the sandbox in place of the services."""
    examples = files(HANDING_ON)
    for name in names:
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_SERVICES.sub(sandbox.url, examples[name]), encoding="utf-8")
