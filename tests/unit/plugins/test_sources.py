# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a source may say and how it is read: types, aliases, several names, paths."""

from __future__ import annotations

import itertools
import os
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Level
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import credentials
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, PLACES, WAYS, Place, Scene, options_of

ODD = {
    "int": (True, 1.5, -1, "1.5", "-1", "inf", "1e3", "٣" * 10, "9" * 10),
    "bool": (2, 1.5, "maybe", "truth", "10"),
    "str": (True, 1.5),
    "path": (True, 1.5, "a\0b"),
}
KINDS = {"int": "timeout", "bool": "validate_certs", "str": "token_query", "path": "ca_path"}


@pytest.mark.parametrize("kind", ODD)
def test_what_is_nearly_of_the_type_is_refused(scene: Scene, kind: str) -> None:
    option = KINDS[kind]
    values: tuple[t.Any, ...] = ODD[kind]
    for value, way in itertools.product(values, WAYS):
        with scene.named(value, way) as one:
            one.arguments[option] = value
            assert one.refusal(way, "netbird").startswith(f"{option}, from the argument {option}, has a value")


def test_what_is_no_text_in_utf_8_is_refused(scene: Scene) -> None:
    for kind, way in itertools.product(("argument", "environment"), WAYS):
        with scene.named(kind, way) as one:
            spot = credentials.place("netbird", "pat", kind)
            one.say(spot, "half\udcff")
            assert one.refusal(way, "netbird") == (
                f"pat, from {spot.words}, has a value that cannot be used: expected text in UTF-8."
            )


READ = {
    "int": ((7, 7), ("7", 7), (" 7 ", 7)),
    "bool": ((True, True), (0, False), (1, True), ("False", False), ("off", False), ("YES", True), ("t", True)),
    "str": ((5, "5"), ("text", "text")),
}


@pytest.mark.parametrize("kind", READ)
def test_what_means_the_type_is_read_as_it(scene: Scene, kind: str) -> None:
    values: tuple[tuple[t.Any, t.Any], ...] = READ[kind]
    for (value, read), way in itertools.product(values, WAYS):
        with scene.named(value, way) as one:
            one.arguments[KINDS[kind]] = value
            found = one.options(way, "netbird").settings[KINDS[kind]].value
            assert found == read
            assert type(found) is type(read)


SEVERAL = tuple(
    (provider, option, names)
    for provider in PLUGINS
    for option, definition in options_of(provider).items()
    if len(names := tuple(each["name"] for each in definition.get("env", ()))) > 1
)


@pytest.mark.parametrize(("provider", "option", "names"), SEVERAL)
def test_the_first_environment_variable_that_is_not_empty_counts(
    scene: Scene, provider: str, option: str, names: tuple[str, ...]
) -> None:
    written = {"int": "7", "bool": "false"}.get(options_of(provider)[option]["type"], "https://{}.example")
    for empty in [set(each) for n in range(3) for each in itertools.combinations(names, n)]:
        with scene.named(empty) as one:
            for name in names:
                value = "" if name in empty else written.format(name.lower().replace("_", "-"))
                one.patch.setenv(name, value)
            first = next((name for name in names if name not in empty), None)
            setting = one.options("lookup", provider).settings[option]
            assert setting.source == (f"the environment variable {first}" if first else "its default")


ALIASES = [
    place
    for options in PLACES.values()
    for places in options.values()
    for place in places
    if place.name != place.option and place.kind == "argument"
]


def test_an_alias_with_its_option_is_an_error_that_names_both(scene: Scene) -> None:
    assert ALIASES
    for place, way in itertools.product(ALIASES, WAYS):
        with scene.named(place, way) as one:
            one.arguments = {place.option: MARKER, place.name: MARKER}
            sentence = one.refusal(way, place.provider)
            assert sentence == f"{place.option} and {place.name} are the same option. Leave one of them out."


