# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys as people hold them. Private to this collection.

Every fault is found here, before a request: libraries tell them apart by words, if at all, and take keys that do not go
with the algorithm. No sentence has anything of the key.
"""

from __future__ import annotations

import base64
import json
import re
import typing as t
import warnings
from collections.abc import Mapping

from .._errors import CredentialError, MissingLibraryError
from .._value import Value
from . import jwk, pem

# Characters. A JWKS of several RSA keys has a tenth of it.
LARGEST = 65536
# Bits of an RSA key (RFC 7518 sections 3.3 and 3.5).
_SMALLEST_RSA = 2048

# What keys sign (RFC 7518 section 3.1, RFC 8037 section 3.1). The first is taken where nothing else is said.
_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_HMAC = ("HS256", "HS384", "HS512")
_CURVES = {"secp256r1": ("ES256",), "secp384r1": ("ES384",), "secp521r1": ("ES512",)}
_EDWARDS = ("EdDSA",)

_BLANKS = "\ufeff\u200b\u2060 \t\r\n"
# How JSON, shells and YAML write a line end where they mean one.
_LITERAL_ENDS = re.compile(r"\\+[rn]")
_PATH = re.compile(r"(?:~|\.{1,2})?/\S*|\S+\.(?:pem|key|jwks?|json|p12|pfx|der)", re.IGNORECASE)
_SSH = ("PuTTY-User-Key-File", "---- BEGIN")
_SSH_PUBLIC = ("ssh-", "ecdsa-sha2-")


class SigningKey(Value):
    """What an assertion is signed with.

    :param key: as PyJWT takes it: the object of a private key, or the text of a secret.
    :param where: the option with its source, for sentences.
    :param alg: that of the JWK, else the key's usual one.
    :param algs: all that the key signs.
    :param x5t_s256: the thumbprint of its certificate (RFC 7515 section 4.1.8).
    :param is_named: whether the kid is one that was given beside the key.
    """

    key: t.Any
    where: str
    alg: str
    algs: tuple[str, ...]
    kid: str | None = None
    x5t_s256: str | None = None
    is_named: bool = False


def of_secret(secret: str, where: str) -> SigningKey:
    """The key of ``client_secret_jwt``: the secret as it stands (OpenID Connect Core section 9)."""
    return SigningKey(secret, where, _HMAC[0], _HMAC)


def read(
    text: str, where: str, *, passphrase: str | None = None, kid: str | None = None, rsa_alg: str = _RSA[0]
) -> SigningKey:
    """The private key in a text. Raises CredentialError, and MissingLibraryError without cryptography.

    :param where: the option with its source, for sentences.
    :param kid: what ``private_key_id`` says.
    :param rsa_alg: the algorithm of RSA keys that name none.
    """
    try:
        import cryptography  # noqa: F401 - whether it is there
    except ImportError:
        raise MissingLibraryError("cryptography") from None
    text = _plain(text, where)
    thumbprint = None
    found: Mapping[str, t.Any] = {}
    if text.startswith(("{", "[")):
        if passphrase:
            raise CredentialError(f"{where} holds a JWK, which has no passphrase. Leave private_key_passphrase out.")
        found = jwk.selected(_document(text, where), where, kid)
        key = jwk.key_of(found, where)
    else:
        with warnings.catch_warnings():
            # cryptography warns of certificates that its later versions refuse.
            warnings.simplefilter("ignore")
            key, thumbprint = pem.key_of(_LITERAL_ENDS.sub("\n", text), where, passphrase)
    algs = _signs(key, where)
    alg = str(found.get("alg") or (rsa_alg if algs == _RSA else algs[0]))
    if alg not in algs:
        raise CredentialError(
            f"{where} holds a JWK whose alg does not go with its key, which signs {' or '.join(algs)}. "
            "Correct alg in it, or leave alg out."
        )
    return SigningKey(key, where, alg, algs, kid or found.get("kid") or None, thumbprint, bool(kid))


def _signs(key: object, where: str) -> tuple[str, ...]:
    """The algorithms of a key. A wrong curve is not found by every version of PyJWT."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size < _SMALLEST_RSA:
            raise CredentialError(
                f"{where} holds an RSA key of fewer than 2048 bits, too short for signatures (RFC 7518). "
                "Make a longer one, and register it at the provider."
            )
        return _RSA
    if isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey):
        return _EDWARDS
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVES:
        return _CURVES[key.curve.name]
    raise CredentialError(f"{where} {jwk.OTHER_KIND}")


def _plain(text: str, where: str) -> str:
    """The text of a PEM or a JSON, without base64 around the whole."""
    if len(text) > LARGEST:
        raise CredentialError(f"{where} is longer than any key, with more than 64 KiB. Give one key.")
    text = text.strip(_BLANKS)
    if not text:
        raise CredentialError(f"{where} is empty. Give a private key as PEM, JWK or JWKS.")
    if _is_written(text):
        return text
    content = _decoded(_LITERAL_ENDS.sub("", text))
    try:
        inner = content.decode("utf-8").strip(_BLANKS)
    except UnicodeDecodeError:
        inner = ""
    if _is_written(inner):
        return inner
    if text.startswith(_SSH):
        raise CredentialError(f"{where} {pem.SSH}")
    if text.startswith(_SSH_PUBLIC):
        raise CredentialError(f"{where} {jwk.PUBLIC}")
    if pem.first_tag(content) or "\0" in text or "\ufffd" in text:
        raise CredentialError(
            f"{where} holds a key in binary form (DER or PKCS#12), or base64 of one. Convert it to PEM with openssl."
        )
    if _PATH.fullmatch(text):
        raise CredentialError(f"{where} looks like a path rather than a key. Set private_key_file to a path.")
    raise CredentialError(f"{where} holds no private key. Give one as PEM, JWK or JWKS.")


def _is_written(text: str) -> bool:
    return pem.BEGIN in text or text.startswith(("{", "["))


def _decoded(text: str) -> bytes:
    """What base64 of either alphabet says, with or without its padding; nothing for what is none."""
    text = "".join(text.split()).translate({ord("-"): "+", ord("_"): "/"}).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        return b""


def _document(text: str, where: str) -> Mapping[str, t.Any]:
    """The JSON object that the text is. Raises CredentialError."""
    for each in (text, _LITERAL_ENDS.sub("\n", text)):
        try:
            document = json.loads(each)
        except (ValueError, RecursionError):
            continue
        if isinstance(document, dict) and ("kty" in document or isinstance(document.get("keys"), list)):
            return document
        raise CredentialError(
            f"{where} holds JSON that is neither a JWK nor a JWKS. Give the key alone, as PEM, JWK or JWKS."
        )
    raise CredentialError(f"{where} holds JSON that is damaged or cut off. Copy the key again, whole.")
