# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets out of what a user sees. Private to this collection."""

from __future__ import annotations

import base64
import importlib
import json
import typing as t
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import quote, quote_plus

try:
    # By its name, because type checkers run where an older core is installed.
    _core: t.Any = importlib.import_module("ansible.module_utils.secrets")
except ImportError:
    # Before 2.22 the core masks nothing by itself.
    _core = None

# As the core writes it where no_log hides a part.
HIDDEN = "********"


def forms(secret: str) -> Iterator[str]:
    """The secret as it is and as it travels: in addresses, forms, base64 and JSON."""
    plain = secret.encode("utf-8", "surrogatepass")
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        coded = code(plain).decode()
        yield from (coded, coded.rstrip("="))
    yield from (secret, quote(plain, safe=""), quote(plain), quote_plus(plain), json.dumps(secret)[1:-1])


def mask(text: str, secrets: Iterable[str]) -> str:
    """The text with each secret replaced, in every form."""
    return _replaced(text, _known(secrets))


def hide(value: t.Any, secrets: Iterable[str]) -> t.Any:
    """A value as JSON has them, with the secrets in its texts and keys replaced."""
    return _hidden(value, _known(secrets))


def _known(secrets: Iterable[str]) -> list[str]:
    """Every form of every secret, the longest first, since one may be part of another."""
    return sorted({form for secret in secrets if secret for form in forms(secret)}, key=len, reverse=True)


def _replaced(text: str, known: Iterable[str]) -> str:
    for form in known:
        text = text.replace(form, HIDDEN)
    return text


def _hidden(value: t.Any, known: list[str]) -> t.Any:
    if isinstance(value, str):
        masked = _replaced(value, known)
        # The core marks texts with where they are from, and a replaced one would lose that.
        return value if masked == value else masked
    if isinstance(value, Mapping):
        return {_hidden(name, known): _hidden(each, known) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(each, known) for each in value]
    return value


def register(secrets: Iterable[str]) -> None:
    """Have the core replace the secrets wherever it shows something, where it can (from 2.22 on).

    Forks do not tell each other, so each hand-out registers its own.
    """
    if _core is not None:
        _core.register_secrets(form for secret in secrets if secret for form in forms(secret))
