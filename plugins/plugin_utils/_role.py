# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role auth_headers asks, so that a header comes of the credential it checked. Private to this collection."""

from __future__ import annotations

from . import _options, _provider, _road, _seal
from ._errors import AuthError, CacheError, CredentialError

_MOVE = (
    "Options that were given to the role alone, or by module_defaults, are gone by then: put them where the header "
    "is used, into the inventory, the play's vars or set_fact."
)


def fingerprint(call: _road.Call) -> str:
    """A name for the credential that tells nothing about it and means something in this run only."""
    wish = call.wish()
    try:
        return _seal.Seal(wish.secret, wish.identity, call.run.cache.salt()).name
    except CacheError as error:
        problem = str(error)
    raise AuthError(problem)


def checked_call(
    provider: _provider.Provider,
    definitions: _options.Definitions,
    sources: _options.Sources,
    run: _road.Run,
    expected: str,
) -> _road.Call:
    """What ``_road.call`` gives, of the credential with that fingerprint. Raises CredentialError for another one."""
    header = f"auth_headers_{provider.name}"
    try:
        found = _road.call(provider, definitions, sources, run)
    except CredentialError as error:
        problem = f"{header} finds no credential where it is used. {_MOVE} The cause: {error}"
        raise CredentialError(problem) from None
    if fingerprint(found) != expected:
        raise CredentialError(f"{header} finds another credential than the one that the role checked. {_MOVE}")
    return found
