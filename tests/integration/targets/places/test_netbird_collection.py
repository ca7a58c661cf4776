# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Beside NetBird's own collection: a stand-in for it, with its name, its action group and its options."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.guide import write
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, sent
from ansible_collections.netapi.auth.tests.support.tasks import playbook

PAT = make_pat("sandboxservice1")
GROUPS = "/api/groups"
TASK = "Keep the group of the servers"
MODULE = "community.ansible_netbird.netbird_group"


@pytest.fixture
def collections(tmp_path: Path) -> dict[str, str]:
    """The stand-in, installed beside this collection."""
    top = tmp_path / "collections"
    home = top / "ansible_collections" / "community" / "ansible_netbird"
    for name in ("meta", "plugins/modules"):
        (home / name).mkdir(parents=True)
    (home / "meta" / "runtime.yml").write_text("action_groups: {netbird: [netbird_group]}\n", encoding="utf-8")
    shutil.copy("stand_ins/netbird_group.py", home / "plugins" / "modules")
    return {"ANSIBLE_COLLECTIONS_PATH": f"{top}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}"}


def _play(ansible: Ansible, book: str, env: dict[str, str], *, succeeds: bool = True) -> Run:
    listing = inventory(ansible.home, {"localhost": {}})
    return ansible.play(book, "-i", listing, "-vvv", env=env, succeeds=succeeds)


@pytest.fixture
def book(sandbox: Sandbox, tmp_path: Path) -> str:
    write(tmp_path, sandbox, "groups.yml")
    return str(tmp_path / "groups.yml")


def test_module_defaults_give_its_modules_the_personal_access_token_and_the_address(
    sandbox: Sandbox, ansible: Ansible, collections: dict[str, str], book: str
) -> None:
    run = _play(ansible, book, {**addresses(sandbox), **collections, "NB_PAT": PAT})
    assert run.of(TASK).status == "ok"
    assert sent(sandbox, GROUPS) == [f"Token {PAT}"]
    assert sandbox.state.grants["netbird"] == 0
    hidden(run.output, PAT)


@pytest.fixture
def provider(sandbox: Sandbox) -> dict[str, str]:
    """An account without a personal access token."""
    return {
        "NETBIRD_AUTH_CLIENT_ID": "nb-client-1",
        "NETBIRD_AUTH_CLIENT_SECRET": "nb-secret-1",
        "NETBIRD_AUTH_TOKEN_URL": f"{sandbox.url}/idp/token",
    }


def test_an_account_without_a_personal_access_token_fails_before_anything_is_sent(
    sandbox: Sandbox, ansible: Ansible, collections: dict[str, str], provider: dict[str, str], book: str
) -> None:
    run = _play(ansible, book, {**addresses(sandbox), **collections, **provider}, succeeds=False)
    assert " needs pat, which is not set." in run.of(TASK).message
    assert sandbox.state.requests == []


def test_its_modules_send_a_token_of_an_identity_provider_with_a_scheme_that_is_refused(
    sandbox: Sandbox, ansible: Ansible, collections: dict[str, str], provider: dict[str, str], book: str
) -> None:
    path = Path(book)
    path.write_text(path.read_text(encoding="utf-8").replace("method='pat'", "method='client_credentials'"), "utf-8")
    run = _play(ansible, book, {**addresses(sandbox), **collections, **provider}, succeeds=False)
    assert "401" in run.of(TASK).message
    (header,) = sent(sandbox, GROUPS)
    assert header.startswith("Token ey")
    hidden(run.output, header, "nb-secret-1")


def test_both_collections_read_the_same_variable_of_the_environment(
    sandbox: Sandbox, ansible: Ansible, collections: dict[str, str], tmp_path: Path
) -> None:
    ours = {"name": "Ask for the groups", "netapi.auth.uri": {"auth": "netbird", "url": GROUPS}}
    theirs = {"name": TASK, MODULE: {"name": "All"}}
    env = {**addresses(sandbox), **collections, "NETBIRD_API_TOKEN": PAT}
    run = _play(ansible, playbook(tmp_path, [ours, theirs]), env)
    assert sent(sandbox, GROUPS) == [f"Token {PAT}"] * 2
    hidden(run.output, PAT)
