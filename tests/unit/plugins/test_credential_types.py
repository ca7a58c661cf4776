# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credential types of AWX against AWX's rules and against the options that they set."""

from __future__ import annotations

import importlib
import re
import typing as t
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.awx.rules import problems
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import PROVIDERS as SHIPPED
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import injected, shipped
from ansible_collections.netapi.auth.tests.unit.plugins.interface import COMMON, ROTATION, Row
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

EACH = pytest.mark.parametrize("provider", SHIPPED)
ROLE = ROOT / "roles" / "awx_credential_types"
ACTION = "ansible_collections.netapi.auth.plugins.action.awx_credential_types"
MODULE = "ansible_collections.netapi.auth.plugins.modules.awx_credential_types"
# As one line.
GUIDE = " ".join((ROOT / "docs/docsite/rst/guide_awx.rst").read_text(encoding="utf-8").split())
# Of the options of all services, those with a field. The others are for whoever sets up the nodes.
SHARED = {"validate_certs", "cache"}
# A file of the node, in whose place the key itself is filled in, and what a play says of one API.
WITHOUT_FIELD = {"private_key_file", "assertion_claims", "assertion_headers", "header_name", "header_prefix"}


def fields(provider: str) -> dict[str, dict[str, t.Any]]:
    return {field["id"]: field for field in shipped(provider)["inputs"]["fields"]}


def environment(option: dict[str, t.Any]) -> list[str]:
    return [each["name"] for each in option.get("env", [])]


def load(path: str) -> t.Any:
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


def test_every_provider_has_a_type_and_no_other_has() -> None:
    files = {path.stem for path in (ROLE / "files").iterdir()}
    assert files == set(PROVIDERS) == set(SHIPPED)
    assert {name: shipped(name)["name"] for name in SHIPPED} == {
        name: f"{provider.label} API" for name, provider in PROVIDERS.items()
    }


@EACH
def test_awx_takes_the_type(provider: str) -> None:
    kind = shipped(provider)
    assert set(kind) == {"name", "description", "kind", "inputs", "injectors"}
    assert problems(kind["kind"], kind["inputs"], kind["injectors"]) == {}


@EACH
def test_each_field_says_what_a_person_needs_to_know(provider: str) -> None:
    for name, field in fields(provider).items():
        assert field["label"], name
        assert field["help_text"].endswith("."), name
        # Written out, since AWX adds it, and the type would differ from the shipped one at each run.
        assert "type" in field, name


@EACH
def test_each_field_offers_the_choices_of_its_option(provider: str) -> None:
    for name, field in fields(provider).items():
        option = options_of(provider).get(name, {"type": "str"} if name in ROTATION.get(provider, ()) else {})
        words = ["true", "false"] if option["type"] == "bool" else option.get("choices", [])
        # AWX makes an empty value the first choice: with any other there, who leaves the field empty would choose that.
        assert field.get("choices", []) == ([""] if words else []) + words, name


@EACH
def test_a_credential_that_is_left_empty_injects_nothing(provider: str, tmp_path: Path) -> None:
    """As the form of AWX sends it: every field, with an empty text."""
    env = injected(tmp_path, {provider: dict.fromkeys(fields(provider), "")})
    assert set(env) == set(shipped(provider)["injectors"]["env"])
    assert not [name for name, value in env.items() if value]


def test_no_variable_is_injected_by_two_types() -> None:
    every = [name for provider in SHIPPED for name in shipped(provider)["injectors"]["env"]]
    assert len(set(every)) == len(every)
    assert not [name for name in every if name.startswith("NETAPI_AUTH_")]


@EACH
def test_the_address_that_a_field_names_is_the_default_of_its_option(provider: str) -> None:
    texts = (fields(provider)["api_url"]["help_text"], str(options_of(provider)["api_url"]["description"]))
    said, meant = (re.findall(r"https://[\w.]+\w", text) for text in texts)
    assert said == meant


def test_the_guide_calls_the_fields_by_their_names() -> None:
    labels = {field["label"] for provider in SHIPPED for field in fields(provider).values()}
    shared = {fields(provider)[name]["label"] for provider in SHIPPED for name in SHARED}
    entries = re.findall(r"- \*\*([^*]+?)(?:\*\* is | count )", GUIDE)
    assert {name for entry in entries for name in entry.split(" and ")} == {
        *shared,
        fields("netfoundry")["credentials_file"]["label"],
    }
    elsewhere = re.findall(r"in the field \*([^*]+)\*", GUIDE)
    assert elsewhere
    assert set(elsewhere) <= labels


def test_what_the_guide_gives_as_an_option_without_a_field_is_one() -> None:
    sentence = re.search(r"Options without a field, such as ``(\w+)`` or ``(\w+)`` of NetBird", GUIDE)
    assert sentence is not None
    assert set(sentence.groups()) <= set(options_of("netbird")) - set(fields("netbird"))


@EACH
def test_the_fields_are_the_options_that_the_environment_can_set(provider: str) -> None:
    options = {name for name, option in options_of(provider).items() if environment(option)}
    own: dict[str, Row] = ROTATION.get(provider, {})
    options |= {name for name, row in own.items() if row.env}
    shared = {name for name, row in COMMON.items() if row.env}
    assert set(fields(provider)) == options - shared - WITHOUT_FIELD | SHARED


def declared(option: dict[str, t.Any]) -> tuple[t.Any, ...]:
    return tuple(option.get(key) for key in ("type", "elements", "choices", "default"))


def test_role_action_and_module_declare_the_same_options() -> None:
    specs = load("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    role = {name.removeprefix("awx_credential_types_"): option for name, option in specs.items()}
    module = yaml.safe_load(importlib.import_module(MODULE).DOCUMENTATION)["options"]
    action = importlib.import_module(ACTION)._OPTIONS
    assert set(role) == set(module) == {*action, "providers"}
    for name, option in role.items():
        if name == "providers":
            # The role has a default, and the task, which it hands that to, has none.
            assert declared({**option, "default": None}) == declared(module[name])
            assert (module[name]["choices"], module[name]["required"]) == (sorted(PROVIDERS), True)
            continue
        # Only the action's own words decide; the others are documentation.
        assert declared(option) == declared(module[name]) == declared(action[name]), name
    assert {name for name, option in role.items() if option.get("no_log")} == {"token", "password"}


def test_the_defaults_are_those_that_the_role_documents() -> None:
    specs = load("meta/argument_specs.yml")["argument_specs"]["main"]["options"]
    defaults = load("defaults/main.yml")
    assert set(defaults) == set(specs)
    for name, option in specs.items():
        variables = re.findall(r"E\((\w+)\)", str(option["description"]))
        if variables:
            # The first that is not empty: AWX injects an empty text for what its own credential leaves out.
            names = ", ".join(f"'{variable}'" for variable in variables)
            default = "true" if option.get("default") is True else "''"
            expected = f"{{{{ query('ansible.builtin.env', {names}) | select | first | default({default}) }}}}"
            assert defaults[name] == expected, name
        elif "default" in option:
            assert defaults[name] == option["default"], name
        else:
            assert (name, defaults[name]) == ("awx_credential_types_ca_path", "")
