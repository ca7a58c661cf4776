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
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, NetographyKey, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.cli import exports
from ansible_collections.netapi.auth.tests.support import guide, runner
from ansible_collections.netapi.auth.tests.support.options import addresses
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run, inventory
from ansible_collections.netapi.auth.tests.support.records import shown
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.support.tasks import Task, plays
from ansible_collections.netapi.auth.tests.tools import examples
from ansible_collections.netapi.auth.tests.unit.plugins.credential_types import injected, shipped

DAY = 86400.0
FILES = guide.files(guide.RENEWING)
# With which each begins.
PASSWORD = "the-password-of-a-vault"
TASK = "netapi.auth.netbird_pat"
OWNER = "service-1"


@dataclasses.dataclass
class Nights:
    """Users whose stored tokens are due, and the runs that renew them."""

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

    def due(self, user: str, label: str | None = None, left: float = 5.0) -> Vault:
        """The directory of a user's nightly job, whose first token ends so soon."""
        id = f"first{user}"
        vault = Vault(self.ansible.home / user, label)
        vault.write("netbird.yml", {"netbird_auth_pat": self.has(id, "nightly", user, left), "netbird_pat_id": id})
        return vault

    def play(
        self, *arguments: str, succeeds: bool = True, env: dict[str, str] | None = None, **variables: t.Any
    ) -> Run:
        """One run of the playbooks with which the arguments begin."""
        path = inventory(self.ansible.home, variables.pop("hosts", {"localhost": {}}), **variables)
        env = {**addresses(self.sandbox), **(env or {})}
        return self.ansible.play(*arguments, "-i", path, env=env, succeeds=succeeds)


@pytest.fixture
def nights(sandbox: Sandbox, ansible: Ansible) -> Nights:
    return Nights(sandbox, ansible)


def secrets_of(nights: Nights) -> list[str]:
    return [one.pat for one in nights.sandbox.state.store.all(NetBirdPat)]


def hidden(nights: Nights, run: Run) -> None:
    assert not [secret for secret in (*secrets_of(nights), PASSWORD) if secret in run.output]


def results(run: Run, task: str) -> list[dict[str, t.Any]]:
    """What the task of a file ended with, each time that the file was run."""
    return [one.result for one in run.outcomes if one.task == task]


def test_every_file_of_the_guide_is_run_here_or_by_the_target_stores() -> None:
    here = {"renew.yml", "renew_other.yml", "remove.yml", "renew_awx.yml", "look.yml"}
    here |= {"renew_netography.yml", "remove_netography.yml"}
    assert set(FILES) == {*here, "renew_vault.yml", "renew_kubernetes.yml"}
    assert len(guide.in_yaml(guide.RENEWING)) == len(FILES)


class Vault:
    """A directory with files of the guide, and with others that are encrypted with a password of its own.

    :ivar text: the path of a file that is the password; `script` is one that prints it.
    """

    def __init__(self, place: Path, label: str | None = None) -> None:
        place.mkdir()
        self.place = place
        self._label = label
        self._password = f"{PASSWORD}-{place.name}"
        self._opened = VaultLib([("default", VaultSecret(self._password.encode()))])
        self.text, self.script = str(place / "password"), str(place / "password.sh")
        Path(self.text).write_text(f"{self._password}\n", "utf-8")
        Path(self.script).write_text(f"#!/bin/sh\necho {self._password}\n", "utf-8")
        Path(self.script).chmod(0o700)
        self.env = {"ANSIBLE_VAULT_PASSWORD_FILE": self.text}

    def book(self, name: str) -> str:
        """A file of the guide as it stands."""
        (self.place / name).write_text(FILES[name], "utf-8")
        return str(self.place / name)

    def content(self, name: str = "netbird.yml") -> str:
        return (self.place / name).read_text("utf-8")

    def write(self, name: str, said: dict[str, str], **more: str) -> None:
        own = {} if name == "deployer.yml" else {f"{name.removesuffix('.yml')}_vault_password": self._password}
        text = json.dumps({**said, **own, **more})
        (self.place / name).write_bytes(self._opened.encrypt(text, vault_id=self._label))

    def read(self, name: str = "netbird.yml") -> dict[str, str]:
        text = self.content(name)
        assert text.startswith("$ANSIBLE_VAULT;")
        found: dict[str, str] = json.loads(self._opened.decrypt(text))
        return {name: said for name, said in found.items() if not name.endswith("_vault_password")}


