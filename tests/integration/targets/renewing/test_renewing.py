# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to renewing credentials, its files run as they stand; and runs with hosts, loops and -vvv."""

from __future__ import annotations

import dataclasses
import json
import re
import time
import typing as t
from pathlib import Path

import pytest
import requests

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, NetographyKey, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import guide, runner
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import shown
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.support.tasks import Task, playbook
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import injected, shipped

DAY = 86400.0
FILES = guide.files(guide.RENEWING)
PASSWORD = "the-password-of-the-vault"
TASK = "netapi.auth.netbird_pat"
OWNER = "service-1"


@dataclasses.dataclass
class Nights:
    """A user whose stored token is due, and the runs that renew it."""

    sandbox: Sandbox
    ansible: Ansible

    def has(self, id: str, name: str, user: str = OWNER, left: float = 5.0) -> str:
        now = time.time()
        pat = make_pat(id)
        self.sandbox.add_account(NetBirdUser(pat, user, is_service_user=True))
        self.sandbox.add_account(NetBirdPat(id, user, name, pat, now - 80 * DAY, now + left * DAY, now - 9 * DAY))
        return pat

    def pats(self, name: str, user: str = OWNER) -> list[NetBirdPat]:
        every = self.sandbox.state.store.all(NetBirdPat)
        return [one for one in every if (one.name, one.user_id) == (name, user)]

    def play(
        self, book: str, *arguments: str, succeeds: bool = True, env: dict[str, str] | None = None, **variables: t.Any
    ) -> Run:
        hosts = variables.pop("hosts", {"localhost": {}})
        path = inventory(self.ansible.home, hosts, **variables)
        env = {**addresses(self.sandbox), **(env or {})}
        return self.ansible.play(book, "-i", path, *arguments, env=env, succeeds=succeeds)

    def file(self, name: str, **places: str) -> str:
        """A file of the guide, with other addresses in the place of those in it."""
        text = FILES[name]
        for real, here in places.items():
            assert real in text
            text = text.replace(real, here)
        path = self.ansible.home / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def nights(sandbox: Sandbox, ansible: Ansible) -> Nights:
    return Nights(sandbox, ansible)


def secrets_of(nights: Nights) -> list[str]:
    return [one.pat for one in nights.sandbox.state.store.all(NetBirdPat)]


def hidden(nights: Nights, run: Run) -> None:
    assert not [pat for pat in secrets_of(nights) if pat in run.output]


def test_every_file_of_the_guide_is_run_here_or_by_the_target_stores() -> None:
    here = {"renew.yml", "renew_awx.yml", "look.yml", "netography.yml", "netography_later.yml"}
    assert set(FILES) == {*here, "renew_vault.yml", "renew_kubernetes.yml"}
    assert len(guide.in_yaml(guide.RENEWING)) == len(FILES)


def _encrypted(nights: Nights, stored: dict[str, str]) -> dict[str, str]:
    """A vault password, and the encrypted file beside the playbook."""
    home = nights.ansible.home
    word = home / "password"
    word.write_text(f"{PASSWORD}\n", encoding="utf-8")
    env = {"ANSIBLE_VAULT_PASSWORD_FILE": str(word)}
    (home / "netbird.yml").write_text(json.dumps(stored), encoding="utf-8")
    assert nights.ansible.command("vault", "encrypt", str(home / "netbird.yml"), env=env).status == 0
    return env


def _stored(nights: Nights, env: dict[str, str]) -> dict[str, str]:
    text = (nights.ansible.home / "netbird.yml").read_text(encoding="utf-8")
    assert text.startswith("$ANSIBLE_VAULT;")
    shown = nights.ansible.command("vault", "view", str(nights.ansible.home / "netbird.yml"), env=env).output
    found: dict[str, str] = json.loads(re.search(r"\{.*\}", shown)[0])  # type: ignore[index]
    return found


def test_p2_p5_p12_the_nightly_job_keeps_the_token_in_an_encrypted_file(nights: Nights) -> None:
    first = nights.has("first", "nightly")
    env = _encrypted(nights, {"netbird_auth_pat": first, "netbird_pat_id": "first"})
    book = nights.file("renew.yml")
    minted = nights.play(book, "-vvv", "--diff", env=env)
    hidden(nights, minted)
    assert PASSWORD not in minted.output
    assert len(nights.pats("nightly")) == 2
    stored = _stored(nights, env)
    assert stored["netbird_pat_id"] != "first"
    assert {one.id: one.pat for one in nights.pats("nightly")}[stored["netbird_pat_id"]] == stored["netbird_auth_pat"]
    # The second night does nothing; the one that was replaced has been used a moment ago.
    second = nights.play(book, env=env)
    assert second.of("Renew it when it is due").result["changed"] is False
    assert second.of("Renew it when it is due").result["kept"] == ["first"]
    # A week later it goes.
    for one in nights.pats("nightly"):
        nights.sandbox.add_account(dataclasses.replace(one, created_at=one.created_at - 9 * DAY, last_used=None))
    later = nights.play(book, env=env)
    assert later.of("Renew it when it is due").result["removed"] == ["first"]
    assert _stored(nights, env) == stored
    look = nights.play(nights.file("look.yml"), env=env)
    assert look.of("Look").result["due"] is False
    assert look.of("Tell 30, 14 and 7 days ahead").status == "skipped"


