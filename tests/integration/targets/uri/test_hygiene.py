# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the credential must not go, over real sockets."""

from __future__ import annotations

import socket
import threading
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.accounts import make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook
from ansible_collections.netapi.auth.tests.support.tls import certificate

PAT, KEY = make_pat("sandboxuser1"), "nf-rapidapi-key-1"
AUTHS: dict[str, tuple[str, str]] = {
    "netbird": ("authorization", f"Token {PAT}"),
    "netfoundry": ("x-rapidapi-key", KEY),
}
EACH = pytest.mark.parametrize("auth", AUTHS)
REDIRECTS = (301, 302, 303, 307, 308)


def play(ansible: Ansible, place: Path, url: str, *tasks: Task, env: dict[str, str] | None = None) -> Run:
    """Run the tasks with both credentials at hand; a task may fail."""
    variables = {
        "netbird_auth_pat": PAT,
        "netbird_auth_api_url": url,
        "netfoundry_auth_rapidapi_key": KEY,
        "netfoundry_auth_api_url": url,
    }
    book = playbook(place, [{**task, "ignore_errors": True} for task in tasks])
    return ansible.play(book, "-i", inventory(place, {"localhost": variables}), env=env)


def request(auth: str, url: str, name: str, **more: t.Any) -> Task:
    return {"name": f"{auth} {name}", OURS: {"auth": auth, "url": url, **more}}


@pytest.fixture(scope="module")
def other() -> Iterator[Sandbox]:
    with Sandbox() as server:
        yield server


@pytest.fixture(scope="module")
def redirected(server: Sandbox, other: Sandbox, shared_ansible: Ansible) -> Run:
    for one in (server, other):
        one.reset()
    for status in REDIRECTS:
        server.fault(f"/{status}", redirect=f"{other.url}/got/{status}", status=status)
    tasks = [request(auth, f"/{status}?auth={auth}", str(status)) for auth in AUTHS for status in REDIRECTS]
    return play(shared_ansible, shared_ansible.home, server.url, *tasks)


@EACH
@pytest.mark.parametrize("status", REDIRECTS)
def test_a_redirect_does_not_carry_it_along(
    auth: str, status: int, redirected: Run, server: Sandbox, other: Sandbox
) -> None:
    header, value = AUTHS[auth]
    asked = [one for one in server.state.requests if one.path == f"/{status}" and one.query["auth"] == auth]
    assert [one.headers[header] for one in asked] == [value]
    followed = [one for one in other.state.requests if one.path == f"/got/{status}"]
    assert len(followed) == len(AUTHS)
    assert not any(secret in str(one.headers) for one in followed for secret in (PAT, KEY))


def check_sent(sandbox: Sandbox) -> None:
    """One request with each of the two credentials, and none with another."""
    headers = [one.headers for one in sandbox.state.requests]
    assert len(headers) == len(AUTHS)
    for sent, (header, value) in zip(headers, AUTHS.values(), strict=True):
        assert sent[header] == value
        assert not sent.get("authorization", "").startswith("Basic")


def test_a_line_of_netrc_does_not_replace_it(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n", encoding="utf-8")
    netrc.chmod(0o600)
    tasks = [request(auth, "/echo", "netrc") for auth in AUTHS]
    play(ansible, tmp_path, sandbox.url, *tasks, env={"NETRC": str(netrc)})
    check_sent(sandbox)


def test_a_server_that_asks_for_basic_gets_nothing_else(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault("/basic", status=401, body="{}", headers={"WWW-Authenticate": 'Basic realm="x"'})
    run = play(ansible, tmp_path, sandbox.url, *(request(auth, "/basic", "basic") for auth in AUTHS))
    assert [run.of(f"{auth} basic").result["status"] for auth in AUTHS] == [401, 401]
    check_sent(sandbox)


class Proxy:
    """Takes one request for a tunnel, keeps what it was sent, and refuses."""

    def __init__(self) -> None:
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._listener.close()

    def _serve(self) -> None:
        connection = self._listener.accept()[0]
        with connection:
            self.heard = connection.recv(65536)
            connection.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


@EACH
def test_a_proxy_is_asked_for_a_tunnel_without_it(auth: str, ansible: Ansible, tmp_path: Path) -> None:
    with Proxy() as proxy:
        run = play(
            ansible, tmp_path, "https://api.example.com", request(auth, "/x", "proxy"), env={"HTTPS_PROXY": proxy.url}
        )
    assert run.of(f"{auth} proxy").status == "failed"
    assert proxy.heard.startswith(b"CONNECT api.example.com:443")
    assert PAT.encode() not in proxy.heard
    assert KEY.encode() not in proxy.heard


CERTIFICATES: dict[str, dict[str, t.Any]] = {
    "of another name": {"address": "127.0.0.9"},
    "that has ended": {"ended": True},
    "of an unknown authority": {},
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_no_certificate_no_credential(kind: str, ansible: Ansible, tmp_path: Path) -> None:
    pair = certificate(tmp_path, **CERTIFICATES[kind])
    trusted = {} if kind == "of an unknown authority" else {"ca_path": pair[0]}
    with Sandbox(tls=pair) as server:
        run = play(ansible, tmp_path, server.url, *(request(auth, "/x", kind, **trusted) for auth in AUTHS))
        assert server.state.requests == []
    for auth in AUTHS:
        outcome = run.of(f"{auth} {kind}")
        assert outcome.status == "failed"
        assert "certificate" in outcome.message.lower()
