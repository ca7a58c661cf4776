# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ways that the core has of its own: arguments as text, with_ in place of loop, and how deep results go."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, sent
from ansible_collections.netapi.auth.tests.support.tasks import OURS, THEIRS, Task, playbook, plays

PAT = make_pat("sandboxuser1")
USERS = "/api/users/current"
LOOKUP = "netapi.auth.netbird_auth"
# JSON in quotes and without blanks, Python, and a template.
TEXTS = (
    f'auth_options=\'{{"pat": "{PAT}", "timeout": 20}}\'',
    f'auth_options={{"pat":"{PAT}"}}',
    f"auth_options=\"{{'pat': '{PAT}', 'validate_certs': True}}\"",
    f'auth_options={{{{ {{"pat": "{PAT}"}} }}}}',
)


def test_options_are_taken_as_text(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    tasks: list[Task] = [{OURS: f"auth=netbird url={USERS} {said}"} for said in TEXTS]
    said = json.dumps({"auth": "netbird", "url": USERS, "auth_options": {"pat": PAT}})
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, tasks), "-i", listing, "-vvv", env=addresses(sandbox))
    done = ansible.command("adhoc", "localhost", "-vvv", "-m", OURS, "-a", said, env=addresses(sandbox))
    assert done.status == 0, done.output
    assert sent(sandbox, USERS) == [f"Token {PAT}"] * 5, run.output


def test_with_takes_the_lookup_and_the_argument_of_the_core_is_taken(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    looped: Task = {
        "name": "Say",
        "ansible.builtin.debug": {"msg": "{{ item.Authorization | length }}"},
        f"with_{LOOKUP}": ["headers", "headers"],
        "vars": {"netbird_auth_pat": PAT},
        "loop_control": {"label": "one"},
    }
    said = f"lookup('{LOOKUP}', 'token_type', 'method', wantlist=true, pat='{PAT}')"
    wanted: Task = {"name": "Want", "ansible.builtin.debug": {"msg": f"{{{{ {said} | join(' ') }}}}"}}
    listing = inventory(tmp_path, {"localhost": {}})
    run = ansible.play(playbook(tmp_path, [looped, looped, wanted]), "-i", listing, env=addresses(sandbox))
    lengths = [one.result["results"] for one in run.outcomes if one.task == "Say"]
    assert [[int(item["msg"]) for item in items] for items in lengths] == [[len(f"Token {PAT}")] * 2] * 2
    assert run.of("Want").message == "Token pat"


def nested(levels: int) -> str:
    """A JWT with a claim of so many levels beside others."""
    deep = '{"a":' * levels + "1" + "}" * levels
    payload = f'{{"sub": "someone", "exp": 4102444800, "flat": {{"b": [1]}}, "deep": {deep}}}'
    parts = [base64.urlsafe_b64encode(each.encode()).decode().rstrip("=") for each in ('{"alg":"none"}', payload, "x")]
    return ".".join(parts)


KEPT = {50: True, 51: False, 900: False}
CLAIMS = f"{{{{ lookup('{LOOKUP}', 'claims') }}}}"
GIVEN: list[Task] = [
    {"name": "Ask", LOOKUP: {"set_facts": False}, "register": "result"},
    {"name": "By a task", "ansible.builtin.debug": {"msg": "{{ result.claims }}"}},
    {"name": "By a lookup", "ansible.builtin.debug": {"msg": CLAIMS}},
    {"name": "Keep it", "ansible.builtin.set_fact": {"kept": CLAIMS}, "loop": [1, 2]},
    {"name": "Print it", "ansible.builtin.debug": {"msg": "{{ kept | to_json | from_json }}"}},
    {"name": "Facts", LOOKUP: {}},
    {"name": "Use it", OURS: {"auth": "netbird", "url": "/api/peers", "status_code": 401}},
]
ISSUED = "'claims.sub', 'source', client_id='one', client_secret='the-secret-of-one'"
DEPTH: Task = {"ansible.builtin.debug": {"msg": "{{ result.json.a.a.a | length }} {{ result.status }}"}}
ASKED: list[Task] = [
    *(
        {
            "name": f"Ask {number}",
            "ansible.builtin.debug": {"msg": f"{{{{ lookup('netapi.auth.netfoundry_token', {ISSUED}) }}}}"},
        }
        for number in (1, 2)
    ),
    {"name": "Ours", OURS: {"auth": "netbird", "url": "/deep"}, "register": "result"},
    {"name": "Say ours", **DEPTH},
    {"name": "Theirs", THEIRS: {"url": "{{ origin }}/deep"}, "register": "result"},
    {"name": "Say theirs", **DEPTH},
    {"name": "Who", LOOKUP: {"whoami": True, "set_facts": False}, "register": "result"},
    {"name": "Say who", "ansible.builtin.debug": {"msg": "{{ result.identity }}"}},
]


@pytest.fixture(scope="module")
def deep(server: Sandbox, shared_ansible: Ansible) -> Run:
    """Hosts with such a token, and one whose services answer so."""
    server.reset()
    whole = '{"a":' * 500 + "1" + "}" * 500
    issued = json.dumps({"access_token": nested(500), "expires_in": 3600})
    server.fault("/oauth/token", method="POST", body=issued, times=1)
    server.fault("/deep", body='{"a":' * 200 + f'"{PAT}"' + "}" * 200, content_type="application/json")
    server.fault(USERS, body=f'{{"id": "someone", "deep": {whole}}}', content_type="application/json")
    hosts = {f"given-{levels}": {"netbird_auth_token": nested(levels)} for levels in KEPT}
    hosts["asks"] = {"netbird_auth_pat": PAT}
    book = plays(shared_ansible.home, {"hosts": "given-*", "tasks": GIVEN}, {"hosts": "asks", "tasks": ASKED})
    listing = inventory(shared_ansible.home, hosts, origin=server.url)
    run = shared_ansible.play(book, "-i", listing, "-vvv", env=addresses(server), succeeds=None)
    hidden(run.output, *(nested(levels) for levels in KEPT))
    return run


@pytest.mark.parametrize("levels", KEPT)
def test_what_is_nested_deeply_is_left_out_of_the_claims(levels: int, deep: Run) -> None:
    for name in ("By a task", "By a lookup", "Print it"):
        claims = deep.of(name, f"given-{levels}").result["msg"]
        assert {**claims, "deep": None} == {"sub": "someone", "exp": 4102444800, "flat": {"b": [1]}, "deep": None}
        assert ("deep" in claims) is KEPT[levels]
    assert deep.of("Use it", f"given-{levels}").status == "ok"


def test_a_token_of_a_service_with_such_claims_is_kept(deep: Run) -> None:
    assert [deep.of(f"Ask {number}", "asks").message for number in (1, 2)] == ["someone,issued", "someone,cache"]


def test_an_answer_that_is_nested_deeply_is_that_of_the_original(deep: Run) -> None:
    assert deep.of("Say ours", "asks").message == deep.of("Say theirs", "asks").message == "1 200", deep.output


def test_an_identity_that_is_nested_deeply_is_shown_without_that(deep: Run) -> None:
    assert deep.of("Say who", "asks").result["msg"] == {"id": "someone"}
