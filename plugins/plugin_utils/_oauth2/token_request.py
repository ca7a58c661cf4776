# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token request of an OAuth 2.0 client, made anew for each try. Private to this collection."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass

from .. import _token
from .._http.request import Repeat, Request
from .._http.response import RefusedError
from .endpoint import Asking, Revocation, TokenEndpoint
from .rules import OAuth

if t.TYPE_CHECKING:
    from .._errors import ServiceError
    from .._http.settings import HttpSettings
    from .client_auth import ClientAuth, Moment
    from .grants import Grant

# Seconds by which two clocks differ before that can be why an assertion is refused: providers take one from 15 s ahead.
_CLOCKS_DIFFER = 15.0


@dataclass(frozen=True)
class TokenRequest:
    """What one client asks of one endpoint.

    :param rules: what is known of the request, for what its refusals mean.
    """

    endpoint: TokenEndpoint
    client: ClientAuth
    grant: Grant
    rules: OAuth

    def send(self) -> _token.TokenResponse:
        """What it brings. Raises ServiceError, and CredentialError for a key that cannot sign.

        Where an assertion is refused by a provider whose clock says another time, it is signed once more by that one.
        """
        from .client_auth import Moment

        asking = Asking(self.endpoint, self.rules)
        moment = Moment(self.endpoint.clock)
        while True:
            try:
                response = asking.send(self._request(moment))
            except RefusedError as error:
                ahead = self._ahead(error) if not moment.ahead else 0.0
                if not ahead:
                    raise self._first(error, asking) from None
                moment = moment._replace(ahead=ahead)
                self._warn_of_clock(ahead)
                continue
            if response is not None:
                self._warn_of_audience(response)
                return response._replace(clock_difference=0.0) if moment.ahead else response

    def _warn_of_audience(self, response: _token.TokenResponse) -> None:
        """Where an access token that can be read is not for whom it was asked."""
        asked = self.rules.asked_audience
        claims = response.token.claims if response.token is not None else {}
        if not asked or not claims or self.endpoint.query != _token.STANDARD_FIELD:
            return
        said = claims.get("aud")
        found = said if isinstance(said, list) else [said]
        if asked not in found and not all(each in found for each in asked.split()):
            settings = self.endpoint.settings
            settings.warn(
                f"{settings.service} gave an access token that is not for the audience that was asked for: the "
                "provider ignored it. Leave audience out, and have the provider add it to the tokens of this client."
            )

    def _request(self, moment: Moment) -> Request:
        proof = self.client.proof(moment)
        return make(
            self.endpoint.url,
            {**self.grant.asked(moment), **proof.fields},
            self.rules.who,
            url_option=self.endpoint.url_option,
            headers=proof.headers,
            is_json=self.client.is_json,
            repeat=self.grant.repeat,
            hidden=self.grant.hidden,
        )

    def _ahead(self, error: RefusedError) -> float:
        """Seconds by which the provider's clock is ahead, where that may be why it refused; 0 where it is not."""
        refusal = error.refusal
        is_sent_once = self.client.is_spent or self.grant.is_spent or self.grant.repeat is Repeat.UNLESS_ARRIVED
        if is_sent_once or not (self.client.is_signed or self.grant.is_signed):
            return 0.0
        of_client = self.client.is_signed and (refusal.code == "invalid_client" or refusal.status == 500)
        of_grant = self.grant.is_signed and (refusal.code == "invalid_grant" or refusal.status == 500)
        if refusal.date is None or not (of_client or of_grant):
            return 0.0
        ahead = refusal.date - self.endpoint.clock()
        return ahead if abs(ahead) > _CLOCKS_DIFFER else 0.0

    def _first(self, error: RefusedError, asking: Asking) -> ServiceError:
        """The error to report: after a repetition that used up nothing but what the first try had spent, the first."""
        spent = self.client.is_spent or self.grant.is_spent
        return asking.first if spent and asking.first is not None else error

    def _warn_of_clock(self, ahead: float) -> None:
        settings = self.endpoint.settings
        differs = f"{round(abs(ahead))} seconds {'behind' if ahead > 0 else 'ahead of'}"
        settings.warn(
            f"The clock of this controller is {differs} that of {settings.service}, which refused an assertion with "
            "this controller's time and was sent one with its own. Set the clocks right."
        )


def make(
    url: str,
    fields: Mapping[str, str | list[str]],
    who: str,
    *,
    url_option: str,
    headers: Mapping[str, str],
    is_json: bool,
    repeat: Repeat,
    hidden: tuple[str, ...] = (),
) -> Request:
    """A POST of an OAuth 2.0 client.

    :param hidden: what of it must not be shown, besides what is a secret by its name.
    """
    return Request(
        "POST",
        url,
        url_option=url_option,
        refused=who,
        forbidden="what this client may do at the provider",
        headers=headers,
        json=fields if is_json else None,
        form=None if is_json else fields,
        repeat=repeat,
        hidden=hidden,
        can_fail_with_200="grant_type" in fields,
    )


def revocation(settings: HttpSettings, clock: _token.Clock, url: str, client: ClientAuth, token: str) -> Revocation:
    """How a token is revoked (RFC 7009 section 2.1): by a form, however tokens are asked for."""
    from dataclasses import replace

    from .client_auth import Moment

    proof = client.as_form.proof(Moment(clock))
    who = "client_id and client_secret"
    request = make(
        url,
        {"token": token, **proof.fields},
        who,
        url_option="issuer",
        headers=proof.headers,
        is_json=False,
        repeat=Repeat.FREELY,
    )
    rules = OAuth(who=who, grant="", client=client.as_form, url_option="issuer")
    return Revocation(settings, replace(request, has_answer=False), rules)
