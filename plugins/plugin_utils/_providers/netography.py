# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Netography: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import base64
import binascii
import json
import typing as t
from collections.abc import Callable, Mapping

from .. import _token
from .._errors import CredentialError
from .._http import urls
from .._options import accounts
from .._options.options import Options, Setting, listed
from .._options.values import is_text, without_line_end
from .._token import Clock
from . import remarks
from .base import Credential, Method, Provider, Warn, missing

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings
    from . import netography_grants
    from .service_api import Api

_ORIGIN = "https://api.netography.com"
_READ_PATH = "/api/v1/mitre/tactics"
_PARTS = ("shortname", "appname", "appkey", "sharedsecret")
# What belongs together: the shortname only picks a sub-account.
_ACCOUNT = ("appname", "appkey", "sharedsecret")
_COPY_AGAIN = "Copy it again from the place where the API key was made."


class _Account(Credential):
    """A credential whose tokens come with a refresh token."""

    token_query: str

    def renew(self, settings: HttpSettings, clock: Clock, refresh_token: str) -> _token.TokenResponse:
        return self._grants(settings, clock).by_refresh_token(refresh_token)

    def _grants(self, settings: HttpSettings, clock: Clock) -> netography_grants.Grants:
        # Imported here, because a token from the cache needs none of it.
        from . import netography_grants

        return netography_grants.Grants(settings, clock, self.api_url, self.token_query)


class ApiKey(_Account):
    """The parts of a NETOSECRET, exchanged for a token with a signed request token."""

    shortname: str
    appname: str
    appkey: str
    sharedsecret: str
    api_url: str
    as_said: Callable[..., str]

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

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        key = {"appname": self.appname, "appkey": self.appkey, "shortname": self.shortname}
        return self._grants(settings, clock).by_api_key(key, self.sharedsecret, self.as_said)


class UserCredentials(_Account):
    """Name and password of a person."""

    username: str
    password: str
    api_url: str

    personal: t.ClassVar[bool] = True

    @property
    def secret(self) -> str:
        return self.password

    @property
    def identity(self) -> Mapping[str, str]:
        return {"username": self.username, "api_url": self.api_url, "token_query": self.token_query}

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        return self._grants(settings, clock).by_password(self.username, self.password)


class RefreshToken(_Account):
    """A refresh token as it was given."""

    refresh_token: str
    api_url: str

    @property
    def secret(self) -> str:
        return self.refresh_token

    @property
    def identity(self) -> Mapping[str, str]:
        return {"api_url": self.api_url, "token_query": self.token_query}

    @property
    def given(self) -> _token.GivenRefreshToken:
        return _token.GivenRefreshToken(self.refresh_token)

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        return self.renew(settings, clock, self.refresh_token)


def _api_key(options: Options, warn: Warn) -> ApiKey:
    """The API key from the NETOSECRET or the single parts, of one account; each may have what the other lacks."""
    netosecret = options.text("netosecret")
    bundle = read_netosecret(netosecret, options.source("netosecret")) if netosecret is not None else {}
    is_bundled = netosecret is not None and _is_of(options, bundle)
    for name in _PARTS:
        if not options.is_set(name):
            raise _lacking(options, name, is_bundled)
    accounts.check(options, "sharedsecret", "appname", "appkey")
    if is_bundled and not options.is_set("api_url"):
        raise _lacking(options, "url", True)
    return ApiKey(
        shortname=options.text("shortname") or "",
        appname=options.text("appname") or "",
        appkey=options.text("appkey") or "",
        sharedsecret=options.text("sharedsecret") or "",
        api_url=_api_url(options),
        token_query=_query(options),
        as_said=options.as_said,
    )


def _with_bundle(options: Options, warn: Warn) -> Options:
    """The options with the parts of the NETOSECRET, where there is one."""
    netosecret = options.text("netosecret")
    if netosecret is None:
        return options
    bundle = read_netosecret(netosecret, options.source("netosecret"))
    named = options.settings["netosecret"]
    options = _of_one_account(options, bundle)
    if bundle.get("url") and _is_of(options, bundle):
        options = options.found({"api_url": Setting.held(bundle["url"], "url", "netosecret", named)})
    remarks.on_values(PROVIDER, METHODS[0], options, warn, family="netosecret")
    return options


