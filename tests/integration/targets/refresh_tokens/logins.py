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

# What a host is told instead of an option that the others have.
Options = Mapping[str, t.Any]


@dataclass(frozen=True)
class Login:
    """The refresh token that the user gives at every run, and what is told each run besides."""

    provider: OidcProvider
    ansible: Ansible
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

    def play(
        self,
        playbook: str = "ask.yml",
        *arguments: str,
        hosts: Mapping[str, Options] | None = None,
        succeeds: bool = True,
        again: bool = False,
        **changes: t.Any,
    ) -> Run:
        """A run of its own.

        :param hosts: each with what it changes; without it there is localhost alone.
        :param again: whether it asks for a token anew, as it would after the old one's end.
        """
        told = {
            name: _variables(self.options(**changes, **more)) for name, more in (hosts or {"localhost": {}}).items()
        }
        path = inventory(self.ansible.home, told, again=again)
        run = self.ansible.play(playbook, "-i", path, *arguments, succeeds=succeeds)
        assert self.given not in run.output
        return run

    @property
    def sent(self) -> list[int | None]:
        """Which refresh tokens the provider was sent since its reset: 0 is the given one, 1 its successor, and so on.

        None is one of another login.
        """
        ages = {fingerprint(self.given): 0}
        for one in self.provider.requests():
            if one.refresh_token in ages and one.successor is not None:
                ages.setdefault(one.successor, ages[one.refresh_token] + 1)
        return [ages.get(one.refresh_token or "") for one in self.provider.requests()]


def _variables(options: Options) -> dict[str, t.Any]:
    return {f"netbird_auth_{name}": value for name, value in options.items()}
