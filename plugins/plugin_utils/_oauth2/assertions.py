# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Assertions that are made here (RFC 7521, RFC 7523), for the client and for the grant. Private to this collection."""

from __future__ import annotations

import json
import typing as t
import uuid
import warnings
from collections.abc import Iterable, Mapping

from .._errors import CredentialError, MissingLibraryError, WrongLibraryError, where_it_is
from .._token import Clock
from .._value import Value
from .keys import SigningKey

# Seconds. Providers take what is a minute old and lives for five (Keycloak, Auth0), and little from the future.
_AGE = 20
_LIFE = 150
# What nobody else may say: the audience has an option of its own, and the others belong to one request.
_CLAIMS = ("aud", "exp", "iat", "jti")
# They change how the whole is read (RFC 7515 section 4.1.11, RFC 7797 section 7).
_HEADERS = ("b64", "crit")


class Assertion(Value):
    """What is said and signed. Raises CredentialError as it is made, for what cannot be laid over.

    :param subject: None leaves it out, as Google wants it of a grant.
    :param claims: laid over those of the collection; None leaves one out.
    :param headers: likewise.
    :param claims_option: with its source, for sentences, as the next one.
    """

    key: SigningKey
    issuer: str
    subject: str | None
    audience: str
    claims: Mapping[str, t.Any] = {}
    headers: Mapping[str, t.Any] = {}
    claims_option: str = "assertion_claims"
    headers_option: str = "assertion_headers"

    def __init__(self, *values: t.Any, **named: t.Any) -> None:
        super().__init__(*values, **named)
        _check(self.claims, _CLAIMS, ("iss", "sub"), self.claims_option)
        _check(self.headers, _HEADERS, ("alg", "kid", "typ"), self.headers_option)
        if self.key.is_named and "kid" in self.headers:
            raise CredentialError(f"{self.headers_option} has kid, which private_key_id says. Leave one of them out.")
        if self._alg not in self.key.algs:
            raise CredentialError(
                f"{self.headers_option} has an alg that does not go with the key, which signs "
                f"{' or '.join(self.key.algs)}. Correct alg, or leave it out."
            )

    @property
    def _alg(self) -> str:
        return str(self.headers.get("alg") or self.key.alg)

    def signed(self, clock: Clock, difference: float = 0) -> str:
        """The assertion as a JWT of its own, for one request.

        Raises MissingLibraryError without PyJWT, WrongLibraryError where another library is in its place, and
        CredentialError for a secret that PyJWT takes for a public key.

        :param difference: seconds by which the provider's clock is ahead of this one.
        """
        now = int(clock() + difference)
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            **self.claims,
            "aud": self.audience,
            "iat": now - _AGE,
            "exp": now + _LIFE,
            "jti": uuid.uuid4().hex,
        }
        headers = {"typ": "JWT", "kid": self.key.kid, "x5t#S256": self.key.x5t_s256, **self.headers, "alg": self._alg}
        # PyJWT puts a type there, unless it is told of none.
        said = {name: value for name, value in headers.items() if value is not None or name == "typ"}
        return _encoded({name: value for name, value in claims.items() if value is not None}, said, self.key)


def _check(given: Mapping[str, t.Any], taken: Iterable[str], texts: Iterable[str], option: str) -> None:
    """That names and values can be laid over."""
    if names := [name for name in taken if name in given]:
        raise CredentialError(f"{option} has {' and '.join(names)}, which it may not have. Leave that out.")
    if names := [name for name in texts if not isinstance(given.get(name) or "", str)]:
        raise CredentialError(f"{option} has {' and '.join(names)} without a text. Put it in quotes.")
    try:
        json.dumps(dict(given), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        is_json = False
    else:
        is_json = True
    if not is_json:
        raise CredentialError(f"{option} holds a value that JSON does not have, such as a date. Put it in quotes.")


def _encoded(claims: Mapping[str, t.Any], headers: Mapping[str, t.Any], key: SigningKey) -> str:
    try:
        import jwt
    except ImportError:
        raise MissingLibraryError("PyJWT") from None
    if hasattr(jwt, "encode") and hasattr(jwt, "PyJWTError"):
        try:
            with warnings.catch_warnings():
                # PyJWT warns of short secrets, but it is the provider that made this one.
                warnings.simplefilter("ignore")
                return jwt.encode(dict(claims), key.key, algorithm=headers["alg"], headers=dict(headers))
        except (jwt.PyJWTError, ValueError, TypeError, NotImplementedError):
            pass
        raise CredentialError(f"{key.where} cannot sign: it looks like a key of another kind. Copy it again.")
    raise WrongLibraryError(
        "The library jwt on the controller is not PyJWT, which is imported by the same name. "
        f"Run pip uninstall jwt PyJWT, then pip install PyJWT. {where_it_is('PyJWT')}"
    )
