# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Client authentication at the token endpoint (RFC 6749 section 2.3), one class for each way.

Private to this collection.
"""

from __future__ import annotations

import abc
import typing as t
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from .._http.basic import basic
from .._token import Clock
from .._value import Value

if t.TYPE_CHECKING:
    from .assertions import Assertion

# RFC 7523 section 2.2.
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Moment(t.NamedTuple):
    """When something is signed.

    :param ahead: seconds by which the provider's clock is ahead of this one.
    """

    clock: Clock
    ahead: float = 0.0


class Proof(t.NamedTuple):
    """What of a request says who the client is."""

    headers: Mapping[str, str]
    fields: Mapping[str, str]


class ClientAuth(Value, abc.ABC):
    """A client, and how it proves who it is.

    :param id: None where a token from elsewhere says it.
    """

    id: str | None
    # As RFC 7591 section 2 and RFC 8705 section 2 call it.
    name: t.ClassVar[str]
    # Whether it proves it with a secret, and whether that is signed here for each try.
    has_secret: t.ClassVar[bool] = False
    is_signed: t.ClassVar[bool] = False
    # Whether what it sends may be good for one request only.
    is_spent: t.ClassVar[bool] = False
    # Whether requests are JSON, and not forms.
    is_json: t.ClassVar[bool] = False

    @abc.abstractmethod
    def proof(self, moment: Moment) -> Proof:
        """What one request carries. Raises CredentialError for a key that cannot sign."""

    @property
    def undecoded(self) -> str:
        """What to check besides where a provider may read id and secret wrongly; empty for nothing."""
        return ""

    @property
    def as_form(self) -> ClientAuth:
        """The same for an endpoint that takes forms only (RFC 7009 section 2.1)."""
        return self

    def _named(self, **fields: str) -> dict[str, str]:
        """The fields with the id beside them, where there is one."""
        return fields if self.id is None else {"client_id": self.id, **fields}


class Basic(ClientAuth):
    """RFC 6749 section 2.3.1.

    :param encode: whether both are percent-encoded before base64, as the RFC asks and Cognito does not.
    """

    secret: str
    encode: bool = True
    name: t.ClassVar[str] = "client_secret_basic"
    has_secret: t.ClassVar[bool] = True

    def proof(self, moment: Moment) -> Proof:
        return Proof({"Authorization": f"Basic {basic(self.id or '', self.secret, encode=self.encode)}"}, {})

    @property
    def undecoded(self) -> str:
        plain = f"{self.id}{self.secret}"
        if not self.encode or quote(plain, safe="") == plain:
            return ""
        return (
            ", or set client_auth to client_secret_post: the provider may not decode the characters %-encoded in Basic"
        )


class Post(ClientAuth):
    """RFC 6749 section 2.3.1, in the form."""

    secret: str
    name: t.ClassVar[str] = "client_secret_post"
    has_secret: t.ClassVar[bool] = True

    def proof(self, moment: Moment) -> Proof:
        return Proof({}, self._named(client_secret=self.secret))


class Json(Post):
    """The same in JSON, which Auth0 made common."""

    name: t.ClassVar[str] = "client_secret_json"
    is_json: t.ClassVar[bool] = True

    @property
    def as_form(self) -> ClientAuth:
        return Post(self.id, self.secret)


class PrivateKeyJwt(ClientAuth):
    """An assertion that is signed here with the client's key (RFC 7523 section 2.2, OpenID Connect Core section 9)."""

    assertion: Assertion
    name: t.ClassVar[str] = "private_key_jwt"
    has_secret: t.ClassVar[bool] = True
    is_signed: t.ClassVar[bool] = True

    def proof(self, moment: Moment) -> Proof:
        return Proof({}, self._named(**_asserted(self.assertion.signed(moment.clock, moment.ahead))))


class ClientSecretJwt(PrivateKeyJwt):
    """The same, signed with the client's secret."""

    name: t.ClassVar[str] = "client_secret_jwt"


class FromElsewhere(ClientAuth):
    """An assertion that somebody else made (RFC 7521 section 4.2), which may be good for one request."""

    assertion: str
    name: t.ClassVar[str] = "private_key_jwt"
    has_secret: t.ClassVar[bool] = True
    is_spent: t.ClassVar[bool] = True

    def proof(self, moment: Moment) -> Proof:
        return Proof({}, self._named(**_asserted(self.assertion)))


class Certificate(ClientAuth):
    """The client certificate of the connection says it (RFC 8705 section 2)."""

    name: t.ClassVar[str] = "tls_client_auth"

    def proof(self, moment: Moment) -> Proof:
        return Proof({}, self._named())


class Public(ClientAuth):
    """A client without a secret (RFC 6749 section 2.1)."""

    name: t.ClassVar[str] = "none"

    def proof(self, moment: Moment) -> Proof:
        return Proof({}, self._named())


def _asserted(assertion: str) -> dict[str, str]:
    return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}


# Those for which a secret is enough, in the order in which discovery's names count.
WITH_SECRET = (Basic.name, Post.name, ClientSecretJwt.name)
# What a user can name.
NAMES = (*WITH_SECRET, PrivateKeyJwt.name, Certificate.name, Public.name, Json.name)


def preferred(listed: Sequence[str] | None) -> str:
    """How a client with a secret is shown where nobody says it.

    :param listed: what discovery names; None without discovery.
    """
    return next((name for name in WITH_SECRET if name in (listed or ())), Basic.name)


def is_listed(name: str, listed: Sequence[str]) -> bool:
    """Whether discovery names this way, or one that is the same to a client; ``none`` is often left out."""
    if name == Certificate.name and "self_signed_tls_client_auth" in listed:
        return True
    return name in listed or name == Public.name
