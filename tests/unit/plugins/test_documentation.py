# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Declarations against each other and against the public interface, which is written out here."""

from __future__ import annotations

import importlib
import re

import pytest
import yaml

from ansible_collections.netapi.auth.plugins.doc_fragments import token as fragment
from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.declarations import (
    ROOT,
    declared,
    module_options,
    names,
    text_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.interface import (
    ARGUMENT_ONLY,
    COMMON,
    GROUPS,
    OPTIONS,
    RESULT,
    RESULT_CHOICES,
    TASK_ONLY,
    Row,
    common,
)
from ansible_collections.netapi.auth.tests.unit.plugins.walk import documentation, options_of

EACH = pytest.mark.parametrize("provider", PLUGINS)


def rows(provider: str) -> dict[str, Row]:
    """What the interface says of each option of the lookup."""
    return {name: row for name, row in {**common(provider), **OPTIONS[provider]}.items() if name not in TASK_ONLY}


@EACH
def test_the_lookup_has_the_options_of_the_interface_and_no_more(provider: str) -> None:
    assert set(options_of(provider)) == {*COMMON, *OPTIONS[provider]} - TASK_ONLY == set(rows(provider))


@EACH
def test_the_module_has_the_same_and_those_of_tasks_only(provider: str) -> None:
    assert set(module_options(provider)) == {*options_of(provider), *TASK_ONLY}


@EACH
def test_the_lookup_declares_each_option_as_the_interface_says(provider: str) -> None:
    for option, row in rows(provider).items():
        assert declared(options_of(provider)[option]) == row, option


@EACH
def test_the_module_declares_each_option_as_the_lookup_does(provider: str) -> None:
    kept = ("type", "default", "choices", "aliases", "elements", "required")
    for option in rows(provider):
        module = module_options(provider)[option]
        lookup = options_of(provider)[option]
        assert {key: module.get(key) for key in kept} == {key: lookup.get(key) for key in kept}, option


@EACH
def test_module_and_task_declare_the_options_of_tasks_only_as_the_interface_says(provider: str) -> None:
    assert set(action._TASK_OPTIONS) == TASK_ONLY
    for option in TASK_ONLY:
        assert declared(module_options(provider)[option]) == COMMON[option], option
        assert declared(dict(action._TASK_OPTIONS[option])) == COMMON[option], option


@EACH
def test_the_module_describes_each_option_as_the_lookup_does(provider: str) -> None:
    for option in rows(provider):
        text = text_of(module_options(provider)[option])
        without = re.sub(r"\s*Also set by the environment variable .*", "", text)
        assert without == text_of(options_of(provider)[option]), option


@EACH
def test_the_module_names_the_environment_variables_in_their_order(provider: str) -> None:
    for option, row in rows(provider).items():
        text = text_of(module_options(provider)[option])
        found = names(options_of(provider)[option], "env")
        assert found == row.env, option
        # The fragment names those that all services share, and says in one sentence how the service's own is called.
        said = COMMON[option].env if option in COMMON else found
        assert tuple(re.findall(r"E\((\w+)\)", text)) == said, option


def test_the_fragment_says_how_the_variables_of_one_service_are_called() -> None:
    (sentence,) = [
        each for each in yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["description"] if "NETAPI_" in each
    ]
    said = re.findall(r"E\((\w+)\)", sentence)
    assert sorted(said) == sorted(common(provider)["cache"].env[0] for provider in PROVIDERS)


@EACH
def test_each_option_has_the_variable_of_its_name_and_its_key_in_the_ini_file(provider: str) -> None:
    for option, row in rows(provider).items():
        found = options_of(provider)[option]
        assert names(found, "vars") == (() if option in ARGUMENT_ONLY else (f"{provider}_auth_{option}",)), option
        assert found.get("ini", []) == ([{"section": "netapi_auth", "key": option}] if row.ini else []), option


@EACH
def test_no_secret_has_a_key_in_the_ini_file(provider: str) -> None:
    assert not [option for option in PROVIDERS[provider].secrets if options_of(provider)[option].get("ini")]


@EACH
def test_no_environment_variable_begins_as_awx_forbids(provider: str) -> None:
    assert not [
        name for each in options_of(provider).values() for name in names(each, "env") if name.startswith("ANSIBLE_")
    ]


@EACH
def test_the_returned_keys_are_those_of_the_result(provider: str) -> None:
    name = PLUGINS[provider].rpartition(".")[2]
    module = importlib.import_module(f"ansible_collections.netapi.auth.plugins.modules.{name}")
    returned = yaml.safe_load(module.RETURN)
    assert {key: each["type"] for key, each in returned.items()} == RESULT
    assert all(each["returned"] == "success" for each in returned.values())
    assert re.findall(r"V\((\w+)\)", text_of(returned["method"])) == list(OPTIONS[provider]["method"].choices)
    assert re.findall(r"V\((\w+)\)", text_of(returned["provider"])) == [provider]
    assert {key: each["choices"] for key, each in returned.items() if "choices" in each} == RESULT_CHOICES


@EACH
def test_the_methods_are_those_that_the_option_offers(provider: str) -> None:
    assert options_of(provider)["method"]["choices"] == [method.name for method in PROVIDERS[provider].methods]


@EACH
def test_the_examples_are_yaml_and_use_only_options_that_there_are(provider: str) -> None:
    name = PLUGINS[provider].rpartition(".")[2]
    module = importlib.import_module(f"ansible_collections.netapi.auth.plugins.modules.{name}")
    tasks = [task[PLUGINS[provider]] for task in yaml.safe_load(module.EXAMPLES) if PLUGINS[provider] in task]
    assert tasks
    assert {option for task in tasks for option in task} <= set(module_options(provider))


@EACH
def test_the_module_says_its_action_groups(provider: str) -> None:
    membership = documentation("modules", provider)["attributes"]["action_group"]["membership"]
    name = PLUGINS[provider].rpartition(".")[2]
    assert set(membership) == {f"netapi.auth.{group}" for group, members in GROUPS.items() if name in members}


def test_the_action_groups_are_those_of_the_interface() -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))
    assert {group: set(members) for group, members in runtime["action_groups"].items()} == GROUPS
    assert runtime["requires_ansible"] == ">=2.16.0"


