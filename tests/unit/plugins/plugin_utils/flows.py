# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What was sent, what came of it, and calls without a plugin."""

from __future__ import annotations

import json
import typing as t
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import parse_qsl

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Provider
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Run, Session, begin
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.providers import JSON, Sent

WAYS = ("task", "lookup")


def what_was_sent(
    sandbox: Sandbox, readable: Callable[[Mapping[str, t.Any]], Mapping[str, t.Any]] = dict
) -> tuple[Sent, ...]:
    """All requests so far, with their bodies read as their content type says."""
    return tuple(
        Sent(
            one.method,
            one.path,
            one.headers.get("content-type"),
            readable(_fields(one.headers.get("content-type"), one.body)),
            one.headers.get("authorization"),
        )
        for one in sandbox.state.requests
    )


def _fields(content_type: str | None, body: str) -> dict[str, t.Any]:
    if content_type == JSON:
        return dict(json.loads(body))
    pairs = parse_qsl(body, keep_blank_values=True, strict_parsing=bool(body))
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def lasting(result: Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The result without where it came from and what its age changes."""
    return {name: value for name, value in result.items() if name not in ("source", "expires_in", "expires_at")}


def status_of(url: str, headers: Mapping[str, str]) -> int:
    """What the API says to the headers, asked by a client that is none of ours."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(urllib.request.Request(url, headers=dict(headers)), timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


class RecordedDisplay:
    """Keeps what would go to the screen."""

    def __init__(self) -> None:
        self.verbosity = 0
        self.warnings: list[str] = []
        self.remarks: list[str] = []

    def warning(self, msg: str) -> None:
        self.warnings.append(msg)

    def v(self, msg: str) -> None:
        self.remarks.append(msg)

    def vvv(self, msg: str) -> None:
        """At -vvv a token from the cache is mentioned; no test depends on it."""


def called(provider: Provider, local_tmp: Path, display: RecordedDisplay, **arguments: t.Any) -> Session:
    """A call with its options resolved and its credential checked, before anything is sent."""
    sources = config.sources(provider, arguments, {}, lambda value: value)
    return begin(provider, config.definitions(provider), sources, Run(local_tmp, display))
