# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make terminal`: run the demo and write its terminal, from the playbook on, as docs/pictures/demo.svg."""

from __future__ import annotations

import io
import os
import re
import string
import subprocess
import sys

from .cores import ROOT
from .demo import PLAYBOOK

PICTURE = ROOT / "docs" / "pictures" / "demo.svg"
COMMAND = f"$ ansible-playbook {PLAYBOOK}"
COLUMNS = 120
ROWS = 36
# What rich takes for a character and a line; it says neither.
CHARACTER = 12.2
LINE = 24.4
# rich fills in what is in braces, and its own template would fetch a font.
TEMPLATE = string.Template("""\
<?xml version="1.0" encoding="UTF-8"?>
<!--
Copyright (c) 2026, the netapi.auth authors
GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
SPDX-License-Identifier: GPL-3.0-or-later
-->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 $width $height" role="img" aria-labelledby="title desc">
<title id="title">The terminal of the demo</title>
<desc id="desc">$command, and what it prints. It scrolls once to its end, where it says of each
service by which method the token was obtained, when it ends and what the API answered.</desc>
<style>
{styles}
.{unique_id}-matrix {{ font: {char_height}px monospace }}
.roll {{ transform: translateY(-${hidden}px) }}
@media (prefers-reduced-motion: no-preference) {{
.roll {{ animation: roll 12s 3s steps($steps) backwards }}
}}
@keyframes roll {{ from {{ transform: none }} }}
</style>
<defs>
<clipPath id="window"><rect width="$width" height="$inside"/></clipPath>
{lines}
</defs>
<rect width="$width" height="$height" rx="8" fill="#292929"/>
<g transform="translate(20 20)" clip-path="url(#window)">
<g class="roll">
{backgrounds}
<g class="{unique_id}-matrix" xml:space="preserve">
{matrix}
</g>
</g>
</g>
</svg>
""")


def record() -> str:
    """What the demo prints from its playbook on, in colours. Before that are paths of this machine.

    Ansible names the files that a role includes: as if the collection lay where a user has it.
    """
    variables = {**os.environ, "ANSIBLE_FORCE_COLOR": "true"}
    done = subprocess.run(["make", "demo"], cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True, check=True)
    said = done.stdout[done.stdout.index(COMMAND) :].rstrip()
    return re.sub(r"/\S+/netapi-auth-demo-[^/\s]+/collections", "~/.ansible/collections", said)


def draw(output: str) -> str:
    """The screen as SVG: all lines, of which as many are seen at once as a terminal has."""
    from rich.console import Console
    from rich.text import Text

    lines = Text.from_ansi(output).split(allow_blank=True)
    rows = [row for line in lines for row in line.divide(range(COLUMNS, len(line), COLUMNS))]
    console = Console(record=True, width=COLUMNS, file=io.StringIO())
    for row in rows:
        console.print(row, no_wrap=True)
    hidden = max(0, len(rows) - ROWS)
    inside = ROWS * LINE
    template = TEMPLATE.substitute(
        command=COMMAND.removeprefix("$ "),
        width=round(COLUMNS * CHARACTER + 40),
        height=round(inside + 40),
        inside=round(inside),
        hidden=round(hidden * LINE, 1),
        steps=hidden or 1,
    )
    return console.export_svg(title="", code_format=template, unique_id="demo")


def main() -> int:
    """Run and draw."""
    PICTURE.write_text(draw(record()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
