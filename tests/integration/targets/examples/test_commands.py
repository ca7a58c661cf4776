# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Every example for a shell is run as it stands, page by page, or the table says where it is or why it is not."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Outcome
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.redis_server import HOST, RedisServer
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.examples import Example, found

README, CACHES = "README.md", "docs/docsite/rst/guide_caches.rst"
FIRST_TOKEN = "docs/docsite/rst/guide_first_token.rst"
# What is not run here: who runs it, or as much of it as can be run.
ELSEWHERE = {
    "make demo": "the jobs `release` and `bare package` of `make lint`",
    "make sandbox": "tests/unit/sandbox/test_start.py, which starts the same program",
    "make test": "this is a part of it",
    "ansible-galaxy collection install netapi.auth\npip install requests PyJWT jmespath": "the job `release`",
    "ansible-builder build --file execution-environment.yml --tag automation-with-netapi-auth": (
        "tests/unit/plugins/test_execution_environment.py, which makes no image"
    ),
    "ansible-vault encrypt_string --prompt --name netfoundry_auth_client_secret >> group_vars/all/vars.yml": (
        "the target places, without the question"
    ),
    "ansible-vault create group_vars/all/vault.yml": "the target places, without an editor",
}
SAID = "Say what was obtained"


def is_elsewhere(example: Example) -> bool:
    # The target awx_first_job runs what its guide has for bash. test_provider_of_the_guide.py runs the provider that is
    # made up, without its lookup and its task.
    if example.page == guide.PROVIDER or (example.page, example.language) == (guide.AWX, "bash"):
        return True
    return example.text.rstrip() in ELSEWHERE


# A picture has the language `text`.
OTHERS = [each for each in found(ROOT) if each.language not in ("yaml", "yaml+jinja", "text")]
HERE = [each for each in OTHERS if not is_elsewhere(each)]


def script(page: str) -> str:
    return "".join(each.text for each in HERE if each.page == page and each.language in ("bash", "console"))


def services(outcomes: tuple[Outcome, ...]) -> list[list[str]]:
    """Those of each run that was shown to have obtained a token."""
    said = [each.result["results"] for each in outcomes if each.task == SAID]
    return [[item["msg"]["service"] for item in each] for each in said]


def test_none_is_left_out() -> None:
    assert {each.page for each in HERE} == {README, CACHES, FIRST_TOKEN}
    assert {each.page for each in HERE if each.language == "ini"} == {CACHES}
    assert {each.language for each in HERE} == {"bash", "console", "ini"}


@pytest.mark.parametrize("commands", ELSEWHERE)
def test_the_table_has_nothing_that_is_in_no_page(commands: str) -> None:
    assert [each.place for each in OTHERS if each.text.rstrip() == commands]


def test_those_of_the_readme(sandbox: Sandbox, ansible: Ansible) -> None:
    real = exports(sandbox.url)
    addresses = {name: text for name, text in real.items() if name.endswith("_URL") or name == "NF_ENVIRONMENT"}
    filled = re.sub(r"(\w+)=\.\.\.", lambda match: f"{match[1]}={shlex.quote(real[match[1]])}", script(README))
    run = ansible.shell(filled, env=addresses)
    assert run.status == 0, run.output
    assert services(run.outcomes) == [["netbird", "netfoundry", "netography"], ["netbird"]]
    assert sandbox.state.grants == {"netfoundry": 1, "netography": 1, "netbird": 0}
    hidden(run.output, *(text for name, text in real.items() if name not in addresses))


def test_those_of_the_first_token(sandbox: Sandbox, ansible: Ansible) -> None:
    real = exports(sandbox.url)
    run = ansible.shell(script(FIRST_TOKEN), f"{real['NB_PAT']}\n", env={"NETBIRD_API_URL": sandbox.url})
    assert run.status == 0, run.output
    assert services(run.outcomes) == [["netbird"]]
    hidden(run.output, real["NB_PAT"])


def test_those_of_the_caches(sandbox: Sandbox, ansible: Ansible, authority: tuple[str, str], tmp_path: Path) -> None:
    (settings,) = (each.text for each in HERE if each.language == "ini")
    (tmp_path / "ansible.cfg").write_text(settings, encoding="utf-8")
    use = "ansible-playbook netapi.auth.whoami -e whoami_services=netfoundry\n"
    kept = tmp_path / ".cache" / "netapi_auth"
    user = ("user ansible on >password ~* &* +@all",)
    with RedisServer(tmp_path, (*authority, authority[0]), user) as store:
        exported = script(CACHES).replace("redis.example.com:6379", f"{HOST}:{store.port}")
        env = {**exports(sandbox.url), "SSL_CERT_FILE": authority[0]}
        run = ansible.shell(f"{use}ls {kept} | wc -l\n{exported}{use}", env=env)
        assert run.status == 0, run.output
        assert [one for one in store.contents() if one.startswith(b"netapi_auth:")]
    assert sandbox.state.grants["netfoundry"] == 2
    assert len(list(kept.iterdir())) > 1
