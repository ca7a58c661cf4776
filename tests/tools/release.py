# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`make release`: the version of galaxy.yml, its changelog and its tarball, installed and tried from the tarball alone.

All of it is done in a copy of the tree. Only `--write` brings the changelog back into the tree itself.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

from .ansible_test import environment_for
from .cores import ENVIRONMENTS, ROOT
from .demo import BARE, DemoError, demo, exit_status, step
from .stage import BUILD, stage

CHANGELOG = "CHANGELOG.rst"
RELEASES = "changelogs/changelog.yaml"
FRAGMENTS = "changelogs/fragments"
# What a user gets; everything else is for `build_ignore`. A hub lints with the settings.
CHECKED = {
    ".ansible-lint",
    ".yamllint",
    "CHANGELOG.rst",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "LICENSES",
    "README.md",
    "REUSE.toml",
}
CONTENTS = CHECKED | {"changelogs", "docs"} | BARE


def version() -> str:
    """What galaxy.yml says."""
    found = re.search(r"(?m)^version: (\d+\.\d+\.\d+)$", (ROOT / "galaxy.yml").read_text(encoding="utf-8"))
    if not found:
        raise DemoError("galaxy.yml has no version of the form 1.2.3")
    return found[1]


def tarball() -> Path:
    """Where the release's tarball lies."""
    return BUILD / "release" / f"netapi-auth-{version()}.tar.gz"


def run(*argv: str, cwd: Path) -> None:
    """Show a command of the linters' environment and run it. Raises `DemoError`."""
    variables = {**environment_for(ENVIRONMENTS["lint"], "lint"), "ANSIBLE_COLLECTIONS_PATH": str(BUILD / "release")}
    step(list(argv), variables, cwd)


def fragments(tree: Path) -> list[Path]:
    """The changes that no release has taken up."""
    return sorted((tree / FRAGMENTS).glob("*.y*ml"))


def take_up(tree: Path) -> None:
    """Turn the fragments into the changelog of this version, unless it has been done."""
    released = re.search(rf"(?m)^  {re.escape(version())}:$", (tree / RELEASES).read_text(encoding="utf-8"))
    left = fragments(tree)
    if released and left:
        raise DemoError(f"{version()} is released and {left[0].name} is not in it: raise the version in galaxy.yml")
    if not released and not left:
        raise DemoError(f"{FRAGMENTS} has nothing to say about {version()}: add a fragment")
    if not released:
        run("antsibull-changelog", "release", "--version", version(), cwd=tree)


def check_changelog(tree: Path) -> None:
    """The changelog has this version on top and is what the tool makes of its data."""
    run("antsibull-changelog", "lint-changelog-yaml", "--strict", RELEASES, cwd=tree)
    text = (tree / CHANGELOG).read_text(encoding="utf-8")
    first = re.search(r"(?m)^v(\d+\.\d+\.\d+)\n=+$", text)
    if not first or first[1] != version():
        raise DemoError(f"{CHANGELOG} begins with {first and first[1]}, not with {version()}")
    run("antsibull-changelog", "generate", cwd=tree)
    if (tree / CHANGELOG).read_text(encoding="utf-8") != text:
        raise DemoError(f"{CHANGELOG} is not what antsibull-changelog generate makes of {RELEASES}")
    run("yamllint", "--strict", "changelogs", cwd=tree)
    # Git ignores it; reuse takes it for a part of the tree where there is no git.
    (tree / "changelogs" / ".plugin-cache.yaml").unlink(missing_ok=True)
    run("reuse", "lint", "--quiet", cwd=tree)


def check_contents() -> None:
    """The tarball holds what a user needs, and no more."""
    with tarfile.open(tarball()) as archive:
        found = {Path(name).parts[0] for name in archive.getnames()}
        names = set(archive.getnames())
    if found != CONTENTS:
        raise DemoError(f"{tarball().name} holds {sorted(found - CONTENTS)} and lacks {sorted(CONTENTS - found)}")
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / "README.md").read_text(encoding="utf-8"))
    if dead := sorted(set(links) - names):
        raise DemoError(f"README.md links to {dead[0]}, which {tarball().name} lacks")


def release(*, write: bool, tag: str) -> None:
    """The whole way. Raises `DemoError`."""
    if tag and tag != version():
        raise DemoError(f"the tag is {tag}, and galaxy.yml says {version()}")
    if (write or tag) and subprocess.check_output(["git", "status", "--porcelain"], cwd=ROOT):
        raise DemoError("the tree holds changes: commit or remove them")
    tree = stage("release")
    take_up(tree)
    check_changelog(tree)
    run("ansible-galaxy", "collection", "build", str(tree), "--output-path", str(tarball().parent), cwd=tree)
    check_contents()
    demo(ENVIRONMENTS["demo"], tarball())
    if write:
        for name in (CHANGELOG, RELEASES):
            shutil.copy(tree / name, ROOT / name)
        for path in fragments(ROOT):
            path.unlink()
        print(f"{CHANGELOG} and {RELEASES} are written. Commit them, tag the commit {version()} and push both.")
    print(tarball().relative_to(ROOT))


def main() -> int:
    """Make a release, or find out whether one can be made."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write the changelog into the tree")
    parser.add_argument("--tag", default="", help="that must be the version")
    options = parser.parse_args()
    return exit_status("release", lambda: release(write=options.write, tag=options.tag))


if __name__ == "__main__":
    sys.exit(main())
