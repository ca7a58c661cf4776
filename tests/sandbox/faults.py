# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Faults: what the sandbox was told to do wrong, and to which answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from flask import Response, g


@dataclass(frozen=True)
class Fault:
    """One fault. `status`, `body` and `redirect` stand in for the service, which is then not asked."""

    path: str
    """Exact path, or `*` for every path."""
    method: str | None = None
    bearer: str | None = None
    """Only requests that carry this token."""
    times: int | None = None
    """How many requests it hits; None: all until the reset. Faults of one path wear off in their order."""
    delay: int | float = 0
    """Seconds before anything else happens."""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    content_type: str | None = None
    cut: bool = False
    """Announce the whole body, send half of it, close."""
    redirect: str | None = None
    big: int = 0
    """Pad the answer to more than this many bytes; it stays valid, and its length is not announced."""
    life: int = 3600
    """Seconds that a token granted under this fault lives."""
    merge: Mapping[str, object] = field(default_factory=dict)
    drop: Sequence[str] = ()
    raw: Mapping[str, str] = field(default_factory=dict)
    """Literal JSON text for a key, such as `NaN`."""
    opaque: bool = False
    """The access token is no JWT."""

    @property
    def replaces(self) -> bool:
        return self.status is not None or self.body is not None or self.redirect is not None

    def stand_in(self) -> Response:
        """The answer without asking the service. JSON unless `content_type` says otherwise."""
        status = self.status or (302 if self.redirect else 200)
        response = Response(self.body or "", status=status, content_type="application/json")
        if self.redirect:
            response.headers["Location"] = self.redirect
        return response

    def spoil(self, response: Response) -> Response:
        """Change an answer, the service's or the stand-in, as the fault says."""
        if self.merge or self.drop or self.raw:
            response.set_data(self._rewritten(response))
        if self.content_type is not None:
            response.headers["Content-Type"] = self.content_type
        for name, value in self.headers.items():
            response.headers[name] = value
        if self.big:
            padded = _padded(response.get_data(), self.big)
            # Not a list: of that the length would be announced.
            response.response = iter([padded])
            response.headers.pop("Content-Length", None)
        elif self.cut:
            whole = response.get_data()
            response.set_data(whole[: len(whole) // 2])
            response.headers["Content-Length"] = str(len(whole) + 1)
        return response

    def _rewritten(self, response: Response) -> str:
        answer = response.get_json(silent=True)
        merged = {**(answer if isinstance(answer, dict) else {}), **self.merge}
        texts = {name: json.dumps(value) for name, value in merged.items() if name not in self.drop}
        texts.update(self.raw)
        return "{" + ", ".join(f"{json.dumps(name)}: {text}" for name, text in texts.items()) + "}"


def _padded(body: bytes, size: int) -> bytes:
    """An object keeps its keys and gets one more, so that a client without a limit would succeed."""
    if body.rstrip().endswith(b"}"):
        return body.rstrip()[:-1] + b', "padding": "' + b"x" * size + b'"}'
    return body + b" " * size


NONE = Fault("*")


def current() -> Fault:
    """The fault that the request in hand runs under; one that changes nothing if there is none."""
    fault: Fault = g.get("fault", NONE)
    return fault


class Faults:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, path: str, authorization: str = "") -> Fault:
        """The first fault that fits, or one that changes nothing; one that is counted is used up by one."""
        with self._lock:
            for index, fault in enumerate(self._faults):
                if fault.path not in (path, "*") or (fault.method or method).upper() != method:
                    continue
                if fault.bearer is not None and authorization != f"Bearer {fault.bearer}":
                    continue
                if fault.times is not None:
                    left = fault.times - 1
                    self._faults[index : index + 1] = [replace(fault, times=left)] if left > 0 else []
                return fault
        return NONE
