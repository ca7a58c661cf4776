# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of options, methods and bad input share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from ansible import constants
from ansible.utils.display import Display

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values
from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import Scene


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the variables by which a machine sends HTTP clients elsewhere."""
    for name in os.environ:
        if name.lower().endswith(("proxy", "ca_bundle", "netrc", "ssl_cert_file", "ssl_cert_dir")):
            monkeypatch.delenv(name)


@pytest.fixture
def scene(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Scene:
    """Nothing is said: no ansible.cfg either. What else the test uses starts afresh with each of its combinations."""
    monkeypatch.setattr(constants.config, "_config_file", None)
    resets = []
    if "sandbox" in request.fixturenames:
        resets.append(request.getfixturevalue("sandbox").reset)
    if "heard" in request.fixturenames:
        resets.append(request.getfixturevalue("heard").clear)
    return Scene(monkeypatch, tmp_path, resets=tuple(resets))


@pytest.fixture
def values(sandbox: Sandbox) -> Values:
    """For each option of each provider a value that the sandbox takes."""
    return {name: data.values(sandbox.url) for name, data in DATA.items()}


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The warnings that the core was asked to show."""
    found: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _display, msg, **_more: found.append(msg))
    return found
