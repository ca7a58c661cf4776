# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""OpenID Connect Discovery 1.0. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .._errors import CredentialError, OptionError, ServiceError
from .._http import client, masking, urls
from .._http.request import Request
from .._http.response import RefusedError
from .._http.settings import HttpSettings

# Characters of a text from outside.
_LONGEST_ISSUER = 300


@dataclass(frozen=True)
class Endpoints:
    """What discovery says of a provider (OpenID Connect Discovery 1.0 section 3).

    :param methods: how clients may prove who they are at the token endpoint.
    :param issuer: as the document spells it.
    :param mtls_token: the token endpoint for who shows a client certificate (RFC 8705 section 5).
    """

    token: str
    revocation: str | None
    methods: tuple[str, ...]
    issuer: str = ""
    mtls_token: str | None = None
    mtls_revocation: str | None = None
    userinfo: str | None = None


def discover(settings: HttpSettings, issuer: str) -> Endpoints:
    """The endpoints of an issuer. Raises ServiceError when the document is not that issuer's, or lacks its part."""
    url = f"{issuer}/.well-known/openid-configuration"
    try:
        document = client.send(settings, Request("GET", url, "issuer", "issuer", "issuer"))
    except RefusedError as error:
        if error.status == 404:
            error.because("address_wrong", "issuer")
            error.mend("Check issuer: its discovery document is not there (status 404).")
        raise
    if not isinstance(document, dict):
        raise ServiceError(f"{url} is no discovery document. Check issuer.")
    if not isinstance(found := document.get("issuer"), str):
        raise ServiceError(f"The discovery document at {url} names no issuer. Check issuer, or set token_url.")
    if found.rstrip("/") != issuer:
        # Section 4.3: it must be identical. The slash at the end is what people leave out.
        raise ServiceError(_of_another(found, issuer, url, settings)).because("other_issuer", "issuer")
    methods = document.get("token_endpoint_auth_methods_supported")
    aliases = document.get("mtls_endpoint_aliases")
    aliases = aliases if isinstance(aliases, dict) else {}
    return Endpoints(
        token=_endpoint(document, "token_endpoint", url),
        revocation=_optional(document, "revocation_endpoint"),
        # Section 3: left out, it means Basic.
        methods=tuple(map(str, methods)) if isinstance(methods, list) else ("client_secret_basic",),
        issuer=found,
        mtls_token=_optional(aliases, "token_endpoint"),
        mtls_revocation=_optional(aliases, "revocation_endpoint"),
        userinfo=_optional(document, "userinfo_endpoint"),
    )


def userinfo_url(settings: HttpSettings, issuer: str | None) -> str:
    """Where the issuer says whose a token is. Raises CredentialError where that is not known, and ServiceError."""
    if issuer is None:
        raise CredentialError("whoami needs issuer, whose discovery document names where to ask. Set issuer.")
    found = discover(settings, issuer).userinfo
    if found is None:
        raise CredentialError(
            "The discovery document of issuer names no address that says whose a token is. Leave whoami out."
        )
    return found


def _of_another(found: str, issuer: str, url: str, settings: HttpSettings) -> str:
    """What to do about a document that names another issuer than the one that was asked."""
    named = masking.plain(found, settings.secrets)[:_LONGEST_ISSUER]
    if "{" in named:
        return (
            f"The discovery document at {url} is for every tenant, as its issuer {named} says. Set issuer to the "
            "address that has the id of your tenant in that place."
        )
    return (
        f"The discovery document at {url} is that of another issuer: it says {named}, and {settings.source('issuer')} "
        f"says {issuer}. Set issuer to the address by which the provider calls itself, or set token_url in its place."
    )


def _optional(document: Mapping[str, t.Any], name: str) -> str | None:
    """An endpoint that a grant can do without; one that cannot be used counts as absent."""
    try:
        return urls.service_url(name, str(document[name]), query=True)
    except (KeyError, OptionError):
        return None


def _endpoint(document: Mapping[str, t.Any], name: str, url: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise ServiceError(f"The discovery document at {url} names no {name}. Check issuer, or set token_url.")
    try:
        return urls.service_url(name, value, query=True)
    except OptionError as error:
        problem = str(error)
    raise ServiceError(f"The discovery document at {url} cannot be used: {problem}")
