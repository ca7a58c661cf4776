# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is replaced in an answer, and that nothing else of it changes."""

from __future__ import annotations

import json
import typing as t
from urllib.parse import quote

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, plays

HIDDEN = "********"
# Secrets that are a letter, a word of every result, a key of the answer below, and a number in it.
SHORT = ["a", "failed"]
LONG = ["permissions", "12345678"]
ANSWER: dict[str, t.Any] = {
    "role": "admin",
    "status": "ok",
    "failed": "a job that failed",
    "changed": True,
    "permissions": {"connection": "all", "s": 8, "a": None},
    "count": 12345678,
    "share": 0.5,
}
# Two tokens that hold what addresses escape; the unit tests have every other form.
FIRST = "first/token+with&<signs>="
SECOND = "other/token+with&<signs>="
# That of the hosts which have none of the above.
SECRET = "secret-93ab51"
TOLD = {"first": FIRST, "second": SECOND, "coded": quote(SECOND, safe="")}


def read(path: str, **keywords: t.Any) -> Task:
    said = {"auth": "netbird", "url": path, "return_content": True}
    return {"name": path, OURS: said, "ignore_errors": True, **keywords}


# What the next task sees. From 2.22 on, callbacks see less: the core hides whatever secret it knows of, in keys too.
SEEN = [
    "answer.json == expected",
    "answer.content == text or netbird_auth_client_secret | length > 7",
    "(answer | string).count(hidden) == 0 or netbird_auth_client_secret | length > 7 or answer.invocation is defined",
    "answer.status == 200",
    "answer is not failed",
    "answer is not changed",
]
TASKS: list[Task] = [
    read("/500"),
    read("/401"),
    read("/answer", register="answer"),
    {"name": "Use it", "ansible.builtin.assert": {"that": SEEN}, "ignore_errors": True},
]


def grants(server: Sandbox, path: str, *tokens: str) -> None:
    """The provider gives these, each once, and the last for ever."""
    for token in tokens:
        times = 1 if token != tokens[-1] else None
        server.fault(path, method="POST", times=times, merge={"access_token": token, "expires_in": 3600}, body="{}")


def variables(server: Sandbox) -> dict[str, str]:
    return {
        "netbird_auth_api_url": server.url,
        "netbird_auth_token_url": f"{server.url}/token",
        "netbird_auth_client_id": "someone",
        "netbird_auth_client_secret": SECRET,
    }


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    """Hosts that differ in their secret, one whose token is refused, and one whose answer holds what is not used."""
    server.reset()
    grants(server, "/token", "token-2f8c51a07b94")
    server.fault("/500", status=500, body=json.dumps(ANSWER))
    server.fault("/401", status=401, body=json.dumps(ANSWER))
    server.fault("/answer", body=json.dumps(ANSWER))
    grants(server, "/refused/token", FIRST, SECOND)
    server.fault("/told", status=401, bearer=FIRST, body="{}")
    server.fault("/told", body=json.dumps(TOLD), headers={"X-Token": FIRST})
    other, cache = "a-token-of-another", "unix:///tmp/no-such-socket-here"
    unused = {"other": other, "used": HIDDEN, "cache": cache, "id": "someone"}
    server.fault("/unused", body=json.dumps({**unused, "used": SECRET}))
    hosts: dict[str, dict[str, t.Any]] = {
        "refused": {"netbird_auth_token_url": f"{server.url}/refused/token"},
        "unused": {"netbird_auth_cache": cache, "expected": unused},
        **{f"host-{secret}": {"netbird_auth_client_secret": secret} for secret in (*SHORT, *LONG)},
    }
    more = {"expected": ANSWER, "text": json.dumps(ANSWER), "hidden": HIDDEN}
    listing = inventory(shared_ansible.home, hosts, **variables(server), **more)
    used = TASKS[-1] | {"ansible.builtin.assert": {"that": "answer.json == expected"}}
    book = plays(
        shared_ansible.home,
        {"name": "all", "hosts": "all:!refused:!unused", "tasks": TASKS},
        {"hosts": "refused", "tasks": [read("/told")]},
        {"hosts": "unused", "tasks": [read("/unused", register="answer"), used]},
    )
    return shared_ansible.play(book, "-i", listing, env={"NETBIRD_AUTH_TOKEN": other})


@pytest.mark.parametrize("secret", [*SHORT, *LONG])
def test_whether_a_call_failed_and_its_status_are_not_changed(secret: str, run: Run) -> None:
    found = [run.of(path, f"host-{secret}") for path in ("/500", "/401", "/answer")]
    assert [one.status for one in found] == ["failed", "failed", "ok"]
    assert [one.result["status"] for one in found] == [500, 401, 200]
    assert [one.result["changed"] for one in found] == [False] * 3


def test_each_401_is_seen(server: Sandbox, run: Run) -> None:
    assert run.outcomes
    assert server.state.counts["GET /401"] == 2 * len([*SHORT, *LONG])


@pytest.mark.parametrize("secret", SHORT)
def test_an_answer_is_the_same_to_the_letter_with_a_short_secret(secret: str, run: Run) -> None:
    assert run.of("Use it", f"host-{secret}").status == "ok"


@pytest.mark.parametrize("secret", LONG)
def test_keys_and_numbers_are_the_same_with_a_long_secret(secret: str, run: Run) -> None:
    assert run.of("Use it", f"host-{secret}").status == "ok"


def test_each_short_secret_is_one_warning(run: Run) -> None:
    """The sentence is the same for all hosts, so the core says it once."""
    assert run.says(
        "netapi.auth.netbird_auth: client_secret, from the variable netbird_auth_client_secret, is shorter than eight"
    )
    assert "".join(run.output.split()).count("isshorterthaneightcharacters") == 1


def test_a_short_secret_is_not_for_the_core_to_replace(run: Run) -> None:
    assert "PLAY [all]" in run.output
    assert "TASK [/answer]" in run.output
    assert "failed=0" in run.output


def test_the_token_is_replaced_and_the_refused_one_too(server: Sandbox, run: Run) -> None:
    result = run.of("/told", "refused").result
    assert result["status"] == 200
    assert server.state.counts["GET /told"] == 2
    assert result["x_token"] == HIDDEN
    assert json.loads(result["content"]) == dict.fromkeys(TOLD, HIDDEN)


def test_a_credential_that_is_not_used_is_part_of_the_answer(run: Run) -> None:
    assert run.of("Use it", "unused").status == "ok"
