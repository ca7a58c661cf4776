# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The one function that speaks HTTP, over requests: tries, certificates, proxies. Private to this collection."""

from __future__ import annotations

import functools
import os
import random
import ssl
import time
import typing as t
import warnings
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from . import _answers, _faults, _urls
from ._errors import MissingLibraryError, ServiceError
from ._http import Request, Route

if t.TYPE_CHECKING:
    import requests

# What may pass by itself: RFC 6585 section 4 and RFC 9110 section 15.6.
_RETRIED = frozenset({429, 500, 502, 503, 504})
_LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_LARGEST_BODY = 1024 * 1024
_PIECE = 16384


def send(route: Route, build: Callable[[], Request]) -> t.Any:
    """The JSON value that the service answers with.

    ``build`` is called for every try, so that what may be used only once is made again. Redirects are not
    followed, netrc files are not read. Raises ServiceError, and MissingLibraryError without requests.
    """
    with route.opened() as opened:
        return _send(opened, build)


def _send(route: Route, build: Callable[[], Request]) -> t.Any:
    tries = route.retries
    while True:
        request = build()
        answer = _try(route, request, tries > 0)
        if answer is None or (answer.status in _RETRIED and tries > 0):
            wait = _wait(route.retries - tries, answer)
            if answer is None or wait <= _LONGEST_WAIT:
                time.sleep(wait)
                tries -= 1
                continue
        return _answers.read(answer, route.service, request, (*route.secrets, *request.secrets))


def _wait(done: int, answer: _answers.Answer | None) -> float:
    """Seconds until the next try: what Retry-After says (RFC 9110 section 10.2.3), else twice as long each time."""
    asked = answer.retry_after(time.time()) if answer is not None else None
    if asked is not None:
        return asked
    doubled = _FIRST_WAIT * float(2 ** min(done, 10))
    return min(_LONGEST_WAIT, doubled) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter


def _try(route: Route, request: Request, may_retry: bool) -> _answers.Answer | None:
    """One exchange; None for a broken connection that is worth another try."""
    try:
        import requests
        import urllib3
    except ImportError:
        raise MissingLibraryError("requests") from None

    try:
        return _once(route, request)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        if may_retry and _faults.may_pass(error):
            return None
        fault = _faults.sentence(error, request.url, request.url_option, route.timeout)
    raise ServiceError(f"{route.service}: {fault}", may_pass=True)


def _once(route: Route, request: Request) -> _answers.Answer:
    import requests
    import urllib3

    with requests.Session() as session, warnings.catch_warnings():
        # Who sets validate_certs to false need not be told so at every request.
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
        # Without this, a netrc file replaces the header and a variable of the environment the certificates.
        session.trust_env = False
        # Else requests reads the whole body of a redirect, though it does not follow it.
        setattr(session, "get_redirect_target", _no_target)  # noqa: B010 - a method, which mypy does not let assign
        with session.request(
            request.method,
            request.url,
            headers={"Accept": "application/json", **request.headers},
            json=request.json,
            data=request.form,
            timeout=(route.timeout, route.timeout),
            allow_redirects=False,
            proxies=_proxies(route, request.url),
            verify=_verify(route),
            cert=_client_certificate(route),
            stream=True,
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return _answers.Answer(response.status_code, headers, _read(response, route.timeout))


def _no_target(response: requests.Response) -> None:
    """No answer is a redirect that requests has to know of."""


def _read(response: requests.Response, timeout: int) -> bytes | None:
    """The body; None for one over 1 MiB, whose rest is never read. A body that drips has ten timeouts to end."""
    import requests

    end = time.monotonic() + 10 * timeout
    body = b""
    for piece in _pieces(response):
        body += piece
        if len(body) > _LARGEST_BODY:
            return None
        if time.monotonic() > end:
            raise requests.ReadTimeout
    return body


def _pieces(response: requests.Response) -> Iterator[bytes]:
    """The body as it arrives; with urllib3 before 2.1 in full pieces, so that a dripping one is noticed later."""
    import requests
    import urllib3

    read1 = getattr(response.raw, "read1", None)
    if read1 is None:
        yield from response.iter_content(_PIECE)
        return
    try:
        while piece := read1(_PIECE, decode_content=True):
            yield piece
    # As requests itself turns them into its own.
    except urllib3.exceptions.ReadTimeoutError as error:
        raise requests.ReadTimeout(error) from None
    except urllib3.exceptions.DecodeError as error:
        raise requests.exceptions.ContentDecodingError(error) from None
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None


def _proxies(route: Route, url: str) -> dict[str, str]:
    """The proxy that was said, else the environment's; what is meant for this machine stays on it."""
    import requests.utils

    if route.proxy:
        return {"http": route.proxy, "https": route.proxy}
    if _urls.is_loopback(urlsplit(url).hostname or ""):
        return {}
    return requests.utils.get_environ_proxies(url, no_proxy=None)


def _verify(route: Route) -> bool | str:
    """What to check certificates against: the given path, else the system's store, else what requests brings."""
    if not route.validate_certs:
        return False
    return route.ca_path or _system_certificates() or True


@functools.cache
def _system_certificates() -> str | None:
    """The system's file or hashed directory of authorities; None where OpenSSL's default place is empty."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return paths.cafile
    return paths.capath if paths.capath and any(os.scandir(paths.capath)) else None


def _client_certificate(route: Route) -> str | tuple[str, str] | None:
    if route.client_cert and route.client_key:
        return (route.client_cert, route.client_key)
    return route.client_cert
