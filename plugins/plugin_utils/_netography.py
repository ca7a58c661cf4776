# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import base64
import binascii
import json
import typing as t
import uuid
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import _http, _oauth2, _ready, _token, _urls
from ._errors import CredentialError, MissingLibraryError
from ._options import Options
from ._provider import Clock, Credential, Get, Method, Provider, Warn, missing

_ORIGIN = "https://api.netography.com"
_API_KEY_PATH = "/api/v1/auth/token"
_USER_PATH = "/api/auth/bearer/token"
_REFRESH_PATH = "/api/auth/bearer/refresh"
_READ_PATH = "/api/v1/mitre/tactics"
_PARTS = ("shortname", "appname", "appkey", "sharedsecret")
_COPY_AGAIN = "Copy it again from the place where the API key was made."


@dataclass(frozen=True)
class ApiKey(Credential):
    """The parts of a NETOSECRET, exchanged for a token with a signed request token."""

    shortname: str
    appname: str
    appkey: str = field(repr=False)
    sharedsecret: str = field(repr=False)
    api_url: str
    token_query: str

    @property
    def secret(self) -> str:
        return json.dumps([self.appkey, self.sharedsecret])

    @property
    def secrets(self) -> tuple[str, ...]:
        return (self.appkey, self.sharedsecret)

    @property
    def identity(self) -> Mapping[str, str]:
        return {
            "shortname": self.shortname,
            "appname": self.appname,
            "api_url": self.api_url,
            "token_query": self.token_query,
        }

    def grant(self, route: _http.Route, clock: Clock) -> _token.Token:
        issued_at = clock()
        answer = _http.send(route, lambda: self._request(clock()))
        return _oauth2.bearer(answer, self.token_query, issued_at, route.service, "api_url")

    def renew(self, route: _http.Route, clock: Clock, refresh_token: str) -> _token.Token:
        return _by_refresh_token(self, route, clock, refresh_token)

    def _request(self, now: float) -> _http.Request:
        """A request with a request token of its own: its ``jti`` may be used once."""
        return _http.Request(
            "POST",
            self.api_url + _API_KEY_PATH,
            url_option="api_url",
            refused="netosecret, or appname, appkey and sharedsecret",
            forbidden="shortname, and what the API key may do",
            json={"jwt": self.request_token(int(now), uuid.uuid4().hex)},
        )

    def request_token(self, iat: int, jti: str) -> str:
        """The signed claims (JWS, RFC 7515, HS256), in the service's order. The secret is the key as it stands.

        Raises CredentialError for a secret that PyJWT takes for a public key, and MissingLibraryError without PyJWT.
        """
        try:
            import jwt
        except ImportError:
            raise MissingLibraryError("PyJWT") from None
        claims = {"iat": iat, "jti": jti, "appname": self.appname, "appkey": self.appkey, "shortname": self.shortname}
        try:
            with warnings.catch_warnings():
                # PyJWT warns of short keys, but it is the service that chose this one.
                warnings.simplefilter("ignore")
                return jwt.encode(claims, self.sharedsecret, algorithm="HS256")
        except (jwt.PyJWTError, ValueError):
            pass
        raise CredentialError(
            "The sharedsecret cannot sign a request: it looks like a key of another kind. Copy it again."
        )


@dataclass(frozen=True)
class UserCredentials(Credential):
    """Name and password of a person."""

    username: str
    password: str = field(repr=False)
    api_url: str
    token_query: str
    personal: t.ClassVar[bool] = True

    @property
    def secret(self) -> str:
        return self.password

    @property
    def identity(self) -> Mapping[str, str]:
        return {"username": self.username, "api_url": self.api_url, "token_query": self.token_query}

    def grant(self, route: _http.Route, clock: Clock) -> _token.Token:
        fields = {"username": self.username, "password": self.password}
        return _by_form(self, route, clock, _USER_PATH, fields, "username and password")

    def renew(self, route: _http.Route, clock: Clock, refresh_token: str) -> _token.Token:
        return _by_refresh_token(self, route, clock, refresh_token)


@dataclass(frozen=True)
class RefreshToken(Credential):
    """A refresh token as it was given."""

    refresh_token: str = field(repr=False)
    api_url: str
    token_query: str

    @property
    def secret(self) -> str:
        return self.refresh_token

    @property
    def identity(self) -> Mapping[str, str]:
        return {"api_url": self.api_url, "token_query": self.token_query}

    def grant(self, route: _http.Route, clock: Clock) -> _token.Token:
        return _by_refresh_token(self, route, clock, self.refresh_token)

    def renew(self, route: _http.Route, clock: Clock, refresh_token: str) -> _token.Token:
        return _by_refresh_token(self, route, clock, refresh_token)


Owner = ApiKey | UserCredentials | RefreshToken


