# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which account acts: at -v once a run for each credential, and at the end of a refusal."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.tasks import OURS, THEIRS, Task, playbook

PAT = make_pat("sandboxuser1")
OTHER = make_pat("sandboxuser2")
UNKNOWN = make_pat("nobodysuser9")
USERS = "/api/users/current"
NETWORKS = "/core/v2/networks"
BY_ENVIRONMENT = (
    "The method for NetFoundry is client_credentials, with client_secret from the environment variable "
    "NETFOUNDRY_CLIENT_SECRET, client_id from the environment variable NETFOUNDRY_CLIENT_ID, environment from the "
    "environment variable NF_ENVIRONMENT, token_url from the environment variable NETFOUNDRY_OAUTH_URL, api_url from "
    "the environment variable NETFOUNDRY_API_URL."
)
BY_VARIABLE = (
    "The method for NetBird is pat, with pat from the variable netbird_auth_pat, api_url from the environment variable "
    "NETBIRD_API_URL."
)


def play(
    ansible: Ansible,
    where: Path,
    tasks: list[Task],
    env: dict[str, str],
    *arguments: str,
    hosts: dict[str, dict[str, str]] | None = None,
    **keywords: t.Any,
) -> Run:
    path = playbook(where, tasks, hosts="all", **keywords)
    return ansible.play(path, "-i", inventory(where, hosts or {"localhost": {}}), *arguments, env=env, succeeds=None)


def count(run: Run, sentence: str) -> int:
    return "".join(run.output.split()).count("".join(sentence.split()))


ASKING: list[Task] = [
    {"name": "By a task", "netapi.auth.netfoundry_token": {"set_facts": False}, "loop": [1, 2]},
    {"name": "By a lookup", "ansible.builtin.debug": {"msg": "{{ lookup('netapi.auth.netfoundry_token', 'source') }}"}},
    {"name": "By uri", OURS: {"auth": "netfoundry", "url": NETWORKS}},
]


