# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credential types by AWX's REST API: what is there, what is to be, and the way between. Private to this collection."""

from __future__ import annotations

import base64
import dataclasses
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from . import _exchange, _http, _ready, _urls
from ._errors import AuthError, OptionError, ServiceError

# How the role calls its options.
PREFIX = "awx_credential_types_"
# AWX and the controller; then the gateway of Automation Platform from 2.5 on.
_ROOTS = ("/api/v2/", "/api/controller/v2/")
# Of a list; with a hundred entries each, no AWX has so many.
_MOST_PAGES = 100
# Where AWX says what it refuses (Django REST framework): one field for all, else one for each that is wrong.
_ERROR_FIELDS = ("detail", "__all__", "name", "kind", "inputs", "injectors", "description")
_SIGN_IN = f"{PREFIX}token, or {PREFIX}username and {PREFIX}password"
_SUPERUSER = "that the user is a superuser of AWX, a system administrator: only they may change credential types"


@dataclass(frozen=True)
class Awx:
    """How to reach one AWX.

    :param url: its base address, without a trailing slash.
    """

    url: str
    route: _http.Route
    headers: Mapping[str, str] = field(repr=False)

    def get(self, path: str) -> t.Any:
        return self._send("GET", path, _SIGN_IN)

    def every(self, path: str) -> Iterator[dict[str, t.Any]]:
        """The entries of a list, page by page. Raises ServiceError for an answer that is no page of one."""
        following: object = path
        seen: set[str] = set()
        while following is not None:
            goes_on = isinstance(following, str) and following not in seen and len(seen) < _MOST_PAGES
            page: t.Any = self.get(str(following)) if goes_on else None
            entries = page.get("results") if isinstance(page, dict) else None
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise ServiceError(f"{self.url} does not answer as AWX does. Check {PREFIX}url.")
            yield from entries
            seen.add(str(following))
            following = page.get("next")

    def write(self, method: str, path: str, what: str, value: Mapping[str, t.Any] | None = None) -> t.Any:
        """Change something, once: a second try could find the first one done.

        :param what: what is changed, for the sentence about a refusal.
        """
        return self._send(method, path, what, value, dataclasses.replace(self.route, retries=0))

    def _send(
        self,
        method: str,
        path: str,
        refused: str,
        value: Mapping[str, t.Any] | None = None,
        route: _http.Route | None = None,
    ) -> t.Any:
        request = _http.Request(
            method,
            self._address(path),
            url_option=f"{PREFIX}url",
            refused=refused,
            forbidden=_SUPERUSER,
            headers=self.headers,
            json=value,
            has_answer=method != "DELETE",
            error_fields=_ERROR_FIELDS,
            has_lists=True,
        )
        return _exchange.send(route or self.route, lambda: request)

    def _address(self, path: str) -> str:
        """The address of what AWX may have named itself, so that it can be any text."""
        try:
            url = urljoin(f"{self.url}/", path)
            if _urls.same_origin(url, self.url):
                return url
        except ValueError:
            pass
        raise ServiceError(f"{self.url} names a page at another address. Check {PREFIX}url.")


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

    def make(self, awx: Awx) -> None:
        """Raises ServiceError."""
        what = f"the credential type {self.name} in AWX"
        if self.after is None:
            awx.write("DELETE", self.path, what)
        elif self.before is None:
            awx.write("POST", self.path, what, {"name": self.name, **self.after})
        else:
            awx.write("PATCH", self.path, what, self.after)


def address(text: str | None) -> str:
    """The base address of AWX; a bare host, as ``CONTROLLER_HOST`` may be, is one by https. Raises OptionError."""
    if text is None:
        raise OptionError(
            f"{PREFIX}url is not set. Give the address of AWX, by this variable or by the environment variable "
            "CONTROLLER_HOST."
        )
    return _urls.service_url(f"{PREFIX}url", text if "://" in text else f"https://{text}")


def sign_in(token: str | None, username: str | None, password: str | None) -> dict[str, str]:
    """The header: the token's where there is one, else that of RFC 7617. Raises OptionError, CredentialError."""
    if token is not None:
        _ready.check_text(token, f"{PREFIX}token")
        return {"Authorization": f"Bearer {token}"}
    if username is None or password is None:
        raise OptionError(
            f"Nothing says who signs in to AWX. Set {_SIGN_IN}; the environment variables are CONTROLLER_OAUTH_TOKEN, "
            "CONTROLLER_USERNAME and CONTROLLER_PASSWORD."
        )
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def plan(awx: Awx, wanted: Iterable[Wanted], *, present: bool) -> list[Change]:
    """What has to be changed, all of it possible as far as AWX tells. Raises AuthError, before anything is changed."""
    root, there = _types(awx)
    found = [_change(root, each, _of_name(each, there), present=present) for each in wanted]
    changes = [change for change in found if change is not None]
    if changes:
        _check_rights(awx, root)
    for change in changes:
        _check_use(awx, root, change)
    return changes


def carry_out(awx: Awx, changes: Iterable[Change]) -> None:
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


def _types(awx: Awx) -> tuple[str, list[dict[str, t.Any]]]:
    """Where the API is, and all credential types."""
    for root in _ROOTS:
        try:
            return awx.url + root, list(awx.every(f"{awx.url}{root}credential_types/?page_size=100"))
        except ServiceError as error:
            if error.status != 404:
                raise
    raise ServiceError(f"There is no API of AWX at {awx.url}. Check {PREFIX}url.")


def _of_name(wanted: Wanted, there: Iterable[Mapping[str, t.Any]]) -> Mapping[str, t.Any] | None:
    """The type of that name, best of the same kind, since a name is unique within its kind. Raises AuthError."""
    same = [each for each in there if each.get("name") == wanted.name]
    if any(each.get("managed") for each in same):
        raise AuthError(
            f"AWX has a built-in credential type of the name {wanted.name}, which nobody can change. "
            f"Leave that service out of {PREFIX}providers."
        )
    same.sort(key=lambda each: each.get("kind") != wanted.values["kind"])
    return same[0] if same else None


def _change(root: str, wanted: Wanted, there: Mapping[str, t.Any] | None, *, present: bool) -> Change | None:
    path = f"{root}credential_types/"
    if there is None:
        return Change(wanted.name, path, None, wanted.values) if present else None
    before, place = {name: there.get(name) for name in wanted.values}, f"{path}{there.get('id')}/"
    if not present:
        return Change(wanted.name, place, before, None)
    after = {name: value for name, value in wanted.values.items() if before[name] != value}
    return Change(wanted.name, place, {name: before[name] for name in after}, after) if after else None


def _check_rights(awx: Awx, root: str) -> None:
    """Raise AuthError for a user who may read all this, but change nothing."""
    user = next(awx.every(f"{root}me/"), {})
    if user.get("is_superuser") is False:
        raise AuthError(
            f"The user {user.get('username')} may not change credential types of AWX. Sign in as a superuser, a system "
            f"administrator: {_SIGN_IN}."
        )


def _check_use(awx: Awx, root: str, change: Change) -> None:
    """Raise AuthError for what AWX refuses while credentials use the type: other fields, or its end."""
    if change.before is None or not (change.after is None or "inputs" in change.after):
        return
    number = change.path.rstrip("/").rpartition("/")[2]
    page = awx.get(f"{root}credentials/?credential_type={number}&page_size=1")
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
