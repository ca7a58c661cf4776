# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Grants and token managers for tests of caches: tokens whose age and life a test chooses, and what is said of them."""

from __future__ import annotations

import time
import types
import typing as t
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.base import Provider
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import cache as _cache
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import (
    files,
    locks,
    manager,
    refresh_tokens,
    refresher,
)
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.backend import Backend, Fallback
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import TokenCache, TokenSpec
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cipher import EntryCipher
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called

SECRET = "the-permanent-secret"
IDENTITY = {"client_id": "the-client-id"}
DOWN = ServiceError("The service is down.", 503, may_pass=True)
REFUSED = ServiceError("The service refuses.", 400)


class Ear(RecordedDisplay):
    """Keeps what would go to the screen: ``warnings``, ``remarks`` at -v, and ``details`` at -vvv."""

    def __init__(self) -> None:
        super().__init__()
        self.details: list[str] = []

    def vvv(self, msg: str) -> None:
        self.details.append(msg)

    @property
    def concerns(self) -> list[str]:
        """The warnings without those of a clock that a test has set ahead of the server's."""
        return [warning for warning in self.warnings if not warning.startswith("The clock of this controller")]

    @property
    def all(self) -> list[str]:
        return [*self.warnings, *self.remarks, *self.details]


@dataclass
class Mint:
    """Grants tokens as it is set at that moment.

    :param age: seconds since a token was issued when it is handed out.
    :param life: its whole life in seconds; None for one that nobody knows.
    :param refresh: whether a refresh token comes with it, and how many seconds that lives.
    :param fault: what the permanent grant raises.
    :param refresh_fault: what the grant by a refresh token raises.
    :param asked: what was shown at each request: ``permanent`` or the refresh token.
    """

    age: float = 0
    life: float | None = 3600
    refresh: float | None = None
    fault: Exception | None = None
    refresh_fault: Exception | None = None
    asked: list[str] = field(default_factory=list)

    def grant(self, clock: Callable[[], float]) -> _token.TokenResponse:
        self.asked.append("permanent")
        if self.fault is not None:
            raise self.fault
        return self._response(clock())

    def renew(self, clock: Callable[[], float], refresh_token: str) -> _token.TokenResponse:
        self.asked.append(refresh_token)
        if self.refresh_fault is not None:
            raise self.refresh_fault
        return self._response(clock())

    def again(self) -> None:
        """Nobody replaces its secret."""

    def _response(self, now: float) -> _token.TokenResponse:
        token = self._token(now)
        return _token.TokenResponse(token, refresh_token=token.refresh_token)

    def _token(self, now: float) -> _token.Token:
        number = len(self.asked)
        issued_at = now - self.age
        return _token.Token(
            f"the-token-{number}",
            "Bearer",
            issued_at,
            None if self.life is None else issued_at + self.life,
            refresh_token=None if self.refresh is None else f"the-refresh-token-{number}",
            refresh_until=None if self.refresh is None else issued_at + self.refresh,
        )


def spec_of(mint: Mint, secret: str = SECRET) -> TokenSpec:
    return TokenSpec(
        label="Service method",
        issuer_host="login.example.com",
        secret=secret,
        identity=IDENTITY,
        source=mint,
    )


def manager_of(ear: Ear, *caches: Backend, min_validity: float = 60, patience: float = 30) -> TokenManager:
    """A token manager as a session makes one: of two caches, the second is the run's and stands in for the first."""
    fallback = t.cast(Fallback, caches[-1]) if len(caches) > 1 else None
    return TokenManager(TokenCache(ear, caches, fallback, min_validity), patience)


def sources_of(manager: TokenManager, spec: TokenSpec, times: int = 2) -> list[str]:
    """Where the token came from, each time."""
    return [manager.token(spec).source for _time in range(times)]


def name_in(cache: Backend, spec: TokenSpec) -> str:
    """The name of its entry there."""
    return EntryCipher(spec.secret, spec.identity, cache.salt()).name


def user_directory(path: Path) -> Directory:
    return Directory(path, "user")


def run_cache(path: Path) -> Directory:
    return Directory(path, "run")


def clock_at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let the token manager's clock go that many seconds before or behind the real one, without waiting."""
    clock = types.SimpleNamespace(time=lambda: time.time() + seconds)
    for module in (manager, refresher, refresh_tokens, _cache):
        monkeypatch.setattr(module, "time", clock)


def clock_stopped(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """Let it be that moment for the token manager, and for the age of files."""
    clock = types.SimpleNamespace(time=lambda: seconds, monotonic=time.monotonic, sleep=time.sleep)
    for module in (manager, files, locks, refresher, _cache):
        monkeypatch.setattr(module, "time", clock)


def new_run(folder: Path, name: str) -> Path:
    """The directory for temporary files of one more run of Ansible."""
    directory = folder / name
    directory.mkdir(mode=0o700)
    return directory


def result_of(provider: Provider, run: Path, ear: Ear, **options: t.Any) -> dict[str, t.Any]:
    """The result of a call that belongs to the run."""
    return call_of(provider, run, ear, **options).result()


def call_of(provider: Provider, run: Path, ear: Ear, **options: t.Any) -> Session:
    """A call whose requests are made once."""
    return called(provider, run, ear, **{"retries": 0, "timeout": 5, **options})
