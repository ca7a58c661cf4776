# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates for loopback, and servers that want one."""

from __future__ import annotations

import datetime as dt
import ssl
import subprocess
from pathlib import Path

import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def certificate(
    directory: Path, *, address: str = "127.0.0.1", ended: bool = False, name: str | None = None
) -> tuple[str, str]:
    """Write a certificate with that of its authority, which nobody trusts, and its key; their paths.

    :param ended: whether its time is over.
    :param name: the common name of its subject.
    """
    authority = trustme.CA()
    end = dt.datetime.now(dt.UTC) - dt.timedelta(days=1) if ended else None
    own = authority.issue_cert(address, common_name=name, not_after=end)
    paths = directory / "authority.pem", directory / "key.pem"
    paths[0].write_bytes(own.cert_chain_pems[0].bytes() + authority.cert_pem.bytes())
    own.private_key_pem.write_to_path(str(paths[1]))
    return str(paths[0]), str(paths[1])


def hashed(directory: Path, *certificates: str) -> str:
    """A directory of authorities as OpenSSL reads it, of what ``certificate`` has written."""
    directory.mkdir()
    for number, path in enumerate(certificates):
        authority = x509.load_pem_x509_certificates(Path(path).read_bytes())[-1]
        (directory / f"{number}.pem").write_bytes(authority.public_bytes(Encoding.PEM))
    subprocess.run(["openssl", "rehash", directory], check=True)
    return str(directory)


def mutual(own: tuple[str, str], client: str) -> ssl.SSLContext:
    """A server's side that shows ``own`` and refuses whoever does not show ``client``."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=client)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_cert_chain(*own)
    return context
