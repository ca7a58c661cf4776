# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which method the options select, as the table of interface.md says, against the sandbox."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import (
    SELECTS,
    Values,
    place,
    say,
    with_helpers,
    write_file,
)
from ansible_collections.netapi.auth.tests.unit.plugins.walk import Place, Scene, options_of, places_of

SELECTING = [(provider, option) for provider, options in SELECTS.items() for option in options]
# Two that select different methods, the table's first one first.
PAIRS = [
    (provider, first, second)
    for provider, options in SELECTS.items()
    for first, second in itertools.combinations(options, 2)
    if options[first] != options[second]
]
# The one pair in which the first's method may use the second.
USED = ("netbird", "refresh_token", "client_secret")


ALONE = [each for provider, option in SELECTING for each in places_of(provider, option, options_of(provider)[option])]


@pytest.mark.parametrize("spot", ALONE, ids=str)
def test_a_selecting_option_alone_selects_its_method(scene: Scene, values: Values, way: str, spot: Place) -> None:
    with_helpers(scene, values, spot.provider)
    scene.say(spot, values[spot.provider][spot.option])
    if (spot.provider, spot.option) == USED[:2]:
        scene.say(place(*USED[::2], "environment"), values["netbird"]["client_secret"])
    assert scene.result(way, spot.provider)["method"] == SELECTS[spot.provider][spot.option]


@pytest.mark.parametrize(("provider", "first", "second"), [*PAIRS, *((p, b, a) for p, a, b in PAIRS)])
@pytest.mark.parametrize(
    ("near", "far"), [("argument", "variable"), ("argument", "environment"), ("variable", "environment")]
)
def test_the_most_specific_source_decides(
    scene: Scene, values: Values, provider: str, first: str, second: str, near: str, far: str
) -> None:
    with_helpers(scene, values, provider)
    say(scene, values, provider, second, far)
    say(scene, values, provider, first, near)
    assert scene.result("lookup", provider)["method"] == SELECTS[provider][first]


@pytest.mark.parametrize(("provider", "first", "second"), [pair for pair in PAIRS if pair != USED])
@pytest.mark.parametrize("kind", ["argument", "variable"])
def test_two_methods_in_arguments_or_in_variables_are_an_error_that_names_both(
    scene: Scene, values: Values, way: str, provider: str, first: str, second: str, kind: str
) -> None:
    with_helpers(scene, values, provider)
    for option in (first, second):
        scene.say(place(provider, option, kind), values[provider][option])
    sentence = scene.refusal(way, provider)
    assert f"{first} selects the method {SELECTS[provider][first]}" in sentence
    assert f"{second} the method {SELECTS[provider][second]}" in sentence
    assert all(values[provider][option] not in sentence for option in (first, second))


@pytest.mark.parametrize(("provider", "first", "second"), PAIRS)
def test_within_the_environment_the_order_of_the_table_decides(
    scene: Scene, values: Values, way: str, provider: str, first: str, second: str
) -> None:
    with_helpers(scene, values, provider)
    say(scene, values, provider, second, "environment")
    say(scene, values, provider, first, "environment")
    assert scene.result(way, provider)["method"] == SELECTS[provider][first]


@pytest.mark.parametrize("kind", ["argument", "variable", "environment"])
def test_a_secret_that_a_refresh_token_uses_is_no_second_method(
    scene: Scene, values: Values, way: str, kind: str
) -> None:
    with_helpers(scene, values, "netbird")
    for option in ("refresh_token", "client_secret"):
        scene.say(place("netbird", option, kind), values["netbird"][option])
    assert scene.result(way, "netbird")["method"] == "refresh_token"


@pytest.mark.parametrize(("provider", "first", "second"), [pair for pair in PAIRS if pair != USED])
@pytest.mark.parametrize("kind", ["argument", "variable", "environment"])
@pytest.mark.parametrize("wanted", [0, 1])
def test_a_given_method_settles_it(
    scene: Scene, values: Values, provider: str, first: str, second: str, kind: str, wanted: int
) -> None:
    with_helpers(scene, values, provider)
    for option in (first, second):
        say(scene, values, provider, option, kind)
    scene.arguments["method"] = SELECTS[provider][(first, second)[wanted]]
    assert scene.result("lookup", provider)["method"] == scene.arguments["method"]


@pytest.mark.parametrize(("provider", "option"), SELECTING)
def test_a_given_method_takes_its_option_from_any_source(
    scene: Scene, values: Values, way: str, provider: str, option: str
) -> None:
    with_helpers(scene, values, provider)
    say(scene, values, provider, option, "environment")
    other = next(name for name, method in SELECTS[provider].items() if method != SELECTS[provider][option])
    say(scene, values, provider, other, "argument")
    scene.ansible.variables[f"{provider}_auth_method"] = SELECTS[provider][option]
    assert scene.result(way, provider)["method"] == SELECTS[provider][option]


@pytest.mark.parametrize(("provider", "option"), SELECTING)
def test_a_given_method_without_its_option_is_an_error_that_names_it(
    scene: Scene, values: Values, way: str, provider: str, option: str
) -> None:
    with_helpers(scene, values, provider)
    scene.arguments["method"] = SELECTS[provider][option]
    sentence = scene.refusal(way, provider)
    assert SELECTS[provider][option] in sentence
    assert option in sentence


@pytest.mark.parametrize("provider", PLUGINS)
def test_other_options_select_nothing(scene: Scene, way: str, provider: str) -> None:
    for option, definition in options_of(provider).items():
        if option not in SELECTS[provider] and "choices" not in definition and definition["type"] == "str":
            scene.arguments[option] = f"https://{option.replace('_', '-')}.example"
    sentence = scene.refusal(way, provider)
    assert " is set, but " in sentence


class TestDefaultFile:
    @pytest.fixture
    def file(self, values: Values, scene: Scene) -> Path:
        """In the home directory, of another client than all other sources have."""
        path = scene.folder / ".netfoundry" / "credentials.json"
        return write_file(path, "nf-client-2", values["netfoundry"]["token_url"])

    @pytest.mark.usefixtures("file")
    def test_it_counts_when_nothing_else_is_said(self, scene: Scene, way: str) -> None:
        scene.arguments["environment"] = "sandbox"
        result = scene.result(way, "netfoundry")
        assert (result["method"], result["claims"]["sub"]) == ("client_credentials", "nf-client-2")

    @pytest.mark.usefixtures("file")
    @pytest.mark.parametrize("kind", ["argument", "variable", "environment"])
    @pytest.mark.parametrize("option", SELECTS["netfoundry"])
    def test_every_other_source_counts_before_it(
        self, scene: Scene, values: Values, way: str, option: str, kind: str
    ) -> None:
        with_helpers(scene, values, "netfoundry")
        scene.say(place("netfoundry", option, kind), values["netfoundry"][option])
        result = scene.result(way, "netfoundry")
        assert result["method"] == SELECTS["netfoundry"][option]
        assert "nf-client-2" not in str(result["claims"])
