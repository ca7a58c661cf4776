# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One provider's examination: the calls that a task makes, one after the other. Private to this collection."""

from __future__ import annotations

import contextlib
import secrets
import time
import typing as t
from collections.abc import Mapping

from .._errors import AuthError, CacheError, CredentialError, ServiceError
from .._http import masking, urls
from .._options.options import Definitions, Sources
from .._providers.base import Provider
from .._session.session import Run, Session, begin
from . import codes, fingerprint
from .codes import CACHE, CHECKS, CLOCK, CONNECTION, IDENTITY, SETTINGS, SIGN_IN
from .report import Check, Finding, Report, Status

if t.TYPE_CHECKING:
    from .._tokens.backend import Backend
    from .._tokens.cache import TokenResult

_CLOCK_BEGINS = "The clock of this controller"
_NAME_BEGINS = "The variable "
_SUCCESSOR_SAYS = "its successor may end with this job"
# Of an identity, in this order; and characters of all that is told.
_TOLD = ("id", "name", "email", "role", "type", "sub", "shortname", "appname")
_LONGEST = 300
# Of these a text is described; never of a password.
_TOKENS = ("pat", "token", "refresh_token")
# Seconds for which the entry lives that is written to try a cache.
_TRIAL_LIFE = 60.0
# What is no fault of a token that was asked for, and of a given one, of which nothing else is known.
_TOLD_ELSEWHERE: dict[bool, tuple[type[AuthError], ...]] = {
    False: (CredentialError, ServiceError),
    True: (CredentialError,),
}
# With these a provider says that it does not tell whose a token is, which is no fault.
_TELLS_NOT = frozenset({400, 401, 403, 404})


class Listening:
    """A display that keeps the warnings."""

    def __init__(self, display: t.Any) -> None:
        self._display = display
        self.verbosity: int = display.verbosity
        self.heard: list[str] = []

    def warning(self, msg: str) -> None:
        self.heard.append(msg)

    def v(self, msg: str) -> None:
        self._display.v(msg)

    def vvv(self, msg: str) -> None:
        self._display.vvv(msg)


class StoppedError(Exception):
    """A check failed, so the later ones are not made."""


