# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Byte code of plugin_utils is kept and used as Python does it: what is loaded is always what the source says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

PACKAGE = "ansible_collections.netapi.auth.plugins.plugin_utils"
# The one file that Ansible's loader compiles: it is what brings in Python's.
FIRST = "plugin_utils/__init__.py"
LOAD = """
import importlib
import json
import sys
from ansible.plugins import loader

compiled = []

def note(event, arguments):
    if event == "compile" and "/netapi/auth/plugins/" in str(arguments[1]):
        compiled.append(arguments[1])

sys.addaudithook(note)
loader.init_plugin_loader()
for _time in range(int(sys.argv[2])):
    for name in [name for name in sys.modules if name.startswith("ansible_collections.netapi")]:
        del sys.modules[name]
    loader.lookup_loader._module_cache.clear()
    assert loader.lookup_loader.get(sys.argv[1], class_only=True) is not None
wanted = [importlib.import_module(name) for name in sys.argv[3:]]
ours = {name: module for name, module in sys.modules.items() if name.startswith("PACKAGE.")}
print(json.dumps({
    "compiled": compiled,
    "files": [module.__file__ for module in ours.values() if module.__file__],
    "loaders": sorted({type(module.__loader__).__name__ for module in ours.values()}),
    "marks": [getattr(module, "MARK", None) for module in wanted],
    "finders": len([finder for finder in sys.meta_path if getattr(finder, "__module__", "") == "PACKAGE"]),
}))
""".replace("PACKAGE", PACKAGE)


class Tree:
    """A copy of what runs of the collection."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.plugins = root / "ansible_collections" / "netapi" / "auth" / "plugins"
        self.utils = self.plugins / "plugin_utils"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / "plugins", self.plugins, ignore=ignored)
        shutil.copytree(ROOT / "meta", self.plugins.parent / "meta")

    @property
    def folders(self) -> list[Path]:
        """Those of plugin_utils that hold source, and so would hold byte code."""
        return sorted({file.parent for file in self.utils.rglob("*.py")})

    def load(
        self, *modules: str, plugin: str = PLUGINS["netfoundry"], times: int = 1, **variables: str
    ) -> dict[str, t.Any]:
        """What a fresh process says that loads a lookup, and then these modules of plugin_utils."""
        values = {name: value for name, value in environment().items() if name != "PYTHONDONTWRITEBYTECODE"}
        done = subprocess.run(
            [sys.executable, "-c", LOAD, plugin, str(times), *(f"{PACKAGE}.{name}" for name in modules)],
            env={**values, "ANSIBLE_COLLECTIONS_PATH": str(self.root), **variables},
            check=True,
            capture_output=True,
            text=True,
        )
        found: dict[str, t.Any] = json.loads(done.stdout)
        found["compiled"] = [name.rpartition("/plugins/")[2] for name in found["compiled"]]
        return found


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path / "first")


def write_later(file: Path, text: str) -> None:
    """Write the file as somebody does a minute after it was written last."""
    at = file.stat().st_mtime + 60
    file.write_text(text, encoding="utf-8")
    os.utime(file, (at, at))


@pytest.mark.parametrize("plugin", PLUGINS.values())
def test_a_second_process_compiles_only_what_brings_in_the_loader(tree: Tree, plugin: str) -> None:
    first, second = (tree.load(plugin=plugin) for _time in range(2))

    assert len(first["compiled"]) > len(first["files"]) > 5
    assert second["compiled"] == [FIRST]
    # A package without a file of its own has the other.
    assert second["loaders"] == ["NamespaceLoader", "SourceFileLoader"]


def test_byte_code_that_is_there_already_is_used(tree: Tree) -> None:
    # As the guide to AWX has it done in an image.
    subprocess.run([sys.executable, "-m", "compileall", "-q", str(tree.plugins)], check=True)

    assert tree.load()["compiled"] == [FIRST]


def test_byte_code_of_another_source_is_not_used(tree: Tree) -> None:
    file = tree.utils / "_http" / "urls.py"
    source = file.read_text(encoding="utf-8")
    # Of one length, so that the time alone tells.
    for mark in (1, 2):
        write_later(file, f"{source}\nMARK = {mark}\n")

        assert tree.load("_http.urls")["marks"] == [mark]
        assert tree.load("_http.urls")["compiled"] == [FIRST]


def test_byte_code_that_was_cut_off_is_made_anew(tree: Tree) -> None:
    tree.load()
    for file in tree.utils.rglob("__pycache__/*.pyc"):
        file.write_bytes(file.read_bytes()[:10])

    assert len(tree.load()["compiled"]) > 5
    assert tree.load()["compiled"] == [FIRST]


def test_a_directory_that_may_not_be_written_costs_no_token(tree: Tree) -> None:
    # Not even root can make a directory where a file is.
    for folder in tree.folders:
        (folder / "__pycache__").write_text("", encoding="utf-8")

    assert [len(tree.load()["compiled"]) > 5 for _time in range(2)] == [True, True]


def test_a_user_who_wants_no_byte_code_written_gets_none(tree: Tree) -> None:
    tree.load(PYTHONDONTWRITEBYTECODE="1")

    assert not list(tree.utils.rglob("__pycache__"))


def test_byte_code_that_python_keeps_elsewhere_is_kept_there(tree: Tree, tmp_path: Path) -> None:
    for _time in range(2):
        found = tree.load(PYTHONPYCACHEPREFIX=str(tmp_path / "elsewhere"))

    assert found["compiled"] == [FIRST]
    assert not list(tree.utils.rglob("__pycache__"))


def test_the_first_of_two_copies_is_used_and_no_file_of_the_other(tree: Tree, tmp_path: Path) -> None:
    other = Tree(tmp_path / "second")
    for _time in range(2):
        found = tree.load(ANSIBLE_COLLECTIONS_PATH=os.pathsep.join(map(str, (other.root, tree.root))))

    assert {name.startswith(f"{other.root}/") for name in found["files"]} == {True}
    assert not list(tree.utils.rglob("__pycache__"))


def test_packages_are_found_with_and_without_a_file_of_their_own(tree: Tree) -> None:
    for folder in ("_with", "_without", "_with/_deeper"):
        (tree.utils / folder).mkdir()
        (tree.utils / folder / "_inner.py").write_text(f"from .{'.' * folder.count('/')}_inner2 import MARK\n")
        (tree.utils / folder / "_inner2.py").write_text(f"MARK = {folder!r}\n")
    (tree.utils / "_with" / "__init__.py").write_text("MARK = 'package'\n")
    names = ("_with", "_with._inner", "_without", "_without._inner", "_with._deeper._inner2")
    marks = ["package", "_with", None, "_without", "_with/_deeper"]

    assert tree.load(*names)["marks"] == marks
    again = tree.load(*names)
    assert (again["marks"], again["compiled"]) == (marks, [FIRST])


def test_a_second_import_of_the_collection_adds_no_finder(tree: Tree) -> None:
    assert tree.load(times=3)["finders"] == 1
