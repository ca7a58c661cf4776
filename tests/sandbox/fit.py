# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Building a dataclass from what came over the control API."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar, get_origin, get_type_hints

T = TypeVar("T")


def fit(kind: Callable[..., T], values: Mapping[str, Any]) -> T:
    """Build a `kind`, a dataclass, with a list for every tuple. ValueError says what does not fit."""
    hints = get_type_hints(kind)
    fitted = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    for name, value in fitted.items():
        if name not in hints:
            raise ValueError(f"there is no {name}")
        # isinstance takes `str | None` as it is, but `tuple[str, ...]` only without the type of its items.
        origin = get_origin(hints[name])
        expected = origin if origin in (tuple, Mapping) else hints[name]
        if not isinstance(value, expected):
            raise ValueError(f"{name} has the wrong type")
    try:
        return kind(**fitted)
    except TypeError as error:
        raise ValueError(str(error)) from None
