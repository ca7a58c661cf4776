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

from ansible.plugins import action

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

# From 2.21 on the core has variables for the run that no store sees.
HAS_EPHEMERAL_FACTS = hasattr(action, "VariableLayer")


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
        given = {name: values[provider][name] for name in DATA[provider].grants[0].options}
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


def test_token_and_headers_are_facts_for_later_tasks(tmp_path: Path, values: Values) -> None:
    for seen in play(tmp_path, values, "memory", {name: {} for name in PLUGINS}).values():
        assert seen.message == ""
        assert seen.token == seen.registered
        assert seen.headers == {"Authorization": f"Bearer {seen.registered}"}


def test_without_set_facts_there_are_none(tmp_path: Path, values: Values) -> None:
    found = play(tmp_path, values, "jsonfile", {name: {"set_facts": False} for name in PLUGINS})
    for seen in found.values():
        assert seen.registered != "none"
        assert (seen.token, seen.headers) == ("none", "none")


def test_unset_they_never_reach_a_store_and_nothing_fails(tmp_path: Path, values: Values) -> None:
    found = play(tmp_path, values, "jsonfile", {name: {} for name in PLUGINS})
    for seen in found.values():
        assert (seen.message, seen.registered == "none") == ("", False)
        assert seen.token == (seen.registered if HAS_EPHEMERAL_FACTS else "none")
    assert stored(tmp_path, [seen.registered for seen in found.values()]) == []


def test_those_that_were_asked_for_fail_before_a_grant_where_a_store_would_keep_them(
    tmp_path: Path, sandbox: Sandbox, values: Values
) -> None:
    found = play(tmp_path, values, "jsonfile", {name: {"set_facts": True} for name in PLUGINS})
    for seen in found.values():
        if HAS_EPHEMERAL_FACTS:
            assert seen.token == seen.registered != "none"
        else:
            assert (seen.token, seen.registered) == ("none", "none")
            assert seen.message == (
                "The fact cache jsonfile would write the token to its store in clear text. Leave set_facts out, and "
                "use what register keeps of the task, or the role netapi.auth.auth_headers."
            )
    assert (sandbox.state.requests == []) is not HAS_EPHEMERAL_FACTS
    assert stored(tmp_path, [seen.token for seen in found.values() if HAS_EPHEMERAL_FACTS] or ["ey"]) == []


def stored(folder: Path, texts: list[str]) -> list[str]:
    """Those of the texts that the store holds."""
    files = [file.read_text(encoding="utf-8") for file in (folder / "store").glob("*")]
    return [text for text in texts if any(text in file for file in files)]
