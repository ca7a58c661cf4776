# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example for a shell is pasted into a terminal as it stands, or the table says who runs it and why."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.integration.targets.examples import galaxy as stand_in
from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Outcome, inventory
from ansible_collections.netapi.auth.tests.support.records import files_below, hidden, owner, sent, shown
from ansible_collections.netapi.auth.tests.support.redis_server import HOST, RedisServer
from ansible_collections.netapi.auth.tests.support.runner import PROJECT, ROOT, libraries, tarball
from ansible_collections.netapi.auth.tests.support.terminal import Answer
from ansible_collections.netapi.auth.tests.tools.examples import Example, found

README = "README.md"
CACHES = "docs/docsite/rst/guide_caches.rst"
DOCTOR = "docs/docsite/rst/guide_doctor.rst"
FIRST_TOKEN = "docs/docsite/rst/guide_first_token.rst"
AD_HOC = "docs/docsite/rst/guide_ad_hoc.rst"
CALLING = "docs/docsite/rst/guide_calling_an_api.rst"
FRESH = "docs/docsite/rst/guide_fresh_headers.rst"
# What is not run here: who runs it as it stands.
ELSEWHERE = {
    "make demo": "`make lint` in a clone, once for all cores: the demo has a core of its own",
    "make sandbox": "`make lint`, with it",
    "make test": "whoever runs this test: it is a part of it",
}
SAID = "Say what was obtained"
TENANTS = ("inventory.yml", "tenants.yml")


def is_elsewhere(example: Example) -> bool:
    # test_provider.py and the target awx_first_job run their guides as a whole.
    if example.page == guide.PROVIDER or (example.page, example.language) == (guide.AWX, "bash"):
        return True
    return example.text.rstrip() in ELSEWHERE


# A picture has the language `text`.
OTHERS = [each for each in found(ROOT) if each.language not in ("yaml", "yaml+jinja", "text")]
HERE = [each for each in OTHERS if not is_elsewhere(each)]


def blocks(page: str) -> list[str]:
    return [each.text for each in HERE if each.page == page and each.language in ("bash", "console")]


def services(outcomes: tuple[Outcome, ...]) -> list[list[str]]:
    """Those of each run that was shown to have obtained a token."""
    said = [each.result["results"] for each in outcomes if each.task == SAID]
    return [[item["msg"]["service"] for item in each] for each in said]


