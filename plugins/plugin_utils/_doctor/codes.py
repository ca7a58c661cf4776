# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an error means to the doctor: its check, its status, its code. Private to this collection."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .._errors import AuthError, CredentialError, OptionError, ServiceError
from .report import Finding, Status

SETTINGS, CONNECTION, CLOCK, SIGN_IN, IDENTITY, CACHE = CHECKS = (
    "settings",
    "connection",
    "clock",
    "sign-in",
    "identity",
    "cache",
)
# Could not be asked, so that nothing is known of the credential.
_UNKNOWN = frozenset({"proxy", "no_such_host", "not_reached", "quota", "service_failing", "answered_by_another"})
# Each cause that says where it was found. Any other was found where the doctor was at.
_PLACES = {
    **dict.fromkeys(
        (
            *("proxy", "no_such_host", "not_reached", "answered_by_another", "service_failing", "tls"),
            *("certificate_authority", "certificate_of_another_host", "certificate_expired"),
            *("redirected", "address_of_a_page", "address_wrong", "other_issuer", "not_the_service", "quota"),
        ),
        CONNECTION,
    ),
    "clock": CLOCK,
    "cache_unusable": CACHE,
}
# The option that a remedy names first: what that says.
_BY_OPTION = {
    **dict.fromkeys(("client_id", "client_secret", "private_key", "private_key_file"), "client_refused"),
    **dict.fromkeys(("appname", "appkey", "sharedsecret", "shortname", "netosecret"), "api_key_refused"),
    **dict.fromkeys(("username", "password"), "password_refused"),
    **dict.fromkeys(("token_url", "issuer", "api_url"), "address_wrong"),
    "client_auth": "client_auth_wrong",
    "scope": "scope_refused",
    "audience": "audience_refused",
    "refresh_token": "refresh_token_spent",
}
# How sentences of a clock and of caches begin.
_CLOCK = "Set the clock of this controller right"
CACHES = ("The token cache", "The Redis server in cache", "There is no home directory")
# Where nothing else says it.
_FALLBACKS = {
    SETTINGS: "settings_wrong",
    CONNECTION: "not_reached",
    CLOCK: "clock",
    SIGN_IN: "sign_in_refused",
    IDENTITY: "identity_refused",
    CACHE: "cache_unusable",
}
# Warnings, by the check that made them.
WARNED = {
    SETTINGS: "settings_odd",
    CONNECTION: "settings_odd",
    CLOCK: "clock",
    SIGN_IN: "sign_in_odd",
    IDENTITY: "sign_in_odd",
    CACHE: "cache_shared_unusable",
}
CAUTION = "refresh_token_not_kept"
NAME_ODD = "name_odd"
SUCCESSOR = "successor_may_be_lost"
ENDING = "token_ends_soon"
CODES = frozenset(
    {
        *_UNKNOWN,
        *_PLACES,
        *_BY_OPTION.values(),
        *_FALLBACKS.values(),
        *WARNED.values(),
        *(CAUTION, NAME_ODD, SUCCESSOR, ENDING),
        *("no_credential", "half_credential", "two_accounts", "two_methods", "value_odd", "not_a_credential"),
        *("token_unknown", "token_expired", "token_refused", "header_removed", "user_blocked", "role_too_small"),
    }
)


def finding(error: AuthError, here: str, options: Iterable[str]) -> tuple[str, Finding]:
    """The check that failed, and what it found.

    :param here: the check that is made.
    :param options: the names of the provider's options.
    """
    text = advice(error)
    option = error.option or _named(text, options)
    # What was not asked with is wrong in itself, as a key that is none.
    here = SETTINGS if isinstance(error, OptionError | CredentialError) else here
    code = error.cause or (_BY_OPTION.get(option, "") if here == SIGN_IN else "")
    if text.startswith(_CLOCK):
        code = "clock"
    if str(error).startswith(CACHES):
        code = "cache_unusable"
    place = _PLACES.get(code, here)
    code = code or _FALLBACKS[place]
    return place, Finding(_status(code), text, code, option)


def _status(code: str) -> Status:
    return Status.UNKNOWN if code in _UNKNOWN else Status.FAILED


def advice(error: AuthError) -> str:
    """The sentences with what mends it first, where that is known apart from what was answered."""
    text = str(error)
    if error.brief:
        return f"{error.brief} {text}"
    remedy = error.remedy if isinstance(error, ServiceError) and error.cause != "answered_by_another" else ""
    if not remedy or remedy not in text:
        return text
    before, _found, after = text.partition(remedy)
    return " ".join(filter(None, (remedy, before.strip(), after.strip())))


def _named(text: str, options: Iterable[str]) -> str:
    """The option that the first sentence names first; empty for none."""
    words = re.findall(r"\w+", first_sentence(text))
    known = set(options)
    return next((word for word in words if word in known), "")


def first_sentence(text: str) -> str:
    return re.split(r"(?<=[.])\s+(?=[A-Z])", text, maxsplit=1)[0]
