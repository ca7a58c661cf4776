# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with the certificate of a server, as a sentence. Private to this collection.

OpenSSL's error does not hold the certificate, so it is asked for once more, and nothing is sent over that connection.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import socket
import ssl
from urllib.parse import urlsplit

from .._value import Value

# The codes of OpenSSL (x509_vfy.h).
_EXPIRED = 10
_OTHER_NAME = 62
_OTHER_NAMES = frozenset({_OTHER_NAME, 64})
_SELF_SIGNED = 18
_UNKNOWN_AUTHORITIES = frozenset({2, 18, 19, 20, 21})
# Names of a large certificate that a sentence shows, and characters of each.
_MOST_NAMES = 3
_LONGEST_NAME = 80


class Shown(Value):
    """What a server's certificate says.

    :param end: the end of its time, in ISO 8601; empty where it cannot be read.
    """

    names: tuple[str, ...]
    end: str


def shown_by(url: str, timeout: int) -> Shown | None:
    """The certificate that the server shows, unverified; None where it cannot be had."""
    parts = urlsplit(url)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with contextlib.suppress(OSError, ValueError, ImportError):
        address = (parts.hostname or "", parts.port or 443)
        plain = socket.create_connection(address, timeout)
        with plain, context.wrap_socket(plain, server_hostname=parts.hostname) as secured:
            return _read(secured.getpeercert(binary_form=True) or b"")
    return None


def _read(der: bytes) -> Shown:
    """Raises ValueError for what is no certificate, and ImportError without the library."""
    from cryptography import x509

    found = x509.load_der_x509_certificate(der)
    names: list[str] = []
    with contextlib.suppress(x509.ExtensionNotFound):
        others = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        names += others.get_values_for_type(x509.DNSName)
        names += [str(address) for address in others.get_values_for_type(x509.IPAddress)]
    # Before release 42 of the library the name of the other property does not exist.
    end = getattr(found, "not_valid_after_utc", None) or found.not_valid_after.replace(tzinfo=dt.UTC)
    return Shown(tuple(filter(_is_name, names)), end.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _is_name(text: str) -> bool:
    return text.isascii() and text.isprintable() and len(text) <= _LONGEST_NAME


def of_another_name() -> ssl.SSLCertVerificationError:
    """OpenSSL's error for a certificate of another name, for who found that without OpenSSL."""
    fault = ssl.SSLCertVerificationError()
    fault.verify_code = _OTHER_NAME
    fault.verify_message = "hostname mismatch"
    return fault


def is_to_be_read(fault: ssl.SSLCertVerificationError) -> bool:
    """Whether the certificate itself tells more."""
    return fault.verify_code == _EXPIRED or fault.verify_code in _OTHER_NAMES


def cause(fault: ssl.SSLCertVerificationError) -> str:
    """The code of what is wrong."""
    if fault.verify_code == _EXPIRED:
        return "certificate_expired"
    if fault.verify_code in _OTHER_NAMES:
        return "certificate_of_another_host"
    return "certificate_authority"


def _authority(fault: ssl.SSLCertVerificationError) -> str:
    return "it signs itself" if fault.verify_code == _SELF_SIGNED else "its authority is not known here"


def sentence(
    fault: ssl.SSLCertVerificationError, host: str, url_option: str, shown: Shown | None, authority: str
) -> str:
    """What is wrong, and what to do about it.

    :param authority: what to do where the authority is not known, as a part of a sentence.
    """
    start = f"the certificate of {host} cannot be verified"
    if fault.verify_code == _EXPIRED:
        when = f" on {shown.end}" if shown else ""
        return (
            f"{start}, because its time ended{when}. Have it renewed, check {url_option}, and the clock of this "
            "controller."
        )
    if fault.verify_code in _OTHER_NAMES:
        names = ", ".join(shown.names[:_MOST_NAMES]) if shown else ""
        return f"{start}, because it is for {names or 'other names'} and not for {host}. Check {url_option}."
    if fault.verify_code in _UNKNOWN_AUTHORITIES:
        return f"{start} ({_authority(fault)}): {authority} Check {url_option}, too."
    return f"{start} ({fault.verify_message}). Check {url_option}, or set ca_path to the certificate of its authority."
