# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways that the core has of its own: commands without a playbook, with_ in place of loop, and how deep results go."""

from __future__ import annotations

import base64
import json
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, sent
from ansible_collections.netapi.auth.tests.support.tasks import OURS, THEIRS, Task, playbook

PAT = make_pat("sandboxuser1")
USERS = "/api/users/current"
LOOKUP = "netapi.auth.netbird_auth"


@pytest.mark.parametrize(
    "said",
    [
        pytest.param(f'auth_options=\'{{\\"pat\\": \\"{PAT}\\", \\"timeout\\": 20}}\'', id="JSON in quotes"),
        pytest.param(f'auth_options={{\\"pat\\":\\"{PAT}\\"}}', id="JSON without blanks"),
        pytest.param(f"auth_options=\\\"{{'pat': '{PAT}', 'validate_certs': True}}\\\"", id="Python"),
        pytest.param(f'auth_options={{{{ {{\\"pat\\": \\"{PAT}\\"}} }}}}', id="a template"),
    ],
)
def test_options_are_taken_as_text(said: str, ansible: Ansible, sandbox: Sandbox) -> None:
    command = f'ansible localhost -vvv -m {OURS} -a "auth=netbird url={USERS} {said}"'
    run = ansible.shell(command, env=addresses(sandbox))
    assert sent(sandbox, USERS) == [f"Token {PAT}"], run.output


def test_options_are_taken_as_json_arguments(ansible: Ansible, sandbox: Sandbox) -> None:
    said = json.dumps({"auth": "netbird", "url": USERS, "auth_options": {"pat": PAT}})
    run = ansible.shell(f"ansible localhost -vvv -m {OURS} -a '{said}'", env=addresses(sandbox))
    assert sent(sandbox, USERS) == [f"Token {PAT}"], run.output


@pytest.mark.parametrize("said", ["{'pat': 1", "[]", "pat", "{'pat'}"])
def test_any_other_text_is_refused(said: str, ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    task: Task = {"name": "Read", OURS: {"auth": "netbird", "url": USERS, "auth_options": said}}
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, [task]), "-i", listing, env=addresses(sandbox), succeeds=False)
    assert run.of("Read").message == f"auth_options must be a dictionary of options of {LOOKUP}. Correct it."


def test_with_takes_the_lookup(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    task: Task = {
        "name": "Say",
        "ansible.builtin.debug": {"msg": "{{ item.Authorization | length }}"},
        f"with_{LOOKUP}": ["headers", "headers"],
        "vars": {"netbird_auth_pat": PAT},
        "loop_control": {"label": "one"},
    }
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, [task, task]), "-i", listing, env=addresses(sandbox))
    said = [one.result["results"] for one in run.outcomes if one.task == "Say"]
    assert [[int(item["msg"]) for item in items] for items in said] == [[len(f"Token {PAT}")] * 2] * 2


