# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry: Auth0, Cognito and form token endpoints, and the reads of the three API generations.

A gateway token opens networks and identities, a Frontdoor token Frontdoor and identities.
"""

from __future__ import annotations

from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, request

from .accounts import NetFoundryApiAccount, NetFoundryClient, NetFoundryRapidApi
from .idp_assertions import claims_of, verified
from .state import State
from .tokens import Issued, Mint
from .wire import RefusedError, basic_pair, credential, form_fields, json_fields

PROVIDER = "netfoundry"
GATEWAYS = tuple(f"https://gateway.{one}.netfoundry.io" for one in ("production", "staging", "sandbox"))
PLATFORM_AUDIENCES = {f"{gateway}/" for gateway in GATEWAYS}
FRONTDOOR_AUDIENCES = {f"{gateway}/frontdoor" for gateway in GATEWAYS}
COGNITO_SCOPES = {f"{gateway}//ignore-scope" for gateway in GATEWAYS}
FRONTDOOR_SCOPES = {"frontdoor.read", "frontdoor.write"}
SELF_PATHS = ("identities", "api-account-identities", "user-identities")

Caller = NetFoundryClient | NetFoundryApiAccount | NetFoundryRapidApi


def _denied(status: int, description: str) -> RefusedError:
    """Auth0's shape."""
    error = "access_denied" if status in (401, 403) else "invalid_request"
    return RefusedError(status, {"error": error, "error_description": description})


def _cognito(_status: int, _description: str) -> RefusedError:
    """Cognito's shape: 400 whatever is wrong, and no description."""
    return RefusedError(400, {"error": "invalid_request"})


def _gateway(status: int, message: str) -> RefusedError:
    """The shape of an API refusal is not documented; this is the usual one of the framework behind it."""
    error = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found"}[status]
    return RefusedError(status, {"status": status, "error": error, "message": message, "path": request.path})


def _no_slash() -> Response:
    """What Django servers do with an address without the slash at its end."""
    return Response(status=301, headers={"Location": f"{request.path}/"})


def _bearer(issued: Issued, scope: str | None) -> Response:
    answer: dict[str, object] = {
        "access_token": issued.token,
        "expires_in": issued.expires_in,
        "token_type": "Bearer",
    }
    if scope is not None:
        answer["scope"] = scope
    return jsonify(answer)


