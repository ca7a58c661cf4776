# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The OAuth 2.0 token endpoint (RFC 6749) and OpenID Connect Discovery 1.0. Private to this collection."""

from __future__ import annotations

import dataclasses
import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from . import _exchange, _http, _masking, _query, _remedies, _token, _urls
from ._errors import OptionError, ServiceError
from ._provider import Clock, basic

# Characters of a text from outside.
_LONGEST_ISSUER = 300
# Where an answer has the ID token (OpenID Connect Core 1.0 section 3.1.3.3).
_ID_FIELD = "id_token"


@dataclass(frozen=True)
class Client:
    """Who asks, and how it says so (RFC 6749 section 2.3.1; ``json`` is the form that Auth0 made common).

    :param form: `json`, `form_basic` or `form_post`.
    :param secret: None for a public client.
    :param encode: whether id and secret are percent-encoded before base64, as the RFC asks and Cognito does not.
    """

    id: str
    secret: str | None = field(repr=False)
    form: str
    encode: bool = True

    @property
    def _undecoded(self) -> str:
        """What to check besides where Basic carries a character that a provider may fail to decode."""
        plain = f"{self.id}{self.secret}"
        if self.form != "form_basic" or self.secret is None or not self.encode or quote(plain, safe="") == plain:
            return ""
        return ", or set token_request to form_post: the provider may not decode the characters %-encoded in Basic"

    def request(self, url: str, fields: Mapping[str, str | None], refused: str, url_option: str) -> _http.Request:
        """The token request with the fields that are set.

        A refresh token may be spent by a request whose answer was lost (RFC 6749 section 6).
        """
        body = {name: value for name, value in fields.items() if value is not None}
        asked = _remedies.OAuth(
            who=refused,
            grant=body.get("grant_type", ""),
            form=self.form,
            url_option=url_option,
            has_secret=self.secret is not None,
            undecoded=self._undecoded,
        )
        headers = {}
        if self.form == "form_basic" and self.secret is not None:
            headers["Authorization"] = f"Basic {basic(self.id, self.secret, encode=self.encode)}"
        else:
            body["client_id"] = self.id
            if self.secret is not None:
                body["client_secret"] = self.secret
        return _http.Request(
            "POST",
            url,
            url_option=url_option,
            refused=refused,
            forbidden="what this client may do at the provider",
            headers=headers,
            json=body if self.form == "json" else None,
            repeat=_http.Repeat.ONCE_WHEN_LOST if "refresh_token" in body else _http.Repeat.FREELY,
            form=None if self.form == "json" else body,
            asks_for_token=True,
            remedy=asked.remedy,
        )

    def revocation(self, url: str, token: str) -> _http.Request:
        """The request that revokes a token (RFC 7009 section 2.1): a form, however tokens are asked for."""
        client = self if self.form == "form_basic" else dataclasses.replace(self, form="form_post")
        request = client.request(url, {"token": token}, "client_id and client_secret", "issuer")
        return dataclasses.replace(request, has_answer=False, asks_for_token=False)


@dataclass(frozen=True)
class Endpoints:
    """What discovery says of a provider (OpenID Connect Discovery 1.0 section 3)."""

    token: str
    revocation: str | None
    methods: tuple[str, ...]


def discover(route: _http.Route, issuer: str) -> Endpoints:
    """The endpoints of an issuer. Raises ServiceError when the document is not that issuer's, or lacks its part."""
    url = f"{issuer}/.well-known/openid-configuration"
    document = _exchange.send(route, lambda: _http.Request("GET", url, "issuer", "issuer", "issuer"))
    if not isinstance(document, dict):
        raise ServiceError(f"{url} is no discovery document. Check issuer.")
    if not isinstance(found := document.get("issuer"), str):
        raise ServiceError(f"The discovery document at {url} names no issuer. Check issuer, or set token_url.")
    if found.rstrip("/") != issuer:
        # Section 4.3: it must be identical. The slash at the end is what people leave out.
        raise ServiceError(_of_another(found, issuer, url, route))
    methods = document.get("token_endpoint_auth_methods_supported")
    return Endpoints(
        token=_endpoint(document, "token_endpoint", url),
        revocation=_optional(document, "revocation_endpoint"),
        # Section 3: left out, it means Basic.
        methods=tuple(map(str, methods)) if isinstance(methods, list) else ("client_secret_basic",),
    )


def _of_another(found: str, issuer: str, url: str, route: _http.Route) -> str:
    """What to do about a document that names another issuer than the one that was asked."""
    named = _masking.plain(found, route.secrets)[:_LONGEST_ISSUER]
    if "{" in named:
        return (
            f"The discovery document at {url} is for every tenant, as its issuer {named} says. Set issuer to the "
            "address that has the id of your tenant in that place."
        )
    return (
        f"The discovery document at {url} is that of another issuer: it says {named}, and {route.source('issuer')} "
        f"says {issuer}. Set issuer to the address by which the provider calls itself, or set token_url in its place."
    )


def _optional(document: Mapping[str, t.Any], name: str) -> str | None:
    """An endpoint that a grant can do without; one that cannot be used counts as absent."""
    try:
        return _urls.service_url(name, str(document[name]), query=True)
    except (KeyError, OptionError):
        return None


def _endpoint(document: Mapping[str, t.Any], name: str, url: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ServiceError(f"The discovery document at {url} names no {name}. Check issuer, or set token_url.")
    try:
        return _urls.service_url(name, value, query=True)
    except OptionError as error:
        problem = str(error)
    raise ServiceError(f"The discovery document at {url} cannot be used: {problem}")


def ask(
    route: _http.Route, clock: Clock, build: Callable[[], _http.Request], query: str, url_option: str
) -> _token.TokenResponse:
    """What a request for a token brings. Raises ServiceError where the request fails."""
    issued_at = clock()
    reply = _exchange.reply(route, build)
    after, refresh_token = clock(), _refresh_token(reply.value)
    try:
        token = bearer(reply.value, query, issued_at, route, url_option, reply.date)
    except ServiceError as error:
        return _token.TokenResponse(None, error, refresh_token)
    difference = _token.clock_difference(issued_at, after, token.claims, reply.date)
    return _token.TokenResponse(token, None, refresh_token, difference)


def revoke(route: _http.Route, request: _http.Request) -> bool:
    """Whether the token was revoked; not where the provider has no way to for its kind (RFC 7009 section 2.2.1).

    Raises ServiceError for any other refusal.
    """
    try:
        _exchange.send(route, lambda: request)
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
    answer: t.Any, query: str, issued_at: float, route: _http.Route, url_option: str, date: float | None = None
) -> _token.Token:
    """The token in an answer (RFC 6749 section 5.1). Raises ServiceError when there is none where ``query`` looks.

    :param issued_at: the moment before the request; the life counts from there.
    :param date: when the answer was made, by the clock of the service.
    """
    service = route.service
    if not isinstance(answer, dict):
        raise ServiceError(f"{service} answered with JSON that is no object. Check {url_option}.")
    text = _query.search(query, answer, route.source("token_query"))
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
