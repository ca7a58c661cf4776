# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client authentication at the token endpoint (RFC 6749 section 2.3). Private to this collection."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from .._http import remedies
from .._http.basic import basic
from .._http.request import Repeat, Request


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

    def request(self, url: str, fields: Mapping[str, str | None], refused: str, url_option: str) -> Request:
        """The token request with the fields that are set.

        A refresh token may be spent by a request whose answer was lost (RFC 6749 section 6).
        """
        body = {name: value for name, value in fields.items() if value is not None}
        asked = remedies.OAuth(
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
        return Request(
            "POST",
            url,
            url_option=url_option,
            refused=refused,
            forbidden="what this client may do at the provider",
            headers=headers,
            json=body if self.form == "json" else None,
            repeat=Repeat.ONCE_WHEN_LOST if "refresh_token" in body else Repeat.FREELY,
            form=None if self.form == "json" else body,
            asks_for_token=True,
            remedy=asked.remedy,
        )

    def revocation(self, url: str, token: str) -> Request:
        """The request that revokes a token (RFC 7009 section 2.1): a form, however tokens are asked for."""
        client = self if self.form == "form_basic" else dataclasses.replace(self, form="form_post")
        request = client.request(url, {"token": token}, "client_id and client_secret", "issuer")
        return dataclasses.replace(request, has_answer=False, asks_for_token=False)
