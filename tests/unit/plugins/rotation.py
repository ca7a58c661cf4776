# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of netbird_pat share: users with tokens in the sandbox, and the task as a run of its own."""

from __future__ import annotations

import dataclasses
import time
import typing as t
from pathlib import Path

import pytest
from ansible import constants

from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.unit.harness import Ansible

DAY = 86400.0
PAT = "netapi.auth.netbird_pat"
NAME = "nightly"
OWN = "service-1"
OTHER = "service-2"
ADMIN = make_pat("sandboxservice1")


@dataclasses.dataclass
class Account:
    """The sandbox, asked by `service-1`, an admin; its own token is not of the name that is renewed."""

    sandbox: Sandbox
    ansible: Ansible
    monkeypatch: pytest.MonkeyPatch
    place: Path
    heard: list[str]
    runs: int = 0

    def has(self, id: str, user: str = OWN, name: str = NAME, **times: float | None) -> NetBirdPat:
        """Give a user a token: `age`, `left` and `idle` are days; without `idle` it was never used."""
        now = time.time()
        age, left, idle = times.get("age", 10.0), times.get("left", 80.0), times.get("idle")
        end = None if left is None else now + left * DAY
        used = None if idle is None else now - idle * DAY
        pat = NetBirdPat(id, user, name, make_pat(id), now - (age or 0.0) * DAY, end, used)
        known = next(one for one in self.sandbox.state.store.all(NetBirdUser) if one.user_id == user)
        self.sandbox.add_account(pat)
        self.sandbox.add_account(dataclasses.replace(known, pat=pat.pat))
        return pat

    def pats(self, user: str = OWN, name: str | None = NAME) -> dict[str, NetBirdPat]:
        every = self.sandbox.state.store.all(NetBirdPat)
        return {one.id: one for one in every if one.user_id == user and name in (None, one.name)}

    def works(self, pat: str) -> bool:
        """Whether NetBird takes the token."""
        owner = self.sandbox.state.store.find(NetBirdUser, pat)
        return owner is not None and owner.condition == "active"

    def new_run(self) -> None:
        """What follows is another run of Ansible."""
        self.runs += 1
        directory = self.place / f"run{self.runs}"
        directory.mkdir(mode=0o700)
        self.monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(directory))

    def task(self, run: bool = True, check: bool = False, **arguments: t.Any) -> dict[str, t.Any]:
        """The task's result; it is the first of a run of its own unless `run` is false. Raises Refused."""
        if run:
            self.new_run()
        self.heard.clear()
        said = {"pat": ADMIN, "api_url": self.sandbox.url, "name": NAME, **arguments}
        said = {name: value for name, value in said.items() if value is not None}
        return self.ansible.action(PAT, said, check=check)

    @property
    def said(self) -> str:
        return " ".join(self.heard)

    def count(self, method: str) -> int:
        return sum(one.method == method for one in self.sandbox.state.requests)


@pytest.fixture
def account(
    sandbox: Sandbox, ansible: Ansible, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, heard: list[str]
) -> Account:
    return Account(sandbox, ansible, monkeypatch, tmp_path, heard)
