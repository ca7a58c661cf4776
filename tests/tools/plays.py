# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbooks that `make bench` compares. JSON is YAML, so they are written as JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOKEN = "{{ lookup('netapi.auth.netfoundry_token') }}"
USER_TOKEN = "{{ lookup('netapi.auth.netfoundry_token', cache='user') }}"
ENVIRONMENT = "{{ lookup('ansible.builtin.env', 'HOME') }}"
CONSTANT = "constant"

Task = dict[str, Any]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: a playbook and how many hosts and forks it runs with."""

    name: str
    tasks: tuple[Task, ...]
    variables: dict[str, str]
    hosts: int = 1
    forks: int = 4

    def write(self, folder: Path) -> list[str]:
        """Write playbook and inventory; give the arguments of ansible-playbook."""
        play = {"hosts": "all", "gather_facts": False, "vars": self.variables, "tasks": list(self.tasks)}
        playbook = folder / f"{self.name}.yml"
        playbook.write_text(json.dumps([play], indent=1), encoding="utf-8")
        inventory = folder / f"{self.name}.ini"
        lines = [f"host{number:03} ansible_connection=local" for number in range(self.hosts)]
        inventory.write_text("\n".join(["[all]", *lines, ""]), encoding="utf-8")
        return ["-i", str(inventory), "-f", str(self.forks), str(playbook)]


@dataclass(frozen=True)
class Comparison:
    """Two sides, the ratio of whose CPU time is wanted.

    :param target: what the ratio may be at most; None where it is only reported.
    """

    name: str
    ours: Side
    theirs: Side
    target: float | None


def use(number: int) -> Task:
    """A task that evaluates the play's variable once."""
    return {"name": f"Use it, task {number}", "ansible.builtin.set_fact": {f"length{number}": "{{ value | length }}"}}


def first_token(**more: object) -> Task:
    """A token task; the collection's own."""
    return {"name": "Get a token", "netapi.auth.netfoundry_token": {"set_facts": False}, **more}


def evaluations(name: str, value: str, *before: Task) -> Side:
    """500 evaluations of a play variable: 100 hosts, 5 tasks, 4 forks."""
    return Side(name, (*before, *map(use, range(5))), {"value": value}, hosts=100)


def by_hand() -> Side:
    """The token as it is got without a collection: POST the secret, set a fact, build the header."""
    variables = {
        name: f"{{{{ lookup('ansible.builtin.env', 'NETFOUNDRY_{name.upper()}') }}}}"
        for name in ("client_id", "client_secret", "oauth_url")
    }
    post = {
        "url": "{{ oauth_url }}",
        "method": "POST",
        "body_format": "json",
        "body": {
            "client_id": "{{ client_id }}",
            "client_secret": "{{ client_secret }}",
            "audience": "https://gateway.sandbox.netfoundry.io/",
            "grant_type": "client_credentials",
        },
    }
    headers = {"Authorization": "Bearer {{ answer.json.access_token }}"}
    return Side(
        "by-hand",
        (
            {"name": "Ask for a token", "ansible.builtin.uri": post, "register": "answer"},
            {"name": "Make the header", "ansible.builtin.set_fact": {"headers": headers}},
        ),
        variables,
    )


def by_task() -> Side:
    """The same by the collection's task."""
    return Side("by-task", ({**first_token(), "register": "token"},), {})


def comparisons() -> list[Comparison]:
    """The figures that are ratios of CPU time."""
    once = first_token(run_once=True)
    fifty_tokens = tuple({**first_token(), "name": f"Get it, task {number}"} for number in range(51))
    fifty_facts = (first_token(), *map(use, range(50)))
    after_task = evaluations("after-task", TOKEN, once)
    bare = evaluations("bare", TOKEN)
    return [
        Comparison("after a token task, against env", after_task, evaluations("env-after", ENVIRONMENT, once), 1.05),
        Comparison(
            "after a token task, against a constant", after_task, evaluations("none-after", CONSTANT, once), None
        ),
        Comparison("bare lookup, against env", bare, evaluations("env", ENVIRONMENT), 1.6),
        Comparison("bare lookup, against a constant", bare, evaluations("none", CONSTANT), None),
        Comparison(
            "50 cached token tasks, against 50 set_fact tasks",
            Side("fifty-tokens", fifty_tokens, {}),
            Side("fifty-facts", fifty_facts, {"value": CONSTANT}),
            1.25,
        ),
        Comparison("first token and header, against uri and set_fact", by_task(), by_hand(), 0.8),
    ]


def growth() -> Side:
    """100 evaluations with the user's cache, to be run with more and more entries in it."""
    return Side("growth", (first_token(run_once=True), *map(use, range(5))), {"value": USER_TOKEN}, hosts=20)
