# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the tokens of one session come from. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable

from .. import _token
from .._http import masking
from .._options.options import Options
from .._value import Value
from .base import Credential

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings
    from .._oauth2.endpoint import Revocation
    from .._tokens.backend import Display


class TokenSource(Value):
    """A credential, and how requests with it are made.

    :param service: what is asked, for sentences.
    :param secrets: what must never be in a sentence.
    :param follows: the option that decides the addresses which nobody has set; None where they are always the same.
    """

    credential: Credential
    options: Options
    service: str
    secrets: tuple[str, ...]
    display: Display
    follows: Callable[[Options], str] | None = None

    def grant(self, clock: _token.Clock) -> _token.TokenResponse:
        """What a request with the credential brings. Raises ServiceError."""
        return self.credential.grant(self.settings(), clock)

    def renew(self, clock: _token.Clock, refresh_token: str) -> _token.TokenResponse:
        """What a request with a refresh token brings. Raises ServiceError."""
        return self.credential.renew(self.settings(refresh_token), clock, refresh_token)

    def revocation(self, token: _token.Token) -> Revocation | None:
        """How a token is revoked; None where the provider has no way to. Raises ServiceError."""
        return self.credential.revocation(self.settings(token.text), token.text)

    def again(self) -> tuple[str, TokenSource] | None:
        """The permanent secret as it is at this moment, and how it is asked with; None where it is the same.

        Raises CredentialError.
        """
        credential = self.credential.again()
        if credential is self.credential or credential.secret == self.credential.secret:
            return None
        masking.register(credential.secrets)
        secrets = (*self.secrets, *credential.secrets)
        return credential.secret, self._replace(credential=credential, secrets=secrets)

    def settings(self, *secrets: str) -> HttpSettings:
        """How requests are made.

        :param secrets: what else must never be in a sentence.
        """
        # Imported here, because a token from the cache makes no request.
        from .. import _waits
        from .._http.settings import HttpSettings

        options = self.options
        return HttpSettings(
            service=self.service,
            timeout=options.number("timeout"),
            retries=options.number("retries"),
            validate_certs=options.flag("validate_certs"),
            ca_path=options.text("ca_path"),
            client_cert=options.text("client_cert"),
            client_key=options.text("client_key"),
            proxy=options.text("proxy"),
            secrets=(*self.secrets, *secrets),
            say=_waits.speaker(self.display.warning, self.display.v),
            warn=self.display.warning,
            remark=self.display.v,
            decrypt=options.sources.decrypt,
            source=options.source,
            address=self._address,
            whence=self._whence,
            ways=options.ways,
        )

    def _address(self, option: str) -> str:
        """The option that decides an address, for a sentence, with what does where nobody has set it."""
        options = self.options
        if option not in options.settings or options.is_set(option):
            return option
        how = f"it follows from {options.as_said(self.follows(options))}" if self.follows else "this is its default"
        return f"{option} (not set, so {how})"

    def _whence(self, option: str) -> str:
        """The same with where it came from, as the end of a sentence."""
        options = self.options
        # One that another option holds is called by its key there, and came from where that one did.
        named = (each for each in options.settings if options.settings[each].key and options.as_said(each) == option)
        held = next(named, None)
        name = option if held is None else options.settings[held].family
        said = options.whence(name).removeprefix(name)
        return f"{option}{said}" if said else self._address(option)
