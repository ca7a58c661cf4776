# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What NetBird means by its refusals. Private to this collection.

Measured on NetBird 0.77. Most paths put something before the words, so their ends are compared.
"""

from __future__ import annotations

from .. import _token
from .._errors import ServiceError

_STOPPED = (
    "The identity provider inside NetBird stops at a refresh where it keeps its data in SQLite, as it does by default, "
    "and signs nobody in until NetBird is restarted. If that is yours, restart NetBird, and use the personal access "
    "token of a service user (pat) in the place of refresh_token."
)


def of_whoami(error: ServiceError, token: _token.Token, api_url: str, *, is_default: bool) -> tuple[str, str]:
    """What a refusal of who-am-I means, and what to do about it; both empty where the status says it all.

    :param is_default: whether ``api_url`` is the address of NetBird's own service.
    """
    words = error.words
    is_pat = token.scheme == "Token"
    if error.status == 404 and "invalid token" in words:
        # The rest of the words is a hash of the token, which is of no help.
        said = "invalid token"
        remedy = _unknown(is_pat, is_default)
    elif error.status == 404 and not words:
        return (
            (
                f"There is no NetBird at {api_url}, or something before it answers: the path of its API is not known "
                "there (status 404)."
            ),
            "Check api_url: it is the address of the server, with or without /api, and nothing after it.",
        )
    else:
        said, remedy = _known(error.status, words, is_pat)
    problem = f"NetBird at {api_url} answered with status {error.status} and said: {said}."
    return (problem, remedy) if remedy else ("", "")


def _unknown(is_pat: bool, is_default: bool) -> str:
    what = "the personal access token" if is_pat else "the token"
    where = "set api_url to its address, if your server is another one" if is_default else "check api_url"
    return f"There {what} was deleted, its user was deleted, or it is of another server: {where}."


def _known(status: int | None, words: str, is_pat: bool) -> tuple[str, str]:
    """What was said, and what to do about it; empty for words that are not known."""
    if status == 401 and words.endswith("no valid authentication provided"):
        remedy = (
            "The header Authorization was sent, so something on the way removes it. Check what stands before the "
            "server, such as a reverse proxy or an access portal."
        )
    elif status == 401 and words.endswith("token invalid"):
        remedy = _invalid(is_pat)
    elif status == 403 and words.endswith("user is blocked"):
        remedy = "Unblock the user in NetBird, or approve it where it waits for approval: both are called blocked here."
    elif status == 403 and words.endswith("user is pending approval"):
        remedy = "Approve the user in NetBird."
    elif status == 403 and words.endswith("admin role required"):
        remedy = (
            "The tokens of a person are the person's own, to admins too. Name a service user, or sign in as the person."
        )
    elif status == 403 and words.endswith("permission denied"):
        remedy = "The role of the user allows too little. Give it another in NetBird."
    else:
        return "", ""
    return words, remedy


def _invalid(is_pat: bool) -> str:
    if is_pat:
        return (
            "The personal access token has expired, was mistyped, or is no credential of the API at all. "
            "Check pat, or create another token. The guide to renewing credentials says how."
        )
    return (
        "The token has expired, or NetBird does not take it: it is of another issuer or audience, it is the wrong one "
        "of access and ID token (token_query), the clock of the identity provider is ahead of NetBird's, or it is no "
        "credential of the API at all."
    )


def of_refresh(error: ServiceError) -> str:
    """The sentence for a refresh that failed; one that is never answered can mean that the provider has stopped."""
    return f"{error} {_STOPPED}" if error.timed_out or error.status == 504 else str(error)
