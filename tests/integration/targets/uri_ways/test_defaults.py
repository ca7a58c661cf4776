# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults of the action groups hold for netapi.auth.uri too, as if they stood in auth_options."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, plays

FIRST = make_pat("sandboxuser1")
SECOND = make_pat("sandboxuser2")
USERS = "/api/users/current"
ALL, NETBIRD, NETFOUNDRY = (f"group/netapi.auth.{name}" for name in ("all", "netbird", "netfoundry"))


def read(**said: t.Any) -> Task:
    return {"name": "Read", OURS: {"auth": "netbird", "url": USERS, **said}, "ignore_errors": True}


CLIENT = {
    "client_id": "nf-client-2",
    "client_secret": "nf-secret-1",
    "api_url": "{{ origin }}",
    "token_url": "{{ origin }}/oauth/token",
    "environment": "sandbox",
}
USELESS = {"set_facts": False, "state": "absent", "refresh": True, "whoami": "no flag"}
# The defaults of each play, its tasks, and what they send.
CASES: dict[str, tuple[dict[str, t.Any], list[Task], list[str]]] = {
    "the service's group": ({NETBIRD: {"pat": "{{ first }}"}}, [read()], [FIRST]),
    "the group of all": ({ALL: {"pat": "{{ first }}"}}, [read()], [FIRST]),
    "both": ({NETBIRD: {"pat": "{{ first }}"}, ALL: {"pat": "{{ second }}"}}, [read()], [FIRST]),
    "auth_options": ({NETBIRD: {"pat": FIRST}}, [read(auth_options={"pat": SECOND})], [SECOND]),
    "another service": ({NETBIRD: {"pat": "{{ first }}"}, NETFOUNDRY: {"nonsense": 1}}, [read()], [FIRST]),
    "what makes no sense here": ({ALL: USELESS, NETBIRD: {"pat": FIRST}}, [read()], [FIRST]),
    "its own before the group's": (
        {OURS: {"auth_options": {"pat": FIRST}}, NETBIRD: {"pat": SECOND}},
        [read()],
        [FIRST],
    ),
    "a block and a task replace those of the play": (
        {NETBIRD: {"pat": "{{ first }}"}},
        [
            {"module_defaults": {NETBIRD: {"pat": "{{ second }}"}}, "block": [read()]},
            {**read(), "module_defaults": {NETBIRD: {"pat": "{{ second }}"}}, "loop": [1, 2]},
            read(),
        ],
        [SECOND, SECOND, SECOND, FIRST],
    ),
    "each attempt": (
        {NETBIRD: {"pat": "{{ first }}"}},
        [{**read(url="/failing"), "until": "one is not failed", "register": "one", "retries": 2, "delay": 0}],
        [FIRST, FIRST],
    ),
    "an alias in auth_options takes the place of the option": (
        {NETFOUNDRY: CLIENT},
        [read(auth="netfoundry", url="/core/v2/networks", auth_options={"password": "nf-secret-2"})],
        ["nf-client-2"],
    ),
}
REFUSED: dict[str, tuple[t.Any, str]] = {
    "a value": ({"timeout": "soon"}, f"timeout, from {NETBIRD} in module_defaults, has a value that cannot be used"),
    "a name": ({"pta": FIRST}, f"In {NETBIRD} in module_defaults: pta is no option. Did you mean pat?"),
    "no options": ("text", f"{NETBIRD} in module_defaults must be a dictionary of options."),
}


@pytest.fixture(scope="module")
def run(server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    server.fault("/failing", status=503, times=1)
    server.fault("/failing", body="{}")
    book = plays(
        shared_ansible.home,
        *({"name": name, "module_defaults": said, "tasks": tasks} for name, (said, tasks, _sent) in CASES.items()),
        *(
            {"name": name, "module_defaults": {NETBIRD: said}, "tasks": [read()]}
            for name, (said, _dummy) in REFUSED.items()
        ),
    )
    variables = {"origin": server.url, "first": FIRST, "second": SECOND, "netbird_auth_api_url": "{{ origin }}"}
    listing = inventory(shared_ansible.home, {"localhost": variables})
    run = shared_ansible.play(book, "-i", listing, "-vvv")
    hidden(run.output, FIRST, SECOND)
    return run


def test_defaults_stand_below_auth_options_and_hold_for_each_attempt(server: Sandbox, run: Run) -> None:
    headers = [one.headers["authorization"] for one in server.state.requests if one.method == "GET"]
    found = [header.removeprefix("Token ") if "Token" in header else owner(header) for header in headers]
    assert found == [each for _said, _tasks, sent in CASES.values() for each in sent], run.output


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_wrong_with_them_is_said_with_the_group(name: str, run: Run) -> None:
    refused = run.of("Read", play=name)
    assert refused.status == "failed"
    assert REFUSED[name][1] in refused.message
