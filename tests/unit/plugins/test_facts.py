# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Facts: on hosts for later tasks, and never in a store on the disk."""

from __future__ import annotations

import json
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


def play(folder: Path, values: Values, provider: str, store: str, **arguments: object) -> tuple[int, str]:
    """A play that gets a token and writes to a file what it finds in the facts afterwards."""
    token, headers = f"{provider}_token", f"{provider}_headers"
    seen = f"{{{{ [{token} | default('none'), {headers} | default('none'), found.access_token] | to_json }}}}"
    content = {
        "tasks": [
            {
                PLUGINS[provider]: {**{name: values[provider][name] for name in OPTIONS[provider]}, **arguments},
                "register": "found",
            },
            {"ansible.builtin.copy": {"content": seen, "dest": str(folder / "seen.json"), "mode": "0600"}},
        ]
    }
    done = outside.play(
        folder,
        content,
        ANSIBLE_CACHE_PLUGIN=store,
        ANSIBLE_CACHE_PLUGIN_CONNECTION=str(folder / "store"),
        ANSIBLE_INJECT_FACT_VARS="true",
    )
    return done.returncode, " ".join(done.stdout.split())


@pytest.mark.parametrize(
    ("provider", "store"),
    [*((each, "memory") for each in PLUGINS), ("netbird", "ansible.builtin.memory")],
)
def test_token_and_headers_are_facts_for_later_tasks(tmp_path: Path, values: Values, provider: str, store: str) -> None:
    code, shown = play(tmp_path, values, provider, store)
    assert code == 0, shown
    token, headers, registered = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))
    assert token == registered
    assert headers == {"Authorization": f"Bearer {registered}"}


@pytest.mark.parametrize("provider", PLUGINS)
def test_without_set_facts_there_are_none(tmp_path: Path, values: Values, provider: str) -> None:
    code, shown = play(tmp_path, values, provider, "jsonfile", set_facts=False)
    assert code == 0, shown
    assert json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))[:2] == ["none", "none"]


@pytest.mark.parametrize(
    ("provider", "asked"), [("netbird", {}), ("netfoundry", {"set_facts": True}), ("netography", {"set_facts": ""})]
)
def test_facts_never_reach_a_store(
    tmp_path: Path, sandbox: Sandbox, values: Values, provider: str, asked: dict[str, object]
) -> None:
    code, shown = play(tmp_path, values, provider, "jsonfile", **asked)
    if HAS_EPHEMERAL_FACTS:
        assert code == 0, shown
        token = json.loads((tmp_path / "seen.json").read_text(encoding="utf-8"))[0]
        assert token != "none"
    else:
        assert code == 2
        assert "set_facts: false with register" in shown
        assert "jsonfile" in shown
        assert "netapi.auth.auth_headers" in shown
        assert sandbox.state.requests == []
        token = "ey"
    assert not [file for file in (tmp_path / "store").glob("*") if token in file.read_text(encoding="utf-8")]
