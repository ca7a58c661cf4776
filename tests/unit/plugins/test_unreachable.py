# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services that cannot be reached, each with a sentence of its own."""

from __future__ import annotations

import socket
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, hang_up
from ansible_collections.netapi.auth.tests.unit.plugins.walk import Scene, check

SECRET = "never-shown-secret"
# provider: what it needs, and the option whose address is tried.
NEEDS: dict[tuple[str, str], dict[str, str]] = {
    ("netfoundry", "token_url"): {"client_id": "id", "client_secret": SECRET, "environment": "sandbox"},
    ("netography", "api_url"): {"username": "name", "password": SECRET},
    ("netbird", "token_url"): {"client_id": "id", "client_secret": SECRET},
    ("netbird", "issuer"): {"client_id": "id", "client_secret": SECRET},
}
EACH = pytest.mark.parametrize(("provider", "option"), NEEDS)


@pytest.fixture
def refusal(scene: Scene, way: str) -> t.Callable[..., str]:
    """The sentence for an address that leads nowhere, after it was checked for the secret."""

    def ask(provider: str, option: str, url: str, **more: t.Any) -> str:
        scene.arguments = {**NEEDS[provider, option], option: url, "retries": 0, **more}
        sentence = scene.refusal(way, provider)
        check(sentence, hidden=(SECRET,))
        assert option in sentence or "proxy" in more
        return sentence

    return ask


Ask = t.Callable[..., str]


@EACH
def test_no_such_host(refusal: Ask, provider: str, option: str) -> None:
    assert "there is no host nowhere.invalid" in refusal(provider, option, "https://nowhere.invalid")


@EACH
def test_refused(refusal: Ask, provider: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert "127.0.0.1 refuses the connection" in refusal(provider, option, f"http://127.0.0.1:{port}")


@EACH
def test_timed_out(refusal: Ask, provider: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        sentence = refusal(provider, option, url, timeout=1)
    assert "127.0.0.1 did not answer within 1 seconds" in sentence
    assert "raise timeout" in sentence


@EACH
def test_broken_off(refusal: Ask, provider: str, option: str, hanging_up: str) -> None:
    assert "127.0.0.1 broke off the connection" in refusal(provider, option, hanging_up)


@pytest.fixture
def hanging_up() -> Iterator[str]:
    """The address of a server that closes each connection at once."""
    with Server(hang_up) as server:
        yield server.url


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sandbox over TLS, under an authority that nobody knows."""
    folder = tmp_path_factory.mktemp("tls")
    leaf = authority.issue_cert("127.0.0.1")
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    with Sandbox(tls=(str(folder / "cert.pem"), str(folder / "key.pem"))) as sandbox:
        yield sandbox


@EACH
@pytest.mark.parametrize("unset", [{}, {"validate_certs": ""}, {"validate_certs": None}, {"ca_path": ""}])
def test_a_certificate_of_an_unknown_authority(
    secure: Sandbox, refusal: Ask, provider: str, option: str, unset: dict[str, t.Any]
) -> None:
    sentence = refusal(provider, option, secure.url, **unset)
    assert "the certificate of 127.0.0.1 cannot be verified" in sentence
    assert "set ca_path" in sentence
    assert secure.state.requests == []


@pytest.mark.parametrize("name", ["NETAPI_AUTH_VALIDATE_CERTS", "NETAPI_AUTH_CA_PATH"])
@EACH
def test_an_empty_environment_variable_leaves_certificates_checked(
    secure: Sandbox, refusal: Ask, monkeypatch: pytest.MonkeyPatch, provider: str, option: str, name: str
) -> None:
    monkeypatch.setenv(name, "")
    assert "cannot be verified" in refusal(provider, option, secure.url)


@EACH
def test_a_file_of_authorities_that_holds_none(
    secure: Sandbox, refusal: Ask, tmp_path: Path, provider: str, option: str
) -> None:
    (tmp_path / "empty.pem").write_text("nothing", encoding="utf-8")
    assert "ca_path" in refusal(provider, option, secure.url, ca_path=str(tmp_path / "empty.pem"))


@EACH
def test_a_proxy_that_is_not_there(refusal: Ask, provider: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        proxy = f"http://user:{SECRET}@127.0.0.1:{server.getsockname()[1]}"
    assert "Check proxy" in refusal(provider, option, "https://host.example", proxy=proxy)
