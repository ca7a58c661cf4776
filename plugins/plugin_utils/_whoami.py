# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who a token is. Private to this collection."""

from __future__ import annotations

import typing as t
from dataclasses import dataclass

from . import _broker, _exchange, _http, _provider, _shelf, _token
from ._errors import ServiceError


@dataclass(frozen=True)
class Question:
    """How one service is asked."""

    provider: _provider.Provider
    api_url: str
    route: _http.Route

    def answered(
        self, broker: _broker.Broker, wish: _shelf.Wish, handout: _shelf.Handout
    ) -> tuple[_shelf.Handout, dict[str, t.Any]]:
        """Who the token is; a cached one that is refused may have been revoked since, so another is asked about.

        Raises ServiceError.
        """
        refused = ""
        while True:
            try:
                return handout, self._asked(handout.token, refused)
            except ServiceError as error:
                if error.status != 401 or handout.source == "given":
                    raise
                has_another = broker.discard(wish, handout.token.text)
                if handout.source == "issued" or refused or not has_another:
                    raise
            refused, handout = handout.token.text, broker.token(wish)

    def _asked(self, token: _token.Token, refused: str) -> dict[str, t.Any]:
        """Whose the token is. ``refused`` is the one before it, to be kept out of sentences too."""
        route = self.route.knowing(token.text, refused)

        def get(path: str) -> t.Any:
            request = _http.Request(
                "GET",
                self.api_url + path,
                url_option="api_url",
                refused="the token and the credential that it came from, and api_url",
                forbidden="what the credential may do, and that it is of the account at api_url",
                headers=token.headers,
                pause=self.provider.pause,
            )
            return _exchange.send(route, lambda: request)

        try:
            return self.provider.whoami(get, token)
        except ServiceError as error:
            if self.provider.explain and (sentence := self.provider.explain(error, token, self.api_url)):
                error.args = (sentence,)
            raise
