# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens of an OAuth 2.0 provider, by whichever grant. Private to this collection."""

from __future__ import annotations

import dataclasses
import json
import typing as t
from collections.abc import Callable, Mapping

from .. import _token
from .._errors import CredentialError, ServiceError
from .._http import urls
from .._options.options import Options
from .._token import BEARER, Carrier, Clock
from . import oauth_client
from .base import Credential
from .oauth_asked import REFRESH_TOKEN, Asked, extra_of
from .oauth_client import OAuthClient

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings
    from .._oauth2.client_auth import ClientAuth
    from .._oauth2.discovery import Endpoints
    from .._oauth2.endpoint import Revocation
    from .._oauth2.grants import Grant
    from .._oauth2.rules import OAuth

# Where a provider says what it can do (OpenID Connect Discovery 1.0 section 4).
_DOCUMENT = "/.well-known/openid-configuration"
CLIENT_CREDENTIALS = "client_credentials"


class OAuth2(Credential):
    """Whom to ask for what.

    :param issuer: where to discover the token endpoint; None with ``token_url``.
    :param endpoint_option: the option that decides the token endpoint, as the user set it.
    :param service: the name of the provider in sentences; empty for that of the service itself.
    :param explain: says more about a refused refresh token; None for nothing.
    """

    client: OAuthClient
    asked: Asked
    issuer: str | None
    token_url: str | None
    endpoint_option: str
    token_query: str
    api_url: str
    service: str = ""
    explain: Callable[[ServiceError], str] | None = None
    carrier: Carrier = BEARER

    @property
    def secret(self) -> str:
        return json.dumps([*self.asked.secret_parts, *self.client.secret_parts])

    @property
    def lasting(self) -> str:
        asked = self.asked.foreign
        client = self.client
        if client.foreign is not None:
            client = client._replace(foreign=client.foreign.lasting())
        kept = self.asked._replace(foreign=(asked[0], asked[1].lasting())) if asked else self.asked
        return json.dumps([*kept.secret_parts, *client.secret_parts])

    @property
    def secrets(self) -> tuple[str, ...]:
        return (*filter(None, self.asked.secret_parts), *self.client.secrets)

    @property
    def identity(self) -> Mapping[str, str]:
        where = {"issuer": self.issuer or "", "token_url": self.token_url or "", "token_query": self.token_query}
        where |= {"header": self.carrier.header, "prefix": self.carrier.prefix}
        return {**self.client.identity, **self.asked.identity, **where}

    @property
    def issuer_url(self) -> str:
        return self.token_url or self.issuer or ""

    @property
    def given(self) -> _token.GivenRefreshToken | None:
        text = self.asked.fields.get(REFRESH_TOKEN)
        return _token.GivenRefreshToken(text, self.client.id or "") if text else None

    @property
    def turn(self) -> Mapping[str, str] | None:
        """The source, the endpoint and the client: whoever replaces the text replaces the key of the entry."""
        found = [one for one in (self.client.foreign, self.asked.foreign and self.asked.foreign[1]) if one]
        if not found:
            return None
        sources = {f"source {number}": " ".join(one.elsewhere.identity) for number, one in enumerate(found)}
        return {**sources, "endpoint": self.issuer_url, "client_id": self.client.id or ""}

    def again(self) -> Credential:
        foreign = self.asked.foreign
        asked = self.asked._replace(foreign=(foreign[0], foreign[1].again())) if foreign else self.asked
        client = self.client
        client = client._replace(foreign=client.foreign.again()) if client.foreign else client
        return self._replace(asked=asked, client=client)

    def grant(self, settings: HttpSettings, clock: Clock) -> _token.TokenResponse:
        return self._ask(settings, clock, self.asked)

    def renew(self, settings: HttpSettings, clock: Clock, refresh_token: str) -> _token.TokenResponse:
        """RFC 6749 section 6."""
        asked = Asked(
            REFRESH_TOKEN,
            {REFRESH_TOKEN: refresh_token},
            scope=self.asked.scope,
            audience=self.asked.audience,
            extra=self.asked.extra,
        )
        try:
            return self._ask(settings, clock, asked)
        except ServiceError as error:
            if self.explain is not None:
                error.args = (self.explain(error),)
            raise

    def revocation(self, settings: HttpSettings, token: str) -> Revocation | None:
        """RFC 7009, where discovery names an endpoint for it. Section 2.1: for access tokens, not for ID tokens.

        Not for one that came of a refresh token, whose grant may end with it, and not where the client would have to
        show what somebody else makes for grants.
        """
        if self.token_query != _token.STANDARD_FIELD or self.given is not None or self.client.foreign is not None:
            return None
        import time

        from .._oauth2 import token_request

        settings = self._settings(settings)
        found = self._discovered(settings)
        url = found.revocation if found else None
        if found is not None and settings.client_cert:
            url = found.mtls_revocation or url
        if found is None or url is None:
            return None
        client = self._client(settings, time.time, found, found.token)[0]
        return token_request.revocation(settings, time.time, url, client, token)

    def userinfo_url(self, settings: HttpSettings) -> str:
        from .._oauth2.discovery import userinfo_url

        return userinfo_url(self._settings(settings), self.issuer)

    def _ask(self, settings: HttpSettings, clock: Clock, asked: Asked) -> _token.TokenResponse:
        # Imported here, because a token from the cache needs none of it.
        from .._oauth2.endpoint import TokenEndpoint
        from .._oauth2.token_request import TokenRequest

        self._check(asked)
        settings = self._settings(settings)
        found = self._discovered(settings)
        url = self.token_url or (found.token if found else "")
        if found is not None and settings.client_cert:
            url = found.mtls_token or url
        client, word = self._client(settings, clock, found, url)
        grant, shown = self._grant(settings, clock, asked, found, url)
        rules = self._rules(client, grant, asked, word, shown)
        endpoint = TokenEndpoint(settings, clock, url, self.endpoint_option, self.token_query, self.carrier)
        return TokenRequest(endpoint, client, grant, rules).send()

    def _check(self, asked: Asked) -> None:
        """Raise CredentialError for what cannot sign, before anything is sent."""
        from .._oauth2.assertions import Assertion

        self.client.check()
        if (signing := asked.signing) is not None:
            key = signing.key.read("RS256")
            Assertion(key, signing.issuer, signing.subject, "", signing.claims, signing.headers, *signing.sources)

    def _settings(self, settings: HttpSettings) -> HttpSettings:
        """The identity provider is the account's own, so its answers are not those of the service."""
        return dataclasses.replace(settings, service=self.service) if self.service else settings

    def _discovered(self, settings: HttpSettings) -> Endpoints | None:
        from .._oauth2.discovery import discover

        return discover(settings, self.issuer) if self.issuer is not None else None

    def _client(
        self, settings: HttpSettings, clock: Clock, found: Endpoints | None, url: str
    ) -> tuple[ClientAuth, str]:
        """How the client shows itself, and what decides the audience of what it signs; empty where it signs nothing."""
        from .._oauth2 import audience

        issuer = found.issuer if found else None
        word = audience.word_of(self.client.audience, issuer, url)
        rsa_alg = "PS256" if audience.is_entra(url) else "RS256"
        listed = found.methods if found else None
        to = audience.audience_of(word, issuer, url)
        shown = self.client.shown(settings, clock, listed, to, rsa_alg)
        if shown.is_signed:
            settings.remark(f"{settings.service}: the assertion of the client is for the audience {to}.")
        return shown, word if shown.is_signed else ""

    def _grant(
        self, settings: HttpSettings, clock: Clock, asked: Asked, found: Endpoints | None, url: str
    ) -> tuple[Grant, str]:
        """The grant, and the token from elsewhere in it, empty where there is none."""
        from .._oauth2 import audience, grants
        from .._oauth2.assertions import Assertion

        fields = {"scope": asked.scope, "audience": asked.audience, **asked.fields}
        token = ""
        if asked.foreign is not None:
            token = asked.foreign[1].token(settings, clock)
            fields[asked.foreign[0]] = token
        assertion = None
        if (signing := asked.signing) is not None:
            issuer = found.issuer if found else None
            word = audience.word_of(self.client.audience, issuer, url)
            key = signing.key.read("PS256" if audience.is_entra(url) else "RS256")
            to = audience.audience_of(word, issuer, url)
            settings.remark(f"{settings.service}: the assertion that is the grant is for the audience {to}.")
            assertion = Assertion(key, signing.issuer, signing.subject, to, signing.claims, signing.headers)
        return grants.Grant(asked.type, fields, asked.extra, assertion, is_spent=bool(token)), token

    def _rules(self, client: ClientAuth, grant: Grant, asked: Asked, word: str, token: str) -> OAuth:
        from .._oauth2 import audience, inspection
        from .._oauth2.rules import OAuth

        shown = []
        foreign = self.client.foreign
        if foreign is not None and client.is_spent:
            shown.append((foreign, getattr(client, "assertion", "")))
        if asked.foreign is not None:
            shown.append((asked.foreign[1], token))
        said = [
            f"The token in {one.elsewhere.where} has {what}."
            for one, text in shown
            if (what := inspection.shown(text, self.secrets))
        ]
        return OAuth(
            who=self.client.who,
            grant=grant.type,
            client=client,
            url_option=self.endpoint_option,
            asked_audience=asked.audience or "",
            audience_word=word or (self.client.audience or audience.ISSUER if grant.is_signed else ""),
            elsewhere=" ".join(said),
            secret=self.client.source("client_secret") if self.client.secret and client.has_secret else "",
        )


