# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make generate` writes is committed, and the providers are as their declarations say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import typing as t
from pathlib import Path

import pytest
from ansible import constants
from ansible.plugins.loader import lookup_loader

from ansible_collections.netapi.auth.declarations.generate import checked, declared, results
from ansible_collections.netapi.auth.declarations.generate.files import PARTS, generated, write
from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.client_auth import NAMES
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.results import SERVERS
from ansible_collections.netapi.auth.tests.unit.plugins.interface import CREDENTIALS

FILES = generated(ROOT)
EACH = pytest.mark.parametrize("name", declared.PROVIDERS)
# Where every file is of a provider, or is named here.
FOLDERS = {
    "plugins/action": {"awx_credential_types.py", "doctor.py", "uri.py"},
    "plugins/lookup": set(),
    "plugins/modules": {"awx_credential_types.py", "doctor.py", "uri.py"},
    "plugins/plugin_utils/_definitions": set(),
    "roles/auth_headers/tasks": {"main.yml"},
    "roles/auth_headers/vars": set(),
    "roles/awx_credential_types/files": set(),
}
PROVIDER_CODE = "plugins/plugin_utils/_providers"
# What is changed in a declaration, and what is said of it.
WRONG = [
    ("label: NetBird\n", "", "label is missing"),
    ("plugin: netbird_auth\n", "", "plugin is missing"),
    ("path: ", "paht: ", "paht is no key that is known. Do you mean path?"),
    ("description:\n", "description: Text.\nx:\n", "description must be a list of texts"),
    ("    secret: true", "    secret: yes please", ".secret must be true or false"),
    ("    secret: true", "    secrett: true", ".secrett is no key that is known. Do you mean secret?"),
    ("    description: ", "    descripton: ", "Do you mean description?"),
    ("    description: ", "    description: {a: b}\n    x: ", ".description must be a text or a list of texts"),
    ("    env: [", "    env: NETBIRD_X\n    aliases: [", ".env must be a list of names of variables"),
    ("      label: ", "      lable: ", ".awx.lable is no key that is known. Do you mean label?"),
    ("      help: ", "      after: gone\n      help: ", ".awx.after cannot be gone"),
    (
        "  pat:\n    description",
        "  pat:\n    type: strng\n    description",
        "options.pat.type cannot be strng. Do you mean str?",
    ),
    (
        "  pat:\n    description",
        "  pat:\n    default: 1\n    description",
        "options.pat.default must be of the type str",
    ),
    ("  pat:\n    description", "  pat:\n  pat:\n    description", "pat is there twice"),
    ("  pat:\n    description", "  Pat: {}\n  pat:\n    description", "options.Pat must be of small letters"),
    ("  pat:\n    description", "  other:\n  pat:\n    description", "options.other must be a mapping"),
    ("  pat:\n    description", "  timeout: {}\n  pat:\n    description", "options.timeout.description is missing"),
    ("credentials: [[pat]]", "credentials: [pat]", "must be a list of lists of options"),
    ("credentials: [[pat]]", "credentials: [[patt]]", "methods.pat.credentials cannot be patt. Do you mean pat?"),
    ("credentials: [[pat]]", "credentials: []", "must be a list of lists of options"),
    ("plugin: netbird_auth", "plugin: ../netbird_auth", "plugin must be of small letters"),
    ("examples: |\n", "examples: |\n  - [\n", "examples must be YAML in a text"),
]
WRONG_SHARED = [
    ("$provider", "$providr", "a $ begins"),
    ("  - Paths are", "  - 5$ are", "a $ begins"),
    ("returns:", "return:", "return is no key that is known. Do you mean returns?"),
    ("    global: true", "    globl: true", "options.timeout.globl is no key that is known. Do you mean global?"),
    ("    default: 15", "    default: fifteen", "options.timeout.default must be of the type int"),
]


@pytest.mark.parametrize("path", FILES)
def test_each_file_is_as_it_is_generated(path: str) -> None:
    there = ROOT / path
    assert there.is_file(), "run `make generate`"
    assert there.read_text(encoding="utf-8") == FILES[path], "run `make generate`"


def test_each_server_has_its_results() -> None:
    assert {path.stem for path in results.files(ROOT)} == {*SERVERS}


@pytest.mark.parametrize("run", results.read(ROOT), ids=lambda run: run.server)
def test_each_way_to_show_a_client_has_a_result_with_each_grant(run: results.Results) -> None:
    grants = {method.name for method in PROVIDERS["oauth2"].methods} - {"token"}
    assert {name: {*row} for name, row in run.cells.items()} == dict.fromkeys({*NAMES, "federated"}, grants)


