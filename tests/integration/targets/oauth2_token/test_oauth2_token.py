# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The task, the lookup, `auth: oauth2` and the role, with each kind of secret, and with none that is stored."""

from __future__ import annotations

import json
import typing as t
from dataclasses import dataclass
from pathlib import Path

import pytest
from ansible.parsing.vault import VaultLib, VaultSecret
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, private_key
from ansible_collections.netapi.auth.tests.sandbox.services.oauth2 import made_elsewhere
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

VAULT = "the-password-of-the-vault-7f3a"
PASSPHRASE = "the-passphrase-of-the-key-7f3a"
REQUEST_TOKEN = "the-request-token-of-the-job-7f3a"
GITHUB = "/actions/idtoken"
# Method and client of each way; the hosts have what shows the client.
WAYS = {
    "secret": ("client_credentials", "oa-client-1"),
    "key": ("client_credentials", "oa-client-2"),
    "key file": ("client_credentials", "oa-client-3"),
    "vaulted key file with a passphrase": ("client_credentials", "oa-client-4"),
    "JWT bearer": ("jwt_bearer", "oa-client-5"),
    "token exchange": ("token_exchange", "oa-client-6"),
    "token in a file": ("client_credentials", "oa-federated-1"),
    "GitHub Actions": ("client_credentials", "oa-federated-2"),
}
PLACES = ("one", "two")
SHOW = "Show all but the token, which the lookup has too"


def key_of(way: str) -> str:
    return private_key(WAYS[way][1])


@dataclass(frozen=True)
class Files:
    """What lies on the controller, and the tokens that are secret from the start."""

    key: str
    vaulted: str
    vault_password: str
    token: str
    tokens: tuple[str, ...]

    @classmethod
    def write(cls, folder: Path, server: Sandbox) -> Files:
        key = load_pem_private_key(key_of("vaulted key file with a passphrase").encode(), None)
        cipher = BestAvailableEncryption(PASSPHRASE.encode())
        closed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, cipher)
        token, of_github = (made_elsewhere(f"oa-federated-{number}", server.url) for number in (1, 2))
        server.fault(GITHUB, body=json.dumps({"value": of_github}))
        contents = {
            "key": key_of("key file").encode(),
            "vaulted": VaultLib().encrypt(closed, secret=VaultSecret(VAULT.encode())),
            "vault_password": VAULT.encode(),
            "token": token.encode() + b"\n",
        }
        for name, content in contents.items():
            (folder / name).write_bytes(content)
        key_file, vaulted, password, token_file = (str(folder / name) for name in contents)
        return cls(key_file, vaulted, password, token_file, (token, of_github))


def options(way: str, server: Sandbox, files: Files) -> dict[str, t.Any]:
    said: dict[str, dict[str, t.Any]] = {
        "secret": {"client_secret": "oa-secret-1"},
        "key": {"private_key": key_of(way)},
        "key file": {"private_key_file": files.key},
        "vaulted key file with a passphrase": {
            "private_key_file": files.vaulted,
            "private_key_passphrase": PASSPHRASE,
        },
        "JWT bearer": {"method": "jwt_bearer", "private_key": key_of(way)},
        "token exchange": {
            "client_secret": "oa-secret-6",
            "subject_token": "oa-subject-token-6",
            "subject_token_type": "access_token",
        },
        "token in a file": {"client_assertion": {"file": files.token}},
        "GitHub Actions": {"client_assertion": {"github": f"{server.url}/idp"}},
    }
    named = {} if "client_assertion" in said[way] else {"client_id": WAYS[way][1]}
    return {"issuer": f"{server.url}/idp", "api_url": server.url, **named, **said[way]}


def secrets(files: Files, server: Sandbox) -> list[str]:
    """All that nobody may read: lines of the keys, tokens from elsewhere and those that were issued."""
    keys = [line for way in WAYS for line in key_of(way).splitlines()[1:-1]]
    sent = [one.headers.get("authorization", "") for one in server.state.requests]
    issued = {text.partition(" ")[2] for text in sent if text.startswith("Bearer ")}
    given = ["oa-secret-1", "oa-secret-6", "oa-subject-token-6", PASSPHRASE, VAULT, REQUEST_TOKEN]
    return [*keys, *given, *files.tokens, *issued]


@dataclass(frozen=True)
class Runs:
    """Two runs with one cache."""

    first: Run
    second: Run
    counts: tuple[dict[str, int], dict[str, int]]
    secrets: list[str]