def test_the_action_groups_list_each_action_as_its_documentation_says() -> None:
    groups = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text(encoding="utf-8"))["action_groups"]
    said: dict[str, list[str]] = {}
    for name in sorted(path.stem for path in (ROOT / "plugins" / "action").glob("*.py")):
        module = importlib.import_module(f"ansible_collections.netapi.auth.plugins.modules.{name}")
        group = yaml.safe_load(module.DOCUMENTATION)["attributes"].get("action_group", {"membership": []})
        for member in group["membership"]:
            said.setdefault(member.removeprefix("netapi.auth."), []).append(name)
    # Defaults go to each member of a group, so `uri`, whose options are others, is in none and takes its own from them.
    assert said == groups


def test_the_role_offers_every_provider() -> None:
    specs = (ROOT / "roles" / "auth_headers" / "meta" / "argument_specs.yml").read_text(encoding="utf-8")
    options = yaml.safe_load(specs)["argument_specs"]["main"]["options"]
    assert set(options) == {"auth_headers_providers", "auth_headers_whoami"}
    option = options["auth_headers_providers"]
    assert (option["type"], option["elements"], option["required"]) == ("list", "str", True)
    assert sorted(option["choices"]) == sorted(PROVIDERS) == sorted(PLUGINS)


@pytest.mark.parametrize("folder", ["tasks", "vars"])
def test_the_role_has_a_file_for_every_provider(folder: str) -> None:
    files = {path.stem for path in (ROOT / "roles" / "auth_headers" / folder).glob("*.yml")}
    assert files - {"main"} == set(PROVIDERS)
