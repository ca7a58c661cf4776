# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The grants of OAuth 2.0, as what a token request says besides who asks. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping

from .._http.request import Repeat
from .._value import Value

if t.TYPE_CHECKING:
    from .assertions import Assertion
    from .client_auth import Moment

CLIENT_CREDENTIALS = "client_credentials"
REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant
PASSWORD = "password"  # noqa: S105 - likewise
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"  # noqa: S105 - likewise
# What RFC 8693 section 3 calls the types of tokens.
_TOKEN_TYPE = "urn:ietf:params:oauth:token-type:"  # noqa: S105 - the beginning of a name
_SHORT_TYPES = ("access_token", "refresh_token", "id_token", "jwt", "saml2")


class Grant(Value):
    """One grant: its ``grant_type``, and what it sends.

    :param fields: None leaves a field out.
    :param extra: further parameters of the request; a list repeats one (RFC 8707).
    :param assertion: that of the JWT bearer grant (RFC 7523 section 2.1), signed anew for each request.
    :param is_spent: whether it holds what may be good for one request only, and cannot be made here.
    """

    type: str
    fields: Mapping[str, str | None] = {}
    extra: Mapping[str, str | list[str]] = {}
    assertion: Assertion | None = None
    is_spent: bool = False

    def asked(self, moment: Moment) -> dict[str, str | list[str]]:
        """The fields of one request. Raises CredentialError for a key that cannot sign."""
        said: dict[str, str | list[str]] = {name: value for name, value in self.fields.items() if value}
        if self.assertion is not None:
            said["assertion"] = self.assertion.signed(moment.clock, moment.ahead)
        return {"grant_type": self.type, **said, **self.extra}

    @property
    def is_signed(self) -> bool:
        return self.assertion is not None

    @property
    def repeat(self) -> Repeat:
        """A refresh token may be spent by a request whose answer was lost, and a wrong password locks an account."""
        if self.type == REFRESH_TOKEN:
            return Repeat.ONCE_WHEN_LOST
        return Repeat.UNLESS_ARRIVED if self.type == PASSWORD else Repeat.FREELY

    @property
    def hidden(self) -> tuple[str, ...]:
        """What of it is shown nowhere."""
        lists = (value if isinstance(value, list) else [value] for value in self.extra.values())
        return tuple(text for texts in lists for text in texts)


def token_type(name: str) -> str:
    """The type of a token as RFC 8693 section 3 writes it; all but its short names is sent as it is."""
    return f"{_TOKEN_TYPE}{name}" if name in _SHORT_TYPES else name
