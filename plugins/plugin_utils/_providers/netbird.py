# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import dataclasses
import json
import re
import string
import typing as t
import zlib
from collections.abc import Mapping

from .. import _token
from .._errors import CredentialError, ServiceError
from .._http import urls
from .._http.basic import basic
from .._options import accounts
from .._options.options import Options
from .._token import Clock
from .base import Credential, Method, Provider, Warn

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings
    from .._oauth2.client_auth import Client
    from .._oauth2.discovery import Endpoints
    from .._oauth2.endpoint import Revocation
    from .service_api import Api

_API_URL = "https://api.netbird.io"
# Where a provider says what it can do (OpenID Connect Discovery 1.0 section 4).
_DOCUMENT = "/.well-known/openid-configuration"
_PAT = r"nbp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})\Z"
# Seconds to wait after a 429, since NetBird does not say how long.
_PAUSE = 10.0
# What else NetBird gives out. The API answers all of it as it answers an expired token.
_NO_CREDENTIALS = {
    r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\Z": "a setup key, which registers peers,",
    "nbx_": "the token of a NetBird proxy",
    "nbi_": "an invitation",
}
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class OAuth2(Credential):
    """A token from the account's own identity provider, by client credentials or by a refresh token.

    :param issuer: where to discover the token endpoint; None with ``token_url``.
    :param token_request: None to take what discovery says, else Basic.
    :param refresh_token: RFC 6749 section 6; None for client credentials (section 4.4).
    """

    client_id: str
    client_secret: str | None
    refresh_token: str | None
    issuer: str | None
    token_url: str | None
    token_request: str | None
    audience: str | None
    scope: str | None
    token_query: str
    api_url: str

    @property
    def secret(self) -> str:
        return json.dumps([self.refresh_token, self.client_secret])

    @property
    def secrets(self) -> tuple[str, ...]:
        secret = self.client_secret
        said = (secret, basic(self.client_id, secret, encode=True)) if secret is not None else ()
        return (self.refresh_token or "", *said)

    @property
    def identity(self) -> Mapping[str, str]:
        kept = ("client_id", "issuer", "token_url", "audience", "scope", "token_query")
        values = {name: getattr(self, name) or "" for name in kept}
        return {**values, "grant_type": "refresh_token" if self.refresh_token else "client_credentials"}

    @property
    def issuer_url(self) -> str:
        return self.token_url or self.issuer or ""

    @property
    def given(self) -> _token.GivenRefreshToken | None:
        return None if self.refresh_token is None else _token.GivenRefreshToken(self.refresh_token, self.client_id)

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        if self.refresh_token is not None:
            return self.renew(settings, clock, self.refresh_token)
        return self._ask(settings, clock, {"grant_type": "client_credentials"})

    def renew(self, settings: HttpSettings, clock: Clock, refresh_token: str) -> _token.TokenResponse:
        """RFC 6749 section 6."""
        try:
            return self._ask(settings, clock, {"grant_type": "refresh_token", "refresh_token": refresh_token})
        except ServiceError as error:
            from . import netbird_answers

            error.args = (netbird_answers.of_refresh(error),)
            raise

    def revocation(self, settings: HttpSettings, token: str) -> Revocation | None:
        """RFC 7009, where discovery names an endpoint for it. Section 2.1: for access tokens, not for ID tokens.

        Not for one that came of a refresh token, whose grant may end with it.
        """
        if self.token_query != _token.STANDARD_FIELD or self.refresh_token is not None:
            return None
        endpoints = self._discovered(settings)
        if endpoints is None or endpoints.revocation is None:
            return None
        return self._client(endpoints).revocation(_provider_settings(settings), endpoints.revocation, token)

    def _ask(self, settings: HttpSettings, clock: Clock, fields: Mapping[str, str | None]) -> _token.TokenResponse:
        # Imported here, because a token from the cache needs none of it.
        from .._oauth2.endpoint import TokenEndpoint

        endpoints = self._discovered(settings)
        url = self.token_url or (endpoints.token if endpoints else "")
        asked = {"scope": self.scope, "audience": self.audience, **fields}
        option = "token_url" if self.token_url else "issuer"
        endpoint = TokenEndpoint(_provider_settings(settings), clock, url, option, self.token_query)
        return self._client(endpoints).ask(endpoint, asked, "client_id and client_secret")

    def _discovered(self, settings: HttpSettings) -> Endpoints | None:
        from .._oauth2.discovery import discover

        return discover(_provider_settings(settings), self.issuer) if self.issuer is not None else None

    def _client(self, endpoints: Endpoints | None) -> Client:
        """The client, with the form of request that was said, else that which discovery names, else Basic."""
        from .._oauth2.client_auth import Client

        known = endpoints is None or "client_secret_basic" in endpoints.methods
        return Client(
            self.client_id, self.client_secret, self.token_request or ("form_basic" if known else "form_post")
        )


