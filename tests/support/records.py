# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What arrived at the sandbox, and whether anything of it, or another secret, was shown."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import jwt

from ..sandbox import Sandbox

# From this core on every token is replaced wherever the core shows something.
REPLACES = (2, 22)
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}")
_HEXADECIMAL = re.compile(rb"(?:[0-9A-Fa-f]{2}){8,}")
_URL_SAFE = bytes.maketrans(b"-_", b"+/")


def sent(sandbox: Sandbox, path: str) -> list[str]:
    """The Authorization header of each request for the path, in their order."""
    return [one.headers.get("authorization", "") for one in sandbox.state.requests if one.path == path]


def owner(header: str) -> str:
    """The account of a header with a token that says it."""
    return str(jwt.decode(text_of(header), options={"verify_signature": False})["sub"])


def text_of(header: str) -> str:
    """What follows the scheme."""
    return header.partition(" ")[2]


def hidden(output: str, *secrets: str) -> None:
    """Fail where the output shows one of them. Of a header it is what follows the scheme."""
    assert not shown([text_of(secret) or secret for secret in secrets], [output.encode()])


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
