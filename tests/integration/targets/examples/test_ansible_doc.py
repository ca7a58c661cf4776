# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""ansible-doc shows an example for whatever it knows of the collection; test_playbooks.py runs them."""

from __future__ import annotations

import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.examples import found

# Where the documentation of each kind is, in the collection.
PATHS = {
    "lookup": "plugins/lookup/*.py",
    "module": "plugins/modules/*.py",
    "role": "roles/*/meta/argument_specs.yml",
}


def examples(shown: dict[str, t.Any]) -> str:
    """Those of a plugin, or of the entry point of a role."""
    if "entry_points" in shown:
        shown = shown["entry_points"]["main"]
    return str(shown.get("examples", "")).strip()


@pytest.mark.parametrize("kind", PATHS)
def test_each_has_the_examples_that_are_run(kind: str, ansible: Ansible) -> None:
    pages = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(PATHS[kind])}
    names = {page: "netapi.auth." + (Path(page).parts[1] if kind == "role" else Path(page).stem) for page in pages}
    run = {names[each.page]: each.text.strip() for each in found(ROOT) if each.page in pages}
    # Ansible warns of versions of its own collections.
    done = ansible.shell(f"ansible-doc --type {kind} --json {' '.join(names.values())} 2>/dev/null")
    assert {name: examples(shown) for name, shown in json.loads(done.output).items()} == run
    assert sorted(run) == sorted(names.values())
