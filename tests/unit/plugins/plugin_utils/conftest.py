# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of the wire and the core get: no proxies, certificates, a way out, caches and who uses them."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from ansible_collections.netapi.auth.plugins.plugin_utils._session import durability
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    run_cache,
    user_directory,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import HOST, Server, tunnel_to

_HOSTS = (
    "*.auth0.com",
    "*.auth.us-east-1.amazoncognito.com",
    "*.netfoundry.io",
    "*.netography.com",
    "*.netbird.io",
)
_FROM_OUTSIDE = ("proxy", "ca_bundle", "netrc", "ssl_cert_file", "ssl_cert_dir")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the variables by which a machine sends HTTP clients elsewhere."""
    for name in os.environ:
        if name.lower().endswith(_FROM_OUTSIDE):
            monkeypatch.delenv(name)


@pytest.fixture(autouse=True)
def no_container(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever the tests run, it is no place that ends with a job."""
    monkeypatch.setattr(durability, "CONTAINER_FILES", ())
    for name in ("AWX_ISOLATED_DATA_DIR", "JOB_ID"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def display() -> RecordedDisplay:
    return RecordedDisplay()


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def mint() -> Mint:
    return Mint()


@pytest.fixture
def user(tmp_path: Path) -> Directory:
    """The user's cache."""
    return user_directory(tmp_path / "user")


@pytest.fixture
def run(tmp_path: Path) -> Directory:
    """The run's cache."""
    return run_cache(tmp_path / "run")


@pytest.fixture
def cache(run: Directory) -> Directory:
    """The one cache of a test that has one."""
    return run


@pytest.fixture
def manager(ear: Ear, cache: Directory) -> TokenManager:
    return manager_of(ear, cache)


@dataclass(frozen=True)
class Authority:
    """A certificate authority that nobody trusts unless told to."""

    ca: trustme.CA
    path: str

    def context(self, cert: trustme.LeafCert) -> ssl.SSLContext:
        """How a server presents the certificate."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        cert.configure_cert(context)
        return context


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    ca = trustme.CA()
    path = tmp_path / "authority.pem"
    ca.cert_pem.write_to_path(str(path))
    return Authority(ca, str(path))


@dataclass(frozen=True)
class Internet:
    """All hosts are the sandbox, over TLS and a proxy: for addresses that nobody gave.

    ``options`` are those that lead there.
    """

    sandbox: Sandbox
    proxy: Server
    options: dict[str, str]

    @property
    def hosts(self) -> list[str]:
        return [seen.target for seen in self.proxy.seen]


@pytest.fixture
def internet(authority: Authority, tmp_path: Path) -> Iterator[Internet]:
    cert = authority.ca.issue_cert(HOST, *_HOSTS)
    chain = tmp_path / "chain.pem"
    key = tmp_path / "key.pem"
    cert.cert_chain_pems[0].write_to_path(str(chain))
    cert.private_key_pem.write_to_path(str(key))
    with Sandbox(tls=(str(chain), str(key))) as sandbox, Server(tunnel_to(_port(sandbox))) as proxy:
        yield Internet(sandbox, proxy, {"proxy": proxy.url, "ca_path": authority.path})


def _port(sandbox: Sandbox) -> int:
    return int(sandbox.url.rpartition(":")[2])
