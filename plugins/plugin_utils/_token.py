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
from collections.abc import Callable, Mapping

from ._errors import ServiceError
from ._value import Value

Clock = Callable[[], float]
"""Seconds since the epoch, UTC."""

# A life beyond ten years is no expiry that anybody meant; it counts as unknown, as NaN does.
_LONGEST_LIFE = 10 * 365 * 86400.0
_UNKNOWN_LIFE = 300.0
# Seconds by which the clocks of two machines that share a cache may differ.
CLOCK_TOLERANCE = 60.0
_UNKNOWN_REFRESH_LIFE = 30 * 86400.0
# Levels within one claim. The core templates, copies and prints results level by level, with several calls for each.
_DEEPEST = 50
# Where an answer has the access token (RFC 6749 section 5.1).
STANDARD_FIELD = "access_token"


class Carrier(t.NamedTuple):
    """How a token stands in a request (RFC 6750 section 2.1).

    :param header: the header that carries it.
    :param prefix: what stands before it there; empty for nothing.
    """

    header: str = "Authorization"
    prefix: str = "Bearer"

    def headers(self, text: str) -> dict[str, str]:
        """For the token alone, where it is not ``Authorization`` with the prefix as its scheme."""
        if self.header == "Authorization" and self.prefix:
            return {}
        return {self.header: f"{self.prefix} {text}".lstrip()}


BEARER = Carrier()


class Token(Value):
    """What a grant gives. Times are seconds since the epoch, UTC.

    :param text: what follows the scheme in the header, or the key that is sent without one.
    :param issued_at: the moment before the request was sent.
    :param expires_at: None when neither the answer nor the token says.
    :param claims: the JWT's payload, signature not checked; empty for an opaque token.
    :param refresh_token: what the answer gave to obtain the next one with.
    :param refresh_until: when the refresh token ends.
    :param carriers: the headers that carry it, where that is not ``Authorization`` with scheme and text.
    """

    text: str
    scheme: str
    issued_at: float
    expires_at: float | None = None
    scope: str | None = None
    claims: Mapping[str, t.Any] = {}
    carriers: Mapping[str, str] = {}
    refresh_token: str | None = None
    refresh_until: float | None = None

    def __repr__(self) -> str:
        return f"<Token {self.scheme}>"

    @property
    def headers(self) -> dict[str, str]:
        """The headers that carry it (RFC 6750 section 2.1 for Bearer)."""
        return dict(self.carriers) or {"Authorization": f"{self.scheme} {self.text}"}

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it must never be shown."""
        return tuple(filter(None, (self.text, self.headers.get("Authorization"), self.refresh_token)))

    @property
    def end(self) -> float:
        """When it expires: with an unknown life, five minutes after it was issued."""
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

        A token issued well after ``now`` counts as expired: the clock was set back, so its expiry means nothing.
        """
        return (
            self.issued_at <= now + CLOCK_TOLERANCE and self.end > now and self.end - now >= min(seconds, self.life / 2)
        )

    def can_refresh(self, now: float) -> bool:
        return self.refresh_until is not None and self.refresh_until > now

    def with_refresh_of(self, other: Token) -> Token:
        """The same, with the other's refresh token unless it has one of its own (RFC 6749 section 6)."""
        if self.refresh_token is not None:
            return self
        return self._replace(refresh_token=other.refresh_token, refresh_until=other.refresh_until)


class GivenRefreshToken(Value):
    """A refresh token as the user gave it.

    :param client_id: empty where the service has no clients.
    """

    text: str
    client_id: str = ""


class TokenResponse(Value):
    """What the answer to a grant brought (RFC 6749 section 5.1).

    :param problem: why there is no token.
    :param refresh_token: is here whether there is a token or not: what was sent for it may be spent.
    :param clock_difference: see the function of that name.
    """

    token: Token | None
    problem: ServiceError | None = None
    refresh_token: str | None = None
    clock_difference: float = 0.0

    def usable(self) -> Token:
        """The token. Raises ServiceError where there is none."""
        if self.token is None:
            raise self.problem or ServiceError("The answer holds no token.")
        return self.token


def claims_of(text: str) -> dict[str, t.Any]:
    """The payload of a JWT (RFC 7519 section 3), signature not checked; empty for anything else."""
    parts = text.split(".")
    if len(parts) != 3:
        return {}
    try:
        payload = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    return shallow(payload) if isinstance(payload, dict) else {}


def shallow(found: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """Without what is nested too deeply: the core fails with a result that holds such a thing."""
    return {name: value for name, value in found.items() if not _is_deep(value)}


def _is_deep(value: object) -> bool:
    level = [value]
    depth = 0
    while level and depth <= _DEEPEST:
        inner = (part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list))
        level = [item for items in inner for item in items]
        depth = depth + 1
    return bool(level)


def expiry(
    issued_at: float, expires_in: object, claims: Mapping[str, t.Any], date: float | None = None
) -> float | None:
    """When a token ends by the controller's clock; None when neither answer nor token says.

    The least of ``expires_in`` (RFC 6749 section 5.1) and of what was left until ``exp`` (RFC 7519 section 4.1.4),
    both counted from before the request.

    :param issued_at: the moment before the request.
    :param date: the moment of the answer by the clock of the service.
    """
    said = _number(expires_in)
    left = _left(issued_at, claims, date)
    lives = [said] if said is not None and 0 < said <= _LONGEST_LIFE else []
    lives += [left] if left is not None and left <= _LONGEST_LIFE else []
    return issued_at + min(lives) if lives else None


def _left(issued_at: float, claims: Mapping[str, t.Any], date: float | None) -> float | None:
    """Seconds from the answer until ``exp``, by the clock of the service: its ``Date``, else ``iat``, else ours.

    Zero for a token that had expired when it came. Our own clock may be ahead, so by it no token counts as expired.
    """
    exp, iat = (_number(claims.get(name)) for name in ("exp", "iat"))
    if exp is None:
        return None
    if iat is not None and (date is None or not iat <= date <= exp):
        return max(0.0, exp - iat)
    if date is not None:
        return max(0.0, exp - date)
    return exp - issued_at if exp > issued_at else None


def given_expiry(now: float, claims: Mapping[str, t.Any]) -> float | None:
    """When a token that somebody else obtained ends: its ``exp``; None when it does not say."""
    exp = _number(claims.get("exp"))
    return exp if exp is not None and 0 < exp <= now + _LONGEST_LIFE else None


def clock_difference(before: float, after: float, claims: Mapping[str, t.Any], date: float | None) -> float:
    """Seconds by which the controller's clock is ahead of that of the service, negative where it is behind.

    :param before: the controller's clock before the request.
    :param after: the controller's clock after the answer.

    Without a ``Date``, an ``iat`` in the future tells of a clock that is behind; one in the past may be that of a
    token that the service had kept.
    """
    iat = _number(claims.get("iat"))
    theirs = iat if date is None and iat is not None and iat > after else date
    if theirs is None or before <= theirs <= after:
        return 0.0
    return before - theirs if theirs < before else after - theirs


def refresh_expiry(issued_at: float, refresh_expires_in: object) -> float:
    """When a refresh token expires: 30 days after its issue where the answer does not say, or says 0 for never."""
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


def minutes(ahead: float) -> str:
    """By how much one clock is ahead of another, before the word for the other."""
    count = max(1, round(abs(ahead) / 60))
    return f"{count} minute{'' if count == 1 else 's'} {'ahead of' if ahead > 0 else 'behind'}"
