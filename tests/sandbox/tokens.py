# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Issues tokens, and knows those that live."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

import jwt

from . import faults
from .state import State

LIFE = 3600
# Signs all tokens that the sandbox issues. No secret: nobody but the sandbox takes them.
SIGNING_KEY = "sandbox-signing-key-0123456789-abcdef"


@dataclass(frozen=True)
class Issued:
    """`expires_in` in seconds."""

    token: str
    expires_in: int


@dataclass(frozen=True)
class Live:
    """What stands behind a token: its owner (the key of an account) and what it is good for."""

    provider: str
    owner: str
    area: str
    expires_at: float


class Mint:
    def __init__(self, state: State) -> None:
        self._state = state
        self._lock = threading.Lock()
        self._live: dict[str, Live] = {}

    def grant(self, provider: str, owner: str, area: str, claims: Mapping[str, object]) -> Issued:
        """Issue an access token and count the grant. A fault may set its life, or make it opaque."""
        fault = faults.current()
        life = LIFE if fault is None or fault.life is None else fault.life
        token = secrets.token_urlsafe(32) if fault and fault.opaque else sign(claims, life)
        self.enrol(token, Live(provider, owner, area, time.time() + life))
        self._state.count_grant(provider)
        return Issued(token, life)

    def enrol(self, token: str, live: Live) -> None:
        with self._lock:
            self._live[token] = live

    def find(self, provider: str, token: str) -> Live | None:
        """The token's facts while it lives, and only for the provider that it was issued for."""
        with self._lock:
            live = self._live.get(token)
        if live is None or live.provider != provider or live.expires_at <= time.time():
            return None
        return live


def sign(claims: Mapping[str, object], life: int) -> str:
    """A JWT (HS256) that differs from every other by its `jti`."""
    start = int(time.time())
    standard: dict[str, object] = {"iat": start, "exp": start + life, "jti": uuid.uuid4().hex}
    return jwt.encode({**claims, **standard}, SIGNING_KEY, algorithm="HS256")
