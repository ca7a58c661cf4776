# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import base64
import contextlib
import re
import typing as t
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .._errors import CredentialError, OptionError, ServiceError
from .._http import urls
from .._http.basic import basic
from .._options import accounts
from .._options.options import Level, Options, Setting
from .._token import Clock
from . import netfoundry_environments as environments
from . import remarks
from .base import Credential, Method, Provider, Warn, missing

if t.TYPE_CHECKING:
    from .. import _token
    from .._http.settings import HttpSettings
    from .service_api import Api

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z"
_FILE = "credentials.json"
_PLACES = ("~/.netfoundry", "~/.config/netfoundry", "/netfoundry")
_SELVES = (
    "/identity/v1/identities/self",
    "/identity/v1/api-account-identities/self",
    "/identity/v1/user-identities/self",
)


class ClientCredentials(Credential):
    """The client-credentials grant (RFC 6749 section 4.4), as Auth0, Cognito and Frontdoor take it."""

    api_url: str
    client_id: str
    client_secret: str
    token_url: str
    token_request: str
    audience: str | None
    scope: str | None
    token_query: str
    as_said: Callable[..., str]

    @property
    def secret(self) -> str:
        return self.client_secret

    @property
    def secrets(self) -> tuple[str, ...]:
        pairs = [basic(self.client_id, self.client_secret, encode=encode) for encode in (False, True)]
        return (self.client_secret, *pairs)

    @property
    def _encode(self) -> bool:
        """Whether Basic is percent-encoded, as RFC 6749 section 2.3.1 asks and Cognito does not."""
        return not re.match(environments.COGNITO, self.token_url)

    @property
    def identity(self) -> Mapping[str, str]:
        return {
            "client_id": self.client_id,
            "token_url": self.token_url,
            "audience": self.audience or "",
            "scope": self.scope or "",
            "token_query": self.token_query,
        }

    @property
    def issuer_url(self) -> str:
        return self.token_url

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        fields = {"grant_type": "client_credentials", "audience": self.audience, "scope": self.scope}
        return self._ask(settings, clock, fields)

    def renew(self, settings: HttpSettings, clock: Clock, refresh_token: str) -> _token.TokenResponse:
        return self._ask(settings, clock, {"grant_type": "refresh_token", "refresh_token": refresh_token})

    def _ask(self, settings: HttpSettings, clock: Clock, fields: Mapping[str, str | None]) -> _token.TokenResponse:
        # Imported here, because a token from the cache needs none of it.
        from .._oauth2.client_auth import Client
        from .._oauth2.endpoint import TokenEndpoint

        client = Client(self.client_id, self.client_secret, self.token_request, encode=self._encode)
        who = self.as_said("client_id", "client_secret")
        option = self.as_said("token_url")
        return client.ask(TokenEndpoint(settings, clock, self.token_url, option, self.token_query), fields, who)


def _with_file(options: Options, warn: Warn) -> Options:
    """The options with those of the credentials file, where one is named."""
    if options.text("credentials_file") is not None:
        from . import netfoundry_file

        options = netfoundry_file.merged(options, map(_home, _PLACES), warn)
        remarks.on_values(PROVIDER, METHODS[0], options, warn, family="credentials_file")
    return environments.without_environment(options, warn)


def _client_credentials(options: Options, warn: Warn) -> ClientCredentials:
    for name in ("client_id", "client_secret"):
        if not options.is_set(name):
            raise missing(options, name, METHODS[0], name)
    accounts.check(options, "client_secret", "client_id")
    own = options.beside("token_url", options.settings["client_secret"])
    accounts.remark(options, "client_secret", "token_url", [own], warn)
    frontdoor = options.text("api") == "frontdoor"
    token_url = options.text("token_url")
    if frontdoor and token_url is None:
        raise CredentialError(
            f"{options.source('api')} is frontdoor, which has an identity provider of its own: "
            f"set token_url to its address. Use {options.ways('token_url')}."
        )
    environment = environments.environment_of(options, token_url)
    default = f"https://netfoundry-{environment}.auth0.com{environments.AUTH0_PATH}"
    url = urls.service_url(options.source("token_url"), token_url or default, query=True)
    is_auth0 = urlsplit(url).path.endswith(environments.AUTH0_PATH)
    audience, scope = environments.asked_for(options, environment, frontdoor, url)
    return ClientCredentials(
        client_id=options.text("client_id") or "",
        client_secret=options.text("client_secret") or "",
        token_request=options.text("token_request") or ("json" if is_auth0 else "form_basic"),
        token_url=url,
        audience=audience,
        scope=scope,
        token_query=options.text("token_query") or "access_token",
        api_url=environments.api_url(options, environment),
        as_said=options.as_said,
    )


