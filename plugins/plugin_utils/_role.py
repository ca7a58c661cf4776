# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the role auth_headers asks, so that a header comes of the credential it checked. Private to this collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from . import _options, _provider, _road, _seal
from ._errors import AuthError, CacheError, CredentialError, ServiceError

_MOVE = (
    "Options that were given to the role alone, or by module_defaults, are gone by then: put them where the header "
    "is used, into the inventory, the play's vars or set_fact."
)
# Seconds; the cache that remembers an answer ends with the run.
_A_DAY = 86400.0


def fingerprint(call: _road.Call) -> str:
    """A name for the credential that tells nothing about it and means something in this run only."""
    with _explained():
        return _seal_of(call, "").name


def check(call: _road.Call, *, asks: bool) -> str:
    """Obtain a token, and give the fingerprint of its credential. Raises what obtaining it raises.

    :param asks: whether a credential that nobody issues at this moment is asked who it is, once a run.
    """
    call.result()
    if asks and call.credential.ready:
        _ask_once(call)
    return fingerprint(call)


def _ask_once(call: _road.Call) -> None:
    """Raise ServiceError where the service refuses the credential, as it was raised before in this run."""
    cache = call.run.cache
    with _explained():
        seal = _seal_of(call, "whoami")
        # Past its patience it asks for itself, which does no harm.
        with cache.lock(seal.name, call.broker().patience):
            data = cache.get(seal.name)
            said = seal.open(data) if data is not None else None
            if said is None:
                said = _answer(call).encode()
                cache.put(seal.name, seal.close(said), time.time() + _A_DAY)
    if said:
        raise ServiceError(said.decode())


def _answer(call: _road.Call) -> str:
    """The sentence of a refusal; empty for a credential that is somebody. Raises ServiceError where nobody says."""
    wanted = _options.Setting(True, _options.Level.ARGUMENT, "the role auth_headers")
    asking = call._replace(options=call.options.overlaid({"whoami": wanted}))
    try:
        asking.result()
    except ServiceError as error:
        if error.status is None or error.status == 429 or error.status >= 500:
            raise
        return str(error)
    return ""


def _seal_of(call: _road.Call, kind: str) -> _seal.Seal:
    wish = call.wish()
    identity = {**wish.identity, "kind": kind} if kind else wish.identity
    return _seal.Seal(wish.secret, identity, call.run.cache.salt())


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except CacheError as error:
        problem = str(error)
    else:
        return
    raise AuthError(problem)


def checked_call(
    provider: _provider.Provider,
    definitions: _options.Definitions,
    sources: _options.Sources,
    run: _road.Run,
    expected: str,
) -> _road.Call:
    """What ``_road.call`` gives, of the credential with that fingerprint. Raises CredentialError for another one.

    :param expected: empty where the role has checked none.
    """
    header = f"auth_headers_{provider.name}"
    if not expected:
        raise CredentialError(
            f"The role's last check of the credential for {header} on this host failed or did not run. "
            "Correct what it said, and run the role again, for this host and with the tags of the play."
        )
    try:
        found = _road.call(provider, definitions, sources, run)
    except CredentialError as error:
        problem = f"{header} finds no credential where it is used. {_MOVE} The cause: {error}"
        raise CredentialError(problem) from None
    if fingerprint(found) != expected:
        raise CredentialError(f"{header} finds another credential than the one that the role checked. {_MOVE}")
    return found
