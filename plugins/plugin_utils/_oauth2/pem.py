# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private keys in PEM (RFC 7468), and the certificate beside one. Private to this collection.

Between its markers a key is base64, in which blanks mean nothing: how the lines were broken does not matter.
"""

from __future__ import annotations

import base64
import hashlib
import re
import typing as t
from collections.abc import Iterable

from .._errors import CredentialError
from .._value import Value
from . import jwk

BEGIN = "-----BEGIN"
SSH = (
    "holds a key in the format of OpenSSH or PuTTY. Give PEM or a JWK; ssh-keygen -p -m PKCS8 -f FILE writes the file "
    "of an RSA or EC key anew as PEM."
)
_DAMAGED = "holds a private key that is damaged or cut off. Copy it again, whole, with its lines BEGIN and END."
_OTHER_CIPHER = (
    "holds a key that is encrypted in a way that the controller does not read. Write it anew: "
    "openssl pkcs8 -topk8 -v2 aes-256-cbc."
)
# Of cryptography: its releases differ in the error that has them.
_CIPHER_WORDS = re.compile("encryption algorithm|cipher")
_CERTIFICATES = ("CERTIFICATE", "X509CERTIFICATE")
# The encryption of PKCS#1 and SEC1, which OpenSSL up to 0.9.8 wrote without being asked (RFC 1421 section 4.6.1).
_OLD_CIPHER = re.compile(
    r"\s*Proc-Type:\s*4,\s*ENCRYPTED\s*DEK-Info:\s*(AES-\d{3}-CBC,\s*[0-9A-F]{32}|DES-EDE3-CBC,\s*[0-9A-F]{16})",
    re.IGNORECASE,
)
_LINE = 64
_SEQUENCE = 0x30
_INTEGER = 0x02


class Block(Value):
    """What stands between two markers.

    :param label: without its blanks.
    :param der: None for what is cut off or no base64.
    :param cipher: that of the old encryption, and what it starts from; empty without one, None for another.
    """

    label: str
    der: bytes | None
    cipher: str | None = ""


def key_of(text: str, where: str, passphrase: str | None) -> tuple[t.Any, str | None]:
    """The only private key in the text, and the thumbprint of its certificate. Raises CredentialError."""
    blocks = list(map(_block, text.split(BEGIN)[1:]))
    labels = [block.label for block in blocks]
    private = [block for block in blocks if block.label.endswith("PRIVATEKEY")]
    if any(label.startswith(("OPENSSH", "SSH2")) for label in labels):
        raise CredentialError(f"{where} {SSH}")
    if len(private) > 1:
        raise CredentialError(f"{where} holds more than one private key. Leave only that of the client in it.")
    if private:
        key = _loaded(private[0], where, passphrase)
        return key, _thumbprint(key, (block for block in blocks if block.label in _CERTIFICATES), where)
    if any(label.endswith("PUBLICKEY") for label in labels):
        raise CredentialError(f"{where} {jwk.PUBLIC}")
    if any(label in _CERTIFICATES for label in labels):
        raise CredentialError(f"{where} holds a certificate without its private key. Add the key to it.")
    raise CredentialError(f"{where} holds PEM without a private key. Give one as PEM, JWK or JWKS.")


def _block(text: str) -> Block:
    """The block that begins after its ``-----BEGIN``."""
    label, _dashes, rest = text.partition("-----")
    body, _dashes, end = rest.partition("-----END")
    label = "".join(label.split())
    if "".join(end.partition("-----")[0].split()) != label or "-----" not in end:
        return Block(label, None)
    old = _OLD_CIPHER.match(body)
    squeezed = "".join(body[old.end() if old else 0 :].split())
    try:
        der = base64.b64decode(squeezed, validate=True)
    except ValueError:
        # A header of another kind is no base64 either.
        return Block(label, None, None if not old and "DEK-Info" in body else "")
    return Block(label, der, "".join(old[1].split()) if old else "")


def first_tag(der: bytes) -> int | None:
    """The tag of the first member of a sequence (X.690 section 8.1); None for what is no whole sequence."""
    if len(der) < 2 or der[0] != _SEQUENCE:
        return None
    size = der[1] & 0x7F if der[1] & 0x80 else 0
    length = int.from_bytes(der[2 : 2 + size], "big") if size else der[1]
    start = 2 + size
    return der[start] if length and len(der) == start + length else None


def _loaded(block: Block, where: str, passphrase: str | None) -> t.Any:
    """The private key of a block, as an object of cryptography."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    if block.cipher is None:
        raise CredentialError(f"{where} {_OTHER_CIPHER}")
    tag = first_tag(block.der or b"")
    if not block.der or (tag is None and not block.cipher):
        raise CredentialError(f"{where} {_DAMAGED}")
    # Encrypted PKCS#8 has a sequence where a plain key has its version (RFC 5958 sections 2 and 3).
    is_encrypted = bool(block.cipher) or tag != _INTEGER
    if is_encrypted and not passphrase:
        raise CredentialError(f"{where} holds a key that is encrypted. Set private_key_passphrase.")
    if passphrase and not is_encrypted:
        raise CredentialError(f"{where} holds a key that is not encrypted. Leave private_key_passphrase out.")
    password = passphrase.encode("utf-8", "surrogatepass") if passphrase else None
    problem = ""
    try:
        if block.cipher:
            return serialization.load_pem_private_key(_pem(block), password)
        return serialization.load_der_private_key(block.der or b"", password)
    except (UnsupportedAlgorithm, ValueError, TypeError) as error:
        if is_encrypted and _CIPHER_WORDS.search(str(error)):
            problem = _OTHER_CIPHER
        elif isinstance(error, UnsupportedAlgorithm):
            problem = jwk.OTHER_KIND
    if problem or not is_encrypted:
        raise CredentialError(f"{where} {problem or _DAMAGED}")
    raise CredentialError(f"{where} holds a key that private_key_passphrase does not open. Correct the passphrase.")


def _pem(block: Block) -> bytes:
    """The block of an old encryption, with the lines that belong there.

    RFC 1421 section 4.3.2.4 has lines of 64 characters; cryptography of RHEL 9 and Debian 12 reads no longer ones.
    """
    label = f"{block.label.removesuffix('PRIVATEKEY')} PRIVATE KEY"
    text = base64.b64encode(block.der or b"").decode()
    lines = [text[start : start + _LINE] for start in range(0, len(text), _LINE)]
    head = (f"{BEGIN} {label}-----", "Proc-Type: 4,ENCRYPTED", f"DEK-Info: {block.cipher}", "")
    return "\n".join((*head, *lines, f"-----END {label}-----\n")).encode()


def _thumbprint(key: t.Any, blocks: Iterable[Block], where: str) -> str | None:
    """``x5t#S256`` (RFC 7515 section 4.1.8) of the certificate that has this key; None where there is none at all."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
    from cryptography.x509 import load_der_x509_certificate

    def encoded(public: t.Any) -> bytes:
        return bytes(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    others = False
    for block in blocks:
        others = True
        try:
            belongs = encoded(load_der_x509_certificate(block.der or b"").public_key()) == encoded(key.public_key())
        except (ValueError, UnsupportedAlgorithm):
            belongs = False
        if belongs:
            digest = hashlib.sha256(block.der or b"").digest()
            return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    if others:
        raise CredentialError(
            f"{where} holds a certificate that is not that of its private key. Give the two that belong together."
        )
    return None
