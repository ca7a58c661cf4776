# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What broke on the way to a service, as a sentence. Private to this collection.

The texts of the exceptions are never used: they can hold addresses with passwords.
"""

from __future__ import annotations

import socket
import ssl
import typing as t
from collections.abc import Iterator
from urllib.parse import urlsplit

from . import _deadline

Fault = t.TypeVar("Fault", bound=BaseException)


def may_pass(error: Exception) -> bool:
    """Whether another try may help: broken and refused connections, but no certificate, silence or flood."""
    import requests

    if isinstance(error, requests.exceptions.ProxyError | requests.exceptions.SSLError) or _timed_out(error):
        return False
    if _find(error, _deadline.FloodError) is not None:
        return False
    return isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError)


def may_have_arrived(error: Exception) -> bool:
    """Whether the service may have got the request: not where no connection to it was made."""
    import urllib3

    never = (
        urllib3.exceptions.NewConnectionError,
        urllib3.exceptions.ConnectTimeoutError,
        urllib3.exceptions.ProxyError,
        ssl.SSLCertVerificationError,
    )
    # requests has a ValueError for what cannot be an address or a header, and a bare OSError for absent certificates.
    is_unsent = isinstance(error, ValueError) or type(error) is OSError
    return not is_unsent and all(_find(error, kind) is None for kind in never)


def sentence(error: Exception, url: str, url_option: str, timeout: int) -> str:
    """What went wrong with a request to ``url`` and what to do about it."""
    import requests

    host = urlsplit(url).hostname
    if isinstance(error, requests.exceptions.InvalidProxyURL):
        return "proxy is no address such as http://proxy.example:3128. Correct it."
    if isinstance(error, requests.exceptions.ProxyError) and not _timed_out(error):
        return f"the proxy on the way to {host} does not pass the request on. Check proxy."
    if (fault := _find(error, ssl.SSLCertVerificationError)) is not None:
        return (
            f"the certificate of {host} cannot be verified ({fault.verify_message}). "
            f"Check {url_option}, or set ca_path to the certificate of the authority that signed it."
        )
    if _find(error, ssl.SSLError) is not None or isinstance(error, requests.exceptions.SSLError):
        return f"no TLS connection to {host} can be made. Check {url_option}, ca_path, client_cert and client_key."
    if _find(error, socket.gaierror) is not None:
        return f"there is no host {host}. Check {url_option} and the name servers of the controller."
    if _find(error, ConnectionRefusedError) is not None:
        return f"{host} refuses the connection. Check the host and the port of {url_option}."
    if _timed_out(error) or isinstance(error, requests.Timeout):
        return f"{host} did not answer within {timeout} seconds. Check {url_option} and the network, or raise timeout."
    return _without_use(error, host, url_option)


def _without_use(error: Exception, host: str | None, url_option: str) -> str:
    """What is wrong with an answer that came, or with a request that was never made."""
    import requests

    if _find(error, _deadline.FloodError) is not None:
        return f"{host} sends an answer without end. Check {url_option}."
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return f"{host} sent an answer that cannot be decompressed. Check {url_option}."
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError):
        return f"{host} broke off the connection. Try again later, or check {url_option}."
    return f"no request can be made to {host}. Check {url_option}, proxy, ca_path, client_cert and client_key."


def _timed_out(error: BaseException) -> bool:
    """Whether an answer took too long: a service's, or a proxy's to CONNECT, which urllib3 before 2 wraps otherwise."""
    import requests
    import urllib3

    if isinstance(error, requests.ConnectTimeout) or _find(error, urllib3.exceptions.ConnectTimeoutError) is not None:
        return False
    return any(_find(error, kind) is not None for kind in (urllib3.exceptions.ReadTimeoutError, TimeoutError))


def _find(error: BaseException, kind: type[Fault]) -> Fault | None:
    return next((each for each in _chain(error) if isinstance(each, kind)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it was made from: requests and urllib3 wrap the cause as an argument."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
