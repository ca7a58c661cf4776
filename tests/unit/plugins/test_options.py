# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every plugin, from every source: empty values, wrong values, precedence."""

from __future__ import annotations

import typing as t

import pytest
from ansible import template as core_template

from ansible_collections.netapi.auth.plugins.plugin_utils._options import Level, Setting
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WALK, Place, Scene, places_of

NOTHING = {
    "argument": ("", None),
    "variable": ("", None, "{{ omit }}", "{{ '' }}", "{{ none }}"),
    "environment": ("",),
    "ini": ("",),
}
EMPTY = tuple(
    pytest.param(*walk.values, value, id=f"{walk.id}-{value}")
    for walk in WALK
    for value in NOTHING[t.cast(Place, walk.values[0]).kind]
)


def good(definition: dict[str, t.Any], number: int) -> tuple[t.Any, t.Any]:
    """A value as text of a source, and as the option's type. Other numbers give other values, where there are."""
    if "choices" in definition:
        value = definition["choices"][number % len(definition["choices"])]
        return value, value
    if definition["type"] == "bool":
        return ("no", False) if number % 2 else ("yes", True)
    if definition["type"] == "int":
        return str(number + 100), number + 100
    value = f"/there/{number}" if definition["type"] == "path" else f"https://{number}.example"
    return value, value


def with_omit(scene: Scene) -> None:
    """Before 2.19, omit is a variable with a placeholder; from then on the core knows it by itself."""
    if not hasattr(core_template, "trust_as_template"):
        scene.ansible.variables["omit"] = "__omit_place_holder__0123"


@pytest.mark.parametrize(("place", "way", "value"), EMPTY)
def test_an_empty_value_is_as_good_as_none(scene: Scene, place: Place, way: str, value: t.Any) -> None:
    with_omit(scene)
    untouched = dict(scene.options(way, place.provider).settings)
    # The harness says set_facts of its own accord.
    untouched[place.option] = Setting(place.definition.get("default"), Level.DEFAULT, "its default")

    scene.say(place, value)

    assert scene.options(way, place.provider).settings == untouched


@pytest.mark.parametrize(("place", "way"), WALK)
def test_behind_an_empty_value_the_next_source_counts(scene: Scene, place: Place, way: str) -> None:
    others = [each for each in places_of(place.provider, place.option, place.definition) if each.level > place.level]
    for number, other in enumerate(others):
        scene.say(other, good(place.definition, number)[0])
    scene.say(place, "")

    setting = scene.options(way, place.provider).settings[place.option]

    if others:
        assert setting.source == others[0].words
        assert setting.value == good(place.definition, 0)[1]
    else:
        assert setting.level is Level.DEFAULT
        assert setting.value == place.definition.get("default")


@pytest.mark.parametrize(("place", "way"), WALK)
def test_a_source_counts_before_all_less_specific_ones(scene: Scene, place: Place, way: str) -> None:
    places = places_of(place.provider, place.option, place.definition)
    number = places.index(place)
    for index, other in enumerate(places[number:], number):
        # An option and its alias exclude each other.
        if other.kind != "argument" or other == place:
            scene.say(other, good(place.definition, index)[0])

    setting = scene.options(way, place.provider).settings[place.option]

    assert (setting.value, setting.level, setting.source) == (
        good(place.definition, number)[1],
        place.level,
        place.words,
    )


def wrong_values(place: Place) -> tuple[t.Any, ...]:
    """Values that are not of the type or no choice: text can be all that environment and ini hold."""
    structures = () if place.kind in ("environment", "ini") else ([MARKER], {MARKER: MARKER})
    if "choices" in place.definition or place.definition["type"] != "str":
        texts = () if place.definition["type"] == "path" else (MARKER,)
        return (*texts, *structures)
    return structures


WRONG = tuple(
    pytest.param(*walk.values, value, id=f"{walk.id}-{value}")
    for walk in WALK
    for value in wrong_values(t.cast(Place, walk.values[0]))
)


@pytest.mark.parametrize(("place", "way", "value"), WRONG)
def test_a_wrong_value_gives_a_sentence_without_it(scene: Scene, place: Place, way: str, value: t.Any) -> None:
    scene.say(place, value)

    sentence = scene.refusal(way, place.provider)

    start = f"{place.option}, from {place.words}, has a value that cannot be used: expected "
    assert sentence.startswith(start)
    assert len(sentence) > len(start)
    assert MARKER not in sentence
    assert "\n" not in sentence
