# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What every unit test gets: an environment without credentials, a run of its own, and the sandbox on demand."""

from __future__ import annotations

import functools
import re
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


# What tests put something in the place of, for want of a play: it is no part of what they show.
_PLUMBING = r" import constants|\.plugins import loader|\.plugins\.loader|\.utils\.display|\.parsing\.dataloader"
_OF_ANSIBLE = re.compile(rf"(?m)^from ansible(?!{_PLUMBING})[ .]")


def _meets_the_core(item: pytest.Item) -> bool:
    """Whether its module imports something of Ansible, or the test itself starts Ansible's programs, by `outside`.

    What a plugin makes of its options is no business of the core that the harness runs it with. Each flow by task and
    by lookup shows that it does run with it.
    """
    if isinstance(item, pytest.Function) and "outside" in item.function.__code__.co_names:
        return True
    is_flow = {"flow", "way"} <= {*getattr(item, "fixturenames", ())}
    return is_flow or _OF_ANSIBLE.search(_text(item.path)) is not None


@functools.cache
def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Whether nothing in a file can meet the core, where nothing else is asked for: to import all takes seconds."""
    if config.option.markexpr != "core" or not collection_path.name.startswith("test_"):
        return None
    text = _text(collection_path)
    # Less exact than the marks, which decide.
    may_meet = _OF_ANSIBLE.search(text) or "outside." in text or ("flow" in text and "way" in text)
    return None if may_meet else True


def pytest_configure(config: pytest.Config) -> None:
    """Name the marker, which is set below."""
    config.addinivalue_line("markers", "core: what it shows may differ with ansible-core")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what meets the core: `make test` runs the others on the oldest and the newest core only."""
    for item in filter(_meets_the_core, items):
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