@pytest.mark.parametrize("one", results.files(ROOT), ids=lambda one: one.stem)
def test_a_cell_without_a_result_is_an_error(one: Path, tmp_path: Path) -> None:
    found = json.loads(one.read_text(encoding="utf-8"))
    del found["cells"]["none"]["password"]
    (tmp_path / results.FOLDER).mkdir(parents=True)
    (tmp_path / results.FOLDER / one.name).write_text(json.dumps(found), encoding="utf-8")
    with pytest.raises(KeyError, match="password"):
        list(results.read(tmp_path)[0].rows)


@pytest.mark.parametrize("folder", FOLDERS)
def test_there_is_no_file_of_a_provider_without_a_declaration(folder: str) -> None:
    there = {path.name for path in (ROOT / folder).iterdir() if path.is_file()}
    assert there == {Path(path).name for path in FILES if path.startswith(f"{folder}/")} | FOLDERS[folder]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of what the generator reads and writes, and of itself."""
    read = [*(ROOT / "declarations").rglob("*.*"), *results.files(ROOT), *(ROOT / PROVIDER_CODE).glob("*.py")]
    for path in {*FILES, "roles/auth_headers/tasks/main.yml", *(str(file.relative_to(ROOT)) for file in read)}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def _change(tree: Path, path: str, old: str, new: str) -> None:
    text = (tree / path).read_text(encoding="utf-8")
    assert old in text
    (tree / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def _said_by(tree: Path) -> str:
    """The sentence with which `make generate` ends, which writes nothing then."""
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    argv = [sys.executable, "-B", "-m", "declarations.generate"]
    done = subprocess.run(argv, cwd=tree, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [*(("netbird", *each) for each in WRONG), *(("shared", *each) for each in WRONG_SHARED)],
)
def test_what_is_wrong_in_a_declaration_is_one_sentence(
    name: str, old: str, new: str, said: str, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "declarations", tmp_path / "declarations")
    _change(tmp_path, f"declarations/{name}.yml", old, new)
    with pytest.raises(checked.DeclarationError) as found:
        declared.read(tmp_path)
    assert str(found.value).startswith(f"declarations/{name}.yml")
    assert said in str(found.value)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("plugin: netbird_auth", "plugin: uri", "plugins/modules/uri.py is there, for something else"),
        ("plugin: netbird_pat", "plugin: doctor", "plugins/modules/doctor.py is there, for something else"),
        ("    description: ", '    description: Text""" text.\n    # ', "would be no Python"),
    ],
)
def test_what_would_be_written_wrongly_is_not_written(old: str, new: str, said: str, tree: Path) -> None:
    _change(tree, "declarations/netbird.yml", old, new)
    sentence = _said_by(tree)
    assert sentence.startswith("make generate: declarations/netbird.yml: ")
    assert said in sentence


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "must hold label, gives, path"),
        (b"---\n# Text.\n", "must hold label, gives, path"),
        (b"- label\n", "must hold label, gives, path"),
        (b"label: [\n  x: : y\n", ", line 2: "),
        (b"label: \x00\n", "not allowed"),
        (b"label: \xff\n", "is not in UTF-8"),
        (b"label: a\n---\nlabel: b\n", ", line 2: "),
        (b"label: !!python/name:os.system\n", ", line 1: "),
    ],
)
def test_a_file_that_is_no_declaration_is_one_sentence(text: bytes, said: str, tree: Path) -> None:
    (tree / "declarations" / "netbird.yml").write_bytes(text)
    sentence = _said_by(tree)
    assert sentence.startswith("make generate: declarations/netbird.yml")
    assert said in sentence


@pytest.mark.parametrize(
    "name", ["ac-me.yml", "class.yml", "all.yml", "acme.yaml", "base.yml", "registry.yml", "main.yml"]
)
def test_a_name_that_no_provider_can_have_is_refused(name: str, tree: Path) -> None:
    text = (tree / "declarations" / "oauth2.yml").read_text(encoding="utf-8")
    other = text.replace("plugin: oauth2_token", "plugin: other_token").replace("label: ", "label: Other ")
    (tree / "declarations" / name).write_text(other, encoding="utf-8")
    assert f"declarations/{name}" in _said_by(tree)


