# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every option of every plugin, from every source: empty values, wrong values, precedence."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Level, Setting
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.interface import CACHES
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, PLACES, Place, Scene, walk

NOTHING = {
    "argument": ("", None),
    "variable": ("", None, "{{ omit }}", "{{ '' }}", "{{ none }}"),
    "environment": ("",),
    "ini": ("",),
}
EACH = pytest.mark.parametrize("provider", PLUGINS)
EACH_OPTION = pytest.mark.parametrize(
    ("provider", "option"), [(provider, option) for provider in PLUGINS for option in PLACES[provider]]
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
    if definition["type"] == "dict":
        # As JSON, as a variable of the environment has it.
        return f'{{"name": "{number}"}}', f'{{"name": "{number}"}}'
    value = f"/there/{number}" if definition["type"] == "path" else f"https://{number}.example"
    return value, value


@EACH_OPTION
def test_an_empty_value_is_as_good_as_none(scene: Scene, provider: str, option: str) -> None:
    for place, way in walk(provider, option):
        for value in NOTHING[place.kind]:
            with scene.named(place, way, value) as one:
                check_empty(one, place, way, value)


def check_empty(scene: Scene, place: Place, way: str, value: t.Any) -> None:
    scene.ansible.knows_omit()
    untouched = dict(scene.options(way, place.provider).settings)
    # The harness says set_facts of its own accord.
    untouched[place.option] = Setting(place.definition.get("default"), Level.DEFAULT, "its default")

    scene.say(place, value)

    assert scene.options(way, place.provider).settings == untouched


@EACH
def test_behind_an_empty_value_the_next_source_counts(scene: Scene, provider: str) -> None:
    for option in PLACES[provider]:
        for place, way in walk(provider, option):
            with scene.named(place, way) as one:
                check_next(one, place, way)


def check_next(scene: Scene, place: Place, way: str) -> None:
    others = [each for each in PLACES[place.provider][place.option] if each.level > place.level]
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


@EACH
def test_a_source_counts_before_all_less_specific_ones(scene: Scene, provider: str) -> None:
    for option in PLACES[provider]:
        for place, way in walk(provider, option):
            with scene.named(place, way) as one:
                check_precedence(one, place, way)


def check_precedence(scene: Scene, place: Place, way: str) -> None:
    places = PLACES[place.provider][place.option]
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
    if place.option == "credentials_file":
        # A mapping is what such a file holds.
        return ([MARKER],) if structures else ()
    if place.definition["type"] == "raw":
        # A text, a list and a dictionary are right.
        return (1.5,) if structures else ()
    if place.definition["type"] == "dict":
        return (MARKER, [MARKER]) if structures else (MARKER,)
    if "choices" in place.definition or place.definition["type"] != "str":
        texts = () if place.definition["type"] == "path" else (MARKER,)
        return (*texts, *structures)
    return structures


@EACH_OPTION
def test_a_wrong_value_gives_a_sentence_without_it(scene: Scene, provider: str, option: str) -> None:
    for place, way in walk(provider, option):
        for value in wrong_values(place):
            with scene.named(place, way, value) as one:
                check_wrong(one, place, way, value)


def check_wrong(scene: Scene, place: Place, way: str, value: t.Any) -> None:
    scene.say(place, value)

    sentence = scene.refusal(way, place.provider)

    start = f"{place.option}, from {place.words}, has a value that cannot be used: expected "
    assert sentence.startswith(start)
    assert len(sentence) > len(start)
    assert MARKER not in sentence
    assert "\n" not in sentence


WRONG_CACHES = (
    MARKER,
    "Run",
    "run,user",
    " none",
    "user\n\n",
    "redis://",
    "rediss:/host",
    f"http://:{MARKER}@host:6379",
    f"REDIS://:{MARKER}@host:6379",
    f"/run/{MARKER}.sock",
    f" redis://:{MARKER}@host",
)


@EACH
def test_a_cache_that_is_none_gives_a_sentence_without_it(scene: Scene, provider: str) -> None:
    for place, way in walk(provider, "cache"):
        # An ini file has no line breaks and no blanks at the ends in a value.
        for value in [each for each in WRONG_CACHES if place.kind != "ini" or each == each.strip()]:
            with scene.named(place, way, value) as one:
                one.say(place, value)
                sentence = one.refusal(way, provider)
                end = "must be none, run, user, or an address such as rediss://user:password@host:6379/0. Correct it."
                assert sentence == f"cache, from {place.words}, {end}"


@EACH
def test_the_caches_of_the_interface_are_taken_from_every_source_but_addresses_from_ansible_cfg(
    scene: Scene, provider: str
) -> None:
    addresses = tuple(f"{scheme}://:{MARKER}@127.0.0.1:1/0" for scheme in ("redis", "rediss", "unix"))
    for place, way in walk(provider, "cache"):
        for value in (*CACHES, *addresses):
            with scene.named(place, way, value) as one:
                one.arguments["token"] = "opaque"
                one.say(place, value)
                if place.kind == "ini" and value in addresses:
                    expected = "cache in ansible.cfg must be none, run or user: an address can hold a password."
                    assert one.refusal(way, provider) == expected
                else:
                    assert one.result(way, provider)["source"] == "given"


@EACH
def test_an_address_in_ansible_cfg_is_not_read_where_a_more_specific_source_counts(scene: Scene, provider: str) -> None:
    *others, ini = PLACES[provider]["cache"]
    assert ini.kind == "ini"
    for other in others:
        for way in other.ways:
            with scene.named(other, way) as one:
                one.arguments["token"] = "opaque"
                one.say(ini, f"redis://:{MARKER}@127.0.0.1:1/0")
                one.say(other, "run")
                assert one.result(way, provider)["source"] == "given"
