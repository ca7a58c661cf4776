# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ansible-builder finds in the collection, and whether it takes the example definition."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.support.runner import PROJECT, ROOT

COMPILES = "RUN $PYCMD -m compileall -q /usr/share/ansible/collections/ansible_collections/netapi/auth/plugins"
LIBRARIES = ["requests >= 2.28.1", "PyJWT >= 2.6.0", "jmespath >= 1.0.1"]


def builder(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ansible_builder", *arguments],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def found(tmp_path: Path) -> dict[str, list[str]]:
    # A tree with this collection alone, whatever else lies beside the one under test, and of it only what runs.
    place = tmp_path / "ansible_collections" / "netapi" / "auth"
    place.mkdir(parents=True)
    for name in ("meta", "playbooks", "plugins", "roles"):
        (place / name).symlink_to(ROOT / name)
    # By this ansible-builder knows a collection; ansible-galaxy writes it.
    (place / "MANIFEST.json").write_text("{}", encoding="utf-8")
    dependencies: dict[str, list[str]] = yaml.safe_load(
        builder("introspect", "--sanitize", str(tmp_path), cwd=tmp_path)
    )
    return dependencies


def test_an_execution_environment_gets_exactly_the_libraries(found: dict[str, list[str]]) -> None:
    assert [line.partition("#")[0].strip() for line in found["python"]] == LIBRARIES
    assert not found.get("system")


def test_the_example_definition_is_one_and_names_the_collection(tmp_path: Path) -> None:
    definition = PROJECT.parent / "execution-environment.yml"
    context = tmp_path / "context"
    arguments = ("--file", str(definition), "--context", str(context), "--output-filename", "Containerfile")
    builder("create", *arguments, cwd=tmp_path)
    galaxy = yaml.safe_load((context / "_build" / "requirements.yml").read_text(encoding="utf-8"))
    assert galaxy == {"collections": [{"name": "netapi.auth"}]}
    assert (context / "_build" / "requirements.txt").read_text(encoding="utf-8").split() == ["redis"]
    lines = (context / "Containerfile").read_text(encoding="utf-8").splitlines()
    # Where ansible-builder puts collections, and as root, once they are there.
    assert "COPY --from=galaxy /usr/share/ansible /usr/share/ansible" in lines[: lines.index(COMPILES)]
    assert "USER 1000" in lines[lines.index(COMPILES) :]
