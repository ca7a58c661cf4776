# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assertions of clients at the OpenID provider (RFC 7523 section 3), checked with what is registered of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt

from .accounts import Accounts, IdpClient
from .state import State

# Seconds that an assertion may live at most, and by which clocks may differ.
LONGEST = 3600
SKEW = 15


def claims_of(assertion: str) -> Mapping[str, Any]:
    """What it says, before it is known who signed it; empty for what is no JWT."""
    try:
        found = jwt.decode(assertion, options={"verify_signature": False})
    except jwt.PyJWTError:
        return {}
    return dict(found)


def use_up(state: State, assertion: str) -> bool:
    """Whether its `jti`, where it has one, is there for the first time."""
    claims = claims_of(assertion)
    return "jti" not in claims or state.first_use(str(claims.get("iss")), str(claims["jti"]))


def signer(
    state: State, assertion: str, audiences: tuple[str, ...], refuse: Callable[[str], Exception]
) -> tuple[IdpClient, str]:
    """The client whose key or secret has signed it, and its subject.

    :param audiences: what it may be for.
    :param refuse: makes the error of a sentence.
    """
    client = _named(state.accounts, claims_of(assertion))
    key, algorithm = (client.public_key, "ES256") if client else (None, "")
    if client and client.request == "client_secret_jwt":
        key, algorithm = client.client_secret, "HS256"
    claims = verified(state, assertion, key, algorithm, audiences, refuse)
    if client is None:
        raise refuse("The assertion is of no client")
    return client, str(claims["sub"])


def verified(
    state: State,
    assertion: str,
    key: str | None,
    algorithm: str,
    audiences: tuple[str, ...],
    refuse: Callable[[str], Exception],
) -> Mapping[str, Any]:
    """What it says, where the key has signed it, it is for one of the audiences, and it was not used before."""
    options: Any = {"require": ["iss", "sub", "aud", "exp", "iat"]}
    if key is None:
        raise refuse("The assertion is of no client that may show one")
    try:
        claims = jwt.decode(assertion, key, [algorithm], options=options, audience=audiences, leeway=SKEW)
    except jwt.PyJWTError as error:
        raise refuse(f"The assertion is not taken: {error}") from None
    if not isinstance(claims["aud"], str):
        raise refuse("The audience of an assertion must be one text")
    if claims["exp"] > time.time() + LONGEST + SKEW:
        raise refuse("The assertion's exp is too far in the future")
    if not use_up(state, assertion):
        raise refuse("The assertion's jti was used")
    return dict(claims)


def _named(accounts: Accounts, claims: Mapping[str, Any]) -> IdpClient | None:
    """Who it says that it is of: a client makes its own, unless another issuer does that."""
    issuer, subject = str(claims.get("iss")), str(claims.get("sub"))
    own = accounts.find(IdpClient, issuer)
    if own is not None and own.issuer is None:
        return own
    client = accounts.find(IdpClient, subject)
    return client if client is not None and client.issuer == issuer else None
