# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the credential must not go, over real sockets."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook
from ansible_collections.netapi.auth.tests.support.tls import certificate
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

PAT = make_pat("sandboxuser1")
KEY = "nf-rapidapi-key-1"
AUTHS: dict[str, tuple[str, str]] = {
    "netbird": ("authorization", f"Token {PAT}"),
    "netfoundry": ("x-rapidapi-key", KEY),
}
REDIRECTS = (302, 307)
CERTIFICATES: dict[str, dict[str, t.Any]] = {
    "of another name": {"address": "127.0.0.9"},
    "that has ended": {"ended": True},
    "of an unknown authority": {},
}
BEHIND_PROXY = "https://api.example.com"
NETRC = "machine 127.0.0.1 login someone password something\n"


@dataclass(frozen=True)
class Servers:
    """Whom the tasks ask.

    :param other: where redirects lead.
    :param tls: kind of certificate: its server, and what each request to it says besides.
    """

    own: Sandbox
    other: Sandbox
    tls: dict[str, tuple[Sandbox, Task]]
    proxy: Server


@pytest.fixture(scope="module")
def servers(server: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    server.reset()
    pairs = {kind: certificate(tmp_path_factory.mktemp("tls"), **how) for kind, how in CERTIFICATES.items()}
    trusted: dict[str, Task] = {kind: {"ca_path": pair[0]} for kind, pair in pairs.items()}
    trusted["of an unknown authority"] = {}
    with contextlib.ExitStack() as stack:
        tls = {kind: (stack.enter_context(Sandbox(tls=pair)), trusted[kind]) for kind, pair in pairs.items()}
        other = stack.enter_context(Sandbox())
        proxy = stack.enter_context(Server(reply(status=403)))
        for status in REDIRECTS:
            server.fault(f"/{status}", redirect=f"{other.url}/got/{status}", status=status)
        server.fault("/basic", status=401, body="{}", headers={"WWW-Authenticate": 'Basic realm="x"'})
        yield Servers(server, other, tls, proxy)


def tasks(servers: Servers) -> list[Task]:
    """All that is asked: with each credential, and with the key alone what reaches no server."""
    paths = {**{str(status): f"/{status}" for status in REDIRECTS}, "netrc": "/echo", "basic": "/basic"}
    made = [
        {"name": f"{auth} {name}", OURS: {"auth": auth, "url": url}} for auth in AUTHS for name, url in paths.items()
    ]
    common = {"auth": "netfoundry", "auth_hosts": [BEHIND_PROXY, *(one.url for one, dummy in servers.tls.values())]}
    for kind, (one, more) in servers.tls.items():
        made.append({"name": kind, OURS: {**common, "url": f"{one.url}/x", **more}})
    proxied = {"name": "proxy", OURS: {**common, "url": f"{BEHIND_PROXY}/x"}}
    made.append({**proxied, "environment": {"HTTPS_PROXY": servers.proxy.url}})
    return [{**task, "ignore_errors": True} for task in made]


@pytest.fixture(scope="module")
def run(servers: Servers, shared_ansible: Ansible) -> Run:
    """One run of all tasks with both credentials at hand, and with a line of .netrc for the services."""
    place = shared_ansible.home
    netrc = place / ".netrc"
    netrc.write_text(NETRC, encoding="utf-8")
    netrc.chmod(0o600)
    variables = {
        "netbird_auth_pat": PAT,
        "netbird_auth_api_url": servers.own.url,
        "netfoundry_auth_rapidapi_key": KEY,
        "netfoundry_auth_api_url": servers.own.url,
    }
    book = playbook(place, tasks(servers))
    return shared_ansible.play(book, "-i", inventory(place, {"localhost": variables}), env={"NETRC": str(netrc)})


@pytest.mark.parametrize("status", REDIRECTS)
@pytest.mark.usefixtures("run")
def test_a_redirect_does_not_carry_it_along(status: int, servers: Servers) -> None:
    check_sent(servers.own, f"/{status}")
    followed = [one for one in servers.other.state.requests if one.path == f"/got/{status}"]
    assert len(followed) == len(AUTHS)
    assert not any(secret in str(one.headers) for one in followed for secret in (PAT, KEY))


def check_sent(sandbox: Sandbox, path: str) -> None:
    """One request for the path with each of the two credentials, and none with another."""
    headers = [one.headers for one in sandbox.state.requests if one.path == path]
    assert len(headers) == len(AUTHS)
    for sent, (header, value) in zip(headers, AUTHS.values(), strict=True):
        assert sent[header] == value
        assert not sent.get("authorization", "").startswith("Basic")


@pytest.mark.usefixtures("run")
def test_a_line_of_netrc_does_not_replace_it(servers: Servers) -> None:
    check_sent(servers.own, "/echo")


def test_a_server_that_asks_for_basic_gets_nothing_else(servers: Servers, run: Run) -> None:
    assert [run.of(f"{auth} basic").result["status"] for auth in AUTHS] == [401, 401]
    check_sent(servers.own, "/basic")


def test_a_proxy_is_asked_for_a_tunnel_without_it(servers: Servers, run: Run) -> None:
    assert run.of("proxy").status == "failed"
    (seen,) = servers.proxy.seen
    assert (seen.method, seen.target) == ("CONNECT", "api.example.com:443")
    assert KEY not in str(seen)


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_no_certificate_no_credential(kind: str, servers: Servers, run: Run) -> None:
    assert servers.tls[kind][0].state.requests == []
    assert run.of(kind).status == "failed"
    assert "certificate" in run.of(kind).message.lower()
