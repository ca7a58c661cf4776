# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sandbox knows: what it was asked, what it granted, who may log in, what it shall do wrong."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from .accounts import Accounts
from .builtin import built_in
from .faults import Faults

PROVIDERS = ("netfoundry", "netography", "netbird", "oauth2")


@dataclass(frozen=True)
class Recorded:
    """One request. Header names are in lower case; of a repeated query key the first value is kept."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: str


class Traffic:
    """What a server was asked, and what it shall do wrong."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: list[Recorded] = []
        self.faults = Faults()

    def reset(self) -> None:
        with self._lock:
            self._requests.clear()
        self.faults.reset()

    @property
    def requests(self) -> list[Recorded]:
        with self._lock:
            return list(self._requests)

    @property
    def counts(self) -> dict[str, int]:
        """`POST /oauth/token` → how often."""
        return dict(Counter(f"{one.method} {one.path}" for one in self.requests))

    def record(self, request: Recorded) -> None:
        with self._lock:
            self._requests.append(request)


class State(Traffic):
    def __init__(self) -> None:
        super().__init__()
        self._grants: Counter[str] = Counter()
        self._used_ids: set[tuple[str, str]] = set()
        self.accounts = Accounts()
        self.reset()

    def reset(self) -> None:
        """Forget all but the tokens that were issued: those live on until they expire."""
        super().reset()
        with self._lock:
            self._grants.clear()
            self._used_ids.clear()
        self.accounts.reset(built_in())

    @property
    def grants(self) -> dict[str, int]:
        """Provider → access tokens issued."""
        with self._lock:
            return {provider: self._grants[provider] for provider in PROVIDERS}

    def count_grant(self, provider: str) -> None:
        with self._lock:
            self._grants[provider] += 1

    def first_use(self, owner: str, token_id: str) -> bool:
        """Whether this owner shows this `jti` for the first time; it is used up by asking."""
        with self._lock:
            fresh = (owner, token_id) not in self._used_ids
            self._used_ids.add((owner, token_id))
            return fresh
