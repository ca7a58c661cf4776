# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of OAuth 2.0 that several providers have, for their methods. Private to this collection.

In a file of its own, because a provider names them as it is loaded, and most credentials need no more of OAuth 2.0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from .._errors import CredentialError
from .._options.options import Level, Options
from .base import Credential, Method, Warn

# The options any one of which shows a client.
PROOFS = ("client_secret", "private_key", "private_key_file", "client_assertion")
_KEYS = ("private_key", "private_key_file")
# Of these, which each way to show a client takes; all where nobody says the way.
_TAKEN: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("client_secret_basic", "client_secret_post", "client_secret_jwt", "client_secret_json"), ("client_secret",)
    ),
    "private_key_jwt": (*_KEYS, "client_assertion"),
    "tls_client_auth": (),
    "none": (),
}
# A client that shows a certificate needs no secret.
BY_CERTIFICATE = {"client_auth": "tls_client_auth"}
SECRETS = ("client_secret", "private_key", "private_key_passphrase", "client_assertion")
# What decides whose tokens these are, and where they come from.
READS = (
    "client_auth",
    "private_key_id",
    "assertion_audience",
    "issuer",
    "token_url",
    "audience",
    "scope",
    "extra_params",
    "token_query",
)


def refresh_token(make: Callable[[Options, Warn], Credential], reads: tuple[str, ...] = READS) -> Method:
    """The method of a refresh token, as each provider has it."""
    return Method(
        "refresh_token",
        selected_by=("refresh_token",),
        make=make,
        needs=("client_id",),
        uses=PROOFS,
        reads=reads,
        opened=with_one_account,
    )


def client_credentials(
    make: Callable[[Options, Warn], Credential], reads: tuple[str, ...] = READS, named_by: tuple[str, ...] = ()
) -> Method:
    """The method of a client that acts for itself, as each provider that is found by its address has it."""
    return Method(
        "client_credentials",
        selected_by=PROOFS,
        make=make,
        needs=("client_id",),
        reads=reads,
        opened=with_one_account,
        selected_with=BY_CERTIFICATE,
        instead=("client_assertion", *named_by),
        named_by=named_by,
    )


def with_one_account(options: Options, warn: Warn) -> Options:
    """The options with one endpoint and one way to show the client: those from the most specific source.

    Scope and audience are one text each. Raises CredentialError for a list of something else than texts.
    """
    return _with_one_proof(_with_one_endpoint(_with_texts(options)), PROOFS)


def with_one_account_and_key(options: Options, warn: Warn) -> Options:
    """The same for a grant that the key signs, which then is none of the client's."""
    proofs = PROOFS if options.is_set("assertion") else tuple(name for name in PROOFS if name not in _KEYS)
    return _with_one_proof(_with_one_endpoint(_with_texts(options)), proofs)


def _with_texts(options: Options) -> Options:
    found = {name: options.settings[name] for name in ("scope", "audience") if options.is_set(name)}
    return options.overlaid(
        {
            name: setting._replace(value=joined(str(setting.value), options.source(name)))
            for name, setting in found.items()
        }
    )


def joined(text: str, where: str) -> str:
    """The one text that a text, or a list as JSON, stands for. Raises CredentialError for what is neither."""
    if not text.startswith(("[", "{")):
        return text
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return text
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise CredentialError(f"{where} has a value that is no text. Put it in quotes.")
    return " ".join(values)


def _with_one_proof(options: Options, proofs: tuple[str, ...]) -> Options:
    """Without what shows the client less specifically. Two in arguments or in variables both stay, for the error."""
    said = options.text("client_auth") or ""
    given = [name for name in proofs if options.is_set(name)]
    kept = [name for name in given if name in _TAKEN.get(said, proofs)]
    if said == "none":
        # Beside it a secret is an error, and a less specific one is of somebody else.
        kept = [name for name in given if options.level(name) <= options.level("client_auth")]
    if kept:
        nearest = min(map(options.level, kept))
        kept = [name for name in kept if options.level(name) is nearest]
        kept = kept if nearest in (Level.ARGUMENT, Level.VARIABLE) else kept[:1]
    dropped = [name for name in given if name not in kept]
    if dropped and not any(options.is_set(name) and name not in dropped for name in _KEYS):
        dropped += ["private_key_passphrase", "private_key_id"] if {*_KEYS} & {*dropped} else []
    return options.without(*dropped)


def _with_one_endpoint(options: Options) -> Options:
    """The options with the more specific of two endpoints, since the other one may be of another account."""
    if not (options.is_set("issuer") and options.is_set("token_url")):
        return options
    return options.without("token_url" if options.level("issuer") < options.level("token_url") else "issuer")
