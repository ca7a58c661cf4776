# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the targets get."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible.release import __version__

from ..sandbox import Sandbox
from . import runner
from .playbooks import Ansible
from .tls import certificate


@pytest.fixture(scope="session")
def core() -> tuple[int, int]:
    """The ansible-core under test, such as (2, 18)."""
    major, minor = __version__.split(".")[:2]
    return int(major), int(minor)


@pytest.fixture(scope="session")
def server() -> Iterator[Sandbox]:
    """The three services; one test's requests are another's too. ``sandbox`` begins afresh."""
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(server: Sandbox) -> Sandbox:
    server.reset()
    return server


@pytest.fixture(scope="session")
def shared_ansible(tmp_path_factory: pytest.TempPathFactory) -> Ansible:
    """For runs that several tests look at."""
    return Ansible(Path.cwd(), tmp_path_factory.mktemp("ansible"), dict(os.environ))


@pytest.fixture
def ansible(tmp_path: Path) -> Ansible:
    return Ansible(Path.cwd(), tmp_path, dict(os.environ))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The certificate of ``tls_server``, which nobody trusts, and its key."""
    return certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session")
def tls_server(authority: tuple[str, str]) -> Iterator[Sandbox]:
    with Sandbox(tls=authority) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This collection as it is installed for a job of AWX."""
    return runner.requirements(tmp_path_factory.mktemp("requirements"))
