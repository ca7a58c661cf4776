# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Assertions that are made here. Signatures are verified by cryptography, and not by the library that made them."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
import sys
import types
import typing as t
import warnings
from collections.abc import Mapping

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import (
    CredentialError,
    MissingLibraryError,
    WrongLibraryError,
)
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import keys
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2.assertions import Assertion

NOW = 1_700_000_000.9
SECRET = "the-secret-of-the-client"
DIGESTS: dict[str, hashes.HashAlgorithm] = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}
RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
PRIVATE: dict[str, t.Any] = {
    **dict.fromkeys(("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"), RSA),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "ES384": ec.generate_private_key(ec.SECP384R1()),
    "ES512": ec.generate_private_key(ec.SECP521R1()),
}


def _read(private: t.Any) -> keys.SigningKey:
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return keys.read(pem.decode(), "private_key")


EC_KEY = _read(PRIVATE["ES256"])
RSA_KEY = _read(RSA)


def _clock() -> float:
    return NOW


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _parts(assertion: str) -> tuple[dict[str, t.Any], dict[str, t.Any], bytes, bytes]:
    """Header, claims, what is signed, and the signature."""
    header, claims, signature = assertion.split(".")
    return json.loads(_bytes(header)), json.loads(_bytes(claims)), f"{header}.{claims}".encode(), _bytes(signature)


def _made(key: keys.SigningKey = EC_KEY, **changes: t.Any) -> Assertion:
    return Assertion(**{"key": key, "issuer": "id", "subject": "id", "audience": "https://idp.example", **changes})


def _header(assertion: Assertion) -> dict[str, t.Any]:
    return _parts(assertion.signed(_clock))[0]


def _claims(assertion: Assertion) -> dict[str, t.Any]:
    return _parts(assertion.signed(_clock))[1]