class Personal(OAuth2):
    """The same with the password of a person, which is sent once."""

    personal: t.ClassVar[bool] = True


def credential(
    options: Options,
    asked: Asked,
    *,
    api_url: str,
    service: str = "",
    explain: Callable[[ServiceError], str] | None = None,
    carrier: Carrier = BEARER,
) -> OAuth2:
    """What the options of a provider that is found by its address mean. Raises CredentialError and OptionError."""
    if not (options.is_set("issuer") or options.is_set("token_url")):
        raise CredentialError(
            "The identity provider is not known: set issuer for discovery, or token_url. "
            f"Use {options.ways('issuer')}; for token_url likewise."
        )
    token_url = options.text("token_url")
    return OAuth2(
        client=oauth_client.of(options, key_is_grants=asked.signing is not None),
        asked=asked._replace(
            scope=options.text("scope"), audience=options.text("audience"), extra=extra_of(options, asked)
        ),
        issuer=issuer_of(options),
        token_url=urls.service_url(options.source("token_url"), token_url, query=True) if token_url else None,
        endpoint_option="token_url" if token_url else "issuer",
        token_query=options.text("token_query") or _token.STANDARD_FIELD,
        api_url=api_url,
        service=service,
        explain=explain,
        carrier=carrier,
    )


def issuer_of(options: Options) -> str | None:
    """The issuer without the slash at its end; people also give the address of its discovery document."""
    text = options.text("issuer")
    if text is None:
        return None
    return urls.base_url(options.source("issuer"), text).removesuffix(_DOCUMENT).rstrip("/")
