# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service answered, and its refusals as sentences. Private to this collection.

A sentence is made of the status, the service's own error fields and the address; the body never gets into it.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import re
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from .._errors import ServiceError
from . import masking, remedies, urls
from .request import Refusal, Request

# Characters. Of longer words both ends are kept: the reason can come after 250 that are always the same.
_LONGEST_WORDS = 600
_CUT = " ... "
# Characters of an address that somebody else says.
_LONGEST_ADDRESS = 300
# Where a bearer is told why it is refused (RFC 6750 section 3).
_CHALLENGE = r'\b(error|error_description)="((?:[^"\\]|\\.)*)"'
# What nginx, Apache, Go and Tomcat answer to a request without TLS.
_WANTS_TLS = rb"HTTP request was sent to HTTPS|plain HTTP to an SSL|HTTP request to an HTTPS|requires TLS"
_QUOTAS = ("auth0-client-quota-limit", "auth0-organization-quota-limit")


class RefusedError(ServiceError):
    """The service refused. Until ``mend`` the sentence ends with what the status says.

    :param said: what was asked and answered, as the beginning of the sentence.
    """

    def __init__(self, said: str, request: Request, refusal: Refusal) -> None:
        self.refusal = refusal
        self._said = said
        self._is_certain = bool(certain := remedies.certain(request, refusal))
        self.because(remedies.cause(refusal))
        super().__init__(
            "",
            refusal.status,
            refusal.words,
            code=refusal.code,
            may_pass=refusal.status == 429 or refusal.status >= 500,
        )
        self._end(said, certain or remedies.by_status(request, refusal))

    def mend(self, remedy: str, said: str = "") -> None:
        """End the sentence with this remedy, unless it is empty or the cause is certain without knowing the service.

        :param said: the beginning of the sentence, where it is another.
        """
        if remedy and not self._is_certain:
            self._end(said or self._said, remedy)

    def _end(self, said: str, remedy: str) -> None:
        self.args = (f"{said} {remedy}",)
        self.remedy = remedy


