# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The id of one account is never used with the secret of another. Private to this collection."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .._errors import CredentialError
from .options import Options, Setting


def check(options: Options, secret: str, *ids: str) -> None:
    """Raise CredentialError for an id that is not the one beside the secret, where its source has one."""
    held = options.settings[secret]
    for name in ids:
        own = options.beside(name, held)
        if own is not None:
            compare(options, secret, name, own)


def compare(options: Options, secret: str, name: str, own: Setting) -> None:
    """Raise CredentialError when the id in use is not ``own``, which belongs to the secret."""
    if options.settings[name].value != own.value:
        raise CredentialError(
            f"{options.source(name)} is another one than the {name} from {own.source}, to which the secret belongs "
            f"that would be used with it. That is {secret}, from {options.settings[secret].source}. Give both in one "
            f"place, or do not set {name} by {options.settings[name].source}."
        ).because("two_accounts", name)


def remark(
    options: Options, secret: str, used: str, owns: Iterable[Setting | None], warn: Callable[[str], None]
) -> None:
    """Warn of an endpoint that is used in place of one of those beside the secret."""
    for own in filter(None, owns):
        if options.settings[used].value != own.value:
            warn(
                f"{options.source(used)} is used with {options.source(secret)} beside which {own.source} says another "
                "address. Leave one of them out."
            )
