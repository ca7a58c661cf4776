# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task netapi.auth.netbird_pat. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Sequence

from .._errors import AuthError, ServiceError
from .._options.options import Options
from .._providers.netbird_pats import Pat
from .._session.session import Session
from .._value import Value
from . import plan as plans
from .netbird_api import Minted, Users
from .plan import Plan, Wanted
from .turns import Turn

NAME = "netapi.auth.netbird_pat"
_LATER = (
    "This run has minted a token of this name already, so nothing is done. Set run_once on the task, or give each "
    "token a name of its own."
)
_OTHERS = (
    "Another run has minted a token of this name meanwhile, so this one does not. The next run goes on from there."
)


class Scene(Value):
    """What the parts of one call share."""

    wanted: Wanted
    users: Users
    user_id: str
    turn: Turn
    warn: Callable[[str], None]
    show: Callable[[str], None]


def carry_out(session: Session, own: Options, show: Callable[[str], None], *, check_mode: bool) -> dict[str, t.Any]:
    """The result of the task. Raises AuthError.

    :param own: the options that are not for signing in.
    """
    wanted = plans.wanted(own)
    api, me = session.api()
    users = Users(session.provider, api, me, str(getattr(session.credential, "option", "")))
    user_id = users.find(wanted.user)
    turn = Turn(session, (api.url, user_id, wanted.name))
    scene = Scene(wanted, users, user_id, turn, lambda text: session.run.display.warning(f"{NAME}: {text}"), show)
    pats, now = users.pats(user_id)
    made = turn.made
    if made == "":
        # Another host is asking for it, or has failed.
        with turn.taken():
            made = _made(turn)
        pats, now = users.pats(user_id)
    if made is not None and wanted.present and wanted.token_id != made:
        return _later(scene, pats, now)
    plan = plans.plan(wanted, user_id, pats, now)
    if made is not None and plan.mints:
        return _later(scene, pats, now)
    if check_mode or not (plan.mints or plan.removed):
        result = _result(scene, plan, pats, now, changed=plan.mints or bool(plan.removed), removed=plan.removed)
        return {**result, "tokens": [pat.shown for pat in pats]}
    if not wanted.present:
        users.remove(user_id, plan.removed[0].id)
        return _result(scene, plan, pats, now, changed=True, removed=plan.removed)
    with turn.taken():
        return _in_turn(scene, plan, {pat.id for pat in pats})


def _in_turn(scene: Scene, before: Plan, known: set[str]) -> dict[str, t.Any]:
    """What is left to do once no other run is at work.

    :param known: the ids of the first listing.
    """
    wanted = scene.wanted
    pats, now = scene.users.pats(scene.user_id)
    if _made(scene.turn) is not None and before.mints:
        return _later(scene, pats, now)
    if any(pat.name == wanted.name and pat.id not in known for pat in pats):
        scene.warn(_OTHERS)
        return _result(scene, before._replace(warnings=()), pats, now, changed=False)
    plan = plans.plan(wanted, scene.user_id, pats, now)
    minted = _mint(scene, known) if plan.mints else None
    users = scene.users if minted is None else scene.users.with_secret(minted.plain_token)
    removed: list[Pat] = []
    try:
        for pat in plan.removed:
            users.remove(scene.user_id, pat.id)
            removed.append(pat)
    except ServiceError as error:
        if minted is None:
            raise
        scene.warn(f"A token was minted, and an old one was not removed. A later run does that. {error}")
    is_changed = minted is not None or bool(removed)
    return _result(scene, plan, pats, now, changed=is_changed, removed=removed, minted=minted)


def _made(turn: Turn) -> str | None:
    """What this run has made, once no other call is at work. Raises AuthError where one has failed at it."""
    made = turn.made
    if made == "":
        if turn.was_refused:
            raise AuthError(
                "An earlier call of this run asked for a token of this name and was refused, so none was made. Mend "
                "what its sentence says, and run the playbook again."
            )
        raise AuthError(
            "An earlier call of this run asked for a token of this name and failed, so whether one was made is not "
            "known. Run the playbook again."
        )
    return made


def _mint(scene: Scene, known: set[str]) -> Minted:
    wanted, turn = scene.wanted, scene.turn
    turn.keep()
    try:
        minted = scene.users.mint(scene.user_id, wanted.name, wanted.lifetime, known)
    except ServiceError as error:
        if error.status is None and error.may_pass and not error.answer_lost:
            # It was never sent.
            turn.forget()
        elif not error.may_have_worked:
            turn.keep_refusal()
        raise
    turn.keep(minted.pat.id)
    scene.show(f"{NAME}: minted {wanted.name} for the user {scene.user_id}: {minted.pat.said}.")
    return minted


def _later(scene: Scene, pats: Sequence[Pat], now: float) -> dict[str, t.Any]:
    scene.warn(_LATER)
    stored = next((pat for pat in pats if pat.id == scene.wanted.token_id), None)
    return _result(scene, Plan(stored), pats, now, changed=False)


def _result(
    scene: Scene,
    plan: Plan,
    pats: Sequence[Pat],
    now: float,
    *,
    changed: bool,
    removed: Sequence[Pat] = (),
    minted: Minted | None = None,
) -> dict[str, t.Any]:
    """What the task returns: plain types, and a secret only where one was made."""
    for warning in plan.warnings:
        scene.warn(warning)
    pat = plan.stored if minted is None else minted.pat
    there = [each for each in pats if minted is None or each.id != minted.pat.id]
    there += [minted.pat] if minted is not None else []
    return {
        "changed": changed,
        "id": pat and pat.id,
        "expires_at": pat and pat.shown["expires_at"],
        "expires_in_days": None if pat is None else int(pat.left(now)),
        "due": plan.due,
        "tokens": [each.shown for each in there if each not in removed],
        "removed": [each.id for each in removed],
        "kept": [each.id for each in (*plan.kept, *(left for left in plan.removed if left not in removed))],
        **({} if minted is None else {"plain_token": minted.plain_token}),
    }
