# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is asked of a token endpoint, as the options say it. Private to this collection."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping

from .._errors import CredentialError
from .._options.options import Options
from .._value import Value

if t.TYPE_CHECKING:
    from .oauth_client import ForeignToken, KeyText

REFRESH_TOKEN = "refresh_token"  # noqa: S105 - the name of a grant
# What any grant or the client sets, and extra_params may not.
_OURS = frozenset(
    {
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "refresh_token",
        "scope",
        "audience",
    }
)


class Signing(Value):
    """An assertion that is the grant and is made here (RFC 7523 section 2.1).

    :param claims: laid over those of the collection, as headers are.
    :param sources: the options of both, for sentences.
    """

    key: KeyText
    issuer: str
    subject: str | None
    claims: Mapping[str, t.Any] = {}
    headers: Mapping[str, t.Any] = {}
    sources: tuple[str, ...] = ()


class Asked(Value):
    """What is asked of the token endpoint, besides who asks.

    :param type: the ``grant_type``.
    :param fields: what the grant sends; secrets among them are named in ``secret_fields``.
    :param foreign: the field that a token from elsewhere goes into, with that token; None for no such field.
    :param signing: None where nothing is signed for the grant.
    :param extra: further parameters; a list repeats one (RFC 8707).
    """

    type: str
    fields: Mapping[str, str | None] = {}
    secret_fields: tuple[str, ...] = ()
    foreign: tuple[str, ForeignToken] | None = None
    signing: Signing | None = None
    scope: str | None = None
    audience: str | None = None
    extra: Mapping[str, str | list[str]] = {}

    @property
    def sets(self) -> frozenset[str]:
        """The parameters that this grant sets, and the client."""
        foreign = {self.foreign[0]} if self.foreign else set()
        return _OURS | self.fields.keys() | foreign | ({"assertion"} if self.signing else set())

    @property
    def secret_parts(self) -> list[str | None]:
        texts = [self.fields.get(name) for name in self.secret_fields]
        foreign = self.foreign[1].text if self.foreign else None
        return [*texts, foreign, self.signing.key.text if self.signing else None]

    @property
    def identity(self) -> dict[str, str]:
        kept = {name: value or "" for name, value in self.fields.items() if name not in self.secret_fields}
        signing = self.signing
        signed = [signing.issuer, signing.subject, dict(signing.claims), dict(signing.headers)] if signing else []
        return {
            **kept,
            "grant_type": self.type,
            "scope": self.scope or "",
            "audience": self.audience or "",
            "extra_params": json.dumps(dict(self.extra), sort_keys=True) if self.extra else "",
            "assertion": json.dumps(signed, sort_keys=True) if signed else "",
        }


def refresh(token: str | None) -> Asked:
    """The grant of a refresh token that the user gave (RFC 6749 section 6)."""
    return Asked(REFRESH_TOKEN, {REFRESH_TOKEN: token}, (REFRESH_TOKEN,))


def extra_of(options: Options, asked: Asked, where: str = "extra_params") -> dict[str, str | list[str]]:
    """Further parameters of the token request. Raises CredentialError for one that is none, or is set elsewhere."""
    said = json.loads(options.text(where) or "{}")
    source = options.source(where)
    if taken := sorted(asked.sets & said.keys()):
        raise CredentialError(f"{source} has {' and '.join(taken)}, which the grant or an option sets. Leave that out.")
    return {
        name: _texts(value, source) if isinstance(value, list) else _text(value, source) for name, value in said.items()
    }


def _texts(values: list[t.Any], source: str) -> list[str]:
    return [_text(value, source) for value in values]


def _text(value: object, source: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise CredentialError(f"{source} has a value that is no text. Put it in quotes.")
    return str(value)
