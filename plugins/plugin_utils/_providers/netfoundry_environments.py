# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry's environments, and the addresses that follow from them. Private to this collection."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from .._errors import CredentialError
from .._http import urls
from .._options.options import Options
from .base import Warn

# The options that tell the environment.
OPTIONS = ("environment", "api", "token_url")
_ENVIRONMENTS = ("production", "staging", "sandbox")
# Not compiled here: most calls need none of them.
_ISSUERS = r"https://netfoundry-([a-z0-9]+)(?:-[a-z0-9]+\.auth\.[a-z0-9-]+\.amazoncognito\.com|\.auth0\.com)/"
COGNITO = r"https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com/"
# Where Auth0 and Frontdoor have their token endpoint.
AUTH0_PATH = "/oauth/token"
_FRONTDOOR_SCOPE = "frontdoor.read frontdoor.write"


def without_environment(options: Options, warn: Warn) -> Options:
    """The options without the environment that ``token_url`` tells."""
    told = _told_by(options.text("token_url"))
    said = options.text("environment")
    if told is None:
        return options
    if said not in (None, told):
        warn(
            f"{options.source('environment')} is {said}, but {options.source('token_url')} is that of {told}; {told} "
            "is used."
        )
    return options.without("environment")


def with_one_place(options: Options, warn: Warn) -> Options:
    """The options with what decides the address of the API, where no token is asked for, and no more."""
    if options.is_set("api_url"):
        return options.without(*OPTIONS)
    return without_environment(options, warn)


def asked_for(options: Options, environment: str | None, frontdoor: bool, url: str) -> tuple[str | None, str | None]:
    """Audience and scope: as given, else what the token endpoint needs, which its address tells.

    A slash more or less is another audience.
    """
    gateway = f"https://gateway.{environment}.netfoundry.io"
    defaults: dict[str, str] = {}
    if urlsplit(url).path.endswith(AUTH0_PATH):
        defaults = {"audience": f"{gateway}/"}
        if frontdoor:
            defaults = {"audience": f"{gateway}/frontdoor", "scope": _FRONTDOOR_SCOPE}
    elif re.match(COGNITO, url):
        defaults = {"scope": f"{gateway}//ignore-scope"}
    for name, value in defaults.items():
        if environment is None and gateway in value and not options.is_set(name):
            raise _no_environment(options, name)
    return options.text("audience") or defaults.get("audience"), options.text("scope") or defaults.get("scope")


def _told_by(token_url: str | None) -> str | None:
    """The environment that a token URL tells; None for one of another kind."""
    match = re.match(_ISSUERS, token_url) if token_url else None
    return match[1] if match and match[1] in _ENVIRONMENTS else None


def decided_by(options: Options) -> str:
    """The option that tells the environment, and with it the addresses that nobody has set."""
    told = (name for name in ("token_url", "issuer") if _told_by(f"{options.text(name) or ''}/") is not None)
    return next(told, "environment")


def environment_of(options: Options, token_url: str | None) -> str | None:
    """The environment that the token URL tells, else the option's; None when a URL of another kind leaves it open."""
    if told := _told_by(token_url):
        return told
    said = options.text("environment")
    if said is None and (token_url is None or options.text("api") == "frontdoor"):
        return "production"
    return said


def api_url(options: Options, environment: str | None) -> str:
    given = options.text("api_url")
    if given is None and environment is None:
        raise _no_environment(options, "api_url")
    return urls.base_url(options.source("api_url"), given or f"https://gateway.{environment}.netfoundry.io")


def _no_environment(options: Options, instead: str) -> CredentialError:
    option = "token_url" if options.is_set("token_url") else "issuer"
    return CredentialError(
        f"{options.source(option)} does not tell the environment, which {instead} depends on. "
        f"Set environment (use {options.ways('environment')}), or set {instead}."
    )


def static_url(options: Options) -> str:
    """The API's address; a token URL that was said tells the environment here too."""
    return api_url(options, environment_of(options, options.text("token_url")) or "production")
