# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Two real Dex: one that has people, and one that takes its tokens."""

from __future__ import annotations

import contextlib
import json
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible_collections.netapi.auth.tests.integration.servers.serving import HOST, ask, ports, serving
from ansible_collections.netapi.auth.tests.integration.targets.keycloak.realm import SECRET

PERSON, PASSWORD = "person@ci.example", "password"
# Of that word, as the configuration has it that comes with Dex.
_HASH = "$2a$10$2b2cU8CPhOTaGrs1HRQuAueS7JTT5ZHsHSzYiFPm1leZck7Mc8T4W"
# A client for each, since a person has one refresh token at each client; whoever has a secret shows it either way.
CLIENTS = ("client_secret_basic", "client_secret_post", "client_secret_json", "none")
CONNECTOR = "people"
SCOPE = "openid email profile offline_access"
_TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"


@dataclass(frozen=True)
class Dex:
    """A server that answers.

    :param people: the issuer behind its connector.
    """

    issuer: str
    people: str

    def sign_in(self, client: str, issuer: str = "") -> dict[str, t.Any]:
        """What the person gets at this client, asked without the collection."""
        said = {"grant_type": "password", "username": PERSON, "password": PASSWORD, "scope": SCOPE}
        return self.token(client, issuer, **said)

    def token(self, client: str, issuer: str = "", **form: str) -> dict[str, t.Any]:
        form |= {"client_id": client} if client == "none" else {"client_id": client, "client_secret": SECRET}
        found: dict[str, t.Any] = ask(f"{issuer or self.issuer}/token", form)
        return found


@contextlib.contextmanager
def start(program: Path, folder: Path) -> Iterator[Dex]:
    """Both, with their files in ``folder``."""
    people, own = (f"http://{HOST}:{port}/dex" for port in ports(2))
    connector = {"issuer": people, "clientID": CLIENTS[0], "clientSecret": SECRET, "redirectURI": f"{own}/callback"}
    connectors = [{"type": "oidc", "id": CONNECTOR, "name": CONNECTOR, "config": connector}]
    with _serving(program, folder / "people", people, []), _serving(program, folder / "own", own, connectors):
        yield Dex(own, people)


def _serving(
    program: Path, folder: Path, issuer: str, connectors: list[dict[str, t.Any]]
) -> contextlib.AbstractContextManager[None]:
    folder.mkdir()
    said = {
        "issuer": issuer,
        "storage": {"type": "memory"},
        "web": {"http": issuer.removeprefix("http://").partition("/")[0]},
        "oauth2": {
            "passwordConnector": "local",
            "grantTypes": ["authorization_code", "client_credentials", "password", "refresh_token", _TOKEN_EXCHANGE],
        },
        # By itself it gives the same refresh token back for three seconds.
        "expiry": {"refreshTokens": {"reuseInterval": "0s"}},
        "staticClients": [
            {"id": name, "name": name, **({"public": True} if name == "none" else {"secret": SECRET})}
            for name in CLIENTS
        ],
        "enablePasswordDB": True,
        "staticPasswords": [{"email": PERSON, "hash": _HASH, "username": "person", "userID": "person-1"}],
        "connectors": connectors,
    }
    path = folder / "dex.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return serving([str(program), "serve", str(path)], f"{issuer}/.well-known/openid-configuration", folder / "dex.log")
