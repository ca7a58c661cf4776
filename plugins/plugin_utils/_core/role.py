# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The check of the role auth_headers, so that a header has the checked credential. Private to this collection."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

from .._errors import AuthError, CacheError, CredentialError, ServiceError
from .._options.options import Definitions, Sources
from .._providers.base import Provider
from .._session.session import Run, Session, begin
from .._tokens.cipher import EntryCipher

_MOVE = (
    "Options that were given to the role alone, or by module_defaults, are gone by then: put them where the header "
    "is used, into the inventory, the play's vars or set_fact."
)
# Seconds; the cache that remembers an answer ends with the run.
_A_DAY = 86400.0


def fingerprint(session: Session) -> str:
    """A name for the credential that tells nothing about it and is valid in this run only."""
    with _explained():
        # A token from elsewhere may be replaced before the header is used.
        return _cipher_of(session, "", session.credential.lasting).name


def check(session: Session, *, asks: bool) -> str:
    """Obtain a token, and give the fingerprint of its credential. Raises what obtaining it raises.

    :param asks: whether the service is asked, once a run, whose a static credential is.
    """
    session.result()
    if asks and session.credential.ready:
        _ask_once(session)
    return fingerprint(session)


def _ask_once(session: Session) -> None:
    """Raise ServiceError where the service refuses the credential, as it was raised before in this run."""
    cache = session.run.cache
    with _explained():
        cipher = _cipher_of(session, "whoami")
        # After a wait that was too long it asks without the lock, which does no harm.
        with cache.lock(cipher.name, session.manager().patience):
            data = cache.get(cipher.name)
            said = cipher.decrypt(data) if data is not None else None
            if said is None:
                said = _answer(session).encode()
                cache.put(cipher.name, cipher.encrypt(said), time.time() + _A_DAY)
    if said:
        raise ServiceError(said.decode())


def _answer(session: Session) -> str:
    """The sentence of a refusal; empty where the service knows the credential. Raises ServiceError for a fault."""
    try:
        with session.explained():
            session.api()
    except ServiceError as error:
        if error.status is None or error.status == 429 or error.status >= 500:
            raise
        return str(error)
    return ""


def _cipher_of(session: Session, kind: str, secret: str | None = None) -> EntryCipher:
    spec = session.spec()
    identity = {**spec.identity, "kind": kind} if kind else spec.identity
    return EntryCipher(spec.secret if secret is None else secret, identity, session.run.cache.salt())


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except CacheError as error:
        problem = str(error)
    else:
        return
    raise AuthError(problem)


def checked_session(
    provider: Provider,
    definitions: Definitions,
    sources: Sources,
    run: Run,
    expected: str,
) -> Session:
    """What ``session.begin`` gives, of the credential with that fingerprint. Raises CredentialError for another one.

    :param expected: empty where the role has checked none.
    """
    header = f"auth_headers_{provider.name}"
    if not expected:
        raise CredentialError(
            f"The role's last check of the credential for {header} on this host failed or did not run. "
            "Correct what it said, and run the role again, for this host and with the tags of the play."
        )
    try:
        found = begin(provider, definitions, sources, run)
    except CredentialError as error:
        problem = f"{header} finds no credential where it is used. {_MOVE} The cause: {error}"
        raise CredentialError(problem) from None
    if fingerprint(found) != expected:
        raise CredentialError(f"{header} finds another credential than the one that the role checked. {_MOVE}")
    return found
