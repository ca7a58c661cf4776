# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The collection's own playbook: with all services, and with each alone."""

from __future__ import annotations

import json

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
# What the API of each answers, and what is said of it.
Answers = dict[str, tuple[str, str]]
SEVERAL: Answers = {
    "netography": ('{"data": [1, 2], "meta": {}}', "an object with data, meta"),
    "netbird": ("<html>", "no JSON"),
    "netfoundry": ("{}", "an empty object"),
}
ALONE: list[tuple[str | list[str], Answers]] = [
    (["netfoundry"], {"netfoundry": ("null", "JSON that is neither a list nor an object")}),
    # This one is read to see whose the token is, too.
    ("netography", {"netography": ("[]", "a list of length 0")}),
]


def _check(
    chosen: str | list[str], answers: Answers, env: dict[str, str], sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    """Fail where a run with these services says something else of them, or something of others."""
    for service, (body, _content) in answers.items():
        sandbox.fault(PATHS[service], status=200, body=body)
    run = ansible.play(PLAYBOOK, "-e", json.dumps({"first_token_providers": chosen}), env=env)
    said = {each["msg"]["service"]: each["msg"] for each in run.of("Say what was obtained").result["results"]}
    assert list(said) == list(answers)
    for service, (_body, content) in answers.items():
        assert said[service]["method"] == DATA[service].method(DATA[service].credentials[0])
        assert said[service]["same_token_by_lookup"] is True
        assert said[service]["account"] == ACCOUNTS[service]
        assert said[service]["api_answered"] == f"200, {content}, from {sandbox.url}{PATHS[service]}"


# NetBird alone is what the guide to a first token runs, in the target examples.
@pytest.mark.parametrize(("chosen", "answers"), ALONE, ids=["list", "text"])
def test_one_service_alone_needs_no_credential_of_another(
    chosen: str | list[str], answers: Answers, sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    (service,) = answers
    env = {name: value for name, value in exports(sandbox.url).items() if name in DECLARED[PROVIDERS[service].plugin]}
    _check(chosen, answers, env, sandbox, ansible)


def test_services_are_named_in_a_text_and_what_came_is_described_as_it_is(
    sandbox: Sandbox, ansible: playbooks.Ansible
) -> None:
    _check("netography,netbird netfoundry", SEVERAL, exports(sandbox.url), sandbox, ansible)


def test_a_wrong_token_fails_where_it_is_taken(sandbox: Sandbox, ansible: playbooks.Ansible) -> None:
    env = {**exports(sandbox.url), "NB_PAT": make_pat("elsewhere")}
    run = ansible.play(PLAYBOOK, "-e", "first_token_providers=netbird", env=env, succeeds=False)
    assert run.of("Get a NetBird token by task").status == "failed"
    assert len(run.outcomes) == 1
