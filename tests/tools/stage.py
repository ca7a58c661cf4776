# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy the collection to `<folder>/ansible_collections/netapi/auth`, where ansible-test wants it."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from .cores import ROOT

BUILD = ROOT / ".build"


def files() -> list[Path]:
    """Tracked and untracked files that are not ignored, without those deleted in the work tree."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    names = {name.decode() for name in listing.stdout.split(b"\0") if name}
    paths = (Path(name) for name in sorted(names))
    return [path for path in paths if (ROOT / path).is_symlink() or (ROOT / path).is_file()]


def stage(name: str) -> Path:
    """Wipe the tree of that name and fill it. Each core has its own, so that two can run side by side."""
    folder = BUILD / name / "ansible_collections" / "netapi" / "auth"
    shutil.rmtree(BUILD / name, ignore_errors=True)
    for path in files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)
    # ansible-lint and ansible-test ask git which files there are. Without a repository of its own the tree
    # would be an ignored directory of this one: no files, and a check of nothing passes.
    for arguments in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


def fill_in(page: Path, name: str, text: str) -> None:
    """Put the text between the two comments of that name."""
    begin, end = (f"<!-- {name}: {word} -->" for word in ("begin", "end"))
    head, _begin, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text(f"{head}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
