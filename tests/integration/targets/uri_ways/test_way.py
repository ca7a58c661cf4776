# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The service is reached as its token was: authorities, client certificates and the proxy of the provider's options."""

from __future__ import annotations

import contextlib
import typing as t
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.tests.integration.targets.uri_ways.places import PLUGINS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, plays
from ansible_collections.netapi.auth.tests.support.tls import certificate, hashed, mutual
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.proxy import Proxy

NETWORKS = "/core/v2/networks"
PASSWORD = "proxy:pass/4f1b"
UNVERIFIED = "certificate verify failed"
# To Ansible, another host, and another user of this one.
ELSEWHERE: dict[str, dict[str, t.Any]] = {
    "elsewhere": {"ansible_connection": "elsewhere"},
    "become": {"ansible_become": True},
}


@dataclass(frozen=True)
class Servers:
    """Where tokens and answers come from.

    :param strict: refuses whoever does not show the client's certificate.
    :param paths: what the options name, by the host's name or what it is.
    """

    plain: Sandbox
    tls: Sandbox
    strict: Sandbox
    proxy: Proxy
    paths: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A host of its own.

    :param tokens: the server that grants them.
    :param more: variables.
    :param requests: what each request says, and how it ends.
    """

    tokens: Sandbox
    api: Sandbox
    more: Mapping[str, t.Any]
    requests: tuple[tuple[Mapping[str, t.Any], str], ...]


OK: tuple[Mapping[str, t.Any], str] = ({}, "ok")
FAILED: tuple[Mapping[str, t.Any], str] = ({}, "failed")


def cases(servers: Servers) -> dict[str, Case]:
    """What is asked of servers with certificates."""
    plain, tls, strict, paths = servers.plain, servers.tls, servers.strict, servers.paths
    own = {"ca_path": paths["authority"]}
    client = {"client_cert": paths["cert"], "client_key": paths["key"]}
    found = {
        # The second token is the first one's, from the cache.
        "file": Case(tls, tls, own, (OK, OK)),
        "vaulted": Case(tls, tls, {"ca_path": paths["vaulted"]}, (OK,)),
        "directory": Case(tls, tls, {"ca_path": paths["directory"]}, (OK,)),
        # OpenSSL looks by the name, and so does what asks for the token.
        "strange-directory": Case(plain, tls, {"ca_path": paths["strange"]}, (FAILED,)),
        "unchecked": Case(
            plain,
            tls,
            {"validate_certs": False},
            (({"validate_certs": True}, "failed"), OK, ({**own, "validate_certs": True}, "ok")),
        ),
        "another-authority": Case(plain, tls, {"ca_path": paths["other"]}, (FAILED, (own, "ok"))),
        "client": Case(strict, strict, {**client, **own}, (OK,)),
        # The task's own is shown wherever it says; a key belongs to its certificate.
        "client-elsewhere": Case(plain, strict, {**client, **own}, (FAILED, (client, "ok"))),
    }
    for name in ELSEWHERE:
        # No path of the controller; that TLS is not checked needs no file.
        found[name] = Case(plain, tls, own, (FAILED, ({"auth_options": {"validate_certs": False}}, "ok")))
    return found


def named(options: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return {f"netfoundry_auth_{name}": value for name, value in options.items()}


def read(**arguments: object) -> Task:
    return {OURS: {"auth": "netfoundry", "url": NETWORKS, **arguments}, "ignore_errors": True}


def variables(tokens: Sandbox, api: Sandbox, more: Mapping[str, t.Any]) -> dict[str, t.Any]:
    return named({"api_url": api.url, "token_url": f"{tokens.url}/oauth/token", "environment": "sandbox", **more})


def play(ansible: Ansible, hosts: Mapping[str, Mapping[str, t.Any]], *each: Task, **env: str) -> Run:
    known = {name: {**host, **ELSEWHERE.get(name, {})} for name, host in hosts.items()}
    listing = inventory(ansible.home, known, **account(1), ansible_become_method="someone")
    return ansible.play(plays(ansible.home, *each), "-i", listing, "-vvvvv", env={**PLUGINS, **env})


@pytest.fixture(scope="module")
def servers(
    server: Sandbox, tls_server: Sandbox, authority: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Servers]:
    place = tmp_path_factory.mktemp("way")
    for name in ("client", "other", "temporary"):
        (place / name).mkdir()
    client = certificate(place / "client")
    other = certificate(place / "other")[0]
    strange = Path(hashed(place / "strange", other))
    (strange / "authority.pem").symlink_to(authority[0])
    (place / "password").write_text("the-vault-password", encoding="utf-8")
    vaulted = VaultLib().encrypt(Path(authority[0]).read_bytes(), secret=VaultSecret(b"the-vault-password"))
    (place / "vaulted.pem").write_bytes(vaulted)
    paths = {"authority": authority[0], "cert": client[0], "key": client[1], "other": other, "strange": str(strange)}
    paths |= {name: str(place / name) for name in ("password", "temporary")}
    paths |= {"vaulted": str(place / "vaulted.pem"), "directory": hashed(place / "authorities", other, authority[0])}
    with contextlib.ExitStack() as stack:
        strict = stack.enter_context(Sandbox(tls=mutual(authority, client[0])))
        proxy = stack.enter_context(Proxy("someone", PASSWORD))
        for one in (server, tls_server, strict):
            one.reset()
            # The token of another server is as good.
            one.fault(NETWORKS, body="{}")
        yield Servers(server, tls_server, strict, proxy, paths)


def test_certificates_and_authorities_of_the_provider_hold_for_the_request_on_the_controller_alone(
    servers: Servers, shared_ansible: Ansible
) -> None:
    known = cases(servers)
    env = {"ANSIBLE_VAULT_PASSWORD_FILE": servers.paths["password"], "ANSIBLE_LOCAL_TEMP": servers.paths["temporary"]}
    run = play(
        shared_ansible,
        {name: variables(case.tokens, case.api, case.more) for name, case in known.items()},
        *({"hosts": name, "tasks": [read(**said) for said, _end in case.requests]} for name, case in known.items()),
        **env,
    )
    ends = {name: [one.status for one in run.outcomes if one.host == name] for name in known}
    assert ends == {name: [end for _said, end in case.requests] for name, case in known.items()}, run.output
    unverified = {one.host for one in run.outcomes if UNVERIFIED in one.message.lower()}
    assert unverified == {name for name, case in known.items() if "failed" in ends[name]} - {"client-elsewhere"}
    assert list(Path(servers.paths["temporary"]).rglob("*.pem")) == []
    # Which ca_path counts depends on who makes the request, and on whether the task has one.
    unknown = "the host that makes the request does not know the authority that signed the certificate."
    assert run.says(unknown)
    assert run.says("Use the option auth_options.ca_path")
    assert run.says("Use ca_path of the task")
    assert run.says("is not in ca_path, from the variable netfoundry_auth_ca_path. Correct that")


@pytest.fixture(scope="module")
def proxied(servers: Servers, shared_ansible: Ansible) -> Run:
    """A host for each way to a proxy, and one that is refused by it and has one that is none."""
    plain, tls, proxy = servers.plain, servers.tls, servers.proxy
    more = {"proxy": proxy.url, "ca_path": servers.paths["authority"]}
    # The items of a loop are one process, so the second shows what the first left in its environment.
    toggled = {**read(auth_options={"proxy": "{{ item }}"}), "loop": [proxy.url, ""], "no_log": True}
    # A given token, so that nothing is asked for before the request.
    wrong = (proxy.url.replace("someone", "nobody"), f"http://someone:{PASSWORD}@")
    hosts = {
        "http": variables(plain, plain, more),
        "https": variables(plain, tls, more),
        "loop": variables(plain, plain, {}),
        **{name: variables(plain, plain, more) for name in ELSEWHERE},
        "refused": variables(plain, plain, {}),
    }
    # What the environment says does not count beside the option.
    env = {"NO_PROXY": "*", "HTTP_PROXY": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
    tasks = {"http": [read()], "https": [read()], "loop": [toggled], **{name: [read()] for name in ELSEWHERE}}
    tasks["refused"] = [read(auth_options={"token": "given-token-1", "proxy": each}) for each in wrong]
    proxy.passed.clear()
    return play(shared_ansible, hosts, *({"hosts": name, "tasks": each} for name, each in tasks.items()), **env)


def test_the_proxy_of_the_provider_passes_the_requests_of_the_controller_on(servers: Servers, proxied: Run) -> None:
    plain, tls, proxy = servers.plain, servers.tls, servers.proxy
    assert {one.status for one in proxied.outcomes if one.host != "refused"} == {"ok"}, proxied.output
    # One grant for all, but the second item of the loop has another proxy, and so do those elsewhere not count.
    token, networks = f"POST {plain.url}/oauth/token", f"GET {plain.url}{NETWORKS}"
    tunnel = f"CONNECT {tls.url.removeprefix('https://')}"
    assert [one for one in proxy.passed if one != token] == [networks, tunnel, networks]
    assert token in proxy.passed


def test_a_proxy_that_refuses_and_one_that_is_none_fail_and_no_proxy_shows_its_password(
    servers: Servers, proxied: Run
) -> None:
    assert [one.status for one in proxied.outcomes if one.host == "refused"] == ["failed", "failed"]
    assert not any(text in proxied.output for text in (PASSWORD, servers.proxy.url, servers.proxy.wanted.decode()))