def test_the_look_tells_days_ahead(nights: Nights) -> None:
    pat = nights.has("first", "nightly", left=14.5)
    env = _encrypted(nights, {"netbird_auth_pat": pat, "netbird_pat_id": "first"})
    run = nights.play(nights.file("look.yml"), env=env)
    assert run.of("Look").result["due"] is True
    assert run.of("Tell 30, 14 and 7 days ahead").message == "The token first ends in 14 days."
    assert len(nights.pats("nightly")) == 1


class Credential:
    """A credential of the type for NetBird in a stand-in for AWX."""

    def __init__(self, awx: Awx, **inputs: str) -> None:
        self._awx = awx
        kind = self._call("credential_types/", **shipped("netbird"))
        about = {"name": "NetBird", "credential_type": kind, "organization": awx.store.organizations.all()[0].id}
        self.id = self._call("credentials/", **about, inputs=inputs)

    def _call(self, path: str, **body: t.Any) -> int:
        admin = (self._awx.admin.username, self._awx.admin.password)
        answer = requests.post(f"{self._awx.url}/api/v2/{path}", json=body, auth=admin, timeout=30)
        assert answer.ok, answer.text
        return int(answer.json()["id"])

    @property
    def inputs(self) -> dict[str, t.Any]:
        return dict(self._awx.store.credentials.rows[self.id].inputs)

    def environment(self, files: Path) -> dict[str, str]:
        """What a job has to which it is attached."""
        return injected(files, {"netbird": self.inputs})


def test_the_job_of_awx_stores_all_inputs_of_its_credential(nights: Nights, tmp_path: Path) -> None:
    pat = nights.has("first", "awx")
    with Awx() as awx:
        credential = Credential(awx, pat=pat, token_id="first", api_url=nights.sandbox.url)
        book = nights.file("renew_awx.yml", **{"https://awx.example.com": awx.url})

        def job() -> Run:
            env = credential.environment(tmp_path / f"files-{len(list(tmp_path.iterdir()))}")
            variables: dict[str, t.Any] = {"netbird_credential_id": credential.id, "vault_awx_token": awx.admin.token}
            return nights.play(book, "-vvv", env=env, **variables)

        run = job()
        hidden(nights, run)
        new = next(one for one in nights.pats("awx") if one.id != "first")
        assert credential.inputs == {"pat": new.pat, "token_id": new.id, "api_url": nights.sandbox.url}
        again = job()
        assert again.of("Renew it when it is due").result["id"] == new.id
        assert again.of("Renew it when it is due").result["changed"] is False


# AWX up to 24.6.1, and later AWX.
@pytest.mark.parametrize("has_tokens", [True, False])
def test_the_example_job_of_awx_renews_and_keeps_what_it_does_not_know(
    nights: Nights, collections: Path, tmp_path: Path, has_tokens: bool
) -> None:
    pat = nights.has("first", "awx")
    other = {"api_url": nights.sandbox.url, "client_secret": "a-secret-that-has-to-stay"}
    with Awx(has_tokens=has_tokens) as awx:
        credential = Credential(awx, pat=pat, token_id="first", **other)
        # As the credential type of the platform injects them.
        secret = awx.admin.token if has_tokens else awx.admin.password
        signs_in = {"OAUTH_TOKEN": secret} if has_tokens else {"USERNAME": awx.admin.username, "PASSWORD": secret}
        platform = {f"CONTROLLER_{name}": value for name, value in {"HOST": awx.url, **signs_in}.items()}

        def job(name: str, **more: str) -> tuple[int, runner.Job]:
            env = {**platform, **credential.environment(tmp_path / f"{name}-files"), **more}
            one = runner.Job(tmp_path / name, collections, env)
            return runner.run(one, "renew.yml", {"renew_credential_id": credential.id}), one

        # That another credential is attached is found before anything is minted.
        status, one = job("wrong", NETBIRD_PAT_ID="another")
        assert status != 0
        assert "renew_credential_id is the number of another credential" in one.output
        assert len(nights.pats("awx")) == 1
        for name, changed in (("first", True), ("second", False)):
            status, one = job(name)
            assert status == 0, one.output
            new = next(each for each in nights.pats("awx") if each.id != "first")
            assert credential.inputs == {**other, "pat": new.pat, "token_id": new.id}
            results = one.results("Renew it when it is due")
            assert ["censored" in each for each in results] == [changed]
            assert not shown({*secrets_of(nights), other["client_secret"], secret}, one.contents())
        assert len(nights.pats("awx")) == 2


