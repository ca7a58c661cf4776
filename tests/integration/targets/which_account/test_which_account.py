# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which account acts: at -v once a run for each credential, and at the end of a refusal."""

from __future__ import annotations

import typing as t
from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import addresses, environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook

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
JSON = "application/json"


def play(ansible: Ansible, where: Path, tasks: list[Task], env: dict[str, str], *arguments: str, **pats: str) -> Run:
    """The tasks, each of which may fail, on these hosts with their access tokens, or on one without."""
    hosts = {host: {"netbird_auth_pat": pat} if pat else {} for host, pat in (pats or {"localhost": ""}).items()}
    book = playbook(where, [{**task, "ignore_errors": True} for task in tasks], hosts="all")
    return ansible.play(book, "-i", inventory(where, hosts), *arguments, env=env)


def count(run: Run, sentence: str) -> int:
    return "".join(run.output.split()).count("".join(sentence.split()))


ASKING: list[Task] = [
    {"name": "By a task", "netapi.auth.netfoundry_token": {"set_facts": False}},
    {"name": "By a lookup", "ansible.builtin.debug": {"msg": "{{ lookup('netapi.auth.netfoundry_token', 'source') }}"}},
    {"name": "By uri", OURS: {"auth": "netfoundry", "url": NETWORKS}},
]
WHO: Task = {"name": "Who", "netapi.auth.netbird_auth": {"whoami": True, "set_facts": False}}


def test_it_is_said_once_a_run_for_each_credential(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    env = environment(sandbox) | {"NETFOUNDRY_AUTH_CACHE": "none"}
    run = play(ansible, tmp_path, [*ASKING, WHO], env, "-v", one=PAT, two=OTHER, three=PAT)
    assert {one.status for one in run.outcomes} == {"ok"}, run.output
    assert count(run, BY_ENVIRONMENT) == 1
    assert count(run, BY_VARIABLE) == 2
    hidden(run.output, "nf-secret-1", PAT, OTHER)


def test_a_refused_token_request_ends_with_it_at_the_second_try_too_and_another_fault_does_not(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    for status in (400, 401, 403):
        sandbox.fault("/oauth/token", method="POST", status=status, body="{}", times=1)
    sandbox.fault("/oauth/token", method="POST", status=404, body="{}")
    run = play(ansible, tmp_path, [*ASKING, {**ASKING[0], "name": "Nowhere"}], environment(sandbox))
    for task in ASKING:
        assert BY_ENVIRONMENT in run.of(task["name"]).message, run.output
        assert run.of(task["name"]).message.count("The method for") == 1
    assert run.of("Nowhere").status == "failed"
    assert "The method for" not in run.of("Nowhere").message


# Status, body and content type of an answer that says that the credential is refused.
REFUSALS = (
    (401, '{"message": "token invalid"}', JSON),
    (401, '{"message": "a: no valid authentication provided"}', JSON),
    (401, "<html>Sign in</html>", "text/html"),
    (403, "{}", JSON),
    (403, '{"message": "user is blocked"}', JSON),
    (404, '{"message": "invalid token: x"}', JSON),
)
# Status, and what the task says of it, of an answer that does not.
OTHERS: tuple[tuple[int, dict[str, t.Any]], ...] = (
    (404, {}),
    (401, {"status_code": [200, 401]}),
    (500, {}),
    (403, {"status_code": 403}),
)


def test_a_refused_request_is_one_warning_with_what_who_am_i_says_to_do_and_any_other_answer_is_none(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    tasks: list[Task] = []
    for number, (status, body, kind) in enumerate(REFUSALS):
        sandbox.fault(USERS, status=status, body=body, headers={"Content-Type": kind}, times=2)
        tasks += [request(f"Ask {number}"), {**WHO, "name": f"Who {number}"}]
    for status, said in OTHERS:
        sandbox.fault(USERS, status=status, body='{"message": "no such group"}', content_type=JSON, times=1)
        tasks.append(request(f"Ask for {status}", **said))
    run = play(ansible, tmp_path, tasks, addresses(sandbox), localhost=PAT)
    warnings = set()
    for number, (status, _body, _kind) in enumerate(REFUSALS):
        words, by, account = run.of(f"Who {number}").message.partition(" The method for ")
        advice = words.partition(f"status {status}")[2].partition(". ")[2]
        assert f"{by}{account}".strip() in ("", BY_VARIABLE)
        assert advice
        warnings.add(f"netapi.auth.uri: NetBird answered {status}. {advice} {BY_VARIABLE}")
    assert {sentence: count(run, sentence) for sentence in warnings} == dict.fromkeys(warnings, 1), run.output
    assert count(run, "[WARNING]: netapi.auth.uri") == len(warnings)


def request(name: str, url: str = USERS, **said: t.Any) -> Task:
    return {"name": name, OURS: {"auth": "netbird", "url": url, **said}}


def test_a_refusal_elsewhere_names_the_address_of_the_request_and_a_deleted_token_is_one_warning_for_all_hosts(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    there = sandbox.url.replace("127.0.0.1", "localhost")
    for status in (401, 403):
        sandbox.fault(f"/{status}", status=status, body="{}")
    tasks = [request(f"{status}", f"{there}/{status}", auth_hosts=[there]) for status in (401, 403)]
    run = play(ansible, tmp_path, [*tasks, request("Deleted")], addresses(sandbox), one=UNKNOWN, two=UNKNOWN)
    for object_ in ("url", "that it is of the account at url"):
        assert run.says(f" and {object_}. {BY_VARIABLE}")
    assert count(run, "netapi.auth.uri: NetBird answered 404. The personal access token in pat, from") == 1
    assert count(run, BY_VARIABLE) == 3, run.output


def test_two_refused_tokens_are_one_warning(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault(NETWORKS, status=401, body="{}")
    tasks: list[Task] = [{**ASKING[2], "name": f"Ask {number}"} for number in (1, 2)]
    run = play(ansible, tmp_path, tasks, environment(sandbox))
    remedy = "Check the token and the credential that it came from, and api_url."
    assert count(run, f"NetFoundry answered 401. {remedy} {BY_ENVIRONMENT}") == 1
    assert count(run, BY_ENVIRONMENT) == 2
    assert run.says(f"once the cause is mended. {remedy} {BY_ENVIRONMENT}")