@pytest.fixture(scope="session")
def galaxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of its API."""
    with stand_in.galaxy(tarball(tmp_path_factory.mktemp("galaxy"))) as server:
        yield f"{server.url}{stand_in.ROOT}"


def reader(home: Path, galaxy: str) -> dict[str, str]:
    """The environment of somebody who installs the collection."""
    return {
        "ANSIBLE_GALAXY_SERVER": galaxy,
        "ANSIBLE_COLLECTIONS_PATH": str(home / "collections"),
        "PYTHONPATH": libraries(os.environ.get("PYTHONPATH", "")),
    }


def addresses_of(real: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in real.items() if name.endswith("_URL") or name == "NF_ENVIRONMENT"}


def test_none_is_left_out() -> None:
    assert {each.page for each in HERE} == {
        *(README, AD_HOC, CACHES, CALLING, DOCTOR, FIRST_TOKEN),
        *(guide.HANDING_ON, guide.AWX),
    }
    assert {each.page for each in HERE if each.language == "ini"} == {CACHES}
    assert {each.language for each in HERE} == {"bash", "console", "ini"}


@pytest.mark.parametrize("commands", ELSEWHERE)
def test_the_table_has_nothing_that_is_in_no_page(commands: str) -> None:
    assert [each.place for each in OTHERS if each.text.rstrip() == commands]


def test_those_of_the_readme(sandbox: Sandbox, ansible: Ansible, galaxy: str) -> None:
    real = exports(sandbox.url)
    secrets = tenants(ansible.home, README, {"berlin": sandbox, "paris": sandbox})
    run = ansible.terminal(
        blocks(README),
        Answer("Client ID of NetFoundry: ", real["NETFOUNDRY_CLIENT_ID"], shown=True),
        Answer("Client secret: ", real["NETFOUNDRY_CLIENT_SECRET"]),
        Answer("NETOSECRET of Netography: ", real["NETOSECRET"]),
        Answer("Personal access token of NetBird: ", real["NB_PAT"]),
        env=addresses_of(real) | reader(ansible.home, galaxy),
    )
    assert run.status == 0, run.output
    assert services(run.outcomes) == [["netbird", "netfoundry", "netography"], ["netbird"]]
    # The tenants ask for one each, and the doctor for one more.
    assert Counter(sandbox.state.grants) == Counter(netfoundry=4, netography=2)
    hidden(run.output, *secrets)
    nowhere(ansible, run.output, real["NETFOUNDRY_CLIENT_SECRET"], real["NETOSECRET"], real["NB_PAT"])


def tenants(home: Path, page: str, sandboxes: dict[str, Sandbox]) -> list[str]:
    """Write the inventory and the playbook of the page, with a sandbox for each tenant, and their secrets, as returned.

    NetFoundry has the same addresses for all who use the same of its environments.
    """
    assert {name: guide.files(page)[name] for name in TENANTS} == {name: guide.files(CALLING)[name] for name in TENANTS}
    secrets: dict[str, str] = {}
    for directory in ("group_vars", "host_vars"):
        (home / directory).mkdir()
    texts = [guide.files(page)[name] for name in TENANTS]
    for number, (name, each) in enumerate(sandboxes.items(), 2):
        secrets |= {
            f"vault_{name}_pat": make_pat(f"sandboxuser{number}"),
            f"vault_{name}_secret": f"{name}-secret-81c2",
        }
        each.add_account(NetFoundryClient(f"{name}-automation", secrets[f"vault_{name}_secret"]))
        urls = {"netfoundry_auth_token_url": f"{each.url}/oauth/token", "netfoundry_auth_api_url": each.url}
        (home / "host_vars" / f"{name}.yml").write_text(json.dumps(urls), encoding="utf-8")
        texts = [text.replace(f"https://netbird.{name}.example.com", each.url) for text in texts]
    (home / "group_vars" / "tenants.yml").write_text(json.dumps(secrets), encoding="utf-8")
    for name, text in zip(TENANTS, texts, strict=True):
        (home / name).write_text(text, encoding="utf-8")
    return list(secrets.values())


def test_those_of_several_tenants_ask_each_at_its_own_address(sandbox: Sandbox, ansible: Ansible) -> None:
    with Sandbox() as other:
        sandboxes = {"berlin": sandbox, "paris": other}
        secrets = tenants(ansible.home, CALLING, sandboxes)
        run = ansible.terminal(blocks(CALLING))
        assert run.status == 0, run.output
        hidden(run.output, *secrets)
        (ansible.home / "headers.yml").write_text(guide.files(FRESH)["headers.yml"], encoding="utf-8")
        ansible.play(str(ansible.home / "headers.yml"), "-i", str(ansible.home / "inventory.yml"))
        for number, (name, each) in enumerate(sandboxes.items(), 2):
            assert [owner(header) for header in sent(each, "/core/v2/networks")] == [f"{name}-automation"]
            assert sent(each, "/api/peers") == [f"Token {make_pat(f'sandboxuser{number}')}"] * 2


def test_those_of_the_doctor(sandbox: Sandbox, ansible: Ansible) -> None:
    hosts = {"hosts": {"one": {"netbird_auth_pat": exports(sandbox.url)["NB_PAT"]}}}
    (ansible.home / "inventory.yml").write_text(json.dumps({"tenants": hosts}), encoding="utf-8")
    run = ansible.terminal(blocks(DOCTOR), env=exports(sandbox.url))
    assert run.status == 0, run.output
    said = [(each.host, [one["provider"] for one in each.result["providers"]]) for each in run.outcomes]
    every = ["netbird", "netfoundry", "netography", "oauth2"]
    assert said == [("localhost", every), ("one", every)]
    hidden(run.output, exports(sandbox.url)["NB_PAT"])


def test_those_of_the_first_token(sandbox: Sandbox, ansible: Ansible, galaxy: str) -> None:
    pat = exports(sandbox.url)["NB_PAT"]
    run = ansible.terminal(
        blocks(FIRST_TOKEN),
        Answer("Personal access token of NetBird: ", pat),
        env={"NETBIRD_API_URL": sandbox.url} | reader(ansible.home, galaxy),
    )
    assert run.status == 0, run.output
    assert services(run.outcomes) == [["netbird"]]
    nowhere(ansible, run.output, pat)


def test_those_of_ad_hoc(sandbox: Sandbox, ansible: Ansible) -> None:
    real = exports(sandbox.url)
    run = ansible.terminal(blocks(AD_HOC), env=real)
    assert run.status == 0, run.output
    # A PAT needs no token; the lookup is another run of Ansible than the task.
    assert Counter(sandbox.state.grants) == Counter(netfoundry=2, netography=1)
    assert [each.path for each in sandbox.state.requests if each.path.startswith("/api/groups")] == ["/api/groups"]
    for text in ("sandbox-peer", "automation", "Command and Control"):
        assert text in run.output
    assert re.search(r'"msg": "20\d\d-\d\d-\d\dT.*Z"', run.output)
    assert "The method for NetFoundry is client_credentials, with" in " ".join(run.output.split())
    nowhere(ansible, run.output, real["NETFOUNDRY_CLIENT_SECRET"], real["NETOSECRET"], real["NB_PAT"])


def nowhere(ansible: Ansible, output: str, *secrets: str) -> None:
    """Fail where the screen or a file of the reader's, such as the history of the shell, has one of them."""
    hidden(output, *secrets)
    assert "exit" in (ansible.home / "history").read_text(encoding="utf-8")
    assert [path for path, content in files_below(ansible.home).items() if shown(secrets, [content])] == []


