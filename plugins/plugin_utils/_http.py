# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the one function that speaks HTTP is told: a route and a request. Private to this collection."""

from __future__ import annotations

import contextlib
import enum
import re
import typing as t
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from . import _vaulted, _waits
from ._errors import OptionError

# The fields of token requests that hold secrets.
_SECRET_FIELDS = frozenset({"jwt", "client_secret", "refresh_token", "password", "token"})

_ERROR_FIELDS = ("error", "error_description", "errorSummary", "name", "message", "Message", "detail", "errors")


def _bare(option: str) -> str:
    """For who does not know where options came from."""
    return option


def _unsaid(sentence: str, seconds: float) -> None:
    """For who says nothing of waits."""


@dataclass(frozen=True)
class Route:
    """How to reach one service.

    :param service: its name in sentences.
    :param timeout: seconds, for connecting and for each wait for data.
    :param retries: further tries after a fault that may pass.
    :param secrets: what never may stand in a sentence, even where the service repeats it.
    :param say: takes a sentence about each wait, and its seconds.
    :param decrypt: what opens the files of TLS that ansible-vault has encrypted.
    :param source: an option with where it came from, as a sentence of its value begins.
    """

    service: str
    timeout: int = 15
    retries: int = 3
    validate_certs: bool = True
    ca_path: str | None = None
    client_cert: str | None = None
    client_key: str | None = None
    proxy: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    say: _waits.Say = field(default=_unsaid, repr=False, compare=False)
    decrypt: _vaulted.Decrypt | None = field(default=None, repr=False)
    source: Callable[[str], str] = field(default=_bare, repr=False, compare=False)

    @contextlib.contextmanager
    def opened(self) -> Iterator[Route]:
        """The same with files that OpenSSL can read in the place of encrypted ones, while it lasts."""
        with contextlib.ExitStack() as stack:

            def plain(option: str, path: str | None) -> str | None:
                return stack.enter_context(_vaulted.for_openssl(self.source(option), path, self.decrypt))

            authorities = plain("ca_path", self.ca_path)
            certificate, key = plain("client_cert", self.client_cert), plain("client_key", self.client_key)
            if certificate is not None and key is None:
                _check_key(certificate, self.source("client_cert"))
            yield replace(self, ca_path=authorities, client_cert=certificate, client_key=key)

    def knowing(self, *secrets: str) -> Route:
        """The same with more secrets to keep out of sentences."""
        return replace(self, secrets=(*self.secrets, *secrets))


def _check_key(certificate: str, where: str) -> None:
    """Raise OptionError where the file of a certificate, which stands alone, holds no key.

    :param where: the option with its source.

    A pipe can be read only once, so it is left to OpenSSL.
    """
    with contextlib.suppress(OSError):
        text = Path(certificate).read_bytes() if Path(certificate).is_file() else b""
        if b"-----BEGIN CERTIFICATE-----" in text and b"PRIVATE KEY-----" not in text:
            raise OptionError(
                f"{where} names a file that holds no private key. Set client_key to the file that holds it."
            )


class Repeat(enum.Enum):
    """Whether a request may be sent again, beside the number of retries."""

    # After every fault that may pass.
    FREELY = enum.auto()
    # What it carries may be spent: once more after an answer that was lost, whatever retries says.
    ONCE_WHEN_LOST = enum.auto()
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


Remedy = Callable[[Refusal], str]
"""What to do about a refusal, as a sentence; empty where nothing but the status says so."""


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
    :param asks_for_token: whether an error may come with status 200, and a 400 without words from another address.
    :param remedy: what the service's refusals mean, beside what the status says.
    :param pause: seconds to wait after a 429 that does not say how long.
    """

    method: str
    url: str
    url_option: str
    refused: str
    forbidden: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    json: Mapping[str, t.Any] | None = field(default=None, repr=False)
    form: Mapping[str, str] | None = field(default=None, repr=False)
    has_answer: bool = True
    error_fields: tuple[str, ...] = _ERROR_FIELDS
    has_lists: bool = False
    repeat: Repeat = Repeat.FREELY
    asks_for_token: bool = False
    remedy: Remedy | None = None
    pause: float | None = None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it carries that never may stand in a sentence."""
        carried = {**(self.json or {}), **(self.form or {})}
        return tuple(value for name, value in carried.items() if name in _SECRET_FIELDS)
