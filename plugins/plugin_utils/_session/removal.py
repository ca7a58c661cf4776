# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``state: absent`` does. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .. import _token
from .._errors import AuthError
from .._tokens.cache import TokenSpec
from .._tokens.manager import TokenManager

# Whether the token was revoked; not where the provider has no way to for its kind. May raise ServiceError.
Revoke = Callable[[_token.Token], bool]


def remove(
    manager: TokenManager, spec: TokenSpec, revocation: Callable[[_token.Token], Revoke | None], *, check_mode: bool
) -> dict[str, t.Any]:
    """Forget the cached token, and revoke it where the provider can; in check mode, say what would be done.

    :param revocation: what revokes that token; None where the provider has no way to.

    Raises ServiceError for a revocation that fails; the token is forgotten all the same. Raises AuthError when
    a cache could not be changed.
    """
    found = manager.cached(spec)
    if found is None:
        return {"changed": False, "msg": "There is no cached token of this credential."}
    revoked: list[str] = []

    def last(token: _token.Token) -> None:
        revoke = revocation(token)
        if revoke is None:
            return
        if not check_mode:
            if not revoke(token):
                return
            manager.display.v(f"{spec.label}: token revoked at {spec.issuer_host}.")
        revoked.append(token.text)

    if not check_mode:
        if not manager.remove(spec, last):
            raise AuthError("The cached token could not be removed. Correct what the warning about the cache says.")
    elif found.token.lives(found.at, 0):
        last(found.token)
    done = "forgotten and revoked" if revoked else "forgotten; there was nothing to revoke, or no way to"
    if spec.given is not None:
        done = "forgotten and not revoked, which could end the sign-in; the successor of refresh_token is kept"
    return {"changed": bool(revoked), "msg": f"The cached token {'would be' if check_mode else 'was'} {done}."}
