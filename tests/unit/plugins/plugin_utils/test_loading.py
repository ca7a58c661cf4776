# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a process loads of the collection: little for a lookup, and with an action all that its forks will want."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import manager
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

OURS = manager.__name__.removesuffix("_tokens.manager")
# For a grant, whose answer takes far longer.
FOR_GRANTS = {
    "_tokens.refresher",
    "_tokens.refresh_tokens",
    "_tokens.refusals",
    "_tokens.locks",
    "_oauth2.endpoint",
    "_oauth2.rules",
    "_http.client",
    "_http.request",
    "_http.response",
    "_http.faults",
    "_http.deadline",
}
# For a grant by a client of OAuth 2.0.
FOR_CLIENTS = {"_oauth2.client_auth", "_oauth2.discovery"}
FOR_SOME_CALLS = {
    "_providers.static",
    "_http.settings",
    "_core.role",
    "_providers.netfoundry_file",
    "_vaulted",
}
LOADED = """
import json
import sys
from ansible.plugins import loader
loader.init_plugin_loader()
found = vars(loader)[sys.argv[1]].get(sys.argv[2], class_only=True)
made = [
    f"{kind.__module__}.{kind.__name__}"
    for module in list(sys.modules.values())
    for kind in vars(module).values()
    if isinstance(kind, type) and hasattr(kind, "__dataclass_fields__")
]
print(json.dumps([found is not None, list(sys.modules), made]))
"""


def _names(loader: str, plugin: str) -> tuple[set[str], set[str]]:
    """The files of plugin_utils that a fresh process loads with the plugin's class, and the dataclasses in them."""
    command = [sys.executable, "-c", LOADED, loader, plugin]
    done = subprocess.run(command, env=environment(), check=True, capture_output=True, text=True)
    was_found, modules, made = json.loads(done.stdout)
    assert was_found
    files, classes = ({name.removeprefix(OURS) for name in names if name.startswith(OURS)} for names in (modules, made))
    return files, classes


def _loaded_with(loader: str, plugin: str) -> set[str]:
    return _names(loader, plugin)[0]


@pytest.mark.parametrize("plugin", PLUGINS.values())
def test_a_lookup_loads_only_what_a_token_from_the_cache_takes(plugin: str) -> None:
    loaded = _loaded_with("lookup_loader", plugin)

    assert loaded >= {"_session.session", "_tokens.manager", "_tokens.cache", "_tokens.cipher"}
    assert loaded & (FOR_GRANTS | FOR_CLIENTS | FOR_SOME_CALLS) == set()


@pytest.mark.parametrize("plugin", PLUGINS.values())
def test_a_lookup_makes_no_dataclass(plugin: str) -> None:
    """Making one takes as long as compiling a file."""
    assert _names("lookup_loader", plugin)[1] == set()


def test_a_dataclass_is_seen() -> None:
    assert "_http.settings.HttpSettings" in _names("action_loader", PLUGINS["netfoundry"])[1]


@pytest.mark.parametrize("plugin", PLUGINS.values())
def test_an_action_loads_all_that_forks_want_which_ask_nobody(plugin: str) -> None:
    loaded = _loaded_with("action_loader", plugin)

    assert loaded >= _loaded_with("lookup_loader", plugin) | FOR_SOME_CALLS
    assert loaded & (FOR_GRANTS | FOR_CLIENTS) == set()
