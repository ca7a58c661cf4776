# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Credentials that are sent as they are, without a grant. Private to this collection."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping

from .. import _token
from .._errors import CredentialError
from .._token import Clock
from .base import Credential

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings


class StaticToken(Credential):
    """A token or key as it was given.

    :param text: what follows the scheme in the header.
    :param option: the option with where it came from, for sentences.
    :param carriers: the headers that carry it, where that is not ``Authorization`` with scheme and text.
    :param userinfo: finds where a provider says whose it is; None where none does.
    """

    text: str
    scheme: str
    api_url: str
    option: str
    carriers: Mapping[str, str] = {}
    userinfo: Callable[[HttpSettings], str] | None = None
    ready: t.ClassVar[bool] = True

    def __init__(self, *values: t.Any, **named: t.Any) -> None:
        super().__init__(*values, **named)
        check_text(self.text, self.option)

    @property
    def secret(self) -> str:
        return self.text

    @property
    def identity(self) -> Mapping[str, str]:
        return {"scheme": self.scheme, "api_url": self.api_url, "carriers": json.dumps(dict(self.carriers))}

    def userinfo_url(self, settings: HttpSettings) -> str:
        return self.userinfo(settings) if self.userinfo is not None else super().userinfo_url(settings)

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        """The given token. Raises CredentialError when its ``exp`` has passed, by more than clocks may differ."""
        now = clock()
        claims = _token.claims_of(self.text) if self.scheme == "Bearer" else {}
        expires_at = _token.given_expiry(now, claims)
        if expires_at is not None and expires_at <= now - _token.CLOCK_TOLERANCE:
            raise CredentialError(
                f"The token in {self.option} expired at {_token.timestamp(expires_at)}. Give a later one."
            ).because("token_expired", self.option.partition(",")[0])
        return _token.TokenResponse(_token.Token(self.text, self.scheme, now, expires_at, None, claims, self.carriers))


def check_text(text: str, what: str) -> None:
    """Raise CredentialError unless ``text`` can stand in a header (RFC 9110 section 5.5, no blanks)."""
    if not text or not all("!" <= char <= "~" for char in text):
        raise CredentialError(
            f"{what} holds a line break, a blank or a character outside ASCII, which no header may hold. "
            "Copy the value again, without anything around it."
        )
