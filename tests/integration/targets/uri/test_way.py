# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service is reached as its token was: authorities, client certificates and the proxy of the provider's options."""

from __future__ import annotations

import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account
from ansible_collections.netapi.auth.tests.support.playbooks import HERE, Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.proxy import Proxy
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook
from ansible_collections.netapi.auth.tests.support.tls import certificate, hashed, mutual

NETWORKS = "/core/v2/networks"
PASSWORD = "proxy:pass/4f1b"
PLUGINS = {
    "ANSIBLE_CONNECTION_PLUGINS": str(HERE / "connections"),
    "ANSIBLE_BECOME_PLUGINS": str(HERE / "becomes"),
}
UNVERIFIED = "certificate verify failed"
UNKNOWN = "the host that makes the request does not know the authority that signed the certificate."


def read(**arguments: object) -> Task:
    return {OURS: {"auth": "netfoundry", "url": NETWORKS, **arguments}}


def reading(
    ansible: Ansible, tokens: Sandbox, api: Sandbox, *tasks: Task, env: dict[str, str] | None = None, **more: t.Any
) -> Run:
    """Requests to one server with tokens from another; ``more`` are variables of the host."""
    api.reset()
    # The token of another server is as good.
    api.fault(NETWORKS, body="{}")
    service = {
        "netfoundry_auth_api_url": api.url,
        "netfoundry_auth_token_url": f"{tokens.url}/oauth/token",
        "netfoundry_auth_environment": "sandbox",
    }
    named = [{"name": f"Read {number}", "ignore_errors": True, **task} for number, task in enumerate(tasks)]
    listing = inventory(ansible.home, {"host": {**service, **account(1), **more}})
    book = playbook(ansible.home, named, hosts="all")
    return ansible.play(book, "-i", listing, "-vvvvv", env={**PLUGINS, **(env or {})})


def advice(run: Run) -> str:
    """Where the one warning of an unknown authority says that ca_path goes; empty without the warning."""
    words = " ".join(run.output.split())
    assert words.count(UNKNOWN) <= 1
    return words.partition(UNKNOWN)[2].partition("Use ")[2].partition(".")[0]


def statuses(run: Run) -> list[str]:
    return [one.status for one in run.outcomes]


def test_authorities_of_the_provider_hold_for_the_request(
    ansible: Ansible, tls_server: Sandbox, authority: tuple[str, str]
) -> None:
    # The second token is the first one's, from the cache.
    run = reading(ansible, tls_server, tls_server, read(), read(), netfoundry_auth_ca_path=authority[0])
    assert statuses(run) == ["ok", "ok"]
    assert tls_server.state.grants["netfoundry"] == 1


def test_an_authority_that_ansible_vault_has_encrypted_holds_too(
    ansible: Ansible, tls_server: Sandbox, authority: tuple[str, str], tmp_path: Path
) -> None:
    password = tmp_path / "password"
    vaulted = tmp_path / "vaulted.pem"
    password.write_text("the-vault-password", encoding="utf-8")
    secret = VaultSecret(b"the-vault-password")
    vaulted.write_bytes(VaultLib().encrypt(Path(authority[0]).read_bytes(), secret=secret))
    env = {"ANSIBLE_VAULT_PASSWORD_FILE": str(password)}
    run = reading(ansible, tls_server, tls_server, read(), read(), env=env, netfoundry_auth_ca_path=str(vaulted))
    assert statuses(run) == ["ok", "ok"]


def test_a_directory_of_authorities_holds_too_and_leaves_nothing(
    ansible: Ansible, tls_server: Sandbox, authority: tuple[str, str], tmp_path: Path
) -> None:
    (tmp_path / "other").mkdir()
    (temporary := tmp_path / "temporary").mkdir()
    directory = hashed(tmp_path / "authorities", certificate(tmp_path / "other", subject="other")[0], authority[0])
    env = {"ANSIBLE_LOCAL_TEMP": str(temporary)}
    run = reading(ansible, tls_server, tls_server, read(), read(), env=env, netfoundry_auth_ca_path=directory)
    assert statuses(run) == ["ok", "ok"]
    assert list(temporary.rglob("*.pem")) == []


def test_a_file_of_the_directory_that_is_none_of_it_is_not_trusted(
    ansible: Ansible, tls_server: Sandbox, sandbox: Sandbox, authority: tuple[str, str], tmp_path: Path
) -> None:
    """OpenSSL looks by the name, and so does what asks for the token."""
    (tmp_path / "other").mkdir()
    directory = Path(hashed(tmp_path / "authorities", certificate(tmp_path / "other")[0]))
    (directory / "authority.pem").symlink_to(authority[0])
    run = reading(ansible, sandbox, tls_server, read(), netfoundry_auth_ca_path=str(directory))
    assert statuses(run) == ["failed"]
    assert UNVERIFIED in run.outcomes[0].message.lower()


def test_what_the_task_says_of_tls_wins(
    ansible: Ansible, sandbox: Sandbox, tls_server: Sandbox, authority: tuple[str, str], tmp_path: Path
) -> None:
    other = certificate(tmp_path)[0]
    tasks = [read(validate_certs=True), read(), read(ca_path=authority[0], validate_certs=True)]
    run = reading(ansible, sandbox, tls_server, *tasks, netfoundry_auth_validate_certs=False)
    assert statuses(run) == ["failed", "ok", "ok"]
    tasks = [read(validate_certs=False), read(), read(ca_path=authority[0])]
    run = reading(ansible, sandbox, tls_server, *tasks, netfoundry_auth_ca_path=other)
    assert statuses(run) == ["ok", "failed", "ok"]
    assert advice(run).startswith("the option auth_options")
    run = reading(ansible, sandbox, tls_server, read(ca_path=other), netfoundry_auth_ca_path=authority[0])
    assert advice(run).startswith("ca_path of the task")


