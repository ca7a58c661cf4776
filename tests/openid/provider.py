# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Canaille as the tests need it: its settings, its clients, its user."""

# Canaille and what it brings live in an environment of their own that mypy does not see:
# mypy: disable-error-code="import-not-found,import-untyped"

from __future__ import annotations

import os
import secrets
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Any

from .client import Client, User, mint_fields

SCOPES = ("openid", "profile", "email", "offline_access")

MACHINE = Client(
    client_id="netbird-machine",
    client_secret="machine-secret",
    auth_method="client_secret_basic",
    grant_types=("client_credentials",),
    scopes=("api",),
)
MACHINE_POST = Client(
    client_id="netbird-machine-post",
    client_secret="machine-post-secret",
    auth_method="client_secret_post",
    grant_types=("client_credentials",),
    scopes=("api",),
)
# Wrong at the provider unless both parts are encoded exactly once (RFC 6749 section 2.3.1): a colon in the
# id, and text that reads as percent-encoding.
MACHINE_ENCODED = Client(
    client_id="netbird:machine/é",
    client_secret="100%41 + a=b&c/d:é",
    auth_method="client_secret_basic",
    grant_types=("client_credentials",),
    scopes=("api",),
)
# The password grant is how refresh tokens are minted: it is the only flow for a person that needs no browser.
OFFLINE = Client(
    client_id="netbird-offline",
    client_secret="offline-secret",
    auth_method="client_secret_basic",
    grant_types=("refresh_token", "password"),
    scopes=SCOPES,
)
OFFLINE_POST = replace(
    OFFLINE,
    client_id="netbird-offline-post",
    client_secret="offline-post-secret",
    auth_method="client_secret_post",
)
CLIENTS = (MACHINE, MACHINE_POST, MACHINE_ENCODED, OFFLINE, OFFLINE_POST)
USER = User(user_name="ada", password="ada-password", name="Ada Lovelace", email="ada@example.com")


def create_app(state_dir: Path, scheme: str, host: str) -> Any:
    """A Canaille application whose issuer is `scheme://host`, with an SQLite database in `state_dir`."""
    # Canaille reads canaille.toml from the working directory and an environment file named by the environment.
    os.chdir(state_dir)
    for name in ("CANAILLE_CONFIG", "CANAILLE_ENV", "SECRETS_DIR"):
        os.environ.pop(name, None)

    import canaille.hypercorn.app as hypercorn_app
    from authlib.oauth2.rfc6749 import ClientCredentialsGrant
    from canaille.oidc.jose import make_default_rsa_jwk

    # Canaille announces client_secret_post for the token endpoint and allows it for every grant but this one,
    # where Authlib's default is left as it is.
    ClientCredentialsGrant.TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic", "client_secret_post"]

    config = {
        "SECRET_KEY": secrets.token_hex(32),
        "SERVER_NAME": host,
        "PREFERRED_URL_SCHEME": scheme,
        "DEBUG": False,
        "CANAILLE": {"DATABASE": "sql", "LOGGING": _logging(), "SMTP": None},
        "CANAILLE_SQL": {"DATABASE_URI": f"sqlite:///{state_dir / 'canaille.sqlite'}"},
        "CANAILLE_OIDC": {"ACTIVE_JWKS": [make_default_rsa_jwk().as_dict(private=True)]},
    }
    app = hypercorn_app.create_app(config=config, env_file=None, wrap_asgi=False)
    _populate(app)
    return app


def mint(app: Any, origin: str) -> str:
    """A refresh token, from the application's own token endpoint without a socket."""
    answer = app.test_client().post(
        "/oauth/token",
        base_url=origin,
        headers={"Authorization": OFFLINE.basic()},
        data=mint_fields(OFFLINE, USER),
    )
    if answer.status_code != HTTPStatus.OK:
        raise RuntimeError(f"no refresh token from Canaille: {answer.status_code} {answer.get_data(as_text=True)}")
    return str(answer.get_json()["refresh_token"])


def _logging() -> dict[str, Any]:
    """Warnings and errors to stderr, nothing else: Canaille notes every grant."""
    handler = {"class": "logging.StreamHandler"}
    root = {"level": "WARNING", "handlers": ["stderr"]}
    return {"version": 1, "disable_existing_loggers": False, "handlers": {"stderr": handler}, "root": root}


def _populate(app: Any) -> None:
    """Store clients and user as Canaille's own registration endpoint and command line do."""
    from canaille.app import models
    from canaille.backends import Backend

    with app.app_context(), Backend.instance.session():
        for client in CLIENTS:
            entry = models.Client(
                client_id=client.client_id,
                client_secret=client.client_secret,
                client_name=client.client_id,
                grant_types=list(client.grant_types),
                response_types=[],
                redirect_uris=[],
                scope=list(client.scopes),
                token_endpoint_auth_method=client.auth_method,
                # Canaille's tokens for a person carry no jti: with a deterministic signature two of the same
                # second would be the same text, which its database refuses. PSS signatures are salted.
                id_token_signed_response_alg="PS256",
            )
            Backend.instance.save(entry)
            # The audience of a token is its client's: itself, as for a client that registers itself.
            entry.audience = [entry]
            Backend.instance.save(entry)
        given_name, family_name = USER.name.split()
        user = models.User(
            user_name=USER.user_name,
            formatted_name=USER.name,
            given_name=given_name,
            family_name=family_name,
            emails=[USER.email],
            password=USER.password,
        )
        Backend.instance.save(user)
