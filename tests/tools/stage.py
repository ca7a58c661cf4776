# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Copy the collection to `<folder>/ansible_collections/netapi/auth`, where ansible-test wants it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from .cores import ROOT

BUILD = ROOT / ".build"
# A file system in memory, where the system has one, and the bytes that have to be free there.
_MEMORY = "/dev/shm"
_ROOM = 2**30


def files() -> list[Path]:
    """Tracked and untracked files that are not ignored, without those deleted in the work tree.

    A copy without `.git`, or a machine without git, has no index: there it is what no line of .gitignore names.
    """
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if (ROOT / ".git").exists() and shutil.which("git"):
        said = subprocess.run(listing, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
        paths = [Path(name.decode()) for name in sorted(set(said.split(b"\0"))) if name]
    else:
        lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        patterns = [".git", *(line.rstrip("/") for line in lines if line and not line.startswith("#"))]
        paths = sorted(_below(ROOT, patterns))
    return [path for path in paths if (ROOT / path).is_symlink() or (ROOT / path).is_file()]


def changed() -> list[str]:
    """The files that differ from the last commit, those that are gone and those it has not among them."""
    listings = (
        ["diff", "--no-renames", "--name-only", "-z", "HEAD"],
        ["ls-files", "-z", "--others", "--exclude-standard"],
    )
    said = [subprocess.run(["git", *each], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout for each in listings]
    return [name.decode() for name in b"".join(said).split(b"\0") if name]


def _below(folder: Path, patterns: list[str]) -> Iterator[Path]:
    """The files from the root, less what a pattern names: with a slash before it from the root, else anywhere."""
    for path in folder.iterdir():
        name = path.relative_to(ROOT)
        if any(fnmatch(f"/{name}" if "/" in pattern else path.name, pattern) for pattern in patterns):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _below(path, patterns)
        else:
            yield name


def stage(name: str) -> Path:
    """Wipe the tree of that name and fill it. Each core has its own, so that two can run side by side."""
    folder = BUILD / name / "ansible_collections" / "netapi" / "auth"
    shutil.rmtree(BUILD / name, ignore_errors=True)
    for path in files():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / path, folder / path, follow_symlinks=False)
    # ansible-lint and ansible-test ask git which files there are. Without a repository of its own the tree
    # would be an ignored directory of this one: no files, and a check of nothing passes.
    for arguments in (["init", "--quiet"], ["add", "--all"]) if shutil.which("git") else ():
        subprocess.run(["git", *arguments], cwd=folder, check=True)
    return folder


@contextlib.contextmanager
def in_memory() -> Iterator[dict[str, str]]:
    """A context with the variable that puts temporary files into memory; without it where there is no room for them.

    A unit test makes about ten directories, which a disk keeps in order at the cost of a tenth of the time.
    """
    with contextlib.ExitStack() as stack:
        variables = {}
        with contextlib.suppress(OSError):
            found = os.statvfs(_MEMORY)
            if found.f_bavail * found.f_frsize >= _ROOM and not found.f_flag & os.ST_NOEXEC:
                made = tempfile.TemporaryDirectory(prefix="netapi-auth-", dir=_MEMORY, ignore_cleanup_errors=True)
                variables["TMPDIR"] = stack.enter_context(made)
        yield variables


def fill_in(page: Path, name: str, text: str) -> None:
    """Put the text between the two comments of that name."""
    begin, end = (f"<!-- {name}: {word} -->" for word in ("begin", "end"))
    head, _begin, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text(f"{head}{begin}\n\n{text}\n\n{end}{rest.partition(end)[2]}", encoding="utf-8")
