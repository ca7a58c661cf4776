# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A person's login at the provider that ends it when a refresh token comes twice, and the runs that live on it."""

from __future__ import annotations

import typing as t
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OFFLINE, OidcProvider, fingerprint
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden

FORKS = ("--forks", "8")


@dataclass(frozen=True)
class Login:
    """The refresh token that the user gives at every run, and what is told each run besides."""

    provider: OidcProvider
    given: str = field(repr=False)
    cache: str = field(default="user", repr=False)
    client_id: str = OFFLINE

    def options(self, **changes: t.Any) -> dict[str, t.Any]:
        """The options by their names; None leaves one out."""
        client = self.provider.clients[self.client_id]
        options = {
            "issuer": self.provider.issuer,
            "client_id": client.client_id,
            "client_secret": client.client_secret,
            "client_auth": None if client.auth_method == "none" else client.auth_method,
            "refresh_token": self.given,
            "cache": self.cache,
            **changes,
        }
        return {name: value for name, value in options.items() if value is not None}

    def host(self, *, again: bool = False, **changes: t.Any) -> dict[str, t.Any]:
        """The variables of a host.

        :param again: whether it asks for a token anew, as it would after the old one's end.
        """
        return {"again": again} | {f"netbird_auth_{name}": value for name, value in self.options(**changes).items()}

    @property
    def sent(self) -> list[int]:
        """As the function, where there is no other login."""
        return sent(self.provider, self)[0]


def sent(provider: OidcProvider, *logins: Login) -> list[list[int]]:
    """Which refresh tokens of each login the provider was sent since its reset, and it was sent no others.

    0 is the given one, 1 its successor, and so on.
    """
    found: list[list[int]] = [[] for _login in logins]
    known = {fingerprint(login.given): (ages, 0) for login, ages in zip(logins, found, strict=True)}
    for one in provider.requests():
        ages, age = known[one.refresh_token or ""]
        ages.append(age)
        if one.successor is not None:
            known.setdefault(one.successor, (ages, age + 1))
    return found


def play(ansible: Ansible, hosts: Mapping[str, Mapping[str, t.Any]], *arguments: str, succeeds: bool = True) -> Run:
    """A run of its own, with a fork for each of eight hosts."""
    run = ansible.play("ask.yml", "-i", inventory(ansible.home, hosts), *FORKS, *arguments, succeeds=succeeds)
    hidden(run.output, *(each["netbird_auth_refresh_token"] for each in hosts.values()))
    return run


def shown(run: Run, host: str) -> dict[str, t.Any]:
    """All but the token, and where the lookup has it from."""
    result: dict[str, t.Any] = run.of("Show all but the token", host).result["msg"]
    return result
