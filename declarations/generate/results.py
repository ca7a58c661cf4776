# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What runs against real providers have found, from the files of docs/providers/."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .checked import DeclarationError

FOLDER = "docs/providers"
# How the guide says what is in the file of a run.
_WORDS = {"token": "yes", "refused": "refused", "not asked": "\u2013", "unsupported": "no"}
_CLIENTS = {"federated": "``client_assertion``"}


@dataclass(frozen=True)
class Results:
    """One run.

    :param cells: what came of each client authentication with each grant.
    """

    server: str
    version: str
    date: str
    cells: dict[str, dict[str, str]]

    @property
    def title(self) -> str:
        day = date.fromisoformat(self.date)
        return f"{self.server} {self.version}, {day.day} {day:%B} {day.year}"

    @property
    def grants(self) -> list[str]:
        """Those of all rows: one that a row lacks is an error."""
        return list(dict.fromkeys(grant for row in self.cells.values() for grant in row))

    @property
    def rows(self) -> list[list[str]]:
        """The cells as the guide has them. Raises KeyError for a cell without a result."""
        return [
            [_CLIENTS.get(name, f"``{name}``"), *(_WORDS[row[grant]] for grant in self.grants)]
            for name, row in self.cells.items()
        ]


def read(root: Path) -> list[Results]:
    """Those of all servers, by name."""
    return [_read(path) for path in files(root)]


def _read(path: Path) -> Results:
    try:
        return Results(**t.cast("dict[str, t.Any]", json.loads(path.read_text(encoding="utf-8"))))
    except (TypeError, ValueError):
        raise DeclarationError(f"{FOLDER}/{path.name} is not what `make results` writes. Take it from git.") from None


def files(root: Path) -> list[Path]:
    return sorted((root / FOLDER).glob("*.json"))
