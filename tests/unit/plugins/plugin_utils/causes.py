# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What services answer to a mistake, from ``causes.toml``, and the rows of the guide for it."""

from __future__ import annotations

import tomllib
import typing as t
from pathlib import Path

TABLE = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
# Where an answer in JSON says why.
_FIELDS = ("errorCode", "errorSummary", "name", "message", "error")
# Characters of an answer that the guide shows.
_LONGEST = 150


class Row(t.NamedTuple):
    """One answer to one call: the services that give it, and what mends it.

    :param parts: what follows the status in ``causes.toml``.
    """

    service: str
    mend: str
    ask: str
    status: int
    parts: list[t.Any]

    def __str__(self) -> str:
        return f"{self.service} to {self.ask}: {self.status} {self.parts}"[:120]


def rows() -> list[Row]:
    """The whole table."""
    return [
        Row(service, mend, ask, status, [_worded(part) for part in parts])
        for service, answers in TABLE["answers"].items()
        for mend, asks, status, *parts in answers
        for ask in ([asks] if isinstance(asks, str) else asks)
    ]


def mend_of(row: Row) -> dict[str, t.Any]:
    """What mends it. What the table says nothing more of is an option."""
    return t.cast("dict[str, t.Any]", TABLE["mends"].get(row.mend, {"options": [row.mend]}))


def _worded(part: object) -> object:
    for name, words in TABLE["words"].items():
        part = part.replace(f"{{{name}}}", words) if isinstance(part, str) else part
    return part


def told() -> list[tuple[str, str, str]]:
    """The rows of the guide: who answers, with which status and words, and what to look at."""
    found = [
        (row.service, f"``{row.status}`` ``{words}``", _looked_at(mend_of(row)))
        for row in rows()
        if row.service != "made up" and row.status not in (200, 429) and (words := _words(row.parts))
    ]
    return list(dict.fromkeys(found))


def _words(parts: list[t.Any]) -> str:
    """The words of an answer as the error has them; none of a page or of plain text."""
    if parts[0] in ("page", "text"):
        return ""
    if isinstance(parts[0], dict):
        parts = [parts[0][name] for name in _FIELDS if name in parts[0]]
    text = ": ".join(parts)
    return text if len(text) <= _LONGEST else f"{text[:40]} ... {text[45 - _LONGEST :]}"


def _looked_at(mend: dict[str, t.Any]) -> str:
    return ", ".join([*(f"``{name}``" for name in mend.get("options", ())), *filter(None, [mend.get("besides")])])
