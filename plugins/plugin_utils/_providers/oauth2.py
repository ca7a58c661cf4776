# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any OAuth 2.0 provider, for any API. Private to this collection."""

from __future__ import annotations

import dataclasses
import json
import re
import typing as t
from collections.abc import Mapping

from .._errors import OptionError, ServiceError
from .._http import urls
from .._options import accounts
from .._options.options import Options
from . import oauth_options
from .base import Credential, Method, Provider, Warn, choose, missing

if t.TYPE_CHECKING:
    from .. import _token
    from .._http.settings import HttpSettings
    from . import oauth, oauth_asked
    from .oauth_client import KeyText
    from .service_api import Api

# RFC 9110 section 5.1.
_HEADER = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+\Z"
# What a request is itself made of (RFC 9110 sections 7.2, 7.6.1, 8.3 and 8.6).
_OF_REQUESTS = ("connection", "content-length", "content-type", "host", "transfer-encoding", "upgrade")
_PREFIX = r"[!-~]+\Z"
_READS = (*oauth_options.READS, "header_prefix", "header_name")


def _client_credentials(options: Options, warn: Warn) -> Credential:
    from . import oauth, oauth_asked

    _check_account(options, oauth_options.PROOFS)
    return _credential(options, oauth_asked.Asked(oauth.CLIENT_CREDENTIALS))


def _refresh_token(options: Options, warn: Warn) -> Credential:
    from . import oauth_asked

    _check_account(options, ("refresh_token", "client_secret"))
    return _credential(options, oauth_asked.refresh(options.text("refresh_token")))


def _jwt_bearer(options: Options, warn: Warn) -> Credential:
    """An assertion from elsewhere, else one that the key signs (RFC 7523 section 2.1)."""
    from .._oauth2.grants import JWT_BEARER
    from . import oauth_asked, oauth_client

    if (foreign := oauth_client.foreign_of(options, "assertion")) is not None:
        return _credential(options, oauth_asked.Asked(JWT_BEARER, foreign=("assertion", foreign)))
    # Without an assertion, it is a key that the method is chosen for.
    key = t.cast("KeyText", oauth_client.key_of(options))
    _check_account(options, ("private_key", "private_key_file", "client_secret"))
    signing = _signing(options, key)
    return _credential(options, oauth_asked.Asked(JWT_BEARER, signing=signing))


def _signing(options: Options, key: KeyText) -> oauth_asked.Signing:
    """What is signed as the grant: by whom, and for whom. Raises CredentialError where nobody is named."""
    from . import oauth_asked

    claims = _dictionary(options, "assertion_claims")
    headers = _dictionary(options, "assertion_headers")
    issuer = options.text("client_id") or ""
    if not issuer and not claims.get("iss"):
        raise missing(options, "client_id", _method("jwt_bearer"), "client_id")
    names = ("assertion_claims", "assertion_headers")
    sources = tuple(options.source(name) if options.is_set(name) else name for name in names)
    return oauth_asked.Signing(key, issuer, issuer or None, claims, headers, sources)


def _token_exchange(options: Options, warn: Warn) -> Credential:
    """RFC 8693 section 2.1."""
    from .._oauth2.grants import TOKEN_EXCHANGE, token_type
    from . import oauth_asked, oauth_client

    foreign = oauth_client.foreign_of(options, "subject_token", is_jwt=_is_jwt(options))
    wanted = options.text("requested_token_type")
    fields = {
        "subject_token_type": token_type(options.text("subject_token_type") or ""),
        "requested_token_type": token_type(wanted) if wanted else None,
    }
    given = ("subject_token", foreign) if foreign else None
    return _credential(options, oauth_asked.Asked(TOKEN_EXCHANGE, fields, foreign=given))


def _password(options: Options, warn: Warn) -> Credential:
    """RFC 6749 section 4.3."""
    from .._oauth2.grants import PASSWORD
    from . import oauth, oauth_asked

    accounts.check(options, "password", "username")
    fields = {"username": options.text("username"), "password": options.text("password")}
    asked = oauth_asked.Asked(PASSWORD, fields, ("password",))
    return oauth.Personal(**_credential(options, asked)._asdict())


def _given(options: Options, warn: Warn) -> Credential:
    from . import static

    carrier = _carrier(options)
    text = options.text("token") or ""
    source, headers = options.source("token"), carrier.headers(text)

    def userinfo(settings: HttpSettings) -> str:
        from .._oauth2.discovery import userinfo_url
        from .oauth import issuer_of

        return userinfo_url(dataclasses.replace(settings, service="The provider"), issuer_of(options))

    return static.StaticToken(text, carrier.prefix, _api_url(options), source, headers, userinfo)


