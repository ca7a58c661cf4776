# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What broke on the way to a service, as a sentence. Private to this collection.

The texts of the exceptions are never used: they can hold addresses with passwords.
"""

from __future__ import annotations

import re
import socket
import ssl
import traceback
import typing as t
from collections.abc import Iterator
from urllib.parse import urlsplit

from .._value import Value
from . import certificates, deadline, proxies, urls

Fault = t.TypeVar("Fault", bound=BaseException)


# http.client has a proxy's answer to CONNECT in the text of an exception only.
_TUNNEL = re.compile(r"Tunnel connection failed: (\d{3})")
# What OpenSSL says of a message that is not TLS.
_WITHOUT_TLS = frozenset({"WRONG_VERSION_NUMBER", "UNKNOWN_PROTOCOL", "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE"})
# What may pass by itself: RFC 6585 section 4 and RFC 9110 section 15.6.
RETRIED = frozenset({429, 500, 502, 503, 504})


class Names(Value):
    """What a sentence names.

    :param url_option: the option that decides the address.
    :param whence: the same with where it came from.
    :param authority: what to do about an authority that is not known.
    """

    url_option: str
    whence: str = ""
    authority: str = ""


def may_pass(error: Exception) -> bool:
    """Whether another try may help: after a broken or refused connection, not after a bad certificate or a timeout."""
    import requests

    if (status := _tunnel_status(error)) is not None:
        return status in RETRIED
    if timed_out(error) or (_is_of_tls(error) and not _was_closed_in_tls(error)):
        return False
    if _find(error, deadline.FloodError) is not None:
        return False
    return isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError)


def may_have_arrived(error: Exception) -> bool:
    """Whether the service may have got the request: not where no connection to it was made."""
    # requests has a ValueError for what cannot be an address or a header, and a bare OSError for absent certificates.
    is_unsent = (isinstance(error, ValueError) and not _has_odd_header(error)) or error.__class__ is OSError
    return not is_unsent and not _was_connecting(error)


def _was_connecting(error: BaseException) -> bool:
    """Whether it came while the connection was made, with a tunnel and TLS where they are wanted.

    Only the place says so: a connection that is closed raises the same at any time.
    """
    frames = (frame for cause in _chain(error) for frame, _line in traceback.walk_tb(cause.__traceback__))
    return any(frame.f_code.co_name == "connect" for frame in frames)


def sentence(error: Exception, url: str, names: Names, timeout: int, proxy: proxies.Proxy | None) -> str:
    """What went wrong with a request to ``url`` and what to do about it."""
    import requests

    url_option = names.url_option
    host = urlsplit(url).hostname
    problem = "" if proxy is None else _of_proxy(error, host, url_option, timeout, proxy)
    if problem:
        return problem
    if (fault := _of_certificate(error)) is not None:
        is_asked = proxy is None and certificates.is_to_be_read(fault)
        found = certificates.shown_by(url, timeout) if is_asked else None
        return certificates.sentence(fault, host or "", url_option, found, names.authority)
    if (other := _find(error, ssl.SSLError)) is not None and other.reason in _WITHOUT_TLS:
        return _without_tls(url, names.whence)
    if _is_of_tls(error) and not _was_closed_in_tls(error):
        return f"no TLS connection to {host} can be made. Check {url_option}, ca_path, client_cert and client_key."
    if _find(error, socket.gaierror) is not None:
        return (
            f"there is no host {host}, as the name servers of the controller say. Check the name servers, and "
            f"{names.whence}."
        )
    if _find(error, ConnectionRefusedError) is not None:
        port = _port(url)
        return f"{host} refuses the connection at port {port} of {names.whence}. Check the host and the port."
    if timed_out(error) or isinstance(error, requests.Timeout):
        return (
            f"{host} did not answer within {timeout} seconds. Check the network and {names.whence}, or raise timeout."
        )
    return _without_use(error, url, names)


def cause(error: Exception, proxy: proxies.Proxy | None) -> str:
    """The code of what went wrong."""
    if proxy is not None and _of_proxy(error, "", "", 0, proxy):
        return "proxy"
    if (fault := _of_certificate(error)) is not None:
        return certificates.cause(fault)
    if _is_of_tls(error) and not _was_closed_in_tls(error):
        return "tls"
    if _find(error, socket.gaierror) is not None:
        return "no_such_host"
    return "not_reached"


def _port(url: str) -> int:
    parts = urlsplit(url)
    return parts.port or (80 if parts.scheme == "http" else 443)


def _without_tls(url: str, whence: str) -> str:
    """What to do about a server that answers the first message of TLS in plain text."""
    parts = urlsplit(url)
    port = _port(url)
    besides = ", or begin it with http://" if urls.is_loopback(parts.hostname or "") else ""
    return (
        f"{parts.hostname} speaks no TLS on port {port}, and the address begins with https://. "
        f"Correct the port of {whence}{besides}."
    )


def _of_proxy(error: Exception, host: str | None, url_option: str, timeout: int, proxy: proxies.Proxy) -> str:
    """What is wrong with the proxy on the way to ``host``; empty where it is not at fault."""
    import requests
    import urllib3

    if proxy.is_socks and isinstance(error, requests.exceptions.InvalidSchema):
        return (
            f"a SOCKS proxy, as in {proxy.said}, needs the Python library PySocks on the controller. "
            "Install it (on Debian the package python3-socks), or use an HTTP proxy."
        )
    is_unknown = _find(error, urllib3.exceptions.ProxySchemeUnknown) is not None
    if is_unknown or isinstance(error, requests.exceptions.InvalidProxyURL):
        return f"{proxy.source} is no address such as http://proxy.example:3128. Correct it."
    if (status := _tunnel_status(error)) is not None:
        return refused_by_proxy(status, host, url_option, proxy)
    if timed_out(error):
        return (
            f"{host} did not answer within {timeout} seconds by way of {proxy.name}. "
            f"Check {proxy.said}, the network and {url_option}, or raise timeout."
        )
    if _was_late(error):
        return f"{proxy.name} did not answer within {timeout} seconds. Check {proxy.said}, or raise timeout."
    has_no_tunnel = _was_connecting(error) and not _is_of_tls(error) and isinstance(error, requests.ConnectionError)
    if has_no_tunnel or isinstance(error, requests.exceptions.ProxyError):
        return _without_proxy(error, proxy)
    return ""


def _without_proxy(error: Exception, proxy: proxies.Proxy) -> str:
    """What is wrong where no connection to the proxy was made."""
    if _find(error, socket.gaierror) is not None:
        return (
            f"{proxy.name} is not found, as there is no such host. Check it in {proxy.said}; in user and password "
            "@, :, / and # are written %40, %3A, %2F and %23."
        )
    if _find(error, ConnectionRefusedError) is not None:
        return f"{proxy.name} refuses the connection. Check its host and port in {proxy.said}."
    if _is_of_tls(error):
        return (
            f"no TLS connection to {proxy.name} can be made. Begin its address in {proxy.said} with http://, "
            "or set ca_path to the certificate of the authority that signed its certificate."
        )
    return (
        f"{proxy.name} breaks off the connection. Check its host and port in {proxy.said}, and begin its address with "
        "https:// if it speaks TLS."
    )


def refused_by_proxy(status: int, host: str | None, url_option: str, proxy: proxies.Proxy) -> str:
    """What to do about a proxy that answers for the service."""
    if status == 407 and proxy.has_user:
        return (
            f"{proxy.name} refuses the user or the password (status 407). Correct them in {proxy.said}; "
            "@, :, / and # in them are written %40, %3A, %2F and %23."
        )
    if status == 407:
        return (
            f"{proxy.name} wants a user and a password (status 407). "
            f"Write them into {proxy.said}, such as http://user:password@proxy.example:3128."
        )
    if status in RETRIED:
        return (
            f"{proxy.name} does not reach {host} (status {status}). "
            f"Check {url_option}, and that the proxy can go there."
        )
    return (
        f"{proxy.name} does not let anybody through to {host} (status {status}). "
        f"Have it allowed there, or check {url_option} and {proxy.said}."
    )


def _tunnel_status(error: Exception) -> int | None:
    """What a proxy answered to CONNECT; None where it made the tunnel, or was not asked for one."""
    found = next((match for cause in _chain(error) if (match := _TUNNEL.search(str(cause)))), None)
    return None if found is None else int(found[1])


def _is_of_tls(error: Exception) -> bool:
    import requests

    return _find(error, ssl.SSLError) is not None or isinstance(error, requests.exceptions.SSLError)


def _was_closed_in_tls(error: Exception) -> bool:
    """Whether the other side closed the connection within TLS, which counts as any broken connection."""
    return any(_find(error, kind) is not None for kind in (ssl.SSLEOFError, ssl.SSLZeroReturnError))


def _without_use(error: Exception, url: str, names: Names) -> str:
    """What is wrong with an answer that came, or with a request that was never made."""
    import requests

    host = urlsplit(url).hostname
    if _find(error, deadline.FloodError) is not None:
        return f"{host} sends an answer without end. Check {names.whence}."
    if isinstance(error, requests.exceptions.ContentDecodingError):
        return f"{host} sent an answer that cannot be decompressed. Check {names.whence}."
    if _was_closed_in_tls(error):
        return (
            f"{host} broke off the TLS connection. Try again later, or check {names.whence}, "
            "and client_cert where it wants a certificate."
        )
    if isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError) or _has_odd_header(error):
        plain = ", which has to begin with https:// if TLS is spoken there" if url.startswith("http://") else ""
        return f"{host} broke off the connection. Try again later, or check {names.whence}{plain}."
    return f"no request can be made to {host}. Check {names.url_option}, proxy, ca_path, client_cert and client_key."


def _has_odd_header(error: BaseException) -> bool:
    """Whether an answer came whose length is said twice, as urllib3 says it; of a request's header requests says it."""
    import urllib3

    return _find(error, urllib3.exceptions.InvalidHeader) is not None