def _of_one_account(options: Options, bundle: Mapping[str, str]) -> Options:
    """The options with the parts of the NETOSECRET, which count as said where it was; the same for another account.

    Raises CredentialError for a part of another account. ``shortname`` is none: it only picks a sub-account.
    """
    named = options.settings["netosecret"]
    bundled = {name: Setting.held(bundle[name], name, "netosecret", named) for name in _PARTS if bundle.get(name)}
    near = [name for name in _ACCOUNT if options.is_set(name) and options.level(name) <= named.level]
    others = [name for name in near if name in bundled and bundled[name].value != options.text(name)]
    if others and len(near) == len(_ACCOUNT):
        return options
    if others:
        raise CredentialError(
            f"{options.source(others[0])} is not the one in {options.source('netosecret')} and an account counts as a "
            f"whole. Give {listed(_ACCOUNT)} in one place, or do not set {others[0]} by "
            f"{options.settings[others[0]].source}."
        )
    kept = [*near, *(["shortname"] if options.is_set("shortname") else [])]
    return options.overlaid({name: setting for name, setting in bundled.items() if name not in kept})


def _is_of(options: Options, bundle: Mapping[str, str]) -> bool:
    """Whether the options are of the account in the NETOSECRET, which may lack a part of it."""
    others = [name for name in _ACCOUNT if options.is_set(name) and options.text(name) != bundle.get(name)]
    return not any(map(bundle.get, others))


def _lacking(options: Options, name: str, in_bundle: bool) -> CredentialError:
    if in_bundle:
        return CredentialError(f"{options.source('netosecret')} has no text at the key {name}. {_COPY_AGAIN}")
    return missing(options, name, METHODS[0], name)


def read_netosecret(text: str, where: str) -> dict[str, str]:
    """The texts in a NETOSECRET: base64, padded or not, of either alphabet, of a JSON object.

    :param where: the option with its source, for sentences.

    Raises CredentialError, which says which of the three it is not.
    """
    compact = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    # One character over is no byte.
    is_odd = len(compact) % 4 == 1
    even = compact[: len(compact) - is_odd]
    try:
        decoded = base64.b64decode(even + "=" * (-len(even) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise CredentialError(f"{where} is not base64. {_COPY_AGAIN}") from None
    try:
        # strict=False: a copied NETOSECRET can have line breaks inside its texts as well.
        values = json.loads("" if is_odd else decoded, strict=False)
    except (ValueError, RecursionError):
        raise CredentialError(f"{where} {_no_json(decoded, len(compact), is_odd)}. {_COPY_AGAIN}") from None
    if not isinstance(values, dict) or not values:
        raise CredentialError(f"{where} holds JSON that is no object with keys. {_COPY_AGAIN}")
    return {name: without_line_end(value) for name, value in values.items() if is_text(value)}


def _no_json(decoded: bytes, length: int, is_odd: bool) -> str:
    """What is wrong with a NETOSECRET of this length, which has no whole JSON."""
    if decoded.startswith(b"{"):
        return f"was probably cut off: its JSON has no end after {length} characters of base64"
    return "is not base64" if is_odd else "is base64, but not of JSON"


def _user_credentials(options: Options, warn: Warn) -> UserCredentials:
    accounts.check(options, "password", "username")
    return UserCredentials(
        username=options.text("username") or "",
        password=options.text("password") or "",
        api_url=_api_url(options),
        token_query=_query(options),
    )


def _refresh_token(options: Options, warn: Warn) -> RefreshToken:
    return RefreshToken(
        refresh_token=options.text("refresh_token") or "", api_url=_api_url(options), token_query=_query(options)
    )


def _given(options: Options, warn: Warn) -> Credential:
    from . import static

    return static.StaticToken(options.text("token") or "", "Bearer", _api_url(options), options.source("token"))


def _api_url(options: Options) -> str:
    """The origin only, because the url in a NETOSECRET may end in ``/api/v1``, in ``/v1`` or in neither."""
    return urls.origin(urls.service_url(options.source("api_url"), options.text("api_url") or _ORIGIN))


def _query(options: Options) -> str:
    return options.text("token_query") or "access_token"


def _whoami(api: Api, token: _token.Token) -> dict[str, t.Any]:
    """The token's own claims, after a request that the service accepts: it has no operation for this."""
    api.get(_READ_PATH)
    return dict(token.claims)


METHODS = (
    Method(
        "api_key",
        selected_by=("netosecret", "sharedsecret"),
        make=_api_key,
        uses=("shortname", "appname", "appkey"),
        holder="netosecret",
        opened=_with_bundle,
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
    headers=("token",),
)
