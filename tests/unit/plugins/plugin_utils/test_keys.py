# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Private keys in the shapes in which people hold them, and what is said of each that cannot be used."""

from __future__ import annotations

import base64
import builtins
import datetime as dt
import hashlib
import json
import re
import typing as t
import warnings
from collections.abc import Callable, Mapping

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CredentialError, MissingLibraryError
from ansible_collections.netapi.auth.plugins.plugin_utils._oauth2 import keys

WHERE = "private_key, from the variable v,"
PASSPHRASE = "a passphrase of the test"

RSA = rsa.generate_private_key(65537, 2048)
P256 = ec.generate_private_key(ec.SECP256R1())
P384 = ec.generate_private_key(ec.SECP384R1())
KINDS: dict[str, tuple[t.Any, str]] = {
    "RSA": (RSA, "RS256"),
    "P-256": (P256, "ES256"),
    "P-384": (P384, "ES384"),
    "P-521": (ec.generate_private_key(ec.SECP521R1()), "ES512"),
    "Ed25519": (ed25519.Ed25519PrivateKey.generate(), "EdDSA"),
    "Ed448": (ed448.Ed448PrivateKey.generate(), "EdDSA"),
}


def pem(key: t.Any, form: PrivateFormat = PrivateFormat.PKCS8, passphrase: str = "") -> str:
    encryption = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    return str(key.private_bytes(Encoding.PEM, form, encryption).decode())


def public_pem(key: t.Any, form: PublicFormat = PublicFormat.SubjectPublicKeyInfo) -> str:
    return str(key.public_key().public_bytes(Encoding.PEM, form).decode())


