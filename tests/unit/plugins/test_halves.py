# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials of which a part is missing: the sentence names it, and the ways to give it."""

from __future__ import annotations

import itertools
import re

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import SELECTS, Values, place
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import PLACES, WAYS, Scene, check, options_of

# provider, what is said, what the sentence names as missing.
HALVES = list(
    dict.fromkeys(
        (provider, tuple(name for name in credential if name != one), data.either.get(one, (one,)))
        for provider, data in DATA.items()
        for credential in data.credentials
        for one in credential
        if len(credential) > 1
    )
)
EACH_HALF = pytest.mark.parametrize(("provider", "said", "missing"), HALVES)


@EACH_HALF
def test_the_missing_half_is_named(
    scene: Scene, sandbox: Sandbox, values: Values, provider: str, said: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    for kind, way in itertools.product(("argument", "variable", "environment"), WAYS):
        with scene.named(kind, way) as one:
            for option in said:
                one.say(place(provider, option, kind), values[provider][option])

            sentence = one.refusal(way, provider)

            assert {*missing} <= {*re.findall(r"\w+", sentence)}
            # The first of them with all the ways to say it.
            for each in PLACES[provider][missing[0]]:
                assert each.name in sentence or each.name in options_of(provider)[missing[0]].get("aliases", ())
            assert sandbox.state.requests == []
            assert "\n" not in sentence


@pytest.mark.parametrize("provider", PLUGINS)
def test_the_half_that_is_there_is_not_shown(scene: Scene, values: Values, provider: str) -> None:
    secrets = set(PROVIDERS[provider].secrets)
    halves = [said for each, said, dummy in HALVES if each == provider]
    for said, way in itertools.product(halves, WAYS):
        with scene.named(said, way) as one:
            one.arguments = {option: values[provider][option] for option in said}
            check(one.refusal(way, provider), hidden=tuple(values[provider][option] for option in secrets & set(said)))


@EACH_HALF
def test_the_other_half_may_come_from_a_less_specific_source(
    scene: Scene, values: Values, provider: str, said: tuple[str, ...], missing: tuple[str, ...]
) -> None:
    helpers = DATA[provider].addresses
    # Where two would do, the one that the sandbox's account needs; the file needs no second thing.
    other = next(option for option in reversed(missing) if option in values[provider])
    selecting = next(option for option in (*said, other) if option in SELECTS[provider])
    for kind, way in itertools.product(("variable", "environment"), WAYS):
        with scene.named(kind, way) as one:
            one.arguments = {option: values[provider][option] for option in (*said, *helpers)}
            one.say(place(provider, other, kind), values[provider][other])
            for used in filter(None, map(DATA[provider].uses.get, (*said, other))):
                one.say(place(provider, used, "environment"), values[provider][used])
            assert one.result(way, provider)["method"] == SELECTS[provider][selecting]


@pytest.mark.parametrize("provider", PLUGINS)
def test_without_any_credential_all_the_options_and_variables_that_would_do_are_named(
    scene: Scene, provider: str
) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            sentence = one.refusal(way, provider)
            assert sentence.startswith(f"{PROVIDERS[provider].label} has no credential here: give one of ")
            for option in SELECTS[provider]:
                assert option in sentence
                assert all(each["name"] in sentence for each in options_of(provider)[option].get("env", ()))
            assert f"{provider}_auth_{next(iter(SELECTS[provider]))}" in sentence
