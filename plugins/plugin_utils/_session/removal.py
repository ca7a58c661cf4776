# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What ``state: absent`` does. Private to this collection."""

from __future__ import annotations

import typing as t

from .. import _token
from .._providers.source import TokenSource
from .._tokens.cache import TokenSpec
from .._tokens.manager import TokenManager


def remove(manager: TokenManager, spec: TokenSpec, source: TokenSource, *, check_mode: bool) -> dict[str, t.Any]:
    """Forget the cached token, and revoke it where the provider can; in check mode, say what would be done.

    Raises ServiceError for a revocation that fails; the token is forgotten all the same. Raises AuthError when
    a cache could not be changed.
    """
    found = manager.cached(spec)
    if found is None:
        stays = "" if spec.given is None else " A successor of refresh_token, if there is one, is kept."
        return {"changed": False, "msg": f"There is no cached token of this credential.{stays}"}
    if check_mode:
        lives = found.token.lives(found.at, 0)
        is_revoked = lives and source.revocation(found.token) is not None
    else:
        with manager.removing(spec) as token:
            is_revoked = token is not None and _revoked(source, token)
            if is_revoked:
                manager.cache.display.v(f"{spec.label}: token revoked at {spec.issuer_host}.")
    done = "forgotten and revoked" if is_revoked else "forgotten; there was nothing to revoke, or no way to"
    if spec.given is not None:
        done = "forgotten and not revoked, which could end the sign-in; the successor of refresh_token is kept"
    return {"changed": is_revoked, "msg": f"The cached token {'would be' if check_mode else 'was'} {done}."}


def _revoked(source: TokenSource, token: _token.Token) -> bool:
    """Whether the token was revoked; not where the provider has no way to, or none for its kind."""
    revocation = source.revocation(token)
    return revocation is not None and revocation.send()