def test_those_of_the_vault(sandbox: Sandbox, ansible: Ansible) -> None:
    home = ansible.home
    secret = "automation-secret-5d0e"
    password = "a vault password"
    sandbox.add_account(NetFoundryClient("automation", secret))
    netosecret = exports(sandbox.url)["NETOSECRET"]
    guide.write(home, sandbox, "group_vars/all/vars.yml", "both.yml")
    (home / "inventory").mkdir()
    inventory(home / "inventory", {"one": {}, "two": {}})
    editor = home / "editor"
    editor.write_text('#!/bin/sh\nprintf "vault_netosecret: %s\\n" "$TYPED" >"$1"\n', encoding="utf-8")
    editor.chmod(0o700)
    run = ansible.terminal(
        blocks(guide.HANDING_ON),
        Answer("Client secret: ", secret),
        *new_password("encrypt_string", password),
        *new_password("ansible-vault create", password),
        Answer("Vault password: ", password, "--ask-vault-pass"),
        env={**addresses(sandbox), "EDITOR": str(editor), "TYPED": netosecret},
    )
    assert run.status == 0, run.output
    networks = sent(sandbox, "/core/v2/networks")
    tactics = sent(sandbox, "/api/v1/mitre/tactics")
    assert [owner(header) for header in networks] == ["automation"] * 2
    assert [owner(header) for header in tactics] == ["neto-appname-1"] * 2
    nowhere(ansible, run.output, secret, netosecret, password)
    variables = (home / "group_vars/all/vars.yml").read_text(encoding="utf-8")
    added = variables.removeprefix(guide.files(guide.HANDING_ON)["group_vars/all/vars.yml"])
    assert re.fullmatch(r"netfoundry_auth_client_secret: !vault \|\n( +\S+\n)+", added), variables
    assert (home / "group_vars/all/vault.yml").read_text(encoding="utf-8").startswith("$ANSIBLE_VAULT;")


def new_password(block: str, password: str) -> tuple[Answer, Answer]:
    return (
        Answer("New Vault password: ", password, block),
        Answer("Confirm New Vault password: ", password, block),
    )


def test_those_of_the_caches(sandbox: Sandbox, ansible: Ansible, authority: tuple[str, str], tmp_path: Path) -> None:
    (settings,) = (each.text for each in HERE if each.language == "ini")
    (tmp_path / "ansible.cfg").write_text(settings, encoding="utf-8")
    use = "ansible-playbook netapi.auth.doctor -e doctor_providers=netfoundry\n"
    kept = tmp_path / ".cache" / "netapi_auth"
    user = ("user ansible on >password ~* &* +@all",)
    with RedisServer(tmp_path, (*authority, authority[0]), user) as store:
        exported = [each.replace("redis.example.com:6379", f"{HOST}:{store.port}") for each in blocks(CACHES)]
        env = {**exports(sandbox.url), "SSL_CERT_FILE": authority[0]}
        run = ansible.terminal([use, f"ls {kept} | wc -l\n", *exported, use], env=env)
        assert run.status == 0, run.output
        assert [one for one in store.contents() if one.startswith(b"netapi_auth:")]
    assert sandbox.state.grants["netfoundry"] == 2
    assert len(list(kept.iterdir())) > 1


def test_those_of_the_execution_environment(ansible: Ansible) -> None:
    (command,) = blocks(guide.AWX)
    shutil.copy(PROJECT.parent / "execution-environment.yml", ansible.home)
    # In place of the program that makes an image, which wants a registry.
    podman = ansible.home / "bin" / "podman"
    podman.parent.mkdir()
    podman.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{ansible.home}/podman.txt\n', encoding="utf-8")
    podman.chmod(0o700)
    run = ansible.terminal([command])
    assert run.status == 0, run.output
    words = (ansible.home / "podman.txt").read_text(encoding="utf-8").split()
    assert (words[0], words[words.index("-t") + 1]) == ("build", "automation-with-netapi-auth")
    assert Path(ansible.home, words[words.index("-f") + 1]).is_file()
