# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules K1 to K5 of netography_api_key; each test names its rules."""

from __future__ import annotations

import base64
import dataclasses
import json
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._token import timestamp
from ansible_collections.netapi.auth.tests.sandbox import NetographyKey, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

TASK = "netapi.auth.netography_api_key"
KEYS = "/api/v1/api-keys"
PARTS = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "neto-appkey-1"}
PARTS |= {"sharedsecret": "neto-sharedsecret-1"}


def bundle(url: str, **parts: str) -> str:
    said = {"url": f"{url}/api/v1", **PARTS, **parts}
    return base64.b64encode(json.dumps(said).encode()).decode()


@dataclasses.dataclass
class Account:
    sandbox: Sandbox
    ansible: Ansible
    heard: list[str]

    def task(self, appname: str | None = "next", *, check: bool = False, **arguments: t.Any) -> dict[str, t.Any]:
        self.heard.clear()
        said = {"netosecret": bundle(self.sandbox.url), "appname": appname, **arguments}
        said = {name: value for name, value in said.items() if value is not None}
        return self.ansible.action(TASK, said, check=check)

    def there(self) -> dict[str, NetographyKey]:
        every = self.sandbox.state.store.all(NetographyKey)
        return {one.appname: one for one in every if one.shortname == PARTS["shortname"]}

    def change(self, **values: t.Any) -> None:
        self.sandbox.add_account(dataclasses.replace(self.there()[PARTS["appname"]], **values))

    def count(self, method: str, path: str = KEYS) -> int:
        return sum(one.method == method and one.path.startswith(path) for one in self.sandbox.state.requests)


@pytest.fixture
def account(sandbox: Sandbox, ansible: Ansible, heard: list[str]) -> Account:
    return Account(sandbox, ansible, heard)


def test_k1_a_key_is_made_with_the_roles_of_the_one_that_signs_in_and_its_secret_signs_in(account: Account) -> None:
    assert account.task(check=True)["changed"] is True
    assert account.count("POST") == 0
    result = account.task()
    assert (result["changed"], result["roles"], result["_ansible_no_log"]) == (True, ["admin"], True)
    said = json.loads(base64.b64decode(result["netosecret"]))
    made = account.there()["next"]
    assert said == {"url": f"{account.sandbox.url}/api/v1", **PARTS, "appname": "next", "appkey": made.appkey}
    assert account.ansible.task_result("netography", netosecret=result["netosecret"])["access_token"]
    second = account.task()
    assert second["changed"] is False
    assert second["last_login"] == timestamp(made_at(account))
    assert "netosecret" not in second
    assert account.heard == []


def made_at(account: Account) -> float:
    login = account.there()["next"].last_login
    assert login is not None
    return login


@pytest.mark.parametrize("said", ["2026-01-01", "", 10**20, True, None])
def test_k2_a_login_that_is_no_time_is_shown_as_it_was_said(account: Account, said: t.Any) -> None:
    about = {"appname": "next", "roles": ["admin"], "last_login": said}
    account.sandbox.fault(f"{KEYS}/next", method="GET", body=json.dumps({"data": about}))
    assert account.task()["last_login"] == said


def test_k1_parts_from_variables_sign_in_as_well(account: Account) -> None:
    account.ansible.variables = {f"netography_auth_{name}": value for name, value in PARTS.items()}
    account.ansible.variables["netography_auth_api_url"] = account.sandbox.url
    result = account.task(netosecret=None, roles=["viewer"])
    said = json.loads(base64.b64decode(result["netosecret"]))
    assert said["url"] == account.sandbox.url
    assert account.there()["next"].roles == ("viewer",)
    assert account.ansible.task_result("netography", netosecret=result["netosecret"], appname=None)["access_token"]


def test_k1_where_the_own_roles_may_not_be_read_the_error_names_the_option(account: Account) -> None:
    account.change(reads_keys=False)
    with pytest.raises(Refused, match="roles is not set"):
        account.task()
    assert account.task(roles=["viewer"])["changed"] is True


def test_k2_one_that_has_never_logged_in_is_left_alone_with_a_warning(account: Account) -> None:
    account.task()
    result = account.task()
    assert (result["changed"], result["last_login"]) == (False, None)
    assert "perhaps nobody stored" in " ".join(account.heard)
    assert account.count("POST") == 1


def test_k2_so_is_one_that_may_not_be_read_where_the_post_says_that_it_exists(account: Account) -> None:
    account.task()
    account.change(reads_keys=False)
    result = account.task(roles=["viewer"])
    assert (result["changed"], "netosecret" in result) == (False, False)


def test_k2_a_role_that_does_not_exist_is_a_refusal_and_no_key_that_does(account: Account) -> None:
    body = json.dumps({"message": "role does not exist"})
    account.sandbox.fault(KEYS, method="POST", status=400, body=body)
    with pytest.raises(Refused, match="role does not exist"):
        account.task(roles=["viewre"])


@pytest.mark.parametrize("state", ["present", "absent"])
@pytest.mark.parametrize("body", ["{}", "[]", '{"data": null}', '{"data": []}', None])
def test_k2_an_answer_that_describes_no_key_is_none_that_exists(account: Account, body: str | None, state: str) -> None:
    account.sandbox.fault(f"{KEYS}/next", method="GET", body=body, status=500 if body is None else 200)
    with pytest.raises(Refused, match="status 500" if body is None else "did not describe the API key"):
        account.task(state=state, retries=0)
    assert account.count("POST") + account.count("DELETE") == 0


