# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is seen of a token that somebody else made, without judging what it says. Private to this collection."""

from __future__ import annotations

import base64
import json
from collections.abc import Container, Iterable, Mapping

from .. import _token
from .._http import masking

# Bytes of a signature by RSA: the key's, which has at least 2048 bits (RFC 7518 section 3.3).
_RSA = range(256, 1025, 64)
# Bytes of the last part of a JWT: of a signature (RFC 7518 section 3, RFC 8037, RFC 8812), or of the tag of an
# encrypted one (RFC 7518 section 5).
_LAST: Mapping[str, Container[int]] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), _RSA),
    "HS256": (32,),
    "HS384": (48,),
    "HS512": (64,),
    "ES256": (64,),
    "ES256K": (64,),
    "ES384": (96,),
    "ES512": (132,),
    "EdDSA": (64, 114),
    "A128GCM": (16,),
    "A192GCM": (16,),
    "A256GCM": (16,),
    "A128CBC-HS256": (16,),
    "A192CBC-HS384": (24,),
    "A256CBC-HS512": (32,),
}
# Characters of a claim, and seconds since the epoch, that are shown.
_LONGEST_CLAIM = 300
_LATEST = 1e11


def is_whole(text: str) -> bool:
    """Whether it is a JWT to its end (RFC 7519 section 3): one that is still being written lacks a piece there."""
    parts = text.split(".")
    try:
        header = json.loads(_decoded(parts[0]))
        last = _decoded(parts[-1])
    except (ValueError, RecursionError):
        return False
    if not isinstance(header, dict) or len(parts) != (5 if "enc" in header else 3):
        return False
    return bool(last) and len(last) in _LAST.get(str(header.get("enc", header.get("alg"))), (len(last),))


def _decoded(part: str) -> bytes:
    """What base64url says (RFC 7515 section 2); empty for what is none, or was cut within a group."""
    content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return content if base64.urlsafe_b64encode(content).decode().rstrip("=") == part else b""


def shown(token: str, secrets: Iterable[str] = ()) -> str:
    """What a refusal may show of a token, as a part of a sentence; empty for one that is no JWT.

    :param secrets: what must not be shown besides.
    """
    claims = _token.claims_of(token)
    said = {name: _told(claims.get(name)) for name in ("iss", "sub", "aud")}
    said = {name: masking.plain(text, (token, *secrets))[:_LONGEST_CLAIM] for name, text in said.items()}
    said |= {name: _moment(claims.get(name)) for name in ("iat", "exp")}
    return ", ".join(f"{name} {text}" for name, text in said.items() if text)


def _told(value: object) -> str:
    if isinstance(value, list):
        return " and ".join(filter(None, map(_told, value[:_LONGEST_CLAIM])))
    return value if isinstance(value, str) else ""


def _moment(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < _LATEST:
        return ""
    return _token.timestamp(value)