def twice(ansible: Ansible, server: Sandbox, files: Files, hosts: dict[str, t.Any], env: dict[str, str]) -> Runs:
    path = inventory(ansible.home, hosts)
    arguments = ("ask.yml", "-i", path, "-vvv", "--forks", "4", "--vault-password-file", files.vault_password)
    env = {"NETAPI_AUTH_CACHE": "user", **env}
    first = ansible.play(*arguments, env=env)
    counts = server.state.counts
    found = secrets(files, server)
    second = ansible.play(*arguments, env=env)
    return Runs(first, second, (counts, server.state.counts), found)


def job(server: Sandbox) -> dict[str, str]:
    """What GitHub gives a job that may ask for a token."""
    return {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{server.url}{GITHUB}?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": REQUEST_TOKEN,
    }


@pytest.fixture(scope="module")
def files(server: Sandbox, tmp_path_factory: pytest.TempPathFactory) -> Files:
    server.reset()
    return Files.write(tmp_path_factory.mktemp("files"), server)


@pytest.fixture(scope="module")
def runs(server: Sandbox, files: Files, shared_ansible: Ansible) -> Runs:
    """Two hosts for each way."""
    hosts = {
        f"{way}, {place}": {f"oauth2_auth_{name}": value for name, value in options(way, server, files).items()}
        for way in WAYS
        for place in PLACES
    }
    return twice(shared_ansible, server, files, hosts, job(server))


@pytest.mark.parametrize("way", WAYS)
def test_every_host_gets_the_same_token_in_every_way(way: str, runs: Runs) -> None:
    """That the lookup and the role have it too is checked in the play."""
    method, client = WAYS[way]
    shown = [each["msg"] for run in _both(runs) for each in _results(run, SHOW, way)]
    assert {one["method"] for one in shown} == {method}
    assert {one["claims"]["azp"] for one in shown} == {client}
    assert len({one["claims"]["jti"] for one in shown}) == 1
    who = {each["json"]["sub"] for run in _both(runs) for each in _results(run, "Ask whose token it is", way)}
    assert who == {f"idp-user-{client[-1]}"}


@pytest.mark.parametrize("way", WAYS)
def test_one_host_asks_and_the_second_run_uses_the_cache(way: str, runs: Runs) -> None:
    sources = [sorted(each["msg"]["source"] for each in _results(run, SHOW, way)) for run in _both(runs)]
    assert sources == [["cache", "issued"], ["cache", "cache"]]


def test_the_provider_is_asked_once_for_each_credential(runs: Runs) -> None:
    for counts in runs.counts:
        assert counts["POST /idp/token"] == len(WAYS)
        assert counts[f"GET {GITHUB}"] == 1


def test_nothing_secret_is_shown(runs: Runs) -> None:
    # Eight keys of three lines, and a token for each way.
    assert len(runs.secrets) > 3 * len(WAYS)
    for run in _both(runs):
        assert [secret for secret in runs.secrets if secret in run.output] == []
        assert "Traceback" not in run.output


def _results(run: Run, task: str, way: str) -> list[t.Any]:
    """Those of both hosts."""
    return [run.of(task, f"{way}, {place}").result for place in PLACES]


def _both(runs: Runs) -> tuple[Run, Run]:
    return runs.first, runs.second


@pytest.fixture(params=["a key", "a token that GitLab gives the job"])
def variables(request: pytest.FixtureRequest, sandbox: Sandbox) -> dict[str, str]:
    place = {"NETAPI_OAUTH2_ISSUER": f"{sandbox.url}/idp", "NETAPI_OAUTH2_API_URL": sandbox.url}
    if request.param == "a key":
        return place | {"NETAPI_OAUTH2_CLIENT_ID": "oa-client-2", "NETAPI_OAUTH2_PRIVATE_KEY": key_of("key")}
    return place | {"NETAPI_OAUTH2_CLIENT_ASSERTION": made_elsewhere("oa-federated-1", sandbox.url)}


def test_the_environment_of_the_controller_serves_as_well(
    variables: dict[str, str], sandbox: Sandbox, tmp_path: Path, ansible: Ansible
) -> None:
    files = Files.write(tmp_path, sandbox)
    runs = twice(ansible, sandbox, files, {place: {} for place in PLACES}, variables)
    told = [run.of(SHOW, place).result["msg"]["source"] for run in _both(runs) for place in PLACES]
    assert sorted(told) == ["cache", "cache", "cache", "issued"]
    assert runs.counts[1]["POST /idp/token"] == 1
    given = variables.get("NETAPI_OAUTH2_CLIENT_ASSERTION", key_of("key").splitlines()[1])
    assert [one for one in (given, *runs.secrets) if one in runs.first.output + runs.second.output] == []
