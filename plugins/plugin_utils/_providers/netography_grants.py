# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What Netography is asked for a token. Private to this collection."""

from __future__ import annotations

import dataclasses
import uuid
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .. import _token
from .._errors import CredentialError, MissingLibraryError, WrongLibraryError, where_it_is
from .._http.request import Refusal, Repeat, Request
from .._http.settings import HttpSettings
from .._oauth2.endpoint import Asking, TokenEndpoint
from .._oauth2.rules import SPENT, ByStatus
from .._token import Clock

_API_KEY_PATH = "/api/v1/auth/token"
_USER_PATH = "/api/auth/bearer/token"
_REFRESH_PATH = "/api/auth/bearer/refresh"
# Seconds between the readings of two clocks that can be why a request is refused.
_CLOCKS_DIFFER = 60.0
_CLOCK = "Set the clock of this controller right"


@dataclass(frozen=True)
class Signed(ByStatus):
    """What a refusal of a request means that was signed at a certain time."""

    clock: Clock

    def remedy(self, refusal: Refusal) -> str:
        if refusal.status == 401 and refusal.has_words and refusal.date is not None:
            ahead = self.clock() - refusal.date
            if abs(ahead) > _CLOCKS_DIFFER:
                return (
                    f"{_CLOCK}: it is about {_token.minutes(ahead)} that of the service, which takes only requests "
                    "that were signed a moment ago."
                )
        return super().remedy(refusal)

    def about(self, refusal: Refusal) -> tuple[str, str, str]:
        return ("clock", "", "") if self.remedy(refusal).startswith(_CLOCK) else ("", "", "")


@dataclass(frozen=True)
class Grants:
    """The three requests for a token; each raises ServiceError.

    :param token_query: where the token is in the answer.
    """

    settings: HttpSettings
    clock: Clock
    api_url: str
    token_query: str

    def by_api_key(
        self, key: Mapping[str, str], sharedsecret: str, as_said: Callable[..., str]
    ) -> _token.TokenResponse:
        """A token for a signed request token.

        :param key: its appname, appkey and shortname.
        :param as_said: what options are called in sentences, as ``Options.as_said`` does.
        """
        where = self.settings.source("sharedsecret")
        parts = as_said("appname", "appkey", "sharedsecret")
        account = as_said("shortname", "appname", "appkey")
        unknown = f"Check {account}: the service knows no such account, or no such key of it."
        rules = Signed({404: unknown}, self.clock)
        asking = Asking(self._endpoint(_API_KEY_PATH, as_said("api_url")), rules)
        request = Request(
            "POST",
            self.api_url + _API_KEY_PATH,
            url_option=as_said("api_url"),
            refused=parts,
            forbidden=f"{as_said('shortname')}, and what the API key may do",
            can_fail_with_200=True,
        )
        response = None
        while response is None:
            # Each try has a request token of its own: its ``jti`` may be used once.
            signed = request_token(key, sharedsecret, int(self.clock()), uuid.uuid4().hex, where)
            response = asking.send(dataclasses.replace(request, json={"jwt": signed}))
        return response

    def by_password(self, username: str, password: str) -> _token.TokenResponse:
        """Sent once: a second try with a wrong password could lock the account."""
        form = {"username": username, "password": password}
        return self._by_form(_USER_PATH, form, "username and password", Repeat.UNLESS_ARRIVED)

    def by_refresh_token(self, refresh_token: str) -> _token.TokenResponse:
        form = {"refresh_token": refresh_token}
        spent = dict.fromkeys((200, 400, 401, 403), SPENT)
        return self._by_form(_REFRESH_PATH, form, "refresh_token", Repeat.ONCE_WHEN_LOST, spent)

    def _by_form(
        self,
        path: str,
        form: Mapping[str, str],
        refused: str,
        repeat: Repeat,
        sentences: Mapping[int, str] | None = None,
    ) -> _token.TokenResponse:
        """A token by one of the two form requests that the service takes outside its versioned API."""
        request = Request(
            "POST",
            self.api_url + path,
            url_option="api_url",
            refused=refused,
            forbidden="what the user may do",
            form=form,
            repeat=repeat,
            can_fail_with_200=True,
        )
        return self._endpoint(path, "api_url").ask(request, ByStatus(sentences or {}))

    def _endpoint(self, path: str, url_option: str) -> TokenEndpoint:
        return TokenEndpoint(self.settings, self.clock, self.api_url + path, url_option, self.token_query)


def request_token(key: Mapping[str, str], sharedsecret: str, iat: int, jti: str, where: str = "sharedsecret") -> str:
    """The signed claims (JWS, RFC 7515, HS256), in the service's order. The secret is the key as it stands.

    :param where: the option with the secret, and its source.

    Raises CredentialError for a secret that PyJWT takes for a public key, MissingLibraryError without PyJWT, and
    WrongLibraryError where another library is in its place.
    """
    try:
        import jwt
    except ImportError:
        raise MissingLibraryError("PyJWT") from None
    if not hasattr(jwt, "encode") or not hasattr(jwt, "PyJWTError"):
        raise WrongLibraryError(
            "The library jwt on the controller is not PyJWT, which is imported by the same name. "
            f"Run pip uninstall jwt PyJWT, then pip install PyJWT. {where_it_is('PyJWT')}"
        )
    parts = {name: key[name] for name in ("appname", "appkey", "shortname")}
    claims = {"iat": iat, "jti": jti, **parts}
    try:
        with warnings.catch_warnings():
            # PyJWT warns of short keys, but it is the service that chose this one.
            warnings.simplefilter("ignore")
            return jwt.encode(claims, sharedsecret, algorithm="HS256")
    except (jwt.PyJWTError, ValueError):
        pass
    raise CredentialError(f"{where} cannot sign a request: it looks like a key of another kind. Copy it again.")
