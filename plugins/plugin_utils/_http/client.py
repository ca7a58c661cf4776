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
from urllib.parse import urlsplit

from .. import _waits
from .._errors import MissingLibraryError, ServiceError
from . import deadline, faults, proxies, urls
from .request import Repeat, Request
from .response import Answer, read_answer
from .settings import HttpSettings

if t.TYPE_CHECKING:
    import requests

_LONGEST_WAIT = 60.0
_FIRST_WAIT = 0.5
_MIB = 1024 * 1024
# Bytes. Compressed, they can stand for a thousand times as many, which older urllib3 unpacks at once.
_PIECE = 4096
# A whole exchange ends within this many timeouts, however slowly its answer comes.
_TIMEOUTS = 10


class Reply(t.NamedTuple):
    """The JSON value of a success, and when it was made by the clock of the service; None when it does not say."""

    value: t.Any
    date: float | None


def send(settings: HttpSettings, request: Request) -> t.Any:
    """The JSON value that the service answers with. Raises what ``reply`` raises."""
    return reply(settings, request).value


def reply(settings: HttpSettings, request: Request) -> Reply:
    """What the service answers to the request, or to its repetitions. Raises what ``Exchange.send`` raises."""
    exchange = Exchange(settings)
    while (found := exchange.send(request)) is None:
        pass
    return found


class Exchange:
    """A request and its repetitions, as far as ``retries`` and the request allow them.

    The caller makes the request for each try, so that what may be used only once can be made again. Redirects are not
    followed, netrc files are not read.
    """

    def __init__(self, settings: HttpSettings) -> None:
        self._settings = settings
        self._retries_left = settings.retries
        self._was_lost = False
        # What went wrong at the first try, once there is another.
        self.first: ServiceError | None = None

    def send(self, request: Request) -> Reply | None:
        """What the service answers; None where the request is to be sent again, after the wait for that.

        Raises RefusedError for a refusal, ServiceError for an answer that is missing or cannot be used, and
        MissingLibraryError without requests.
        """
        with self._settings.opened() as settings:
            answer = _try(settings, request)
        done = max(0, self._settings.retries - self._retries_left)
        wait = _wait(done, None if isinstance(answer, Broken) else answer, request.pause)
        again = _may_repeat(request.repeat, answer, self._retries_left, self._was_lost) and wait <= _LONGEST_WAIT
        self._was_lost = self._was_lost or (isinstance(answer, Broken) and answer.may_have_arrived)
        if again:
            _say(self._settings, request, answer, wait, self._settings.retries - self._retries_left + 2)
            self._remember(request, answer)
            time.sleep(wait)
            self._retries_left -= 1
            return None
        try:
            return self._read(request, answer)
        except ServiceError as error:
            error.answer_lost = self._was_lost and request.repeat is not Repeat.FREELY
            raise

    def may_repeat(self) -> bool:
        """Whether a retry is left for a request that the caller has found to be of no effect; then it is used up."""
        if self._retries_left < 1:
            return False
        time.sleep(_wait(self._settings.retries - self._retries_left, None, None))
        self._retries_left -= 1
        return True

    def _remember(self, request: Request, answer: Answer | Broken) -> None:
        try:
            self._read(request, answer)
        except ServiceError as error:
            self.first = self.first or error

    def _read(self, request: Request, answer: Answer | Broken) -> Reply:
        if isinstance(answer, Broken):
            raise answer.problem
        secrets = (*self._settings.secrets, *request.secrets)
        return Reply(read_answer(answer, self._settings.service, request, secrets, time.time()), answer.date)


class Broken(t.NamedTuple):
    """An exchange that brought no answer.

    :param may_pass: whether another try may help.
    :param may_have_arrived: whether the service may have got the request all the same.
    """

    problem: ServiceError
    may_pass: bool
    may_have_arrived: bool


def _may_repeat(repeat: Repeat, answer: Answer | Broken, tries: int, was_lost: bool) -> bool:
    """Whether the request may be sent again.

    :param tries: how many retries are left.
    :param was_lost: whether an answer was lost before this one.
    """
    if not isinstance(answer, Broken):
        if repeat is Repeat.UNLESS_MADE:
            return answer.status == 429 and tries > 0
        return answer.status in faults.RETRIED and tries > 0 and repeat is not Repeat.UNLESS_ARRIVED
    if not answer.may_have_arrived or repeat is Repeat.FREELY:
        return answer.may_pass and tries > 0
    return repeat is Repeat.ONCE_WHEN_LOST and not was_lost


def _say(settings: HttpSettings, request: Request, answer: Answer | Broken, wait: float, number: int) -> None:
    """Why there is another try, and when."""
    if isinstance(answer, Broken):
        cause = str(answer.problem)
    else:
        cause = f"{settings.service} answered {urls.without_secrets(request.url)} with status {answer.status}."
    settings.say(f"{cause} Try {number} follows {_waits.in_seconds(wait)}.", wait)


