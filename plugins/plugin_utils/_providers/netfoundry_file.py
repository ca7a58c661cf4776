# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The credentials file that NetFoundry's console gives. Private to this collection."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from .. import _vaulted
from .._errors import CredentialError, reason
from .._options import accounts
from .._options.options import Options, Setting
from .._options.values import is_text, without_line_end
from . import oauth_options, small_file
from .base import Warn

_KEYS = {"client_id": "clientId", "client_secret": "password", "token_url": "authenticationUrl"}
_REMEDY = "Download it from the console again, or correct credentials_file."


def merged(options: Options, folders: Iterable[Path], warn: Warn) -> Options:
    """The options with those of the credentials file that they name, which count as said where the file was named.

    The file is left alone when id and secret, or what shows the client without one, were said at least as specifically.

    :param folders: where a bare name is looked for besides the working directory.
    """
    named = options.settings["credentials_file"]
    said = {name: options.is_set(name) and options.level(name) <= named.level for name in _KEYS}
    others = [name for name in oauth_options.PROOFS if name != "client_secret" and options.is_set(name)]
    if (said["client_id"] and said["client_secret"]) or any(options.level(name) <= named.level for name in others):
        return options
    where = options.source("credentials_file")
    values = parsed(_content(str(named.value), where, folders, options, warn), where)
    of_file = {name: Setting.held(values[key], key, "credentials_file", named) for name, key in _KEYS.items()}
    found = options.overlaid({name: setting for name, setting in of_file.items() if not said[name]})
    if not said["client_secret"]:
        accounts.compare(found, "client_secret", "client_id", of_file["client_id"])
        accounts.remark(found, "client_secret", "token_url", [of_file["token_url"]], warn)
    return found


def parsed(content: bytes, where: str) -> dict[str, str]:
    """The three values of a credentials file. Raises CredentialError, which names the key.

    :param where: the option with its source, for sentences.
    """
    values = small_file.json_object(content, where, _REMEDY)
    texts = {key: without_line_end(text) for key, text in values.items() if is_text(text)}
    if lacking := [key for key in _KEYS.values() if not texts.get(key)]:
        raise CredentialError(f"{where} gives no text at {' and '.join(lacking)}. {_REMEDY}")
    return texts


def _content(text: str, where: str, folders: Iterable[Path], options: Options, warn: Warn) -> bytes:
    """What the file holds, without the vault around it. No sentence has the path: it may be a mistaken secret."""
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return text.encode()
    if _vaulted.is_encrypted(text.encode()):
        return _vaulted.opened(f"The text of {where}", text.encode(), options.sources.decrypt)
    paths = [Path(text)]
    if text == Path(text).name:
        paths += [folder / text for folder in folders]
    try:
        with next(filter(os.path.exists, paths), paths[0]).open("rb") as file:
            content = file.read(1024 * 1024)
            is_open = os.fstat(file.fileno()).st_mode & 0o044
    except OSError as error:
        problem = (
            f"{where} names a file that cannot be read ({reason(error)}). Correct credentials_file, or its rights."
        )
        raise CredentialError(problem) from None
    if _vaulted.is_encrypted(content):
        return _vaulted.opened(f"The file of {where}", content, options.sources.decrypt)
    if is_open:
        warn(f"{where} names a file that others can read. Take their right to read it (chmod 600).")
    return content