def _b64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _number(value: int, size: int = 0) -> str:
    return _b64(value.to_bytes(size or (value.bit_length() + 7) // 8, "big"))


def jwk(key: t.Any, **more: object) -> dict[str, t.Any]:
    """The key as RFC 7518 section 6 and RFC 8037 section 2 write it."""
    if isinstance(key, rsa.RSAPrivateKey):
        of_rsa = key.private_numbers()
        parts = {"n": of_rsa.public_numbers.n, "e": of_rsa.public_numbers.e, "d": of_rsa.d, "p": of_rsa.p}
        parts |= {"q": of_rsa.q, "dp": of_rsa.dmp1, "dq": of_rsa.dmq1, "qi": of_rsa.iqmp}
        return {"kty": "RSA", **{name: _number(value) for name, value in parts.items()}, **more}
    if isinstance(key, ec.EllipticCurvePrivateKey):
        of_ec = key.private_numbers()
        size = (key.key_size + 7) // 8
        parts = {"x": of_ec.public_numbers.x, "y": of_ec.public_numbers.y, "d": of_ec.private_value}
        numbers = {name: _number(value, size) for name, value in parts.items()}
        return {"kty": "EC", "crv": f"P-{key.key_size}", **numbers, **more}
    secret = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return {"kty": "OKP", "crv": type(key).__name__.strip("_")[:-10], "d": _b64(secret), "x": _b64(public), **more}


def public_jwk(key: t.Any, **more: object) -> dict[str, t.Any]:
    return {name: value for name, value in jwk(key, **more).items() if name not in ("d", "p", "q", "dp", "dq", "qi")}


def certificate(key: t.Any, name: str = "client") -> str:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    made = x509.CertificateBuilder(subject, subject, key.public_key(), 7, start, start + dt.timedelta(days=9))
    digest = None if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey) else hashes.SHA256()
    return made.sign(key, digest).public_bytes(Encoding.PEM).decode()


def _is(found: t.Any, key: t.Any) -> bool:
    """Whether the private parts are the same."""
    form = (Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return bool(found.private_bytes(*form) == key.private_bytes(*form))


SHAPES: dict[str, tuple[Callable[[t.Any], str], str | None]] = {
    "PKCS#8": (pem, None),
    "PKCS#8, encrypted": (lambda key: pem(key, passphrase=PASSPHRASE), PASSPHRASE),
    "PKCS#1 or SEC1": (lambda key: pem(key, PrivateFormat.TraditionalOpenSSL), None),
    "PKCS#1 or SEC1, encrypted": (
        lambda key: pem(key, PrivateFormat.TraditionalOpenSSL, PASSPHRASE),
        PASSPHRASE,
    ),
    "after its parameters": (lambda key: f"{PARAMETERS}{pem(key)}", None),
    "between texts": (lambda key: f"Bag Attributes\n    friendlyName: a\n{pem(key)}\nmore\n", None),
    "JWK": (lambda key: json.dumps(jwk(key)), None),
    "JWK, as people indent it": (lambda key: json.dumps(jwk(key), indent=2), None),
    "JWKS": (lambda key: json.dumps({"keys": [jwk(key)]}), None),
    "JWKS with public keys": (lambda key: json.dumps({"keys": [public_jwk(P256), jwk(key), public_jwk(RSA)]}), None),
    "JWKS with a key for encryption": (lambda key: json.dumps({"keys": [jwk(P384, use="enc"), jwk(key)]}), None),
}
# What `openssl ecparam -genkey` writes before the key.
PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
# Ed25519 and Ed448 have no older form than PKCS#8.
PAIRS = [
    (kind, shape) for kind in KINDS for shape in SHAPES if not (kind.startswith("Ed") and shape.startswith("PKCS#1"))
]


@pytest.mark.parametrize(("kind", "shape"), PAIRS)
def test_a_key_in_each_shape_is_read(kind: str, shape: str) -> None:
    key, alg = KINDS[kind]
    write, passphrase = SHAPES[shape]

    found = keys.read(write(key), WHERE, passphrase=passphrase)

    assert _is(found.key, key)
    assert (found.alg, found.kid, found.x5t_s256, found.is_named) == (alg, None, None, False)


def _wrapped(text: str) -> str:
    return base64.encodebytes(text.encode()).decode()


REPAIRS: dict[str, Callable[[str], str]] = {
    "a literal line end": lambda text: text.replace("\n", "\\n"),
    "a literal line end of Windows": lambda text: text.replace("\n", "\\r\\n"),
    "a literal line end, escaped again": lambda text: text.replace("\n", "\\\\n"),
    "in quotes": json.dumps,
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "CR": lambda text: text.replace("\n", "\r"),
    "blanks before lines": lambda text: "".join(f"    {line}\n" for line in text.splitlines()),
    "tabs before and blanks after lines": lambda text: "".join(f"\t{line}  \n" for line in text.splitlines()),
    "blank lines": lambda text: text.replace("\n", "\n\n"),
    "no line end at its end": lambda text: text.rstrip("\n"),
    "line ends that became blanks": lambda text: text.replace("\n", " "),
    "one long line": lambda text: text.replace("\n", ""),
    "one long line without blanks": lambda text: "".join(text.split()),
    "a mark of the byte order": lambda text: f"\ufeff{text}",
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in lines": _wrapped,
    "base64 with a literal line end": lambda text: _wrapped(text).replace("\n", "\\n"),
    "base64 without its padding": lambda text: base64.b64encode(text.encode()).decode().rstrip("="),
    "base64 for addresses": lambda text: _b64(text.encode()),
    "base64 of what is to be repaired": lambda text: _wrapped(text.replace("\n", "\\n")),
}


@pytest.mark.parametrize("repair", REPAIRS)
@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("P-256", "PKCS#8"),
        ("P-256", "PKCS#8, encrypted"),
        ("P-256", "PKCS#1 or SEC1"),
        ("P-256", "PKCS#1 or SEC1, encrypted"),
        ("RSA", "PKCS#1 or SEC1"),
    ],
)
def test_what_can_be_meant_in_one_way_only_is_repaired(kind: str, shape: str, repair: str) -> None:
    key, _alg = KINDS[kind]
    write, passphrase = SHAPES[shape]

    assert _is(keys.read(REPAIRS[repair](write(key)), WHERE, passphrase=passphrase).key, key)


@pytest.mark.parametrize(
    "repair", [name for name in REPAIRS if name not in ("in quotes", "one long line without blanks")]
)
def test_json_is_repaired_as_well(repair: str) -> None:
    text = json.dumps(jwk(P256), indent=1) + "\n"

    assert _is(keys.read(REPAIRS[repair](text), WHERE).key, P256)


def test_a_blank_within_a_marker_may_be_a_line_end() -> None:
    assert _is(keys.read(pem(P256).replace("BEGIN PRIVATE KEY", "BEGIN\n  PRIVATE\n  KEY"), WHERE).key, P256)


