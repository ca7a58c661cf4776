# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every unit test gets: an environment without credentials, a run of its own, and the sandbox on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jmespath
import jwt
import pytest
import redis
import requests
from ansible import constants
from ansible.plugins.loader import lookup_loader

from ansible_collections.netapi.auth.plugins.plugin_utils._http import client
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.support.options import DECLARED
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible

# ansible-test runs each test in a fork of its own, and each would load these again.
_LOADED = (jmespath, jwt, redis, requests, *(lookup_loader.get(name) for name in PLUGINS.values()))


def _imports_the_core(module: pytest.Module) -> bool:
    """Whether a module of tests imports something of Ansible, or the harness that runs its plugins."""
    values = vars(module.obj).values()
    origins = {str(getattr(value, "__module__", "") or getattr(value, "__name__", "")) for value in values}
    return any(each.partition(".")[0] == "ansible" or each.endswith(".unit.harness") for each in origins)


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, which is set below."""
    config.addinivalue_line("markers", "core: what it shows may differ with ansible-core")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what goes through Ansible: `make test` runs the others on the oldest and the newest core only."""
    for item in items:
        module = item.getparent(pytest.Module)
        if "ansible" in getattr(item, "fixturenames", ()) or (module and _imports_the_core(module)):
            item.add_marker("core")


@pytest.fixture(autouse=True)
def run_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of Ansible of the test's own: its temporary directory, a home without files, no credentials."""
    for name in {"XDG_CACHE_HOME"}.union(*DECLARED.values()):
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "local_tmp"
    directory.mkdir(mode=0o700)
    monkeypatch.setattr(constants, "DEFAULT_LOCAL_TMP", str(directory))
    monkeypatch.setenv("HOME", str(tmp_path))
    return directory


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow at once."""
    monkeypatch.setattr(client, "_FIRST_WAIT", 0.001)


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    with Sandbox() as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Sandbox:
    """The three services, as they are at the start."""
    sandbox_server.reset()
    return sandbox_server


@pytest.fixture
def ansible() -> Ansible:
    return Ansible()
