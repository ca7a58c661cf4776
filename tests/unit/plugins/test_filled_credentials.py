# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a credential of the shipped types injects is enough for the lookups of a job."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import (
    JOBS,
    Inputs,
    filled,
    injected,
    others,
    usual,
)
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

USUAL = {name: data.method(data.credentials[0]) for name, data in DATA.items()}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where AWX writes the files of a job."""
    return tmp_path / "files"


def methods(
    credentials: Mapping[str, Inputs], place: Path, ansible: Ansible, env: pytest.MonkeyPatch
) -> dict[str, str]:
    """The method of each service's lookup in the job."""
    for name, text in injected(place, credentials).items():
        env.setenv(name, text)
    return {service: ansible.lookup(service, "method")[0] for service in credentials}


def test_the_usual_ones(sandbox: Sandbox, ansible: Ansible, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = methods(usual(sandbox), place, ansible, monkeypatch)
    assert found == USUAL


@pytest.mark.parametrize("number", range(JOBS))
def test_each_other_method_with_nothing_but_its_own_fields(
    number: int, sandbox: Sandbox, ansible: Ansible, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = others(sandbox)[number]
    assert methods(other.credentials, place, ansible, monkeypatch) == other.methods


def test_there_is_no_method_that_is_not_tried(sandbox: Sandbox) -> None:
    tried = {(service, method) for other in others(sandbox) for service, method in other.methods.items()}
    declared = {(name, method) for name in PLUGINS for method in options_of(name)["method"]["choices"]}
    assert tried | {*USUAL.items()} == declared - {(name, way) for name in PLUGINS for way in ("auto", "token")}


@pytest.mark.parametrize("service", PLUGINS)
def test_a_given_token(
    service: str, sandbox: Sandbox, ansible: Ansible, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = filled(sandbox, **{service: {"token": "a-token-that-was-given"}})
    assert methods(given, place, ansible, monkeypatch) == {service: "token"}
