# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider, a person's login at it, and the caches that outlive a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OidcProvider, start_oidc_provider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer

CONFIGURATION = Path("../../integration_config.yml")


@pytest.fixture(scope="session")
def running_provider() -> Iterator[OidcProvider]:
    environment = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["oidc_provider"]
    with start_oidc_provider(Path(environment)) as running:
        yield running


@pytest.fixture
def provider(running_provider: OidcProvider) -> OidcProvider:
    """One that nobody has asked yet."""
    running_provider.reset()
    return running_provider


@pytest.fixture(scope="session")
def redis_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server.url


@pytest.fixture
def login(provider: OidcProvider) -> Login:
    """With the user's cache."""
    return Login(provider, provider.mint())
