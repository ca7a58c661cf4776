# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The way from options to a result, the same for a task and for a lookup. Private to this collection."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .._errors import ServiceError
from .._http import masking
from .._options.options import Definitions, Options, Sources, resolve
from .._providers import remarks
from .._providers.base import Credential, Provider, choose
from .._providers.source import TokenSource
from .._tokens.cache import TokenCache, TokenResult, TokenSpec
from .._tokens.files import Directory
from .._tokens.manager import TokenManager
from .._value import Value
from .checks import check
from .places import user_cache
from .result import result_of

if t.TYPE_CHECKING:
    from .._providers.service_api import Api
    from .._tokens.backend import Backend, Display
    from .durability import Durability
    from .whoami import Question

# Options that hold an address, and what in it makes it a secret.
_ADDRESSES = {"proxy": "@", "cache": "://"}


class Run(Value):
    """The run of Ansible that a call belongs to.

    :param local_tmp: its directory for temporary files, shared by all forks and removed at its end.
    """

    local_tmp: Path
    display: Display

    @property
    def cache(self) -> Directory:
        return Directory(self.local_tmp / "netapi_auth", kind="run")


class Session(Value):
    """One call of a task or lookup, with its options resolved and its credential checked."""

    provider: Provider
    method: str
    options: Options
    credential: Credential
    run: Run

    def result(self) -> dict[str, t.Any]:
        """The token as the user asked for it. Raises ServiceError, and CredentialError for one that has expired."""
        self.announce()
        with self.explained():
            result, identity = self._answer()
        self.remark(result)
        return result_of(
            result,
            provider=self.provider.name,
            method=self.method,
            api_url=self.credential.api_url,
            identity=identity,
        )

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """A context in which a refusal says which account was used."""
        try:
            yield
        except ServiceError as error:
            from . import provenance

            provenance.explain(error, self.account)
            raise

    def remark(self, result: TokenResult) -> None:
        """What comes after a token was obtained."""
        secrets = (*result.token.secrets, *filter(None, (result.successor,)))
        masking.register(masking.of_token(result.token.text, secrets))
        if result.source != "cache":
            self._remark(result)

    @property
    def caution(self) -> str:
        """Why a refresh token should not be used, because no cache would keep its successor; empty for no cause."""
        return "" if self.credential.given is None else self._durability.before

    def _answer(self) -> tuple[TokenResult, dict[str, t.Any] | None]:
        """The token, and whose it is where ``whoami`` asks that."""
        manager = self.manager()
        spec = self.spec()
        result = manager.token(spec, refresh=self.options.flag("refresh"))
        if not self.options.flag("whoami"):
            return result, None
        question = self.question(self.options.as_said("api_url"))
        result, identity = question.answered(manager, spec, result)
        if ahead := question.ahead(result.token, identity):
            self.run.display.warning(f"{self.provider.plugin}: {ahead}")
        return result, identity

    def api(self) -> tuple[Api, dict[str, t.Any]]:
        """The service's API with a token that it has just taken, and whose that is. Raises ServiceError."""
        self.announce()
        manager, spec = self.manager(), self.spec()
        question = self.question(self.options.as_said("api_url"))
        result, identity = question.answered(manager, spec, manager.token(spec))
        masking.register(masking.of_token(result.token.text, result.token.secrets))
        return question.api(result.token), identity

    def question(self, url_option: str) -> Question:
        """The question whose token it is, at an address that this option decides."""
        from .whoami import Question

        return Question(self.provider, self.credential.api_url, self._source.settings(), url_option, self.credential)

    @property
    def account(self) -> str:
        """Which account this is, as a sentence."""
        # Imported here, because only a remark at -v and a refusal need it.
        from . import provenance

        return provenance.sentence(self.provider, self.method, self.options)

    def announce(self) -> None:
        """What is to be done and said before a token is asked for, since an error of that is shown too."""
        masking.register(self.secrets)
        self._warn_of_short_secrets()
        if self.run.display.verbosity > 0:
            from . import provenance

            if provenance.is_first(self.run.cache, self.spec(), self.account):
                self.run.display.v(self.account)

    def invalidate(self, text: str) -> bool:
        """Mark exactly this token, which a service refused, as expired. Whether another one is worth a try."""
        return self.manager().invalidate(self.spec(), text)

    @property
    def secrets(self) -> tuple[str, ...]:
        """All given values that must not be shown, with each address that may hold a password, and its password."""
        given = [self.options.text(name) for name in self.provider.secrets]
        addresses = [text for name in _ADDRESSES for text in self.secrets_of_address(name)]
        return (*filter(None, given), *addresses, *filter(None, self.credential.secrets))

    @property
    def own_secrets(self) -> tuple[str, ...]:
        """The secrets of the credential that is used, without those of others that were given."""
        given = [self.options.text(name) for name in self._secret_options()]
        return (*filter(None, given), *filter(None, self.credential.secrets))

    def secrets_of_address(self, name: str) -> tuple[str, ...]:
        """The address in an option that may hold a password, and the password."""
        text = self.options.text(name) or ""
        if _ADDRESSES[name] not in text:
            return ()
        return (text, unquote(text.rpartition("@")[0].rpartition(":")[2])) if "@" in text else (text,)

    def _secret_options(self) -> list[str]:
        """The options of the method that hold secrets."""
        method = self.provider.method(self.method)
        names = {*method.selected_by, *method.needs, *method.uses}
        return [name for name in self.provider.secrets if name in names]

    def remove(self, *, check_mode: bool) -> dict[str, t.Any]:
        """The result of ``state: absent``. Raises ServiceError, and AuthError when a cache could not be changed."""
        from .removal import remove

        return remove(self.manager(asks=False), self.spec(), self._source, check_mode=check_mode)

    def _warn_of_short_secrets(self) -> None:
        given = {name: self.options.text(name) for name in self._secret_options()}
        short = [name for name, text in given.items() if text and masking.is_short(text)]
        if short or any(map(masking.is_short, filter(None, self.credential.secrets))):
            what = self.options.source(short[0]) if short else f"a part of the credential ({self.method})"
            self.run.display.warning(
                f"{self.provider.plugin}: {what} is shorter than eight characters, so it is replaced nowhere in what "
                "is shown. Use a longer one."
            )

    def _remark(self, result: TokenResult) -> None:
        """Warn of a given token that is about to expire, and of a refresh token whose successor may be lost."""
        token = result.token
        left = None if token.expires_at is None else token.expires_at - result.at
        if result.source == "given" and left is not None and left < self.options.number("min_validity"):
            where = self.options.source(self.method)
            self.run.display.warning(
                f"{self.provider.plugin}: the token in {where} lives only {max(0, int(left))} seconds more. "
                "Give a later one."
            )
        if result.successor is not None and (warning := self._durability.after(result.kept)):
            self.run.display.warning(warning)

    @property
    def _source(self) -> TokenSource:
        label, follows = self.provider.label, self.provider.method(self.method).follows
        return TokenSource(self.credential, self.options, label, self.secrets, self.run.display, follows)

    def spec(self) -> TokenSpec:
        """Which token is wanted."""
        credential = self.credential
        return TokenSpec(
            label=f"{self.provider.label} {self.method}",
            issuer_host=urlsplit(credential.issuer_url).netloc,
            secret=credential.secret,
            identity={**credential.identity, "provider": self.provider.name, "method": self.method},
            source=self._source,
            ready=credential.ready,
            given=credential.given,
            once=credential.personal,
            caution=self.caution,
            turn=credential.turn,
        )

    @property
    def _wanted_cache(self) -> str:
        """The option's value. Unset, it is ``user`` for a refresh token, which the next run needs, else ``run``."""
        if self.options.is_set("cache"):
            return self.options.text("cache") or ""
        return "run" if self.credential.given is None else "user"

    @property
    def _durability(self) -> Durability:
        from .durability import Durability

        return Durability(self.provider.label, self._wanted_cache)

    def manager(self, *, asks: bool = True) -> TokenManager:
        """The token manager for this session.

        :param asks: whether a token may be asked for.
        """
        backends = self._backends()
        # A given refresh token is not sent while its cache fails, so "more tokens are asked for" would be wrong.
        told = {} if asks and self.credential.given is None else {"meanwhile": ""}
        cache = TokenCache(
            **told,
            display=self.run.display,
            backends=backends,
            fallback=self.run.cache if len(backends) > 1 else None,
            min_validity=self.options.number("min_validity"),
        )
        return TokenManager(cache, self.patience)

    @property
    def patience(self) -> float:
        """Seconds to wait for another process: as long as a slow grant takes.

        That is connecting and reading at each try, for discovery too, and the waits between. A refresh token may have
        one more try.
        """
        tries = self.options.number("retries") + 1
        return float(2 * 2 * self.options.number("timeout") * (tries + 1) + 60 * (tries - 1))

    def _backends(self) -> tuple[Backend, ...]:
        """The wanted cache and, where that outlives the run, the run's own as its fallback."""
        wanted = self._wanted_cache
        if self.credential.personal and wanted != "run":
            self.run.display.v(
                f"{self.provider.label} {self.method}: what comes of a password is kept for this run only."
            )
            wanted = "run"
        if wanted == "none":
            return ()
        if wanted == "run":
            return (self.run.cache,)
        if "://" in wanted:
            return (self.redis(wanted), self.run.cache)
        if (user := user_cache()) is None:
            self.run.display.warning(
                "There is no home directory for the token cache, so tokens are kept for this run only."
            )
            return (self.run.cache,)
        return (user, self.run.cache)

    def redis(self, address: str) -> Backend:
        # Imported here, because the other caches need none of it.
        from .._tokens.redis_backend import Redis

        return Redis(address, self.run.display.warning, self.options.source("cache"))


def begin(provider: Provider, definitions: Definitions, sources: Sources, run: Run) -> Session:
    """A session with these options, checked as far as is possible without the network.

    Raises OptionError and CredentialError.
    """
    options = resolve(definitions, sources).found(provider.find())
    check(options)
    remarks.on_names(provider, definitions, sources.variables, run.display.warning)
    if provider.expand is not None:
        options = provider.expand(options)
    method = choose(provider, options)
    remarks.on_halves(provider, method, options, run.display.warning)
    remarks.on_values(provider, method, options, run.display.warning)
    if method.opened is not None:
        options = method.opened(options, run.display.warning)
    return Session(provider, method.name, options, method.make(options, run.display.warning), run)