def test_k2_what_is_said_of_a_key_is_shown_without_a_secret(account: Account) -> None:
    said = {"appname": "next", "roles": [PARTS["sharedsecret"]], "last_login": PARTS["sharedsecret"]}
    account.sandbox.fault(f"{KEYS}/next", method="GET", body=json.dumps({"data": said}))
    result = account.task()
    assert (result["roles"], result["last_login"]) == (["********"], "********")


LOST: dict[str, dict[str, t.Any]] = {
    "500": {"status": 500},
    "503": {"status": 503},
    "cut": {"cut": True},
    "HTML": {"body": "<html>"},
    "no key": {"body": '{"data": {}}'},
}


@pytest.mark.parametrize("fault", LOST)
def test_k3_the_post_is_not_repeated_after_a_lost_answer_or_a_5xx(account: Account, fault: str) -> None:
    account.sandbox.fault(KEYS, method="POST", times=1, **LOST[fault])
    with pytest.raises(Refused, match=r"may have been made.*absent"):
        account.task()
    assert account.count("POST") == 1
    # What the sentence says.
    account.task(state="absent")
    assert account.task()["changed"] is True


def test_k3_a_429_made_nothing(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account.sandbox.fault(KEYS, method="POST", times=1, status=429)
    assert account.task()["changed"] is True


def test_k4_absent_removes_it_and_never_the_one_that_signs_in(account: Account) -> None:
    account.task()
    assert account.task(state="absent", check=True)["changed"] is True
    assert "next" in account.there()
    assert account.task(state="absent")["changed"] is True
    assert "next" not in account.there()
    assert account.heard == []
    assert account.task(state="absent")["changed"] is False
    assert "no API key of the name that appname says" in " ".join(account.heard)
    with pytest.raises(Refused, match="never removed"):
        account.task(PARTS["appname"], state="absent")
    account.change(reads_keys=False)
    assert account.task(state="absent")["changed"] is False


def test_k4_a_page_is_no_removal(account: Account) -> None:
    account.task()
    page = {"status": 200, "body": "<html>", "content_type": "text/html"}
    account.sandbox.fault(f"{KEYS}/next", method="DELETE", times=1, **page)
    with pytest.raises(Refused, match="Netography sent an HTML page"):
        account.task(state="absent")
    assert "next" in account.there()
    assert account.task(state="absent")["changed"] is True


def test_k5_a_key_is_never_regenerated(account: Account) -> None:
    account.task()
    account.task(roles=["viewer"])
    assert account.count("PUT") == 0
    assert account.there()["next"].roles == ("admin",)


BAD_INPUT: dict[str, tuple[dict[str, t.Any], str]] = {
    "no name": ({"appname": None}, "appname is not set"),
    "a name that is a step of an address": ({"appname": ".."}, "appname must not be a dot"),
    "the removal of such a name": ({"appname": ".", "state": "absent"}, "appname must not be a dot"),
    "two roles": ({"roles": ["a", "b"]}, "at most one role"),
    "two roles in a text": ({"roles": "a,b"}, "at most one role"),
    "a blank name": ({"appname": " "}, "appname, from the argument appname, is blank"),
    "roles that begin as a list": ({"roles": "[admin"}, "at most one role"),
    "roles as a dictionary": ({"roles": {"admin": True}}, "at most one role"),
    "another method": ({"password": "x"}, "password is no option"),
    "a part of a key": ({"sharedsecret": "x"}, "sharedsecret is no option"),
    "role": ({"role": "x"}, "role is no option.*roles"),
    "no credential": ({"netosecret": None}, "api_key.*needs netosecret or sharedsecret"),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_has_its_sentence_and_makes_nothing(account: Account, case: str) -> None:
    arguments, sentence = BAD_INPUT[case]
    with pytest.raises(Refused, match=sentence):
        account.task(**{"appname": "next", **arguments})
    assert account.count("POST") == 0


@pytest.mark.parametrize("option", ["appname", "roles"])
@pytest.mark.parametrize("secret", ["netosecret", "appkey", "sharedsecret", "pat"])
def test_k1_a_secret_in_the_place_of_a_name_is_refused_and_not_shown(
    account: Account, secret: str, option: str
) -> None:
    said = {**PARTS, "netosecret": bundle(account.sandbox.url), "pat": make_pat("swapped")}[secret]
    for state in ("present", "absent"):
        arguments: dict[str, t.Any] = {"state": state, option: [said] if option == "roles" else said}
        with pytest.raises(Refused, match=f"^{option}, from the argument {option}, has a secret") as refused:
            account.task(**arguments)
        assert said not in str(refused.value) + " ".join(account.heard)
    assert account.sandbox.state.requests == []


@pytest.mark.parametrize("keyword", [{"until": ["true"]}, {"retries": 2}])
def test_until_and_retries_are_refused(account: Account, keyword: dict[str, t.Any]) -> None:
    with pytest.raises(Refused, match="until or retries"):
        account.ansible.action(TASK, {"appname": "next"}, **keyword)
