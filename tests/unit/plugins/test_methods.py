# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which method the options select, as their table says, against the sandbox."""

from __future__ import annotations

import itertools
import re

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import (
    SELECTS,
    Values,
    place,
    say,
    with_helpers,
)
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import write_file
from ansible_collections.netapi.auth.tests.unit.plugins.walk import PLACES, WAYS, Scene, options_of

SELECTING = [(provider, option) for provider, options in SELECTS.items() for option in options]
# Two that select different methods, the table's first one first.
PAIRS = [
    (provider, first, second)
    for provider, options in SELECTS.items()
    for first, second in itertools.combinations(options, 2)
    if options[first] != options[second]
]
# The one pair in which the first's method may use the second.
KINDS = ("argument", "variable", "environment")
EACH = pytest.mark.parametrize("provider", PLUGINS)
EACH_SELECTING = pytest.mark.parametrize(("provider", "option"), SELECTING)


def pairs_of(provider: str) -> list[tuple[str, str]]:
    return [(first, second) for each, first, second in PAIRS if each == provider]


def used_pairs_of(provider: str) -> list[tuple[str, str]]:
    """Those of which the method of the first uses the second."""
    uses = {method.name: method.uses for method in PROVIDERS[provider].methods}
    return [(first, second) for first, second in pairs_of(provider) if second in uses[SELECTS[provider][first]]]


def exclusive_pairs_of(provider: str) -> list[tuple[str, str]]:
    return [pair for pair in pairs_of(provider) if pair not in used_pairs_of(provider)]


@EACH_SELECTING
def test_a_selecting_option_alone_selects_its_method(scene: Scene, values: Values, provider: str, option: str) -> None:
    for spot, way in itertools.product(PLACES[provider][option], WAYS):
        with scene.named(spot, way) as one:
            with_helpers(one, values, provider)
            say(one, values, spot)
            assert one.result(way, provider)["method"] == SELECTS[provider][option]


@EACH_SELECTING
def test_the_most_specific_source_decides(scene: Scene, values: Values, provider: str, option: str) -> None:
    others = [name for name, method in SELECTS[provider].items() if method != SELECTS[provider][option]]
    for other, (near, far) in itertools.product(others, itertools.combinations(KINDS, 2)):
        with scene.named(other, near, far) as one:
            with_helpers(one, values, provider)
            say(one, values, place(provider, other, far))
            say(one, values, place(provider, option, near))
            assert one.result("lookup", provider)["method"] == SELECTS[provider][option]


@EACH
def test_two_methods_in_arguments_or_in_variables_are_an_error_that_names_both(
    scene: Scene, values: Values, provider: str
) -> None:
    for (first, second), kind, way in itertools.product(exclusive_pairs_of(provider), KINDS[:2], WAYS):
        with scene.named(first, second, kind, way) as one:
            with_helpers(one, values, provider)
            for option in (first, second):
                one.say(place(provider, option, kind), values[provider][option])
            sentence = one.refusal(way, provider)
            said = [f"{option}, from {place(provider, option, kind).words}," for option in (first, second)]
            assert f"{said[0]} selects the method {SELECTS[provider][first]}" in sentence
            assert f"{said[1]} the method {SELECTS[provider][second]}" in sentence
            assert all(values[provider][option] not in sentence for option in (first, second))


@EACH
def test_within_the_environment_the_order_of_the_table_decides(scene: Scene, values: Values, provider: str) -> None:
    for (first, second), way in itertools.product(pairs_of(provider), WAYS):
        with scene.named(first, second, way) as one:
            with_helpers(one, values, provider)
            say(one, values, place(provider, second, "environment"))
            say(one, values, place(provider, first, "environment"))
            assert one.result(way, provider)["method"] == SELECTS[provider][first]


@pytest.mark.parametrize("provider", [name for name in PLUGINS if used_pairs_of(name)])
def test_a_secret_that_a_method_uses_is_no_second_method(scene: Scene, values: Values, provider: str) -> None:
    for pair, kind, way in itertools.product(used_pairs_of(provider), KINDS, WAYS):
        with scene.named(pair, kind, way) as one:
            with_helpers(one, values, provider)
            for option in pair:
                one.say(place(provider, option, kind), values[provider][option])
            assert one.result(way, provider)["method"] == SELECTS[provider][pair[0]]


@EACH
def test_a_given_method_settles_it(scene: Scene, values: Values, provider: str) -> None:
    for pair, kind, wanted in itertools.product(exclusive_pairs_of(provider), KINDS, (0, 1)):
        with scene.named(*pair, kind, wanted) as one:
            with_helpers(one, values, provider)
            for option in pair:
                say(one, values, place(provider, option, kind))
            one.arguments["method"] = SELECTS[provider][pair[wanted]]
            assert one.result("lookup", provider)["method"] == one.arguments["method"]


@EACH_SELECTING
def test_a_given_method_takes_its_option_from_any_source(
    scene: Scene, values: Values, provider: str, option: str
) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            with_helpers(one, values, provider)
            say(one, values, place(provider, option, "environment"))
            other = next(name for name, method in SELECTS[provider].items() if method != SELECTS[provider][option])
            say(one, values, place(provider, other, "argument"))
            one.ansible.variables[f"{provider}_auth_method"] = SELECTS[provider][option]
            assert one.result(way, provider)["method"] == SELECTS[provider][option]


@EACH_SELECTING
def test_a_given_method_without_its_option_is_an_error_that_names_it(
    scene: Scene, values: Values, provider: str, option: str
) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            with_helpers(one, values, provider)
            one.arguments["method"] = SELECTS[provider][option]
            sentence = one.refusal(way, provider)
            assert SELECTS[provider][option] in sentence
            assert option in sentence


@EACH
def test_other_options_select_nothing(scene: Scene, provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            for option, definition in options_of(provider).items():
                if option not in SELECTS[provider] and "choices" not in definition and definition["type"] == "str":
                    one.arguments[option] = f"https://{option.replace('_', '-')}.example"
            one.arguments["cache"] = "redis://cache.example"
            sentence = one.refusal(way, provider)
            assert re.search(r" is not set, and the argument \w+ is\. Use ", sentence)


def with_default_file(scene: Scene, values: Values) -> None:
    """In the home directory, of another client than all other sources have."""
    path = scene.folder / ".netfoundry" / "credentials.json"
    write_file(path, "nf-client-2", values["netfoundry"]["token_url"])


def test_a_default_file_counts_when_nothing_else_is_said(scene: Scene, values: Values) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            with_default_file(one, values)
            one.arguments["environment"] = "sandbox"
            result = one.result(way, "netfoundry")
            assert (result["method"], result["claims"]["sub"]) == ("client_credentials", "nf-client-2")


@pytest.mark.parametrize("option", SELECTS["netfoundry"])
def test_every_other_source_counts_before_a_default_file(scene: Scene, values: Values, option: str) -> None:
    for kind, way in itertools.product(KINDS, WAYS):
        with scene.named(kind, way) as one:
            with_default_file(one, values)
            with_helpers(one, values, "netfoundry")
            one.say(place("netfoundry", option, kind), values["netfoundry"][option])
            result = one.result(way, "netfoundry")
            assert result["method"] == SELECTS["netfoundry"][option]
            assert "nf-client-2" not in str(result["claims"])
