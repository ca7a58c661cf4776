# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to renewing credentials, its files run as they stand; and runs with hosts, loops and -vvv."""

from __future__ import annotations

import base64
import dataclasses
import json
import re
import time
import typing as t
from pathlib import Path

import pytest
import requests
from ansible.parsing.vault import VaultLib, VaultSecret

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
    here = {"renew.yml", "renew_other.yml", "remove.yml", "renew_awx.yml", "look.yml"}
    here |= {"renew_netography.yml", "remove_netography.yml"}
    assert set(FILES) == {*here, "renew_vault.yml", "renew_kubernetes.yml"}
    assert len(guide.in_yaml(guide.RENEWING)) == len(FILES)


_OPENED = VaultLib([("default", VaultSecret(PASSWORD.encode()))])


@dataclasses.dataclass
class Vault:
    """Files beside the playbooks, encrypted with ansible-vault, and how its password is given."""

    ansible: Ansible
    arguments: tuple[str, ...] = ()
    env: dict[str, str] = dataclasses.field(default_factory=dict)
    label: str | None = None

    def write(self, name: str, said: dict[str, str], password: str = PASSWORD) -> None:
        path = self.ansible.home / name
        own = {"netbird.yml": "netbird", "netography.yml": "netography"}.get(name)
        text = json.dumps({**said, **({f"{own}_vault_password": password} if own else {})})
        path.write_bytes(_OPENED.encrypt(text, vault_id=self.label))

    def read(self, name: str) -> dict[str, str]:
        text = (self.ansible.home / name).read_bytes()
        assert text.startswith(b"$ANSIBLE_VAULT;")
        found: dict[str, str] = json.loads(_OPENED.decrypt(text))
        return {name: said for name, said in found.items() if not name.endswith("_vault_password")}


# Each way in which a vault password is given, but a file that is its text, which the nightly job has. For the last two
# the example needs more than a path, so that Ansible itself reads again what was stored.
WAYS = ("an argument", "ansible.cfg", "a label", "a script", "a label that has to match")
CHOSEN = WAYS[-2:]


def _vault(ansible: Ansible, way: str = "a text") -> Vault:
    home = ansible.home
    word, script = home / "password", home / "password.sh"
    word.write_text(f"{PASSWORD}\n", "utf-8")
    script.write_text(f"#!/bin/sh\necho {PASSWORD}\n", "utf-8")
    script.chmod(0o700)
    if way == "ansible.cfg":
        (home / "ansible.cfg").write_text("[defaults]\nvault_password_file = password\n", "utf-8")
    arguments, env = {
        "a text": ((), {"ANSIBLE_VAULT_PASSWORD_FILE": str(word)}),
        "a script": ((), {"ANSIBLE_VAULT_PASSWORD_FILE": str(script)}),
        "an argument": (("--vault-password-file", str(word)), {}),
        "ansible.cfg": ((), {"ANSIBLE_CONFIG": str(home / "ansible.cfg")}),
        "a label": (("--vault-id", f"nightly@{script}"), {}),
        "a label that has to match": (("--vault-id", f"nightly@{word}"), {"ANSIBLE_VAULT_ID_MATCH": "true"}),
    }[way]
    return Vault(ansible, arguments, env, "nightly" if "label" in way else None)


def _encrypted(nights: Nights, stored: dict[str, str]) -> dict[str, str]:
    """The encrypted file beside the playbook, and the environment that opens it."""
    vault = _vault(nights.ansible)
    vault.write("netbird.yml", stored)
    return vault.env


def _stored(nights: Nights, env: dict[str, str]) -> dict[str, str]:
    return Vault(nights.ansible, env=env).read("netbird.yml")


