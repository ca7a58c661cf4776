# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Defaults of the action groups hold for netapi.auth.uri too, as if they stood in auth_options."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import hidden, owner, sent
from ansible_collections.netapi.auth.tests.support.tasks import OURS, Task, playbook

FIRST = make_pat("sandboxuser1")
SECOND = make_pat("sandboxuser2")
USERS = "/api/users/current"
ALL, NETBIRD, NETFOUNDRY = (f"group/netapi.auth.{name}" for name in ("all", "netbird", "netfoundry"))


def read(**said: t.Any) -> Task:
    return {"name": "Read", OURS: {"auth": "netbird", "url": USERS, **said}}


def play(ansible: Ansible, sandbox: Sandbox, where: Path, tasks: list[Task], **keywords: t.Any) -> Run:
    variables = {"origin": sandbox.url, "first": FIRST, "second": SECOND, "netbird_auth_api_url": "{{ origin }}"}
    path = playbook(where, tasks, **keywords)
    run = ansible.play(path, "-i", inventory(where, {"localhost": variables}), "-vvv", succeeds=None)
    hidden(run.output, FIRST, SECOND)
    return run


@pytest.mark.parametrize(
    ("defaults", "said", "used"),
    [
        pytest.param({NETBIRD: {"pat": "{{ first }}"}}, {}, FIRST, id="the service's group"),
        pytest.param({ALL: {"pat": "{{ first }}"}}, {}, FIRST, id="the group of all"),
        pytest.param({NETBIRD: {"pat": "{{ first }}"}, ALL: {"pat": "{{ second }}"}}, {}, FIRST, id="both"),
        pytest.param({NETBIRD: {"pat": FIRST}}, {"auth_options": {"pat": SECOND}}, SECOND, id="auth_options"),
        pytest.param({NETBIRD: {"pat": "{{ first }}"}, NETFOUNDRY: {"nonsense": 1}}, {}, FIRST, id="another service"),
        pytest.param(
            {
                ALL: {"set_facts": False, "state": "absent", "refresh": True, "whoami": "no flag"},
                NETBIRD: {"pat": FIRST},
            },
            {},
            FIRST,
            id="what makes no sense here",
        ),
        pytest.param({OURS: {"auth_options": {"pat": FIRST}}}, {}, FIRST, id="defaults of its own"),
        pytest.param(
            {OURS: {"auth_options": {"pat": FIRST}}, NETBIRD: {"pat": SECOND}},
            {},
            FIRST,
            id="its own before the group's",
        ),
    ],
)
def test_defaults_stand_below_auth_options(
    defaults: dict[str, t.Any],
    said: dict[str, t.Any],
    used: str,
    ansible: Ansible,
    sandbox: Sandbox,
    tmp_path: Path,
) -> None:
    run = play(ansible, sandbox, tmp_path, [read(**said)], module_defaults=defaults)
    assert run.of("Read").status == "ok", run.output
    assert sent(sandbox, USERS) == [f"Token {used}"]


def test_a_task_and_a_block_replace_the_defaults_of_the_play(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    block = {"module_defaults": {NETBIRD: {"pat": "{{ second }}"}}, "block": [read()]}
    task = {**read(), "module_defaults": {NETBIRD: {"pat": "{{ first }}"}}, "loop": [1, 2]}
    play(ansible, sandbox, tmp_path, [block, task, read()], module_defaults={NETBIRD: {"pat": "{{ first }}"}})
    assert sent(sandbox, USERS) == [f"Token {pat}" for pat in (SECOND, FIRST, FIRST, FIRST)]


def test_each_attempt_has_them(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.fault(USERS, status=503, times=1)
    task = {**read(), "until": "one is not failed", "register": "one", "retries": 2, "delay": 0}
    run = play(ansible, sandbox, tmp_path, [task], module_defaults={NETBIRD: {"pat": "{{ first }}"}})
    assert sent(sandbox, USERS) == [f"Token {FIRST}"] * 2, run.output


def test_an_alias_in_auth_options_takes_the_place_of_the_option_in_the_defaults(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    defaults = {"client_id": "nf-client-2", "client_secret": "nf-secret-1", "api_url": "{{ origin }}"}
    defaults |= {"token_url": "{{ origin }}/oauth/token", "environment": "sandbox"}
    task = read(auth="netfoundry", url="/core/v2/networks", auth_options={"password": "nf-secret-2"})
    run = play(ansible, sandbox, tmp_path, [task], module_defaults={NETFOUNDRY: defaults})
    assert [owner(header) for header in sent(sandbox, "/core/v2/networks")] == ["nf-client-2"], run.output


@pytest.mark.parametrize(
    ("default", "sentence"),
    [
        ({"timeout": "soon"}, f"timeout, from {NETBIRD} in module_defaults, has a value that cannot be used"),
        ({"pta": FIRST}, f"In {NETBIRD} in module_defaults: pta is no option. Did you mean pat?"),
        ("text", f"{NETBIRD} in module_defaults must be a dictionary of options."),
    ],
)
def test_what_is_wrong_with_them_is_said_with_the_group(
    default: t.Any, sentence: str, ansible: Ansible, sandbox: Sandbox, tmp_path: Path, core: tuple[int, int]
) -> None:
    run = play(ansible, sandbox, tmp_path, [read()], module_defaults={NETBIRD: default})
    assert run.of("Read").status == "failed"
    assert sentence in run.of("Read").message, run.output
    assert sandbox.state.requests == []
