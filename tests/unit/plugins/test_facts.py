# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts: on hosts for later tasks, and never in a store on the disk."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible.plugins import action

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values

# From 2.21 on the core has variables for the run that no store sees.
HAS_EPHEMERAL_FACTS = hasattr(action, "VariableLayer")
OPTIONS = {
    "netfoundry": ("client_id", "client_secret", "token_url", "environment"),
    "netography": ("netosecret",),
    "netbird": ("client_id", "client_secret", "issuer"),
}


@dataclass(frozen=True)
class Seen:
    """What later tasks see of a token task.

    :param message: of one that failed.
    """

    token: str
    headers: t.Any
    registered: str
    message: str


def play(folder: Path, values: Values, store: str, asked: Mapping[str, Mapping[str, object]]) -> dict[str, Seen]:
    """What a play sees that gets a token of each provider, with further arguments."""
    tasks: list[dict[str, t.Any]] = []
    for provider, arguments in asked.items():
        given = {name: values[provider][name] for name in OPTIONS[provider]}
        tasks.append({PLUGINS[provider]: {**given, **arguments}, "register": provider, "ignore_errors": True})
    seen = ", ".join(
        f"{name}=[{name}_token | default('none'), {name}_headers | default('none'),"
        f" {name}.access_token | default('none'), {name}.msg | default('')]"
        for name in asked
    )
    content = f"{{{{ dict({seen}) | to_json }}}}"
    file = folder / "seen.json"
    tasks.append({"ansible.builtin.copy": {"content": content, "dest": str(file), "mode": "0600"}})
    done = outside.play(
        folder,
        {"tasks": tasks},
        ANSIBLE_CACHE_PLUGIN=store,
        ANSIBLE_CACHE_PLUGIN_CONNECTION=str(folder / "store"),
        ANSIBLE_INJECT_FACT_VARS="true",
    )
    assert done.returncode == 0, done.stdout
    return {name: Seen(*each) for name, each in json.loads(file.read_text(encoding="utf-8")).items()}


@pytest.mark.parametrize("store", ["memory", "ansible.builtin.memory"])
def test_token_and_headers_are_facts_for_later_tasks(tmp_path: Path, values: Values, store: str) -> None:
    for seen in play(tmp_path, values, store, {name: {} for name in PLUGINS}).values():
        assert seen.message == ""
        assert seen.token == seen.registered
        assert seen.headers == {"Authorization": f"Bearer {seen.registered}"}


def test_without_set_facts_there_are_none(tmp_path: Path, values: Values) -> None:
    found = play(tmp_path, values, "jsonfile", {name: {"set_facts": False} for name in PLUGINS})
    for seen in found.values():
        assert seen.registered != "none"
        assert (seen.token, seen.headers) == ("none", "none")


def test_facts_never_reach_a_store(tmp_path: Path, sandbox: Sandbox, values: Values) -> None:
    asked: dict[str, dict[str, object]] = {
        "netbird": {},
        "netfoundry": {"set_facts": True},
        "netography": {"set_facts": ""},
    }
    found = play(tmp_path, values, "jsonfile", asked)
    tokens = [seen.token for seen in found.values()]
    if HAS_EPHEMERAL_FACTS:
        assert "none" not in tokens
    else:
        assert tokens == ["none"] * len(asked)
        for seen in found.values():
            assert "set_facts: false with register" in seen.message
            assert "jsonfile" in seen.message
            assert "netapi.auth.auth_headers" in seen.message
        assert sandbox.state.requests == []
        tokens = ["ey"]
    stored = [file.read_text(encoding="utf-8") for file in (tmp_path / "store").glob("*")]
    assert not [token for token in tokens for text in stored if token in text]
