# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types in AWX: what is there, what is to be, and the way between. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .._errors import AuthError, ServiceError
from .._http import masking
from . import api


@dataclass(frozen=True)
class Wanted:
    """A credential type as this collection ships it."""

    name: str
    values: Mapping[str, t.Any]


@dataclass(frozen=True)
class Change:
    """What is to be done about one credential type. ``before`` or ``after`` is None where it is made or removed."""

    name: str
    path: str
    before: Mapping[str, t.Any] | None
    after: Mapping[str, t.Any] | None

    @property
    def verb(self) -> str:
        if self.before is None:
            return "created"
        return "removed" if self.after is None else "updated"

    def make(self, awx: api.Awx) -> None:
        """Raises ServiceError."""
        what = f"the credential type {self.name} in AWX"
        if self.after is None:
            awx.write("DELETE", self.path, what)
        elif self.before is None:
            awx.write("POST", self.path, what, {"name": self.name, **self.after})
        else:
            awx.write("PATCH", self.path, what, self.after)


def plan(awx: api.Awx, wanted: Iterable[Wanted], *, present: bool) -> list[Change]:
    """The changes to make. Raises AuthError, before anything is changed, where AWX says that one is not possible."""
    awx = awx.found()
    there = list(awx.every(f"{awx.api}credential_types/?page_size=100"))
    found = [_change(awx.api, shipped, _of_name(shipped, there), present=present) for shipped in wanted]
    changes = [change for change in found if change is not None]
    if changes:
        _check_rights(awx)
    for change in changes:
        _check_use(awx, change)
    return changes


def carry_out(awx: api.Awx, changes: Iterable[Change]) -> None:
    """Make the changes. Raises ServiceError, which names what was done before one that AWX refused after all."""
    done: list[str] = []
    for change in changes:
        problem: ServiceError | None = None
        try:
            change.make(awx)
        except ServiceError as error:
            before = f" Before that, {' and '.join(done)}; another run does the rest." if done else ""
            problem = ServiceError(f"{error}{before}", error.status, error.words, may_pass=error.may_pass)
        if problem:
            raise problem
        done.append(f"{change.name} was {change.verb}")


def _of_name(wanted: Wanted, there: Iterable[Mapping[str, t.Any]]) -> Mapping[str, t.Any] | None:
    """The type of that name and kind, since a name is unique within its kind only.

    Raises AuthError.
    """
    identity = (wanted.name, wanted.values["kind"])
    same = next((entry for entry in there if (entry.get("name"), entry.get("kind")) == identity), None)
    if same is not None and same.get("managed"):
        raise AuthError(
            f"AWX has a built-in credential type of the name {wanted.name}, which nobody can change. "
            f"Leave that service out of {api.PREFIX}providers."
        )
    return same


def _change(root: str, wanted: Wanted, there: Mapping[str, t.Any] | None, *, present: bool) -> Change | None:
    path = f"{root}credential_types/"
    if there is None:
        return Change(wanted.name, path, None, wanted.values) if present else None
    before = {name: there.get(name) for name in wanted.values}
    place = f"{path}{there.get('id')}/"
    if not present:
        return Change(wanted.name, place, before, None)
    after = {name: value for name, value in wanted.values.items() if before[name] != value}
    return Change(wanted.name, place, {name: before[name] for name in after}, after) if after else None


def _check_rights(awx: api.Awx) -> None:
    """Raise AuthError for a user who may read all this, but change nothing."""
    user = next(awx.every(f"{awx.api}me/"), {})
    if user.get("is_superuser") is False:
        name = masking.plain(str(user.get("username")), ())
        raise AuthError(
            f"The user {name} may not change credential types of AWX. Sign in as a superuser, a system "
            f"administrator: {api.SIGN_IN}."
        )


def _check_use(awx: api.Awx, change: Change) -> None:
    """Raise AuthError for what AWX refuses while credentials use the type: to change its fields, or to remove it."""
    if change.before is None or not (change.after is None or "inputs" in change.after):
        return
    number = change.path.rstrip("/").rpartition("/")[2]
    page = awx.get(f"{awx.api}credentials/?credential_type={number}&page_size=1")
    count = page.get("count") if isinstance(page, dict) else None
    if not count:
        return
    users = f"The credential type {change.name} is used by {count} credential{'' if count == 1 else 's'}, and AWX"
    if change.after is None:
        raise AuthError(f"{users} does not remove such a type. Delete those credentials first.")
    raise AuthError(
        f"{users} does not let the fields of such a type change. Rename the type in AWX and run this again, which "
        "makes another one, and make the credentials anew with that; or delete those credentials first."
    )
