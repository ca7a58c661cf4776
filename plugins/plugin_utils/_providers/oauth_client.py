# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How the options say who an OAuth 2.0 client is. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Callable, Mapping, Sequence

from .._errors import CredentialError
from .._http.basic import basic
from .._options.options import Options
from .._token import Clock
from .._value import Value
from .oauth_options import PROOFS

if t.TYPE_CHECKING:
    from .._http.settings import HttpSettings
    from .._oauth2 import client_auth as auth
    from .._oauth2.assertions import Assertion
    from .._oauth2.elsewhere import Elsewhere
    from .._oauth2.keys import SigningKey

# What each way to show a client needs one of.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "client_secret_basic": ("client_secret",),
    "client_secret_post": ("client_secret",),
    "client_secret_jwt": ("client_secret",),
    "client_secret_json": ("client_secret",),
    "private_key_jwt": ("private_key", "private_key_file", "client_assertion"),
    "tls_client_auth": ("client_cert",),
}


class KeyText(Value):
    """A private key as it was given; it is read when something is signed.

    :param where: the option with its source, for sentences.
    """

    text: str
    where: str
    passphrase: str | None
    kid: str | None

    def read(self, rsa_alg: str) -> SigningKey:
        """Raises CredentialError for what is no key that can sign."""
        from .._oauth2 import keys

        return keys.read(self.text, self.where, passphrase=self.passphrase, kid=self.kid, rsa_alg=rsa_alg)


class ForeignToken(Value):
    """A token from elsewhere.

    :param text: the permanent secret that it is or that it is asked with, as it was when it was looked at last.
    """

    elsewhere: Elsewhere
    text: str

    @classmethod
    def of(cls, elsewhere: Elsewhere) -> ForeignToken:
        return cls(elsewhere, elsewhere.secret())

    def token(self, settings: HttpSettings, clock: Clock) -> str:
        """What is sent. Raises CredentialError for one that has expired."""
        return self.elsewhere.token(self.text, settings, clock)

    def again(self) -> ForeignToken:
        """The same as it is at this moment."""
        return ForeignToken.of(self.elsewhere)

    def lasting(self) -> ForeignToken:
        """The same with where it comes from in the place of its text, unless it is a text that was given."""
        kind, place = self.elsewhere.identity
        return self if kind == "text" else self._replace(text=f"{kind} {place}")


class OAuthClient(Value):
    """A client, and all that may say who it is.

    :param said: what ``client_auth`` says; None for nothing.
    :param usual: how a client with a secret is shown where neither that nor discovery says; empty for the RFC's way.
    :param who: the options that say it, for sentences.
    :param encode: whether Basic is percent-encoded.
    :param audience: what ``assertion_audience`` says; None for nothing.
    :param source: an option with its source, for sentences.
    """

    id: str | None
    secret: str | None
    said: str | None
    who: str
    source: Callable[[str], str]
    key: KeyText | None = None
    foreign: ForeignToken | None = None
    audience: str | None = None
    usual: str = ""
    encode: bool = True
    # Whether the key signs the grant, and not the client's assertion, where nothing else is said.
    key_is_grants: bool = False

    @property
    def secret_parts(self) -> list[str | None]:
        """What of it is secret, for the key of a cache entry."""
        return [self.secret, self.key.text if self.key else None, self.foreign.text if self.foreign else None]

    @property
    def secrets(self) -> tuple[str, ...]:
        """What of it must never be in a sentence."""
        pairs = [basic(self.id or "", self.secret, encode=encode) for encode in (False, True)] if self.secret else []
        passphrase = self.key.passphrase if self.key else None
        return (*filter(None, (*self.secret_parts, passphrase)), *pairs)

    @property
    def identity(self) -> dict[str, str]:
        """What else tells its tokens from others."""
        return {
            "client_id": self.id or "",
            "client_auth": self.said or "",
            "private_key_id": (self.key.kid or "") if self.key else "",
            "assertion_audience": self.audience or "",
        }

    def check(self) -> None:
        """Raise CredentialError for a key that cannot sign for the client."""
        if self.key is not None and self.foreign is None and not (self.key_is_grants and self.said is None):
            self.key.read("RS256")

    def name(self, listed: Sequence[str] | None) -> str:
        """How the client is shown.

        :param listed: what discovery names; None without discovery.
        """
        from .._oauth2 import client_auth as auth

        if self.said is not None:
            return self.said
        if self.foreign is not None or (self.key is not None and not self.key_is_grants):
            return auth.PrivateKeyJwt.name
        if self.secret is not None:
            return self.usual if self.usual and listed is None else auth.preferred(listed)
        return auth.Public.name

    def shown(
        self, settings: HttpSettings, clock: Clock, listed: Sequence[str] | None, audience: str, rsa_alg: str
    ) -> auth.ClientAuth:
        """The client as one request shows it. Raises CredentialError for a key or a token that cannot be used.

        :param audience: that of assertions made here.
        :param rsa_alg: the algorithm of RSA keys that name none.
        """
        from .._oauth2 import client_auth as auth

        name = self.name(listed)
        if self.foreign is not None and name == auth.PrivateKeyJwt.name:
            return auth.FromElsewhere(self.id, self.foreign.token(settings, clock))
        if listed is not None and not auth.is_listed(name, listed):
            settings.warn(
                f"{settings.service} does not list {name} among the ways in which a client may show itself. It is used "
                "all the same. Correct client_auth where the request is refused."
            )
        if self.key is not None and name == auth.PrivateKeyJwt.name:
            return auth.PrivateKeyJwt(self.id, self._assertion(self.key.read(rsa_alg), audience))
        return self._makers(audience)[name]()

    def _makers(self, audience: str) -> Mapping[str, Callable[[], auth.ClientAuth]]:
        from .._oauth2 import client_auth as auth

        secret = self.secret or ""

        def by_secret() -> auth.ClientAuth:
            from .._oauth2 import keys

            signing = keys.of_secret(secret, self.source("client_secret"))
            return auth.ClientSecretJwt(self.id, self._assertion(signing, audience))

        return {
            auth.Basic.name: lambda: auth.Basic(self.id, secret, self.encode),
            auth.Post.name: lambda: auth.Post(self.id, secret),
            auth.Json.name: lambda: auth.Json(self.id, secret),
            auth.ClientSecretJwt.name: by_secret,
            auth.Certificate.name: lambda: auth.Certificate(self.id),
            # Who signs the grant need not be a client: it is named where it is said that it shows nothing else.
            auth.Public.name: lambda: auth.Public(None if self.key_is_grants and self.said is None else self.id),
        }

    def _assertion(self, key: SigningKey, audience: str) -> Assertion:
        from .._oauth2.assertions import Assertion

        return Assertion(key, self.id or "", self.id or "", audience)


