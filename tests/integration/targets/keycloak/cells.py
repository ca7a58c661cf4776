# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Each way to show a client with each grant, as options of the collection."""

from __future__ import annotations

import time
import typing as t
import uuid

import jwt

from ansible_collections.netapi.auth.tests.integration.servers.cells import (
    CELLS,
    FEDERATED,
    NOT_ASKED,
    REFUSED,
    TOKEN,
    Cell,
    Options,
)
from ansible_collections.netapi.auth.tests.integration.servers.serving import ask
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import (
    ELSEWHERE,
    KEY_ID,
    PASSWORD,
    PERSON,
    SECRET,
    SUBJECT,
)
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.server import Keycloak

# A client without a secret may do no more.
_PUBLIC = ("refresh_token", "password")
_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def cells() -> dict[Cell, str]:
    """TOKEN where Keycloak gives one, else REFUSED or NOT_ASKED."""
    return {cell: _expected(*cell) for cell in CELLS}


def _expected(name: str, grant: str) -> str:
    if (name, grant) == ("none", "client_credentials"):
        return NOT_ASKED
    # It reads no JSON.
    is_refused = name == "client_secret_json" or (name == "none" and grant not in _PUBLIC)
    return REFUSED if is_refused else TOKEN


def options(keycloak: Keycloak, name: str, grant: str) -> Options:
    """What a user would set for it."""
    return {**_client(keycloak, name), **_GRANTS[grant](keycloak, name)}


def _client(keycloak: Keycloak, name: str) -> Options:
    said: Options = {"issuer": keycloak.issuer, "client_id": name}
    if name.startswith("client_secret"):
        return {**said, "client_auth": name, "client_secret": SECRET}
    if name == "private_key_jwt":
        return {**said, "client_auth": name, "private_key": keycloak.keys.client, "private_key_id": KEY_ID}
    if name == "tls_client_auth":
        return {
            **said,
            "issuer": keycloak.tls_issuer,
            "ca_path": keycloak.authority,
            "client_auth": name,
            **keycloak.certificate(name),
        }
    if name == FEDERATED:
        return {"issuer": keycloak.issuer, "client_assertion": elsewhere(keycloak)}
    return {**said, "client_auth": "none"}


def elsewhere(keycloak: Keycloak, **claims: t.Any) -> str:
    """A token that the provider elsewhere has made for the realm; good for one use."""
    now = int(time.time())
    said = {
        "iss": ELSEWHERE,
        "sub": SUBJECT,
        "aud": keycloak.issuer,
        "iat": now,
        "exp": now + 240,
        "jti": uuid.uuid4().hex,
    }
    return jwt.encode({**said, **claims}, keycloak.keys.elsewhere, "RS256", headers={"kid": KEY_ID})


def _by_itself(keycloak: Keycloak, name: str) -> Options:
    # Nothing of a public client selects a method.
    return {"method": "client_credentials"} if name == "none" else {}


def _refresh(keycloak: Keycloak, name: str) -> Options:
    return {"refresh_token": token(keycloak, name)["refresh_token"], "client_id": name}


def _jwt_bearer(keycloak: Keycloak, name: str) -> Options:
    if name in ("private_key_jwt", FEDERATED):
        # The key is the client's, so the grant is an assertion made elsewhere.
        return {"method": "jwt_bearer", "assertion": elsewhere(keycloak)}
    audience = keycloak.tls_issuer if name == "tls_client_auth" else keycloak.issuer
    return {
        "method": "jwt_bearer",
        "private_key": keycloak.keys.elsewhere,
        "private_key_id": KEY_ID,
        "assertion_claims": {"iss": ELSEWHERE, "sub": SUBJECT},
        "assertion_audience": audience,
    }


def _exchange(keycloak: Keycloak, name: str) -> Options:
    return {"subject_token": token(keycloak, name)["access_token"], "subject_token_type": "access_token"}


def _password(keycloak: Keycloak, name: str) -> Options:
    return {"method": "password", "username": PERSON, "password": PASSWORD}


_GRANTS: dict[str, t.Callable[[Keycloak, str], Options]] = {
    "client_credentials": _by_itself,
    "refresh_token": _refresh,
    "jwt_bearer": _jwt_bearer,
    "token_exchange": _exchange,
    "password": _password,
}


def token(keycloak: Keycloak, name: str) -> dict[str, t.Any]:
    """What Keycloak gives the person at this client, asked without the collection."""
    issuer = keycloak.tls_issuer if name == "tls_client_auth" else keycloak.issuer
    now = int(time.time())
    claims = {"iss": name, "sub": name, "aud": issuer, "iat": now, "exp": now + 50, "jti": uuid.uuid4().hex}
    asked = {"grant_type": "password", "username": PERSON, "password": PASSWORD, "client_id": name, "scope": "openid"}
    if name in ("client_secret_basic", "client_secret_post", "client_secret_json"):
        asked["client_secret"] = SECRET
    elif name == "client_secret_jwt":
        asked |= _asserted(jwt.encode(claims, SECRET, "HS256"))
    elif name == "private_key_jwt":
        asked |= _asserted(jwt.encode(claims, keycloak.keys.client, "RS256", headers={"kid": KEY_ID}))
    elif name == FEDERATED:
        asked |= _asserted(elsewhere(keycloak))
        del asked["client_id"]
    shown: dict[str, t.Any] = {}
    if name == "tls_client_auth":
        shown = {"verify": keycloak.authority, "cert": tuple(keycloak.certificate(name).values())}
    found: dict[str, t.Any] = ask(f"{issuer}/protocol/openid-connect/token", asked, **shown)
    return found


def _asserted(assertion: str) -> dict[str, str]:
    return {"client_assertion_type": _ASSERTION_TYPE, "client_assertion": assertion}
