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

from ansible_collections.netapi.auth.plugins.plugin_utils._options import Level
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, PLACES, Place, Scene, options_of

ODD = {
    "int": (True, 1.5, -1, "1.5", "-1", "inf", "1e3", "٣" * 10, "9" * 10),
    "bool": (2, 1.5, "maybe", "truth", "10"),
    "str": (True, 1.5),
    "path": (True, 1.5, "a\0b"),
}
KINDS = {"int": "timeout", "bool": "validate_certs", "str": "token_query", "path": "ca_path"}


@pytest.mark.parametrize(("kind", "value"), [(kind, value) for kind, values in ODD.items() for value in values])
def test_what_is_nearly_of_the_type_is_refused(scene: Scene, way: str, kind: str, value: t.Any) -> None:
    scene.arguments[KINDS[kind]] = value
    assert scene.refusal(way, "netbird").startswith(f"{KINDS[kind]}, from the argument {KINDS[kind]}, has a value")


READ = {
    "int": ((7, 7), ("7", 7), (" 7 ", 7)),
    "bool": ((True, True), (0, False), (1, True), ("False", False), ("off", False), ("YES", True), ("t", True)),
    "str": ((5, "5"), ("text", "text")),
}


@pytest.mark.parametrize(("kind", "value", "read"), [(k, v, r) for k, values in READ.items() for v, r in values])
def test_what_means_the_type_is_read_as_it(scene: Scene, way: str, kind: str, value: t.Any, read: t.Any) -> None:
    scene.arguments[KINDS[kind]] = value
    found = scene.options(way, "netbird").settings[KINDS[kind]].value
    assert found == read
    assert type(found) is type(read)


SEVERAL = tuple(
    (provider, option, names)
    for provider in PLUGINS
    for option, definition in options_of(provider).items()
    if len(names := tuple(each["name"] for each in definition.get("env", ()))) > 1
)


@pytest.mark.parametrize(
    ("provider", "option", "names", "empty"),
    [(*each, set(empty)) for each in SEVERAL for n in range(3) for empty in itertools.combinations(each[2], n)],
)
def test_the_first_environment_variable_that_is_not_empty_counts(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, provider: str, option: str, names: tuple[str, ...], empty: set[str]
) -> None:
    for name in names:
        monkeypatch.setenv(name, "" if name in empty else f"https://{name.lower().replace('_', '-')}.example")
    first = next((name for name in names if name not in empty), None)
    setting = scene.options("lookup", provider).settings[option]
    assert setting.source == (f"the environment variable {first}" if first else "its default")


@pytest.mark.parametrize(
    "place", [place for place in PLACES if place.name != place.option and place.kind == "argument"], ids=str
)
class TestAliases:
    def test_with_its_option_it_is_an_error_that_names_both(self, scene: Scene, place: Place, way: str) -> None:
        scene.arguments = {place.option: MARKER, place.name: MARKER}
        sentence = scene.refusal(way, place.provider)
        assert sentence == f"{place.option} and {place.name} are the same option. Leave one of them out."

    def test_it_is_no_variable(self, scene: Scene, place: Place, way: str) -> None:
        scene.ansible.variables[f"{place.provider}_auth_{place.name}"] = MARKER
        assert scene.options(way, place.provider).level(place.option) is Level.DEFAULT


@pytest.mark.parametrize("provider", PLUGINS)
@pytest.mark.parametrize("option", ["refresh", "whoami", "set_facts", "state"])
def test_what_is_for_arguments_only_is_no_variable(scene: Scene, way: str, provider: str, option: str) -> None:
    scene.ansible.variables[f"{provider}_auth_{option}"] = MARKER
    untouched = Scene(scene.patch, scene.folder).options(way, provider).settings
    assert scene.options(way, provider).settings == untouched


@pytest.mark.parametrize(
    ("url", "counts"),
    [
        ("https://nb.example", True),
        ("http://127.0.0.1:33073", True),
        ("nb.example:33073", False),
        ("grpc://nb.example", False),
        ("unix:///var/run/netbird.sock", False),
        (MARKER, False),
    ],
)
def test_the_client_daemons_management_url_counts_only_when_it_is_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str, url: str, counts: bool
) -> None:
    monkeypatch.setenv("NB_MANAGEMENT_URL", url)
    scene.arguments["pat"] = "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp"
    assert scene.result(way, "netbird")["api_url"] == (url if counts else "https://api.netbird.io")


class TestPaths:
    def path(self, scene: Scene, way: str) -> t.Any:
        return scene.options(way, "netbird").settings["ca_path"].value

    def test_in_the_ini_file_they_are_relative_to_it(self, scene: Scene, way: str) -> None:
        scene.say(Place("netbird", "ca_path", "ini", "ca_path"), "certs/../ca.pem")
        assert self.path(scene, way) == str(scene.folder / "cfg0" / "ca.pem")

    @pytest.mark.parametrize(
        ("kind", "name"),
        [("argument", "ca_path"), ("variable", "netbird_auth_ca_path"), ("environment", "NETAPI_AUTH_CA_PATH")],
    )
    def test_elsewhere_they_are_relative_to_the_working_directory(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str, kind: str, name: str
    ) -> None:
        monkeypatch.chdir(scene.folder)
        scene.say(Place("netbird", "ca_path", kind, name), "certs/ca.pem")
        assert self.path(scene, way) == os.path.realpath(scene.folder / "certs/ca.pem")

    def test_home_and_variables_of_the_environment_are_put_in(
        self, scene: Scene, monkeypatch: pytest.MonkeyPatch, way: str
    ) -> None:
        monkeypatch.setenv("PLACE", "certs")
        scene.arguments["ca_path"] = "~/$PLACE/ca.pem"
        assert self.path(scene, way) == str(Path.home() / "certs" / "ca.pem")