class Examination:
    """One provider, looked at."""

    def __init__(self, provider: Provider, definitions: Definitions, sources: Sources, run: Run) -> None:
        self._provider = provider
        self._definitions = definitions
        self._sources = sources
        self._display = Listening(run.display)
        self._run = Run(run.local_tmp, self._display)
        self._found: dict[str, list[Finding]] = {}
        self._reasons: dict[str, str] = {}
        self._session: Session | None = None

    def report(self) -> Report:
        """What was found. It never raises for what is wrong with the provider."""
        with contextlib.suppress(StoppedError):
            self._look()
        return self._report()

    def _look(self) -> None:
        session = self._settings()
        if session.credential.given is not None and not self._keeps(session):
            for name in CHECKS[1:]:
                self._reasons[name] = "the refresh token is used only where its successor is kept"
            return
        result = self._sign_in(session)
        self._identity(session, result)
        if not self._found.get(CACHE):
            self._cache(session)

    def _keeps(self, session: Session) -> bool:
        """Whether a cache that outlives the run takes the successor of the refresh token."""
        backends = session.manager().cache.backends
        if not backends or backends[0].kind == "run":
            text = session.caution or " ".join(self._display.heard)
            self._note(SETTINGS, Finding(Status.WARNING, text, codes.CAUTION, "cache"))
            return False
        self._cache(session)
        return all(found.status is Status.OK for found in self._found[CACHE])

    def _settings(self) -> Session:
        with _Asking(self, SETTINGS):
            self._session = session = begin(self._provider, self._definitions, self._sources, self._run)
            session.announce()
        self._note(SETTINGS, Finding(Status.OK, session.account))
        self._describe(session)
        return session

    def _sign_in(self, session: Session) -> TokenResult:
        with _Asking(self, SIGN_IN), session.explained():
            manager = session.manager()
            # A remembered refusal of a password stands: many hosts would lock the account.
            refresh = not session.credential.personal
            result = manager.token(session.spec(), refresh=refresh)
            session.remark(result)
        if result.source != "given":
            self._answers(session.credential.issuer_url)
            self._good(CLOCK, "No difference of the clocks was seen.")
            self._good(SIGN_IN, f"The token is {result.source}, {result.left}.")
        return result

    def _identity(self, session: Session, result: TokenResult) -> None:
        tolerated = () if self._provider.tells_all else _TOLD_ELSEWHERE[result.source == "given"]
        try:
            with _Asking(self, IDENTITY, tolerated), session.explained():
                question = session.question(session.options.as_said("api_url"))
                result, identity = question.answered(session.manager(), session.spec(), result)
        except AuthError as error:
            self._reasons[IDENTITY] = f"nobody says whose this token is: {codes.first_sentence(str(error))}"
            return
        where = self._identity_url(session)
        self._answers(where)
        secrets = (*session.secrets, *result.token.secrets)
        who = f"{self._provider.label} at {where}" if where else self._provider.label
        self._good(IDENTITY, f"{who} says whose this is: {_told(identity, secrets)}.")
        if ahead := question.ahead(result.token, identity):
            self._note(IDENTITY, Finding(Status.WARNING, ahead, codes.ENDING, session.method))

    def _cache(self, session: Session) -> None:
        if session.credential.ready:
            self._reasons[CACHE] = "a given token is kept in no cache"
            return
        backends = session.manager().cache.backends
        if not backends:
            self._reasons[CACHE] = "cache is none"
            return
        self._try(backends[0], is_needed=session.credential.given is not None)
        self._good(CACHE, f"The cache ({backends[0].kind.partition('-')[0]}) takes and gives entries.")

    def _try(self, backend: Backend, *, is_needed: bool) -> None:
        """Write an entry, read it back and remove it, as tasks do.

        :param is_needed: whether there is nothing to fall back on.
        """
        is_shared = backend.kind.startswith("redis") and not is_needed
        name = f"doctor-{secrets.token_hex(8)}"
        before = len(self._display.heard)
        try:
            backend.salt()
            with backend.lock(name, 0):
                backend.put(name, b"doctor", time.time() + _TRIAL_LIFE)
                backend.get(name)
            backend.drop(name)
        except CacheError as error:
            self._cache_fault(str(error), is_shared)
        except AuthError as error:
            self.stop(CACHE, error)
        for text in self._display.heard[before:]:
            self._cache_fault(text, is_shared)
        del self._display.heard[before:]

    def _cache_fault(self, text: str, is_shared: bool) -> None:
        status = Status.WARNING if is_shared else Status.FAILED
        code = "cache_shared_unusable" if is_shared else "cache_unusable"
        self._note(CACHE, Finding(status, text, code, "cache"))

    def _describe(self, session: Session) -> None:
        """Note what tells the given token from another."""
        name = session.method if session.method in _TOKENS else ""
        text = session.options.text(name) if name else None
        if said := fingerprint.described(text or "", self._provider.kind):
            self._note(SETTINGS, Finding(Status.OK, f"{name} is {said}.", option=name))

    def note_warnings(self, here: str) -> None:
        """Turn what was heard into findings. What is said of caches is found again when the cache is tried."""
        for text in self._display.heard:
            place = CLOCK if text.startswith(_CLOCK_BEGINS) else here
            if text.startswith(codes.CACHES):
                continue
            code = codes.NAME_ODD if text.startswith(_NAME_BEGINS) else codes.WARNED[place]
            if _SUCCESSOR_SAYS in text:
                place, code = CACHE, codes.SUCCESSOR
            self._note(place, Finding(Status.WARNING, text, code, self._option_in(text)))
        self._display.heard.clear()

    def _option_in(self, text: str) -> str:
        first = text.partition(",")[0]
        return first if first in self._definitions else ""

    def stop(self, here: str, error: AuthError) -> t.NoReturn:
        """Note what failed. Raises StoppedError."""
        place, found = codes.finding(error, here, self._definitions)
        begun = CHECKS.index(place)
        is_answer = isinstance(error, ServiceError) and error.status is not None
        if place in (CLOCK, SIGN_IN, IDENTITY) and is_answer and (session := self._session) is not None:
            self._answers(self._identity_url(session) if place == IDENTITY else session.credential.issuer_url)
        self._note(place, found)
        # Clocks are compared by what a sign-in answers.
        for name in CHECKS[CHECKS.index(CLOCK) if place == SIGN_IN else begun + 1 :]:
            self._reasons[name] = f"{place} is {found.status.word}"
        raise StoppedError from None

    def _note(self, place: str, found: Finding) -> None:
        self._found.setdefault(place, []).append(found)

    def _good(self, place: str, text: str) -> None:
        if not self._found.get(place):
            self._note(place, Finding(Status.OK, text))

    def _identity_url(self, session: Session) -> str:
        """The address of who says whose a token is: the issuer, where the service does not say it."""
        issuer = None if self._provider.tells_all else session.options.text("issuer")
        return issuer or session.credential.api_url

    def _answers(self, url: str) -> None:
        self._good(CONNECTION, f"{urls.without_secrets(url) if url else 'The service'} answers.")

    def _report(self) -> Report:
        checks = tuple(self._check(name) for name in CHECKS)
        status = max((check.status for check in checks), default=Status.OK)
        bad = [found for check in checks for found in check.findings if found.status is not Status.OK]
        worst = next((found for found in bad if found.status is status), None)
        # What is odd in the settings is the likely cause of a refusal, and none of a network that is down.
        is_refusal = status is Status.FAILED and not any(
            found.status is Status.FAILED
            for check in checks
            if check.name in (CONNECTION, CLOCK, CACHE)
            for found in check.findings
        )
        first = bad[0] if bad and is_refusal else worst
        if first is None:
            is_asked = any(check.name == CONNECTION and check.status is Status.OK for check in checks)
            said = "everything works." if is_asked else "no fault was found, and the service was not asked."
            return Report(self._provider.name, Status.OK, "", said, "", "", checks)
        text = codes.first_sentence(first.msg)
        return Report(self._provider.name, status, first.code, text, first.option, self._source(first.option), checks)

    def _check(self, name: str) -> Check:
        found = tuple(self._found.get(name, ()))
        reason = "" if found else self._reasons.get(name, "it is not in use")
        return Check(name, found, reason)

    def _source(self, option: str) -> str:
        if self._session is None or option not in self._session.options.settings:
            return ""
        options = self._session.options
        return options.settings[option].source if options.is_set(option) else ""


class _Asking:
    """A context in which a check is made: warnings become findings, and an error stops the examination.

    :param tolerates: the errors that mean no more than that nobody says whose a token is.
    """

    def __init__(self, of: Examination, check: str, tolerates: tuple[type[AuthError], ...] = ()) -> None:
        self._of = of
        self._check = check
        self._tolerates = tolerates

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self._of.note_warnings(self._check)
        if isinstance(error, AuthError) and not (isinstance(error, self._tolerates) and _tells_not(error)):
            self._of.stop(self._check, error)


def _told(identity: Mapping[str, t.Any], secrets: tuple[str, ...]) -> str:
    """What tells one identity from another, of what a service said."""
    said = {name: identity[name] for name in _TOLD if identity.get(name) and isinstance(identity[name], str)}
    return masking.plain(", ".join(f"{name} {value}" for name, value in said.items()), secrets)[:_LONGEST] or "nobody"


def _tells_not(error: AuthError) -> bool:
    return not isinstance(error, ServiceError) or (error.status in _TELLS_NOT and error.cause != "answered_by_another")
