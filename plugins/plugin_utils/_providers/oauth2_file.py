# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The file with a key that a provider gave, as options. Private to this collection."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable, Mapping

from .. import _vaulted
from .._errors import CredentialError
from .._options.options import Options, Setting
from . import small_file
from .oauth_options import joined

_REMEDY = "Download it from the provider again, or correct credentials_file."


def expanded(options: Options) -> Options:
    """The options with those that the file says, which count as said where the file was named.

    Raises CredentialError for a file that is none of those that are known, or is for another method than is said.
    """
    named = options.settings["credentials_file"]
    where = options.source("credentials_file")
    values = small_file.json_object(_content(str(named.value), where, options), where, _REMEDY)
    kind = str(values.get("type"))
    if kind not in _KINDS:
        raise CredentialError(
            f"{where} is of none of the types {', '.join(_KINDS)}, which are those of Google and Zitadel. {_REMEDY}"
        )
    said = _KINDS[kind](values)
    if lacking := [key for key, text in said.values() if not isinstance(text, str) or not text]:
        raise CredentialError(f"{where} gives no text at {' and '.join(lacking)}. {_REMEDY}")
    if options.text("method") not in (None, _METHODS[kind]):
        raise CredentialError(
            f"{where} is for the method {_METHODS[kind]}, and {options.source('method')} says another one. Leave "
            "method out, or credentials_file."
        )
    found = {name: Setting.held(str(text), key, "credentials_file", named) for name, (key, text) in said.items()}
    method = Setting.held(_METHODS[kind], "type", "credentials_file", named)
    # The key in it is the one that is meant, and the client that of the key unless somebody says another.
    keys = {name: setting for name, setting in found.items() if name.startswith("private_key")}
    options = options.without("private_key_file", "private_key_passphrase").found(found)
    options = options.overlaid({"method": method, **keys})
    return _with_claims(options, values, named) if kind == "service_account" else options


def _with_claims(options: Options, values: Mapping[str, t.Any], named: Setting) -> Options:
    """Google wants the account as ``iss``, no ``sub``, and the scope as a claim; what the user says counts."""
    scope = options.text("scope")
    claims = {"iss": values.get("client_email"), "sub": None}
    claims |= {"scope": joined(scope, options.source("scope"))} if scope else {}
    claims |= json.loads(options.text("assertion_claims") or "{}")
    setting = options.settings["assertion_claims"] if options.is_set("assertion_claims") else named
    return options.overlaid({"assertion_claims": setting._replace(value=json.dumps(claims))}).without("scope")


def _google(values: Mapping[str, t.Any]) -> dict[str, tuple[str, t.Any]]:
    """A service account's key. Its numeric client_id is none of OAuth 2.0's clients."""
    keys = {"private_key": "private_key", "private_key_id": "private_key_id", "token_url": "token_uri"}
    # The address is needed too, and goes into a claim.
    return {name: (key, values.get(key)) for name, key in keys.items()} | (
        {} if values.get("client_email") else {"client_id": ("client_email", None)}
    )


def _zitadel(values: Mapping[str, t.Any]) -> dict[str, tuple[str, t.Any]]:
    return {"private_key": ("key", values.get("key")), "private_key_id": ("keyId", values.get("keyId"))}


def _of_user(values: Mapping[str, t.Any]) -> dict[str, tuple[str, t.Any]]:
    return {**_zitadel(values), "client_id": ("userId", values.get("userId"))}


def _of_application(values: Mapping[str, t.Any]) -> dict[str, tuple[str, t.Any]]:
    return {**_zitadel(values), "client_id": ("clientId", values.get("clientId"))}


_KINDS: Mapping[str, Callable[[Mapping[str, t.Any]], dict[str, tuple[str, t.Any]]]] = {
    "service_account": _google,
    "serviceaccount": _of_user,
    "application": _of_application,
}
_METHODS = {"service_account": "jwt_bearer", "serviceaccount": "jwt_bearer", "application": "client_credentials"}


def _content(text: str, where: str, options: Options) -> bytes:
    """What the file holds: the option may hold that itself, or name a file."""
    content = text.encode()
    if not text.lstrip("\ufeff \t\r\n").startswith("{") and not _vaulted.is_encrypted(content):
        content = small_file.content(text, where)
    return small_file.opened(content, where, options)
