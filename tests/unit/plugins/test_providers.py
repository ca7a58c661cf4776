# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""That the tests know all that they need of each provider: what is missing would be left out in silence elsewhere."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import fields

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.plugins import providers
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA, ProviderData
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

# What a provider may lack.
IDS = {"account_id", "client_id", "username"}
RARE = {"either", "uses", "wrong", "accounts", "readable"}


def lacking(name: str, data: ProviderData) -> list[str]:
    """What the data of a provider lacks, as sentences."""
    methods = PROVIDERS[name].methods
    ready = {flow.method for flow in data.ready_flows}
    granted = {method.name for method in methods} - ready
    asked = {option for grant in data.grants for option in grant.options}
    # field: what it must hold, what it holds.
    table: dict[str, tuple[Iterable[str], Iterable[str]]] = {
        **{field.name: ({"a value"}, {"a value"} if getattr(data, field.name) else ()) for field in fields(data)},
        "selects": ((option for method in methods for option in method.selected_by), data.selects),
        "values": ({*data.selects, *data.addresses, *asked}, data.values("https://service.example")),
        "credentials": (data.selects, (option for each in data.credentials for option in each)),
        "ids": (
            (
                option
                for method in methods
                if IDS & {*method.needs}
                for option in {*method.selected_by} - {*method.instead}
            ),
            data.ids,
        ),
        "urls": ({"api_url", "token_url", "issuer"} & {*options_of(name)}, data.urls),
        "in_headers": (PROVIDERS[name].headers, data.in_headers),
        "grants": (granted, (data.selects.get(option, "") for option in asked)),
        "flows": (granted, (flow.method for flow in data.flows)),
        "identities": (
            granted,
            (data.selects.get(option, "") for base, _changes in data.identities for option in base),
        ),
    }
    file = f"{providers.__name__.partition('.auth.')[2].replace('.', '/')}/{name}.py"
    return [
        f"{field} of DATA in {file} lacks {lacks}."
        for field, (wanted, held) in table.items()
        for lacks in sorted({*wanted} - {*held})
        if field not in RARE
    ]


@pytest.mark.parametrize("name", DATA)
def test_a_provider_has_all_that_the_tests_ask(name: str) -> None:
    assert lacking(name, DATA[name]) == []
    assert {*DATA[name].in_headers} == {*PROVIDERS[name].headers}
    assert [*DATA[name].selects] == [option for method in PROVIDERS[name].methods for option in method.selected_by]


def test_what_a_provider_lacks_is_said_with_its_place() -> None:
    said = lacking("netography", dataclasses.replace(DATA["netography"], grants=(), whoami=""))
    file = "tests/unit/plugins/providers/netography.py"
    assert said == [
        f"grants of DATA in {file} lacks api_key.",
        f"grants of DATA in {file} lacks refresh_token.",
        f"grants of DATA in {file} lacks user_credentials.",
        f"whoami of DATA in {file} lacks a value.",
    ]
