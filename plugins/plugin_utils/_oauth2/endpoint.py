# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth 2.0 token endpoint (RFC 6749 section 3.2) and what it answers. Private to this collection."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from .. import _query, _token
from .._errors import ServiceError
from .._http import client
from .._http.request import Request
from .._http.response import RefusedError
from .._http.settings import HttpSettings
from .._token import Clock
from .rules import BEGINS_AT_REFRESH, Rules, elsewhere

# Kinds of token that are of no use alone (RFC 9449, RFC 6749 section 7.1).
_WITH_PROOF = ("dpop", "mac", "pop")
# Where an answer has the ID token (OpenID Connect Core 1.0 section 3.1.3.3).
_ID_FIELD = "id_token"


@dataclass(frozen=True)
class TokenEndpoint:
    """Where tokens are asked for.

    :param url_option: the option that decides the address, for sentences.
    :param query: where the token is in an answer, in JMESPath.
    :param carrier: how the token is sent.
    """

    settings: HttpSettings
    clock: Clock
    url: str
    url_option: str
    query: str
    carrier: _token.Carrier = _token.BEARER

    def ask(self, request: Request, rules: Rules) -> _token.TokenResponse:
        """What the request brings. Raises what ``Asking.send`` raises."""
        asking = Asking(self, rules)
        while (response := asking.send(request)) is None:
            pass
        return response


class Asking:
    """One token request, with its repetitions.

    :param rules: what the endpoint's refusals mean.
    """

    def __init__(self, endpoint: TokenEndpoint, rules: Rules) -> None:
        self._endpoint = endpoint
        self._rules = rules
        self._exchange = client.Exchange(endpoint.settings)
        self._issued_at = endpoint.clock()

    @property
    def first(self) -> ServiceError | None:
        """What went wrong at the first try, and what mends it; None before there is a second."""
        if isinstance(first := self._exchange.first, RefusedError):
            _mend(first, self._endpoint.url_option, self._rules)
        return first

    def send(self, request: Request) -> _token.TokenResponse | None:
        """What the request brings; None where it is to be made and sent again. Raises ServiceError."""
        try:
            reply = self._exchange.send(request)
        except RefusedError as error:
            _mend(error, self._endpoint.url_option, self._rules)
            raise
        return None if reply is None else self._response(reply)

    def _response(self, reply: client.Reply) -> _token.TokenResponse:
        endpoint = self._endpoint
        refresh_token = _refresh_token(reply.value)
        after = endpoint.clock()
        try:
            token = bearer(
                reply.value, endpoint.query, self._issued_at, endpoint.settings, endpoint.url_option, reply.date
            )
            carriers = endpoint.carrier.headers(token.text)
            token = token._replace(scheme=endpoint.carrier.prefix, carriers=carriers)
        except ServiceError as error:
            return _token.TokenResponse(None, error, refresh_token)
        difference = _token.clock_difference(self._issued_at, after, token.claims, reply.date)
        return _token.TokenResponse(token, None, refresh_token, difference)


def _mend(error: RefusedError, url_option: str, rules: Rules) -> None:
    of_another = elsewhere(url_option, error.refusal)
    error.mend(of_another or rules.remedy(error.refusal))
    if not (of_another or error.cause):
        error.because(*rules.about(error.refusal))
    error.is_spent = error.remedy.startswith(BEGINS_AT_REFRESH)


@dataclass(frozen=True)
class Revocation:
    """How one token is revoked (RFC 7009)."""

    settings: HttpSettings
    request: Request
    rules: Rules

    def send(self) -> bool:
        """Whether the token was revoked; not where the provider has no way to for its kind (section 2.2.1).

        Raises ServiceError for any other refusal.
        """
        try:
            client.send(self.settings, self.request)
        except RefusedError as error:
            if error.code == "unsupported_token_type":
                return False
            error.mend(self.rules.remedy(error.refusal))
            raise
        return True


def _refresh_token(answer: t.Any) -> str | None:
    found = answer.get("refresh_token") if isinstance(answer, dict) else None
    # RFC 6749 appendix A.17. Any other text could not be sent, and must not replace one that can.
    is_one = isinstance(found, str) and found.strip() and all(" " <= char <= "~" for char in found)
    return found if is_one else None


def _check_type(said: object, settings: HttpSettings) -> None:
    """Raise ServiceError for a token that wants a proof at each use, and warn of one of an unknown kind.

    RFC 6749 section 7.1; a token that is no access token has the type N_A (RFC 8693 section 2.2.1).
    """
    kind = said.lower() if isinstance(said, str) else "bearer"
    if kind in _WITH_PROOF:
        raise ServiceError(
            f"{settings.service} gave a token that is bound to a proof of possession ({kind}), which this collection "
            "does not make. Let the provider give this client bearer tokens: switch off DPoP there."
        )
    if kind not in ("bearer", "n_a"):
        settings.warn(
            f"{settings.service} gave a token of another type than Bearer. It is sent as Bearer all the same. Look at "
            "what the API wants where it refuses it."
        )


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
            f"{service} answered without the ID token that token_query asks for. Add openid to the scope "
            "(scope: openid), or set token_query to access_token: by client credentials many providers give none."
        )
    if not is_usable:
        raise ServiceError(
            f"{service} answered without a usable token where token_query looks ({query}). "
            "Correct token_query, or ask for what makes the service send it, such as a scope."
        )
    _check_type(answer.get("token_type"), settings)
    claims = _token.claims_of(text)
    # expires_in is the life of the access token. Another token holds its own, where it can be read.
    expires_in = None if claims and query != _token.STANDARD_FIELD else answer.get("expires_in")
    scope = answer.get("scope")
    refresh_token = _refresh_token(answer)
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
