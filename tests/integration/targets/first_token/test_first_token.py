# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own playbook: with all services, and with each alone."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Sequence

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import playbooks

# …/ansible_collections/netapi/auth/tests/support/playbooks.py
PLAYBOOK = str(playbooks.HERE.parents[1] / "playbooks" / "first_token.yml")
# service: how its environment variables begin.
PREFIXES = {
    "netbird": ("NB_", "NETBIRD_"),
    "netfoundry": ("NF_", "NETFOUNDRY_"),
    "netography": ("NETOSECRET", "NETOGRAPHY_"),
}
# What an answer holds: the path of its service, and how the playbook says it.
PATHS = {"netbird": "/api/peers", "netfoundry": "/core/v2/networks", "netography": "/api/v1/mitre/tactics"}
CONTENTS = {
    "netbird": "a list of length 1",
    "netfoundry": "an object with _embedded, page",
    "netography": "an object with data, meta",
}
# An answer, and what the playbook says that it is.
ANSWERS = [
    ('{"data": [1, 2], "meta": {}}', "an object with data, meta"),
    ("{}", "an empty object"),
    ('{"peers": 3}', "an object with peers"),
    ("[]", "a list of length 0"),
    ("null", "JSON that is neither a list nor an object"),
    ("<html>", "no JSON"),
]
METHODS = {"netbird": "pat", "netfoundry": "client_credentials", "netography": "api_key"}


def _said(run: playbooks.Run) -> dict[str, dict[str, t.Any]]:
    """What is said of each service."""
    said = [each["msg"] for each in run.of("Say what was obtained").result["results"]]
    return {each["service"]: each for each in said}


@pytest.mark.parametrize("service", PREFIXES)
def test_one_service_alone_needs_no_credential_of_another(
    service: str, sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    env = {name: value for name, value in exports(sandbox.url).items() if name.startswith(PREFIXES[service])}
    chosen = json.dumps({"first_token_providers": [service]})
    run = ansible.play(PLAYBOOK, "-e", chosen, env=env)

    assert list(_said(run)) == [service]
    _check(service, _said(run)[service])


@pytest.mark.parametrize("answers", [ANSWERS[:3], ANSWERS[3:]], ids=["objects", "others"])
def test_what_came_is_described_as_it_is(
    answers: Sequence[tuple[str, str]], sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    for path, (body, _content) in zip(PATHS.values(), answers, strict=True):
        sandbox.fault(path, status=200, body=body)
    said = _said(ansible.play(PLAYBOOK, env=exports(sandbox.url)))

    assert sandbox.state.grants == {"netfoundry": 1, "netography": 1, "netbird": 0}
    expected = [
        f"200, {content}, from {sandbox.url}{path}"
        for path, (_body, content) in zip(PATHS.values(), answers, strict=True)
    ]
    assert [said[service]["api_answered"] for service in PATHS] == expected


def _check(service: str, said: dict[str, t.Any]) -> None:
    assert said["method"] == METHODS[service]
    assert said["same_token_by_lookup"] is True
    assert said["api_answered"].startswith(f"200, {CONTENTS[service]}, from http://127.0.0.1:")
    assert said["api_answered"].endswith(PATHS[service])
