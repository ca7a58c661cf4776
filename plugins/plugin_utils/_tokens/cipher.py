# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Encryption of cache entries. Private to this collection.

Keys are derived from the permanent credential and the cache's salt (HKDF, RFC 5869). Without the credential nobody can
read an entry, or find out which credential it belongs to. With a changed secret no entry is found.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import json
import os
from collections.abc import Mapping

from .._errors import MissingLibraryError
from .._value import Value

try:
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
except ImportError:
    # ansible-core depends on it, but checkers import this file without it.
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

_VERSION = b"netapi.auth 1"
_NONCE = 12


class EntryCipher(Value):
    """Encrypts and decrypts the entry of one credential.

    :param secret: the permanent credential.
    :param identity: what else tells its tokens from others; no secret.
    :param salt: the random salt of the cache that holds the entry.
    """

    secret: str
    identity: Mapping[str, str]
    salt: bytes

    @functools.cached_property
    def name(self) -> str:
        """The entry's name. Without the credential and the salt it tells nothing."""
        text = json.dumps(self.identity, sort_keys=True).encode()
        return hmac.new(self._key(b"name"), text, hashlib.sha256).hexdigest()

    def encrypt(self, data: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + AESGCM(self._key(b"entry")).encrypt(nonce, data, self._bound_to())

    def decrypt(self, entry: bytes) -> bytes | None:
        """What was encrypted; None for an entry that is damaged, of another credential or of another version."""
        try:
            return AESGCM(self._key(b"entry")).decrypt(entry[:_NONCE], entry[_NONCE:], self._bound_to())
        except (InvalidTag, ValueError):
            return None

    def _bound_to(self) -> bytes:
        return _VERSION + self.name.encode()

    def _key(self, purpose: bytes) -> bytes:
        if not HAS_CRYPTOGRAPHY:
            raise MissingLibraryError("cryptography")
        kdf = HKDF(algorithm=SHA256(), length=32, salt=self.salt, info=_VERSION + b" " + purpose)
        return kdf.derive(self.secret.encode("utf-8", "surrogatepass"))


def load_algorithms() -> None:
    """Use each algorithm once before processes are forked: OpenSSL looks it up at its first use."""
    if HAS_CRYPTOGRAPHY:
        cipher = EntryCipher("", {}, b"")
        cipher.decrypt(cipher.encrypt(b""))