def first_night(nights: Nights, vaults: list[Vault], *arguments: str, env: dict[str, str]) -> None:
    """Run the job of each, and see that it stores a token in a file that keeps its label, and shows no secret."""
    heads = [vault.content().splitlines()[0] for vault in vaults]
    books = [vault.book("renew.yml") for vault in vaults]
    hidden(nights, nights.play(*books, *arguments, "-vvv", "--diff", env=env))
    assert [vault.content().splitlines()[0] for vault in vaults] == heads
    for vault in vaults:
        user = vault.place.name
        pats, stored = {one.id: one.pat for one in nights.pats("nightly", user)}, vault.read()
        assert pats.pop(stored["netbird_pat_id"]) == stored["netbird_auth_pat"]
        assert list(pats) == [f"first{user}"]


def test_p2_p5_p12_the_nightly_job_renews_then_does_nothing_and_removes_what_was_replaced_a_week_later(
    nights: Nights,
) -> None:
    text, argument, label = vaults = [nights.due("text"), nights.due("argument"), nights.due("label", "nightly")]
    given = ("--vault-password-file", argument.text, "--vault-id", f"nightly@{label.script}")
    first_night(nights, vaults, *given, env=text.env)
    stored = [vault.read() for vault in vaults]
    # The second night of one, whose first token was used a moment ago; for another a week has passed.
    for one in nights.pats("nightly", "argument"):
        nights.sandbox.add_account(dataclasses.replace(one, created_at=one.created_at - 9 * DAY, last_used=None))
    books = text.book("renew.yml"), text.book("look.yml"), argument.book("renew.yml")
    run = nights.play(*books, *given, env=text.env)
    second, later = results(run, "Renew it when it is due")
    assert (second["changed"], second["kept"], later["removed"]) == (False, ["firsttext"], ["firstargument"])
    assert [vault.read() for vault in vaults] == stored
    assert run.of("Look").result["due"] is False
    assert run.of("Tell from 30 days ahead").status == "skipped"
    assert run.of("Tell that the stored token is gone").status == "skipped"


def test_p12_what_is_stored_is_read_the_next_night_by_a_script_of_ansible_cfg_and_a_label_that_has_to_match(
    nights: Nights,
) -> None:
    script, label = vaults = [nights.due("script"), nights.due("label", "nightly")]
    config = script.place / "ansible.cfg"
    config.write_text("[defaults]\nvault_password_file = password.sh\n", "utf-8")
    given = ("--vault-id", f"nightly@{label.text}")
    env = {"ANSIBLE_CONFIG": str(config), "ANSIBLE_VAULT_ID_MATCH": "true"}
    first_night(nights, vaults, *given, env=env)
    again = nights.play(*(vault.book("renew.yml") for vault in vaults), *given, env=env)
    ids = [result["id"] for result in results(again, "Renew it when it is due")]
    assert ids == [vault.read()["netbird_pat_id"] for vault in vaults]


def test_p12_a_job_that_cannot_store_mints_nothing(nights: Nights) -> None:
    """Each failure but the last is rescued, so that the next job is run."""
    plain, none, another = vaults = [nights.due(fault) for fault in ("plain", "none", "another")]
    text = json.dumps(plain.read() | {"netbird_vault_password": f"{PASSWORD}-plain"})
    (plain.place / "netbird.yml").write_text(text, "utf-8")
    none.write("netbird.yml", none.read(), netbird_vault_password="")
    another.write("netbird.yml", another.read(), netbird_vault_password=f"{PASSWORD}-plain")
    before = [vault.content() for vault in vaults]
    books = [vault.book("renew.yml") for vault in vaults]
    for book in books[:-1]:
        (play,) = yaml.safe_load(FILES["renew.yml"])
        play["tasks"] = [{"block": play["tasks"], "rescue": [{"ansible.builtin.meta": "noop"}]}]
        Path(book).write_text(yaml.safe_dump([play]), "utf-8")
    given = ("--vault-password-file", none.text, "--vault-password-file", another.text)
    run = nights.play(*books, *given, "-vvv", succeeds=False)
    failed = [(one.task, one.status) for one in run.outcomes if one.status != "ok"]
    assert failed == [("Make sure that what is stored can be decrypted the next night", "failed")] * 3
    hidden(nights, run)
    ids = [[one.id for one in nights.pats("nightly", vault.place.name)] for vault in vaults]
    assert ids == [["firstplain"], ["firstnone"], ["firstanother"]]
    assert [vault.content() for vault in vaults] == before


