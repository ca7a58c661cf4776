# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What arrived at the sandbox, and whether anything of it was shown."""

from __future__ import annotations

import jwt

from ..sandbox import Sandbox
from .secrecy import shown

# From this core on every token is replaced wherever the core shows something.
REPLACES = (2, 22)


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