def test_an_older_form_may_stand_between_the_markers_of_a_newer_one() -> None:
    text = pem(RSA, PrivateFormat.TraditionalOpenSSL).replace("RSA PRIVATE", "PRIVATE")

    assert _is(keys.read(text, WHERE).key, RSA)


def test_the_key_of_rfc_7515_a_3() -> None:
    text = """{"kty":"EC","crv":"P-256",
      "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
      "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
      "d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"""

    assert keys.read(text, WHERE).alg == "ES256"


def test_the_key_of_rfc_8037_a_1() -> None:
    text = """{"kty":"OKP","crv":"Ed25519",
      "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
      "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"""

    assert keys.read(text, WHERE).alg == "EdDSA"


def test_the_primes_of_an_rsa_key_may_be_left_out() -> None:
    """RFC 7518 section 6.3.2: only d is required."""
    text = json.dumps({name: value for name, value in jwk(RSA).items() if name in ("kty", "n", "e", "d")})

    found = keys.read(text, WHERE).key

    assert found.private_numbers().d == RSA.private_numbers().d


# The id

SET = {"keys": [jwk(RSA, kid="one"), jwk(P256, kid="two"), public_jwk(P384, kid="three")]}


@pytest.mark.parametrize(("kid", "key"), [("one", RSA), ("two", P256)])
def test_the_id_chooses_a_key_of_a_set(kid: str, key: object) -> None:
    found = keys.read(json.dumps(SET), WHERE, kid=kid)

    assert _is(found.key, key)
    assert (found.kid, found.is_named) == (kid, True)


def test_a_jwk_has_its_own_id() -> None:
    found = keys.read(json.dumps(jwk(P256, kid="its own")), WHERE)

    assert (found.kid, found.is_named) == ("its own", False)


@pytest.mark.parametrize(
    "text",
    [
        pem(P256),
        json.dumps(jwk(P256)),
        json.dumps(jwk(P256, kid="")),
        json.dumps(jwk(P256, kid=None)),
        json.dumps({"keys": [public_jwk(RSA, kid="other"), jwk(P256)]}),
    ],
)
def test_a_key_without_an_id_gets_the_one_that_is_given(text: str) -> None:
    found = keys.read(text, WHERE, kid="given")

    assert _is(found.key, P256)
    assert (found.kid, found.is_named) == ("given", True)


@pytest.mark.parametrize("kid", [None, ""])
def test_no_id_is_invented(kid: str | None) -> None:
    found = keys.read(json.dumps(jwk(P256, kid="")), WHERE, kid=kid)

    assert (found.kid, found.is_named) == (None, False)


# The algorithm