@pytest.mark.parametrize("way", WAYS)
def test_p12_what_is_stored_is_read_the_next_night_however_the_password_is_given(nights: Nights, way: str) -> None:
    vault = _vault(nights.ansible, way)
    vault.write("netbird.yml", {"netbird_auth_pat": nights.has("first", "nightly"), "netbird_pat_id": "first"})
    head = (nights.ansible.home / "netbird.yml").read_text("utf-8").splitlines()[0]
    book = nights.file("renew.yml")
    run = nights.play(book, *vault.arguments, "-vvv", "--diff", env=vault.env)
    hidden(nights, run)
    assert PASSWORD not in run.output
    stored = vault.read("netbird.yml")
    assert stored["netbird_pat_id"] != "first"
    assert (nights.ansible.home / "netbird.yml").read_text("utf-8").splitlines()[0] == head
    if way in CHOSEN:
        again = nights.play(book, *vault.arguments, env=vault.env)
        assert again.of("Renew it when it is due").result["id"] == stored["netbird_pat_id"]


@pytest.mark.parametrize("fault", ["another password", "no password", "not encrypted"])
def test_p12_a_job_that_cannot_store_mints_nothing(nights: Nights, fault: str) -> None:
    vault = _vault(nights.ansible)
    said = {"netbird_auth_pat": nights.has("first", "nightly"), "netbird_pat_id": "first"}
    vault.write("netbird.yml", said, {"another password": "another", "no password": ""}.get(fault, PASSWORD))
    if fault == "not encrypted":
        assert nights.ansible.command("vault", "decrypt", "netbird.yml", env=vault.env).status == 0
    before = (nights.ansible.home / "netbird.yml").read_text("utf-8")
    run = nights.play(nights.file("renew.yml"), "-vvv", env=vault.env, succeeds=False)
    assert run.of("Make sure that what is stored can be decrypted the next night").status == "failed"
    hidden(nights, run)
    assert PASSWORD not in run.output
    assert list(nights.pats("nightly")) == [one for one in nights.pats("nightly") if one.id == "first"]
    assert (nights.ansible.home / "netbird.yml").read_text("utf-8") == before


def test_p2_p3_p8_the_first_night_force_and_the_removal_of_the_first_token(nights: Nights) -> None:
    first = nights.has("first", "by-hand")
    vault = _vault(nights.ansible)
    vault.write("netbird.yml", {"netbird_auth_pat": first})
    book = nights.file("renew.yml")
    nights.play(book, env=vault.env)
    (one,) = [pat.id for pat in nights.pats("nightly")]
    assert vault.read("netbird.yml")["netbird_pat_id"] == one
    nights.play(book, "-e", "force=true", env=vault.env)
    assert vault.read("netbird.yml")["netbird_pat_id"] != one
    remove = nights.file("remove.yml")
    said = ("-e", "token_name=by-hand", "-e", "token_id=first")
    assert nights.play(remove, *said, env=vault.env).of("Remove it").result["removed"] == ["first"]
    assert nights.play(remove, *said, env=vault.env).says("so nothing was removed")
    # The token in the place of its id.
    run = nights.play(remove, "-e", "token_name=by-hand", "-e", f"token_id={first}", env=vault.env, succeeds=False)
    assert run.says("token_id, from the argument token_id, has a secret for its value. Give the id of the token")
    assert first not in run.output


def test_p2_an_admin_renews_the_token_of_another_service_user(nights: Nights) -> None:
    user = "service-d"
    due = nights.has("due", "deploy", user)
    nights.sandbox.add_account(NetBirdUser(due, user, is_service_user=True, role="user", name="deployer"))
    vault = _vault(nights.ansible, "a label that has to match")
    vault.write("netbird.yml", {"netbird_auth_pat": nights.has("own", "nightly", left=60.0), "netbird_pat_id": "own"})
    vault.write("deployer.yml", {"deployer_pat": due, "deployer_pat_id": "due"})
    book = nights.file("renew_other.yml")
    hidden(nights, nights.play(book, *vault.arguments, "-vvv", env=vault.env))
    stored = vault.read("deployer.yml")
    assert {one.id: one.pat for one in nights.pats("deploy", user)}[stored["deployer_pat_id"]] == stored["deployer_pat"]
    assert stored["deployer_pat"] != due
    # Nobody has used the old one for nine days.
    again = nights.play(book, *vault.arguments, env=vault.env).of("Renew it when it is due").result
    assert (again["id"], again["removed"]) == (stored["deployer_pat_id"], ["due"])


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
    assert look.of("Tell from 30 days ahead").status == "skipped"
    assert look.of("Tell that the stored token is gone").status == "skipped"