def of(options: Options, *, usual: str = "", encode: bool = True, key_is_grants: bool = False) -> OAuthClient:
    """The client that the options mean. Raises CredentialError for what does not fit together."""
    said = options.text("client_auth")
    foreign = foreign_of(options, "client_assertion")
    key = key_of(options)
    _check_one_way(options, said, key_is_grants=key_is_grants)
    return OAuthClient(
        id=options.text("client_id"),
        secret=options.text("client_secret"),
        said=said,
        key=key,
        foreign=foreign,
        audience=options.text("assertion_audience"),
        who=_who(options),
        source=options.source,
        usual=usual,
        encode=encode,
        key_is_grants=key_is_grants,
    )


def _who(options: Options) -> str:
    """The options that say who the client is, as the user set them."""
    return options.as_said(*filter(options.is_set, ("client_id", *PROOFS))) or "client_id"


def _check_one_way(options: Options, said: str | None, *, key_is_grants: bool) -> None:
    """Raise CredentialError unless exactly one way to show the client is meant."""
    needed = _NEEDS.get(said or "", ())
    if needed and not any(map(options.is_set, needed)):
        raise CredentialError(
            f"{options.source('client_auth')} is {said}, which needs {' or '.join(needed)}. "
            f"Use {options.ways(needed[0])}."
        )
    ways = [
        name
        for name in ("client_secret", "private_key", "private_key_file", "client_assertion")
        if options.is_set(name)
    ]
    if shown := [name for name in ways if name != "client_assertion" and not (key_is_grants and "key" in name)]:
        _check_id(options, shown[0])
    if said == "none" and ways and not key_is_grants:
        raise CredentialError(
            f"{options.source('client_auth')} is none, for a client without a secret, and {options.source(ways[0])} is "
            "one. Leave one of them out."
        )
    if said is None and len(ways) > 1 and not key_is_grants:
        raise CredentialError(
            f"{options.source(ways[0])} and {options.source(ways[1])} both say who the client is. Leave one of them "
            "out, or set client_auth."
        )
    for name in ("private_key_passphrase", "private_key_id"):
        if options.is_set(name) and not (options.is_set("private_key") or options.is_set("private_key_file")):
            raise CredentialError(
                f"{options.source(name)} belongs to a private key, and none is set. Set private_key or "
                f"private_key_file, or leave {name} out."
            )


def _check_id(options: Options, proof: str) -> None:
    if not options.is_set("client_id"):
        raise CredentialError(
            f"{options.source(proof)} shows a client that is not named: client_id is not set. "
            f"Use {options.ways('client_id')}."
        )


def key_of(options: Options) -> KeyText | None:
    """The private key that the options name; None for none. Raises CredentialError for a file that cannot be read."""
    given = [name for name in ("private_key", "private_key_file") if options.is_set(name)]
    if len(given) > 1 and options.level(given[0]) is options.level(given[1]):
        raise CredentialError(
            f"{options.source(given[0])} and {options.source(given[1])} both give a key. Leave one of them out."
        )
    if not given:
        return None
    # Imported here, because most clients have no key.
    from . import small_file

    name = min(given, key=options.level)
    where = options.source(name)
    text = options.text(name) or ""
    content = small_file.content(text, where) if name == "private_key_file" else text.encode()
    return KeyText(
        small_file.opened(content, where, options).decode("utf-8", "replace"),
        where,
        options.text("private_key_passphrase"),
        options.text("private_key_id"),
    )


def foreign_of(options: Options, name: str, *, is_jwt: bool = True) -> ForeignToken | None:
    """The token from elsewhere in an option; None where it is not set. Raises OptionError and CredentialError."""
    if not options.is_set(name):
        return None
    from .._oauth2 import elsewhere

    where = options.source(name)
    found = elsewhere.parsed(
        options.text(name), where, is_jwt=is_jwt, as_path=options.as_path(name), decrypt=options.sources.decrypt
    )
    return ForeignToken.of(found)
