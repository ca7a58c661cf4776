# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The road from options to a result, the same for a task and for a lookup. Private to this collection."""

from __future__ import annotations

import os
import typing as t
from dataclasses import dataclass
from pathlib import Path

from . import _broker, _cache, _http, _options, _provider, _result
from ._errors import AuthError, CredentialError, OptionError, reason

_MOVE = (
    "Options that were given to the role alone are gone by then: put them where the header is used, into the "
    "inventory, the play's vars or set_fact."
)


@dataclass(frozen=True)
class Run:
    """The run of Ansible that a call belongs to.

    :param local_tmp: its directory for temporary files, shared by all forks and removed at its end.
    """

    local_tmp: Path
    voice: _broker.Voice

    @property
    def cache(self) -> _cache.Directory:
        return _cache.Directory(self.local_tmp / "netapi_auth")


@dataclass(frozen=True)
class Call:
    """One call of a task or lookup, with its options resolved and its credential checked."""

    provider: _provider.Provider
    method: str
    options: _options.Options
    credential: _provider.Credential
    run: Run

    def result(self) -> dict[str, t.Any]:
        """The token as the user asked for it. Raises ServiceError, and CredentialError for one that has expired."""
        route = self._route()
        handout = self._new_broker().token(self._wish(route), refresh=self.options.flag("refresh"))
        left = None if handout.token.expires_at is None else handout.token.expires_at - handout.at
        if handout.source == "given" and left is not None and left < self.options.number("min_validity"):
            self.run.voice.warning(
                f"The token given to {self.provider.plugin} lives only {int(left)} seconds more. Give a later one."
            )
        return _result.result(
            handout,
            provider=self.provider.name,
            method=self.method,
            api_url=self.credential.api_url,
            identity=self._whoami(route, handout) if self.options.flag("whoami") else None,
        )

    def fingerprint(self) -> str:
        """A name for the credential that tells nothing about it and means something in this run only."""
        try:
            return self._new_broker(self.run.cache).fingerprint(self._wish(self._route()))
        except OSError as error:
            problem = f"The local temporary directory of Ansible cannot be written ({reason(error)}). Make room there."
        raise AuthError(problem)

    def _wish(self, route: _http.Route) -> _broker.Wish:
        return _broker.Wish(
            label=f"{self.provider.label} {self.method}",
            secret=self.credential.secret,
            identity={**self.credential.identity, "provider": self.provider.name, "method": self.method},
            grant=lambda clock: self.credential.grant(route, clock),
            ready=self.credential.ready,
        )

    def _new_broker(self, cache: _cache.Directory | None = None) -> _broker.Broker:
        wanted = self.run.cache if self.options.text("cache") == "run" else None
        timeout, tries = self.options.number("timeout"), self.options.number("retries") + 1
        return _broker.Broker(
            voice=self.run.voice,
            cache=cache or wanted,
            min_validity=self.options.number("min_validity"),
            # What a grant takes at worst, discovery included: connecting and reading at each try.
            patience=float(2 * 2 * timeout * tries),
        )

    def _route(self) -> _http.Route:
        options = self.options
        secrets = [options.text(name) for name in self.provider.secrets]
        return _http.Route(
            service=self.provider.label,
            timeout=options.number("timeout"),
            retries=options.number("retries"),
            validate_certs=options.flag("validate_certs"),
            ca_path=options.text("ca_path"),
            client_cert=options.text("client_cert"),
            client_key=options.text("client_key"),
            proxy=options.text("proxy"),
            secrets=tuple(filter(None, [*secrets, self.credential.secret])),
        )

    def _whoami(self, route: _http.Route, handout: _broker.Handout) -> dict[str, t.Any]:
        def get(path: str) -> t.Any:
            request = _http.Request(
                "GET",
                self.credential.api_url + path,
                url_option="api_url",
                refused="the token and the credential that it came from, and api_url",
                forbidden="what the credential may do, and that it is of the account at api_url",
                headers=handout.token.headers,
            )
            return _http.send(route, lambda: request)

        return self.provider.whoami(get, handout.token)


def call(provider: _provider.Provider, definitions: _options.Definitions, sources: _options.Sources, run: Run) -> Call:
    """What the options say, checked as far as it goes without the network. Raises OptionError, CredentialError."""
    options = _options.resolve(definitions, sources).found(provider.find())
    _check(options)
    method = _provider.choose(provider, options)
    return Call(provider, method.name, options, method.make(options, run.voice.warning), run)


def checked_call(
    provider: _provider.Provider,
    definitions: _options.Definitions,
    sources: _options.Sources,
    run: Run,
    fingerprint: str,
) -> Call:
    """The same for a header of the role auth_headers, whose credential must be the one that the role checked."""
    header = f"auth_headers_{provider.name}"
    try:
        found = call(provider, definitions, sources, run)
    except CredentialError as error:
        problem = f"{header} finds no credential where it is used. {_MOVE} The cause: {error}"
        raise CredentialError(problem) from None
    if found.fingerprint() != fingerprint:
        raise CredentialError(f"{header} finds another credential than the one that the role checked. {_MOVE}")
    return found


def _check(options: _options.Options) -> None:
    """What a type does not say. Raises OptionError."""
    if options.number("timeout") < 1:
        raise OptionError("timeout must be 1 second or more. Correct it.")
    for name in ("ca_path", "client_cert", "client_key"):
        path = options.text(name)
        if path is not None and not os.access(path, os.R_OK):
            raise OptionError(
                f"{name} names {path}, which is absent or cannot be read. Correct the path or its rights."
            )
    if options.is_set("client_key") and not options.is_set("client_cert"):
        raise OptionError("client_key is set, but client_cert is not. Set both, or leave both out.")
