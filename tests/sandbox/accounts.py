# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Who may log in: one frozen type per kind of account, the built-in ones, and the store.

Every type's first field is the key by which a service finds the account.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, TypeVar

from .fit import fit

BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RAPIDAPI_HOST = "netfoundryapi.p.rapidapi.com"
NUMBERS = range(1, 10)


@dataclass(frozen=True)
class NetFoundryClient:
    """An OAuth client, good for Auth0, Cognito and Frontdoor. `self_path`: the who-am-I that answers it.

    With a `public_key` (PEM), Auth0 takes an assertion too.
    """

    client_id: str
    client_secret: str
    self_path: str = "identities"
    public_key: str | None = None


@dataclass(frozen=True)
class NetFoundryApiAccount:
    """A Frontdoor API account, sent in a Basic header."""

    account_id: str
    account_token: str
    self_path: str = "api-account-identities"


@dataclass(frozen=True)
class NetFoundryRapidApi:
    rapidapi_key: str
    rapidapi_host: str = RAPIDAPI_HOST
    self_path: str = "identities"


@dataclass(frozen=True)
class NetographyKey:
    """An API key of a parent account, which also reaches its sub-accounts."""

    appkey: str
    appname: str
    sharedsecret: str
    shortname: str
    sub_accounts: tuple[str, ...] = ()


@dataclass(frozen=True)
class NetographyUser:
    username: str
    password: str
    shortname: str


@dataclass(frozen=True)
class NetographyRefresh:
    """A refresh token. `rotates`: it dies when it is used."""

    refresh_token: str
    subject: str
    shortname: str
    rotates: bool = False


@dataclass(frozen=True)
class NetBirdUser:
    """The owner of a personal access token.

    `condition` is one of active, expired, deleted (those two: the token's), blocked, pending, limited.
    """

    pat: str
    user_id: str
    condition: str = "active"
    is_service_user: bool = False
    role: str = "admin"


@dataclass(frozen=True)
class NetBirdBearer:
    """A bearer token from elsewhere (another identity provider) that NetBird is told to take."""

    token: str
    user_id: str


@dataclass(frozen=True)
class IdpClient:
    """A client of the OpenID provider.

    `request` is how it must show its secret: form_basic, form_post, json or client_secret_jwt; without a secret it is
    public. With a `public_key` (PEM) it may also show an assertion, which the `issuer` made where there is one.
    `audience`, `scope` and `resource` are demanded where they are set. `token_field` is the token that NetBird takes,
    and `provider` the service that its tokens are for.
    """

    client_id: str
    client_secret: str | None
    user_id: str
    request: str = "form_basic"
    audience: str | None = None
    scope: str | None = None
    token_field: str = "access_token"
    rotates: bool = True
    provider: str = "netbird"
    public_key: str | None = None
    issuer: str | None = None
    resource: str | None = None


@dataclass(frozen=True)
class IdpRefresh:
    refresh_token: str
    client_id: str


@dataclass(frozen=True)
class IdpUser:
    """A person, or a service account that has a password."""

    username: str
    password: str
    user_id: str


@dataclass(frozen=True)
class IdpSubject:
    """A token of another provider that may be exchanged, of a type as RFC 8693 section 3 names it."""

    subject_token: str
    user_id: str
    subject_token_type: str = "urn:ietf:params:oauth:token-type:access_token"


Account = (
    NetFoundryClient
    | NetFoundryApiAccount
    | NetFoundryRapidApi
    | NetographyKey
    | NetographyUser
    | NetographyRefresh
    | NetBirdUser
    | NetBirdBearer
    | IdpClient
    | IdpRefresh
    | IdpSubject
    | IdpUser
)
A = TypeVar("A", bound=Account)

KINDS: Mapping[str, Callable[..., Account]] = MappingProxyType(
    {
        "idp_client": IdpClient,
        "idp_refresh": IdpRefresh,
        "idp_subject": IdpSubject,
        "idp_user": IdpUser,
        "netbird_bearer": NetBirdBearer,
        "netbird_user": NetBirdUser,
        "netfoundry_api_account": NetFoundryApiAccount,
        "netfoundry_client": NetFoundryClient,
        "netfoundry_rapidapi": NetFoundryRapidApi,
        "netography_key": NetographyKey,
        "netography_refresh": NetographyRefresh,
        "netography_user": NetographyUser,
    }
)


def account_from(kind: str, values: Mapping[str, Any]) -> Account:
    """Build an account from what came over the control API; ValueError says what does not fit."""
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(sorted(KINDS))}")
    return fit(KINDS[kind], values)


def checksum(text: str) -> str:
    """The six characters that end a PAT: CRC32 in base62, left-padded."""
    number = zlib.crc32(text.encode())
    digits = ""
    while number:
        number, digit = divmod(number, len(BASE62))
        digits = BASE62[digit] + digits
    return digits.rjust(6, "0")


def make_pat(label: str) -> str:
    """A well-formed PAT whose 30 characters begin with `label`, made of letters and digits."""
    body = label.ljust(30, "0")
    return f"nbp_{body}{checksum(body)}"


def key_of(account: Account) -> str:
    return str(getattr(account, fields(account)[0].name))


class Accounts:
    """The store. Refresh tokens are accounts too: issuing one adds it, using up one removes it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[tuple[type[object], str], Account] = {}

    def reset(self, built_in: tuple[Account, ...]) -> None:
        with self._lock:
            self._all = {(type(account), key_of(account)): account for account in built_in}

    def add(self, account: Account) -> None:
        with self._lock:
            self._all[type(account), key_of(account)] = account

    def find(self, kind: type[A], key: str) -> A | None:
        with self._lock:
            account = self._all.get((kind, key))
        return account if isinstance(account, kind) else None

    def take(self, kind: type[A], key: str) -> A | None:
        """Find and remove in one step: of two uses of a rotating refresh token one wins."""
        with self._lock:
            account = self._all.pop((kind, key), None)
        return account if isinstance(account, kind) else None

    def all(self, kind: type[A]) -> list[A]:
        with self._lock:
            return [account for account in self._all.values() if isinstance(account, kind)]
