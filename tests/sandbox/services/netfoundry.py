# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetFoundry: Auth0, Cognito and form token endpoints, reads of the three API generations, and networks to make.

A gateway token (any of Cognito's is one) opens networks and identities, a Frontdoor token and an API account open
Frontdoor and identities, RapidAPI opens all. What is not documented is refused: a scope beside a gateway audience.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from flask import Blueprint, Response, jsonify, request

from ..assertions import ASSERTION_TYPE, claims_of, public_key, verified
from ..state import Service, state
from ..wire import RefusedError, basic_pair, credential, demand, form_fields, json_fields

PROVIDER = "netfoundry"
GATEWAYS = [f"https://gateway.{one}.netfoundry.io" for one in ("production", "staging", "sandbox")]
FRONTDOOR_SCOPES = ["frontdoor.read", "frontdoor.write"]
SELF_PATHS = ("identities", "api-account-identities", "user-identities")
# Every character that URL-encoding changes, and a colon: RFC 7617 splits at the first one only.
ODD_SECRET = "odd+secret/%41&=x:y z"
ROUTES = Blueprint(PROVIDER, __name__)


@dataclass(frozen=True)
class NetFoundryClient:
    """An OAuth client, good for Auth0, Cognito and Frontdoor. `self_path`: the who-am-I that answers it.

    With a `public_key` (PEM), Auth0 takes an assertion too.
    """

    client_id: str
    client_secret: str
    self_path: str = "identities"
    public_key: str | None = None


@dataclass(frozen=True)
class NetFoundryApiAccount:
    """A Frontdoor API account, sent in a Basic header."""

    account_id: str
    account_token: str
    self_path: str = "api-account-identities"


@dataclass(frozen=True)
class NetFoundryRapidApi:
    rapidapi_key: str
    rapidapi_host: str = "netfoundryapi.p.rapidapi.com"
    self_path: str = "identities"


Caller = NetFoundryClient | NetFoundryApiAccount | NetFoundryRapidApi


def accounts() -> Iterator[Caller]:
    yield NetFoundryClient("nf-client-odd", ODD_SECRET)
    for n in range(1, 10):
        client_id, self_path = f"nf-client-{n}", SELF_PATHS[(n - 1) % 3]
        yield NetFoundryClient(client_id, f"nf-secret-{n}", self_path, public_key(client_id))
        yield NetFoundryApiAccount(f"nf-account-{n}", f"nf-account-token-{n}")
        yield NetFoundryRapidApi(f"nf-rapidapi-key-{n}")


def exports(url: str) -> dict[str, str]:
    return {
        "NETFOUNDRY_OAUTH_URL": f"{url}/oauth/token",
        "NETFOUNDRY_CLIENT_ID": "nf-client-1",
        "NETFOUNDRY_CLIENT_SECRET": "nf-secret-1",
        "NF_ENVIRONMENT": "sandbox",
        "NETFOUNDRY_API_URL": url,
    }


def _denied(status: int, description: str, error: str = "access_denied") -> RefusedError:
    """Auth0's shape."""
    error = error if status in (401, 403) else "invalid_request"
    return RefusedError(status, {"error": error, "error_description": description})


def _cognito(error: str) -> RefusedError:
    """Cognito's shape: 400 whatever is wrong, and no description."""
    return RefusedError(400, {"error": error})


def _gateway(status: int, error: str, message: str) -> RefusedError:
    """The shape of an API refusal is not documented; this is the usual one of the framework behind it."""
    return RefusedError(status, {"status": status, "error": error, "message": message, "path": request.path})


@ROUTES.post("/oauth/token")
def auth0() -> Response:
    """Platform and Frontdoor: client credentials in a JSON body, or with an assertion in a form."""
    if "client_assertion" in request.form:
        proof = {"client_assertion", "client_assertion_type", "grant_type"}
        fields = form_fields(proof, {"client_id", "audience", "scope"}, _denied)
        client = _asserted(fields)
    else:
        fields = json_fields({"client_id", "client_secret", "grant_type"}, {"audience", "scope"}, _denied)
        client = _client(fields["client_id"], fields["client_secret"], fields)
    no_audience = "No audience parameter was provided, and no default audience has been configured"
    demand(bool(fields.get("audience")), _denied(403, no_audience))
    return _auth0_grant(client, fields["audience"], fields.get("scope"))


@ROUTES.post("/oauth/token-post")
def form_post() -> Response:
    """The same with the secret in a form; the audience may be absent."""
    fields = form_fields({"client_id", "client_secret", "grant_type"}, {"audience", "scope"}, _denied)
    client = _client(fields["client_id"], fields["client_secret"], fields)
    if "audience" in fields:
        return _auth0_grant(client, fields["audience"], fields.get("scope"))
    return _grant(client, "platform", scope=fields.get("scope"))


def _auth0_grant(client: NetFoundryClient, audience: str, scope: str | None) -> Response:
    if audience in [f"{gateway}/" for gateway in GATEWAYS]:
        demand(scope is None, _denied(400, "Unknown field: scope"))
        return _grant(client, "platform", aud=audience)
    is_known = audience in [f"{gateway}/frontdoor" for gateway in GATEWAYS]
    demand(is_known, _denied(403, f"Service not enabled within domain: {audience}"))
    has_scope = sorted((scope or "").split()) == FRONTDOOR_SCOPES
    demand(has_scope, _denied(403, f"Client has not been granted scopes: {scope}"))
    return _grant(client, "frontdoor", aud=audience, scope=scope)


@ROUTES.post("/application/o/token/", strict_slashes=True)
def another() -> Response:
    """An organisation's own provider: form with HTTP Basic (RFC 6749 section 2.3.1); no scope of Cognito's."""
    fields = form_fields({"grant_type"}, {"audience", "scope"}, _denied)
    name, secret = (unquote(part) for part in basic_pair(credential("Basic")) or ("", ""))
    client = _client(name, secret, fields)
    demand(not fields.get("scope", "").endswith("//ignore-scope"), _cognito("invalid_scope"))
    return _grant(client, "platform", scope=fields.get("scope"))


@ROUTES.route("/application/o/token", methods=["GET", "POST"])
def no_slash() -> Response:
    """What Django servers do with an address without the slash at its end."""
    return Response(status=301, headers={"Location": f"{request.path}/"})


@ROUTES.post("/oauth2/token")
def cognito() -> Response:
    """Form with HTTP Basic, id and secret as they are: Cognito does not URL-decode them."""
    fields = form_fields({"grant_type", "scope"}, set(), lambda _status, _text: _cognito("invalid_request"))
    name, secret = basic_pair(credential("Basic")) or ("", "")
    client = state().store.login(NetFoundryClient, name, secret, _cognito("invalid_client"))
    demand(fields["grant_type"] == "client_credentials", _cognito("unsupported_grant_type"))
    demand(fields["scope"] in [f"{gateway}//ignore-scope" for gateway in GATEWAYS], _cognito("invalid_scope"))
    return _grant(client, "platform")


def _asserted(fields: dict[str, str]) -> NetFoundryClient:
    """RFC 7523 section 2.2."""
    demand(fields["client_assertion_type"] == ASSERTION_TYPE, _denied(401, "Unauthorized"))
    client = state().store.find(NetFoundryClient, str(claims_of(fields["client_assertion"]).get("iss")))
    if client is None:
        raise _denied(401, "Unauthorized")
    key = (client.public_key, "ES256")
    verified(fields["client_assertion"], key, (request.base_url,), lambda text: _denied(401, text))
    return _client(client.client_id, client.client_secret, fields)


def _client(client_id: str, secret: str, fields: dict[str, str]) -> NetFoundryClient:
    client = state().store.login(NetFoundryClient, client_id, secret, _denied(401, "Unauthorized"))
    description = f"Unsupported grant type: {fields['grant_type']}"
    demand(fields["grant_type"] == "client_credentials", _denied(403, description, "unsupported_grant_type"))
    return client


def _grant(client: NetFoundryClient, area: str, aud: str | None = None, scope: str | None = None) -> Response:
    asked = {name: value for name, value in {"aud": aud, "scope": scope}.items() if value}
    claims = {"iss": request.host_url, "sub": client.client_id, "client_id": client.client_id, **asked}
    answer = state().grant(PROVIDER, client.client_id, area, claims)
    return jsonify(answer | ({"scope": scope} if scope else {}))


@dataclass(frozen=True)
class Network:
    """A network that was made. `status` is PROVISIONING until it has been read once."""

    id: str
    owner: str
    name: str
    status: str = "PROVISIONING"

    def shown(self) -> dict[str, object]:
        return {"id": self.id, "name": self.name, "status": self.status}


def _networks(owner: str) -> list[Network]:
    made = [one for one in state().store.all(Network) if one.owner == owner]
    return [Network("network-1", owner, f"network of {owner}", "PROVISIONED"), *made]


def _number(name: str, otherwise: int, least: int) -> int:
    """Of the query."""
    text = request.args.get(name, str(otherwise))
    demand(text.isdecimal() and int(text) >= least, _gateway(400, "Bad Request", f"{name} is not a number that fits"))
    return int(text)


@ROUTES.get("/core/v2/networks")
def networks() -> Response:
    """One page, in the form of Spring Data REST."""
    known = _networks(_name(_caller("platform")))
    number, size = _number("page", 0, 0), _number("size", 20, 1)
    shown = [one.shown() for one in known[number * size : (number + 1) * size]]
    page = {"size": size, "totalElements": len(known), "totalPages": -(-len(known) // size), "number": number}
    # Without elements that form has no list.
    return jsonify({**({"_embedded": {"networkList": shown}} if shown else {}), "page": page})


@ROUTES.post("/core/v2/networks")
def make_network() -> tuple[Response, int]:
    owner = _name(_caller("platform"))
    body = request.get_json(silent=True)
    name = body.get("name") if isinstance(body, dict) else None
    demand(isinstance(name, str) and name != "", _gateway(400, "Bad Request", "name must not be blank"))
    taken = {one.id for one in state().store.all(Network)}
    made = Network(next(free for n in itertools.count(2) if (free := f"network-{n}") not in taken), owner, str(name))
    state().store.add(made)
    return jsonify(made.shown()), 202


def _network(network_id: str) -> Network:
    known = {one.id: one for one in _networks(_name(_caller("platform")))}
    demand(network_id in known, _gateway(404, "Not Found", f"No network {network_id}"))
    return known[network_id]


@ROUTES.get("/core/v2/networks/<network_id>")
def network(network_id: str) -> Response:
    found = _network(network_id)
    if found.status == "PROVISIONING":
        state().store.add(replace(found, status="PROVISIONED"))
    return jsonify(found.shown())


@ROUTES.delete("/core/v2/networks/<network_id>")
def remove_network(network_id: str) -> tuple[Response, int]:
    found = _network(network_id)
    demand(state().store.take(Network, found.id) is not None, _gateway(409, "Conflict", "This network stays"))
    return jsonify(found.shown()), 202


@ROUTES.get("/identity/v1/<kind>/self")
def whoami(kind: str) -> Response:
    """Of the three addresses the one that fits the caller's kind answers."""
    caller = _caller("identity")
    demand(kind == caller.self_path, _gateway(404, "Not Found", "No identity of this kind"))
    return jsonify({"id": f"identity of {_name(caller)}", "name": _name(caller), "type": caller.self_path})


@ROUTES.get("/frontdoor/<front_id>/shares")
def shares(front_id: str) -> Response:
    share = {"id": "share-1", "name": f"share of {_name(_caller('frontdoor'))}", "frontdoorId": front_id}
    return jsonify({"content": [share], "totalElements": 1, "number": 0, "size": 20})


def _caller(area: str) -> Caller:
    """Who asks, if what they show opens this area: platform, identity or frontdoor."""
    if "x-rapidapi-key" in request.headers or "x-rapidapi-host" in request.headers:
        return _rapidapi()
    token = credential("Bearer")
    if token is None:
        return _api_account(area)
    live = state().live(PROVIDER, token)
    client = state().store.find(NetFoundryClient, live.owner) if live else None
    if live is None or client is None:
        raise _gateway(401, "Unauthorized", "The token is not valid")
    demand(area in ("identity", live.area), _gateway(403, "Forbidden", f"The token is not for {area}"))
    return client


def _api_account(area: str) -> NetFoundryApiAccount:
    """Plain `id:token` as documented, or base64 as RFC 7617 says."""
    value = credential("Basic") or ""
    account_id, token = value.split(":", 1) if ":" in value else basic_pair(value) or ("", "")
    refusal = _gateway(401, "Unauthorized", "Full authentication is required to access this resource")
    account = state().store.login(NetFoundryApiAccount, account_id, token, refusal)
    demand(area != "platform", _gateway(403, "Forbidden", "An API account reads Frontdoor and identities"))
    return account


def _rapidapi() -> NetFoundryRapidApi:
    account = state().store.find(NetFoundryRapidApi, request.headers.get("x-rapidapi-key", ""))
    if account is None:
        raise RefusedError(401, {"message": "Invalid API key."})
    has_host = request.headers.get("x-rapidapi-host") == account.rapidapi_host
    demand(has_host, RefusedError(403, {"message": "You are not subscribed to this API."}))
    alone = "Authorization" not in request.headers
    demand(alone, RefusedError(400, {"message": "An Authorization header beside the key."}))
    return account


def _name(caller: Caller) -> str:
    if isinstance(caller, NetFoundryClient):
        return caller.client_id
    return caller.account_id if isinstance(caller, NetFoundryApiAccount) else "rapidapi"


SERVICE = Service(PROVIDER, ROUTES, accounts, exports)
