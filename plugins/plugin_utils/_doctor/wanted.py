# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which providers somebody means to use here. Private to this collection."""

from __future__ import annotations

from collections.abc import Mapping

from .._errors import AuthError
from .._options.options import Definitions, Level, Options, Sources, names_of, resolve
from .._providers import remarks
from .._providers.base import Provider

# A variable of many services, which alone says nothing of NetFoundry.
_SHARED_VARIABLE = "RAPIDAPI_KEY"


def is_meant(provider: Provider, definitions: Definitions, sources: Sources) -> bool:
    """Whether a selecting option is set, half of one, or a variable whose name is nearly that of an option."""
    odd: list[str] = []
    remarks.on_names(provider, definitions, sources.variables, odd.append)
    try:
        options = resolve(definitions, sources).found(provider.find())
    except AuthError:
        # Something is set, and cannot be used.
        return True
    return (
        bool(odd) or any(_says(name, options, provider) for name in _parts(provider)) or _is_by_value(options, provider)
    )


def _parts(provider: Provider) -> dict[str, None]:
    return dict.fromkeys(
        name for method in provider.methods for name in (*method.selected_by, *method.needs, *method.uses)
    )


def _says(name: str, options: Options, provider: Provider) -> bool:
    if not options.is_set(name):
        return False
    if name in provider.shared and options.level(name) is Level.VARIABLE:
        return False
    variables = names_of(options.definitions[name], "env")
    return options.level(name) is not Level.ENVIRONMENT or variables != [_SHARED_VARIABLE]


def _is_by_value(options: Options, provider: Provider) -> bool:
    wanted: list[Mapping[str, str]] = [method.selected_with for method in provider.methods]
    return any(options.is_set(name) and options.text(name) == value for each in wanted for name, value in each.items())
