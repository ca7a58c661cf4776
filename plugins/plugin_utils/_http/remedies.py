# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What to do about a refusal, as far as any service means the same by it. Private to this collection."""

from __future__ import annotations

import math
import time

from .. import _token
from .request import Refusal, Request


def certain(request: Request, refusal: Refusal) -> str:
    """What to do where the cause is the same for every service; empty for any other refusal."""
    option = request.url_option
    status = refusal.status
    if status == 429:
        wait = f"wait {_until(refusal)}" if refusal.wait is not None else "wait a while"
        return f"Too many requests were made with this credential: {wait}, or ask for a larger quota."
    if refusal.wants_tls:
        return f"Begin {option} with https://: TLS is spoken there."
    if refusal.is_page and status in (401, 403, 503):
        return (
            "Something that stands before the service answered in its place, such as a web filter, an access portal or "
            f"a proxy: let this controller through there, or check {option}."
        )
    return ""


def cause(refusal: Refusal) -> str:
    """The code of what any service means by it; empty for any other refusal."""
    if refusal.status == 429:
        return "quota"
    if refusal.status >= 500:
        return "service_failing"
    if refusal.status in (401, 403) and (refusal.is_page or not refusal.has_words):
        return "answered_by_another"
    return ""


def by_status(request: Request, refusal: Refusal) -> str:
    """What the status alone says."""
    option = request.url_option
    status = refusal.status
    if status in (404, 405):
        return f"Check {option}: the address is not known there (status {status})."
    if status >= 500:
        later = f"in {_until(refusal)}" if refusal.wait is not None else "later"
        return f"The service is failing. Try again {later}, or check {option}."
    if status in (200, 400, 401, 422):
        return f"Check {request.refused}."
    return f"Check {request.forbidden if status == 403 else option}."


def _until(refusal: Refusal) -> str:
    wait = refusal.wait or 0.0
    end = (time.time() if refusal.date is None else refusal.date) + wait
    return f"{math.ceil(wait)} seconds, until {_token.timestamp(end)}"
