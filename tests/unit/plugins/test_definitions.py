# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The core is given the options of the lookups, and they are what it would parse from their documentation."""

from __future__ import annotations

import json
import sys
import typing as t

import pytest
from ansible import constants
from ansible.plugins.loader import lookup_loader

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS

LOOKUPS = sorted(path.stem for path in ROOT.glob("plugins/lookup/*.py"))


def _known(name: str) -> t.Any:
    return constants.config.get_configuration_definitions("lookup", name)


def _loaded(lookup: str) -> t.Any:
    return lookup_loader.get(f"netapi.auth.{lookup}", class_only=True)


def _parsed(lookup: str, name: str) -> t.Any:
    """What the core parses from the documentation of a lookup for one with a name that it does not know."""
    module = sys.modules[_loaded(lookup).__module__]
    lookup_loader._load_config_defs(name, module, module.__file__)
    return _known(name)


def test_each_lookup_has_its_file() -> None:
    assert {f"netapi.auth.{name}" for name in LOOKUPS} == set(PLUGINS.values())
    assert sorted(path.stem for path in ROOT.glob("plugins/plugin_utils/_definitions/*")) == LOOKUPS


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_the_core_has_the_options_without_parsing_them(lookup: str) -> None:
    # What it parses is of a class of its own, which says where each value stands.
    assert _known(_loaded(lookup)._load_name).__class__ is dict
    assert _parsed(lookup, f"{lookup} by another name").__class__ is not dict


@pytest.mark.parametrize("lookup", LOOKUPS)
def test_they_are_those_of_the_documentation(lookup: str) -> None:
    """Order and types included. `make definitions` brings the file up to date."""
    assert json.dumps(_known(_loaded(lookup)._load_name)) == json.dumps(_parsed(lookup, f"{lookup} anew"))


def test_a_lookup_without_a_file_is_left_to_the_core() -> None:
    config.declare("somewhere.plugins.lookup.acme_token")

    assert not constants.config.has_configuration_definition("lookup", "somewhere.plugins.lookup.acme_token")