def _by_refresh_token(owner: Owner, route: _http.Route, clock: Clock, refresh_token: str) -> _token.Token:
    refused = "refresh_token, which may have been used or have expired"
    return _by_form(owner, route, clock, _REFRESH_PATH, {"refresh_token": refresh_token}, refused)


def _by_form(
    owner: Owner, route: _http.Route, clock: Clock, path: str, form: Mapping[str, str], refused: str
) -> _token.Token:
    """A token by one of the two form requests that the service takes outside its versioned API."""
    request = _http.Request(
        "POST", owner.api_url + path, url_option="api_url", refused=refused, forbidden="what the user may do", form=form
    )
    issued_at = clock()
    return _oauth2.bearer(_http.send(route, lambda: request), owner.token_query, issued_at, route.service, "api_url")


def _api_key(options: Options, warn: Warn) -> ApiKey:
    """The API key from the NETOSECRET and the single parts, which override it."""
    netosecret = options.text("netosecret")
    bundle = read_netosecret(netosecret) if netosecret is not None else {}
    single = {name: options.text(name) for name in _PARTS}
    if netosecret is not None and options.level("sharedsecret") > options.level("netosecret"):
        # Of two secrets the one said more specifically counts; the other parts only choose what it is used for.
        single["sharedsecret"] = None
    parts = {name: single[name] or bundle.get(name, "") for name in _PARTS}
    for name, value in parts.items():
        if not value:
            raise _lacking(options, name, netosecret is not None)
    if netosecret is not None and not bundle.get("url") and not options.is_set("api_url"):
        raise _lacking(options, "url", True)
    return ApiKey(
        shortname=parts["shortname"],
        appname=parts["appname"],
        appkey=parts["appkey"],
        sharedsecret=parts["sharedsecret"],
        api_url=_api_url(options, bundle.get("url")),
        token_query=_query(options),
    )


def _lacking(options: Options, name: str, in_bundle: bool) -> CredentialError:
    if in_bundle:
        return CredentialError(f"netosecret has no text at the key {name}. {_COPY_AGAIN}")
    return missing(options, name, METHODS[0], name)


def read_netosecret(text: str) -> dict[str, str]:
    """The texts in a NETOSECRET: base64, padded or not, of either alphabet, of a JSON object.

    Raises CredentialError, which says which of the three it is not.
    """
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        decoded = base64.b64decode(compact + "=" * (-len(compact) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise CredentialError(f"netosecret is not base64. {_COPY_AGAIN}") from None
    try:
        # strict=False: a copied NETOSECRET can have line breaks inside its texts as well.
        values = json.loads(decoded, strict=False)
    except (ValueError, RecursionError):
        raise CredentialError(f"netosecret is base64, but not of JSON. {_COPY_AGAIN}") from None
    if not isinstance(values, dict) or not values:
        raise CredentialError(f"netosecret holds JSON that is no object with keys. {_COPY_AGAIN}")
    return {name: value for name, value in values.items() if isinstance(value, str)}


def _user_credentials(options: Options, warn: Warn) -> UserCredentials:
    return UserCredentials(
        username=options.text("username") or "",
        password=options.text("password") or "",
        api_url=_api_url(options, None),
        token_query=_query(options),
    )


def _refresh_token(options: Options, warn: Warn) -> RefreshToken:
    return RefreshToken(options.text("refresh_token") or "", _api_url(options, None), _query(options))


def _given(options: Options, warn: Warn) -> _ready.Ready:
    return _ready.Ready(options.text("token") or "", "Bearer", _api_url(options, None), "token")


def _api_url(options: Options, bundled: str | None) -> str:
    """The origin: a NETOSECRET's url is seen with ``/api/v1``, with ``/v1`` and bare."""
    given = options.text("api_url")
    if given is None and bundled is not None:
        return _urls.origin(_urls.service_url("url in netosecret", bundled))
    return _urls.origin(_urls.service_url("api_url", given or _ORIGIN))


def _query(options: Options) -> str:
    return options.text("token_query") or "access_token"


def _whoami(get: Get, token: _token.Token) -> dict[str, t.Any]:
    """The token's own claims, once the service has taken it: it has no operation that says who one is."""
    get(_READ_PATH)
    return dict(token.claims)


METHODS = (
    Method(
        "api_key", selected_by=("netosecret", "sharedsecret"), make=_api_key, uses=("shortname", "appname", "appkey")
    ),
    Method("user_credentials", selected_by=("password",), make=_user_credentials, needs=("username",)),
    Method("refresh_token", selected_by=("refresh_token",), make=_refresh_token),
    Method("token", selected_by=("token",), make=_given),
)

PROVIDER = Provider(
    name="netography",
    label="Netography",
    plugin="netapi.auth.netography_token",
    methods=METHODS,
    whoami=_whoami,
    secrets=("netosecret", "appkey", "sharedsecret", "password", "refresh_token", "token"),
)
