# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Any API behind the OpenID provider: clients of each kind, whose tokens are for it, and who they are."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import jwt
from flask import Blueprint, Response, jsonify

from ..assertions import private_key, public_key
from ..state import Service, state
from ..wire import RefusedError, credential
from .idp import IdpClient, IdpRefresh, IdpSubject, IdpUser

PROVIDER = "oauth2"
ROUTES = Blueprint(PROVIDER, __name__, url_prefix="/idp")
# Who makes assertions for the client oa-federated-N.
FEDERATION = "https://ci.example"


def accounts() -> Iterator[object]:
    for n in range(1, 10):
        secret, user = f"oa-secret-{n}", f"idp-user-{n}"
        kinds: dict[str, dict[str, Any]] = {
            "client": {"client_secret": secret, "public_key": public_key(f"oa-client-{n}")},
            "post": {"client_secret": secret, "client_auth": "client_secret_post", "resource": "https://api.example"},
            "jwt": {"client_secret": f"{secret}-which-signs-assertions", "client_auth": "client_secret_jwt"},
            "federated": {"issuer": FEDERATION, "public_key": public_key(f"oa-federated-{n}")},
            "public": {"client_auth": "client_secret_post"},
        }
        for kind, more in kinds.items():
            yield IdpClient(f"oa-{kind}-{n}", user_id=user, provider=PROVIDER, **{"client_secret": None, **more})
            yield IdpRefresh(f"oa-refresh-{kind}-{n}", f"oa-{kind}-{n}")
        yield IdpUser(f"oa-user-{n}", f"oa-password-{n}", user)
        yield IdpSubject(f"oa-subject-token-{n}", user)


def made_elsewhere(client_id: str, url: str) -> str:
    """A token for a federated client, as the place where a job runs gives it; good for one use."""
    now = int(time.time())
    said = {"iss": FEDERATION, "sub": client_id, "aud": f"{url}/idp", "jti": uuid.uuid4().hex}
    return jwt.encode({**said, "iat": now, "exp": now + 240}, private_key(client_id), "ES256")


def exports(url: str) -> dict[str, str]:
    return {
        "NETAPI_OAUTH2_ISSUER": f"{url}/idp",
        "NETAPI_OAUTH2_CLIENT_ID": "oa-client-1",
        "NETAPI_OAUTH2_CLIENT_SECRET": "oa-secret-1",
        "NETAPI_OAUTH2_API_URL": url,
    }


@ROUTES.get("/userinfo")
def userinfo() -> Response:
    """OpenID Connect Core 1.0 §5.3."""
    live = state().live(PROVIDER, credential("Bearer"))
    if live is None:
        raise RefusedError(401, {"error": "invalid_token"}, {"WWW-Authenticate": 'Bearer error="invalid_token"'})
    return jsonify({"sub": live.owner})


SERVICE = Service(PROVIDER, ROUTES, accounts, exports)
