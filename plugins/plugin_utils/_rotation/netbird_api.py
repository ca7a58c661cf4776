# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird's users and their tokens, over its API. Private to this collection."""

from __future__ import annotations

import contextlib
import time
import typing as t
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from .._errors import OptionError, ServiceError
from .._http import client, masking
from .._http.response import RefusedError
from .._providers import netbird_pats
from .._providers.base import Provider
from .._providers.netbird_pats import Pat
from .._providers.service_api import Api
from .._value import Value

# MiB of all users of a large account.
_LARGEST = 16


class Minted(Value):
    """A token that was just made, and its text."""

    pat: Pat
    plain_token: str


class Users(Value):
    """NetBird, as whoever signs in sees it.

    :param me: the user who signs in.
    :param where: the option that the token is from, with its source; empty for one that was issued.
    """

    provider: Provider
    api: Api
    me: Mapping[str, t.Any]
    where: str

    def with_secret(self, text: str) -> Users:
        """The same, with one more secret to keep out of what is shown."""
        return self._replace(api=replace(self.api, settings=self.api.settings.with_secrets(text)))

    def find(self, said: str | None) -> str:
        """The id of a user; None means the one who signs in. Raises OptionError for none, two, and a blocked one."""
        user = self._hidden(self.me if said is None else self._named(said))
        if not (isinstance(user.get("id"), str) and user["id"].isprintable()):
            raise ServiceError("NetBird did not say the id of the user. Check api_url, and the release of NetBird.")
        if user.get("is_blocked") is True:
            raise OptionError(
                f"The user {user.get('id')} is blocked in NetBird. Unblock it, or name another one in user."
            )
        return str(user["id"])

    def _named(self, said: str) -> Mapping[str, t.Any]:
        users: list[dict[str, t.Any]] = []
        for kind in ("true", "false"):
            request = self.api.request(f"{self.api.url}/api/users?service_user={kind}", largest=_LARGEST)
            with self._explained():
                answer = client.send(self.api.settings, request)
            users += [user for user in answer if isinstance(user, dict)] if isinstance(answer, list) else []
            if by_id := next((user for user in users if user.get("id") == said), None):
                return by_id
        found = [user for user in users if said in (user.get("name"), user.get("email"))]
        if not found:
            who = "user is no id, name or e-mail of a user whom NetBird shows to the one who signs in"
            if any(user.get("id") != self.me.get("id") for user in users):
                raise OptionError(f"{who}. Correct it.")
            raise OptionError(
                f"{who}, and it shows no other one: perhaps the role is too small. Sign in as an admin, or correct it."
            )
        if len(found) > 1:
            ids = masking.plain(", ".join(sorted(str(user.get("id")) for user in found)), self.api.settings.secrets)
            raise OptionError(f"user is the name or e-mail of more than one user. Give the id of one of them: {ids}.")
        return found[0]

    def pats(self, user_id: str) -> tuple[list[Pat], float]:
        """The tokens of a user, and when they were listed by the clock of NetBird."""
        with self._explained():
            reply = client.reply(self.api.settings, self.api.request(self.api.url + netbird_pats.path(user_id)))
        return netbird_pats.listed(self._hidden(reply.value)), reply.date or time.time()

    def mint(self, user_id: str, name: str, days: int, known: Collection[str]) -> Minted:
        """Make a token. It is asked for again only where none was made.

        :param known: the ids of the first listing.

        Raises ServiceError; with ``answer_lost`` where one may have been made.
        """
        request = self.api.making(netbird_pats.path(user_id), {"name": name, "expires_in": days})
        exchange = client.Exchange(self.api.settings)
        while True:
            try:
                with self._explained():
                    if (reply := exchange.send(request)) is not None:
                        return self._minted(reply.value)
            except ServiceError as error:
                if not error.may_have_worked:
                    raise
                new = self._new(user_id, name, known, error)
                if new or not exchange.may_repeat():
                    raise _unknown(error, new) from None

    def _new(self, user_id: str, name: str, known: Collection[str], error: ServiceError) -> list[str]:
        """The ids of the name that the first listing did not have. Raises the error where they cannot be listed."""
        try:
            pats, _now = self.pats(user_id)
        except ServiceError:
            said = "Whether a token was made is not known, since NetBird did not list them afterwards."
            raise ServiceError(f"{error} {said} Run the task again.", error.status, answer_lost=True) from None
        return [pat.id for pat in pats if pat.name == name and pat.id not in known]

    def remove(self, user_id: str, token_id: str) -> None:
        """Remove a token. One that is gone is no error, nor is it where a request before this one removed it."""
        request = self.api.removing(netbird_pats.path(user_id, token_id))
        exchange = client.Exchange(self.api.settings)
        try:
            with self._explained():
                while exchange.send(request) is None:
                    pass
        except ServiceError as error:
            was_repeated = exchange.first is not None and exchange.first.status != 429
            is_gone = error.words.endswith(f"pat: {token_id} not found")
            if error.status != 404 or not (is_gone or (was_repeated and "invalid token" in error.words)):
                raise

    def _minted(self, answer: t.Any) -> Minted:
        said = answer if isinstance(answer, dict) else {}
        text = said.get("plain_token")
        about = self._hidden(said.get("personal_access_token"), *([text] if isinstance(text, str) else ()))
        pat = netbird_pats.one(about)
        if not isinstance(text, str) or not text or pat is None:
            raise ServiceError(
                "NetBird answered without a token, or without its id. Check api_url, and what stands before it."
            )
        masking.register([text])
        return Minted(pat, text)

    def _hidden(self, value: t.Any, *others: str) -> t.Any:
        """What NetBird said, without a secret: it is shown in sentences, and in a result that is not hidden."""
        return masking.hide(value, (*self.api.settings.secrets, *others))

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except RefusedError as error:
            if self.provider.explain is not None:
                said, remedy = self.provider.explain(error, self.api.token, self.api.url, self.where)
                error.mend(remedy, said)
            raise


def _unknown(error: ServiceError, new: list[str]) -> ServiceError:
    said = "A listing shows no new token."
    if new:
        said = (
            f"New since the first listing, and perhaps another run's: {', '.join(new)}. Nobody has the text of what "
            "this run made, so the next run mints another one."
        )
    return ServiceError(f"{error} {said}", error.status, error.words, answer_lost=True)
