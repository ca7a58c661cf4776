# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What can go wrong, each as one sentence for the user. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable


class AuthError(Exception):
    """One sentence that says what is wrong and what to do.

    It never holds a secret, a part of an answer's body or another exception's text.

    :param cause: what is wrong, as a code that does not change; empty where nothing but the sentence says it.
    :param option: the option that is at fault; empty for none.
    :param brief: the likeliest of several causes, as one sentence; empty where the sentence begins with it.
    """

    cause = ""
    option = ""
    brief = ""

    def because(self, cause: str, option: str = "", brief: str = "") -> t.Self:
        """The same with its cause."""
        self.cause = cause
        self.option = option
        self.brief = brief
        return self


class OptionError(AuthError):
    """An option, an argument or a term has a value that cannot be used."""


class CredentialError(AuthError):
    """No usable credential: none given, half of one, two at once, or one that fails its own check."""


class ServiceError(AuthError):
    """The service could not be reached, refused, or gave an answer that cannot be used.

    :param status: the HTTP status of a refusal; None when there was no answer or its body was at fault.
    :param words: what the service said in its own error fields.
    :param remedy: what to do about it, as the end of the sentence of a refusal.
    :param code: what stands in its field ``error`` (RFC 6749 section 5.2); empty without one.
    :param answer_lost: whether the request, or a try before it, may have arrived without an answer coming back, of a
        request that may not simply be sent again.
    :param is_spent: whether it is the refresh token that seems to be refused.
    :param may_pass: whether the same request may succeed later, so that it says nothing about the credential.
    :param timed_out: whether nothing was answered in time.
    """

    def __init__(
        self,
        sentence: str,
        status: int | None = None,
        words: str = "",
        *,
        remedy: str = "",
        code: str = "",
        may_pass: bool = False,
        answer_lost: bool = False,
        is_spent: bool = False,
        timed_out: bool = False,
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.words = words
        self.remedy = remedy
        self.code = code
        self.may_pass = may_pass
        self.answer_lost = answer_lost
        self.is_spent = is_spent
        self.timed_out = timed_out

    @property
    def may_have_worked(self) -> bool:
        """Whether a request that makes something may have made it: no answer, an error there, or one of no use."""
        return self.answer_lost or (self.status or 0) >= 500 or (self.status is None and not self.may_pass)


class OldPythonError(AuthError):
    """The controller's Python is older than the collection needs."""


class CacheError(Exception):
    """A cache cannot be used; the text is a sentence without secrets. The token is still given."""


def reason(error: OSError) -> str:
    """What the system says of a fault with a file, without the path."""
    return error.strerror or type(error).__name__


# What Debian and Ubuntu call the libraries, whose own Python lets pip install nothing (PEP 668).
_DEBIAN = {"PyJWT": "python3-jwt"}


def where_it_is(library: str) -> str:
    """How the controller gets a library, where pip is not the way."""
    return (
        f"For the system's Python on Debian and Ubuntu install {_DEBIAN.get(library, f'python3-{library}')}; "
        f"an Ansible from pipx gets {library} by pipx inject."
    )


class WrongLibraryError(AuthError):
    """Another Python library is installed in place of one that the controller needs."""


class MissingLibraryError(AuthError):
    """A Python library that the controller lacks; the sentence begins with the core's own."""

    def __init__(self, library: str) -> None:
        # Imported here, because a token from the cache needs none of it.
        from ansible.module_utils.basic import missing_required_lib

        message: Callable[[str], str] = missing_required_lib
        super().__init__(f"{message(library)} {where_it_is(library)}")
