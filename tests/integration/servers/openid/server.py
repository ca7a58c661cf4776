# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaille as the tests need it, on a free port of loopback until standard input ends. See README.md."""

# Canaille and what it brings live in an environment of their own that mypy does not see:
# mypy: disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import json
import os
import secrets
import sys
import tempfile
import threading
from typing import Any

import canaille
from authlib.oauth2.rfc6749 import ClientCredentialsGrant
from canaille.app import models
from canaille.backends import Backend
from canaille.oidc.jose import make_default_rsa_jwk
from canaille.oidc.provider import JWTClientAuth
from flask import Flask, Response, request
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server

BASIC, POST, KEY, PUBLIC = "client_secret_basic", "client_secret_post", "private_key_jwt", "none"
MACHINE = {"grant_types": ["client_credentials"], "scope": ["api"]}
# The password grant is how refresh tokens are minted: it is the only flow for a person that needs no browser.
PERSON = {"grant_types": ["refresh_token", "password"], "scope": ["openid", "profile", "email", "offline_access"]}
ALL = {"grant_types": MACHINE["grant_types"] + PERSON["grant_types"], "scope": PERSON["scope"]}
CLIENTS: dict[str, tuple[str, str, dict[str, list[str]]]] = {
    "netbird-machine": ("machine-secret", BASIC, MACHINE),
    "netbird-machine-post": ("machine-post-secret", POST, MACHINE),
    # Wrong at the provider unless both parts are encoded exactly once (RFC 6749 section 2.3.1): a colon in the
    # id, and text that reads as percent-encoding.
    "netbird:machine/é": ("100%41 + a=b&c/d:é", BASIC, MACHINE),
    "netbird-offline": ("offline-secret", BASIC, PERSON),
    "netbird-offline-post": ("offline-post-secret", POST, PERSON),
    # Each by its name.
    **{way: ("the-secret-of-the-client", way, ALL) for way in (BASIC, POST)},
    **{way: ("", way, ALL) for way in (KEY, PUBLIC)},
}
CLIENT_KEY = make_default_rsa_jwk()
LOGIN = {"username": "ada", "password": "ada-password"}


def create_app(host: str) -> Any:
    """The application, with an SQLite database in the working directory. It reads no settings but these."""
    # Canaille announces client_secret_post for the token endpoint and allows it for every grant but this one,
    # where Authlib's default is left as it is.
    ClientCredentialsGrant.TOKEN_ENDPOINT_AUTH_METHODS = [BASIC, POST, JWTClientAuth.CLIENT_AUTH_METHOD]
    for name in ("CANAILLE_CONFIG", "CANAILLE_ENV", "SECRETS_DIR"):
        os.environ.pop(name, None)
    config = {
        "SECRET_KEY": secrets.token_hex(32),
        "SERVER_NAME": host,
        "PREFERRED_URL_SCHEME": "http",
        # Canaille notes every grant.
        "CANAILLE": {"DATABASE": "sql", "LOGGING": {"version": 1, "root": {"level": "WARNING"}}, "SMTP": None},
        "CANAILLE_SQL": {"DATABASE_URI": "sqlite:///canaille.sqlite"},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [make_default_rsa_jwk().as_dict(private=True)]},
    }
    app = canaille.create_app(config=config, env_file=None)
    with app.app_context(), Backend.instance.session():
        for name, (secret, method, more) in CLIENTS.items():
            # Canaille's tokens for a person carry no jti: with a deterministic signature two of the same second
            # would be the same text, which its database refuses. PSS signatures are salted.
            ways = {"token_endpoint_auth_method": method, "id_token_signed_response_alg": "PS256"}
            jwks = json.dumps({"keys": [CLIENT_KEY.as_dict(private=False)]}) if method == KEY else None
            entry = models.Client(client_id=name, client_secret=secret, client_name=name, jwks=jwks, **ways, **more)
            Backend.instance.save(entry)
            # The audience of a token is its client's: itself, as for a client that registers itself.
            entry.audience = [entry]
            Backend.instance.save(entry)
        names = {"formatted_name": "Ada Lovelace", "given_name": "Ada", "family_name": "Lovelace"}
        person = {"user_name": LOGIN["username"], "password": LOGIN["password"], "emails": ["ada@example.com"]}
        Backend.instance.save(models.User(**person, **names))
    return app


def control(app: Any, issuer: str) -> Flask:
    """What the tests ask; none of it is a part of OAuth."""
    tests = Flask("tests")

    @tests.post("/refresh-token")
    def mint() -> Response:
        name = request.get_json()["client_id"]
        secret, method, more = CLIENTS[name]
        fields = {**LOGIN, "grant_type": "password", "scope": " ".join(more["scope"])}
        shown = {"auth": (name, secret)} if method == BASIC else {}
        fields |= {} if shown else {"client_id": name, "client_secret": secret}
        answer: Response = app.test_client().post("/oauth/token", base_url=issuer, data=fields, **shown)
        return Response(answer.get_data(), answer.status_code, content_type="application/json")

    return tests


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="openid-") as directory:
        os.chdir(directory)
        server = make_server("127.0.0.1", 0, Flask("starting"), threaded=True)
        host = f"127.0.0.1:{server.server_port}"
        app = create_app(host)
        server.app = DispatcherMiddleware(app, {"/tests": control(app, f"http://{host}")})
        metadata = app.test_client().get("/.well-known/openid-configuration", base_url=f"http://{host}").get_json()
        said = {name: metadata[name] for name in ("issuer", "token_endpoint")}
        known: list[dict[str, Any]] = [
            {"client_id": name, "client_secret": one[0] or None, "auth_method": one[1]} for name, one in CLIENTS.items()
        ]
        pem = CLIENT_KEY.as_pem(private=True).decode()
        known = [one | ({"private_key": pem} if one["auth_method"] == KEY else {}) for one in known]
        print(json.dumps({**said, "clients": known}), flush=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        # Whoever has started it keeps its standard input open for as long as it lives.
        sys.stdin.read()


if __name__ == "__main__":
    main()
