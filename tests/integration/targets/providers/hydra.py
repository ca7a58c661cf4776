# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A real Ory Hydra, with a client for each way to show one, and whom it trusts."""

from __future__ import annotations

import contextlib
import json
import secrets
import time
import typing as t
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import jwt
import requests

from ansible_collections.netapi.auth.tests.integration.servers.serving import HOST, REQUEST, ask, ports, serving
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import (
    ELSEWHERE,
    KEY_ID,
    SECRET,
    SUBJECT,
    Keys,
    jwks,
)

WAYS = ("client_secret_basic", "client_secret_post", "private_key_jwt", "none")
API = "https://api.example"
# No server is there: the code is read off the address.
_BACK = f"http://{HOST}:1/back"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_SCOPE = ["openid", "offline_access", "api"]


@dataclass(frozen=True)
class Hydra:
    """A server that answers.

    :param admin: where it is set up.
    """

    public: str
    admin: str
    keys: Keys

    @property
    def issuer(self) -> str:
        return f"{self.public}/"

    @property
    def token_endpoint(self) -> str:
        return f"{self.public}/oauth2/token"

    def assertion(self, key: str, **claims: t.Any) -> str:
        """One for the token endpoint, good for one use."""
        now = int(time.time())
        said = {"aud": self.token_endpoint, "iat": now, "exp": now + 120, "jti": uuid.uuid4().hex, **claims}
        return jwt.encode(said, key, "RS256", headers={"kid": KEY_ID})

    def token(self, name: str, **form: str) -> dict[str, t.Any]:
        """What the client gets, asked without the collection. Raises HTTPError."""
        shown: dict[str, t.Any] = {}
        if name == "client_secret_basic":
            shown["auth"] = (name, SECRET)
        elif name == "client_secret_post":
            form |= {"client_id": name, "client_secret": SECRET}
        elif name == "none":
            form |= {"client_id": name}
        else:
            assertion = self.assertion(self.keys.client, iss=name, sub=name)
            form |= {"client_assertion_type": _ASSERTION, "client_assertion": assertion}
        found: dict[str, t.Any] = ask(self.token_endpoint, form, **shown)
        return found

    def sign_in(self, name: str) -> dict[str, t.Any]:
        """What a person gets at this client, by a browser."""
        query = {"response_type": "code", "client_id": name, "redirect_uri": _BACK, "scope": " ".join(_SCOPE)}
        address = f"{self.public}/oauth2/auth"
        with requests.Session() as browser:
            browser.trust_env = False
            asked: dict[str, str] = {**query, "state": secrets.token_hex(8)}
            while "code" not in asked:
                answer = browser.get(address, params=asked, allow_redirects=False, timeout=REQUEST)
                address, asked = self._next(answer.headers["Location"])
        return self.token(name, grant_type="authorization_code", code=asked["code"], redirect_uri=_BACK)

    def _next(self, location: str) -> tuple[str, dict[str, str]]:
        """Where the browser goes: pages of the person say yes at once."""
        address, query = location.partition("?")[0], dict(parse_qsl(urlsplit(location).query))
        kind = address.rpartition("/")[2]
        agreed = {"login": {"subject": SUBJECT}, "consent": {"grant_scope": _SCOPE}}.get(kind)
        if not agreed:
            return address, query
        accept = f"{self.admin}/admin/oauth2/auth/requests/{kind}/accept"
        return self._next(ask(accept, method="PUT", params=query, json=agreed)["redirect_to"])

    def is_active(self, token: str) -> bool:
        return bool(ask(f"{self.admin}/admin/oauth2/introspect", {"token": token})["active"])


@contextlib.contextmanager
def start(program: Path, folder: Path) -> Iterator[Hydra]:
    """A server with its clients, its log in ``folder``."""
    public, admin = ports(2)
    hydra = Hydra(f"http://{HOST}:{public}", f"http://{HOST}:{admin}", Keys.make())
    variables = {
        "DSN": "memory",
        "SECRETS_SYSTEM": secrets.token_hex(16),
        "URLS_SELF_ISSUER": hydra.issuer,
        "URLS_LOGIN": f"{hydra.public}/login",
        "URLS_CONSENT": f"{hydra.public}/consent",
        "SERVE_PUBLIC_HOST": HOST,
        "SERVE_PUBLIC_PORT": str(public),
        "SERVE_ADMIN_HOST": HOST,
        "SERVE_ADMIN_PORT": str(admin),
        # It would tell its maker how it is used.
        "SQA_OPT_OUT": "true",
    }
    argv = [str(program), "serve", "all", "--dev", "--sqa-opt-out"]
    with serving(argv, f"{hydra.public}/health/ready", folder / "hydra.log", **variables):
        for name in WAYS:
            ask(f"{hydra.admin}/admin/clients", json=_client(name, hydra.keys))
        ask(f"{hydra.admin}/admin/trust/grants/jwt-bearer/issuers", json=_trusted(hydra.keys))
        yield hydra


def _client(name: str, keys: Keys) -> dict[str, t.Any]:
    return {
        "client_id": name,
        **({"client_secret": SECRET} if name.startswith("client_secret") else {}),
        **({"jwks": json.loads(jwks(keys.client))} if name == "private_key_jwt" else {}),
        "token_endpoint_auth_method": name,
        "grant_types": ["authorization_code", "client_credentials", "refresh_token", _JWT_BEARER],
        "response_types": ["code"],
        "redirect_uris": [_BACK],
        "scope": " ".join(_SCOPE),
        "audience": [API],
    }


def _trusted(keys: Keys) -> dict[str, t.Any]:
    """The provider elsewhere, for the JWT bearer grant."""
    (key,) = json.loads(jwks(keys.elsewhere))["keys"]
    end = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    return {"issuer": ELSEWHERE, "subject": SUBJECT, "scope": ["api"], "jwk": key, "expires_at": end}
