# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a run of netapi.auth.netbird_pat is to do, from what is listed alone. Private to this collection."""

from __future__ import annotations

from collections.abc import Sequence

from .._errors import OptionError, ServiceError
from .._http import masking
from .._options.options import Options
from .._providers.netbird_pats import Pat
from .._value import Value

_LONGEST_AHEAD = 30
_HOUR = 3600.0


class Wanted(Value):
    """What the task was told.

    :param user: None for the user who signs in.
    :param token_id: of the token that is stored; None where nobody says.
    :param rotate_before: days.
    :param prune_unused: hours; None where nothing is to be removed.
    """

    user: str | None
    name: str
    token_id: str | None
    lifetime: int
    rotate_before: int
    prune_unused: int | None
    force: bool
    present: bool


class Plan(Value):
    """What is to be done.

    :param due: whether a run without ``force`` would mint.
    :param removed: what is to be removed.
    :param kept: older ones that stay.
    """

    stored: Pat | None
    mints: bool = False
    due: bool = False
    removed: tuple[Pat, ...] = ()
    kept: tuple[Pat, ...] = ()
    warnings: tuple[str, ...] = ()


def wanted(options: Options) -> Wanted:
    """What the options say. Raises OptionError."""
    is_present = options.text("state") == "present"
    name = options.text("name")
    if name is None:
        if is_present:
            raise OptionError("name is not set. Give the token a name, one for each place that stores a token.")
        raise OptionError("name is not set. Give the name of the token that token_id names.")
    if options.is_set("user"):
        # What the environment says is of the token that signs in.
        own = options.settings["token_id"]
        options = options if own.level == 0 else options.without("token_id")
    lifetime = options.number("lifetime_days")
    ahead = min(_LONGEST_AHEAD, lifetime // 3)
    if options.is_set("rotate_before_days"):
        ahead = options.number("rotate_before_days")
        if ahead >= lifetime:
            raise OptionError(
                f"{options.source('rotate_before_days')} must be less than lifetime_days, or each run would "
                "mint. Correct one of them."
            )
    hours = options.number("prune_unused_hours") if options.is_set("prune_unused_hours") else None
    token_id = options.text("token_id")
    if not is_present and token_id is None:
        raise OptionError("state is absent, and token_id is not set. Give the id of the token that is to be removed.")
    return Wanted(
        options.text("user"), name, token_id, lifetime, ahead, hours, options.flag("force") and is_present, is_present
    )


def plan(wanted: Wanted, user_id: str, pats: Sequence[Pat], now: float) -> Plan:
    """What to do about these tokens of the user.

    Raises OptionError where the user has to decide, and ServiceError where what is listed does not tell.
    """
    stored = _stored(wanted, pats)
    if not wanted.present:
        if stored is None:
            # It is not shown: what is said in its place may be the token.
            return Plan(None, warnings=(f"token_id names no token of the user {user_id}, so nothing was removed.",))
        return Plan(stored, removed=(stored,))
    own = [pat for pat in pats if pat.name == wanted.name]
    for pat in own:
        if pat.unread:
            raise ServiceError(_unread(pat))
    live = [pat for pat in own if pat.lives(now)]
    newer = [pat for pat in live if pat != stored and (stored is None or pat.created_at > stored.created_at)]
    if wanted.token_id is None:
        is_due, problem = not live, _unsaid(live) if live else ""
    else:
        is_due = stored is None or stored.left(now) < wanted.rotate_before
        problem = _unstored(user_id, stored, newer) if is_due and len(newer) > 1 else ""
    if problem and not wanted.force:
        raise OptionError(problem)
    removed, kept = _old(wanted, own, stored, now)
    return Plan(
        stored,
        mints=is_due or wanted.force,
        due=is_due and not problem,
        removed=removed,
        kept=kept,
        warnings=tuple(_warnings(wanted, user_id, stored, newer)),
    )


def _stored(wanted: Wanted, pats: Sequence[Pat]) -> Pat | None:
    """The one that ``token_id`` says, None for one that is not listed. Raises OptionError for one of another name."""
    stored = next((pat for pat in pats if pat.id == wanted.token_id), None)
    if stored is not None and stored.name != wanted.name:
        raise OptionError(
            f"token_id is of a token that has another name than name says: {masking.plain(stored.name, ())}. Correct "
            "one of them: a name is for one place that stores a token."
        )
    return stored


def _old(wanted: Wanted, own: Sequence[Pat], stored: Pat | None, now: float) -> tuple[tuple[Pat, ...], tuple[Pat, ...]]:
    """Those to remove, and the older ones that stay."""
    older = [pat for pat in own if stored is not None and pat.created_at < stored.created_at]
    removed: tuple[Pat, ...] = ()
    if wanted.prune_unused is not None:
        since = now - wanted.prune_unused * _HOUR
        idle = [pat for pat in older if max(pat.created_at, pat.last_used or 0.0) <= since]
        removed = tuple(pat for pat in own if pat != stored and (pat in idle or not pat.lives(now)))
    return removed, tuple(pat for pat in older if pat not in removed)


def _unread(pat: Pat) -> str:
    return (
        f"NetBird lists the token {pat.id} of this name with a time that cannot be read ({', '.join(pat.unread)}), so "
        "nothing is minted or removed. Check api_url, and the release of NetBird."
    )


def _said(pats: Sequence[Pat]) -> str:
    return ", ".join(pat.said for pat in pats)


def _unsaid(live: Sequence[Pat]) -> str:
    return (
        f"There are unexpired tokens of this name, and token_id does not say which of them is stored: {_said(live)}. "
        "Set token_id to the id of the stored one, or force to true where nobody stored them."
    )


def _unstored(user_id: str, stored: Pat | None, newer: Sequence[Pat]) -> str:
    if stored is None:
        return (
            f"token_id names no token of the user {user_id}, and there are unexpired tokens of this name: "
            f"{_said(newer)}. Set token_id to the id of the one that is stored. Where none of them is, mend the "
            "storing of id and token, then run once with force: true."
        )
    return (
        f"The stored token is due, and tokens of its name are newer that nobody seems to have stored: {_said(newer)}. "
        "Mend the storing of id and token, then run once with force: true."
    )


def _warnings(wanted: Wanted, user_id: str, stored: Pat | None, newer: Sequence[Pat]) -> list[str]:
    if wanted.token_id is None:
        return []
    found = []
    if stored is None:
        found.append(
            f"token_id names no token of the user {user_id}: it was removed, it is another user's, or the id is wrong."
        )
    if newer:
        what = "Newer than the stored token are, of its name" if stored is not None else "Of this name are there"
        found.append(
            f"{what}: {_said(newer)}. Perhaps nobody stored them. Make sure that id and token are stored. Once a later "
            "one is stored, prune_unused_hours removes them."
        )
    if stored is not None and stored.life > wanted.lifetime + 1:
        found.append(
            f"The stored token {stored.id} lives {stored.life:.0f} days, longer than lifetime_days asks for. Use force "
            "once for a shorter one."
        )
    return found
