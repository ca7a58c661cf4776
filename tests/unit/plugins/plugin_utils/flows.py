# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One flow of a service: what is given, what the service must be sent, and what comes out of it."""

from __future__ import annotations

import json
import typing as t
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Provider
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Run, Session, begin
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible

WAYS = ("task", "lookup")
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Sent:
    """What counts of a request: the body's fields all, the headers those that say who asks."""

    method: str
    path: str
    content_type: str | None = None
    body: Mapping[str, t.Any] = field(default_factory=dict)
    authorization: str | None = None


@dataclass(frozen=True)
class Flow:
    """In ``options`` and in what is expected ``{url}`` stands for the sandbox.

    :param sent: the requests that the grant makes; none for a credential that is ready.
    :param read: a path of the API that the token opens.
    :param headers: in them ``{token}`` stands for the access token.
    """

    name: str
    provider: str
    method: str
    options: Mapping[str, str]
    sent: tuple[Sent, ...] = ()
    read: str = ""
    token_type: str = "Bearer"
    headers: Mapping[str, str] = field(default_factory=lambda: {"Authorization": "Bearer {token}"})
    api_url: str = "{url}"

    def __str__(self) -> str:
        return self.name

    def obtain(self, way: str, ansible: Ansible, url: str, **more: t.Any) -> dict[str, t.Any]:
        """The result by task or by lookup."""
        options = {name: value.replace("{url}", url) for name, value in self.options.items()}
        ask = ansible.task_result if way == "task" else ansible.lookup_result
        return ask(self.provider, **options, **more)

    def expected(self, token: str, url: str) -> dict[str, t.Any]:
        """What the result says whatever the service answered."""
        return {
            "access_token": token,
            "token_type": self.token_type,
            "headers": {name: value.replace("{token}", token) for name, value in self.headers.items()},
            "api_url": self.api_url.replace("{url}", url),
            "provider": self.provider,
            "method": self.method,
            "source": "issued" if self.sent else "given",
            "identity": None,
        }


def what_was_sent(sandbox: Sandbox) -> tuple[Sent, ...]:
    """All requests so far, with their bodies read as their content type says."""
    return tuple(
        Sent(
            one.method,
            one.path,
            one.headers.get("content-type"),
            _fields(one.headers.get("content-type"), one.body),
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
