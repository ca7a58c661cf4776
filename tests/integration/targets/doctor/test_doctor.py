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
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import injected, usual

BOOK = "netapi.auth.doctor"
TASK = "Examine each service"
EXPIRED = make_pat("sandboxexpired")
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


def test_a_good_set_up_succeeds_with_one_line_for_each_provider(ansible: Ansible, sandbox: Sandbox) -> None:
    run = examined(ansible, "-e", "doctor_strict=true", env=environment(sandbox))
    assert statuses(run) == {"netfoundry": "ok"}
    assert "netfoundry: ok: everything works." in run.output.splitlines()


def test_each_provider_is_examined_and_the_task_fails(ansible: Ansible, sandbox: Sandbox) -> None:
    env = {**environment(sandbox), "NB_PAT": EXPIRED}
    run = examined(ansible, env=env, succeeds=False)
    assert run.status == 2
    assert statuses(run) == {"netbird": "failed", "netfoundry": "ok"}
    lines = run.output.splitlines()
    first = next(line for line in lines if line.startswith("netbird: failed: "))
    assert "NB_PAT" in first
    assert "has expired" in first
    assert lines.index(first) < lines.index("netfoundry: ok: everything works.")


def test_check_mode_says_the_same(ansible: Ansible, sandbox: Sandbox) -> None:
    run = examined(ansible, "--check", env={**environment(sandbox), "NB_PAT": EXPIRED}, succeeds=False)
    assert statuses(run) == {"netbird": "failed", "netfoundry": "ok"}


def test_only_the_providers_that_are_named_are_asked(ansible: Ansible, sandbox: Sandbox) -> None:
    env = {**environment(sandbox), "NB_PAT": EXPIRED}
    assert statuses(examined(ansible, "-e", "doctor_providers=netfoundry", env=env)) == {"netfoundry": "ok"}


def test_the_variables_of_each_host_count(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    hosts = {"one": {"netbird_auth_pat": make_pat("sandboxservice1")}, "two": {"netbird_auth_pat": EXPIRED}}
    file = inventory(tmp_path, hosts, netbird_auth_api_url=sandbox.url)
    run = examined(ansible, "-i", file, "-e", "doctor_hosts=one,two", succeeds=False)
    assert statuses(run, "one") == {"netbird": "ok"}
    assert statuses(run, "two") == {"netbird": "failed"}


@pytest.mark.parametrize("service", ["netbird", "netfoundry", "oauth2"])
def test_the_blocks_of_two_tenants_say_host_and_address(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path, service: str
) -> None:
    with Sandbox() as other:
        tenants = {"berlin": sandbox, "paris": other}
        file = inventory(tmp_path, {name: TENANTS[service](each.url) for name, each in tenants.items()})
        run = examined(ansible, "-i", file, "-e", "doctor_hosts=all", "-e", f"doctor_providers={service}")
        for name, each in tenants.items():
            (first, host, *rest) = run.of(TASK, name).result["lines"]
            assert (first, host) == (f"{service}: ok: everything works.", f"  host: {name}")
            assert [line for line in rest if each.url in line]
            assert not [line for line in rest if next(one.url for one in tenants.values() if one is not each) in line]


@pytest.mark.parametrize(("hosts", "named"), [("localhost", False), ("berlin", True)])
def test_a_host_is_named_unless_it_is_localhost_alone(
    ansible: Ansible, sandbox: Sandbox, tmp_path: Path, hosts: str, named: bool
) -> None:
    file = inventory(tmp_path, {name: TENANTS["netbird"](sandbox.url) for name in ("localhost", "berlin")})
    run = examined(ansible, "-i", file, "-e", f"doctor_hosts={hosts}")
    assert (f"  host: {hosts}" in run.output.splitlines()) is named
    assert ("  host: " in run.output) is named


def test_the_defaults_of_the_action_groups_count(ansible: Ansible, sandbox: Sandbox, tmp_path: Path) -> None:
    defaults = {
        "group/netapi.auth.netbird": {"pat": make_pat("sandboxservice1"), "api_url": sandbox.url, "whoami": True}
    }
    tasks = [{"name": TASK, "netapi.auth.doctor": {}}]
    play = {"hosts": "localhost", "gather_facts": False, "module_defaults": defaults, "tasks": tasks}
    (tmp_path / "book.yml").write_text(json.dumps([play]), encoding="utf-8")
    run = ansible.command("playbook", str(tmp_path / "book.yml"))
    assert run.status == 0, run.output
    assert statuses(run) == {"netbird": "ok"}


@pytest.mark.parametrize("pat", [EXPIRED, make_pat("sandboxservice1")])
def test_nothing_leaks_at_any_verbosity(ansible: Ansible, sandbox: Sandbox, pat: str) -> None:
    secret = "a-client-secret-that-is-not-right"
    env = {**environment(sandbox), "NB_PAT": pat, "NETFOUNDRY_CLIENT_SECRET": secret}
    run = examined(ansible, "-vvv", env=env, succeeds=False)
    tokens = {one.headers.get("authorization", "").partition(" ")[2] for one in sandbox.state.requests} - {""}
    contents = [run.output.encode(), *files_below(ansible.home).values()]
    assert not shown({pat, secret, *tokens}, contents)


@pytest.mark.parametrize(("secret", "succeeds"), [("nf-secret-1", True), ("a-client-secret-of-another", False)])
def test_a_job_with_the_credential_says_it_too(
    sandbox: Sandbox, collections: Path, tmp_path: Path, secret: str, succeeds: bool
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    book = [{"name": "Doctor", "ansible.builtin.import_playbook": BOOK}]
    (project / "doctor.yml").write_text(json.dumps(book), encoding="utf-8")
    credentials: dict[str, t.Any] = {"netfoundry": {**usual(sandbox)["netfoundry"], "client_secret": secret}}
    job = runner.Job(tmp_path / "job", collections, injected(tmp_path / "files", credentials))
    status = runner.run(job, "doctor.yml", project=project)
    assert (status == 0) is succeeds, job.output
    (result,) = job.results(TASK)
    (found,) = result["providers"]
    assert found["provider"] == "netfoundry"
    assert found["status"] == ("ok" if succeeds else "failed")
    assert succeeds or found["source"] == "the environment variable NETFOUNDRY_CLIENT_SECRET"
    assert f"netfoundry: {found['status']}: " in job.output
    assert not shown({secret}, job.contents())
