# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Hydra and Dex, built from their modules: python tests/integration/servers/build.py DIRECTORY."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Seconds: five minutes for both on two idle processors.
_BUILD = 3000
# Hydra keeps its data in SQLite, which is C.
_GO = ("go", "build", "-mod=mod", "-buildvcs=false", "-tags=sqlite", "-o", "bin/", "tool")


def version(name: str) -> str:
    """That of the server, from the last word of the line that says which module it is."""
    found = re.findall(rf"(?m)^.*/{name}(?:/v\d+)? v(\S+)$", (HERE / name / "go.mod").read_text(encoding="utf-8"))
    return str(found[-1])


def build(name: str, folder: Path) -> Path:
    """The program. Raises CalledProcessError."""
    shutil.rmtree(folder / name, ignore_errors=True)
    # The copy gets what go adds: the rest follows from what is there, and is checked by the checksum database.
    shutil.copytree(HERE / name, folder / name)
    subprocess.run(_GO, check=True, timeout=_BUILD, cwd=folder / name, stdin=subprocess.DEVNULL)
    return folder / name / "bin" / name


if __name__ == "__main__":
    os.nice(10)
    for each in ("hydra", "dex"):
        print(build(each, Path(sys.argv[1])))
