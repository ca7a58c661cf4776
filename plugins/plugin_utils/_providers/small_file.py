# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Files that hold one key, or what belongs to one. Private to this collection."""

from __future__ import annotations

import json
import os
import stat
import typing as t
from collections.abc import Mapping

from .. import _vaulted
from .._errors import CredentialError, reason
from .._options.options import Options

# Bytes. A JWKS of several RSA keys has a tenth of it.
_LARGEST = 65536


def content(path: str, where: str) -> bytes:
    """What the file holds. Raises CredentialError, whose sentence has no path: it may be a mistaken secret.

    :param where: the option with its source, for sentences.
    """
    try:
        # A pipe without a writer would keep us here.
        with open(path, "rb", opener=lambda name, flags: os.open(name, flags | os.O_NONBLOCK)) as file:
            if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                found = file.read(_LARGEST + 1)
                if len(found) <= _LARGEST:
                    return found
    except OSError as error:
        problem = f"{where} names a file that cannot be read ({reason(error)}). Correct the path, or its rights."
        raise CredentialError(problem) from None
    raise CredentialError(
        f"{where} names what is no file of a key: it is none, or has more than 64 KiB. Correct the path."
    )


def opened(found: bytes, where: str, options: Options) -> bytes:
    """The same without the vault around it. Raises CredentialError where that stays shut."""
    if _vaulted.is_encrypted(found):
        return _vaulted.opened(f"The key in {where}", found, options.sources.decrypt)
    return found


def json_object(found: bytes, where: str, remedy: str) -> Mapping[str, t.Any]:
    """The JSON object in it. Raises CredentialError with the remedy."""
    try:
        values = json.loads(found)
    except (ValueError, RecursionError):
        values = None
    if isinstance(values, dict):
        return values
    raise CredentialError(f"{where} gives no JSON object. {remedy}")
