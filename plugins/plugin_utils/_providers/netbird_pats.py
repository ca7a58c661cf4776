# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird's personal access tokens, as they are listed. Private to this collection."""

from __future__ import annotations

import contextlib
import datetime as dt
import typing as t
from collections.abc import Iterable, Mapping
from urllib.parse import quote

from .._errors import ServiceError
from .._token import timestamp
from .._value import Value

DAY = 86400.0
# The end of a token is told so many days before, or a fifth of its life where that is less.
_AHEAD = 14
_PART = 5
_TIMES = ("created_at", "expiration_date", "last_used")


class Pat(Value):
    """One token, without its text. Times are seconds since the epoch.

    :param expires_at: None where NetBird names none (a time in year 1), which counts as expired.
    :param last_used: None for never.
    :param unread: the keys of the times that cannot be read.
    """

    id: str
    name: str
    created_at: float
    expires_at: float | None
    last_used: float | None
    unread: tuple[str, ...] = ()

    def lives(self, now: float) -> bool:
        return self.left(now) > 0

    def left(self, now: float) -> float:
        """Days until its end; 0 for one that has expired."""
        return 0.0 if self.expires_at is None else max(0.0, (self.expires_at - now) / DAY)

    @property
    def life(self) -> float:
        """Days from its making to its end."""
        return 0.0 if self.expires_at is None else (self.expires_at - self.created_at) / DAY

    @property
    def shown(self) -> dict[str, t.Any]:
        times = {name: getattr(self, name) for name in ("created_at", "expires_at", "last_used")}
        return {
            "id": self.id,
            "name": self.name,
            **{name: None if at is None else timestamp(at) for name, at in times.items()},
        }

    @property
    def said(self) -> str:
        """Id, dates and last use, for a sentence."""
        made, end, used = (value or "never" for value in list(self.shown.values())[2:])
        return f"{self.id} (made {made}, ends {end}, last used {used})"


def path(user_id: str, token_id: str = "") -> str:
    """Of the tokens of a user, or of one. Ids may hold ``|`` and ``/``."""
    return f"/api/users/{quote(user_id, safe='')}/tokens" + (f"/{quote(token_id, safe='')}" if token_id else "")


def listed(answer: t.Any) -> list[Pat]:
    """The tokens of a listing, which has no order; the oldest first. Raises ServiceError for what is no listing."""
    if answer is not None and not isinstance(answer, list):
        raise ServiceError("NetBird did not list the tokens of the user. Check api_url, and the release of NetBird.")
    found = [pat for entry in answer or () if (pat := one(entry)) is not None]
    return sorted(found, key=lambda pat: (pat.created_at, pat.id))


def one(entry: t.Any) -> Pat | None:
    """A token out of an entry; None for what is none. Raises ServiceError for an id that would change a terminal."""
    said = entry if isinstance(entry, dict) else {}
    if not (isinstance(said.get("id"), str) and said["id"]):
        return None
    if not said["id"].isprintable():
        raise ServiceError("The id of a token holds control characters. Check api_url, and what stands before it.")
    times = _times(said)
    created, end, used = (times.get(key) for key in _TIMES)
    return Pat(
        said["id"],
        str(said.get("name", "")),
        created or 0.0,
        end,
        used,
        tuple(key for key in _TIMES if key not in times),
    )


def _times(said: Mapping[str, t.Any]) -> dict[str, float | None]:
    """Those of its times that can be read. One that was never used may have none."""
    times: dict[str, float | None] = {} if said.get("last_used") else {"last_used": None}
    for key in _TIMES:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            times.setdefault(key, _instant(said[key]))
    if times.get("created_at") is None:
        times.pop("created_at", None)
    return times


def _instant(text: t.Any) -> float | None:
    """A time in any zone and with any digits; None for none, which NetBird writes as one in year 1.

    Raises TypeError or ValueError for what is no time.
    """
    found = dt.datetime.fromisoformat(text)
    if found.year <= 1:
        return None
    zoned = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return zoned.timestamp()


def ending(pats: Iterable[Pat], now: float) -> str:
    """The warning that the token which signs in ends soon; empty for none. It is the one that was used last."""
    used = [pat for pat in pats if pat.last_used is not None]
    own = max(used, key=lambda pat: pat.last_used or 0.0, default=None)
    if own is None or own.expires_at is None or own.left(now) > min(_AHEAD, own.life / _PART):
        return ""
    return (
        f"The personal access token {own.id} ends on {timestamp(own.expires_at)}. Renew it with "
        "netapi.auth.netbird_pat, or make another one."
    )
