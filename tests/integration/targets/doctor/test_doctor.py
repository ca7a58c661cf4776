# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook netapi.auth.doctor, by ansible-playbook and as a job of AWX."""

from __future__ import annotations

import json
import typing as t
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.sandbox.services.netbird import make_pat
from ansible_collections.netapi.auth.tests.support import runner
from ansible_collections.netapi.auth.tests.support.options import environment
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import files_below, shown
from ansible_collections.netapi.auth.tests.support.tasks import playbook
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import injected, usual

BOOK = "netapi.auth.doctor"
TASK = "Examine each service"
EXPIRED = make_pat("sandboxexpired")
WRONG = "a-client-secret-that-is-not-right"
# What the variables of a tenant are, from the address of its services. Nobody says whose a token of oauth2 is.
TENANTS: dict[str, Callable[[str], dict[str, str]]] = {
    "netbird": lambda url: {"netbird_auth_pat": make_pat("sandboxservice1"), "netbird_auth_api_url": url},
    "netfoundry": lambda url: {
        "netfoundry_auth_client_id": "nf-client-1",
        "netfoundry_auth_client_secret": "nf-secret-1",
        "netfoundry_auth_token_url": f"{url}/oauth/token",
        "netfoundry_auth_environment": "sandbox",
        "netfoundry_auth_api_url": url,
    },
    "oauth2": lambda url: {
        "oauth2_auth_client_id": "oa-client-1",
        "oauth2_auth_client_secret": "oa-secret-1",
        "oauth2_auth_token_url": f"{url}/idp/token",
    },
}


def examined(ansible: Ansible, *arguments: str, env: dict[str, str] | None = None, succeeds: bool = True) -> Run:
    """A run of the playbook by its name, as users call it."""
    run = ansible.command("playbook", BOOK, *arguments, env=env)
    assert (run.status == 0) is succeeds, run.output
    return run


def statuses(run: Run, host: str = "localhost") -> dict[str, str]:
    return {each["provider"]: each["status"] for each in run.of(TASK, host).result["providers"]}


def test_a_good_set_up_of_those_that_are_named_succeeds_and_localhost_alone_is_not_named(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    file = inventory(tmp_path, {"localhost": {}, "berlin": {}})
    env = {**environment(sandbox), "NB_PAT": EXPIRED}
    run = examined(ansible, "-i", file, "-e", "doctor_strict=true doctor_providers=netfoundry", env=env)
    assert statuses(run) == {"netfoundry": "ok"}
    assert "netfoundry: ok: everything works." in run.output.splitlines()
    assert "  host: " not in run.output


@pytest.mark.parametrize(
    ("arguments", "pat", "secret", "expected"),
    [
        ((), EXPIRED, "nf-secret-1", {"netbird": "failed", "netfoundry": "ok"}),
        (("--check",), make_pat("sandboxservice1"), WRONG, {"netbird": "ok", "netfoundry": "failed"}),
    ],
    ids=["run", "check mode"],
)
def test_each_provider_is_examined_and_the_task_fails_and_nothing_leaks(
    ansible: Ansible, sandbox: Sandbox, arguments: tuple[str, ...], pat: str, secret: str, expected: dict[str, str]
) -> None:
    env = {**environment(sandbox), "NB_PAT": pat, "NETFOUNDRY_CLIENT_SECRET": secret}
    run = examined(ansible, "-vvv", *arguments, env=env, succeeds=False)
    assert run.status == 2
    assert statuses(run) == expected
    lines = [line for line in run.output.splitlines() if line.startswith(("netbird: ", "netfoundry: "))]
    # After these two, the sentence of the task that failed.
    assert [line.split(": ")[:2] for line in lines[:2]] == [[*each] for each in expected.items()]
    assert expected["netbird"] == "ok" or ("NB_PAT" in lines[0] and "has expired" in lines[0])
    tokens = {one.headers.get("authorization", "").partition(" ")[2] for one in sandbox.state.requests} - {""}
    contents = [run.output.encode(), *files_below(ansible.home).values()]
    assert not shown({pat, secret, *tokens}, contents)


def test_the_variables_of_each_host_count_and_its_block_says_host_and_address(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    """Two tenants of each service, and somebody whose token has expired."""
    with Sandbox() as other:
        urls = {"berlin": sandbox.url, "paris": other.url}
        hosts = {f"{service}-{tenant}": says(url) for service, says in TENANTS.items() for tenant, url in urls.items()}
        gone = {**TENANTS["netbird"](sandbox.url), "netbird_auth_pat": EXPIRED}
        file = inventory(tmp_path, {**hosts, "gone": gone, "unasked": gone})
        run = examined(ansible, "-i", file, "-e", f"doctor_hosts={','.join(hosts)},gone", succeeds=False)
    assert statuses(run, "gone") == {"netbird": "failed"}
    assert {outcome.host for outcome in run.outcomes} == {*hosts, "gone"}
    for name in hosts:
        service, _dash, tenant = name.partition("-")
        assert run.of(TASK, name).status == "ok"
        (first, host, *rest) = run.of(TASK, name).result["lines"]
        assert (first, host) == (f"{service}: ok: everything works.", f"  host: {name}")
        assert {place for place, url in urls.items() for line in rest if url in line} == {tenant}


def test_the_defaults_of_the_action_groups_count_and_a_host_alone_is_named(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path
) -> None:
    defaults = {
        "group/netapi.auth.netbird": {"pat": make_pat("sandboxservice1"), "api_url": sandbox.url, "whoami": True}
    }
    book = playbook(tmp_path, [{"name": TASK, "netapi.auth.doctor": {}}], hosts="berlin", module_defaults=defaults)
    run = ansible.play(book, "-i", inventory(tmp_path, {"localhost": {}, "berlin": {}}))
    assert statuses(run, "berlin") == {"netbird": "ok"}
    assert "  host: berlin" in run.output.splitlines()


def test_a_job_with_credentials_says_it_too(sandbox: Sandbox, collections: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    book = [{"name": "Doctor", "ansible.builtin.import_playbook": BOOK}]
    (project / "doctor.yml").write_text(json.dumps(book), encoding="utf-8")
    good = {name: usual(sandbox)[name] for name in ("netbird", "netfoundry")}
    credentials: dict[str, t.Any] = {**good, "netfoundry": {**good["netfoundry"], "client_secret": WRONG}}
    job = runner.Job(tmp_path / "job", collections, injected(tmp_path / "files", credentials))
    assert runner.run(job, "doctor.yml", project=project) == 2, job.output
    (result,) = job.results(TASK)
    (netbird, netfoundry) = result["providers"]
    assert (netbird["provider"], netbird["status"]) == ("netbird", "ok")
    assert (netfoundry["provider"], netfoundry["status"]) == ("netfoundry", "failed")
    assert netfoundry["source"] == "the environment variable NETFOUNDRY_CLIENT_SECRET"
    assert "netbird: ok: " in job.output
    assert "netfoundry: failed: " in job.output
    assert "[client_refused]" in job.output
    assert not shown({good["netbird"]["pat"], WRONG}, job.contents())
