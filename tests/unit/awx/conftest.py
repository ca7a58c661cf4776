# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.awx import Awx

from .helpers import Client, Runner, repository


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def awx(runner: Runner) -> Iterator[Awx]:
    with Awx(run_job=runner) as running:
        yield running


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """A git repository with playbooks."""
    return repository(tmp_path / "playbooks")


@pytest.fixture
def client(awx: Awx) -> Client:
    """The superuser."""
    return Client(awx, awx.admin)
