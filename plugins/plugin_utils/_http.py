# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the one function that speaks HTTP is told: a route and a request. Private to this collection."""

from __future__ import annotations

import contextlib
import enum
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from . import _vaulted, _waits

# The fields of token requests that hold secrets.
_SECRET_FIELDS = frozenset({"jwt", "client_secret", "refresh_token", "password", "token"})


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

    @contextlib.contextmanager
    def opened(self) -> Iterator[Route]:
        """The same with files that OpenSSL can read in the place of encrypted ones, while it lasts."""
        with contextlib.ExitStack() as stack:

            def plain(option: str, path: str | None) -> str | None:
                return stack.enter_context(_vaulted.for_openssl(option, path, self.decrypt))

            yield replace(
                self,
                ca_path=plain("ca_path", self.ca_path),
                client_cert=plain("client_cert", self.client_cert),
                client_key=plain("client_key", self.client_key),
            )

    def knowing(self, *secrets: str) -> Route:
        """The same with more secrets to keep out of sentences."""
        return replace(self, secrets=(*self.secrets, *secrets))


class Repeat(enum.Enum):
    """Whether a request may be sent again, beside the number of retries."""

    # After every fault that may pass.
    FREELY = enum.auto()
    # What it carries may be spent: once more after an answer that was lost, whatever retries says.
    ONCE_WHEN_LOST = enum.auto()
    # A second try could lock an account: only where the first one has not arrived.
    UNLESS_ARRIVED = enum.auto()


@dataclass(frozen=True)
class Request:
    """One request. At most one of ``json`` and ``form`` is set.

    :param url_option: the option that decides the address, named when the address is at fault.
    :param refused: what to check after a 400 or 401, as the end of a sentence.
    :param forbidden: the same after a 403.
    :param has_answer: False where a success says it all, and its body is not looked at.
    :param error_fields: where a refusal says why, in the order in which it is told. RFC 6749 section 5.2 has the first
        two of them; Netography answers with name and message, NetBird with message.
    :param repeat: whether it may be sent again.
    :param has_lists: whether such a field may hold a list of texts, as it does with AWX.
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
    error_fields: tuple[str, ...] = ("error", "error_description", "name", "message")
    has_lists: bool = False
    repeat: Repeat = Repeat.FREELY

    @property
    def secrets(self) -> tuple[str, ...]:
        """What it carries that never may stand in a sentence."""
        carried = {**(self.json or {}), **(self.form or {})}
        return tuple(value for name, value in carried.items() if name in _SECRET_FIELDS)
