# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials file that NetFoundry's console gives. Private to this collection."""

from __future__ import annotations

import json
import os
from pathlib import Path

from ._errors import CredentialError, reason
from ._options import Options, Setting
from ._provider import Warn

_KEYS = {"client_id": "clientId", "client_secret": "password", "token_url": "authenticationUrl"}
_REMEDY = "Download it from the console again, or correct credentials_file."


def merged(options: Options, warn: Warn) -> Options:
    """The options with those of the credentials file that they name, which count as said where the file was named.

    The file is left alone when id and secret were both said at least as specifically.
    """
    path = options.text("credentials_file") or ""
    level = options.level("credentials_file")
    said = {name: options.is_set(name) and options.level(name) <= level for name in _KEYS}
    if said["client_id"] and said["client_secret"]:
        return options
    values = read(path, warn)
    settings = {name: Setting(values[key], level, f"{key} in {path}") for name, key in _KEYS.items() if not said[name]}
    return Options(options.definitions, {**options.settings, **settings}, options.argument)


def read(path: str, warn: Warn) -> dict[str, str]:
    """The three values of a credentials file. Raises CredentialError, which names the path and the key."""
    try:
        with Path(path).open("rb") as file:
            if os.fstat(file.fileno()).st_mode & 0o044:
                warn(f"The credentials file {path} can be read by others. Take their right to read it (chmod 600).")
            content = file.read(1024 * 1024)
    except OSError as error:
        problem = (
            f"The credentials file {path} cannot be read ({reason(error)}). Correct credentials_file, or its rights."
        )
        raise CredentialError(problem) from None
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise CredentialError(f"The credentials file {path} holds no JSON object. {_REMEDY}")
    lacking = [key for key in _KEYS.values() if not isinstance(values.get(key), str) or not values[key]]
    if lacking:
        raise CredentialError(f"The credentials file {path} has no text at {' and '.join(lacking)}. {_REMEDY}")
    return values
