# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The API of a service, asked with one token. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from .. import _token
from .._http import client
from .._http.request import Repeat, Request
from .._http.settings import HttpSettings


@dataclass(frozen=True)
class Api:
    """Where the API is, and how it is asked.

    :param url_option: the option that decides the address, for sentences.
    :param pause: seconds to wait after a 429 that does not say how long.
    :param userinfo_url: says where the provider of the token says whose it is.
    """

    settings: HttpSettings
    url: str
    url_option: str
    token: _token.Token
    pause: float | None
    userinfo_url: Callable[[HttpSettings], str]

    def userinfo(self) -> t.Any:
        """What the provider of the token says of its owner (OpenID Connect Core 1.0 section 5.3).

        Raises what ``get`` raises, and CredentialError where nothing says where to ask.
        """
        # The address is of the discovery document.
        url = self.userinfo_url(self.settings)
        return client.send(self.settings, replace(self, url_option="issuer").request(url))

    def get(self, path: str) -> t.Any:
        """The JSON value at a path. Raises RefusedError for a refusal, and ServiceError."""
        return client.send(self.settings, self.request(self.url + path))

    def request(self, url: str, method: str = "GET", **more: t.Any) -> Request:
        """:param more: further fields of the request."""
        return Request(
            method,
            url,
            url_option=self.url_option,
            refused=f"the token and the credential that it came from, and {self.url_option}",
            forbidden=f"what the credential may do, and that it is of the account at {self.url_option}",
            headers=self.token.headers,
            pause=self.pause,
            **more,
        )

    def making(self, path: str, body: Mapping[str, t.Any]) -> Request:
        """A request that makes something, and is not sent again where that may have been done."""
        return self.request(self.url + path, "POST", json=body, repeat=Repeat.UNLESS_MADE)

    def removing(self, path: str) -> Request:
        return self.request(self.url + path, "DELETE", has_answer=False)
