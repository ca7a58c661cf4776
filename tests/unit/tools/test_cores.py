# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What makes an environment anew, and what make says before it makes any."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.tools import cores


@pytest.mark.parametrize("before", ["", "folder", "link to nothing"])
def test_an_environment_leads_to_what_was_made(before: str, tmp_path: Path) -> None:
    made, link = tmp_path / "made", tmp_path / "link"
    made.mkdir()
    if before == "folder":
        (link / "bin").mkdir(parents=True)
    elif before:
        link.symlink_to(tmp_path / "a clone that was moved")
    cores.lead_to(link, made)
    assert link.readlink() == made


def test_an_environment_that_is_shared_stays(tmp_path: Path) -> None:
    made, shared, link = tmp_path / "made", tmp_path / "shared", tmp_path / "link"
    made.mkdir()
    shared.mkdir()
    link.symlink_to(shared)
    cores.lead_to(link, made)
    assert link.readlink() == shared


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What make needs to say what it would do."""
    for name in ("Makefile", "tests/tools/cores.py", "tests/tools/nox.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(cores.ROOT / name, tmp_path / name)
    return tmp_path


def _make(tree: Path, *argv: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *argv], cwd=tree, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "wrong", ["CORE=typo", "CORE=2.2", f"CORE={cores.NEWEST} typo", "JOBS=0", "JOBS=-1", "JOBS=two"]
)
def test_a_value_that_make_cannot_use_is_one_sentence(wrong: str, tree: Path) -> None:
    done = _make(tree, "help", wrong)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert f"{wrong} is no" in done.stderr


@pytest.mark.parametrize("right", [f"CORE={cores.NEWEST}", f"CORE={cores.OLDEST} {cores.NEWEST}", "JOBS=10", "JOBS="])
def test_a_value_that_make_can_use_is_used(right: str, tree: Path) -> None:
    assert _make(tree, "help", right).returncode == 0


@pytest.mark.parametrize("there", [True, False])
def test_the_tools_are_made_anew_when_their_python_has_gone(there: bool, tree: Path) -> None:
    python = tree / ".venvs" / "tools" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/bin/sh" if there else tree / "nowhere")
    (tree / ".venvs" / "tools" / "made").touch()
    done = _make(tree, "--dry-run", ".venvs/tools/made")
    assert done.returncode == 0, done.stderr
    assert ("-m venv .venvs/tools" in done.stdout) != there
