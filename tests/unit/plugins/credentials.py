# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The table of methods, and for each option a value that the sandbox takes."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.unit.plugins.walk import Place, Scene, options_of, places_of

# provider: selecting option: method, in the table's order.
SELECTS = {
    "netfoundry": {
        "client_secret": "client_credentials",
        "credentials_file": "client_credentials",
        "account_token": "api_account",
        "rapidapi_key": "rapidapi",
        "token": "token",
    },
    "netography": {
        "netosecret": "api_key",
        "sharedsecret": "api_key",
        "password": "user_credentials",
        "refresh_token": "refresh_token",
        "token": "token",
    },
    "netbird": {
        "pat": "pat",
        "refresh_token": "refresh_token",
        "client_secret": "client_credentials",
        "token": "token",
    },
}
# provider: option: value
Values = dict[str, dict[str, str]]


def accepted(sandbox: Sandbox, folder: Path) -> Values:
    """provider: option: what the sandbox takes."""
    parts = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "neto-appkey-1"}
    parts["sharedsecret"] = "neto-sharedsecret-1"
    bundle = json.dumps({**parts, "url": f"{sandbox.url}/api/v1"}).encode()
    token_url = f"{sandbox.url}/oauth/token"
    file = write_file(folder / "credentials.json", "nf-client-1", token_url)
    return {
        "netfoundry": {
            "client_id": "nf-client-1",
            "client_secret": "nf-secret-1",
            "credentials_file": str(file),
            "token_url": token_url,
            "environment": "sandbox",
            "account_id": "nf-account-1",
            "account_token": "nf-account-token-1",
            "rapidapi_key": "nf-rapidapi-key-1",
            "token": "opaque-token",
        },
        "netography": {
            **parts,
            "netosecret": base64.b64encode(bundle).decode(),
            "username": "neto-user-1",
            "password": "neto-password-1",
            "refresh_token": "neto-refresh-1",
            "token": "opaque-token",
            "api_url": sandbox.url,
        },
        "netbird": {
            "pat": make_pat("sandboxservice1"),
            "issuer": f"{sandbox.url}/idp",
            "client_id": "nb-client-1",
            "client_secret": "nb-secret-1",
            "refresh_token": "nb-refresh-client-1",
            "token": "opaque-token",
        },
    }


def write_file(path: Path, client_id: str, token_url: str) -> Path:
    """A credentials.json of the console."""
    path.parent.mkdir(exist_ok=True)
    keys = {"clientId": client_id, "password": client_id.replace("client", "secret"), "authenticationUrl": token_url}
    path.write_text(json.dumps(keys), encoding="utf-8")
    path.chmod(0o600)
    return path


def place(provider: str, option: str, kind: str) -> Place:
    found = places_of(provider, option, options_of(provider)[option])
    return next(each for each in found if each.kind == kind)


def with_helpers(scene: Scene, values: Values, provider: str) -> None:
    """Say all that selects nothing, from the environment or, where it has no variable there, as an argument."""
    for option in values[provider].keys() - SELECTS[provider].keys():
        kinds = [each.kind for each in places_of(provider, option, options_of(provider)[option])]
        scene.say(
            place(provider, option, "environment" if "environment" in kinds else "argument"), values[provider][option]
        )


def say(scene: Scene, values: Values, provider: str, option: str, kind: str) -> None:
    """Say a selecting option, and beside a refresh token the secret that it may use."""
    scene.say(place(provider, option, kind), values[provider][option])
    if (provider, option) == ("netbird", "refresh_token"):
        scene.say(place(provider, "client_secret", "environment"), values[provider]["client_secret"])
