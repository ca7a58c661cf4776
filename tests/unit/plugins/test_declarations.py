# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What README, guides, roles and `uri` say of options, against the declaration of the lookups."""

from __future__ import annotations

import re
import typing as t
from dataclasses import replace

import pytest
import yaml
from ansible.modules import uri as original

from ansible_collections.netapi.auth.plugins.action.uri import _OWN
from ansible_collections.netapi.auth.plugins.doc_fragments import token as fragment
from ansible_collections.netapi.auth.plugins.modules import uri
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import pages
from ansible_collections.netapi.auth.tests.unit.plugins.declarations import (
    ROOT,
    declared,
    module_options,
    names,
    text_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.interface import (
    ARGUMENT_ONLY,
    CACHES,
    COMMON,
    CREDENTIALS,
    ROLES,
    TASK_ONLY,
    URI,
    Part,
    Row,
    common,
)
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

EACH = pytest.mark.parametrize("provider", PLUGINS)
README = (ROOT / "README.md").read_text(encoding="utf-8")
SERVICES = (ROOT / "docs/docsite/rst/guide_services.rst").read_text(encoding="utf-8")
CACHE_TABLES = {
    "README": pages.section(README, "One grant for many"),
    "guide": pages.section((ROOT / "docs/docsite/rst/guide_caches.rst").read_text(encoding="utf-8"), "Which cache"),
}


def declaration(provider: str) -> dict[str, Row]:
    """The options of the lookup, and those that only the task has."""
    only = {name: declared(module_options(provider)[name]) for name in TASK_ONLY}
    return {name: declared(each) for name, each in options_of(provider).items()} | only


@EACH
def test_the_guide_says_of_each_option_what_its_declaration_says(provider: str) -> None:
    own = pages.rows(pages.section(SERVICES, f"Options of {PROVIDERS[provider].label}"))
    shared = pages.rows(pages.section(SERVICES, "Options of all services"))
    assert set(shared) == set(COMMON)
    assert not own.keys() & shared.keys()
    said = own | shared
    there_is = declaration(provider)
    assert set(said) == set(there_is)
    for option, row in said.items():
        # The table of all services has the variable that they share; how the service's own is called is said above it.
        there = replace(there_is[option], env=there_is[option].env[1:]) if option in shared else there_is[option]
        assert row == there, option


def test_the_guide_says_how_the_variables_of_one_service_are_called() -> None:
    said = re.search(
        r"its own, which counts first: for ``cache`` it is ((?:``\w+``(?:, | or )?)+)", " ".join(SERVICES.split())
    )
    assert said is not None
    assert set(pages.code(said[1])) == {common(provider)["cache"].env[0] for provider in PROVIDERS}


def test_guide_and_fragment_name_what_only_an_argument_sets() -> None:
    every = re.sub(r"\s+", " ", pages.section(SERVICES, "Every option"))
    said = re.search(r"((?:``\w+``(?:, | and )?)+) are arguments only, and lookups do not have the last two", every)
    assert said is not None
    assert set(pages.code(said[1])) == ARGUMENT_ONLY
    assert set(pages.code(said[1])[-2:]) == TASK_ONLY
    (sentence,) = [
        each for each in fragment.ModuleDocFragment.DOCUMENTATION.split("\n  - ") if "inventory variable" in each
    ]
    assert set(re.findall(r"O\((\w+)\)", sentence)) == ARGUMENT_ONLY


@EACH
def test_the_methods_take_the_credentials_of_the_interface(provider: str) -> None:
    methods = PROVIDERS[provider].methods
    assert [method.name for method in methods] == list(CREDENTIALS[provider])
    for method in methods:
        wholes = [{name for part in whole for name in part} for whole in CREDENTIALS[provider][method.name]]
        assert [len(whole & set(method.selected_by)) for whole in wholes] == [1] * len(wholes), method.name
        assert set().union(*wholes) >= {*method.selected_by, *method.needs}, method.name


@EACH
def test_the_guide_says_of_each_method_what_it_takes(provider: str) -> None:
    said: dict[str, list[set[Part]]] = {}
    for cells in pages.table(pages.section(SERVICES, PROVIDERS[provider].label)):
        (method,) = pages.names(cells["method"])
        said[method] = [set(pages.parts(whole)) for whole in cells["credential"].split(", or ")]
    assert list(said) == list(CREDENTIALS[provider])
    for method, wholes in CREDENTIALS[provider].items():
        assert sorted(map(sorted, said[method])) == sorted(map(sorted, wholes)), method


def readme_rows(provider: str) -> list[pages.Cells]:
    """The rows of the service, which only the first of them names."""
    found = []
    label = ""
    for cells in pages.table(pages.section(README, "Which credential")):
        label = cells["service"] or label
        if label == PROVIDERS[provider].label:
            found.append(cells)
    return found


@EACH
def test_readme_has_every_credential_in_the_order_of_the_methods(provider: str) -> None:
    said = [set(pages.parts(cells["options"])) for cells in readme_rows(provider)]
    assert said == [whole for wholes in CREDENTIALS[provider].values() for whole in wholes]


@EACH
def test_readme_has_every_environment_variable_of_the_options_that_it_names(provider: str) -> None:
    for cells in readme_rows(provider):
        parts = pages.parts(cells["options"])
        expected = [sum((names(options_of(provider)[name], "env") for name in part), ()) for part in parts]
        assert pages.parts(cells["environment"]) == expected, cells["options"]


def test_readme_has_no_row_of_another_service() -> None:
    labels = {cells["service"] for cells in pages.table(pages.section(README, "Which credential"))} - {""}
    assert labels == {provider.label for provider in PROVIDERS.values()}


def test_readme_names_everything_that_the_collection_has() -> None:
    patterns = ("plugins/action/*.py", "plugins/lookup/*.py", "roles/*", "playbooks/*.yml")
    there_is = {f"netapi.auth.{path.stem}" for pattern in patterns for path in ROOT.glob(pattern)}
    # The other name of netbird_auth, without the namespace.
    there_is |= set(yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text("utf-8"))["plugin_routing"]["action"])
    said = [name for cells in pages.table(pages.section(README, "Description")) for name in pages.code(cells["name"])]
    assert sorted(said) == sorted(there_is)