@pytest.mark.parametrize(("key", "value"), [("plugin", "netbird_auth"), ("label", "NetBird")])
def test_no_two_providers_have_one_name(key: str, value: str, tree: Path) -> None:
    _change(tree, "declarations/oauth2.yml", f"{key}: ", f"{key}: {value} # ")
    assert f"declarations/oauth2.yml: the {key} {value} is that of declarations/netbird.yml" in _said_by(tree)


def test_a_file_of_an_editor_is_no_declaration(tree: Path) -> None:
    (tree / "declarations" / ".#netbird.yml").symlink_to("nowhere")
    assert generated(tree) == FILES


@pytest.mark.parametrize("path", PARTS)
def test_each_comment_around_a_part_is_missed(path: str, tree: Path) -> None:
    page = (tree / path).read_text(encoding="utf-8")
    lines = [
        line for line in page.splitlines(keepends=True) if re.search("generated: |end of generated|# generated$", line)
    ]
    assert lines
    for at, line in enumerate(lines):
        head, tail = page.split(line, 1) if lines.index(line) == at else page.rsplit(line, 1)
        (tree / path).write_text(head + line.replace("generated", "") + tail, encoding="utf-8")
        with pytest.raises(checked.DeclarationError, match=f"{re.escape(path)} must have "):
            generated(tree)


def test_a_page_that_is_missing_is_one_sentence(tree: Path) -> None:
    (tree / "README.md").unlink()
    assert "README.md: No such file or directory" in _said_by(tree)


def test_results_that_are_none_are_one_sentence(tree: Path) -> None:
    path = results.files(tree)[0]
    path.write_text("{}", encoding="utf-8")
    assert f"{results.FOLDER}/{path.name} is not what" in _said_by(tree)


def test_a_change_of_a_declaration_changes_what_repeats_it(tree: Path) -> None:
    name = "NETBIRD_AUTH_REFRESH_TOKEN"
    _change(tree, "declarations/netbird.yml", name, "NETBIRD_OTHER_REFRESH_TOKEN")

    write(tree)

    changed = {path for path in FILES if (tree / path).read_text(encoding="utf-8") != FILES[path]}
    assert changed == {
        "README.md",
        "docs/docsite/rst/guide_services.rst",
        "plugins/lookup/netbird_auth.py",
        "plugins/modules/netbird_auth.py",
        "plugins/modules/netbird_pat.py",
        "plugins/plugin_utils/_definitions/netbird_auth.json",
        "roles/awx_credential_types/files/netbird.yml",
    }
    assert not [path for path in FILES if name in (tree / path).read_text(encoding="utf-8")]


def test_no_page_shows_the_markup_of_ansible_as_it_is_written() -> None:
    pages = {path: text for path, text in FILES.items() if path.endswith((".md", ".rst"))}
    assert len(pages) > 2
    assert [path for path, text in pages.items() if re.search(r"\b(?:[BCEILMOPUV]|RV|HORIZONTALLINE)\(", text)] == []


@EACH
def test_the_provider_is_as_its_declaration_says(name: str) -> None:
    said = declared.PROVIDERS[name]
    provider = PROVIDERS[name]
    assert (provider.name, provider.label, provider.plugin) == (name, said.label, declared.PLUGINS[name])
    there = {option: method.name for method in provider.methods for option in method.selected_by}
    assert there == said.selecting
    assert [method.name for method in provider.methods] == [method.name for method in said.methods]
    # The values of extra_params are shown nowhere, and masked in no answer of an API.
    assert {*provider.secrets, *({"extra_params"} & {*said.options})} == {
        option.name for option in said.options.values() if option.secret and not option.shared
    }


@EACH
def test_the_credentials_are_those_of_the_interface(name: str) -> None:
    said = {method.name: [set(whole) for whole in method.credentials] for method in declared.PROVIDERS[name].methods}
    assert said == CREDENTIALS[name]


def _known(name: str) -> t.Any:
    return constants.config.get_configuration_definitions("lookup", name)


@EACH
def test_the_core_has_the_options_without_parsing_them(name: str) -> None:
    lookup = lookup_loader.get(declared.PLUGINS[name], class_only=True)
    # What it parses is of a class of its own, which says where each value stands.
    assert _known(lookup._load_name).__class__ is dict
    module = sys.modules[lookup.__module__]
    lookup_loader._load_config_defs(f"{name} by another name", module, module.__file__)
    assert _known(f"{name} by another name").__class__ is not dict


def test_a_lookup_without_a_file_is_left_to_the_core() -> None:
    config.declare("somewhere.plugins.lookup.nobodys_token")

    assert not constants.config.has_configuration_definition("lookup", "somewhere.plugins.lookup.nobodys_token")
