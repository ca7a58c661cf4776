# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A persistent fact cache gets nothing of a token, and later plays have it all the same."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import sent
from ansible_collections.netapi.auth.tests.support.tasks import THEIRS, Task, plays

NETWORKS = "/core/v2/networks"
# One harmless fact, so that an unused cache is noticed.
OBTAIN: list[Task] = [
    {"ansible.builtin.set_fact": {"kept": "a harmless fact", "cacheable": True}},
    {"netapi.auth.netfoundry_token": {}, "register": "login"},
    {
        "ansible.builtin.include_role": {"name": "netapi.auth.auth_headers"},
        "vars": {"auth_headers_providers": ["netfoundry"]},
    },
]


def read(name: str, headers: str) -> Task:
    return {"name": name, THEIRS: {"url": "{{ netfoundry_auth_api_url }}" + NETWORKS, "headers": headers}}


def test_no_token_reaches_it_and_hosts_without_facts_are_one_warning(
    sandbox: Sandbox, ansible: Ansible, tmp_path: Path, core: tuple[int, int]
) -> None:
    ephemeral = core >= (2, 21)
    (facts := tmp_path / "facts").mkdir()
    uses = [read("Registered", "{{ login.headers }}"), read("Role", "{{ auth_headers_netfoundry }}")]
    uses.append({**read("Facts", "{{ netfoundry_headers }}"), "ignore_errors": True})
    book = plays(tmp_path, {"hosts": "all", "tasks": OBTAIN}, {"hosts": "all", "tasks": uses})
    listing = inventory(tmp_path, {"one": {}, "two": {}}, **variables(sandbox))
    env = {"ANSIBLE_CACHE_PLUGIN": "jsonfile", "ANSIBLE_CACHE_PLUGIN_CONNECTION": str(facts)}
    run = ansible.play(book, "-i", listing, env=env)
    assert [run.of("Facts", host).status for host in ("one", "two")] == ["ok" if ephemeral else "failed"] * 2
    assert run.output.count("[WARNING]") == (not ephemeral)
    headers = sent(sandbox, NETWORKS)
    assert len(headers) == (6 if ephemeral else 4)
    kept = "".join(path.read_text(encoding="utf-8") for path in facts.iterdir())
    assert "a harmless fact" in kept
    assert [text for text in (*headers, "netfoundry_", "eyJ", "nf-secret-1") if text in kept] == []