def test_the_argument_of_the_core_is_taken(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    said = f"lookup('{LOOKUP}', 'token_type', 'method', wantlist=true, pat='{PAT}')"
    task: Task = {"name": "Say", "ansible.builtin.debug": {"msg": f"{{{{ {said} | join(' ') }}}}"}}
    run = ansible.play(playbook(tmp_path, [task]), "-i", inventory(tmp_path, {"localhost": {}}), env=addresses(sandbox))
    assert run.of("Say").message == "Token pat"


def nested(levels: int) -> str:
    """A JWT with a claim of so many levels beside others."""
    deep = '{"a":' * levels + "1" + "}" * levels
    payload = f'{{"sub": "someone", "exp": 4102444800, "flat": {{"b": [1]}}, "deep": {deep}}}'
    parts = [base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in ('{"alg":"none"}', payload, "x")]
    return ".".join(parts)


@pytest.mark.parametrize(("levels", "kept"), [(50, True), (51, False), (500, False), (900, False)])
def test_what_is_nested_deeply_is_left_out_of_the_claims(
    levels: int, kept: bool, ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    by_lookup = f"{{{{ lookup('{LOOKUP}', 'claims') }}}}"
    tasks: list[Task] = [
        {"name": "Ask", LOOKUP: {"set_facts": False}, "register": "result"},
        {"name": "By a task", "ansible.builtin.debug": {"msg": "{{ result.claims }}"}},
        {"name": "By a lookup", "ansible.builtin.debug": {"msg": by_lookup}},
        {"name": "Keep it", "ansible.builtin.set_fact": {"kept": by_lookup}, "loop": [1, 2]},
        {"name": "Print it", "ansible.builtin.debug": {"msg": "{{ kept | to_json | from_json }}"}},
        {"name": "Facts", LOOKUP: {}},
        {"name": "Use it", OURS: {"auth": "netbird", "url": "/api/peers", "status_code": 401}},
    ]
    listing = inventory(tmp_path, {"localhost": {"netbird_auth_token": nested(levels)}})
    run = ansible.play(playbook(tmp_path, tasks), "-i", listing, "-vvv", env=addresses(sandbox))
    for name in ("By a task", "By a lookup", "Print it"):
        claims: dict[str, t.Any] = run.of(name).result["msg"]
        assert {**claims, "deep": None} == {"sub": "someone", "exp": 4102444800, "flat": {"b": [1]}, "deep": None}
        assert ("deep" in claims) is kept
    hidden(run.output, nested(levels))


def test_a_token_of_a_service_with_such_claims_is_kept(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    body = json.dumps({"access_token": nested(500), "expires_in": 3600})
    sandbox.fault("/oauth/token", method="POST", body=body, times=1)
    asked = "'claims.sub', 'source', client_id='one', client_secret='the-secret-of-one'"
    said = f"{{{{ lookup('netapi.auth.netfoundry_token', {asked}) }}}}"
    tasks: list[Task] = [{"name": f"Ask {number}", "ansible.builtin.debug": {"msg": said}} for number in (1, 2)]
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, tasks), "-i", listing, env=addresses(sandbox))
    assert [run.of(f"Ask {number}").message for number in (1, 2)] == ["someone,issued", "someone,cache"]


def test_an_answer_that_is_nested_deeply_is_that_of_the_original(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    sandbox.fault("/deep", body='{"a":' * 200 + f'"{PAT}"' + "}" * 200, content_type="application/json")
    shown: Task = {"ansible.builtin.debug": {"msg": "{{ result.json.a.a.a | length }} {{ result.status }}"}}
    tasks: list[Task] = [
        {"name": "Ours", OURS: {"auth": "netbird", "url": "/deep"}, "register": "result"},
        {"name": "Say ours", **shown},
        {"name": "Theirs", THEIRS: {"url": f"{sandbox.url}/deep"}, "register": "result"},
        {"name": "Say theirs", **shown},
    ]
    listing = inventory(tmp_path, {"localhost": {"netbird_auth_pat": PAT}})
    run = ansible.play(playbook(tmp_path, tasks), "-i", listing, env=addresses(sandbox), succeeds=None)
    assert run.of("Say ours").message == run.of("Say theirs").message == "1 200", run.output


def test_an_identity_that_is_nested_deeply_is_shown_without_that(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    deep = '{"a":' * 500 + "1" + "}" * 500
    sandbox.fault(USERS, body=f'{{"id": "someone", "deep": {deep}}}', content_type="application/json")
    tasks: list[Task] = [
        {"name": "Ask", LOOKUP: {"whoami": True, "set_facts": False, "pat": PAT}, "register": "result"},
        {"name": "Say", "ansible.builtin.debug": {"msg": "{{ result.identity }}"}},
    ]
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, tasks), "-i", listing, env=addresses(sandbox))
    assert run.of("Say").result["msg"] == {"id": "someone"}
