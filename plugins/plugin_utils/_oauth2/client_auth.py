# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client authentication at the token endpoint (RFC 6749 section 2.3). Private to this collection."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from .. import _token
from .._http.basic import basic
from .._http.request import Repeat, Request
from .._http.settings import HttpSettings
from .endpoint import Revocation, TokenEndpoint
from .rules import OAuth


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

    def ask(self, endpoint: TokenEndpoint, fields: Mapping[str, str | None], who: str) -> _token.TokenResponse:
        """What a token request with the fields that are set brings. Raises ServiceError.

        :param who: the options that say who the client is, for sentences.
        """
        body = {name: value for name, value in fields.items() if value is not None}
        request = dataclasses.replace(self._request(endpoint.url, body, who), url_option=endpoint.url_option)
        return endpoint.ask(request, self._rules(body.get("grant_type", ""), who, endpoint.url_option))

    def revocation(self, settings: HttpSettings, url: str, token: str) -> Revocation:
        """How a token is revoked (RFC 7009 section 2.1): by a form, however tokens are asked for."""
        client = self if self.form == "form_basic" else dataclasses.replace(self, form="form_post")
        who = "client_id and client_secret"
        request = dataclasses.replace(client._request(url, {"token": token}, who), has_answer=False)
        return Revocation(settings, request, client._rules("", who, request.url_option))

    def _request(self, url: str, fields: Mapping[str, str], who: str) -> Request:
        """The request with these fields and the client's authentication.

        A refresh token may be spent by a request whose answer was lost (RFC 6749 section 6).
        """
        body = dict(fields)
        headers = {}
        if self.form == "form_basic" and self.secret is not None:
            headers["Authorization"] = f"Basic {basic(self.id, self.secret, encode=self.encode)}"
        else:
            body["client_id"] = self.id
            if self.secret is not None:
                body["client_secret"] = self.secret
        return Request(
            "POST",
            url,
            url_option="issuer",
            refused=who,
            forbidden="what this client may do at the provider",
            headers=headers,
            json=body if self.form == "json" else None,
            repeat=Repeat.ONCE_WHEN_LOST if "refresh_token" in body else Repeat.FREELY,
            form=None if self.form == "json" else body,
            can_fail_with_200="grant_type" in body,
        )

    def _rules(self, grant: str, who: str, url_option: str) -> OAuth:
        return OAuth(
            who=who,
            grant=grant,
            form=self.form,
            url_option=url_option,
            has_secret=self.secret is not None,
            undecoded=self._undecoded,
        )
