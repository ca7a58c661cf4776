# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Looking for secrets where none may be."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def files_below(*directories: Path) -> dict[Path, bytes]:
    """Every file there and its content."""
    return {path: path.read_bytes() for top in directories for path in sorted(top.rglob("*")) if path.is_file()}


def shown(secrets: Iterable[str], contents: Iterable[bytes]) -> set[str]:
    """Those of the secrets that a content holds, as they are or in hexadecimal, base64 or its URL-safe form."""
    sought = {secret: secret.encode() for secret in secrets}
    return {
        secret for content in contents for form in _forms(content) for secret, text in sought.items() if text in form
    }


def _forms(content: bytes) -> Iterator[bytes]:
    yield content
    for match in set(_HEXADECIMAL.findall(content)):
        yield bytes.fromhex(match.decode())
    # The same words come again and again.
    for match in set(_BASE64.findall(content)):
        text = match.translate(_URL_SAFE)
        # Where it begins in a longer text is unknown, so each of the four places is tried.
        for start in range(4):
            part = text[start:]
            yield base64.b64decode(part[: len(part) // 4 * 4])