@dataclass(frozen=True)
class Answer:
    """An HTTP response. ``body`` is None when it was larger than the limit; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes | None = field(repr=False)

    @property
    def date(self) -> float | None:
        """When the answer was made by the clock of the service (RFC 9110 section 6.6.1); None when it does not say."""
        return _date(self.headers.get("date", ""))

    @property
    def is_object(self) -> bool:
        """Whether the body is a JSON object, as that of a service is and that of a proxy is not."""
        return bool(_object(self))

    def retry_after(self, now: float) -> float | None:
        """Seconds that it asks to wait; None when it says nothing usable.

        Retry-After (RFC 9110 section 10.2.3), else what Auth0 says in place of it.
        """
        value = self.headers.get("retry-after", "").strip()
        if (seconds := _digits(value)) is not None:
            return seconds
        date = _date(value)
        if date is not None:
            return max(0.0, date - now)
        return self._quota(now) if self.status == 429 else None

    def _quota(self, now: float) -> float | None:
        """The longest wait of those quotas that are used up: as seconds, or as when they begin anew."""
        waits = []
        for bucket in ",".join(self.headers.get(name, "") for name in _QUOTAS).split(","):
            fields = dict(re.findall(r"\b([qrt]) *= *([0-9]+)", bucket))
            if (
                fields.get("r", "").strip("0") == ""
                and "r" in fields
                and (left := _digits(fields.get("t", ""))) is not None
            ):
                waits.append(left)
        reset = _digits(self.headers.get("x-ratelimit-reset", "").strip())
        if reset is not None:
            waits.append(max(0.0, reset - (now if self.date is None else self.date)))
        return max(waits, default=None)


def _digits(text: str) -> float | None:
    """A whole number, cut to what a time can be; None for anything else."""
    return float(text[:10]) if text.isdecimal() and text.isascii() else None


def _date(text: str) -> float | None:
    """Seconds since the epoch (RFC 9110 section 5.6.7); None for what is no date.

    The form of asctime, which is one of three, names no zone: each of them is in UTC.
    """
    try:
        found = email.utils.parsedate_to_datetime(text)
        return found.replace(tzinfo=found.tzinfo or dt.UTC).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def read_answer(answer: Answer, service: str, request: Request, secrets: Iterable[str], now: float) -> t.Any:
    """The JSON value of a success. Raises RefusedError for a refusal, and ServiceError for what cannot be used."""
    secrets = tuple(secrets)
    place = masking.mask(urls.without_secrets(request.url), secrets)
    if 300 <= answer.status < 400:
        problem = _redirect(answer, service, place, request, secrets)
        raise ServiceError(problem, answer.status).because("redirected", request.url_option)
    if answer.status >= 400 or answer.status < 200 or _is_error(answer, request):
        raise _refused(answer, service, place, request, secrets, now)
    # A page in the place of a removal is of somebody else, who has removed nothing.
    if not request.has_answer and not (request.method == "DELETE" and answer.body and _is_html(answer)):
        return None
    if answer.body is None:
        raise _unlike(
            f"{service} sent more than {request.largest} MiB from {place}. Check {request.url_option}.", request
        )
    if not answer.body.strip():
        raise _unlike(f"{service} sent an empty answer from {place}. Check {request.url_option}.", request)
    if _is_html(answer):
        page = "the address of a web site, not of the API."
        raise ServiceError(
            f"{service} sent an HTML page instead of JSON from {place}. "
            f"Check {request.url_option}: it seems to be {page}"
        ).because("address_of_a_page", request.url_option, f"{request.url_option} seems to be {page}")
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        pass
    raise _unlike(f"{service} sent something that is not JSON from {place}. Check {request.url_option}.", request)


def _unlike(problem: str, request: Request) -> ServiceError:
    """The error for an answer that the service does not give."""
    return ServiceError(problem).because("not_the_service", request.url_option)


def _is_html(answer: Answer) -> bool:
    start = (answer.body or b"").lstrip()[:15].lower()
    return "html" in answer.headers.get("content-type", "").lower() or start.startswith((b"<!doctype", b"<html"))


def _is_error(answer: Answer, request: Request) -> bool:
    """Whether an error came with the status of a success."""
    return request.can_fail_with_200 and bool(_object(answer).get("error"))


def _object(answer: Answer) -> Mapping[str, t.Any]:
    """The JSON object in the body; empty for anything else."""
    try:
        body = json.loads(answer.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _refused(
    answer: Answer, service: str, place: str, request: Request, secrets: Iterable[str], now: float
) -> RefusedError:
    words = _words(answer, request, secrets)
    code = _code(answer)
    wait = answer.retry_after(now)
    refusal = Refusal(
        answer.status,
        code=code,
        words=words,
        is_page=_is_html(answer) or (answer.body or b"").lstrip()[:11].lower() == b"error code:",
        wait=request.pause if wait is None and answer.status == 429 else wait,
        date=answer.date,
        wants_tls=request.url.startswith("http://") and re.search(_WANTS_TLS, answer.body or b"") is not None,
    )
    said = f" and said: {words.rstrip('.')}" if words else ""
    return RefusedError(f"{service} answered {place} with status {answer.status}{said}.", request, refusal)


def _code(answer: Answer) -> str:
    body = _object(answer)
    codes = (body.get("error"), body.get("errorCode"), _challenge(answer).get("error"))
    return next((code for code in codes if isinstance(code, str)), "")


def _challenge(answer: Answer) -> dict[str, str]:
    return dict(re.findall(_CHALLENGE, answer.headers.get("www-authenticate", "")))


def _words(answer: Answer, request: Request, secrets: Iterable[str]) -> str:
    """The service's own words, from its error fields only; empty when it has none."""
    body = _object(answer)
    texts = [text for name in request.error_fields for text in _texts(body.get(name), request.has_lists)]
    plain = [masking.plain(text, secrets) for text in (*texts, *_challenge(answer).values())]
    words = ": ".join(dict.fromkeys(filter(None, plain)))
    if len(words) <= _LONGEST_WORDS:
        return words
    half = (_LONGEST_WORDS - len(_CUT)) // 2
    return f"{words[:half]}{_CUT}{words[-half:]}"


def _texts(value: object, has_lists: bool) -> list[str]:
    """The texts in an error field: itself, the message in it, or those in the objects of a list."""
    if isinstance(value, dict):
        value = value.get("message")
    if isinstance(value, list):
        return [text for entry in value if has_lists or isinstance(entry, dict) for text in _texts(entry, False)]
    return [value] if isinstance(value, str) else []


def _redirect(answer: Answer, service: str, place: str, request: Request, secrets: Iterable[str]) -> str:
    known = [*secrets, *(secret.lower() for secret in secrets)]
    shown = masking.plain(_final(answer, request), known)[:_LONGEST_ADDRESS]
    where = f" to {shown}" if shown else ""
    return (
        f"{service} redirects {place}{where} (status {answer.status}). Set {request.url_option} to the final "
        "address: a redirect is not followed, so that no secret goes with it."
    )


def _final(answer: Answer, request: Request) -> str:
    """Where a redirect leads, without user, query and fragment; empty where it says none that can be."""
    try:
        parts = urlsplit(urljoin(request.url, answer.headers.get("location", "")))
        # Not ``hostname``, which is in lower case, so that a secret in it would not be found.
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.hostname else ""
    except ValueError:
        return ""
