# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own playbook: with all services, and with each alone."""

from __future__ import annotations

import json
import re
import typing as t
from collections.abc import Sequence

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import playbooks
from ansible_collections.netapi.auth.tests.support.options import DECLARED
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

# …/ansible_collections/netapi/auth/tests/support/playbooks.py
PLAYBOOK = str(playbooks.HERE.parents[1] / "playbooks" / "first_token.yml")
# service: what is read of it. Any other API has nothing that is known to be there.
PATHS = {name: data.flows[0].read for name, data in DATA.items() if name != "oauth2"}
# What tells the account of each.
ACCOUNTS = {
    "netbird": "service-1, admin",
    "netfoundry": "identity of nf-client-1, nf-client-1, identities",
    "netography": "neto-appname-1, neto-account-1",
}
ANSWERS = [
    ('{"data": [1, 2], "meta": {}}', "an object with data, meta"),
    ("{}", "an empty object"),
    ('{"peers": 3}', "an object with peers"),
    ("<html>", "no JSON"),
    ("null", "JSON that is neither a list nor an object"),
    # This one is read to see whose the token is, too.
    ("[]", "a list of length 0"),
]


def _said(run: playbooks.Run) -> dict[str, dict[str, t.Any]]:
    """What is said of each service."""
    said = [each["msg"] for each in run.of("Say what was obtained").result["results"]]
    return {each["service"]: each for each in said}


@pytest.mark.parametrize(("service", "way"), [*((each, "text") for each in PATHS), ("netbird", "list")])
def test_one_service_alone_needs_no_credential_of_another(
    service: str, way: str, sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    env = {name: value for name, value in exports(sandbox.url).items() if name in DECLARED[PROVIDERS[service].plugin]}
    chosen = json.dumps({"first_token_providers": [service]}) if way == "list" else f"first_token_providers={service}"
    run = ansible.play(PLAYBOOK, "-e", chosen, env=env)

    assert list(_said(run)) == [service]
    _check(service, _said(run)[service])


@pytest.mark.parametrize("chosen", ["netography,netbird", "netography netbird"])
def test_some_services_are_named_in_a_text(chosen: str, sandbox: Sandbox, ansible: playbooks.Ansible) -> None:
    extra = json.dumps({"first_token_providers": chosen})
    run = ansible.play(PLAYBOOK, "-e", extra, env=exports(sandbox.url))
    assert list(_said(run)) == ["netography", "netbird"]


def test_a_wrong_token_fails_where_it_is_taken(sandbox: Sandbox, ansible: playbooks.Ansible) -> None:
    env = {**exports(sandbox.url), "NB_PAT": make_pat("elsewhere")}
    run = ansible.play(PLAYBOOK, "-e", "first_token_providers=netbird", env=env, succeeds=False)
    assert run.of("Get a NetBird token by task").status == "failed"
    assert len(run.outcomes) == 1


@pytest.mark.parametrize("answers", [ANSWERS[:3], ANSWERS[3:]], ids=["objects", "others"])
def test_what_came_is_described_as_it_is(
    answers: Sequence[tuple[str, str]], sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    asked = dict(zip(PATHS, answers, strict=False))
    for service, (body, _content) in asked.items():
        sandbox.fault(PATHS[service], status=200, body=body)
    said = _said(ansible.play(PLAYBOOK, env=exports(sandbox.url)))

    expected = {name: f"200, {content}, from {sandbox.url}{PATHS[name]}" for name, (_body, content) in asked.items()}
    assert {name: said[name]["api_answered"] for name in asked} == expected


def _check(service: str, said: dict[str, t.Any]) -> None:
    assert said["method"] == DATA[service].method(DATA[service].credentials[0])
    assert said["same_token_by_lookup"] is True
    assert said["account"] == ACCOUNTS[service]
    assert re.fullmatch(rf"200, an? .*, from http://127.0.0.1:\d+{PATHS[service]}", said["api_answered"])