def _verify(public: t.Any, alg: str, signed: bytes, signature: bytes) -> None:
    """RFC 7518 sections 3.3 to 3.5, RFC 8037 section 3.1. Raises InvalidSignature."""
    if isinstance(public, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        public.verify(signature, signed)
        return
    digest = DIGESTS[alg[2:]]
    if isinstance(public, ec.EllipticCurvePublicKey):
        size = (public.key_size + 7) // 8
        assert len(signature) == 2 * size
        numbers = (int.from_bytes(signature[:size], "big"), int.from_bytes(signature[size:], "big"))
        public.verify(encode_dss_signature(*numbers), signed, ec.ECDSA(digest))
    elif alg.startswith("PS"):
        public.verify(signature, signed, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    else:
        public.verify(signature, signed, padding.PKCS1v15(), digest)


@pytest.mark.parametrize("alg", PRIVATE)
def test_a_signature_is_that_of_the_key_and_the_algorithm(alg: str) -> None:
    private = PRIVATE[alg]
    key = RSA_KEY if private is RSA else _read(private)

    header, _claims, signed, signature = _parts(_made(key._replace(alg=alg)).signed(_clock))

    assert header == {"alg": alg, "typ": "JWT"}
    _verify(private.public_key(), alg, signed, signature)
    with pytest.raises(InvalidSignature):
        _verify(private.public_key(), alg, signed + b"a", signature)


@pytest.mark.parametrize("private", [ed25519.Ed25519PrivateKey.generate(), ed448.Ed448PrivateKey.generate()])
def test_edwards_curves_sign_too(private: t.Any) -> None:
    header, _claims, signed, signature = _parts(_made(_read(private)).signed(_clock))

    assert header == {"alg": "EdDSA", "typ": "JWT"}
    _verify(private.public_key(), "EdDSA", signed, signature)


@pytest.mark.parametrize("secret", [SECRET, "short", "Schlüssel", "a b\n"])
def test_a_secret_signs_as_it_stands_and_warns_of_nothing(secret: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        header, _claims, signed, signature = _parts(_made(keys.of_secret(secret, "client_secret")).signed(_clock))

    assert header == {"alg": "HS256", "typ": "JWT"}
    assert signature == hmac.new(secret.encode(), signed, hashlib.sha256).digest()


def test_the_claims_are_those_of_rfc_7523() -> None:
    claims = _claims(_made())

    assert len(claims.pop("jti")) == 32
    assert claims == {
        "iss": "id",
        "sub": "id",
        "aud": "https://idp.example",
        "iat": 1_700_000_000 - 20,
        "exp": 1_700_000_000 + 150,
    }


def test_each_one_has_an_id_and_times_of_its_own() -> None:
    times = iter((NOW, NOW + 7))
    assertion = _made()

    first, second = (_parts(assertion.signed(lambda: next(times)))[1] for _each in range(2))

    assert first["jti"] != second["jti"]
    assert (second["iat"] - first["iat"], second["exp"] - first["exp"]) == (7, 7)


@pytest.mark.parametrize("difference", [-120, 0, 120, 119.5])
def test_times_are_those_of_the_clock_of_the_provider(difference: float) -> None:
    claims = _parts(_made().signed(_clock, difference))[1]

    now = int(NOW + difference)
    assert (claims["iat"], claims["exp"]) == (now - 20, now + 150)


def test_id_and_thumbprint_of_the_key_are_in_the_header() -> None:
    header = _header(_made(EC_KEY._replace(kid="the-kid", x5t_s256="the-thumbprint")))

    assert header == {"alg": "ES256", "typ": "JWT", "kid": "the-kid", "x5t#S256": "the-thumbprint"}


def test_a_grant_may_have_no_subject() -> None:
    assert "sub" not in _claims(_made(subject=None))


# What is laid over


def test_claims_are_laid_over() -> None:
    claims = _claims(_made(claims={"iss": "i", "sub": "s", "scope": "a b", "nbf": 5, "deep": {"a": [1, None]}}))

    assert {name: claims[name] for name in ("iss", "sub", "scope", "nbf", "deep", "aud")} == {
        "iss": "i",
        "sub": "s",
        "scope": "a b",
        "nbf": 5,
        "deep": {"a": [1, None]},
        "aud": "https://idp.example",
    }


def test_headers_are_laid_over() -> None:
    key = RSA_KEY._replace(kid="of the JWK", x5t_s256="a")
    given = {"alg": "PS256", "typ": "client-authentication+jwt", "x5t": "b", "x5t#S256": "c", "kid": "d"}

    header, _claims, signed, signature = _parts(_made(key, headers=given).signed(_clock))

    assert header == given
    _verify(RSA.public_key(), "PS256", signed, signature)


def test_nothing_leaves_a_claim_and_a_header_out() -> None:
    assertion = _made(
        EC_KEY._replace(kid="a", x5t_s256="b"),
        claims={"sub": None},
        headers={"typ": None, "kid": None, "x5t#S256": None, "alg": None},
    )

    assert "sub" not in _claims(assertion)
    assert _header(assertion) == {"alg": "ES256"}


def test_a_secret_can_sign_with_a_longer_digest() -> None:
    header, _claims, signed, signature = _parts(
        _made(keys.of_secret(SECRET, "client_secret"), headers={"alg": "HS512"}).signed(_clock)
    )

    assert header["alg"] == "HS512"
    assert signature == hmac.new(SECRET.encode(), signed, hashlib.sha512).digest()


# Faults

CLAIMS = "assertion_claims, from the variable v,"
HEADERS = "assertion_headers, from the variable v,"
NO_JSON = "holds a value that JSON does not have, such as a date. Put it in quotes."
OTHER_ALG = "has an alg that does not go with the key, which signs ES256. Correct alg, or leave it out."
DEEP: dict[str, t.Any] = {}
DEEP["a"] = DEEP
BAD_CLAIMS: list[tuple[Mapping[str, object], str]] = [
    ({"aud": "hidden"}, "has aud, which it may not have. Leave that out."),
    ({"aud": None}, "has aud, which it may not have. Leave that out."),
    ({"exp": 1, "iat": 1}, "has exp and iat, which it may not have. Leave that out."),
    ({"jti": "hidden"}, "has jti, which it may not have. Leave that out."),
    ({"iss": 7}, "has iss without a text. Put it in quotes."),
    ({"sub": ["hidden"]}, "has sub without a text. Put it in quotes."),
    ({"hidden": dt.date(2026, 1, 1)}, NO_JSON),
    ({"hidden": float("nan")}, NO_JSON),
    ({"hidden": b"hidden"}, NO_JSON),
    ({"hidden": DEEP}, NO_JSON),
]
BAD_HEADERS: list[tuple[Mapping[str, object], str]] = [
    ({"alg": "ES384"}, OTHER_ALG),
    ({"alg": "none"}, OTHER_ALG),
    ({"alg": "HS256"}, OTHER_ALG),
    ({"alg": "hidden"}, OTHER_ALG),
    ({"alg": ["ES256"]}, "has alg without a text. Put it in quotes."),
    ({"kid": 7, "typ": {"a": 1}}, "has kid and typ without a text. Put it in quotes."),
    ({"b64": False}, "has b64, which it may not have. Leave that out."),
    ({"crit": ["hidden"]}, "has crit, which it may not have. Leave that out."),
    ({"hidden": dt.date(2026, 1, 1)}, NO_JSON),
]


@pytest.mark.parametrize(("claims", "sentence"), BAD_CLAIMS)
def test_a_claim_that_cannot_be_laid_over_is_refused_before_anything_is_signed(
    claims: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(CredentialError) as refused:
        _made(claims=claims, claims_option=CLAIMS)

    assert str(refused.value) == f"{CLAIMS} {sentence}"
    assert refused.value.__context__ is None


@pytest.mark.parametrize(("headers", "sentence"), BAD_HEADERS)
def test_a_header_that_cannot_be_laid_over_is_refused_before_anything_is_signed(
    headers: Mapping[str, object], sentence: str
) -> None:
    with pytest.raises(CredentialError) as refused:
        _made(headers=headers, headers_option=HEADERS)

    assert str(refused.value) == f"{HEADERS} {sentence}"
    assert refused.value.__context__ is None


def test_an_id_beside_private_key_id_is_refused() -> None:
    with pytest.raises(CredentialError) as refused:
        _made(EC_KEY._replace(kid="hidden", is_named=True), headers={"kid": "hidden"}, headers_option=HEADERS)

    assert str(refused.value) == f"{HEADERS} has kid, which private_key_id says. Leave one of them out."


@pytest.mark.parametrize("alg", ["RS256", "ES256"])
def test_a_secret_signs_as_no_private_key(alg: str) -> None:
    with pytest.raises(CredentialError, match="which signs HS256 or HS384 or HS512"):
        _made(keys.of_secret(SECRET, "client_secret"), headers={"alg": alg})


@pytest.mark.parametrize(
    "secret", ["-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "ssh-rsa AAAAB3Nza", "half\udcff"]
)
def test_a_secret_that_cannot_sign_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(CredentialError) as refused:
        _made(keys.of_secret(secret, "client_secret")).signed(_clock)

    assert str(refused.value) == ("client_secret cannot sign: it looks like a key of another kind. Copy it again.")
    assert refused.value.__context__ is None


def test_an_assertion_shows_nothing_of_itself() -> None:
    assertion = _made(keys.of_secret(SECRET, "client_secret"), claims={"hidden": "hidden"})

    assert repr(assertion) == str(assertion) == "<Assertion>"


def test_without_pyjwt_the_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jwt", None)

    with pytest.raises(MissingLibraryError, match="PyJWT"):
        _made().signed(_clock)


def test_another_library_in_place_of_pyjwt_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jwt", types.ModuleType("jwt"))

    with pytest.raises(WrongLibraryError, match="is not PyJWT"):
        _made().signed(_clock)
