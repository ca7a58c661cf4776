# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Stand-ins for what users have beside this collection."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def beside(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a run that has NetBird's own collection beside this one."""
    top = tmp_path_factory.mktemp("collections")
    home = top / "ansible_collections" / "community" / "ansible_netbird"
    for name in ("meta", "plugins/modules"):
        (home / name).mkdir(parents=True)
    (home / "meta" / "runtime.yml").write_text("action_groups: {netbird: [netbird_group]}\n", encoding="utf-8")
    shutil.copy("stand_ins/netbird_group.py", home / "plugins" / "modules")
    return {"ANSIBLE_COLLECTIONS_PATH": f"{top}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}"}


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A program that calls the services with the tokens of its environment."""
    path = tmp_path_factory.mktemp("program") / "program.py"
    source = Path("stand_ins/program.py").read_text(encoding="utf-8")
    path.write_text(f"#!{sys.executable}\n{source}", encoding="utf-8")
    path.chmod(0o700)
    return path