def _credential(options: Options, asked: t.Any) -> oauth.OAuth2:
    from . import oauth

    return oauth.credential(
        options, asked, api_url=_api_url(options), service="The provider", carrier=_carrier(options)
    )


def _carrier(options: Options) -> _token.Carrier:
    """How the token is sent. With another header than Authorization, nothing stands before it unless that is said."""
    from .._token import Carrier

    header = options.text("header_name") or "Authorization"
    prefix = options.text("header_prefix") or ("Bearer" if header.lower() == "authorization" else "")
    if not re.match(_HEADER, header) or header.lower() in _OF_REQUESTS:
        raise OptionError(
            f"{options.source('header_name')} must be the name of a header that may carry a token. Correct it."
        )
    if prefix and not re.match(_PREFIX, prefix):
        raise OptionError(f"{options.source('header_prefix')} must be one word such as Bearer. Correct it.")
    return Carrier("Authorization" if header.lower() == "authorization" else header, prefix)


def _api_url(options: Options) -> str:
    text = options.text("api_url")
    return urls.base_url(options.source("api_url"), text) if text else ""


def _is_jwt(options: Options) -> bool:
    """Whether a subject token can only be a JWT: an access token or a refresh token may be opaque."""
    return options.text("subject_token_type") in ("id_token", "jwt")


def _dictionary(options: Options, name: str) -> Mapping[str, t.Any]:
    found: Mapping[str, t.Any] = json.loads(options.text(name) or "{}")
    return found


def _check_account(options: Options, secrets: tuple[str, ...]) -> None:
    for secret in filter(options.is_set, secrets):
        accounts.check(options, secret, "client_id")


def _method(name: str) -> Method:
    return next(method for method in METHODS if method.name == name)


def _whoami(api: Api, token: _token.Token) -> dict[str, t.Any]:
    """What the discovery document's address for it says (OpenID Connect Core 1.0 section 5.3)."""
    answer = api.userinfo()
    if not isinstance(answer, dict):
        raise ServiceError("The provider did not say who the token is: its answer is no JSON object. Check issuer.")
    return answer


def _explain(error: ServiceError, token: _token.Token, api_url: str, where: str) -> tuple[str, str]:
    """What a refusal of the address that says whose a token is means."""
    if error.status == 403:
        return "", "Ask for scope: openid, without which the provider does not say whose a token is."
    if error.status == 404:
        return "", "Leave whoami out: this token has no person, as that of a client has none."
    return "", ""


METHODS = (
    oauth_options.refresh_token(_refresh_token, _READS),
    Method(
        "jwt_bearer",
        selected_by=("assertion", "credentials_file"),
        make=_jwt_bearer,
        uses=("client_id", *oauth_options.PROOFS),
        reads=(*_READS, "assertion_claims", "assertion_headers"),
        opened=oauth_options.with_one_account_and_key,
        named_by=("private_key", "private_key_file"),
    ),
    Method(
        "token_exchange",
        selected_by=("subject_token",),
        make=_token_exchange,
        needs=("subject_token_type",),
        uses=("client_id", *oauth_options.PROOFS),
        reads=(*_READS, "requested_token_type"),
        opened=oauth_options.with_one_account,
    ),
    Method(
        "password",
        selected_by=("password",),
        make=_password,
        needs=("username",),
        uses=("client_id", *oauth_options.PROOFS),
        reads=_READS,
        opened=oauth_options.with_one_account,
    ),
    Method("token", selected_by=("token",), make=_given, reads=("issuer", "header_prefix", "header_name")),
    oauth_options.client_credentials(_client_credentials, _READS, named_by=("credentials_file",)),
)


def _expanded(options: Options) -> Options:
    """The options with those of the credentials file, where that is what decides; else without it."""
    if not options.is_set("credentials_file"):
        return options
    method = choose(PROVIDER, options)
    level = options.level("credentials_file")
    first = {"jwt_bearer": ("assertion",), "client_credentials": oauth_options.PROOFS}.get(method.name)
    levels = [options.level(name) for name in first or () if options.is_set(name)]
    keys = [options.level(name) for name in ("private_key", "private_key_file") if options.is_set(name)]
    if first is None or any(each <= level for each in levels) or any(each < level for each in keys):
        return options.without("credentials_file")
    from . import oauth2_file

    return oauth2_file.expanded(options)


PROVIDER = Provider(
    name="oauth2",
    label="OAuth 2.0",
    plugin="netapi.auth.oauth2_token",
    methods=METHODS,
    whoami=_whoami,
    explain=_explain,
    tells_all=False,
    secrets=("refresh_token", "assertion", "subject_token", "password", "token", *oauth_options.SECRETS),
    expand=_expanded,
    headers=("token",),
    inline=("credentials_file",),
)
