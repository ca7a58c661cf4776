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
# What providers call the forms of authentication (RFC 7591 section 2), as values of token_request.
_FORMS = {"client_secret_basic": "form_basic", "client_secret_post": "form_post"}

_PUBLIC_WORDS = r"method 'none', but|client is public so|neither 'client_assertion' nor 'client_secret'"
_CERTIFICATE_WORDS = r"client certificate|\bmtls\b|mutual.tls|tls_client_auth"
_FORM_WORDS = r"form parameter|body can ?not be empty|missing.{0,20}\b(client_id|grant_type)|\bgranttype\b|content.type"
_AUDIENCE_WORDS = r"audience|not enabled within domain|client-grant|not authorized to access"
_CLIENT_WORDS = r"client not found|unknown client|invalid client|invalid_client|was not found|client secret"
_FORBIDDEN_WORDS = (
    r"not (allowed|authorized|enabled|permitted)|may not use|is marked as public|unauthorized to|grant type.{0,40}allow"
)
_SPENT_CODES = frozenset({"invalid_grant", "bad_refresh_token", "token_inactive", "access_denied"})
_CLIENT_CODES = frozenset({"invalid_client", "incorrect_client_credentials", "access_denied"})


class Rules(t.Protocol):
    """What the refusals of one endpoint mean."""

    def remedy(self, refusal: Refusal) -> str:
        """What to do, as a sentence; empty where nothing but the status says so."""


@dataclass(frozen=True)
class ByStatus:
    """The rules of a service whose statuses say it all, for answers that are its own."""

    sentences: Mapping[int, str]

    def remedy(self, refusal: Refusal) -> str:
        return self.sentences.get(refusal.status, "") if refusal.has_words else ""


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
    :param form: `json`, `form_basic` or `form_post`.
    :param undecoded: what to check besides where the provider may read id and secret wrongly.
    """

    who: str
    grant: str
    form: str
    url_option: str
    has_secret: bool
    undecoded: str = ""

    def remedy(self, refusal: Refusal) -> str:
        """What mends it; empty where that follows from the status alone."""
        if refusal.status >= 500 or refusal.status == 405:
            return ""
        for rule in (self._of_authentication, self._of_request, self._of_grant, self._of_client):
            if remedy := rule(refusal):
                return remedy
        if refusal.status == 404:
            return _elsewhere(self.url_option, refusal)
        return self._of_status(refusal)

    def _of_authentication(self, refusal: Refusal) -> str:
        """A provider that wants the client to show itself in another way."""
        if "dpop" in f"{refusal.code} {refusal.words}".lower():
            return _DPOP
        if self.has_secret and refusal.says(_PUBLIC_WORDS):
            return _NO_CLIENT if self.grant == "client_credentials" else _PUBLIC
        if refusal.says(_CERTIFICATE_WORDS):
            return _CERTIFICATE
        if found := re.search(r"supports client authentication method '(\w+)'", refusal.words):
            form = _FORMS.get(found[1])
            if form is None:
                return "Register the client with a secret: the provider has it with another way to show who it is."
            return f"Set token_request to {form}: so the provider has this client."
        return ""

    def _of_request(self, refusal: Refusal) -> str:
        """A request in another form than the provider reads, or with a scope or an audience that it does not take."""
        is_unread = refusal.code == "unsupported_grant_type" and self.form == "json"
        if is_unread or refusal.says(_FORM_WORDS):
            others = {"json": "form_basic or form_post", "form_basic": "form_post or json"}.get(self.form, "form_basic")
            return f"Set token_request to {others}: the provider does not read the request in the form {self.form}."
        if refusal.code == "invalid_scope":
            return _SCOPE
        if refusal.code == "invalid_target" or refusal.says(_AUDIENCE_WORDS):
            return _AUDIENCE
        return _SCOPE if refusal.says(r"\bscopes?\b") else ""

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
        if not self.has_secret:
            return "Check client_id, and set client_secret: the provider may want one of this client."
        if self.undecoded or not self.grant:
            return f"Check {self.who}{self.undecoded}."
        return f"Check {self.who}, and token_request, which decides how they are sent."

    def _of_status(self, refusal: Refusal) -> str:
        if refusal.status == 403:
            return "Check audience and scope to the last slash, and what this client may ask for at the provider."
        if self.grant == "refresh_token":
            return f"{BEGINS_AT_REFRESH}, {self.who}, and token_request, which decides how they are sent."
        return f"Check {self.who}, token_request, scope and audience." if self.grant else ""