def _wait(done: int, answer: Answer | None, pause: float | None) -> float:
    """Seconds until the next try: what the answer asks for, else twice as long each time.

    :param pause: what the service is known to want after a 429 that does not say.
    """
    asked = answer.retry_after(time.time()) if answer is not None else None
    if asked is None and answer is not None and answer.status == 429:
        asked = pause
    if asked is not None:
        return asked
    doubled = _FIRST_WAIT * float(2 ** min(done, 10))
    return min(_LONGEST_WAIT, doubled) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter


def _try(settings: HttpSettings, request: Request) -> Answer | Broken:
    """One exchange."""
    try:
        import requests
        import urllib3
    except ImportError:
        raise MissingLibraryError("requests") from None

    proxy = proxies.of(settings.proxy, request.url, settings.source("proxy"))
    try:
        answer = _once(settings, request, proxy)
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        option = request.url_option
        names = faults.Names(settings.address(option), settings.whence(option), _authority(settings))
        fault = faults.sentence(error, request.url, names, settings.timeout, proxy)
        cause = faults.cause(error, proxy)
        may_pass = faults.may_pass(error)
        may_have_arrived = faults.may_have_arrived(error)
        timed_out = faults.timed_out(error)
    else:
        return answer if proxy is None else _unless_of_proxy(answer, settings, request, proxy)
    problem = ServiceError(f"{settings.service}: {fault}", may_pass=True, timed_out=timed_out).because(cause)
    return Broken(problem, may_pass, may_have_arrived)


def _authority(settings: HttpSettings) -> str:
    """What to do about a certificate whose authority is not known."""
    if settings.ca_path is not None:
        return f"{settings.source('ca_path')} does not hold the certificate of the authority that signed it."
    ways = settings.ways("ca_path")
    use = f" Use {ways}." if ways else ""
    return f"set ca_path to the certificate of the authority that signed it.{use}"


def _unless_of_proxy(answer: Answer, settings: HttpSettings, request: Request, proxy: proxies.Proxy) -> Answer | Broken:
    """The answer, unless a proxy that makes the request itself (RFC 9112 section 3.2.2) gives it for the service."""
    is_gateways = answer.status in (502, 503, 504) and request.url.startswith("http://") and not answer.is_object
    if answer.status != 407 and not is_gateways:
        return answer
    option = settings.address(request.url_option)
    sentence = faults.refused_by_proxy(answer.status, urlsplit(request.url).hostname, option, proxy)
    problem = ServiceError(f"{settings.service}: {sentence}", answer.status, may_pass=is_gateways).because("proxy")
    return Broken(problem, is_gateways, is_gateways)


def _once(settings: HttpSettings, request: Request, proxy: proxies.Proxy | None) -> Answer:
    import requests
    import urllib3

    if proxy is not None and not proxy.is_address:
        raise requests.exceptions.InvalidProxyURL
    with requests.Session() as session, warnings.catch_warnings():
        # A user who sets validate_certs to false need not be told so at every request.
        warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
        # Without this, a netrc file replaces the header and a variable of the environment the certificates.
        session.trust_env = False
        # Else requests reads the whole body of a redirect, though it does not follow it.
        setattr(session, "get_redirect_target", _no_target)  # noqa: B010 - a method, which mypy does not let assign
        deadline.keep(session, deadline.Limits.of(settings.timeout, _TIMEOUTS * settings.timeout))
        with session.request(
            request.method,
            request.url,
            headers={"Accept": "application/json", **request.headers},
            json=request.json,
            data=request.form,
            timeout=(settings.timeout, settings.timeout),
            allow_redirects=False,
            proxies={} if proxy is None else {"http": proxy.url, "https": proxy.url},
            verify=_verify(settings),
            cert=_client_certificate(settings),
            stream=True,
        ) as response:
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status_code, headers, _read(response, request.largest * _MIB))


def _no_target(response: requests.Response) -> None:
    """To requests, no answer is a redirect."""


def _read(response: requests.Response, largest: int) -> bytes | None:
    """The body; None for one of more bytes than that, whose rest is never read."""
    import requests

    body = b""
    is_whole = True
    try:
        for piece in response.iter_content(_PIECE):
            body += piece
            if len(body) > largest:
                return None
        # Older urllib3 takes a body that is cut off for a whole one.
        is_whole = not response.raw.length_remaining
    except ValueError:
        # What the standard library says of a chunk of less than no bytes. Of a request, it would be one never sent.
        is_whole = False
    if not is_whole:
        raise requests.exceptions.ChunkedEncodingError
    return body


def _verify(settings: HttpSettings) -> bool | str:
    """What to check certificates against: the given path, else the system's store, else what requests brings."""
    if not settings.validate_certs:
        return False
    return settings.ca_path or _system_certificates() or True


@functools.cache
def _system_certificates() -> str | None:
    """The system's file or hashed directory of authorities; None where OpenSSL's default place is empty."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return paths.cafile
    return paths.capath if paths.capath and any(os.scandir(paths.capath)) else None


def _client_certificate(settings: HttpSettings) -> str | tuple[str, str] | None:
    if settings.client_cert and settings.client_key:
        return (settings.client_cert, settings.client_key)
    return settings.client_cert
