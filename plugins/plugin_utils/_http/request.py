# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A request for the HTTP client, and what is known of its refusal. Private to this collection."""

from __future__ import annotations

import enum
import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

# The fields of token requests that hold secrets.
_SECRET_FIELDS = frozenset(
    {
        "jwt",
        "client_secret",
        "refresh_token",
        "password",
        "token",
        "client_assertion",
        "assertion",
        "subject_token",
        "actor_token",
    }
)

_ERROR_FIELDS = ("error", "error_description", "errorSummary", "name", "message", "Message", "detail", "errors")


class Repeat(enum.Enum):
    """Whether a request may be sent again, beside the number of retries."""

    # After every fault that may pass.
    FREELY = enum.auto()
    # It may use up what it holds: once more after an answer that was lost, whatever retries says.
    ONCE_WHEN_LOST = enum.auto()
    # It makes something: after a 429, and where it has not arrived. The caller finds out what became of others.
    UNLESS_MADE = enum.auto()
    # A second try could lock an account: only where the first one has not arrived.
    UNLESS_ARRIVED = enum.auto()


@dataclass(frozen=True)
class Refusal:
    """A refusal, as far as something follows from it.

    :param status: 200 too, where an answer to a token request holds an error.
    :param code: what stands in the field ``error`` (RFC 6749 section 5.2), or where others have that.
    :param words: the service's own words; empty where the answer is none of its own.
    :param wants_tls: whether it came without TLS and says that TLS is spoken there.
    :param is_page: whether it is an HTML page, or the bare ``error code:`` of a web filter.
    :param wait: seconds that it asks to wait.
    :param date: when it was made by the clock of the service.
    """

    status: int
    code: str = ""
    words: str = ""
    is_page: bool = False
    wants_tls: bool = False
    wait: float | None = None
    date: float | None = None

    @property
    def has_words(self) -> bool:
        return bool(self.words)

    def says(self, pattern: str) -> bool:
        return re.search(pattern, self.words, re.IGNORECASE) is not None


@dataclass(frozen=True)
class Request:
    """One request. At most one of ``json`` and ``form`` is set.

    :param url_option: the option that decides the address, named when the address is at fault.
    :param refused: what to check after a 400 or 401, as the end of a sentence.
    :param forbidden: the same after a 403.
    :param has_answer: False where a success says it all, and its body is not looked at.
    :param error_fields: where a refusal says why, in the order in which it is told. RFC 6749 section 5.2 has the first
        two of them; Netography answers with name and message, NetBird with message, others as Okta, AWS and
        RFC 9457 have it.
    :param repeat: whether it may be sent again.
    :param has_lists: whether such a field may hold a list of texts, as it does with AWX.
    :param can_fail_with_200: whether an error may come with the status of a success, as some token endpoints send it.
    :param pause: seconds to wait after a 429 that does not say how long.
    :param largest: how many MiB an answer may have.
    :param hidden: what it holds that must never be in a sentence, besides what is a secret by its name.
    """

    method: str
    url: str
    url_option: str
    refused: str
    forbidden: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, t.Any] | None = field(default=None, repr=False)
    form: Mapping[str, str | list[str]] | None = field(default=None, repr=False)
    has_answer: bool = True
    error_fields: tuple[str, ...] = _ERROR_FIELDS
    has_lists: bool = False
    repeat: Repeat = Repeat.FREELY
    can_fail_with_200: bool = False
    pause: float | None = None
    largest: int = 1
    hidden: tuple[str, ...] = field(default=(), repr=False)

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it holds that must never be in a sentence."""
        carried = {**(self.json or {}), **(self.form or {})}
        named = (value for name, value in carried.items() if name in _SECRET_FIELDS and isinstance(value, str))
        return (*named, *self.hidden)