class NetFoundry:
    def __init__(self, state: State, mint: Mint) -> None:
        self._state = state
        self._accounts = state.accounts
        self._mint = mint

    def routes(self) -> Blueprint:
        routes = Blueprint(PROVIDER, __name__)
        routes.add_url_rule("/oauth/token", view_func=self.auth0, methods=["POST"])
        routes.add_url_rule("/oauth/token-post", view_func=self.form_post, methods=["POST"])
        routes.add_url_rule("/oauth2/token", view_func=self.cognito, methods=["POST"])
        routes.add_url_rule("/application/o/token/", view_func=self.another, methods=["POST"], strict_slashes=True)
        routes.add_url_rule("/application/o/token", view_func=_no_slash, methods=["GET", "POST"])
        routes.add_url_rule("/core/v2/networks", view_func=self.networks_v2)
        routes.add_url_rule("/rest/v1/networks", view_func=self.networks_v1)
        routes.add_url_rule("/identity/v1/identities", view_func=self.identities)
        routes.add_url_rule("/identity/v1/<kind>/self", view_func=self.whoami)
        routes.add_url_rule("/frontdoor/<front_id>/shares", view_func=self.shares)
        return routes

    # Tokens

    def auth0(self) -> Response:
        """Platform and Frontdoor: client credentials in a JSON body, or with an assertion in a form."""
        if "client_assertion" in request.form:
            proof = {"client_assertion", "client_assertion_type", "grant_type"}
            fields = form_fields(proof, {"client_id", "audience", "scope"}, _denied)
            client = self._asserted(fields["client_assertion"])
        else:
            fields = json_fields({"client_id", "client_secret", "grant_type"}, {"audience", "scope"}, _denied)
            client = self._client(fields["client_id"], fields["client_secret"])
        _demand_client_credentials(fields["grant_type"])
        audience = fields.get("audience")
        scope = fields.get("scope")
        if not audience:
            raise _denied(403, "No audience parameter was provided, and no default audience has been configured")
        return self._auth0_grant(client, audience, scope)

    def form_post(self) -> Response:
        """The same with the secret in a form; the audience may be absent."""
        fields = form_fields({"client_id", "client_secret", "grant_type"}, {"audience", "scope"}, _denied)
        client = self._client(fields["client_id"], fields["client_secret"])
        _demand_client_credentials(fields["grant_type"])
        audience = fields.get("audience")
        scope = fields.get("scope")
        if audience is None:
            issued = self._grant(client, "platform", {"scope": scope} if scope else {})
            return _bearer(issued, scope)
        return self._auth0_grant(client, audience, scope)

    def _auth0_grant(self, client: NetFoundryClient, audience: str, scope: str | None) -> Response:
        if audience in PLATFORM_AUDIENCES:
            if scope is not None:
                raise _denied(400, "Unknown field: scope")
            return _bearer(self._grant(client, "platform", {"aud": audience}), None)
        if audience not in FRONTDOOR_AUDIENCES:
            raise _denied(403, f"Service not enabled within domain: {audience}")
        asked = (scope or "").split()
        if set(asked) != FRONTDOOR_SCOPES or len(asked) != len(FRONTDOOR_SCOPES):
            raise _denied(403, f"Client has not been granted scopes: {scope}")
        issued = self._grant(client, "frontdoor", {"aud": audience, "scope": scope})
        return _bearer(issued, scope)

    def another(self) -> Response:
        """An organisation's own provider: form with HTTP Basic (RFC 6749 section 2.3.1); no scope of Cognito's."""
        fields = form_fields({"grant_type"}, {"audience", "scope"}, _denied)
        pair = basic_pair(credential("Basic") or "")
        name, secret = [unquote(part) for part in pair or ("", "")]
        client = self._client(name, secret)
        _demand_client_credentials(fields["grant_type"])
        if fields.get("scope") in COGNITO_SCOPES:
            raise RefusedError(400, {"error": "invalid_scope"})
        return _bearer(self._grant(client, "platform", {}), fields.get("scope"))

    def cognito(self) -> Response:
        """Form with HTTP Basic, id and secret as they are: Cognito does not URL-decode them."""
        fields = form_fields({"grant_type", "scope"}, set(), _cognito)
        pair = basic_pair(credential("Basic") or "")
        client = self._accounts.find(NetFoundryClient, pair[0]) if pair else None
        if pair is None or client is None or client.client_secret != pair[1]:
            raise RefusedError(400, {"error": "invalid_client"})
        if fields["grant_type"] != "client_credentials":
            raise RefusedError(400, {"error": "unsupported_grant_type"})
        if fields["scope"] not in COGNITO_SCOPES:
            raise RefusedError(400, {"error": "invalid_scope"})
        return _bearer(self._grant(client, "platform", {"scope": fields["scope"]}), None)

    def _client(self, client_id: str, secret: str) -> NetFoundryClient:
        client = self._accounts.find(NetFoundryClient, client_id)
        if client is None or client.client_secret != secret:
            raise _denied(401, "Unauthorized")
        return client

    def _asserted(self, assertion: str) -> NetFoundryClient:
        """RFC 7523 section 2.2."""
        client = self._accounts.find(NetFoundryClient, str(claims_of(assertion).get("iss")))
        key = client.public_key if client else None
        verified(self._state, assertion, key, "ES256", (request.base_url,), lambda text: _denied(401, text))
        if client is None:
            raise _denied(401, "Unauthorized")
        return client

    def _grant(self, client: NetFoundryClient, area: str, claims: dict[str, object]) -> Issued:
        own = {"iss": request.host_url, "sub": client.client_id, "client_id": client.client_id}
        return self._mint.grant(PROVIDER, client.client_id, area, {**own, **claims})

    # Reads

    def networks_v2(self) -> Response:
        caller = self._caller("platform")
        page = {"size": 20, "totalElements": 1, "totalPages": 1, "number": 0}
        return jsonify({"_embedded": {"networkList": [_network(caller)]}, "page": page})

    def networks_v1(self) -> Response:
        return jsonify([_network(self._caller("platform"))])

    def identities(self) -> Response:
        return jsonify([_identity(self._caller("identity"))])

    def whoami(self, kind: str) -> Response:
        """Of the three addresses the one that fits the caller's kind answers."""
        caller = self._caller("identity")
        if kind not in SELF_PATHS or kind != caller.self_path:
            raise _gateway(404, "No identity of this kind")
        return jsonify(_identity(caller))

    def shares(self, front_id: str) -> Response:
        caller = self._caller("frontdoor")
        share = {"id": "share-1", "name": f"share of {_name(caller)}", "frontdoorId": front_id}
        return jsonify({"content": [share], "totalElements": 1, "number": 0, "size": 20})

    def _caller(self, area: str) -> Caller:
        """Who asks, if what they show opens this area: platform, identity or frontdoor."""
        if "x-rapidapi-key" in request.headers or "x-rapidapi-host" in request.headers:
            return self._rapidapi()
        token = credential("Bearer")
        if token is not None:
            live = self._mint.find(PROVIDER, token)
            client = self._accounts.find(NetFoundryClient, live.owner) if live else None
            if live is None or client is None:
                raise _gateway(401, "The token is not valid")
            if area not in ("identity", live.area):
                raise _gateway(403, f"The token is not for {area}")
            return client
        account = self._api_account(credential("Basic") or "")
        if account is None:
            raise _gateway(401, "Full authentication is required to access this resource")
        if area == "platform":
            raise _gateway(403, "An API account reads Frontdoor and identities")
        return account

    def _api_account(self, value: str) -> NetFoundryApiAccount | None:
        """Plain `id:token` as documented, or base64 as RFC 7617 says."""
        if ":" in value:
            account_id, _colon, token = value.partition(":")
        else:
            account_id, token = basic_pair(value) or ("", "")
        account = self._accounts.find(NetFoundryApiAccount, account_id)
        return account if account is not None and account.account_token == token else None

    def _rapidapi(self) -> NetFoundryRapidApi:
        account = self._accounts.find(NetFoundryRapidApi, request.headers.get("x-rapidapi-key", ""))
        if account is None:
            raise RefusedError(401, {"message": "Invalid API key."})
        if request.headers.get("x-rapidapi-host") != account.rapidapi_host:
            raise RefusedError(403, {"message": "You are not subscribed to this API."})
        if "Authorization" in request.headers:
            raise RefusedError(400, {"message": "An Authorization header beside the key."})
        return account


def _demand_client_credentials(grant_type: str) -> None:
    if grant_type != "client_credentials":
        description = f"Unsupported grant type: {grant_type}"
        raise RefusedError(403, {"error": "unsupported_grant_type", "error_description": description})


def _name(caller: Caller) -> str:
    if isinstance(caller, NetFoundryClient):
        return caller.client_id
    return caller.account_id if isinstance(caller, NetFoundryApiAccount) else "rapidapi"


def _network(caller: Caller) -> dict[str, object]:
    return {"id": "network-1", "name": f"network of {_name(caller)}", "status": "PROVISIONED"}


def _identity(caller: Caller) -> dict[str, object]:
    return {"id": f"identity of {_name(caller)}", "name": _name(caller), "type": caller.self_path}
