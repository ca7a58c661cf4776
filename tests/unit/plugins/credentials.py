# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Saying the credentials of a provider, in the places where that can be."""

from __future__ import annotations

from collections.abc import Mapping

from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import PLACES, Place, Scene

# provider: selecting option: method, in the table's order.
SELECTS = {name: data.selects for name, data in DATA.items()}
# provider: option: value
Values = Mapping[str, Mapping[str, str]]


def place(provider: str, option: str, kind: str) -> Place:
    return next(each for each in PLACES[provider][option] if each.kind == kind)


def with_helpers(scene: Scene, values: Values, provider: str) -> None:
    """Say all that selects nothing, from the environment or, where it has no variable there, as an argument."""
    for option in values[provider].keys() - SELECTS[provider].keys():
        kinds = [each.kind for each in PLACES[provider][option]]
        kind = "environment" if "environment" in kinds else "argument"
        scene.say(place(provider, option, kind), values[provider][option])


def say(scene: Scene, values: Values, spot: Place) -> None:
    """Say a selecting option, and what the sandbox's account needs beside it."""
    scene.say(spot, values[spot.provider][spot.option])
    used = DATA[spot.provider].uses.get(spot.option)
    if used:
        scene.say(place(spot.provider, used, "environment"), values[spot.provider][used])
