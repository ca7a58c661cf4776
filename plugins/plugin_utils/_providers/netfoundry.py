# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import base64
import contextlib
import re
import typing as t
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from .._errors import CredentialError, OptionError, ServiceError
from .._http import urls
from .._options import accounts
from .._options.options import Level, Options, Setting
from . import netfoundry_environments as environments
from . import oauth_options, remarks
from .base import Credential, Method, Provider, Warn, missing

if t.TYPE_CHECKING:
    from .. import _token
    from . import oauth
    from .service_api import Api

_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z"
_FILE = "credentials.json"
_PLACES = ("~/.netfoundry", "~/.config/netfoundry", "/netfoundry")
_SELVES = (
    "/identity/v1/identities/self",
    "/identity/v1/api-account-identities/self",
    "/identity/v1/user-identities/self",
)


def _with_file(options: Options, warn: Warn) -> Options:
    """The options with those of the credentials file, where one is named."""
    if options.text("credentials_file") is not None:
        from . import netfoundry_file

        options = netfoundry_file.merged(options, map(_home, _PLACES), warn)
        remarks.on_values(PROVIDER, METHODS[0], options, warn, family="credentials_file")
    return environments.without_environment(oauth_options.with_one_account(options, warn), warn)


def _client_credentials(options: Options, warn: Warn) -> oauth.OAuth2:
    from . import oauth, oauth_asked, oauth_client

    if not options.is_set("client_id") and not options.is_set("client_assertion"):
        raise missing(options, "client_id", METHODS[0], "client_id")
    secret = next(filter(options.is_set, oauth_options.PROOFS), None)
    if secret is not None:
        accounts.check(options, secret, "client_id")
        own = options.beside("token_url", options.settings[secret])
        accounts.remark(options, secret, "token_url", [own], warn)
    frontdoor = options.text("api") == "frontdoor"
    issuer = oauth.issuer_of(options)
    token_url = options.text("token_url")
    if frontdoor and token_url is None and issuer is None:
        raise CredentialError(
            f"{options.source('api')} is frontdoor, which has an identity provider of its own: "
            f"set issuer or token_url to its address. Use {options.ways('token_url')}; for issuer likewise."
        )
    told = token_url or (f"{issuer}/" if issuer else None)
    environment = environments.environment_of(options, told)
    default = f"https://netfoundry-{environment}.auth0.com{environments.AUTH0_PATH}"
    url = urls.service_url(options.source("token_url"), token_url or default, query=True) if issuer is None else None
    audience, scope = environments.asked_for(options, environment, frontdoor, url or told or "")
    is_auth0 = url is not None and urlsplit(url).path.endswith(environments.AUTH0_PATH)
    asked = oauth_asked.Asked(oauth.CLIENT_CREDENTIALS, scope=scope, audience=audience)
    return oauth.OAuth2(
        client=oauth_client.of(
            options,
            usual="client_secret_json" if is_auth0 else "",
            # RFC 6749 section 2.3.1 asks for it, and Cognito does not decode it.
            encode=not re.match(environments.COGNITO, url or ""),
        ),
        asked=asked._replace(extra=oauth_asked.extra_of(options, asked)),
        issuer=issuer,
        token_url=url,
        endpoint_option=options.as_said("token_url" if issuer is None else "issuer"),
        token_query=options.text("token_query") or "access_token",
        api_url=environments.api_url(options, environment),
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
        selected_by=(*oauth_options.PROOFS, "credentials_file"),
        make=_client_credentials,
        uses=("client_id",),
        reads=(*environments.OPTIONS, *oauth_options.READS),
        holder="credentials_file",
        opened=_with_file,
        selected_with=oauth_options.BY_CERTIFICATE,
        follows=environments.decided_by,
    ),
    Method(
        "api_account",
        selected_by=("account_token",),
        make=_api_account,
        needs=("account_id",),
        reads=("basic_encoding", *environments.OPTIONS),
        opened=environments.with_one_place,
        follows=environments.decided_by,
    ),
    Method(
        "rapidapi",
        selected_by=("rapidapi_key",),
        make=_rapidapi,
        uses=("rapidapi_host",),
        follows=lambda options: "rapidapi_host",
    ),
    Method(
        "token",
        selected_by=("token",),
        make=_given,
        reads=environments.OPTIONS,
        opened=environments.with_one_place,
        follows=environments.decided_by,
    ),
)

PROVIDER = Provider(
    name="netfoundry",
    label="NetFoundry",
    plugin="netapi.auth.netfoundry_token",
    methods=METHODS,
    whoami=_whoami,
    secrets=("account_token", "rapidapi_key", "token", *oauth_options.SECRETS),
    find=_find,
    headers=("account_id", "account_token", "rapidapi_key", "rapidapi_host", "token"),
    inline=("credentials_file",),
)