def test_p2_p3_p8_the_first_night_force_and_the_removal_of_the_first_token(nights: Nights) -> None:
    vault = Vault(nights.ansible.home / "files")
    first = nights.has("first", "by-hand")
    vault.write("netbird.yml", {"netbird_auth_pat": first})
    books = vault.book("renew.yml"), vault.book("remove.yml")
    # The token in the place of its id.
    said = ("-e", "token_name=by-hand", "-e")
    run = nights.play(*books, *said, f"token_id={first}", env=vault.env, succeeds=False)
    (one,) = [pat.id for pat in nights.pats("nightly")]
    assert vault.read()["netbird_pat_id"] == one
    assert run.says("token_id, from the argument token_id, has a secret for its value. Give the id of the token")
    assert first not in run.output
    run = nights.play(*books, books[1], *said, "token_id=first", "-e", "force=true", env=vault.env)
    assert vault.read()["netbird_pat_id"] != one
    assert [result["removed"] for result in results(run, "Remove it")] == [["first"], []]
    assert run.says("so nothing was removed")


def test_p2_an_admin_renews_the_token_of_another_service_user(nights: Nights) -> None:
    user = "service-d"
    due = nights.has("due", "deploy", user)
    nights.sandbox.add_account(NetBirdUser(due, user, is_service_user=True, role="user", name="deployer"))
    vault = nights.due("admin", "nightly", left=60.0)
    vault.write("deployer.yml", {"deployer_pat": due, "deployer_pat_id": "due"})
    said = (vault.book("renew_other.yml"), "--vault-id", f"nightly@{vault.text}")
    env = {"ANSIBLE_VAULT_ID_MATCH": "true"}
    hidden(nights, nights.play(*said, "-vvv", env=env))
    stored = vault.read("deployer.yml")
    assert {one.id: one.pat for one in nights.pats("deploy", user)}[stored["deployer_pat_id"]] == stored["deployer_pat"]
    assert stored["deployer_pat"] != due
    # Nobody has used the old one for nine days.
    again = nights.play(*said, env=env).of("Renew it when it is due").result
    assert (again["id"], again["removed"]) == (stored["deployer_pat_id"], ["due"])


def test_the_look_tells_days_ahead_and_that_the_token_is_gone(nights: Nights) -> None:
    said = {
        30: "The token first30 ends in 30 days.",
        16: "The token first16 ends in 16 days.",
        6: "The token first6 ends in 6 days. Its renewal is broken.",
    }
    vaults = [nights.due(str(days), left=days + 0.5) for days in said] + [nights.due("gone")]
    vaults[-1].write("netbird.yml", vaults[-1].read(), netbird_pat_id="gone")
    given = [f"--vault-password-file={vault.text}" for vault in vaults]
    run = nights.play(*(vault.book("look.yml") for vault in vaults), *given)
    assert [result["due"] for result in results(run, "Look")] == [False, True, True, True]
    days = [one for one in run.outcomes if one.task == "Tell from 30 days ahead"]
    gone = [one for one in run.outcomes if one.task == "Tell that the stored token is gone"]
    assert [one.message.strip() for one in days[:-1]] == list(said.values())
    assert days[-1].status == "skipped"
    assert [one.status for one in gone] == ["skipped", "skipped", "skipped", "ok"]
    assert [len(nights.pats("nightly", vault.place.name)) for vault in vaults] == [1, 1, 1, 1]


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
        text = FILES["renew_awx.yml"]
        assert "https://awx.example.com" in text
        book = tmp_path / "renew_awx.yml"
        book.write_text(text.replace("https://awx.example.com", awx.url), "utf-8")

        def job() -> Run:
            env = credential.environment(tmp_path / f"files-{len(list(tmp_path.iterdir()))}")
            variables: dict[str, t.Any] = {"netbird_credential_id": credential.id, "vault_awx_token": awx.admin.token}
            return nights.play(str(book), "-vvv", env=env, **variables)

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

        # How it signs in is no matter of these: that another credential is attached is found before anything is minted,
        # and the second night.
        if not has_tokens:
            status, one = job("wrong", NETBIRD_PAT_ID="another")
            assert status != 0
            assert "renew_credential_id is the number of another credential" in one.output
            assert len(nights.pats("awx")) == 1
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

    vault = Vault(nights.ansible.home / "files")
    env = {"ANSIBLE_VAULT_PASSWORD_FILE": vault.script}
    secret = base64.b64encode(json.dumps(parts).encode()).decode()
    vault.write("netography.yml", {"netography_auth_netosecret": secret})
    renew, remove = vault.book("renew_netography.yml"), vault.book("remove_netography.yml")
    first = nights.play(renew, "-vvv", "--diff", env=env)
    assert not [one for one in ("key-a", keys()["automation-b"].appkey, PASSWORD) if one in first.output]
    assert keys()["automation-b"].last_login is not None
    assert used() == "automation-b"
    # Each reads the file as that night left it.
    run = nights.play(renew, remove, remove, renew, env=env)
    assert [result["changed"] for result in results(run, "Make it")] == [False, True]
    assert [one.status for one in run.outcomes if one.task == "Store it"] == ["skipped", "ok"]
    said = next(one.message for one in run.outcomes if one.task == "Say that it is there already")
    assert "The API key automation-a is there already" in said
    assert [result["changed"] for result in results(run, "Remove it")] == [True, False]
    assert run.says("no API key of the name that appname says")
    assert keys()["automation-a"].appkey != "key-a"
    assert used() == "automation-a"


