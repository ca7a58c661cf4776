# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What NetBird means by its refusals. Private to this collection.

Measured on NetBird 0.77. Most paths put something before the words, so their ends are compared.
"""

from __future__ import annotations

from .._errors import ServiceError
from .._value import Value

_STOPPED = (
    "The identity provider inside NetBird stops at a refresh where it keeps its data in SQLite, as it does by default, "
    "and signs nobody in until NetBird is restarted. If that is yours, restart NetBird, and use the personal access "
    "token of a service user (pat) in the place of refresh_token."
)


class Shown(Value):
    """The token that was refused.

    :param is_whole: whether it is a personal access token whose checksum fits.
    :param where: the option that it is from, with its source; empty for a token that was asked for.
    """

    is_pat: bool
    is_whole: bool
    where: str

    @property
    def name(self) -> str:
        what = "The personal access token" if self.is_pat else "The token"
        return f"{what} in {self.where}" if self.where else what


class Place(Value):
    """The server that refused it.

    :param is_default: whether it is NetBird's own service.
    """

    api_url: str
    is_default: bool


def of_whoami(error: ServiceError, shown: Shown, place: Place) -> tuple[str, str]:
    """What a refusal of who-am-I means, and what to do about it; both empty where the status says it all."""
    words = error.words
    if error.status == 404 and "invalid token" in words:
        # The rest of the words is a hash of the token, which is of no help.
        said = "invalid token"
        remedy = _unknown(shown, place)
        error.because("token_unknown", shown.where.partition(",")[0])
    elif error.status == 404 and not words:
        error.because("address_wrong", "api_url")
        return (
            (
                f"There is no NetBird at {place.api_url}, or something before it answers: the path of its API is not "
                "known there (status 404)."
            ),
            "Check api_url: it is the address of the server, with or without /api, and nothing after it.",
        )
    else:
        said, remedy = _known(error, words, shown)
    problem = f"NetBird at {place.api_url} answered with status {error.status} and said: {said}."
    return (problem, remedy) if remedy else ("", "")


def _unknown(shown: Shown, place: Place) -> str:
    where = "Set api_url to its address, if your server is another one" if place.is_default else "Check api_url"
    return f"{shown.name} was deleted there, its user was deleted, or it is of another server. {where}."


def _known(error: ServiceError, words: str, shown: Shown) -> tuple[str, str]:
    """What was said, and what to do about it; empty for words that are not known."""
    status = error.status
    if status == 401 and words.endswith("no valid authentication provided"):
        error.because("header_removed")
        remedy = (
            "The header Authorization was sent, so something on the way removes it. Check what stands before the "
            "server, such as a reverse proxy or an access portal."
        )
    elif status == 401 and words.endswith("token invalid"):
        error.because("token_expired" if shown.is_whole else "token_refused", shown.where.partition(",")[0])
        remedy = _invalid(shown)
    elif status == 403 and words.endswith("user is blocked"):
        error.because("user_blocked")
        remedy = "Unblock the user in NetBird, or approve it where it waits for approval: both are called blocked here."
    elif status == 403 and words.endswith("user is pending approval"):
        error.because("user_blocked")
        remedy = "Approve the user in NetBird."
    elif status == 403 and words.endswith("admin role required"):
        remedy = (
            "The tokens of a person are the person's own, to admins too. Name a service user, or sign in as the person."
        )
    elif status == 403 and words.endswith("permission denied"):
        error.because("role_too_small")
        remedy = "The role of the user allows too little. Give it another in NetBird."
    else:
        return "", ""
    return words, remedy


def _invalid(shown: Shown) -> str:
    if shown.is_whole:
        return (
            f"{shown.name} has expired, as its checksum is right and NetBird does not take it. Create another token, "
            "and have it renewed in time: docs/docsite/rst/guide_renewing.rst of the collection says how."
        )
    if shown.is_pat:
        return (
            f"{shown.name} was mistyped, or is no credential of the API at all. Copy it again, or create another token."
        )
    return (
        f"{shown.name} has expired, or NetBird does not take it: it is of another issuer or audience, it is the wrong "
        "one of access and ID token (token_query), the clock of the identity provider is ahead of NetBird's, or it is "
        "no credential of the API at all."
    )


def of_refresh(error: ServiceError) -> str:
    """The sentence for a refresh that failed; one that is never answered can mean that the provider has stopped."""
    return f"{error} {_STOPPED}" if error.timed_out or error.status == 504 else str(error)
