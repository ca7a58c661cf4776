# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start the provider from a test and talk to it; standard library only, Canaille lives in another environment."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import ssl
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

START_SECONDS = 60.0
STOP_SECONDS = 30.0
REQUEST_SECONDS = 60.0


@dataclass(frozen=True)
class Client:
    """A registered client; `auth_method` is the only one it may use at the token endpoint."""

    client_id: str
    client_secret: str
    auth_method: Literal["client_secret_basic", "client_secret_post"]
    grant_types: tuple[str, ...]
    scopes: tuple[str, ...]

    def basic(self) -> str:
        """The value of the Authorization header (RFC 6749 section 2.3.1: both parts are encoded first)."""
        pair = ":".join(urllib.parse.quote(part, safe="") for part in (self.client_id, self.client_secret))
        return "Basic " + base64.b64encode(pair.encode()).decode()


@dataclass(frozen=True)
class User:
    """The person whose refresh tokens the provider issues."""

    user_name: str
    password: str
    name: str
    email: str


@dataclass(frozen=True)
class OpenIdProvider:
    """A provider that answers; `clients` by client id, `refresh_tokens` unused and of the client `offline`."""

    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    clients: dict[str, Client]
    offline: str
    user: User
    refresh_tokens: tuple[str, ...]
    pid: int
    ca_file: str | None = None

    def dump(self) -> str:
        """The text of the ready file."""
        return json.dumps(asdict(self), indent=2) + "\n"

    @classmethod
    def load(cls, ready_file: Path) -> OpenIdProvider:
        """Read what a running provider wrote to its ready file."""
        said: dict[str, Any] = json.loads(ready_file.read_text(encoding="utf-8"))
        clients = {name: _client(client) for name, client in said.pop("clients").items()}
        user = User(**said.pop("user"))
        return cls(clients=clients, user=user, refresh_tokens=tuple(said.pop("refresh_tokens")), **said)

    def mint(self, client_id: str | None = None) -> str:
        """A fresh refresh token, of the client `offline` unless said (password grant, RFC 6749 section 4.3)."""
        client = self.clients[client_id or self.offline]
        fields = mint_fields(client, self.user)
        headers = {}
        if client.auth_method == "client_secret_basic":
            headers = {"Authorization": client.basic()}
        else:
            fields |= {"client_id": client.client_id, "client_secret": client.client_secret}
        return str(self._post(self.token_endpoint, fields, headers)["refresh_token"])

    def revoke(self, token: str, client_id: str | None = None) -> None:
        """Revoke an access or refresh token (RFC 7009); with either, Canaille ends the pair.

        By Basic whatever the client's method: it is the only one of the revocation endpoint.
        """
        headers = {"Authorization": self.clients[client_id or self.offline].basic()}
        self._post(self.revocation_endpoint, {"token": token}, headers)

    def _post(self, url: str, fields: dict[str, str], headers: dict[str, str]) -> dict[str, Any]:
        request = urllib.request.Request(url, urllib.parse.urlencode(fields).encode(), headers)
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if self.ca_file:
            context = ssl.create_default_context(cafile=self.ca_file)
            handlers.append(urllib.request.HTTPSHandler(context=context))
        opener = urllib.request.build_opener(*handlers)
        with opener.open(request, timeout=REQUEST_SECONDS) as response:
            answer: dict[str, Any] = json.load(response)
        return answer


def _client(said: dict[str, Any]) -> Client:
    lists = {name: tuple(said[name]) for name in ("grant_types", "scopes")}
    return Client(**{**said, **lists})


def mint_fields(client: Client, user: User) -> dict[str, str]:
    """The form of the password grant with which a refresh token is obtained."""
    return {
        "grant_type": "password",
        "username": user.user_name,
        "password": user.password,
        "scope": " ".join(client.scopes),
    }


@contextlib.contextmanager
def start(
    python: str, *, refresh_tokens: int = 1, tls_cert: Path | None = None, tls_key: Path | None = None
) -> Iterator[OpenIdProvider]:
    """Run the provider with `python`, an interpreter that has Canaille, for as long as the block lasts.

    With `tls_cert` and `tls_key` it is an https issuer; the certificate has to name 127.0.0.1.
    Raises RuntimeError, with what the provider said, when it does not answer in time.
    """
    with tempfile.TemporaryDirectory(prefix="openid-") as directory:
        ready_file = Path(directory, "ready.json")
        options = ["--ready-file", str(ready_file), "--state-dir", directory, "--parent", str(os.getpid())]
        options += ["--refresh-tokens", str(refresh_tokens)]
        if tls_cert and tls_key:
            options += ["--tls-cert", str(tls_cert), "--tls-key", str(tls_key)]
        with Path(directory, "stderr").open("w+b") as said:
            command = [python, str(Path(__file__).resolve().parent), *options]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
            try:
                yield _wait(process, ready_file, Path(directory, "stderr"))
            finally:
                _stop(process)


def _wait(process: subprocess.Popen[bytes], ready_file: Path, said: Path) -> OpenIdProvider:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        # Looked at before the file: a provider that ended after writing it answers nobody.
        status = process.poll()
        if status is not None:
            break
        if ready_file.exists():
            return OpenIdProvider.load(ready_file)
        time.sleep(0.05)
    else:
        status = None
    why = f"not ready after {START_SECONDS:.0f} s" if status is None else f"ended with status {status}"
    raise RuntimeError(f"the OpenID provider: {why}\n" + said.read_text(errors="replace")[-4000:])


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