def timed_out(error: BaseException) -> bool:
    """Whether an answer took too long: a service's, or a proxy's to CONNECT, which urllib3 before 2 wraps otherwise."""
    import requests
    import urllib3

    if isinstance(error, requests.ConnectTimeout) or _find(error, urllib3.exceptions.ConnectTimeoutError) is not None:
        return False
    return any(_find(error, kind) is not None for kind in (urllib3.exceptions.ReadTimeoutError, TimeoutError))


def _was_late(error: BaseException) -> bool:
    """Whether making a connection took too long, which requests tells from a refused one without a proxy only."""
    import urllib3

    kinds = (urllib3.exceptions.ConnectTimeoutError, urllib3.exceptions.NewConnectionError)
    # Before urllib3 2 the second is one of the first.
    return any(isinstance(cause, kinds[0]) and not isinstance(cause, kinds[1]) for cause in _chain(error))


def _of_certificate(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """Why the certificate is not taken; None where that is not the fault."""
    fault = _find(error, ssl.SSLCertVerificationError)
    # urllib3 1.26 compares the names itself, and its error is none of ssl's.
    if fault is None and any(type(cause).__name__ == "CertificateError" for cause in _chain(error)):
        fault = certificates.of_another_name()
    return fault


def _find(error: BaseException, kind: type[Fault]) -> Fault | None:
    return next((cause for cause in _chain(error) if isinstance(cause, kind)), None)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and all that it was made from: requests and urllib3 wrap the cause as an argument."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
