# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before 2.21 of the core, a fact of a token is set only where the fact cache is the core's own memory."""

from __future__ import annotations

import pytest
from ansible import constants

from ansible_collections.netapi.auth.plugins.plugin_utils._core import action
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible, Refused


@pytest.fixture(autouse=True)
def older_core(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "_HAS_EPHEMERAL_FACTS", False)


@pytest.mark.parametrize("store", ["memory", "ansible.builtin.memory", "ansible.legacy.memory"])
def test_memory_takes_facts_by_each_of_its_names(store: str, monkeypatch: pytest.MonkeyPatch, ansible: Ansible) -> None:
    monkeypatch.setattr(constants, "CACHE_PLUGIN", store)
    result = ansible.task("netbird", {"token": "a.token", "set_facts": True})

    assert result["ansible_facts"]["netbird_token"] == "a.token"


@pytest.mark.parametrize("provider", PLUGINS)
@pytest.mark.parametrize("store", ["jsonfile", "ansible.builtin.jsonfile", "a.collection.memory", "memory.jsonfile"])
def test_no_other_store_does(store: str, provider: str, monkeypatch: pytest.MonkeyPatch, ansible: Ansible) -> None:
    monkeypatch.setattr(constants, "CACHE_PLUGIN", store)
    with pytest.raises(Refused, match=f"^The fact cache {store} would write the token to its store in clear text"):
        ansible.task(provider, {"token": "a.token", "set_facts": True})


@pytest.mark.parametrize("provider", PLUGINS)
def test_nothing_fails_there_without_set_facts(
    provider: str, monkeypatch: pytest.MonkeyPatch, ansible: Ansible, heard: list[str]
) -> None:
    monkeypatch.setattr(constants, "CACHE_PLUGIN", "jsonfile")
    result = ansible.action(PLUGINS[provider], {"token": "a.longer.token"})

    assert result["access_token"] == "a.longer.token"
    assert "ansible_facts" not in result
    [said] = heard
    assert said == (
        "The fact cache jsonfile would write the token to its store in clear text, so no fact is set. In its place use "
        "what register keeps of the task, or the role netapi.auth.auth_headers. set_facts: false asks for none."
    )


def test_set_facts_false_says_nothing(monkeypatch: pytest.MonkeyPatch, ansible: Ansible, heard: list[str]) -> None:
    monkeypatch.setattr(constants, "CACHE_PLUGIN", "jsonfile")
    result = ansible.action(PLUGINS["netbird"], {"token": "a.longer.token", "set_facts": False})

    assert (result["access_token"], heard) == ("a.longer.token", [])