def _provider_settings(settings: HttpSettings) -> HttpSettings:
    """The identity provider is the account's own, so its answers are not NetBird's."""
    return dataclasses.replace(settings, service="The identity provider")


def pat_problem(pat: str) -> str:
    """What is wrong with a personal access token; empty when its checksum fits."""
    match = re.match(_PAT, pat)
    if match and match[2] == _base62(zlib.crc32(match[1].encode())).rjust(6, "0"):
        return ""
    return "does not have the form or the checksum of a NetBird personal access token. Check that it was copied whole"


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, rest = divmod(number, len(_BASE62))
        digits = _BASE62[rest] + digits
    return digits


def _pat(options: Options, warn: Warn) -> Credential:
    return _by_value("pat", options, warn)


def _given(options: Options, warn: Warn) -> Credential:
    return _by_value("token", options, warn)


def _by_value(option: str, options: Options, warn: Warn) -> Credential:
    """A static credential whose scheme follows from its value: ``nbp_`` is a PAT, whichever option holds it."""
    from . import static

    text = options.text(option) or ""
    for start, what in _NO_CREDENTIALS.items():
        if re.match(start, text):
            raise CredentialError(
                f"{options.source(option)} is {what} and no credential of the API. "
                "Create a personal access token of a service user in NetBird, and give that as pat."
            )
    is_pat = text.startswith("nbp_")
    if is_pat and (problem := pat_problem(text)):
        warn(f"{options.source(option)} {problem}.")
    if is_pat and option == "token":
        warn(f"{options.source(option)} is a personal access token. Use pat for it.")
    if not is_pat and option == "pat":
        warn(f"{options.source(option)} does not begin with nbp_, so it is sent as a bearer token. Use token for it.")
    return static.StaticToken(text, "Token" if is_pat else "Bearer", _api_url(options), options.source(option))


def _refresh_token(options: Options, warn: Warn) -> OAuth2:
    return _oauth2_of(options, options.text("refresh_token"), warn)


def _client_credentials(options: Options, warn: Warn) -> OAuth2:
    return _oauth2_of(options, None, warn)


def _with_one_endpoint(options: Options, warn: Warn) -> Options:
    """The options with the more specific of two endpoints, since the other one may be of another account."""
    if not (options.is_set("issuer") and options.is_set("token_url")):
        return options
    return options.without("token_url" if options.level("issuer") < options.level("token_url") else "issuer")