def test_an_alias_is_no_variable(scene: Scene) -> None:
    for place, way in itertools.product(ALIASES, WAYS):
        with scene.named(place, way) as one:
            one.ansible.variables[f"{place.provider}_auth_{place.name}"] = MARKER
            assert one.options(way, place.provider).level(place.option) is Level.DEFAULT


@pytest.mark.parametrize("provider", PLUGINS)
def test_what_is_for_arguments_only_is_no_variable(scene: Scene, provider: str) -> None:
    for option, way in itertools.product(("refresh", "whoami", "set_facts", "state"), WAYS):
        with scene.named(option, way) as one:
            one.ansible.variables[f"{provider}_auth_{option}"] = MARKER
            untouched = Scene(one.patch, one.folder).options(way, provider).settings
            assert one.options(way, provider).settings == untouched


QUOTED = ('"user"', "'user'")


def test_quotes_around_a_value_in_the_ini_file_are_none_of_it(scene: Scene) -> None:
    ini = Place("netbird", "cache", "ini", "cache")
    for value, way in itertools.product(QUOTED, WAYS):
        with scene.named(value, way) as one:
            one.say(ini, value)
            assert one.options(way, "netbird").settings["cache"].value == "user"


def test_nothing_in_quotes_in_the_ini_file_is_unset(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.say(Place("netbird", "cache", "ini", "cache"), '""')
            assert one.options(way, "netbird").settings["cache"].source == "its default"


# The value, and whether it counts.
MANAGEMENT_URLS = {
    "https://nb.example": True,
    "http://127.0.0.1:33073": True,
    "nb.example:33073": False,
    "grpc://nb.example": False,
    "unix:///var/run/netbird.sock": False,
    MARKER: False,
}


def test_the_client_daemons_management_url_counts_only_when_it_is_one(scene: Scene) -> None:
    for (url, counts), way in itertools.product(MANAGEMENT_URLS.items(), WAYS):
        with scene.named(url, way) as one:
            one.patch.setenv("NB_MANAGEMENT_URL", url)
            one.arguments["pat"] = "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp"
            assert one.result(way, "netbird")["api_url"] == (url if counts else "https://api.netbird.io")


class TestPaths:
    def path(self, scene: Scene, way: str) -> t.Any:
        return scene.options(way, "netbird").settings["ca_path"].value

    def test_in_the_ini_file_they_are_relative_to_it(self, scene: Scene) -> None:
        for way in WAYS:
            with scene.named(way) as one:
                one.say(Place("netbird", "ca_path", "ini", "ca_path"), "certs/../ca.pem")
                assert self.path(one, way) == str(one.folder / "cfg0" / "ca.pem")

    def test_elsewhere_they_are_relative_to_the_working_directory(self, scene: Scene) -> None:
        places = [place for place in PLACES["netbird"]["ca_path"] if place.kind != "ini"]
        assert [place.kind for place in places] == ["argument", "variable", "environment", "environment"]
        for place, way in itertools.product(places, WAYS):
            with scene.named(place, way) as one:
                one.patch.chdir(one.folder)
                one.say(place, "certs/ca.pem")
                assert self.path(one, way) == os.path.realpath(one.folder / "certs/ca.pem")

    def test_a_home_that_is_not_there_is_refused(self, scene: Scene) -> None:
        for (provider, option), way in itertools.product(
            (("netbird", "ca_path"), ("netfoundry", "credentials_file")), WAYS
        ):
            with scene.named(option, way) as one:
                one.arguments[option] = "~nosuchuser/x"
                assert one.refusal(way, provider) == (
                    f"{option}, from the argument {option}, has a value that cannot be used: expected a path; "
                    "~ names no home directory there."
                )

    def test_home_and_variables_of_the_environment_are_put_in(self, scene: Scene) -> None:
        for way in WAYS:
            with scene.named(way) as one:
                one.patch.setenv("PLACE", "certs")
                one.arguments["ca_path"] = "~/$PLACE/ca.pem"
                assert self.path(one, way) == str(Path.home() / "certs" / "ca.pem")
