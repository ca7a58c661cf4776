# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider, and a Redis for what outlives a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.oidc_provider.client import OidcProvider, start

CONFIGURATION = Path("../../integration_config.yml")


@pytest.fixture(scope="session")
def running_provider() -> Iterator[OidcProvider]:
    environment = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["oidc_provider"]
    with start(Path(environment)) as running:
        yield running


@pytest.fixture
def provider(running_provider: OidcProvider) -> OidcProvider:
    """One that nobody has asked yet."""
    running_provider.reset()
    return running_provider
