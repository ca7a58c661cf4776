# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whose a token is. Private to this collection."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .. import _token
from .._errors import ServiceError
from .._http.response import Answer, RefusedError, read_answer
from .._http.settings import HttpSettings
from .._providers.base import Credential, Provider
from .._providers.service_api import Api
from .._tokens.cache import TokenResult, TokenSpec
from .._tokens.manager import TokenManager

# What of an answer, beside its body, tells the cause; as ansible.builtin.uri calls them.
_HEADERS = ("content_type", "www_authenticate")


@dataclass(frozen=True)
class Question:
    """The question to one service whose a token is.

    :param url_option: the option that decides the address, for sentences.
    :param credential: what the token came of.
    """

    provider: Provider
    api_url: str
    settings: HttpSettings
    url_option: str
    credential: Credential

    def answered(
        self, manager: TokenManager, spec: TokenSpec, result: TokenResult
    ) -> tuple[TokenResult, dict[str, t.Any]]:
        """The token, and whose it is. Raises ServiceError.

        A cached token that is refused may have been revoked, so the question is asked once more with another one.
        """
        refused = ""
        while True:
            try:
                return result, self._asked(result.token, refused)
            except ServiceError as error:
                if error.status != 401 or result.source == "given":
                    raise
                has_another = manager.invalidate(spec, result.token.text)
                if result.source == "issued" or refused or not has_another:
                    raise
            refused = result.token.text
            result = manager.token(spec)

    def _asked(self, token: _token.Token, refused: str) -> dict[str, t.Any]:
        """Whose the token is. ``refused`` is the token before it, which must not appear in a sentence either."""
        api = self._api(token, self.settings.with_secrets(token.text, refused))
        try:
            return self.provider.whoami(api, token)
        except RefusedError as error:
            self._explain(error, token)
            raise

    def remedy(self, url: str, attached: Mapping[str, t.Any], result: Mapping[str, t.Any]) -> str:
        """What to do about a refused request of the user: the remedy that this question would have.

        :param attached: the result of the token that it had.
        :param result: what ansible.builtin.uri says of the answer.
        """
        token = _token.Token(attached["access_token"], attached["token_type"], 0.0)
        headers = {name.replace("_", "-"): str(result[name]) for name in _HEADERS if name in result}
        said = result.get("json", result.get("content", ""))
        body = said if isinstance(said, str) else json.dumps(said)
        answer = Answer(result["status"], headers, body.encode())
        remedy = ""
        try:
            read_answer(answer, self.provider.label, self._api(token, self.settings).request(url), (), time.time())
        except RefusedError as error:
            self._explain(error, token)
            remedy = error.remedy
        return remedy

    def ahead(self, token: _token.Token, identity: Mapping[str, t.Any]) -> str:
        """What is to come for the credential, where the service says that; empty for nothing."""
        if self.provider.ahead is None:
            return ""
        settings = replace(self.settings.with_secrets(token.text), retries=0)
        return self.provider.ahead(self._api(token, settings), token, identity)

    def api(self, token: _token.Token) -> Api:
        """The service as this token sees it."""
        return self._api(token, self.settings.with_secrets(token.text))

    def _api(self, token: _token.Token, settings: HttpSettings) -> Api:
        asked = self.credential.userinfo_url
        return Api(settings, self.api_url, self.url_option, token, self.provider.pause, asked)

    def _explain(self, error: RefusedError, token: _token.Token) -> None:
        """Replace what the status says by what the service means, where that is known."""
        if self.provider.explain is not None:
            where = str(getattr(self.credential, "option", ""))
            said, remedy = self.provider.explain(error, token, self.api_url, where)
            error.mend(remedy, said)
