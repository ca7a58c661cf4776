# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth 2.0 token endpoint (RFC 6749) and OpenID Connect Discovery 1.0. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .. import _query, _token
from .._errors import ServiceError
from .._http import client as _client
from .._http.request import Request
from .._http.settings import HttpSettings
from .._token import Clock

# Where an answer has the ID token (OpenID Connect Core 1.0 section 3.1.3.3).
_ID_FIELD = "id_token"


def ask(
    settings: HttpSettings, clock: Clock, build: Callable[[], Request], query: str, url_option: str
) -> _token.TokenResponse:
    """What a request for a token brings. Raises ServiceError where the request fails."""
    issued_at = clock()
    reply = _client.reply(settings, build)
    after, refresh_token = clock(), _refresh_token(reply.value)
    try:
        token = bearer(reply.value, query, issued_at, settings, url_option, reply.date)
    except ServiceError as error:
        return _token.TokenResponse(None, error, refresh_token)
    difference = _token.clock_difference(issued_at, after, token.claims, reply.date)
    return _token.TokenResponse(token, None, refresh_token, difference)


def revoke(settings: HttpSettings, request: Request) -> bool:
    """Whether the token was revoked; not where the provider has no way to for its kind (RFC 7009 section 2.2.1).

    Raises ServiceError for any other refusal.
    """
    try:
        _client.send(settings, lambda: request)
    except ServiceError as error:
        if error.code != "unsupported_token_type":
            raise
        return False
    return True


def _refresh_token(answer: t.Any) -> str | None:
    found = answer.get("refresh_token") if isinstance(answer, dict) else None
    # RFC 6749 appendix A.17. One that is no such text could not be sent, and must not take the place of one that can.
    is_one = isinstance(found, str) and found.strip() and all(" " <= char <= "~" for char in found)
    return found if is_one else None


def bearer(
    answer: t.Any, query: str, issued_at: float, settings: HttpSettings, url_option: str, date: float | None = None
) -> _token.Token:
    """The token in an answer (RFC 6749 section 5.1). Raises ServiceError when there is none where ``query`` looks.

    :param issued_at: the moment before the request; the life counts from there.
    :param date: when the answer was made, by the clock of the service.
    """
    service = settings.service
    if not isinstance(answer, dict):
        raise ServiceError(f"{service} answered with JSON that is no object. Check {url_option}.")
    text = _query.search(query, answer, settings.source("token_query"))
    is_usable = isinstance(text, str) and text and all("!" <= char <= "~" for char in text)
    if not is_usable and query == _ID_FIELD:
        raise ServiceError(
            f"{service} answered without the ID token that token_field or token_query asks for. Add openid to the "
            "scope (scope: openid), or set token_field to access_token: by client credentials many providers give none."
        )
    if not is_usable:
        raise ServiceError(
            f"{service} answered without a usable token where token_query looks ({query}). "
            "Correct token_query, or ask for what makes the service send it, such as a scope."
        )
    claims = _token.claims_of(text)
    # It is the life of the access token: that of another token is in that token, where it can be read.
    expires_in = None if claims and query != _token.STANDARD_FIELD else answer.get("expires_in")
    scope, refresh_token = answer.get("scope"), _refresh_token(answer)
    return _token.Token(
        text=text,
        scheme="Bearer",
        issued_at=issued_at,
        expires_at=_token.expiry(issued_at, expires_in, claims, date),
        scope=scope if isinstance(scope, str) else None,
        claims=claims,
        refresh_token=refresh_token,
        refresh_until=_token.refresh_expiry(issued_at, answer.get("refresh_expires_in")) if refresh_token else None,
    )