@pytest.mark.parametrize("page", CACHE_TABLES)
def test_a_table_of_caches_has_each_and_says_the_default(page: str) -> None:
    first = [cells["`cache`" if page == "README" else "``cache``"] for cells in pages.table(CACHE_TABLES[page])]
    words = [name for cell in first for name in pages.code(cell) if "://" not in name]
    assert sorted(words) == sorted(CACHES)
    assert [pages.code(cell) for cell in first if "(the default" in cell] == [("run",), ("user",)]
    # The one row that is left is that of an address.
    assert len(first) == len(CACHES) + 1
    assert len([cell for cell in first if "rediss://" in cell or "Redis" in cell]) == 1


@EACH
def test_a_description_names_only_values_that_the_option_takes(provider: str) -> None:
    for option, definition in module_options(provider).items():
        said = set(re.findall(r"V\(([^)]+)\)", text_of(definition)))
        if option == "cache":
            assert said == set(CACHES)
        else:
            truths = {"true", "false"} if definition["type"] == "bool" else set()
            assert said <= {*definition.get("choices", ()), *truths}, option


@pytest.mark.parametrize("role", ROLES)
def test_a_role_declares_each_variable_as_the_interface_says(role: str) -> None:
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    options: dict[str, dict[str, t.Any]] = specs["argument_specs"]["main"]["options"]
    said = {}
    for name, option in options.items():
        env = [{"name": variable} for variable in re.findall(r"E\((\w+)\)", text_of(option))]
        said[name] = declared({**option, "env": env})
    assert said == ROLES[role]


def test_uri_declares_its_own_options_as_the_interface_says() -> None:
    options = yaml.safe_load(uri.DOCUMENTATION)["options"]
    others = yaml.safe_load(original.DOCUMENTATION)["options"]
    assert {name: declared(option) for name, option in options.items() if name not in others} == URI
    assert set(_OWN) == set(URI)
    assert set(URI["auth"].choices) == set(PLUGINS)


def test_uri_declares_what_it_shares_with_the_original_as_that_does() -> None:
    options = yaml.safe_load(uri.DOCUMENTATION)["options"]
    others = yaml.safe_load(original.DOCUMENTATION)["options"]
    shared = options.keys() & others.keys()
    assert shared == options.keys() - URI.keys()
    for name in shared:
        assert declared(options[name]) == declared(others[name]), name


def test_uri_says_whose_options_auth_options_takes() -> None:
    text = text_of(yaml.safe_load(uri.DOCUMENTATION)["options"]["auth_options"])
    assert set(re.findall(r"M\(([\w.]+)\)", text)) == set(PLUGINS.values())
    assert set(re.findall(r"C\((\w+)\)", text)) == TASK_ONLY