SAID = {
    30.5: "The token first ends in 30 days.",
    16.5: "The token first ends in 16 days.",
    6.5: "The token first ends in 6 days. Its renewal is broken.",
}


@pytest.mark.parametrize("left", SAID)
def test_the_look_tells_days_ahead(nights: Nights, left: float) -> None:
    pat = nights.has("first", "nightly", left=left)
    env = _encrypted(nights, {"netbird_auth_pat": pat, "netbird_pat_id": "first"})
    run = nights.play(nights.file("look.yml"), env=env)
    assert run.of("Look").result["due"] is (left < 30)
    assert run.of("Tell from 30 days ahead").message.strip() == SAID[left]
    assert run.of("Tell that the stored token is gone").status == "skipped"
    assert len(nights.pats("nightly")) == 1


def test_the_look_tells_that_the_token_is_gone(nights: Nights) -> None:
    env = _encrypted(nights, {"netbird_auth_pat": nights.has("first", "nightly"), "netbird_pat_id": "gone"})
    run = nights.play(nights.file("look.yml"), env=env)
    assert run.of("Tell that the stored token is gone").status == "ok"
    assert run.of("Tell from 30 days ahead").status == "skipped"


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
        # How it signs in is no matter of the second night.
        for name, changed in (("first", True), ("second", False))[: 1 + has_tokens]:
            status, one = job(name)
            assert status == 0, one.output
            new = next(each for each in nights.pats("awx") if each.id != "first")
            assert credential.inputs == {**other, "pat": new.pat, "token_id": new.id}
            results = one.results("Renew it when it is due")
            assert ["censored" in each for each in results] == [changed]
            assert not shown({*secrets_of(nights), other["client_secret"], secret}, one.contents())
        assert len(nights.pats("awx")) == 2


def test_netography_has_two_names_in_turn(nights: Nights) -> None:
    parts = {"shortname": "neto-account-1", "appname": "automation-a", "appkey": "key-a"}
    parts |= {"sharedsecret": "neto-sharedsecret-1", "url": nights.sandbox.url}
    nights.sandbox.add_account(NetographyKey("key-a", "automation-a", "neto-sharedsecret-1", "neto-account-1"))

    def keys() -> dict[str, NetographyKey]:
        return {one.appname: one for one in nights.sandbox.state.store.all(NetographyKey)}

    def used() -> str:
        text = base64.b64decode(vault.read("netography.yml")["netography_auth_netosecret"])
        return str(json.loads(text)["appname"])

    vault = _vault(nights.ansible, "a script")
    secret = base64.b64encode(json.dumps(parts).encode()).decode()
    vault.write("netography.yml", {"netography_auth_netosecret": secret})
    renew, remove = nights.file("renew_netography.yml"), nights.file("remove_netography.yml")
    first = nights.play(renew, "-vvv", "--diff", env=vault.env)
    assert not [one for one in ("key-a", keys()["automation-b"].appkey, PASSWORD) if one in first.output]
    assert keys()["automation-b"].last_login is not None
    assert used() == "automation-b"
    second = nights.play(renew, env=vault.env)
    assert second.of("Make it").result["changed"] is False
    assert second.of("Store it").status == "skipped"
    assert "The API key automation-a is there already" in second.of("Say that it is there already").message
    assert used() == "automation-b"
    nights.play(remove, env=vault.env)
    assert "automation-a" not in keys()
    assert nights.play(remove, env=vault.env).says("no API key of the name that appname says")
    nights.play(renew, env=vault.env)
    assert used() == "automation-a"


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
