# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The realm of the tests: one client for each way to show one, a person, and a provider whose tokens are trusted."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ansible_collections.netapi.auth.tests.integration.servers.cells import FEDERATED

REALM = "automation"
PERSON, PASSWORD = "person", "the-password-of-the-person"
# A provider that is not there: its key alone is known.
ELSEWHERE = "https://ci.example"
SUBJECT = "job-1"
KEY_ID = "key-1"
SECRET = "the-secret-of-the-client-in-the-realm"
# How clients are shown; the name of a client is that of its way.
AUTHENTICATORS = {
    "client_secret_basic": "client-secret",
    "client_secret_post": "client-secret",
    "client_secret_jwt": "client-secret-jwt",
    "private_key_jwt": "client-jwt",
    "tls_client_auth": "client-x509",
    "client_secret_json": "client-secret",
    "none": "client-secret",
}
# Clients whose tokens are bound, to a key by a proof (RFC 9449) or to a certificate (RFC 8705): what says so.
BOUND = {"dpop": "dpop.bound.access.tokens", "certificate": "tls.client.certificate.bound.access.tokens"}


@dataclass(frozen=True)
class Keys:
    """The private keys of the clients and of the provider elsewhere, in PEM."""

    client: str
    elsewhere: str

    @classmethod
    def make(cls) -> Keys:
        pair = (rsa.generate_private_key(65537, 2048) for _number in range(2))
        return cls(*(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() for key in pair))


def jwks(pem: str) -> str:
    """The public half of a key, as a provider keeps it."""
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    key = t.cast(rsa.RSAPrivateKey, load_pem_private_key(pem.encode(), None)).public_key()
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key))
    return json.dumps({"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]})


def realm(keys: Keys) -> dict[str, t.Any]:
    """What Keycloak imports."""
    clients = [_client(name, authenticator, keys) for name, authenticator in AUTHENTICATORS.items()]
    federated = _client(FEDERATED, "federated-jwt", keys)
    federated["attributes"] |= {"jwt.credential.issuer": "elsewhere", "jwt.credential.sub": SUBJECT}
    bound = [_client(name, "client-secret", keys) for name in BOUND]
    for client in bound:
        client["attributes"][BOUND[client["clientId"]]] = "true"
    return {
        "realm": REALM,
        "enabled": True,
        "sslRequired": "none",
        # Rotation, without a second use.
        "revokeRefreshToken": True,
        "refreshTokenMaxReuse": 0,
        "clients": [*clients, federated, *bound],
        "identityProviders": [_elsewhere(keys)],
        "users": [_person()],
    }


def _client(name: str, authenticator: str, keys: Keys) -> dict[str, t.Any]:
    public = name == "none"
    mapper = {
        "name": "itself",
        "protocol": "openid-connect",
        "protocolMapper": "oidc-audience-mapper",
        "config": {"included.client.audience": name, "access.token.claim": "true"},
    }
    return {
        "clientId": name,
        "protocol": "openid-connect",
        "publicClient": public,
        "clientAuthenticatorType": authenticator,
        "secret": SECRET,
        "serviceAccountsEnabled": not public,
        "directAccessGrantsEnabled": True,
        "standardFlowEnabled": False,
        # A client may exchange tokens of which it is an audience.
        "protocolMappers": [mapper],
        "attributes": {
            "standard.token.exchange.enabled": str(not public).lower(),
            "oauth2.jwt.authorization.grant.enabled": str(not public).lower(),
            "oauth2.jwt.authorization.grant.idp": "elsewhere",
            "use.jwks.string": "true",
            "jwks.string": jwks(keys.client),
            "x509.subjectdn": f"(.*,)? ?CN={name}(,.*)?",
            "x509.allow.regex.pattern.comparison": "true",
        },
    }


def _elsewhere(keys: Keys) -> dict[str, t.Any]:
    return {
        "alias": "elsewhere",
        "providerId": "oidc",
        "enabled": True,
        "config": {
            "issuer": ELSEWHERE,
            "clientId": "unused",
            "clientSecret": "unused",
            "authorizationUrl": f"{ELSEWHERE}/authorize",
            "tokenUrl": f"{ELSEWHERE}/token",
            "validateSignature": "true",
            "useJwksUrl": "false",
            "publicKeySignatureVerifier": jwks(keys.elsewhere),
            "publicKeySignatureVerifierKeyId": KEY_ID,
            "supportsClientAssertions": "true",
            "supportsClientAssertionReuse": "false",
            "jwtAuthorizationGrantEnabled": "true",
            "jwtAuthorizationGrantAssertionReuseAllowed": "false",
        },
    }


def _person() -> dict[str, t.Any]:
    return {
        "username": PERSON,
        "enabled": True,
        "emailVerified": True,
        "email": f"{PERSON}@ci.example",
        "firstName": "A",
        "lastName": "Person",
        "credentials": [{"type": "password", "value": PASSWORD}],
        "federatedIdentities": [{"identityProvider": "elsewhere", "userId": SUBJECT, "userName": SUBJECT}],
    }
