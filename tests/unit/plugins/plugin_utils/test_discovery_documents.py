# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What follows from the discovery documents of providers, with what is odd about each."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import audience, client_auth
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.discovery import Endpoints, discover
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

ROUTE = HttpSettings("Service", retries=0, timeout=5)
BASIC, POST, KEY, TLS = "client_secret_basic", "client_secret_post", "private_key_jwt", "tls_client_auth"


@dataclass(frozen=True)
class Document:
    """A document, and what is made of it. ``{url}`` is where it is found.

    :param issuer: as it spells it.
    :param aud: that of an assertion that is made here.
    :param secret: how a secret is shown.
    :param unlisted: what is used with a warning only.
    """

    issuer: str
    token: str
    methods: tuple[str, ...] | None
    aud: str
    secret: str = BASIC
    unlisted: tuple[str, ...] = ()
    more: t.Mapping[str, t.Any] = field(default_factory=dict)


DOCUMENTS = {
    # The order of the list means nothing: its first way is that of keys.
    "Keycloak": Document(
        "{url}",
        "{url}/protocol/openid-connect/token",
        (KEY, BASIC, POST, TLS, "client_secret_jwt"),
        "{url}",
        more={"mtls_endpoint_aliases": {"token_endpoint": "{url}/mtls"}},
    ),
    # The issuer ends in a slash, and an assertion has it so.
    "Hydra": Document("{url}/", "{url}/oauth2/token", (POST, BASIC, KEY, "none"), "{url}/", unlisted=(TLS,)),
    "Auth0": Document(
        "{url}/", "{url}/oauth/token", (BASIC, POST, KEY, TLS, "self_signed_tls_client_auth", "none"), "{url}/"
    ),
    # No keys, and public clients are not listed though there are some.
    "Dex": Document("{url}", "{url}/token", (BASIC, POST), "{url}", unlisted=(KEY, TLS)),
    # Every slash is its own.
    "Authentik": Document("{url}/", "{url}/application/o/token/", (POST, BASIC), "{url}/", unlisted=(KEY, TLS)),
    "AD FS": Document("{url}", "{url}/oauth2/token/", (POST, BASIC, KEY, "windows_client_authentication"), "{url}"),
    "Pocket ID to 2.9": Document("{url}", "{url}/api/oidc/token", (BASIC, POST, KEY, "none"), "{url}"),
    "Pocket ID from 2.10": Document("{url}", "{url}/api/oidc/token", (BASIC, POST, "none"), "{url}", unlisted=(KEY,)),
    "Zitadel": Document("{url}", "{url}/oauth/v2/token", ("none", BASIC, POST, KEY), "{url}"),
    # The token endpoints of these two hosts are the audience.
    "Entra ID": Document(
        "{url}",
        "https://login.microsoftonline.com/t/oauth2/v2.0/token",
        (POST, KEY, BASIC),
        "https://login.microsoftonline.com/t/oauth2/v2.0/token",
    ),
    "Okta": Document(
        "{url}",
        "https://example.okta.com/oauth2/v1/token",
        (BASIC, POST, "client_secret_jwt", KEY, "none"),
        "https://example.okta.com/oauth2/v1/token",
    ),
    # Section 3: left out, it means Basic.
    "nothing listed": Document("{url}", "{url}/token", None, "{url}", unlisted=(POST, KEY)),
    "post alone": Document("{url}", "{url}/token", (POST,), "{url}", secret=POST, unlisted=(BASIC,)),
    "assertions alone": Document("{url}", "{url}/token", ("client_secret_jwt",), "{url}", secret="client_secret_jwt"),
    "a certificate that nobody signed": Document("{url}", "{url}/token", ("self_signed_tls_client_auth",), "{url}"),
}


def found_in(document: Document) -> tuple[Endpoints, str]:
    """What discovery finds, and where the document was."""
    said: dict[str, t.Any] = {"issuer": document.issuer, "token_endpoint": document.token, **document.more}
    if document.methods is not None:
        said["token_endpoint_auth_methods_supported"] = list(document.methods)
    with Server(reply()) as server:
        server.plays = (reply(json.dumps(said).replace("{url}", server.url)),)
        return discover(ROUTE, server.url), server.url


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_provider_says_decides_how_the_client_is_shown(name: str) -> None:
    document = DOCUMENTS[name]
    found, url = found_in(document)

    assert found.token == document.token.replace("{url}", url)
    assert client_auth.preferred(found.methods) == document.secret
    word = audience.word_of(None, found.issuer, found.token)
    assert audience.audience_of(word, found.issuer, found.token) == document.aud.replace("{url}", url)
    for way in (BASIC, POST, KEY, TLS):
        if document.methods and way in document.methods:
            assert client_auth.is_listed(way, found.methods)
    assert [way for way in document.unlisted if client_auth.is_listed(way, found.methods)] == []
    # Nobody lists it reliably, so it is never warned of.
    assert client_auth.is_listed("none", found.methods)


def test_the_address_for_certificates_is_another() -> None:
    """Keycloak always names it: it counts where a certificate is given, which test_oauth2_rules.py tries."""
    found, url = found_in(DOCUMENTS["Keycloak"])
    assert (found.mtls_token, urlsplit(found.token).path) == (f"{url}/mtls", "/protocol/openid-connect/token")


@pytest.mark.parametrize(
    ("issuer", "words"),
    [
        # Entra's `common`.
        ("https://login.microsoftonline.com/{tenantid}/v2.0", "the id of your tenant"),
        # Behind a proxy that the provider does not know of.
        ("http://keycloak:8080/realms/automation", "by which the provider calls itself"),
        ("{url}/realms/other", "by which the provider calls itself"),
    ],
)
def test_a_document_of_somebody_else_says_what_to_set(issuer: str, words: str) -> None:
    with pytest.raises(ServiceError, match=words):
        found_in(Document(issuer, "{url}/token", None, ""))
