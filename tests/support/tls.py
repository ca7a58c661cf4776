# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates for loopback, and servers that want one."""

from __future__ import annotations

import datetime as dt
import hashlib
import ipaddress
import ssl
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(
    directory: Path, *, address: str = "127.0.0.1", ended: bool = False, subject: str = "sandbox"
) -> tuple[str, str]:
    """Write a certificate that nobody trusts, and its key; their paths.

    :param ended: whether its time is over.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    start = dt.datetime.now(dt.UTC) - dt.timedelta(days=10 if ended else 1)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + dt.timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    paths = directory / "authority.pem", directory / "key.pem"
    for path, content in zip(paths, (signed.public_bytes(serialization.Encoding.PEM), private), strict=True):
        path.write_bytes(content)
    return str(paths[0]), str(paths[1])


def hashed(directory: Path, *certificates: str) -> str:
    """A directory of authorities as OpenSSL reads it, made of certificates of different names (openssl-rehash(1))."""
    directory.mkdir()
    for path in certificates:
        (directory / f"{_hash(Path(path))}.0").symlink_to(path)
    return str(directory)


def _hash(path: Path) -> str:
    """SHA-1 of the subject in lower case (X509_NAME_hash)."""
    subject = x509.load_pem_x509_certificate(path.read_bytes()).subject
    # Of each part's encoding, the two bytes that say it is a sequence by itself are left out.
    parts = [x509.Name([x509.NameAttribute(part.oid, str(part.value).lower())]).public_bytes()[2:] for part in subject]
    # No secret is made of it.
    return hashlib.sha1(b"".join(parts), usedforsecurity=False).digest()[3::-1].hex()


def mutual(own: tuple[str, str], client: str) -> ssl.SSLContext:
    """A server's side that shows ``own`` and refuses whoever does not show ``client``."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=client)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(*own)
    return context
