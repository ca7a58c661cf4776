# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What there is, against the public interface, which interface.py writes out once more."""

from __future__ import annotations

import importlib
import re
import typing as t

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.modules import uri as original

from ansible_collections.netapi.auth.plugins.action.uri import _OWN
from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import pages
from ansible_collections.netapi.auth.tests.unit.plugins.declarations import (
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
    GROUPS,
    NOT_FOR_ROTATION,
    OPTIONS,
    RESULT,
    RESULT_CHOICES,
    ROLES,
    ROTATION,
    ROTATION_TASKS,
    TASK_ONLY,
    URI,
    Row,
    common,
)
from ansible_collections.netapi.auth.tests.unit.plugins.walk import documentation, options_of

EACH = pytest.mark.parametrize("provider", PLUGINS)
MODULES = (
    *(name.rpartition(".")[2] for name in PLUGINS.values()),
    "uri",
    "awx_credential_types",
    *ROTATION_TASKS.values(),
)
SERVICES = (ROOT / "docs/docsite/rst/guide_services.rst").read_text(encoding="utf-8")
CACHE_TABLES = {
    "README": pages.section((ROOT / "README.md").read_text(encoding="utf-8"), "One grant for many"),
    "guide": pages.section((ROOT / "docs/docsite/rst/guide_caches.rst").read_text(encoding="utf-8"), "Which cache"),
}


def rows(provider: str) -> dict[str, Row]:
    """What the interface says of each option."""
    return {**common(provider), **OPTIONS[provider]}


def module(name: str) -> t.Any:
    return importlib.import_module(f"ansible_collections.netapi.auth.plugins.modules.{name}")


def load(path: str) -> t.Any:
    return yaml.safe_load((ROOT / path).read_text(encoding="utf-8"))


@EACH
def test_the_lookup_has_the_options_of_the_interface_as_it_says(provider: str) -> None:
    expected = {name: row for name, row in rows(provider).items() if name not in TASK_ONLY}
    assert {name: declared(option) for name, option in options_of(provider).items()} == expected


@EACH
def test_each_option_has_the_variable_of_its_name_and_its_key_in_the_ini_file(provider: str) -> None:
    for option, found in options_of(provider).items():
        assert names(found, "vars") == (() if option in ARGUMENT_ONLY else (f"{provider}_auth_{option}",)), option
        ini = [{"section": "netapi_auth", "key": option}] if rows(provider)[option].ini else []
        assert found.get("ini", []) == ini, option


@EACH
def test_the_task_has_the_same_and_those_of_tasks_only(provider: str) -> None:
    said = {}
    for name, option in module_options(provider).items():
        env = [{"name": variable} for variable in re.findall(r"E\((\w+)\)", text_of(option))]
        said[name] = declared({**option, "env": env, "ini": rows(provider)[name].ini})
    assert said == rows(provider)
    assert {name: declared(dict(option)) for name, option in action._TASK_OPTIONS.items()} == {
        name: COMMON[name] for name in TASK_ONLY
    }


@pytest.mark.parametrize("provider", ROTATION)
def test_a_task_that_makes_credentials_has_its_own_options_and_those_of_signing_in(provider: str) -> None:
    said = {}
    expected = {name: row for name, row in rows(provider).items() if name not in NOT_FOR_ROTATION[provider]}
    expected |= ROTATION[provider]
    for name, option in yaml.safe_load(module(ROTATION_TASKS[provider]).DOCUMENTATION)["options"].items():
        env = [{"name": variable} for variable in re.findall(r"E\((\w+)\)", text_of(option))]
        said[name] = declared({**option, "env": env, "ini": expected[name].ini})
    assert said == expected


@EACH
def test_no_secret_has_a_key_in_the_ini_file(provider: str) -> None:
    assert not [option for option in PROVIDERS[provider].secrets if options_of(provider)[option].get("ini")]


@EACH
def test_no_environment_variable_begins_as_awx_forbids(provider: str) -> None:
    every = [name for option in options_of(provider).values() for name in names(option, "env")]
    assert not [name for name in every if name.startswith("ANSIBLE_")]


