# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Jobs with two credentials: each service takes certificates and cache from its own, or from the job's environment."""

from __future__ import annotations

import itertools
import typing as t
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers import registry
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.support.credential_types import PROVIDERS, filled, injected, shipped
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer
from ansible_collections.netapi.auth.tests.support.tasks import Task, playbook
from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA

# What is filled in at "Check TLS certificates"; each that fills it in has a cache of its own too.
UNCHECKED = "false"
CHECKED = "true"
EMPTY = ""
# The job's environment holds a cache, and it checks certificates or does not.
STATES = [
    ((UNCHECKED, EMPTY), CHECKED),
    ((EMPTY, UNCHECKED), CHECKED),
    ((CHECKED, EMPTY), UNCHECKED),
    ((EMPTY, CHECKED), UNCHECKED),
    ((UNCHECKED, UNCHECKED), CHECKED),
    ((EMPTY, EMPTY), UNCHECKED),
]
ONE_ALONE = [((UNCHECKED,), CHECKED), ((EMPTY,), CHECKED), ((CHECKED,), UNCHECKED), ((EMPTY,), UNCHECKED)]
JOBS = [
    *((services, *state) for services in itertools.permutations(PROVIDERS, 2) for state in STATES),
    *(((service,), *state) for service in PROVIDERS for state in ONE_ALONE),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    """Its databases are the caches: one for each service, and that of the job's environment."""
    with RedisServer(tmp_path_factory.mktemp("redis")) as server:
        yield server


def cache(store: RedisServer, owner: str) -> str:
    return f"{store.url.removesuffix('/0')}/{(*PROVIDERS, 'job').index(owner)}"


def entries(store: RedisServer, owner: str) -> int:
    """How many tokens are kept there; beside them is a salt."""
    with store.client as client:
        client.select((*PROVIDERS, "job").index(owner))
        return max(int(t.cast("int", client.dbsize())) - 1, 0)


def job(ansible: Ansible, env: Mapping[str, str], services: tuple[str, ...]) -> Run:
    """Each service is asked for a token by a task, and by a lookup where the first was given."""
    tasks: list[Task] = []
    for service in services:
        name = registry.PROVIDERS[service].plugin
        tasks += [
            {"name": f"Ask {service}", name: {"set_facts": False}, "register": service, "ignore_errors": True},
            {
                "name": f"Ask {service} again",
                "ansible.builtin.debug": {"msg": f"{{{{ lookup('{name}', 'source') }}}}"},
                "when": f"{service} is succeeded",
            },
        ]
    return ansible.play(playbook(ansible.home, tasks), env=env)


@pytest.mark.parametrize(("services", "fields", "outside"), JOBS)
def test_each_service_takes_its_own_fields_else_the_environment_of_the_job(
    services: tuple[str, ...],
    fields: tuple[str, ...],
    outside: str,
    tls_server: Sandbox,
    store: RedisServer,
    ansible: Ansible,
    tmp_path: Path,
) -> None:
    tls_server.reset()
    with store.client as client:
        client.flushall()
    credentials = {}
    for service, field in zip(services, fields, strict=True):
        # As the form of AWX sends it: what is left empty too.
        empty = dict.fromkeys((each["id"] for each in shipped(service)["inputs"]["fields"]), "")
        own = {"validate_certs": field, "cache": cache(store, service)} if field else {}
        credentials[service] = {**empty, **whole(tls_server)[service], **own}
    env = {"NETAPI_AUTH_CACHE": cache(store, "job"), "NETAPI_AUTH_VALIDATE_CERTS": outside}
    done = job(ansible, injected(tmp_path / "files", credentials, env), services)
    kept = dict.fromkeys((*PROVIDERS, "job"), 0)
    for service, field in zip(services, fields, strict=True):
        first = done.of(f"Ask {service}")
        if (field or outside) == CHECKED:
            assert "the certificate of 127.0.0.1 cannot be verified" in first.message
        else:
            assert first.status == "ok"
            assert done.of(f"Ask {service} again").message == "cache"
            kept[service if field else "job"] += 1
    assert {owner: entries(store, owner) for owner in kept} == kept


def whole(sandbox: Sandbox) -> dict[str, dict[str, str]]:
    """A credential of each service for which a grant is made."""
    given = {name: data.pick(data.grants[0].options, sandbox.url) for name, data in DATA.items()}
    return filled(sandbox, **given)