@pytest.mark.parametrize("alg", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_a_jwk_has_its_own_algorithm(alg: str) -> None:
    assert keys.read(json.dumps(jwk(RSA, alg=alg)), WHERE, rsa_alg="PS512").alg == alg


def test_rsa_keys_can_be_given_another_usual_algorithm_and_others_not() -> None:
    assert keys.read(pem(RSA), WHERE, rsa_alg="PS256").alg == "PS256"
    assert keys.read(pem(P256), WHERE, rsa_alg="PS256").alg == "ES256"


# The certificate


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("order", ["{key}{own}", "{own}{key}", "{key}{own}{other}", "{other}{own}{key}"])
def test_the_thumbprint_is_that_of_the_certificate_of_the_key(kind: str, order: str) -> None:
    key, _alg = KINDS[kind]
    own = certificate(key)
    other = certificate(ec.generate_private_key(ec.SECP256R1()), "authority")

    found = keys.read(order.format(key=pem(key), own=own, other=other), WHERE)

    der = x509.load_pem_x509_certificate(own.encode()).public_bytes(Encoding.DER)
    assert found.x5t_s256 == _b64(hashlib.sha256(der).digest())


@pytest.mark.parametrize("repair", REPAIRS)
def test_a_key_and_its_certificate_are_repaired_together(repair: str) -> None:
    text = pem(P256) + certificate(P256)

    found = keys.read(REPAIRS[repair](text), WHERE)

    assert found.x5t_s256 is not None
    assert found.x5t_s256 == keys.read(text, WHERE).x5t_s256


# Faults

X25519 = x25519.X25519PrivateKey.generate()
SHORT = rsa.generate_private_key(65537, 1024)
DSA = dsa.generate_private_key(1024)
SECP256K1 = ec.generate_private_key(ec.SECP256K1())
OTHER_KIND = (
    "holds a key of a kind that signs no assertion. Give an RSA key, an EC key on P-256, P-384 or P-521, or an Ed25519 "
    "key."
)
PUBLIC = "holds a public key. Give the private key that belongs to it."
DAMAGED = "holds a private key that is damaged or cut off. Copy it again, whole, with its lines BEGIN and END."
DAMAGED_JWK = "holds a JWK that is damaged or lacks a part. Copy it again, whole."
ENCRYPTED = "holds a key that is encrypted. Set private_key_passphrase."
NOT_OPENED = "holds a key that private_key_passphrase does not open. Correct the passphrase."
NOT_ENCRYPTED = "holds a key that is not encrypted. Leave private_key_passphrase out."
OTHER_CIPHER = (
    "holds a key that is encrypted in a way that the controller does not read. Write it anew: "
    "openssl pkcs8 -topk8 -v2 aes-256-cbc."
)
NO_KEY = "holds no private key. Give one as PEM, JWK or JWKS."
SHORT_RSA = (
    "holds an RSA key of fewer than 2048 bits, too short for signatures (RFC 7518). Make a longer one, and register it "
    "at the provider."
)
EMPTY = "is empty. Give a private key as PEM, JWK or JWKS."
PATH = "looks like a path rather than a key. Set private_key_file to a path."
BINARY = "holds a key in binary form (DER or PKCS#12), or base64 of one. Convert it to PEM with openssl."
OTHER_JSON = "holds JSON that is neither a JWK nor a JWKS. Give the key alone, as PEM, JWK or JWKS."
DAMAGED_JSON = "holds JSON that is damaged or cut off. Copy the key again, whole."
SSH = (
    "holds a key in the format of OpenSSH or PuTTY. Give PEM or a JWK; ssh-keygen -p -m PKCS8 -f FILE writes the file "
    "of an RSA or EC key anew as PEM."
)
TWO = "holds more than one private key. Set private_key_id to the kid of one."
TWO_OF_AN_ID = "holds more than one private key with the kid in private_key_id. Leave only one of them in it."
UNKNOWN_ID = "holds no key whose kid is the one in private_key_id. Correct one of the two."
NOT_A_SET = "holds a JWKS in which not every key is a JWK. Correct it, or give one JWK."
ALG = "holds a JWK whose alg does not go with its key, which signs {}. Correct alg in it, or leave alg out."
ENCRYPTED_PEM = pem(RSA, passphrase=PASSPHRASE)
OLD_PEM = pem(RSA, PrivateFormat.TraditionalOpenSSL, PASSPHRASE)
# By OpenSSL, since cryptography makes none.
ENCRYPTED_SM2 = """\
-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjCNid6ArHDMAICCAAwDAYIKoZIhvcNAgkFADAdBglghkgBZQME
ASoEEGys89uEaCBwKRquKh3TnlAEgZAxwOwga93w04HDha2V+ibrp97VjvOCTxwWQnvKrAz5kHrXPaGL6+VP7xaskGTBPhle
/F+ehOgX9vr6jmpUT78shoENQ4Hx4AB0w/R7UCZPrIlF6VHmwAmW75597pRSe325M59dKkp78n9l9OM3IcA0OKJBVys2Bj6D
/exmGIi+CpcU3D1cxr/3HfXoR3rDkHA=
-----END ENCRYPTED PRIVATE KEY-----
"""
DER = RSA.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _of(key: t.Any, **changes: object) -> str:
    """A JWK with other parts; None leaves one out."""
    return json.dumps({name: value for name, value in jwk(key, **changes).items() if value is not None})


def _with_cipher(text: str) -> str:
    """Encrypted PKCS#8 whose cipher is one that nobody knows, in place of AES-256-CBC ."""
    head, *lines, end = text.splitlines()
    aes = bytes.fromhex("060960864801650304012a")
    der = base64.b64decode("".join(lines))
    assert aes in der
    return "\n".join((head, base64.b64encode(der.replace(aes, aes[:-1] + b"\x7f")).decode(), end))


FAULTS: dict[str, tuple[str, str, Mapping[str, str]]] = {
    "a public key": (public_pem(RSA), PUBLIC, {}),
    "a public key of PKCS#1": (public_pem(RSA, PublicFormat.PKCS1), PUBLIC, {}),
    "a public key and a certificate": (public_pem(RSA) + certificate(RSA), PUBLIC, {}),
    "a public JWK": (json.dumps(public_jwk(P256)), PUBLIC, {}),
    "a JWKS of public keys": (json.dumps({"keys": [public_jwk(P256), public_jwk(RSA)]}), PUBLIC, {}),
    "the id of a public key": (json.dumps(SET), PUBLIC, {"kid": "three"}),
    "a public key of OpenSSH": (
        P256.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode(),
        PUBLIC,
        {},
    ),
    "a certificate": (certificate(RSA), "holds a certificate without its private key. Add the key to it.", {}),
    "a certificate of another key": (
        pem(RSA) + certificate(P256),
        "holds a certificate that is not that of its private key. Give the two that belong together.",
        {},
    ),
    "a damaged certificate": (
        pem(P256) + certificate(P256).replace("MII", "AAA"),
        "holds a certificate that is not that of its private key. Give the two that belong together.",
        {},
    ),
    "a request for a certificate": (
        "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n",
        "holds PEM without a private key. Give one as PEM, JWK or JWKS.",
        {},
    ),
    "DSA": (pem(DSA), OTHER_KIND, {}),
    "DSA, old": (pem(DSA, PrivateFormat.TraditionalOpenSSL), OTHER_KIND, {}),
    "X25519": (pem(X25519), OTHER_KIND, {}),
    "secp256k1": (pem(SECP256K1), OTHER_KIND, {}),
    "a JWK on secp256k1": (_of(P256, crv="secp256k1"), OTHER_KIND, {}),
    "a JWK of X25519": (json.dumps(jwk(X25519)), OTHER_KIND, {}),
    "a JWK of a secret": (json.dumps({"kty": "oct", "k": _b64(b"k" * 32)}), OTHER_KIND, {}),
    "a JWK of an unknown kind": (json.dumps({"kty": "AKP", "d": _b64(b"k" * 32)}), OTHER_KIND, {}),
    "a short RSA key": (
        pem(SHORT),
        SHORT_RSA,
        {},
    ),
    "P-384 for ES256": (json.dumps(jwk(P384, alg="ES256")), ALG.format("ES384"), {}),
    "P-256 for RS256": (json.dumps(jwk(P256, alg="RS256")), ALG.format("ES256"), {}),
    "Ed25519 for ES256": (json.dumps(jwk(KINDS["Ed25519"][0], alg="ES256")), ALG.format("EdDSA"), {}),
    "RSA for HS256": (
        json.dumps(jwk(RSA, alg="HS256")),
        ALG.format("RS256 or RS384 or RS512 or PS256 or PS384 or PS512"),
        {},
    ),
    "no signature": (json.dumps(jwk(P256, alg="none")), ALG.format("ES256"), {}),
    "an algorithm that is no text": (json.dumps(jwk(P256, alg=["ES256"])), ALG.format("ES256"), {}),
    "a key for encryption": (
        json.dumps(jwk(RSA, use="enc")),
        "holds a key for encryption only (use: enc). Give one for signatures.",
        {},
    ),
    "two private keys": (json.dumps(SET), TWO, {}),
    "two private keys of an id": (
        json.dumps({"keys": [jwk(RSA, kid="a"), jwk(P256, kid="a")]}),
        TWO_OF_AN_ID,
        {"kid": "a"},
    ),
    "two private keys in PEM": (
        pem(RSA) + pem(P256),
        "holds more than one private key. Leave only that of the client in it.",
        {},
    ),
    "an id that is not in the set": (json.dumps(SET), UNKNOWN_ID, {"kid": "four"}),
    "another id than the JWK's": (json.dumps(jwk(P256, kid="a")), UNKNOWN_ID, {"kid": "b"}),
    "an empty set": ('{"keys": []}', "holds a JWKS without a key. Give the private key.", {}),
    "a set of texts": ('{"keys": ["a"]}', NOT_A_SET, {}),
    "an id that is no text": (
        json.dumps(jwk(P256, kid=7)),
        "holds a JWK whose kid is no text. Put it in quotes.",
        {},
    ),
    "a key of a set without its kind": (json.dumps({"keys": [{"d": _b64(b"k" * 32)}]}), DAMAGED_JWK, {}),
    "no passphrase": (ENCRYPTED_PEM, ENCRYPTED, {}),
    "an empty passphrase": (ENCRYPTED_PEM, ENCRYPTED, {"passphrase": ""}),
    "no passphrase, old": (OLD_PEM, ENCRYPTED, {}),
    "a wrong passphrase": (ENCRYPTED_PEM, NOT_OPENED, {"passphrase": "wrong passphrase"}),
    "a wrong passphrase, old": (OLD_PEM, NOT_OPENED, {"passphrase": "wrong passphrase"}),
    "a passphrase that is half a character": (ENCRYPTED_PEM, NOT_OPENED, {"passphrase": "wrong\udcff"}),
    "a passphrase longer than any": (ENCRYPTED_PEM, NOT_OPENED, {"passphrase": "wrong" * 1000}),
    "a needless passphrase": (pem(RSA), NOT_ENCRYPTED, {"passphrase": PASSPHRASE}),
    "a needless passphrase, old": (
        pem(RSA, PrivateFormat.TraditionalOpenSSL),
        NOT_ENCRYPTED,
        {"passphrase": PASSPHRASE},
    ),
    "a passphrase of a JWK": (
        json.dumps(jwk(RSA)),
        "holds a JWK, which has no passphrase. Leave private_key_passphrase out.",
        {"passphrase": PASSPHRASE},
    ),
    "an old cipher": (
        OLD_PEM.replace("AES-256-CBC", "CAMELLIA-256-CBC"),
        OTHER_CIPHER,
        {"passphrase": PASSPHRASE},
    ),
    "an unknown cipher": (_with_cipher(ENCRYPTED_PEM), OTHER_CIPHER, {"passphrase": PASSPHRASE}),
    "SM2, encrypted": (ENCRYPTED_SM2, OTHER_KIND, {"passphrase": PASSPHRASE}),
    "OpenSSH": (pem(P256, PrivateFormat.OpenSSH), SSH, {}),
    "OpenSSH in a line": (pem(P256, PrivateFormat.OpenSSH).replace("\n", " "), SSH, {}),
    "PuTTY": ("PuTTY-User-Key-File-3: ssh-rsa\nEncryption: none\n", SSH, {}),
    "SSH2": ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nP2/56wAA\n", SSH, {}),
    "too large": (
        pem(RSA) + " " * keys.LARGEST + "a",
        "is longer than any key, with more than 64 KiB. Give one key.",
        {},
    ),
    "empty": ("", EMPTY, {}),
    "blank": ("\ufeff \r\n\t", EMPTY, {}),
    "a word": ("secret", NO_KEY, {}),
    "a sentence": ("This is no key.", NO_KEY, {}),
    "base64 of a sentence": (base64.b64encode(b"This is no key.").decode(), NO_KEY, {}),
    "base64 twice": (_wrapped(_wrapped(pem(P256))), NO_KEY, {}),
    "a text outside ASCII": ("Schlüssel \udcff", NO_KEY, {}),
    "a path": ("/etc/netapi/key.pem", PATH, {}),
    "a path at home": ("~/key", PATH, {}),
    "a relative path": ("key.jwk\n", PATH, {}),
    "DER in base64": (base64.b64encode(DER).decode(), BINARY, {}),
    "DER": (DER.decode("utf-8", "replace"), BINARY, {}),
    "cut off": (pem(RSA)[:900], DAMAGED, {}),
    "cut off, encrypted": (ENCRYPTED_PEM[:900], DAMAGED, {"passphrase": PASSPHRASE}),
    "without its end": (pem(RSA).replace("-----END", ""), DAMAGED, {}),
    "with the end of another": (pem(P256).replace("END PRIVATE", "END RSA PRIVATE"), DAMAGED, {}),
    "without a line": (
        "".join(pem(RSA).splitlines(keepends=True)[:5] + pem(RSA).splitlines(keepends=True)[6:]),
        DAMAGED,
        {},
    ),
    "with a character of another kind": (pem(P256).replace("MIG", "M*G"), DAMAGED, {}),
    "nothing between the markers": ("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----", DAMAGED, {}),
    "zeros between the markers": (pem(P256).splitlines()[0] + "\nMAMCAQA=\n-----END PRIVATE KEY-----", DAMAGED, {}),
    "JSON of another kind": ('{"type": "service_account", "private_key": "-----BEGIN"}', OTHER_JSON, {}),
    "a list": ("[1]", OTHER_JSON, {}),
    "half a JSON": (json.dumps(jwk(P256))[:60], DAMAGED_JSON, {}),
    "deep JSON": ("[" * 60000, DAMAGED_JSON, {}),
    "a JWK without a part": (_of(P256, x=None), DAMAGED_JWK, {}),
    "a JWK without a curve": (_of(P256, crv=None), DAMAGED_JWK, {}),
    "a JWK of two keys": (_of(P256, x=jwk(SECP256K1)["x"]), DAMAGED_JWK, {}),
    "a JWK on another curve": (_of(P384, crv="P-256"), DAMAGED_JWK, {}),
    "an RSA JWK with half of its primes": (_of(RSA, q=None), DAMAGED_JWK, {}),
    "an RSA JWK of two keys": (_of(RSA, n=jwk(SHORT)["n"]), DAMAGED_JWK, {}),
    "an RSA JWK of ones": (_of(RSA, p=None, e="AQ", d="AQ"), DAMAGED_JWK, {}),
    "an RSA JWK longer than any": (_of(RSA, p=None, n="A" * 9000), DAMAGED_JWK, {}),
    "an Ed25519 JWK of two keys": (_of(KINDS["Ed25519"][0], x=jwk(X25519)["x"]), DAMAGED_JWK, {}),
    "an Ed25519 JWK that is short": (_of(KINDS["Ed25519"][0], d="AAAA"), DAMAGED_JWK, {}),
    "a number in a JWK": (_of(P256, d=5), DAMAGED_JWK, {}),
    "a list in a JWK": (_of(RSA, p=["A"]), DAMAGED_JWK, {}),
    "a JWK that is no base64": (_of(P256, d="!" * 43), DAMAGED_JWK, {}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_has_its_sentence_and_no_part_of_the_key(fault: str) -> None:
    text, sentence, given = FAULTS[fault]

    with pytest.raises(CredentialError) as refused:
        keys.read(text, WHERE, **given)

    assert str(refused.value) == f"{WHERE} {sentence}"
    assert refused.value.__context__ is None
    shown = repr(refused.value)
    # Long words are parts of keys; markers are not as long.
    assert [word for word in re.findall(r"[\w+/=.~-]{12,}", text) if word in shown] == []
    assert "passphrase" not in given or not given["passphrase"] or given["passphrase"] not in shown


@pytest.mark.parametrize(
    "text", [pem(P256), pem(P256) + certificate(P256), json.dumps(jwk(P256, kid="a", alg="ES256"))]
)
@pytest.mark.parametrize("change", ["", "~", "A", "\0", '"'])
def test_a_text_that_is_damaged_anywhere_ends_in_no_other_error(text: str, change: str) -> None:
    for place in range(len(text)):
        # A change of nothing is the beginning alone.
        damaged = text[:place] + change + text[place + 1 :] if change else text[:place]
        said = ""
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                found = keys.read(damaged, WHERE)
            except CredentialError as error:
                said = str(error)
        assert said.startswith(WHERE) or _is(found.key, P256)


def test_a_key_shows_nothing_of_itself() -> None:
    found = keys.read(json.dumps(jwk(P256, kid="its-own-id")), WHERE)

    assert repr(found) == str(found) == "<SigningKey>"


def test_a_secret_signs_as_it_stands() -> None:
    found = keys.of_secret("the secret ", "client_secret")

    assert (found.key, found.alg, found.kid, repr(found)) == ("the secret ", "HS256", None, "<SigningKey>")


def test_without_cryptography_the_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = builtins.__import__

    def without(name: str, *rest: t.Any, **named: t.Any) -> t.Any:
        if name == "cryptography":
            raise ImportError
        return plain(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingLibraryError, match="cryptography"):
        keys.read(pem(P256), WHERE)