@pytest.mark.parametrize("name", MODULES)
def test_linters_and_editors_see_the_options(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[dict[str, t.Any]] = []

    class Recorded(Exception):  # noqa: N818 - it is no error
        pass

    def record(**arguments: t.Any) -> None:
        said.append(arguments)
        raise Recorded

    monkeypatch.setattr(module(name), "AnsibleModule", record)
    # A linter looks into the action first.
    with pytest.raises(Recorded):
        importlib.import_module(f"ansible_collections.netapi.auth.plugins.action.{name}").main()
    spec = said[0]["argument_spec"]
    documented = yaml.safe_load(module(name).DOCUMENTATION)["options"]
    # Those of the role auth_headers are nobody else's.
    public = {key: declared(option) for key, option in spec.items() if not key.startswith("_")}
    assert public == {key: declared(option) for key, option in documented.items()}
    given = {key: "text" for key, option in documented.items() if option.get("required")}
    found = ArgumentSpecValidator(spec).validate({**given, "client_idd": "text"})
    assert [each for each in found.error_messages if "client_idd" in each]


@EACH
def test_linters_are_told_of_every_secret(provider: str) -> None:
    spec = module(PLUGINS[provider].rpartition(".")[2]).OPTIONS
    # The values of extra_params are shown nowhere, and masked in no answer of an API.
    assert {name for name, option in spec.items() if option.get("no_log")} == {
        *PROVIDERS[provider].secrets,
        *({"extra_params"} & {*spec}),
        "cache",
        "proxy",
    }


@EACH
def test_the_returned_keys_are_those_of_the_result(provider: str) -> None:
    returned = yaml.safe_load(module(PLUGINS[provider].rpartition(".")[2]).RETURN)
    assert {key: each["type"] for key, each in returned.items()} == RESULT
    assert {key: each["choices"] for key, each in returned.items() if "choices" in each} == RESULT_CHOICES


@EACH
def test_the_methods_take_the_credentials_of_the_interface(provider: str) -> None:
    methods = PROVIDERS[provider].methods
    assert options_of(provider)["method"]["choices"] == [method.name for method in methods]
    assert [method.name for method in methods] == list(CREDENTIALS[provider])
    for method in methods:
        wholes = [{name for part in whole for name in part} for whole in CREDENTIALS[provider][method.name]]
        assert [len(whole & set(method.selected_by)) for whole in wholes] == [1] * len(wholes), method.name
        assert set().union(*wholes) >= {*method.selected_by, *method.needs}, method.name


@EACH
def test_a_description_names_only_values_that_the_option_takes(provider: str) -> None:
    for option, definition in module_options(provider).items():
        said = set(re.findall(r"V\(([^)]+)\)", text_of(definition)))
        if option == "cache":
            assert said == set(CACHES)
        else:
            truths = {"true", "false"} if definition["type"] == "bool" else set()
            assert said <= {*definition.get("choices", ()), *truths}, option


def test_guide_and_task_name_what_only_an_argument_sets() -> None:
    every = re.sub(r"\s+", " ", pages.section(SERVICES, "Every option"))
    said = re.search(r"((?:``\w+``(?:, | and )?)+) are arguments only, and lookups do not have the last two", every)
    assert said is not None
    assert set(pages.code(said[1])) == ARGUMENT_ONLY
    assert set(pages.code(said[1])[-2:]) == TASK_ONLY
    (sentence,) = [each for each in documentation("modules", "netbird")["description"] if "inventory variable" in each]
    assert set(re.findall(r"O\((\w+)\)", sentence)) == ARGUMENT_ONLY


def test_the_action_groups_are_those_of_the_interface() -> None:
    runtime = load("meta/runtime.yml")
    assert {group: set(members) for group, members in runtime["action_groups"].items()} == GROUPS
    assert runtime["requires_ansible"] == ">=2.16.0"
    # Defaults go to each member of a group, so `uri`, whose options are others, is in none and takes its own from them.
    for provider, plugin in PLUGINS.items():
        membership = documentation("modules", provider)["attributes"]["action_group"]["membership"]
        own = {group for group, members in GROUPS.items() if plugin.rpartition(".")[2] in members}
        assert set(membership) == {f"netapi.auth.{group}" for group in own}


def test_readme_names_everything_that_the_collection_has() -> None:
    patterns = ("plugins/action/*.py", "plugins/lookup/*.py", "roles/*", "playbooks/*.yml")
    there_is = {f"netapi.auth.{path.stem}" for pattern in patterns for path in ROOT.glob(pattern)}
    # The other name of netbird_auth, without the namespace.
    there_is |= set(load("meta/runtime.yml")["plugin_routing"]["action"])
    table = pages.table(pages.section((ROOT / "README.md").read_text(encoding="utf-8"), "Description"))
    assert sorted(name for cells in table for name in pages.code(cells["name"])) == sorted(there_is)


@pytest.mark.parametrize("page", CACHE_TABLES)
def test_a_table_of_caches_has_each_and_says_the_default(page: str) -> None:
    first = [cells["`cache`" if page == "README" else "``cache``"] for cells in pages.table(CACHE_TABLES[page])]
    words = [name for cell in first for name in pages.code(cell) if "://" not in name]
    assert sorted(words) == sorted(CACHES)
    assert [pages.code(cell) for cell in first if "(the default" in cell] == [("run",), ("user",)]
    # The one row that is left is that of an address.
    assert len(first) == len(CACHES) + 1
    assert len([cell for cell in first if "rediss://" in cell or "Redis" in cell]) == 1


@pytest.mark.parametrize("role", ROLES)
def test_a_role_declares_each_variable_as_the_interface_says(role: str) -> None:
    options: dict[str, dict[str, t.Any]] = load(f"roles/{role}/meta/argument_specs.yml")["argument_specs"]["main"][
        "options"
    ]
    said = {}
    for name, option in options.items():
        env = [{"name": variable} for variable in re.findall(r"E\((\w+)\)", text_of(option))]
        said[name] = declared({**option, "env": env})
    assert said == ROLES[role]


def test_uri_declares_its_own_options_as_the_interface_says() -> None:
    options = yaml.safe_load(module("uri").DOCUMENTATION)["options"]
    others = yaml.safe_load(original.DOCUMENTATION)["options"]
    assert {name: declared(option) for name, option in options.items() if name not in others} == URI | (
        # From 2.21 on the original has it of a fragment.
        {} if "follow_redirects" in others else {"follow_redirects": declared(options["follow_redirects"])}
    )
    assert set(_OWN) == set(URI)


def test_uri_declares_what_it_shares_with_the_original_as_that_does() -> None:
    options = yaml.safe_load(module("uri").DOCUMENTATION)["options"]
    others = yaml.safe_load(original.DOCUMENTATION)["options"]
    # Two have another default here.
    others = {
        name: {**each, "default": None} if name in ("validate_certs", "use_netrc") else each
        for name, each in others.items()
    }
    # Cores have choices in different orders.
    for each in (*options.values(), *others.values()):
        each["choices"] = sorted(each.get("choices", []))
    # What would be another credential is refused.
    refused = {"url_username", "url_password", "force_basic_auth", "use_gssapi"}
    shared = options.keys() & others.keys()
    assert shared == others.keys() - refused
    assert {name: declared(options[name]) for name in shared} == {name: declared(others[name]) for name in shared}
