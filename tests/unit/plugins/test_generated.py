# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What `make generate` writes is committed, and the providers are as their declarations say."""

from __future__ import annotations

import json
import re
import shutil
import sys
import typing as t
from pathlib import Path

import pytest
from ansible import constants
from ansible.plugins.loader import lookup_loader

from ansible_collections.netapi.auth.declarations.generate import declared, results
from ansible_collections.netapi.auth.declarations.generate.files import generated, write
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


def test_a_change_of_a_declaration_changes_what_repeats_it(tmp_path: Path) -> None:
    read = [*(ROOT / "declarations").glob("*.yml"), *results.files(ROOT)]
    for path in {*FILES, *(str(file.relative_to(ROOT)) for file in read)}:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    declaration = tmp_path / "declarations" / "netbird.yml"
    text = declaration.read_text(encoding="utf-8")
    assert "NETBIRD_AUTH_REFRESH_TOKEN" in text
    declaration.write_text(text.replace("NETBIRD_AUTH_REFRESH_TOKEN", "NETBIRD_OTHER_REFRESH_TOKEN"), encoding="utf-8")

    write(tmp_path)

    changed = {path for path in FILES if (tmp_path / path).read_text(encoding="utf-8") != FILES[path]}
    assert changed == {
        "README.md",
        "docs/docsite/rst/guide_services.rst",
        "plugins/lookup/netbird_auth.py",
        "plugins/modules/netbird_auth.py",
        "plugins/modules/netbird_pat.py",
        "plugins/plugin_utils/_definitions/netbird_auth.json",
        "roles/awx_credential_types/files/netbird.yml",
    }
    assert not [path for path in FILES if "NETBIRD_AUTH_REFRESH_TOKEN" in (tmp_path / path).read_text(encoding="utf-8")]


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
