# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What comes of each client authentication with each grant at a real server, as docs/providers/ keeps it."""

from __future__ import annotations

import json
import time
import typing as t
from collections.abc import Mapping
from pathlib import Path

import yaml

from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.runner import ROOT

WAYS = (
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "tls_client_auth",
    "client_secret_json",
    "none",
)
# The client that is known by tokens from elsewhere.
FEDERATED = "federated"
GRANTS = ("client_credentials", "refresh_token", "jwt_bearer", "token_exchange", "password")
Cell = tuple[str, str]
CELLS: list[Cell] = [(name, grant) for name in (*WAYS, FEDERATED) for grant in GRANTS]
# The third is refused by the collection: a client has to show something for a token of its own. The last is what a
# server does not have.
TOKEN, REFUSED, NOT_ASKED, UNSUPPORTED = "token", "refused", "not asked", "unsupported"
_PLAYBOOK = str(Path(__file__).resolve().with_name("login.yml"))
# Where a target has it.
_CONFIGURATION = Path("../../integration_config.yml")

Options = dict[str, t.Any]


def configured(name: str) -> Path:
    """What noxfile.py tells the targets: where a provider is, and where results go."""
    return Path(yaml.safe_load(_CONFIGURATION.read_text(encoding="utf-8"))[name])


def login(
    ansible: Ansible, said: Mapping[str, Options], *arguments: str, whoami: str = "whoami", succeeds: bool | None = None
) -> Run:
    """Log in with these options, a host for each.

    :param whoami: how the names of hosts begin that ask who they are.
    """
    # An argument of the task alone: no variable of the collection has it.
    hosts = {
        name: {"whoami": name.startswith(whoami), **{f"oauth2_auth_{key}": value for key, value in each.items()}}
        for name, each in said.items()
    }
    path = inventory(ansible.home, hosts)
    return ansible.play(_PLAYBOOK, "-i", path, *arguments, succeeds=succeeds)


def tried(ansible: Ansible, options: Mapping[Cell, Options]) -> Run:
    """A host for each cell."""
    return login(ansible, {" ".join(cell): said for cell, said in options.items()}, "--forks", "4")


def result(run: Run, cell: Cell) -> str:
    """What came of a cell that was tried."""
    told = run.of("Log in", " ".join(cell))
    if told.status == "ok":
        return TOKEN
    return REFUSED if "/token with status 40" in told.message else NOT_ASKED


def shown(run: Run, host: str) -> dict[str, t.Any]:
    """The result of the task without the token."""
    found: dict[str, t.Any] = run.of("Show all but the token", host).result["msg"]
    return found


def check(run: Run, cell: Cell, expected: str) -> None:
    assert result(run, cell) == expected, run.of("Log in", " ".join(cell)).message
    if expected == TOKEN:
        found = shown(run, " ".join(cell))
        assert (found["method"], found["source"], found["token_type"]) == (cell[1], "issued", "Bearer")


def document(
    run: Run, asked: Mapping[Cell, str], name: str, server: str, version: str, *, is_pinned: bool = True
) -> None:
    """Compare with docs/providers/. What `make results` puts there is written first, so that it mends a difference."""
    found: dict[str, dict[str, str]] = {}
    for cell in CELLS:
        found.setdefault(cell[0], {})[cell[1]] = result(run, cell) if cell in asked else UNSUPPORTED
    results = {"server": server, "version": version, "date": time.strftime("%Y-%m-%d"), "cells": found}
    path = configured("results") / f"{name}.json"
    path.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    documented = json.loads((ROOT / "docs" / "providers" / path.name).read_text(encoding="utf-8"))
    changing = {"date": results["date"], **({} if is_pinned else {"version": version})}
    assert documented | changing == results, "run `make results`"


def supported(said: Mapping[str, t.Any]) -> tuple[set[str], set[str]]:
    """The client authentications and the grants that a discovery document lists."""
    grants = {grant.rpartition(":")[2].replace("-", "_") for grant in said["grant_types_supported"]}
    return {*said["token_endpoint_auth_methods_supported"]}, grants & {*GRANTS}
