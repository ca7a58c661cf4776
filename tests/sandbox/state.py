# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the sandbox knows: its services, what it was asked and granted, who may log in, what it shall do wrong."""

from __future__ import annotations

import secrets
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

import jwt
from flask import Blueprint, current_app

from . import faults, services

A = TypeVar("A")
# Signs all tokens that the sandbox issues. No secret: nobody but the sandbox takes them.
SIGNING_KEY = "sandbox-signing-key-0123456789-abcdef"


@dataclass(frozen=True)
class Service:
    """What a file of `services/` brings as `SERVICE`.

    :param provider: the name under which its grants are counted.
    :param accounts: makes those that are there from the start; the first field of each is its key.
    :param exports: the environment with which the plugins use it, by the address of the sandbox.
    :param witness: called before a fault answers a request, whichever service is asked.
    """

    provider: str
    routes: Blueprint
    accounts: Callable[[], Iterable[object]]
    exports: Callable[[str], dict[str, str]] = lambda _url: {}
    witness: Callable[[], None] = lambda: None


def found() -> list[Service]:
    """What the files of `services/` bring, in the order of their names."""
    names = sorted(path.stem for path in Path(services.__file__).parent.glob("[!_]*.py"))
    return [import_module(f"{services.__name__}.{name}").SERVICE for name in names]


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
        self.reset()

    def reset(self) -> None:
        self.requests: list[Recorded] = []
        self.faults = faults.Faults()

    @property
    def counts(self) -> dict[str, int]:
        """`POST /oauth/token` → how often."""
        return dict(Counter(f"{one.method} {one.path}" for one in self.requests))


class Store:
    """Dataclasses by their type and their first field: accounts, and whatever else a service keeps until the reset."""

    def __init__(self, accounts: Iterable[object] = ()) -> None:
        self._lock = threading.Lock()
        self._all: dict[tuple[type[object], str], object] = {}
        for account in accounts:
            self.add(account)

    def copy(self) -> Store:
        store = Store()
        store._all |= self._all
        return store

    def add(self, one: Any) -> bool:
        """Keep it, in place of the one with the same key; whether there was none."""
        key = (type(one), str(getattr(one, fields(one)[0].name)))
        with self._lock:
            is_new = key not in self._all
            self._all[key] = one
        return is_new

    def find(self, kind: type[A], key: str) -> A | None:
        found = self._all.get((kind, key))
        return found if isinstance(found, kind) else None

    def login(self, kind: type[A], key: str, secret: str, refusal: Exception) -> A:
        """The account, if its second field is the secret; else the refusal is raised."""
        account = self.find(kind, key)
        if account is None or (list(vars(account).values())[1] or "") != secret:
            raise refusal
        return account

    def take(self, kind: type[A], key: str) -> A | None:
        """Find and remove in one step: of two uses of a rotating refresh token one wins."""
        with self._lock:
            found = self._all.pop((kind, key), None)
        return found if isinstance(found, kind) else None

    def all(self, kind: type[A]) -> list[A]:
        with self._lock:
            return [one for one in self._all.values() if isinstance(one, kind)]


@dataclass(frozen=True)
class Live:
    """A token that was issued: its owner (the key of an account), and what it is good for."""

    token: str
    provider: str
    owner: str
    area: str
    expires_at: float


class State(Traffic):
    def __init__(self) -> None:
        self.services = found()
        self.tokens = Store()
        # None of them changes.
        self._accounts = Store(account for service in self.services for account in service.accounts())
        super().__init__()

    def reset(self) -> None:
        """Forget all but the tokens that were issued: those live on until they expire."""
        super().reset()
        self._granted: list[str] = []
        self.store = self._accounts.copy()

    @property
    def grants(self) -> dict[str, int]:
        """Provider → access tokens issued."""
        return {service.provider: self._granted.count(service.provider) for service in self.services}

    def grant(self, provider: str, owner: str, area: str, claims: Mapping[str, object]) -> dict[str, object]:
        """Issue an access token, and count the grant. A fault may set its life, or make it opaque."""
        life = faults.current().life
        token = secrets.token_urlsafe(32) if faults.current().opaque else sign(claims, life)
        self.tokens.add(Live(token, provider, owner, area, time.time() + life))
        self._granted.append(provider)
        return {"access_token": token, "expires_in": life, "token_type": "Bearer"}

    def live(self, provider: str, token: str | None) -> Live | None:
        """The token's facts while it lives, and only for the provider that it was issued for."""
        live = self.tokens.find(Live, token or "")
        return live if live and live.provider == provider and live.expires_at > time.time() else None


def sign(claims: Mapping[str, object], life: int) -> str:
    """A JWT (HS256) that differs from every other by its `jti`."""
    start = int(time.time())
    standard: dict[str, object] = {"iat": start, "exp": start + life, "jti": uuid.uuid4().hex}
    return jwt.encode({**claims, **standard}, SIGNING_KEY, algorithm="HS256")


def state() -> State:
    """Of the sandbox that answers the request in hand."""
    found: State = current_app.extensions["sandbox"]
    return found
