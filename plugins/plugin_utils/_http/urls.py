# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Addresses of services as options give them. Private to this collection."""

from __future__ import annotations

import ipaddress
from urllib.parse import SplitResult, urlsplit

from .._errors import OptionError

_PORTS = {"http": 80, "https": 443}


def base_url(option: str, text: str) -> str:
    """The address to which paths are appended: without a slash at its end. Raises OptionError as ``service_url``."""
    return service_url(option, text).rstrip("/")


def service_url(option: str, text: str, *, query: bool = False) -> str:
    """The address to the letter: many a token endpoint ends in a slash, and answers 404 without it.

    :param query: whether it may have a query, as a token endpoint may (RFC 6749 section 3.2).

    Raises OptionError for what is no http(s) URL, holds credentials, a query or a fragment, or is plain http
    to a host that is not loopback: a secret would travel in clear text.
    """
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise OptionError(f"{option} must be an address such as https://host.example/path. Correct it.")
    if parts.username is not None or parts.password is not None:
        raise OptionError(f"{option} must not hold credentials. Take the part before the @ out of the address.")
    if "#" in text or ("?" in text and not query):
        raise OptionError(f"{option} must end before any ? or #. Take that part out of the address.")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise OptionError(
            f"{option} is plain http to another machine: anybody on the way can read the secret. Use https."
        )
    return text


def origin(url: str) -> str:
    """Scheme, host and port of a checked address (RFC 6454 section 4)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def same_origin(one: str, other: str) -> bool:
    """Whether two checked addresses have scheme, host and port in common, the default port said or not."""
    return _origin_parts(one) == _origin_parts(other)


def _origin_parts(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme)


def without_secrets(url: str) -> str:
    """The address for an error message: neither user information nor query nor fragment."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(text: str) -> SplitResult | None:
    if not text.isascii() or not text.isprintable() or " " in text or "\\" in text:
        return None
    try:
        parts = urlsplit(text)
        # Both are worked out on access, and raise for a port or an address that cannot be.
        return parts if parts.port is None or parts.hostname else None
    except ValueError:
        return None