def mint(name: str) -> Task:
    return {"name": "Mint", TASK: {"pat": make_pat("sandboxservice1"), "name": name}, "register": "minted"}


HOSTS: dict[str, dict[str, t.Any]] = {f"host{number}": {} for number in range(5)}
SHOWS = {"name": "Count", "ansible.builtin.debug": {"msg": "{{ minted.results | selectattr('changed') | length }}"}}
REPEATED = {"until": "minted is success", "retries": 2, "delay": 0, "ignore_errors": True}
DEFAULTS = {
    "group/netapi.auth.all": {"timeout": 30, "set_facts": False},
    "group/netapi.auth.netbird": {"pat": make_pat("sandboxservice1"), "whoami": True},
    TASK: {"name": "defaults"},
}


@pytest.fixture(scope="module")
def minted(shared_ansible: Ansible) -> Iterator[tuple[Nights, Run]]:
    """A run with a play for each of the tests below."""
    book = plays(
        shared_ansible.home,
        {"name": "hosts", "hosts": "all", "tasks": [mint("hosts")]},
        {"name": "loop", "tasks": [mint("{{ item }}") | {"loop": ["one", "two", "one"]}, SHOWS]},
        {"name": "until", "tasks": [mint("until") | REPEATED]},
        {"name": "check", "tasks": [mint("check")], "check_mode": True},
        {"name": "defaults", "tasks": [{"name": "Mint", TASK: {}}], "module_defaults": DEFAULTS},
    )
    with Sandbox() as sandbox:
        nights = Nights(sandbox, shared_ansible)
        yield nights, nights.play(book, "-vvv", hosts=HOSTS)


def test_p7_p11_of_many_hosts_one_mints_and_its_result_is_hidden(minted: tuple[Nights, Run]) -> None:
    nights, run = minted
    assert len(nights.pats("hosts")) == 1
    hidden(nights, run)
    censored = [host for host in HOSTS if "censored" in run.of("Mint", host).result]
    assert len(censored) == 1
    assert run.says("run_once")
    assert len(re.findall(r"netbird_pat: minted hosts for the user service-1", run.output)) == 1


def test_p7_a_loop_mints_once_for_each_name_and_prints_no_item(minted: tuple[Nights, Run]) -> None:
    nights, run = minted
    assert [len(nights.pats(name)) for name in ("one", "two")] == [1, 1]
    assert run.of("Count").message in (2, "2")
    hidden(nights, run)


def test_p7_until_is_refused(minted: tuple[Nights, Run]) -> None:
    nights, run = minted
    assert "has until or retries" in run.of("Mint", play="until").message
    assert nights.pats("until") == []


def test_p11_check_mode_has_no_token_and_is_not_hidden(minted: tuple[Nights, Run]) -> None:
    nights, run = minted
    said = run.of("Mint", play="check").result
    assert (said["changed"], said["due"], "plain_token" in said) == (True, True, False)
    assert nights.pats("check") == []


def test_defaults_of_the_groups_sign_in(minted: tuple[Nights, Run]) -> None:
    assert len(minted[0].pats("defaults")) == 1


def test_the_examples_of_the_modules_run(nights: Nights) -> None:
    texts = [each.text for each in examples.in_yaml(ROOT) if each.page in guide.ROTATION_PLUGINS]
    nights.has("deployers", "deploy", "service-d")
    nights.sandbox.add_account(NetBirdUser(make_pat("deployer"), "service-d", is_service_user=True, name="deployer"))
    own = nights.has("own", "nightly", left=60.0)
    nights.sandbox.add_account(NetographyKey("key-a", "automation-a", "neto-sharedsecret-1", "neto-account-1"))
    secret = exports(nights.sandbox.url)["NETOSECRET"]
    assert len(texts) == 2
    run = nights.play(
        plays(nights.ansible.home, *({"tasks": yaml.safe_load(text)} for text in texts)),
        vault_admin_pat=make_pat("sandboxservice1"),
        deployer_pat_id="deployers",
        stored_pat=own,
        stored_pat_id="own",
        vault_netosecret=secret,
        vault_next_netosecret=secret,
    )
    hidden(nights, run)
    assert len(nights.pats("deploy", "service-d")) == 2
    assert run.of("Look at the token that signs in").result["id"] == "own"
