# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token, told from another without showing it. Private to this collection."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from .. import _token

# Characters. Of a shorter text, a hash would tell too much.
_SHORTEST = 20
_DIGITS = 8


def described(text: str, kind: Callable[[str], str] | None = None) -> str:
    """Its kind, length and the first digits of its SHA-256; empty for a text that is too short for that.

    :param kind: what its form says, such as whether its checksum is right; empty for nothing.
    """
    if len(text) < _SHORTEST:
        return ""
    usual = "a JWT" if _token.claims_of(text) else "opaque"
    what = (kind(text) if kind is not None else "") or usual
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    return f"{what}, {len(text)} characters, its SHA-256 begins with {digest}"
