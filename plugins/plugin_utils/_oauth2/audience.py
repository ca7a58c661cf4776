# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The audience of assertions that are made here (RFC 7523 section 3, RFC 10070). Private to this collection."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

ISSUER = "issuer"
TOKEN_ENDPOINT = "token_endpoint"  # noqa: S105 - a word of assertion_audience
_AUTH0 = r".+\.auth0\.com\Z"
_OKTA = r".+\.(okta|oktapreview|okta-emea|okta-gov)\.com\Z"
_ENTRA = r"login\.(microsoftonline\.(com|us)|partner\.microsoftonline\.cn|chinacloudapi\.cn)\Z"


def word_of(said: str | None, issuer: str | None, url: str) -> str:
    """What ``assertion_audience`` says, or would say: ``issuer``, ``token_endpoint`` or a text.

    :param issuer: as the discovery document spells it; None without discovery.
    :param url: the token endpoint.
    """
    if said:
        return said
    host = (urlsplit(url).hostname or "").lower()
    if is_entra(url) or re.match(_OKTA, host):
        return TOKEN_ENDPOINT
    if issuer:
        return ISSUER
    return f"https://{host}/" if re.match(_AUTH0, host) else TOKEN_ENDPOINT


def audience_of(word: str, issuer: str | None, url: str) -> str:
    """The one text that goes into ``aud``."""
    if word == ISSUER and issuer:
        return issuer
    return url if word in (ISSUER, TOKEN_ENDPOINT) else word


def is_entra(url: str) -> bool:
    return re.match(_ENTRA, (urlsplit(url).hostname or "").lower()) is not None
