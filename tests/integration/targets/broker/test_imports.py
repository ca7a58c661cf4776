# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a token from the cache imports: each import costs every task of every host."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.options import variables
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory

FROM_CACHE = ["cache", "cache", "cache", 4, []]


def _variables(sandbox: Sandbox) -> dict[str, t.Any]:
    return variables(sandbox) | {
        "netography_auth_api_url": sandbox.url,
        "netography_auth_shortname": "neto-account-1",
        "netography_auth_appname": "neto-appname-1",
        "netography_auth_appkey": "neto-appkey-1",
        "netography_auth_sharedsecret": "neto-sharedsecret-1",
        "netbird_auth_api_url": sandbox.url,
        "netbird_auth_issuer": f"{sandbox.url}/idp",
        "netbird_auth_client_id": "nb-client-1",
        "netbird_auth_client_secret": "nb-secret-1",
    }


@pytest.fixture(scope="module", params=["run", "user"])
def run(request: pytest.FixtureRequest, server: Sandbox, shared_ansible: Ansible) -> Run:
    server.reset()
    path = inventory(shared_ansible.home, {"localhost": {}}, **_variables(server))
    return shared_ansible.play("imports.yml", "-i", path, env={"NETAPI_AUTH_CACHE": request.param})


def test_a_grant_imports_what_it_needs(run: Run) -> None:
    said = run.of("See what obtaining them imports").result["msg"]
    assert said == ["issued", "issued", "issued", 4, ["requests", "jwt"]]


def test_the_cache_imports_neither_requests_nor_jwt_nor_redis_nor_jmespath(run: Run) -> None:
    assert run.of("See what the cache imports").result["msg"] == FROM_CACHE


def test_a_token_task_loads_none_of_them_for_later_processes(run: Run) -> None:
    assert run.of("See what the tasks have left in later processes").result["msg"] == FROM_CACHE
