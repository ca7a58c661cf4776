# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The encryption of cache entries. Private to this collection.

Keys come from the permanent credential and the cache's salt (HKDF, RFC 5869): who cannot show the credential
can neither read an entry nor tell whose it is, and a changed secret never finds one.
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
    # The core brings it, but checkers import this file without.
    HAS_CRYPTOGRAPHY = False
else:
    HAS_CRYPTOGRAPHY = True

_VERSION = b"netapi.auth 1"
_NONCE = 12


class EntryCipher(Value):
    """Decrypts and encrypts the one entry of one credential.

    :param secret: the permanent credential.
    :param identity: what else makes its tokens different; no secret.
    :param salt: the random salt of the place where the entry lies.
    """

    secret: str
    identity: Mapping[str, str]
    salt: bytes

    @functools.cached_property
    def name(self) -> str:
        """The entry's name: says nothing to whoever lacks the credential or the salt."""
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
    """Have OpenSSL look up its algorithms, which it does at their first use, before processes are forked."""
    if HAS_CRYPTOGRAPHY:
        cipher = EntryCipher("", {}, b"")
        cipher.decrypt(cipher.encrypt(b""))
