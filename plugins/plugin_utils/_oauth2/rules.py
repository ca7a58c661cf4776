# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a token endpoint means by a refusal, as the sentence that says what to do. Private to this collection.

Providers use the same words for different things, so status, code and words are looked at together.
"""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .._http.request import Refusal
from .client_auth import NAMES, Basic, Certificate, ClientAuth, Json, Post
from .grants import JWT_BEARER, PASSWORD, TOKEN_EXCHANGE

# By this beginning a remedy for a refresh token is recognised later, to add what is known of the token.
BEGINS_AT_REFRESH = "Check refresh_token"
SPENT = (
    f"{BEGINS_AT_REFRESH}: it was used, has expired, or was ended by a later sign-in of the same person, which only "
    "another sign-in mends."
)
_DPOP = (
    "Let the provider give this client tokens without DPoP: it wants a proof of possession, which this collection "
    "does not make."
)
_CERTIFICATE = "Set client_cert and client_key: the provider wants a certificate of this client."
_PUBLIC = "Leave client_secret out: the provider has this client as a public one, which has no secret."
_NO_CLIENT = (
    "Give this client a secret at the provider, or use another method: it is a public one there, which gets no token "
    "for itself."
)
_AUDIENCE = "Check audience to the last slash, and that the provider lets this client ask for it."
_SCOPE = "Check scope: the provider does not know it, or does not let this client ask for it."
_CLOCK = (
    "Set the clock of this controller right: the provider finds the assertion too early or too late, and does not say "
    "what time it has."
)
_KEY = (
    "Register the public half of the key with the client at the provider, and set private_key_id to the id that it has "
    "there: the provider finds no key for the assertion."
)
_UNTRUSTED = "Let the provider trust the issuer of the token, with the key that it signs with: it finds none."
_USED = "Have another token made for each grant: the provider takes each one once."
_CONNECTOR = "Set connector_id in extra_params to the id that the provider has for the issuer of subject_token."
_REQUESTED = "Correct requested_token_type, or leave it out: the provider does not give that type."
_SUBJECT = "Check subject_token, its type and its audience, which must be this client's at many providers."
# What to try in place of a form of authentication that is not read.
_OTHERS = {Json.name: f"{Basic.name} or {Post.name}", Basic.name: f"{Post.name} or {Json.name}"}

_PUBLIC_WORDS = r"method 'none', but|client is public so|neither 'client_assertion' nor 'client_secret'"
_CERTIFICATE_WORDS = r"client certificate|\bmtls\b|mutual.tls|tls_client_auth"
_FORM_WORDS = r"form parameter|body can ?not be empty|missing.{0,20}\b(client_id|grant_type)|\bgranttype\b|content.type"
_AUDIENCE_WORDS = r"audience|not enabled within domain|client-grant|not authorized to access"
_CLIENT_WORDS = r"client not found|unknown client|invalid client|invalid_client|was not found|client secret"
_UNKNOWN_WORDS = r"client not found|unknown client|was not found|client_id"
_FORBIDDEN_WORDS = (
    r"not (allowed|authorized|enabled|permitted)|may not use|is marked as public|unauthorized to|grant type.{0,40}allow"
)
_CLOCK_WORDS = (
    r"issued in the future|not active|too far in the (past|future)|not yet valid|\bis expired|has expired|"
    r"parameter expired|reasonable timeframe|valid time range"
)
_KEY_WORDS = r"\bkid\b|no (matching |suitable )?key|(signing|public|verification) keys?\b|\bjwks?\b|signature|integrity"
_USED_WORDS = r"\bjti|already (been )?used|token reuse|replay"
_SPENT_CODES = frozenset({"invalid_grant", "bad_refresh_token", "token_inactive", "access_denied"})
_CLIENT_CODES = frozenset({"invalid_client", "incorrect_client_credentials", "access_denied"})


class Rules(t.Protocol):
    """What the refusals of one endpoint mean."""

    def remedy(self, refusal: Refusal) -> str:
        """What to do, as a sentence; empty where nothing but the status says so."""

    def about(self, refusal: Refusal) -> tuple[str, str, str]:
        """Its cause, as ``AuthError.because`` takes it; empty where only the remedy says it."""


@dataclass(frozen=True)
class ByStatus:
    """The rules of a service whose statuses say it all, for answers that are its own."""

    sentences: Mapping[int, str]

    def remedy(self, refusal: Refusal) -> str:
        return self.sentences.get(refusal.status, "") if refusal.has_words else ""

    def about(self, refusal: Refusal) -> tuple[str, str, str]:
        return "", "", ""


def elsewhere(option: str, refusal: Refusal) -> str:
    """What to do about an answer that no token endpoint gives; empty for one that it may give."""
    status = refusal.status
    return "" if refusal.has_words or not 400 <= status < 500 or status in (401, 403) else _elsewhere(option, refusal)


def _elsewhere(option: str, refusal: Refusal) -> str:
    besides = ", unless something that stands before the service answered in its place" if refusal.is_page else ""
    return f"Check {option}: no token endpoint answers so, and the address may be that of another{besides}."


@dataclass(frozen=True)
class OAuth:
    """What a client asked an OAuth 2.0 provider for, and how.

    :param who: the options that say who asks.
    :param grant: its ``grant_type``; empty where a token is to be revoked.
    :param asked_audience: what ``audience`` says; empty for nothing.
    :param audience_word: what ``assertion_audience`` says of an assertion that is made here: ``issuer``,
        ``token_endpoint`` or another text; empty where none is made.
    :param elsewhere: what a token from elsewhere says of itself, as a sentence; empty where none was sent.
    :param secret: the client's secret with where it came from; empty where it has none.
    """

    who: str
    grant: str
    client: ClientAuth
    url_option: str
    asked_audience: str = ""
    audience_word: str = ""
    elsewhere: str = ""
    secret: str = ""

    def remedy(self, refusal: Refusal) -> str:
        """What mends it; empty where that follows from the status alone."""
        if remedy := self._remedy(refusal):
            return f"{remedy} {self.elsewhere}".rstrip()
        return ""

    @property
    def _check_client(self) -> str:
        return f"Check {self.who}, and client_auth, which decides how they are sent."

    def about(self, refusal: Refusal) -> tuple[str, str, str]:
        is_of_secret = self.secret and not refusal.says(_UNKNOWN_WORDS) and self._remedy(refusal) == self._check_client
        if not is_of_secret:
            return "", "", ""
        brief = f"The provider does not take {self.secret} for this client."
        return "client_refused", "client_secret", brief

    def _remedy(self, refusal: Refusal) -> str:
        # Providers have answered 500 to an assertion that is not theirs.
        if remedy := self._of_assertion(refusal):
            return remedy
        if refusal.status >= 500 or refusal.status == 405:
            return ""
        rules = (
            self._of_authentication,
            self._of_request,
            self._of_account,
            self._of_subject,
            self._of_grant,
            self._of_client,
        )
        for rule in rules:
            if remedy := rule(refusal):
                return remedy
        if refusal.status == 404:
            return _elsewhere(self.url_option, refusal)
        return self._of_status(refusal)

    def _of_assertion(self, refusal: Refusal) -> str:
        """An assertion that the provider does not take (RFC 7521 section 4)."""
        if not (self.audience_word or self.elsewhere) or refusal.code == "invalid_scope":
            return ""
        is_own = self._is_of_own(refusal)
        if re.search(_USED_WORDS, f"{refusal.code} {refusal.words}", re.IGNORECASE):
            return "Run this again: the provider says that it had this assertion before." if is_own else _USED
        if refusal.says(r"\baud(ience)?\b"):
            return self._of_audience(refusal, is_own)
        if refusal.says(_CLOCK_WORDS):
            return _CLOCK if is_own else "Have a later token made, or correct the clock of its issuer."
        if refusal.says(_KEY_WORDS):
            return _KEY if is_own else _UNTRUSTED
        if refusal.status != 500 or not refusal.has_words:
            return ""
        what = f"{self.who} and the clock of this controller" if is_own else "the token and the clock of its issuer"
        return (
            f"Check {what}, or try again later: the provider fails, as some do at an assertion that they do not take."
        )

    def _is_of_own(self, refusal: Refusal) -> bool:
        """Whether it is about an assertion that is made here, also where a token from elsewhere went with it."""
        is_of_client = refusal.code == "invalid_client"
        return self.client.is_signed is is_of_client if self.elsewhere and self.audience_word else not self.elsewhere

    def _of_audience(self, refusal: Refusal, is_own: bool) -> str:
        """Whether it speaks of the audience of the wanted token, or of that of the assertion."""
        if self.asked_audience and self.asked_audience in refusal.words:
            return _AUDIENCE
        if not is_own:
            return "Have its issuer make the token for the audience that the provider wants."
        other = "issuer" if self.audience_word == "token_endpoint" else "token_endpoint"
        return f"Set assertion_audience to {other}, or to the text that the provider's documentation names."

    def _of_authentication(self, refusal: Refusal) -> str:
        """A provider that wants the client to show itself in another way."""
        if "dpop" in f"{refusal.code} {refusal.words}".lower():
            return _DPOP
        if self.client.has_secret and refusal.says(_PUBLIC_WORDS):
            return _NO_CLIENT if self.grant == "client_credentials" else _PUBLIC
        if refusal.says(_CERTIFICATE_WORDS):
            return _CERTIFICATE
        if found := re.search(r"supports client authentication method '(\w+)'", refusal.words):
            if found[1] not in NAMES:
                return (
                    "Register the client with another way to show who it is: the provider has one that is not spoken."
                )
            return f"Set client_auth to {found[1]}: so the provider has this client."
        return ""

    def _of_request(self, refusal: Refusal) -> str:
        """A request in another form than the provider reads, or with a scope or an audience that it does not take."""
        is_unread = refusal.code == "unsupported_grant_type" and self.client.is_json
        if is_unread or refusal.says(_FORM_WORDS):
            name = self.client.name
            other = _OTHERS.get(name, Basic.name)
            return f"Set client_auth to {other}: the provider does not read the request as {name} sends it."
        if refusal.code == "invalid_scope":
            return _SCOPE
        if refusal.code == "invalid_target" or (refusal.says(_AUDIENCE_WORDS) and not self._denies_subject(refusal)):
            return _AUDIENCE
        return _SCOPE if refusal.says(r"\bscopes?\b") else ""

    def _of_account(self, refusal: Refusal) -> str:
        """A password, or an assertion that is made here, for an account that is no client."""
        if self.grant == PASSWORD and refusal.code in ("invalid_grant", "access_denied"):
            return (
                "Check username and password, and that the provider lets this account use this client without a "
                "second factor."
            )
        is_signed = self.grant == JWT_BEARER and self.audience_word and not self.client.has_secret
        if is_signed and refusal.code in ("invalid_grant", "invalid_client", "invalid_client_id"):
            return f"Check {self.who}, assertion_claims, and that the provider lets this client act for the subject."
        return ""

    def _of_subject(self, refusal: Refusal) -> str:
        """A token that is exchanged (RFC 8693 section 2.2.2)."""
        if self.grant != TOKEN_EXCHANGE:
            return ""
        if refusal.says(r"\bconnector\b"):
            return _CONNECTOR
        if refusal.says(r"requested_token_type"):
            return _REQUESTED
        is_it = refusal.code in ("invalid_grant", "invalid_request", "invalid_token") or refusal.says("subject_token")
        return _SUBJECT if is_it or self._denies_subject(refusal) else ""

    def _denies_subject(self, refusal: Refusal) -> bool:
        """Keycloak says 403 where the client is no audience of it, Dex 401 without words; Auth0 means a client."""
        if self.grant != TOKEN_EXCHANGE or refusal.code != "access_denied":
            return False
        return refusal.words == refusal.code or (refusal.status == 403 and not self.asked_audience)

    def _of_grant(self, refusal: Refusal) -> str:
        """A client that is known and may not do that, or a refresh token that is spent."""
        is_client = refusal.says(_CLIENT_WORDS) and not refusal.says(_FORBIDDEN_WORDS)
        may_not = refusal.code == "unauthorized_client" or refusal.says(_FORBIDDEN_WORDS)
        if may_not and not is_client:
            what = f"the grant {self.grant}" if self.grant else "to revoke tokens"
            return f"Allow this client {what} at the provider, or use another method: it is known there, but may not."
        if self.grant != "refresh_token" or refusal.code in _CLIENT_CODES - _SPENT_CODES:
            return ""
        if refusal.code in _SPENT_CODES or refusal.says(r"refresh.?token|please retry"):
            return SPENT
        return ""

    def _of_client(self, refusal: Refusal) -> str:
        """An id or a secret that the provider does not know."""
        is_grant = refusal.code == "invalid_grant" and self.grant == "client_credentials"
        # A 401 without a known word can speak of a refresh token as well.
        is_refused = refusal.status == 401 and self.grant != "refresh_token"
        is_refused = is_refused or refusal.code in _CLIENT_CODES - {"access_denied"}
        if not (is_refused or is_grant or refusal.says(_CLIENT_WORDS)):
            return ""
        if self.client.name == Certificate.name:
            return "Check client_id, and that the provider has this client with the certificate in client_cert."
        if not self.client.has_secret:
            return "Check client_id, and set client_secret: the provider may want one of this client."
        if self.client.undecoded or not self.grant:
            return f"Check {self.who}{self.client.undecoded}."
        if self.client.is_signed:
            return f"Check {self.who}, private_key_id, and that the provider has this client with {self.client.name}."
        return self._check_client

    def _of_status(self, refusal: Refusal) -> str:
        if refusal.status == 403:
            return "Check audience and scope to the last slash, and what this client may ask for at the provider."
        if self.grant == "refresh_token":
            return f"{BEGINS_AT_REFRESH}, {self.who}, and client_auth, which decides how they are sent."
        return f"Check {self.who}, client_auth, scope and audience." if self.grant else ""
