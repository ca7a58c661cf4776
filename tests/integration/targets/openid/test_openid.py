# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""NetBird's OAuth2 flows against a real OpenID provider, by real playbooks."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OpenIdProvider, start
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

CONFIGURATION = Path("../../integration_config.yml")
MACHINES = ("netbird-machine", "netbird-machine-post", "netbird:machine/é")
PERSONS = ("netbird-offline", "netbird-offline-post")
WAYS = ("issuer", "token_url")


@pytest.fixture(scope="module")
def provider() -> Iterator[OpenIdProvider]:
    python = yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["openid_python"]
    with start(python) as running:
        yield running


def _client(provider: OpenIdProvider, name: str, way: str) -> dict[str, t.Any]:
    client = provider.clients[name]
    return {
        "netbird_auth_client_id": client.client_id,
        "netbird_auth_client_secret": client.client_secret,
        "netbird_auth_client_auth": client.auth_method,
        f"netbird_auth_{way}": provider.issuer if way == "issuer" else provider.token_endpoint,
    }


def _host(name: str, way: str) -> str:
    return f"{name.replace(':', '-').replace('/', '-')} by {way}"


@pytest.fixture(scope="module")
def run(provider: OpenIdProvider, shared_ansible: Ansible) -> Run:
    """All that succeeds, a host for each client and each way to its token endpoint."""
    hosts = {
        _host(name, way): _client(provider, name, way) for name, way in itertools.product((*MACHINES, *PERSONS), WAYS)
    }
    for name, way in itertools.product(PERSONS, WAYS):
        hosts[_host(name, way)]["netbird_auth_refresh_token"] = provider.mint(name)
    hosts[_host(MACHINES[0], "token_url")]["netbird_auth_scope"] = "api"
    path = inventory(shared_ansible.home, hosts, provider_url=provider.issuer)
    return shared_ansible.play("openid.yml", "-i", path, "--forks", "2")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_gets_a_token_by_client_credentials(name: str, way: str, run: Run) -> None:
    result = run.of("Show all but the token", _host(name, way)).result["msg"]
    assert (result["method"], result["source"], result["token_type"]) == ("client_credentials", "issued", "Bearer")
    # The provider's own lifetime is ten days.
    assert 860_000 < result["expires_in"] <= 864_000


def test_a_scope_that_is_asked_for_is_granted(run: Run) -> None:
    assert run.of("Show all but the token", _host(MACHINES[0], "token_url")).result["msg"]["scope"] == "api"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PERSONS)
def test_a_person_gets_a_token_by_refresh_token(name: str, way: str, provider: OpenIdProvider, run: Run) -> None:
    result = run.of("Show all but the token", _host(name, way)).result["msg"]
    assert (result["method"], result["source"]) == ("refresh_token", "issued")
    assert result["claims"]["iss"] == provider.issuer
    assert result["claims"]["aud"] == name or name in result["claims"]["aud"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", PERSONS)
def test_the_provider_takes_the_token_of_a_person(name: str, way: str, run: Run) -> None:
    answer = run.of("Ask the provider whose token it is", _host(name, way))
    assert answer.result["json"]["name"] == "Ada Lovelace"


@pytest.mark.parametrize("name", [*MACHINES, *PERSONS])
def test_the_lookup_gives_the_token_of_the_task(name: str, run: Run) -> None:
    # The provider refuses a refresh token that was used, so for a person the lookup has to find the task's token.
    assert run.of("Check that the lookup has the same token", _host(name, "issuer")).status == "ok"


@pytest.fixture(scope="module")
def refusals(provider: OpenIdProvider, shared_ansible: Ansible) -> Run:
    """All that the provider refuses, a host for each."""
    secret = {"netbird_auth_client_secret": "wrong-secret-7f3a"}
    hosts = {
        "wrong-secret-basic": _client(provider, MACHINES[0], "issuer") | secret,
        "wrong-secret-post": _client(provider, MACHINES[1], "issuer") | secret,
        "wrong-refresh-token": _client(provider, PERSONS[0], "issuer")
        | {"netbird_auth_refresh_token": "wrong-refresh-token-7f3a"},
        # The provider redirects all other names of its host to its own.
        "redirected-issuer": _client(provider, MACHINES[0], "issuer")
        | {"netbird_auth_issuer": provider.issuer.replace("127.0.0.1", "localhost")},
        # The HTTP library takes the dots away, so the document is there, but it is that of another address.
        "another-issuer": _client(provider, MACHINES[0], "issuer")
        | {"netbird_auth_issuer": f"{provider.issuer}/tenant/.."},
        "no-issuer": _client(provider, MACHINES[0], "issuer") | {"netbird_auth_issuer": f"{provider.issuer}/elsewhere"},
    }
    path = inventory(shared_ansible.home, hosts, provider_url=provider.issuer)
    return shared_ansible.play("openid.yml", "-i", path, "-vvv", "--forks", "2", succeeds=False)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("wrong-secret-basic", ("The identity provider", "401", "invalid_client", "client_id and client_secret")),
        ("wrong-secret-post", ("The identity provider", "401", "invalid_client", "client_id and client_secret")),
        ("wrong-refresh-token", ("The identity provider", "400", "invalid_grant", "refresh_token")),
        ("redirected-issuer", ("Set issuer to the final address: a redirect is not followed",)),
        ("another-issuer", ("is that of another issuer: it says ", "or set token_url in its place.")),
        ("no-issuer", ("404", "issuer")),
    ],
)
def test_a_refusal_is_one_sentence_that_says_what_to_check(host: str, words: tuple[str, ...], refusals: Run) -> None:
    login = refusals.of("Log in at the identity provider", host)
    assert login.status == "failed"
    for word in words:
        assert word in login.message


def test_a_refusal_shows_no_secret_and_no_traceback(provider: OpenIdProvider, refusals: Run) -> None:
    secrets = [str(provider.clients[name].client_secret) for name in (*MACHINES, *PERSONS)]
    for secret in (*secrets, "wrong-secret-7f3a", "wrong-refresh-token-7f3a"):
        assert secret not in refusals.output
    assert "Traceback" not in refusals.output