@pytest.mark.parametrize("cache", ["run", "none"])
def test_it_is_said_once_a_run_for_each_credential(
    cache: str, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    hosts: dict[str, dict[str, str]] = {"one": {}, "two": {}, "three": {}}
    env = environment(sandbox) | {"NETAPI_AUTH_CACHE": cache}
    run = play(ansible, tmp_path, ASKING, env, "-v", hosts=hosts)
    assert run.status == 0, run.output
    assert count(run, BY_ENVIRONMENT) == 1
    hidden(run.output, "nf-secret-1")


def test_another_credential_from_the_same_place_is_said_too(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    hosts = {"one": {"netbird_auth_pat": PAT}, "two": {"netbird_auth_pat": OTHER}, "three": {"netbird_auth_pat": PAT}}
    tasks: list[Task] = [{"name": "Ask", "netapi.auth.netbird_auth": {"whoami": True, "set_facts": False}}]
    run = play(ansible, tmp_path, tasks, addresses(sandbox), "-v", hosts=hosts)
    assert run.status == 0, run.output
    assert count(run, BY_VARIABLE) == 2
    hidden(run.output, PAT, OTHER)


def test_without_v_it_is_not_said(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    run = play(ansible, tmp_path, ASKING, environment(sandbox))
    assert run.status == 0, run.output
    assert "The method for" not in run.output


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_refused_token_request_ends_with_it_at_the_second_try_too(
    status: int, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault("/oauth/token", method="POST", status=status, body="{}")
    tasks: list[Task] = [
        {"name": "By a task", "netapi.auth.netfoundry_token": {"set_facts": False}, "ignore_errors": True},
        {**ASKING[1], "ignore_errors": True},
        {**ASKING[2], "ignore_errors": True},
    ]
    run = play(ansible, tmp_path, tasks, environment(sandbox))
    for name in ("By a task", "By a lookup", "By uri"):
        assert BY_ENVIRONMENT in run.of(name).message, run.output
        assert run.of(name).message.count("The method for") == 1


def test_another_fault_does_not_end_with_it(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault("/oauth/token", method="POST", status=404, body="{}")
    run = play(ansible, tmp_path, [{**ASKING[2], "ignore_errors": True}], environment(sandbox))
    assert run.of("By uri").status == "failed"
    assert "The method for" not in run.output


@pytest.mark.parametrize("status", [401, 403])
def test_a_refused_who_am_i_ends_with_it(status: int, ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault(USERS, status=status, body="{}")
    task: Task = {"name": "Ask", "netapi.auth.netbird_auth": {"whoami": True}, "ignore_errors": True}
    run = play(ansible, tmp_path, [task], addresses(sandbox), hosts={"localhost": {"netbird_auth_pat": PAT}})
    assert run.of("Ask").message.endswith(BY_VARIABLE)


def refused(ansible: Ansible, sandbox: Sandbox, where: Path, pat: str, **said: t.Any) -> Run:
    """The same request by both, with one warning at most."""
    task: Task = {"name": "Ours", OURS: {"auth": "netbird", "url": USERS, **said}, "ignore_errors": True}
    headers = {"Authorization": f"Token {pat}"}
    plain: Task = {
        "name": "Theirs",
        THEIRS: {**said, "url": sandbox.url + USERS, "headers": headers},
        "ignore_errors": True,
    }
    run = play(ansible, where, [task, plain], addresses(sandbox), hosts={"localhost": {"netbird_auth_pat": pat}})
    assert run.of("Ours").result.get("msg") == run.of("Theirs").result.get("msg")
    return run


JSON = "application/json"
HTML = "text/html"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, '{"message": "token invalid"}', JSON),
        (401, '{"message": "a: no valid authentication provided"}', JSON),
        (401, "<html>Sign in</html>", HTML),
        (403, "{}", JSON),
        (403, '{"message": "user is blocked"}', JSON),
        (404, '{"message": "invalid token: x"}', JSON),
    ],
)
def test_a_refused_request_is_one_warning_with_what_who_am_i_says_to_do(
    status: int, body: str, kind: str, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault(USERS, status=status, body=body, headers={"Content-Type": kind})
    run = refused(ansible, sandbox, tmp_path, PAT)
    task: Task = {"name": "Who", "netapi.auth.netbird_auth": {"whoami": True}, "ignore_errors": True}
    asked = play(ansible, tmp_path, [task], addresses(sandbox), hosts={"localhost": {"netbird_auth_pat": PAT}})
    said, _by, account = asked.of("Who").message.partition(" The method for ")
    advice = said.partition(f"status {status}")[2].partition(". ")[2]
    assert f"{_by}{account}".strip() in ("", BY_VARIABLE)
    assert advice
    assert count(run, f"netapi.auth.uri: NetBird answered {status}. {advice} {BY_VARIABLE}") == 1, run.output
    assert count(run, "[WARNING]: netapi.auth.uri") == 1


@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_elsewhere_names_the_address_of_the_request(
    status: int, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault(USERS, status=status, body="{}")
    there = sandbox.url.replace("127.0.0.1", "localhost")
    task: Task = {"name": "Ours", OURS: {"auth": "netbird", "url": f"{there}{USERS}", "auth_hosts": [there]}}
    run = play(ansible, tmp_path, [task], addresses(sandbox), hosts={"localhost": {"netbird_auth_pat": PAT}})
    assert run.says(f" and {'url' if status == 401 else 'that it is of the account at url'}. {BY_VARIABLE}")


def test_a_deleted_token_is_one_warning_for_all_hosts(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    hosts = {name: {"netbird_auth_pat": UNKNOWN} for name in ("one", "two", "three")}
    task: Task = {"name": "Ours", OURS: {"auth": "netbird", "url": USERS}, "loop": [1, 2], "ignore_errors": True}
    run = play(ansible, tmp_path, [task], addresses(sandbox), hosts=hosts)
    assert count(run, "netapi.auth.uri: NetBird answered 404. There the personal access token was deleted") == 1
    assert count(run, BY_VARIABLE) == 1, run.output


@pytest.mark.parametrize(
    ("status", "said"), [(404, {}), (401, {"status_code": [200, 401]}), (500, {}), (403, {"status_code": 403})]
)
def test_any_other_answer_is_none(
    status: int, said: dict[str, t.Any], ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault(
        USERS, status=status, body='{"message": "no such group"}', headers={"Content-Type": "application/json"}
    )
    assert "The method for" not in refused(ansible, sandbox, tmp_path, PAT, **said).output


def test_two_refused_tokens_are_one_warning(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault(NETWORKS, status=401, body="{}")
    tasks: list[Task] = [{**ASKING[2], "name": f"Ask {number}", "ignore_errors": True} for number in (1, 2)]
    run = play(ansible, tmp_path, tasks, environment(sandbox))
    remedy = "Check the token and the credential that it came from, and api_url."
    assert count(run, f"NetFoundry answered 401. {remedy} {BY_ENVIRONMENT}") == 1
    assert count(run, BY_ENVIRONMENT) == 2
    assert run.says(f"once the cause is mended. {remedy} {BY_ENVIRONMENT}")
