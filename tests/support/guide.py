# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The examples of a page in reStructuredText, as users copy them."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from ..sandbox import Sandbox

_GUIDES = Path(__file__).resolve().parents[2] / "docs" / "docsite" / "rst"
HANDING_ON = _GUIDES / "guide_handing_on.rst"
AWX = _GUIDES / "guide_awx.rst"
# Its indentation, and the lines that are indented deeper.
_BLOCK = r"^( *)\.\. code-block:: {}\n(?: +:.*\n)*\n((?:\1 {{3,}}\S.*\n|\n)+)"
_SERVICES = re.compile(r"https://(?:gateway\.production\.netfoundry\.io|api\.netbird\.io|api\.netography\.com)")
_NAME = re.compile(r"# (\S+\.yml)\n")


def blocks(page: Path, language: str = r"yaml(?:\+jinja)?") -> list[str]:
    """Every block of that language, without its indentation."""
    found = re.findall(_BLOCK.format(language), page.read_text(encoding="utf-8"), re.MULTILINE)
    return [textwrap.dedent(block) for _indentation, block in found]


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
