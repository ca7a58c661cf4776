# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How requests are made: times, certificates, proxy, and secrets to mask. Private to this collection."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .. import _vaulted, _waits
from .._errors import OptionError


def _bare(option: str) -> str:
    """The default of ``source`` and ``address``: the option alone."""
    return option


def _without_ways(option: str) -> str:
    """The default of ``ways``, which says nothing."""
    return ""


def _unsaid(sentence: str, seconds: float) -> None:
    """The default of ``say``, which says nothing."""


def _unwarned(sentence: str) -> None:
    """The default of ``warn`` and ``remark``, which says nothing."""


@dataclass(frozen=True)
class HttpSettings:
    """How to reach one service.

    :param service: its name in sentences.
    :param timeout: seconds, for connecting and for each wait for data.
    :param retries: further tries after a fault that may pass.
    :param secrets: what must never be in a sentence, even where the service repeats it.
    :param say: takes a sentence about each wait, and its seconds.
    :param warn: takes a sentence that everybody should see.
    :param remark: takes a sentence that is shown at ``-v``.
    :param decrypt: what opens the files of TLS that ansible-vault has encrypted.
    :param source: an option with where it came from, as a sentence of its value begins.
    :param address: an option that decides an address, with what does where nobody has set it.
    :param whence: the same with where it came from, as a sentence ends.
    :param ways: how an option can be set, for the end of a sentence; empty where that is not said.
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
    warn: Callable[[str], None] = field(default=_unwarned, repr=False, compare=False)
    remark: Callable[[str], None] = field(default=_unwarned, repr=False, compare=False)
    decrypt: _vaulted.Decrypt | None = field(default=None, repr=False)
    source: Callable[[str], str] = field(default=_bare, repr=False, compare=False)
    address: Callable[[str], str] = field(default=_bare, repr=False, compare=False)
    whence: Callable[[str], str] = field(default=_bare, repr=False, compare=False)
    ways: Callable[[str], str] = field(default=_without_ways, repr=False, compare=False)

    @contextlib.contextmanager
    def opened(self) -> Iterator[HttpSettings]:
        """A context with the same settings, but files that OpenSSL can read in place of encrypted ones."""
        with contextlib.ExitStack() as stack:

            def plain(option: str, path: str | None) -> str | None:
                return stack.enter_context(_vaulted.for_openssl(self.source(option), path, self.decrypt))

            authorities = plain("ca_path", self.ca_path)
            certificate = plain("client_cert", self.client_cert)
            key = plain("client_key", self.client_key)
            if certificate is not None and key is None:
                _check_key(certificate, self.source("client_cert"))
            yield replace(self, ca_path=authorities, client_cert=certificate, client_key=key)

    def with_secrets(self, *secrets: str) -> HttpSettings:
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
