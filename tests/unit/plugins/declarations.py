# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options as documentation for Ansible declares them."""

from __future__ import annotations

import typing as t

from ansible_collections.netapi.auth.tests.unit.plugins.interface import Row
from ansible_collections.netapi.auth.tests.unit.plugins.walk import documentation


def module_options(provider: str) -> dict[str, dict[str, t.Any]]:
    """What the task's documentation declares."""
    found: dict[str, dict[str, t.Any]] = documentation("modules", provider)["options"]
    return found


def names(definition: dict[str, t.Any], kind: str) -> tuple[str, ...]:
    return tuple(each["name"] for each in definition.get(kind, ()))


def text_of(definition: dict[str, t.Any]) -> str:
    found = definition["description"]
    return found if isinstance(found, str) else " ".join(found)


def declared(found: dict[str, t.Any]) -> Row:
    return Row(
        type=found["type"],
        default=found.get("default"),
        choices=tuple(found.get("choices", ())),
        aliases=tuple(found.get("aliases", ())),
        env=names(found, "env"),
        ini=bool(found.get("ini")),
        elements=found.get("elements"),
        required=found.get("required", False),
    )
