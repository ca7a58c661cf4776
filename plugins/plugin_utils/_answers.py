# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a service answered, and its refusals as sentences. Private to this collection.

A sentence is made of the status, the service's own error fields and the address; the body never gets into it.
"""

from __future__ import annotations

import email.utils
import json
import time
import typing as t
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from . import _masking, _urls
from ._errors import ServiceError

if t.TYPE_CHECKING:
    from ._http import Request

_LONGEST_WORDS = 300


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
        """Seconds that Retry-After asks to wait (RFC 9110 section 10.2.3); None when it says nothing usable."""
        value = self.headers.get("retry-after", "").strip()
        if value.isdecimal() and value.isascii():
            return float(value[:9])
        date = _date(value)
        return None if date is None else max(0.0, date - now)


def _date(text: str) -> float | None:
    """Seconds since the epoch (RFC 9110 section 5.6.7); None for what is no date."""
    try:
        return email.utils.parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError, OSError):
        return None


def read(answer: Answer, service: str, request: Request, secrets: Iterable[str]) -> t.Any:
    """The JSON value of a success. Raises ServiceError for everything else."""
    place = _urls.without_secrets(request.url)
    if 300 <= answer.status < 400:
        raise ServiceError(_redirect(answer, service, place, request), answer.status)
    if answer.status >= 400 or answer.status < 200:
        words = _words(answer, request, secrets)
        may_pass = answer.status == 429 or answer.status >= 500
        sentence = _refusal(answer, service, place, request, words)
        raise ServiceError(sentence, answer.status, words, code=_code(answer), may_pass=may_pass)
    if not request.has_answer:
        return None
    if answer.body is None:
        raise ServiceError(f"{service} sent more than 1 MiB from {place}. Check {request.url_option}.")
    if not answer.body.strip():
        raise ServiceError(f"{service} sent an empty answer from {place}. Check {request.url_option}.")
    if _is_html(answer):
        raise ServiceError(
            f"{service} sent an HTML page instead of JSON from {place}. "
            f"Check {request.url_option}: it seems to be the address of a web site, not of the API."
        )
    try:
        return json.loads(answer.body)
    except (ValueError, RecursionError):
        pass
    raise ServiceError(f"{service} sent something that is not JSON from {place}. Check {request.url_option}.")


def _is_html(answer: Answer) -> bool:
    start = (answer.body or b"").lstrip()[:15].lower()
    return "html" in answer.headers.get("content-type", "").lower() or start.startswith((b"<!doctype", b"<html"))


def _object(answer: Answer) -> Mapping[str, t.Any]:
    """The JSON object in the body; empty for anything else."""
    try:
        body = json.loads(answer.body or b"")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _code(answer: Answer) -> str:
    code = _object(answer).get("error")
    return code if isinstance(code, str) else ""


def _words(answer: Answer, request: Request, secrets: Iterable[str]) -> str:
    """The service's own words, from its error fields only; empty when it has none."""
    body = _object(answer)
    values = [body.get(name) for name in request.error_fields]
    if request.has_lists:
        values = [text for value in values for text in (value if isinstance(value, list) else [value])]
    # Masked before anything else: a secret that is cut or whose blanks are changed would not be found.
    found = [_masking.mask(value, secrets) for value in values if isinstance(value, str)]
    plain = [" ".join("".join(char if char.isprintable() else " " for char in text).split()) for text in found]
    return ": ".join(dict.fromkeys(filter(None, plain)))[:_LONGEST_WORDS]


def _redirect(answer: Answer, service: str, place: str, request: Request) -> str:
    try:
        host = urlsplit(urljoin(request.url, answer.headers.get("location", ""))).hostname
    except ValueError:
        host = None
    where = f" to {host}" if host else ""
    return (
        f"{service} redirects {place}{where} (status {answer.status}). A redirect is not followed, so that no "
        f"secret goes with it. Set {request.url_option} to the final address."
    )


def _refusal(answer: Answer, service: str, place: str, request: Request, words: str) -> str:
    said = f" and said: {words.rstrip('.')}" if words else ""
    return f"{service} answered {place} with status {answer.status}{said}. {_remedy(answer, request)}"


def _remedy(answer: Answer, request: Request) -> str:
    if answer.status in (400, 401, 422):
        return f"Check {request.refused}."
    if answer.status == 403:
        return f"Check {request.forbidden}."
    if answer.status in (404, 405):
        return f"Check {request.url_option}: the address is not known there, or the credential was deleted."
    if answer.status == 429:
        wait = answer.retry_after(time.time())
        until = "a while" if wait is None else f"{int(wait) + 1} seconds"
        return f"Too many requests were made with this credential. Wait {until}, or ask for a larger quota."
    if answer.status >= 500:
        return f"The service is failing. Try again later, or check {request.url_option}."
    return f"Check {request.url_option}."