@pytest.mark.parametrize("how", [{"ansible_connection": "elsewhere"}, {"ansible_become": True}])
def test_another_host_or_user_gets_no_path_of_the_controller(
    how: dict[str, t.Any], ansible: Ansible, sandbox: Sandbox, tls_server: Sandbox, authority: tuple[str, str]
) -> None:
    how = {**how, "ansible_become_method": "someone"}
    run = reading(ansible, sandbox, tls_server, read(), netfoundry_auth_ca_path=authority[0], **how)
    assert statuses(run) == ["failed"]
    assert UNVERIFIED in run.outcomes[0].message.lower()
    assert advice(run).startswith("ca_path of the task")
    # That TLS is not checked needs no file.
    run = reading(ansible, sandbox, tls_server, read(), read(), netfoundry_auth_validate_certs=False, **how)
    assert statuses(run) == ["ok", "ok"]


@pytest.fixture
def client(tmp_path: Path) -> tuple[str, str]:
    (place := tmp_path / "client").mkdir()
    return certificate(place)


@pytest.fixture
def strict(authority: tuple[str, str], client: tuple[str, str]) -> Iterator[Sandbox]:
    """Refuses whoever does not show the client's certificate."""
    with Sandbox(tls=mutual(authority, client[0])) as sandbox:
        yield sandbox


def test_a_client_certificate_is_shown_where_the_tokens_come_from_and_nowhere_else(
    ansible: Ansible, sandbox: Sandbox, strict: Sandbox, authority: tuple[str, str], client: tuple[str, str]
) -> None:
    shown: dict[str, t.Any] = {
        f"netfoundry_auth_client_{part}": path for part, path in zip(("cert", "key"), client, strict=True)
    }
    shown["netfoundry_auth_ca_path"] = authority[0]
    assert statuses(reading(ansible, strict, strict, read(), read(), **shown)) == ["ok", "ok"]
    # The task's own is shown wherever it says; a key belongs to its certificate.
    tasks = [read(), read(client_cert=client[0], client_key=client[1])]
    assert statuses(reading(ansible, sandbox, strict, *tasks, **shown)) == ["failed", "ok"]


@pytest.fixture
def proxy() -> Iterator[Proxy]:
    with Proxy("someone", PASSWORD) as proxy:
        yield proxy


def check_not_shown(run: Run, proxy: Proxy) -> None:
    assert not any(text in run.output for text in (PASSWORD, proxy.url, proxy.wanted.decode()))


def test_the_proxy_of_the_provider_passes_the_requests_on(
    ansible: Ansible, sandbox: Sandbox, tls_server: Sandbox, authority: tuple[str, str], proxy: Proxy
) -> None:
    more = {"netfoundry_auth_proxy": proxy.url, "netfoundry_auth_ca_path": authority[0]}
    # What the environment says does not count beside the option.
    env = {"NO_PROXY": "*", "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
    run = reading(ansible, sandbox, sandbox, read(), read(), env=env, **more)
    assert statuses(run) == ["ok", "ok"]
    assert proxy.passed == [f"POST {sandbox.url}/oauth/token", *[f"GET {sandbox.url}{NETWORKS}"] * 2]
    check_not_shown(run, proxy)
    run = reading(ansible, sandbox, tls_server, read(), read(), env=env, **more)
    assert statuses(run) == ["ok", "ok"]
    assert proxy.passed[4:] == [f"CONNECT {tls_server.url.removeprefix('https://')}"] * 2
    check_not_shown(run, proxy)


def test_a_request_without_the_proxy_is_as_before_one_with_it(ansible: Ansible, sandbox: Sandbox, proxy: Proxy) -> None:
    """The items of a loop are one process, so the second shows what the first left in its environment."""
    proxies = [proxy.url, "", proxy.url, ""]
    task = {**read(auth_options={"proxy": "{{ proxies[item] }}"}), "loop": [0, 1, 2, 3]}
    run = reading(ansible, sandbox, sandbox, task, proxies=proxies)
    assert statuses(run) == ["ok"]
    assert proxy.passed == [f"POST {sandbox.url}/oauth/token", *[f"GET {sandbox.url}{NETWORKS}"] * 2]
    assert sandbox.state.counts[f"GET {NETWORKS}"] == 4


@pytest.mark.parametrize("how", [{"ansible_connection": "elsewhere"}, {"ansible_become": True}])
def test_another_host_or_user_does_not_use_the_proxy_of_the_controller(
    how: dict[str, t.Any], ansible: Ansible, sandbox: Sandbox, proxy: Proxy
) -> None:
    more = {"netfoundry_auth_proxy": proxy.url, "ansible_become_method": "someone", **how}
    assert statuses(reading(ansible, sandbox, sandbox, read(), **more)) == ["ok"]
    assert proxy.passed == [f"POST {sandbox.url}/oauth/token"]


def test_a_proxy_that_refuses_and_one_that_is_none_show_no_password(
    ansible: Ansible, sandbox: Sandbox, proxy: Proxy
) -> None:
    # A given token, so that nothing is asked for before the request.
    refused = proxy.url.replace("someone", "nobody")
    nothing = f"http://someone:{PASSWORD}@"
    tasks = [read(auth_options={"token": "given-token-1", "proxy": each}) for each in (refused, nothing)]
    run = reading(ansible, sandbox, sandbox, *tasks)
    assert statuses(run) == ["failed", "failed"]
    check_not_shown(run, proxy)