def _find() -> Mapping[str, Setting]:
    """The first credentials file where the official client looks; not in the working directory."""
    for place in _PLACES:
        path = _home(place) / _FILE
        # A directory that this user may not read is passed over.
        with contextlib.suppress(OSError):
            if path.is_file():
                return {"credentials_file": Setting(str(path), Level.FILE, f"the default place {place}")}
    return {}


def _home(place: str) -> Path:
    """The place with ~ expanded; without a home directory, ~ names nothing."""
    try:
        return Path(place).expanduser()
    except RuntimeError:
        return Path(place)


def _api_account(options: Options, warn: Warn) -> Credential:
    from . import static

    accounts.check(options, "account_token", "account_id")
    for name in ("account_id", "account_token"):
        static.check_text(options.text(name) or "", options.source(name))
    pair = f"{options.text('account_id')}:{options.text('account_token')}"
    # The service documents the pair as it is; RFC 7617 section 2 has it in base64.
    text = base64.b64encode(pair.encode()).decode() if options.text("basic_encoding") == "base64" else pair
    return static.StaticToken(text, "Basic", environments.static_url(options), options.source("account_token"))


def _rapidapi(options: Options, warn: Warn) -> Credential:
    from . import static

    host = options.text("rapidapi_host") or ""
    source = options.source("rapidapi_host")
    static.check_text(host, source)
    if not re.match(_HOST, host):
        raise OptionError(f"{source} must be a host such as netfoundryapi.p.rapidapi.com. Correct it.")
    api_url = urls.base_url(options.source("api_url"), options.text("api_url") or f"https://{host}")
    key = options.text("rapidapi_key") or ""
    carriers = {"x-rapidapi-key": key, "x-rapidapi-host": host}
    return static.StaticToken(key, "RapidAPI", api_url, options.source("rapidapi_key"), carriers)


def _given(options: Options, warn: Warn) -> Credential:
    from . import static

    return static.StaticToken(
        options.text("token") or "", "Bearer", environments.static_url(options), options.source("token")
    )


def _whoami(api: Api, token: _token.Token) -> dict[str, t.Any]:
    """The first of the three addresses that knows the identity. Raises ServiceError when none does."""
    problem = ServiceError("")
    for path in _SELVES:
        try:
            identity = api.get(path)
        except ServiceError as error:
            # The addresses of the other kinds of identity answer 403 or 404; all else is a refusal of the token.
            if error.status not in (403, 404):
                raise
            problem = error
        else:
            if isinstance(identity, dict):
                return identity
            problem = ServiceError("NetFoundry did not say who the token is: the answer is no JSON object.")
    raise problem


METHODS = (
    Method(
        "client_credentials",
        selected_by=("client_secret", "credentials_file"),
        make=_client_credentials,
        uses=("client_id",),
        reads=(*environments.OPTIONS, "token_request", "audience", "scope", "token_query"),
        holder="credentials_file",
        opened=_with_file,
    ),
    Method(
        "api_account",
        selected_by=("account_token",),
        make=_api_account,
        needs=("account_id",),
        reads=("basic_encoding", *environments.OPTIONS),
        opened=environments.with_one_place,
    ),
    Method("rapidapi", selected_by=("rapidapi_key",), make=_rapidapi, uses=("rapidapi_host",)),
    Method(
        "token", selected_by=("token",), make=_given, reads=environments.OPTIONS, opened=environments.with_one_place
    ),
)

PROVIDER = Provider(
    name="netfoundry",
    label="NetFoundry",
    plugin="netapi.auth.netfoundry_token",
    methods=METHODS,
    whoami=_whoami,
    secrets=("client_secret", "account_token", "rapidapi_key", "token"),
    find=_find,
    headers=("account_id", "account_token", "rapidapi_key", "rapidapi_host", "token"),
    inline=("credentials_file",),
)