def test_netography_has_two_names_in_turn(nights: Nights) -> None:
    nights.sandbox.add_account(NetographyKey("key-a", "automation-a", "neto-sharedsecret-1", "neto-account-1"))
    secret = exports(nights.sandbox.url)["NETOSECRET"]
    first = nights.play(nights.file("netography.yml"), "-vvv", vault_netosecret=secret)
    keys = {one.appname: one for one in nights.sandbox.state.store.all(NetographyKey)}
    assert keys["automation-b"].appkey not in first.output
    assert keys["automation-b"].last_login is not None
    second = nights.play(nights.file("netography.yml"), vault_netosecret=secret)
    assert second.of("Make it").result["changed"] is False
    assert second.of("Sign in with it").status == "skipped"
    nights.play(nights.file("netography_later.yml"), vault_next_netosecret=secret)
    assert "automation-a" not in {one.appname for one in nights.sandbox.state.store.all(NetographyKey)}


def mint(**more: t.Any) -> Task:
    return {"name": "Mint", TASK: {"pat": make_pat("sandboxservice1"), "name": "hosts", **more}, "register": "minted"}


def test_p7_p11_of_many_hosts_one_mints_and_its_result_is_hidden(nights: Nights, tmp_path: Path) -> None:
    hosts: dict[str, dict[str, t.Any]] = {f"host{number}": {} for number in range(5)}
    book = playbook(tmp_path, [mint()], hosts="all")
    run = nights.play(book, "-vvv", hosts=hosts)
    assert len(nights.pats("hosts")) == 1
    hidden(nights, run)
    censored = [host for host in hosts if "censored" in run.of("Mint", host).result]
    assert len(censored) == 1
    assert run.says("run_once")
    assert len(re.findall(r"netbird_pat: minted hosts for the user service-1", run.output)) == 1


def test_p7_a_loop_mints_once_for_each_name_and_prints_no_item(nights: Nights, tmp_path: Path) -> None:
    task = mint(name="{{ item }}") | {"loop": ["one", "two", "one"]}
    shows = {"name": "Count", "ansible.builtin.debug": {"msg": "{{ minted.results | selectattr('changed') | length }}"}}
    run = nights.play(playbook(tmp_path, [task, shows]), "-vvv")
    assert [len(nights.pats(name)) for name in ("one", "two")] == [1, 1]
    assert run.of("Count").message in (2, "2")
    hidden(nights, run)


def test_p7_until_is_refused(nights: Nights, tmp_path: Path) -> None:
    task = mint() | {"until": "minted is success", "retries": 2, "delay": 0}
    run = nights.play(playbook(tmp_path, [task]), succeeds=False)
    assert run.says("has until or retries")
    assert nights.pats("hosts") == []


def test_p11_check_mode_has_no_token_and_is_not_hidden(nights: Nights, tmp_path: Path) -> None:
    run = nights.play(playbook(tmp_path, [mint()]), "--check")
    said = run.of("Mint").result
    assert (said["changed"], said["due"], "plain_token" in said) == (True, True, False)
    assert nights.pats("hosts") == []


def test_defaults_of_the_groups_sign_in(nights: Nights, tmp_path: Path) -> None:
    defaults = {
        "group/netapi.auth.all": {"timeout": 30, "set_facts": False},
        "group/netapi.auth.netbird": {"pat": make_pat("sandboxservice1"), "whoami": True},
        TASK: {"name": "hosts"},
    }
    task = {"name": "Mint", TASK: {}}
    nights.play(playbook(tmp_path, [task], module_defaults=defaults))
    assert len(nights.pats("hosts")) == 1


@pytest.mark.parametrize("module", ["netbird_pat", "netography_api_key"])
def test_the_examples_of_the_modules_run(nights: Nights, tmp_path: Path, module: str) -> None:
    (example,) = [each for each in examples.in_yaml(ROOT) if each.page == f"plugins/modules/{module}.py"]
    admin = make_pat("sandboxservice1")
    nights.has("deployers", "deploy", "service-d")
    nights.sandbox.add_account(NetBirdUser(make_pat("deployer"), "service-d", is_service_user=True, name="deployer"))
    own = nights.has("own", "nightly", left=60.0)
    key = NetographyKey("key-a", "automation-a", "neto-sharedsecret-1", "neto-account-1")
    nights.sandbox.add_account(key)
    secret = exports(nights.sandbox.url)["NETOSECRET"]
    book = tmp_path / "examples.yml"
    lines = "".join(f"    {line}\n" for line in example.text.splitlines())
    book.write_text(f"- hosts: localhost\n  gather_facts: false\n  tasks:\n{lines}", encoding="utf-8")
    run = nights.play(
        str(book),
        vault_admin_pat=admin,
        deployer_pat_id="deployers",
        stored_pat=own,
        stored_pat_id="own",
        vault_netosecret=secret,
        vault_next_netosecret=secret,
    )
    hidden(nights, run)
    if module == "netbird_pat":
        assert len(nights.pats("deploy", "service-d")) == 2
        assert run.of("Look at the token that signs in").result["id"] == "own"
