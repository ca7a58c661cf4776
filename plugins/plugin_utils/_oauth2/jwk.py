# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys as JSON: JWK and JWKS (RFC 7517). Private to this collection."""

from __future__ import annotations

import base64
import typing as t
from collections.abc import Callable, Mapping

from .._errors import CredentialError

PUBLIC = "holds a public key. Give the private key that belongs to it."
OTHER_KIND = (
    "holds a key of a kind that signs no assertion. Give an RSA key, an EC key on P-256, P-384 or P-521, or an Ed25519 "
    "key."
)
# Characters of a number: OpenSSL takes no modulus of more than 16384 bits.
_LONGEST = 2736


def selected(document: Mapping[str, t.Any], where: str, kid: str | None) -> Mapping[str, t.Any]:
    """The private key that is meant: the only one, or the one of the kid. Raises CredentialError.

    :param document: a JWK or a JWKS.
    """
    keys: list[t.Any] = [document] if "kty" in document else document["keys"]
    if not keys:
        raise CredentialError(f"{where} holds a JWKS without a key. Give the private key.")
    if not all(isinstance(each, Mapping) for each in keys):
        raise CredentialError(f"{where} holds a JWKS in which not every key is a JWK. Correct it, or give one JWK.")
    if not all(isinstance(each.get("kid") or "", str) for each in keys):
        raise CredentialError(f"{where} holds a JWK whose kid is no text. Put it in quotes.")
    # A key without a kid may have any.
    named = [each for each in keys if not kid or (each.get("kid") or kid) == kid]
    named = [each for each in named if each.get("kid") == kid] or named
    if not named:
        raise CredentialError(f"{where} holds no key whose kid is the one in private_key_id. Correct one of the two.")
    private = [each for each in named if each.get("d") or each.get("kty") == "oct"]
    if not private:
        raise CredentialError(f"{where} {PUBLIC}")
    found: list[Mapping[str, t.Any]] = [each for each in private if each.get("use") != "enc"]
    if not found:
        raise CredentialError(f"{where} holds a key for encryption only (use: enc). Give one for signatures.")
    if len(found) == 1:
        return found[0]
    if kid:
        raise CredentialError(
            f"{where} holds more than one private key with the kid in private_key_id. Leave only one of them in it."
        )
    raise CredentialError(f"{where} holds more than one private key. Set private_key_id to the kid of one.")


def key_of(jwk: Mapping[str, t.Any], where: str) -> t.Any:
    """The private key as an object of cryptography. Raises CredentialError."""
    from cryptography.exceptions import UnsupportedAlgorithm

    key: t.Any = None
    is_whole = True
    try:
        if make := _MAKERS.get(str(jwk["kty"])):
            key = make(jwk)
    except UnsupportedAlgorithm:
        pass
    except (LookupError, ValueError, TypeError, ArithmeticError):
        is_whole = False
    if not is_whole:
        raise CredentialError(f"{where} holds a JWK that is damaged or lacks a part. Copy it again, whole.")
    if key is None:
        raise CredentialError(f"{where} {OTHER_KIND}")
    return key


def _rsa(jwk: Mapping[str, t.Any]) -> t.Any:
    """RFC 7518 section 6.3."""
    from cryptography.hazmat.primitives.asymmetric import rsa

    n, e, d = (_number(jwk[name]) for name in ("n", "e", "d"))
    if e < 3 or d < 3:
        # Of 1 and 1 no primes are found, without an end.
        raise ValueError
    if "p" in jwk:
        p, q, dp, dq, qi = (_number(jwk[name]) for name in ("p", "q", "dp", "dq", "qi"))
    else:
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
        dp, dq, qi = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, dp, dq, qi, rsa.RSAPublicNumbers(e, n)).private_key()


def _ec(jwk: Mapping[str, t.Any]) -> t.Any:
    """RFC 7518 section 6.2; None for another curve."""
    from cryptography.hazmat.primitives.asymmetric import ec

    curves: dict[object, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
    if (name := str(jwk["crv"])) not in curves:
        return None
    x, y, d = (_number(jwk[part]) for part in ("x", "y", "d"))
    return ec.EllipticCurvePrivateNumbers(d, ec.EllipticCurvePublicNumbers(x, y, curves[name])).private_key()


def _okp(jwk: Mapping[str, t.Any]) -> t.Any:
    """RFC 8037 section 2; None for another curve."""
    from cryptography.hazmat.primitives.asymmetric import ed448, ed25519
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    kinds: dict[str, t.Any] = {"Ed25519": ed25519.Ed25519PrivateKey, "Ed448": ed448.Ed448PrivateKey}
    if (name := str(jwk["crv"])) not in kinds:
        return None
    key = kinds[name].from_private_bytes(_content(jwk["d"]))
    if key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) != _content(jwk["x"]):
        raise ValueError
    return key


def _content(text: object) -> bytes:
    """What base64url says (RFC 7515 section 2). Raises ValueError."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise ValueError
    plain = text.translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)


def _number(text: object) -> int:
    return int.from_bytes(_content(text), "big")


_MAKERS: Mapping[str, Callable[[Mapping[str, t.Any]], t.Any]] = {"RSA": _rsa, "EC": _ec, "OKP": _okp}
