# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The accounts that are there from the start. README.md lists them."""

from __future__ import annotations

import functools
import hashlib
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from .accounts import (
    NUMBERS,
    Account,
    IdpClient,
    IdpRefresh,
    IdpSubject,
    IdpUser,
    NetBirdUser,
    NetFoundryApiAccount,
    NetFoundryClient,
    NetFoundryRapidApi,
    NetographyKey,
    NetographyRefresh,
    NetographyUser,
    make_pat,
)

SELF_PATHS = ("identities", "api-account-identities", "user-identities")
# Every character that URL-encoding changes, and a colon: RFC 7617 splits at the first one only.
ODD_SECRET = "odd+secret/%41&=x:y z"
CONDITIONS = ("expired", "deleted", "blocked", "pending", "limited")
AUDIENCE = "netbird-api"
SCOPE = "openid netbird"
# Who makes assertions for the client oa-federated-N.
FEDERATION = "https://ci.example"


def built_in() -> tuple[Account, ...]:
    return (*_netfoundry(), *_netography(), *_netbird(), *_identity_provider(), *_any_api())


@functools.cache
def private_key(client_id: str) -> str:
    """The key of a client that has one, as PEM. It is made of the id, so that none has to be kept."""
    return _key(client_id).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@functools.cache
def public_key(client_id: str) -> str:
    """Its public half."""
    return _key(client_id).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def _key(client_id: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha256(client_id.encode()).digest()[1:], "big")
    return ec.derive_private_key(number, ec.SECP256R1())


def _netfoundry() -> list[Account]:
    accounts: list[Account] = [NetFoundryClient("nf-client-odd", ODD_SECRET)]
    for n in NUMBERS:
        self_path = SELF_PATHS[(n - 1) % 3]
        client_id = f"nf-client-{n}"
        accounts.append(NetFoundryClient(client_id, f"nf-secret-{n}", self_path, public_key(client_id)))
        accounts.append(NetFoundryApiAccount(f"nf-account-{n}", f"nf-account-token-{n}"))
        accounts.append(NetFoundryRapidApi(f"nf-rapidapi-key-{n}"))
    return accounts


def _netography() -> list[Account]:
    # The parts of the sample NETOSECRET in the service's documentation.
    accounts: list[Account] = [NetographyKey("myappkey", "myappname", "mysharedsecret", "myshortname")]
    for n in NUMBERS:
        parent = f"neto-account-{n}"
        subs = tuple(f"{parent}-sub-{m}" for m in (1, 2, 3))
        key = NetographyKey(f"neto-appkey-{n}", f"neto-appname-{n}", f"neto-sharedsecret-{n}", parent, subs)
        accounts.append(key)
        accounts.append(NetographyUser(f"neto-user-{n}", f"neto-password-{n}", parent))
        accounts.append(NetographyRefresh(f"neto-refresh-{n}", f"neto-user-{n}", parent))
        rotating = NetographyRefresh(f"neto-rotating-{n}", f"neto-user-{n}", parent, rotates=True)
        accounts.append(rotating)
    return accounts


def _netbird() -> list[Account]:
    accounts: list[Account] = [
        NetBirdUser(make_pat(f"sandbox{condition}"), f"user-{condition}", condition) for condition in CONDITIONS
    ]
    for n in NUMBERS:
        accounts.append(NetBirdUser(make_pat(f"sandboxuser{n}"), f"user-{n}"))
        service = NetBirdUser(make_pat(f"sandboxservice{n}"), f"service-{n}", is_service_user=True)
        accounts.append(service)
    return accounts


def _identity_provider() -> list[Account]:
    accounts: list[Account] = []
    for n in NUMBERS:
        user = f"idp-user-{n}"
        clients = (
            IdpClient(f"nb-client-{n}", f"nb-secret-{n}", user, public_key=public_key(f"nb-client-{n}")),
            IdpClient(f"nb-post-{n}", f"nb-secret-{n}", user, "form_post"),
            IdpClient(f"nb-json-{n}", f"nb-secret-{n}", user, "json", AUDIENCE),
            IdpClient(f"nb-id-{n}", f"nb-secret-{n}", user, scope=SCOPE, token_field="id_token"),
            IdpClient(f"nb-public-{n}", None, user, "form_post", scope="openid"),
        )
        accounts += clients
        # nb-client-1 has nb-refresh-client-1, nb-public-1 has nb-refresh-public-1, and so on.
        accounts += [IdpRefresh(f"nb-refresh-{one.client_id[3:]}", one.client_id) for one in clients]
    return accounts


def _any_api() -> list[Account]:
    """Clients of the same provider whose tokens are for another API."""
    accounts: list[Account] = []
    for n in NUMBERS:
        user = f"idp-user-{n}"
        clients = (
            _client("client", n, f"oa-secret-{n}", public_key=public_key(f"oa-client-{n}")),
            _client("post", n, f"oa-secret-{n}", "form_post", resource="https://api.example"),
            _client("jwt", n, f"oa-secret-{n}-which-signs-assertions", "client_secret_jwt"),
            _client("federated", n, public_key=public_key(f"oa-federated-{n}"), issuer=FEDERATION),
            _client("public", n, request="form_post"),
        )
        accounts += clients
        accounts += [IdpRefresh(f"oa-refresh-{one.client_id[3:]}", one.client_id) for one in clients]
        accounts.append(IdpUser(f"oa-user-{n}", f"oa-password-{n}", user))
        accounts.append(IdpSubject(f"oa-subject-token-{n}", user))
    return accounts


def _client(kind: str, n: int, secret: str | None = None, request: str = "form_basic", **more: Any) -> IdpClient:
    return IdpClient(f"oa-{kind}-{n}", secret, f"idp-user-{n}", request, provider="oauth2", **more)
