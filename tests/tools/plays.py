# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that `make bench` compares. JSON is YAML, so they are written as JSON."""

from __future__ import annotations

import json
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TOKEN = "{{ lookup('netapi.auth.netfoundry_token') }}"
USER_TOKEN = "{{ lookup('netapi.auth.netfoundry_token', cache='user') }}"
ENVIRONMENT = "{{ lookup('ansible.builtin.env', 'HOME') }}"
CONSTANT = "constant"

Task = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a playbook, and what it runs with.

    :param entries: how many the user's cache has, which is its own then.
    """

    name: str
    tasks: tuple[Task, ...]
    variables: dict[str, str] = field(default_factory=dict)
    hosts: int = 1
    entries: int = 0

    def write(self, folder: Path) -> list[str]:
        """Write playbook and inventory; give the arguments of ansible-playbook."""
        play = {"hosts": "all", "gather_facts": False, "vars": self.variables, "tasks": list(self.tasks)}
        playbook = folder / f"{self.name}.yml"
        playbook.write_text(json.dumps([play], indent=1), encoding="utf-8")
        hosts = {f"host{number:03}": {"ansible_connection": "local"} for number in range(self.hosts)}
        inventory = folder / f"{self.name}.json"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}), encoding="utf-8")
        return ["-i", str(inventory), "-f", "4", str(playbook)]

    def cache(self, folder: Path) -> dict[str, str]:
        """Where the user's cache is. Live entries of nobody make it as large as it is to be."""
        if not self.entries:
            return {}
        base = folder / f"cache-{self.entries}"
        place = base / "netapi_auth"
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        later = time.time() + 86400
        for _number in range(self.entries - sum(1 for each in place.iterdir() if len(each.name) == 64)):
            entry = place / secrets.token_hex(32)
            entry.write_bytes(secrets.token_bytes(800))
            os.utime(entry, (later, later))
        return {"XDG_CACHE_HOME": str(base)}


@dataclass(frozen=True)
class Comparison:
    """Two sides, the ratio of whose CPU time is wanted.

    :param target: what the ratio may be at most; None where it is only reported.
    """

    name: str
    ours: Side
    theirs: Side
    target: float | None = None


def uses(number: int) -> tuple[Task, ...]:
    """So many tasks, each of which evaluates the play's variable once."""
    fact = "{{ value | length }}"
    return tuple({"name": f"Use it, {each}", "ansible.builtin.set_fact": {f"it{each}": fact}} for each in range(number))


def first_token(**more: object) -> Task:
    """A token task; the collection's own."""
    return {"name": "Get a token", "netapi.auth.netfoundry_token": {"set_facts": False}, **more}


def evaluations(name: str, value: str, *before: Task, hosts: int = 100, entries: int = 0) -> Side:
    """Evaluations of a play variable in 5 tasks; on 100 hosts 500."""
    return Side(name, (*before, *uses(5)), {"value": value}, hosts, entries)


def by_hand() -> Side:
    """The token as it is got without a collection: POST the secret, set a fact, build the header."""
    post = {
        "url": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_OAUTH_URL') }}",
        "method": "POST",
        "body_format": "json",
        "body": {
            "client_id": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_CLIENT_ID') }}",
            "client_secret": "{{ lookup('ansible.builtin.env', 'NETFOUNDRY_CLIENT_SECRET') }}",
            "audience": "https://gateway.sandbox.netfoundry.io/",
            "grant_type": "client_credentials",
        },
    }
    headers = {"Authorization": "Bearer {{ answer.json.access_token }}"}
    ask = {"name": "Ask for a token", "ansible.builtin.uri": post, "register": "answer"}
    return Side("by-hand", (ask, {"name": "Make the header", "ansible.builtin.set_fact": {"headers": headers}}))


def comparisons() -> list[Comparison]:
    """The figures that are ratios of CPU time."""
    once = first_token(run_once=True)
    after_task = evaluations("after-task", TOKEN, once)
    bare = evaluations("bare", TOKEN)
    fifty_tokens = Side("fifty-tokens", tuple(first_token() for _number in range(51)))
    fifty_facts = Side("fifty-facts", (first_token(), *uses(50)), {"value": CONSTANT})
    few, more, many = (evaluations(f"cache-{n}", USER_TOKEN, once, hosts=20, entries=n) for n in (10, 100, 1000))
    by_task = Side("by-task", (first_token(register="token"),))
    return [
        Comparison("after a token task, against env", after_task, evaluations("env-after", ENVIRONMENT, once), 1.05),
        Comparison("after a token task, against a constant", after_task, evaluations("none-after", CONSTANT, once)),
        Comparison("bare lookup, against env", bare, evaluations("env", ENVIRONMENT), 1.6),
        Comparison("bare lookup, against a constant", bare, evaluations("none", CONSTANT)),
        Comparison("50 cached token tasks, against 50 set_fact tasks", fifty_tokens, fifty_facts, 1.25),
        Comparison("first token and header, against uri and set_fact", by_task, by_hand(), 0.8),
        Comparison("user cache of 100 entries, against 10", more, few),
        Comparison("user cache of 1000 entries, against 10", many, few),
    ]
