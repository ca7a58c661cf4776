# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A token that the service refuses in the middle of a play."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import account, service
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory
from ansible_collections.netapi.auth.tests.support.tasks import OURS, THEIRS, Task, playbook

NETWORKS = "/core/v2/networks"
_TOKEN: Task = {
    "name": "Obtain a token",
    "netapi.auth.netfoundry_token": {"set_facts": False},
    "register": "token",
    "run_once": True,
}
_REVOKE: Task = {
    "name": "Have the service refuse it from here on",
    THEIRS: {
        "url": "{{ netfoundry_auth_api_url }}/_sandbox/faults",
        "method": "POST",
        "body_format": "json",
        "body": {"path": NETWORKS, "status": 401, "bearer": "{{ token.access_token }}"},
        "status_code": 204,
    },
    "run_once": True,
}


def read(**arguments: object) -> Task:
    """A request for the networks."""
    return {"name": "Read the networks", OURS: {"auth": "netfoundry", "url": NETWORKS, **arguments}}


def check_replaced(hosts: int, ansible: Ansible, sandbox: Sandbox, place: Path) -> None:
    """So many hosts at once meet the refusal: each reads the networks, and one grant replaces the token."""
    names: dict[str, dict[str, object]] = {f"host{number:03}": {} for number in range(hosts)}
    book = playbook(place, [_TOKEN, _REVOKE, read()], hosts="all")
    listing = inventory(place, names, **service(sandbox), **account(1))
    run = ansible.play(book, "-i", listing, "--forks", str(hosts))
    assert {run.of("Read the networks", host).status for host in names} == {"ok"}
    assert sandbox.state.grants["netfoundry"] == 2