def _oauth2_of(options: Options, refresh_token: str | None, warn: Warn) -> OAuth2:
    issuer = options.text("issuer")
    token_url = options.text("token_url")
    if issuer is None and token_url is None:
        raise CredentialError(
            "The identity provider is not known: set issuer for discovery, or token_url. "
            f"Use {options.ways('issuer')}; for token_url likewise."
        )
    secrets = ("refresh_token", "client_secret") if refresh_token else ("client_secret",)
    _check_account(options, secrets, "issuer" if issuer else "token_url", warn)
    where = "token_field" if options.is_set("token_field") else "token_query"
    if where == "token_field" and options.is_set("token_query"):
        both = f"{options.source('token_field')} and {options.source('token_query')}"
        raise CredentialError(f"{both} both say where the token is. Leave one of them out.")
    return OAuth2(
        client_id=options.text("client_id") or "",
        client_secret=options.text("client_secret"),
        refresh_token=refresh_token,
        issuer=_issuer(options, issuer) if issuer else None,
        token_url=urls.service_url(options.source("token_url"), token_url, query=True) if token_url else None,
        token_request=options.text("token_request"),
        audience=options.text("audience"),
        scope=options.text("scope"),
        token_query=options.text(where) or _token.STANDARD_FIELD,
        api_url=_api_url(options),
    )


def _issuer(options: Options, text: str) -> str:
    """The issuer without the slash at its end; people also give the address of its discovery document."""
    return urls.base_url(options.source("issuer"), text).removesuffix(_DOCUMENT).rstrip("/")


def _check_account(options: Options, secrets: tuple[str, ...], endpoint: str, warn: Warn) -> None:
    """Refuse the client id of one account with the secret of another, and warn of such an endpoint."""
    for secret in filter(options.is_set, secrets):
        accounts.check(options, secret, "client_id")
    held = options.settings[secrets[0]]
    owns = [options.beside(name, held) for name in ("issuer", "token_url")]
    if options.settings[endpoint] not in owns:
        accounts.remark(options, secrets[0], endpoint, owns, warn)


def _api_url(options: Options) -> str:
    url = urls.base_url(options.source("api_url"), options.text("api_url") or _API_URL)
    return url.removesuffix("/api")


def _whoami(api: Api, token: _token.Token) -> dict[str, t.Any]:
    """The user. A service user may not ask for itself, though its token is good, and is found in the list."""
    try:
        user = api.get("/api/users/current")
    except ServiceError as error:
        if error.status != 403 or not error.words.endswith("permission denied"):
            raise
        # All users of a large account are more than one answer may hold.
        users = api.get("/api/users?service_user=true")
        entries = users if isinstance(users, list) else []
        user = next((entry for entry in entries if isinstance(entry, dict) and entry.get("is_current") is True), None)
    if not isinstance(user, dict):
        raise ServiceError("NetBird did not say which user the token is: no entry of /api/users is the current one.")
    return user


def _explain(error: ServiceError, token: _token.Token, api_url: str) -> tuple[str, str]:
    from . import netbird_answers

    return netbird_answers.of_whoami(error, token, api_url, is_default=api_url == _API_URL)


def _is_no_url(value: str) -> bool:
    """NB_MANAGEMENT_URL is also the client daemon's, which writes other things into it."""
    return not value.startswith(("https://", "http://"))


_READS = ("issuer", "token_url", "token_request", "audience", "scope", "token_field", "token_query")

METHODS = (
    Method("pat", selected_by=("pat",), make=_pat),
    Method(
        "refresh_token",
        selected_by=("refresh_token",),
        make=_refresh_token,
        needs=("client_id",),
        uses=("client_secret",),
        reads=_READS,
        opened=_with_one_endpoint,
    ),
    Method(
        "client_credentials",
        selected_by=("client_secret",),
        make=_client_credentials,
        needs=("client_id",),
        reads=_READS,
        opened=_with_one_endpoint,
    ),
    Method("token", selected_by=("token",), make=_given),
)


PROVIDER = Provider(
    name="netbird",
    label="NetBird",
    plugin="netapi.auth.netbird_auth",
    methods=METHODS,
    whoami=_whoami,
    explain=_explain,
    pause=_PAUSE,
    secrets=("pat", "client_secret", "refresh_token", "token"),
    headers=("pat", "token"),
    shared=("client_id",),
    ignored={"NB_MANAGEMENT_URL": _is_no_url},
)
