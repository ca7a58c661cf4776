# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token as a value: its text, scheme, expiry, scope and claims. Private to this collection."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import math
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

# A life beyond ten years is no expiry that anybody meant; it counts as unknown, as NaN does.
_LONGEST_LIFE = 10 * 365 * 86400.0
_UNKNOWN_LIFE = 300.0
# Seconds by which the clocks of two machines that share a cache may differ.
_CLOCK_TOLERANCE = 60.0
_UNKNOWN_REFRESH_LIFE = 30 * 86400.0


@dataclass(frozen=True, repr=False)
class Token:
    """What a grant gives. Times are seconds since the epoch, UTC.

    :param text: what follows the scheme in the header; the key for RapidAPI.
    :param issued_at: the moment before the request was sent.
    :param expires_at: None when neither the answer nor the token says.
    :param claims: the JWT's payload, signature not checked; empty for an opaque token.
    :param refresh_token: what the answer gave to obtain the next one with.
    :param refresh_until: when the refresh token ends.
    :param host: the value of ``x-rapidapi-host``, for the scheme RapidAPI only.
    """

    text: str
    scheme: str
    issued_at: float
    expires_at: float | None = None
    scope: str | None = None
    claims: Mapping[str, t.Any] = field(default_factory=dict)
    host: str | None = None
    refresh_token: str | None = None
    refresh_until: float | None = None

    def __repr__(self) -> str:
        return f"<Token {self.scheme}>"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that carry it (RFC 6750 section 2.1 for Bearer)."""
        if self.scheme == "RapidAPI":
            return {"x-rapidapi-key": self.text, "x-rapidapi-host": self.host or ""}
        return {"Authorization": f"{self.scheme} {self.text}"}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it never may be shown."""
        return tuple(filter(None, (self.text, self.headers.get("Authorization"), self.refresh_token)))

    @property
    def end(self) -> float:
        """When it is taken for dead: with an unknown life, five minutes after it was issued."""
        return self.issued_at + _UNKNOWN_LIFE if self.expires_at is None else self.expires_at

    @property
    def life(self) -> float:
        return self.end - self.issued_at

    @property
    def useful_until(self) -> float:
        """The end of the token or of its refresh token, whichever is later."""
        return max(self.end, self.refresh_until or 0.0)

    def lives(self, now: float, seconds: float) -> bool:
        """Whether it lives ``seconds`` more, or half of its life where that is less.

        A token issued well after ``now`` is dead: the clock was set back, and its expiry means nothing.
        """
        return (
            self.issued_at <= now + _CLOCK_TOLERANCE
            and self.end > now
            and self.end - now >= min(seconds, self.life / 2)
        )

    def can_refresh(self, now: float) -> bool:
        return self.refresh_until is not None and self.refresh_until > now

    def with_refresh_of(self, other: Token) -> Token:
        """The same, with the other's refresh token unless it has one of its own (RFC 6749 section 6)."""
        if self.refresh_token is not None:
            return self
        return replace(self, refresh_token=other.refresh_token, refresh_until=other.refresh_until)


def claims_of(text: str) -> dict[str, t.Any]:
    """The payload of a JWT (RFC 7519 section 3), signature not checked; empty for anything else."""
    parts = text.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def expiry(issued_at: float, expires_in: object, claims: Mapping[str, t.Any]) -> float | None:
    """When a token ends: ``expires_in`` counted from before the request (RFC 6749 section 5.1), else ``exp``."""
    life = _number(expires_in)
    if life is not None and 0 < life <= _LONGEST_LIFE:
        return issued_at + life
    exp = _number(claims.get("exp"))
    return exp if exp is not None and 0 < exp <= issued_at + _LONGEST_LIFE else None


def refresh_expiry(issued_at: float, refresh_expires_in: object) -> float:
    """When a refresh token ends; 30 days from its issue when nobody says, or says never with a zero."""
    life = _number(refresh_expires_in)
    return issued_at + (life if life is not None and 0 < life <= _LONGEST_LIFE else _UNKNOWN_REFRESH_LIFE)


def timestamp(seconds: float) -> str:
    """Seconds since the epoch as ISO 8601 in UTC, in whole seconds, with Z."""
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _number(value: object) -> float | None:
    """A finite number, also one that a provider wrote as text; None for everything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
