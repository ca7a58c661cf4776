# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assertions (RFC 7523 section 3), checked with the key that is registered of who made them."""

from __future__ import annotations

import functools
import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from .state import state
from .wire import RefusedError, demand

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
# Seconds that an assertion may live at most, and by which clocks may differ.
LONGEST = 3600
SKEW = 15


@dataclass(frozen=True)
class UsedAssertion:
    """The `jti` of an assertion, behind who made it."""

    text: str


@functools.cache
def private_key(client_id: str) -> str:
    """The key of a client that has one, as PEM. It is made of the id, so that none has to be kept."""
    return _key(client_id).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@functools.cache
def public_key(client_id: str) -> str:
    """Its public half."""
    return _key(client_id).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _key(client_id: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(client_id.encode()).digest()[1:], "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def claims_of(assertion: str) -> Mapping[str, Any]:
    """What it says, before it is known who signed it; empty for what is no JWT."""
    try:
        return dict(jwt.decode(assertion, options={"verify_signature": False}))
    except jwt.PyJWTError:
        return {}


def use_up(assertion: str) -> bool:
    """Whether its `jti`, where it has one, is there for the first time."""
    claims = claims_of(assertion)
    return "jti" not in claims or state().store.add(UsedAssertion(f"{claims.get('iss')} {claims['jti']}"))


def verified(
    assertion: str, key: tuple[str | None, str], audiences: tuple[str, ...], refuse: Callable[[str], RefusedError]
) -> Mapping[str, Any]:
    """What it says, where the key has signed it, it is for one of the audiences, and it was not used before.

    :param key: and the algorithm of its signatures.
    """
    options: Any = {"require": ["iss", "sub", "aud", "exp", "iat"]}
    demand(key[0] is not None, refuse("The assertion is of no client that may show one"))
    try:
        claims = jwt.decode(assertion, key[0] or "", [key[1]], options=options, audience=audiences, leeway=SKEW)
    except jwt.PyJWTError as error:
        raise refuse(f"The assertion is not taken: {error}") from None
    demand(isinstance(claims["aud"], str), refuse("The audience of an assertion must be one text"))
    is_short = claims["exp"] <= time.time() + LONGEST + SKEW
    demand(is_short, refuse("The assertion's exp is too far in the future"))
    demand(use_up(assertion), refuse("The assertion's jti was used"))
    return dict(claims)
