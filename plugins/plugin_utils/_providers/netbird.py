# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird: its defaults, its credentials, its who-am-I. Private to this collection."""

from __future__ import annotations

import re
import string
import time
import typing as t
import zlib
from collections.abc import Mapping

from .. import _token
from .._errors import CredentialError, ServiceError
from .._http import urls
from .._options import accounts
from .._options.options import Options
from . import oauth_options
from .base import Credential, Method, Provider, Warn

if t.TYPE_CHECKING:
    from . import oauth, oauth_asked
    from .service_api import Api

_API_URL = "https://api.netbird.io"
_PAT = r"nbp_([0-9A-Za-z]{30})([0-9A-Za-z]{6})\Z"
_FORM = "nbp_ and 36 letters and digits"
_COPIED = "Check that it was copied whole"
# Seconds to wait after a 429, since NetBird does not say how long.
_PAUSE = 10.0
# What else NetBird gives out. The API answers all of it as it answers an expired token.
_NO_CREDENTIALS = {
    r"[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\Z": "a setup key, which registers peers,",
    "nbx_": "the token of a NetBird proxy",
    "nbi_": "an invitation",
}
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def pat_problem(pat: str) -> str:
    """What is wrong with a personal access token; empty when its checksum fits."""
    match = re.match(_PAT, pat)
    if match is None:
        return f"does not have the form of a NetBird personal access token, which is {_FORM}. {_COPIED}"
    if match[2] != _base62(zlib.crc32(match[1].encode())).rjust(6, "0"):
        return f"has the form of a NetBird personal access token, and its checksum is wrong. {_COPIED}"
    return ""


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
            ).because("not_a_credential", option)
    is_pat = text.startswith("nbp_")
    if is_pat and (problem := pat_problem(text)):
        warn(f"{options.source(option)} {problem}.")
    if is_pat and option == "token":
        warn(f"{options.source(option)} is a personal access token. Use pat for it.")
    if not is_pat and option == "pat":
        warn(f"{options.source(option)} does not begin with nbp_, so it is sent as a bearer token. Use token for it.")
    return static.StaticToken(text, "Token" if is_pat else "Bearer", _api_url(options), options.source(option))


def _refresh_token(options: Options, warn: Warn) -> oauth.OAuth2:
    from . import oauth_asked

    token = options.text("refresh_token")
    _check_account(options, ("refresh_token", "client_secret"), warn)
    return _oauth2(options, oauth_asked.refresh(token), warn)


def _client_credentials(options: Options, warn: Warn) -> oauth.OAuth2:
    from . import oauth, oauth_asked

    _check_account(options, oauth_options.PROOFS, warn)
    return _oauth2(options, oauth_asked.Asked(oauth.CLIENT_CREDENTIALS), warn)


def _oauth2(options: Options, asked: oauth_asked.Asked, warn: Warn) -> oauth.OAuth2:
    from . import netbird_answers, oauth

    return oauth.credential(
        options, asked, api_url=_api_url(options), service="The identity provider", explain=netbird_answers.of_refresh
    )


def _check_account(options: Options, secrets: tuple[str, ...], warn: Warn) -> None:
    """Refuse the client id of one account with the secret of another, and warn of such an endpoint."""
    given = list(filter(options.is_set, secrets))
    for secret in given:
        accounts.check(options, secret, "client_id")
    endpoint = "issuer" if options.is_set("issuer") else "token_url"
    held = options.settings[given[0]] if given else None
    owns = [options.beside(name, held) for name in ("issuer", "token_url")] if held else []
    if held and options.settings[endpoint] not in owns:
        accounts.remark(options, given[0], endpoint, owns, warn)


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


def _explain(error: ServiceError, token: _token.Token, api_url: str, where: str) -> tuple[str, str]:
    from . import netbird_answers

    is_whole = token.scheme == "Token" and not pat_problem(token.text)
    place = netbird_answers.Place(api_url, is_default=api_url == _API_URL)
    return netbird_answers.of_whoami(error, netbird_answers.Shown(token.scheme == "Token", is_whole, where), place)


def _kind(text: str) -> str:
    if not text.startswith("nbp_"):
        return ""
    if re.match(_PAT, text) is None:
        return f"a personal access token whose form is not {_FORM}"
    return f"a personal access token whose checksum is {'wrong' if pat_problem(text) else 'right'}"


def _ahead(api: Api, token: _token.Token, user: Mapping[str, t.Any]) -> str:
    """Whether the personal access token that signs in ends soon, as far as its user may list its tokens."""
    if token.scheme != "Token" or not isinstance(user.get("id"), str):
        return ""
    from . import netbird_pats

    try:
        return netbird_pats.ending(netbird_pats.listed(api.get(netbird_pats.path(user["id"]))), time.time())
    except ServiceError:
        return ""


def _is_no_url(value: str) -> bool:
    """NB_MANAGEMENT_URL is also the client daemon's, which writes other things into it."""
    return not value.startswith(("https://", "http://"))


METHODS = (
    Method("pat", selected_by=("pat",), make=_pat),
    oauth_options.refresh_token(_refresh_token),
    oauth_options.client_credentials(_client_credentials),
    Method("token", selected_by=("token",), make=_given),
)


PROVIDER = Provider(
    name="netbird",
    label="NetBird",
    plugin="netapi.auth.netbird_auth",
    methods=METHODS,
    whoami=_whoami,
    explain=_explain,
    kind=_kind,
    ahead=_ahead,
    pause=_PAUSE,
    secrets=("pat", "refresh_token", "token", *oauth_options.SECRETS),
    headers=("pat", "token"),
    shared=("client_id",),
    ignored={"NB_MANAGEMENT_URL": _is_no_url},
)
