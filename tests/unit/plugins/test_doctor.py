# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What netapi.auth.doctor says of thirty faults, and of ten set-ups that are good."""

from __future__ import annotations

import json
import os
import re
import socket
import time
import typing as t
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.modules import doctor as module
from ansible_collections.netapi.auth.plugins.plugin_utils._doctor import codes, surroundings
from ansible_collections.netapi.auth.plugins.plugin_utils._session import durability
from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetFoundryClient, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.support.options import DECLARED
from ansible_collections.netapi.auth.tests.support.redis_server import RedisServer, rule_of_the_guide
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.faults import FAULTS, GOOD, Fault, Place, placed
from ansible_collections.netapi.auth.tests.unit.plugins.walk import options_of

DOCTOR = "netapi.auth.doctor"
DAY = 86400.0
CHECKS = ["settings", "connection", "clock", "sign-in", "identity", "cache"]
# Options whose names are words that a sentence has anyway.
WORDS = {"api", "cache", "environment", "method", "password", "proxy", "refresh", "state", "timeout", "token"}
OPTIONS = {name for provider in PLUGINS for name in options_of(provider)} - WORDS
ENVIRONMENT = set().union(*DECLARED.values())


@pytest.fixture
def place(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Place]:
    # The machine of the tests may be a container or a job itself.
    monkeypatch.setattr(durability, "CONTAINER_FILES", ())
    for name in ("AWX_ISOLATED_DATA_DIR", "JOB_ID"):
        monkeypatch.delenv(name, raising=False)
    with placed(sandbox, monkeypatch, tmp_path) as found:
        yield found


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that the core was asked to show."""
    found: list[str] = []
    monkeypatch.setattr(Display, "display", lambda _display, msg, *_more, **_named: found.append(msg))
    return found


def examined(place: Place, *, check_mode: bool = False, **arguments: t.Any) -> dict[str, t.Any]:
    return Ansible(place.variables).outcome(DOCTOR, arguments, check_mode=check_mode)


def report(result: dict[str, t.Any], provider: str) -> dict[str, t.Any]:
    (found,) = (each for each in result["providers"] if each["provider"] == provider)
    return t.cast("dict[str, t.Any]", found)


def states(found: dict[str, t.Any]) -> dict[str, str]:
    return {check["check"]: check["status"] for check in found["checks"]}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.number}: {fault.what}")
def test_the_first_sentence_names_the_fault_and_no_other_option(fault: Fault, place: Place) -> None:
    fault.set_up(place)
    result = examined(place)
    found = report(result, fault.provider)
    said = found["msg"]
    assert (found["status"], found["code"]) == (fault.status, fault.code), found
    names = [re.sub(r"<(\w+)>", lambda match: place.shown[match[1]], name) for name in fault.names]
    assert [name for name in names if name not in said] == [], said
    assert {word for word in re.findall(r"\w+", said) if word in OPTIONS} <= set(fault.options), said
    assert result["failed"] is (fault.status != "warning")
    assert result["changed"] is False


def test_the_table_has_thirty_faults() -> None:
    assert [fault.number for fault in FAULTS] == list(range(1, 31))


@pytest.mark.parametrize("name", GOOD)
def test_a_good_set_up_has_no_warning(name: str, place: Place, heard: list[str], printed: list[str]) -> None:
    GOOD[name](place)
    result = examined(place, strict=True)
    assert [each for each in result["providers"] if each["status"] != "ok"] == []
    assert result["failed"] is False
    assert heard == []
    assert not [line for line in printed if "warning" in line]
    assert len(result["providers"]) == (3 if name.startswith("three") else 1)
    unused = {line for line in printed if "proxy" in line.lower()}
    assert not unused or "proxy" in name


def test_the_next_provider_is_examined_after_one_that_failed(place: Place, printed: list[str]) -> None:
    place.netfoundry(client_secret="a-secret-of-another-client")
    place.variables["netfoundry_auth_client_id"] = "nf-client-1"
    place.netbird("nbp_nothing")
    place.netography(place.sandbox.url)
    result = examined(place)
    assert [(each["provider"], each["status"]) for each in result["providers"]] == [
        ("netbird", "failed"),
        ("netfoundry", "failed"),
        ("netography", "ok"),
    ]
    assert [line.partition(":")[0] for line in printed if line[0] != " "] == ["netbird", "netfoundry", "netography"]
    assert printed[-1].startswith("  ok: settings, connection, clock, sign-in, identity, cache")


def test_a_check_that_fails_skips_the_later_ones(place: Place) -> None:
    place.netfoundry(client_secret="a-secret-of-another-client", client_id="nf-client-1")
    found = report(examined(place), "netfoundry")
    assert list(states(found)) == CHECKS
    assert states(found)["settings"] == "ok"
    assert states(found)["sign-in"] == "failed"
    assert (states(found)["identity"], states(found)["cache"]) == ("skipped", "skipped")
    assert [check["reason"] for check in found["checks"][4:]] == ["sign-in is failed"] * 2


def test_the_task_fails_at_a_warning_only_where_it_is_strict(place: Place) -> None:
    place.sandbox.add_account(NetFoundryClient("nf-client-blank", "nf-secret-1 "))
    place.netfoundry(client_secret="nf-secret-1 ", client_id="nf-client-blank")
    for strict in (False, "no", True, "yes"):
        result = examined(place, strict=strict)
        assert report(result, "netfoundry")["status"] == "warning"
        assert result["failed"] is (strict in (True, "yes"))


@pytest.mark.parametrize("strict", ["maybe", 2, [True]])
def test_strict_is_true_or_false(place: Place, strict: object) -> None:
    place.netfoundry()
    with pytest.raises(Refused, match=r"^strict must be true or false\. Correct it\.$"):
        Ansible(place.variables).action(DOCTOR, {"strict": strict})
    assert place.sandbox.state.requests == []


@pytest.mark.parametrize("group", ["group/netapi.auth.all", "group/netapi.auth.netbird"])
def test_defaults_of_a_group_that_are_no_options(place: Place, group: str) -> None:
    place.netbird(make_pat("sandboxservice1"))
    with pytest.raises(Refused, match=rf"^{group} in module_defaults must be a dictionary of options\. Correct it\.$"):
        Ansible(place.variables).action(DOCTOR, {}, module_defaults=[{group: "a text"}])
    assert place.sandbox.state.requests == []


def test_check_mode_says_the_same(place: Place) -> None:
    place.netfoundry()
    said = [json.dumps(examined(place, check_mode=mode)["providers"]) for mode in (False, True)]
    # A second may pass between the two.
    normal, checked = (re.sub(r"\d+ seconds left", "some seconds left", text) for text in said)
    assert normal == checked
    assert "some seconds left" in normal
    assert place.sandbox.state.grants["netfoundry"] == 2


def test_the_grant_is_kept(place: Place) -> None:
    place.netfoundry()
    examined(place)
    Ansible(place.variables).lookup("netfoundry")
    assert place.sandbox.state.grants["netfoundry"] == 1


def test_a_refresh_token_whose_successor_is_not_kept_is_not_used(place: Place) -> None:
    place.oauth2(refresh_token="oa-refresh-client-1", cache="run")
    result = examined(place)
    found = report(result, "oauth2")
    assert (found["status"], found["code"]) == ("warning", "refresh_token_not_kept")
    assert result["failed"] is False
    assert place.sandbox.state.requests == []


def test_a_refused_password_is_sent_once(place: Place) -> None:
    place.say("netography", username="neto-user-1", password="a-wrong-password", api_url=place.sandbox.url)
    for _time in range(2):
        assert report(examined(place), "netography")["status"] == "failed"
    assert sum(place.sandbox.state.counts.values()) == 1


def test_the_token_of_a_password_is_asked_for_once(place: Place) -> None:
    place.say("netography", username="neto-user-1", password="neto-password-1", api_url=place.sandbox.url)
    for _time in range(2):
        assert report(examined(place), "netography")["status"] == "ok"
    assert place.sandbox.state.grants["netography"] == 1


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("body", ["", "<html>"])
def test_an_answer_of_somebody_else_never_blames_the_credential(place: Place, status: int, body: str) -> None:
    place.sandbox.fault("/oauth/token", status=status, body=body, content_type="text/html")
    place.netfoundry()
    found = report(examined(place), "netfoundry")
    assert (found["status"], found["code"]) == ("unknown", "answered_by_another")
    assert "client_secret" not in found["msg"]


def test_a_personal_access_token_that_ends_soon_is_a_warning_until_it_is_renewed(place: Place) -> None:
    now = time.time()
    pat = make_pat("sandboxservice1")
    for left, status, code in ((80.0, "ok", ""), (5.0, "warning", "token_ends_soon"), (80.0, "ok", "")):
        end = now + left * DAY
        place.sandbox.add_account(NetBirdPat("stored", "service-1", "nightly", pat, now - 80 * DAY, end, now))
        place.netbird(pat)
        for strict in (False, True):
            result = examined(place, strict=strict)
            found = report(result, "netbird")
            assert (found["status"], found["code"]) == (status, code)
            assert result["failed"] is (strict and status == "warning")
            assert states(found)["identity"] == status
            assert "service-1" in next(each["msg"] for each in found["checks"] if each["check"] == "identity")
        if code:
            assert (found["option"], found["source"]) == ("pat", "the environment variable NB_PAT")
            assert found["msg"].startswith("The personal access token stored ends on 20")


def test_nothing_is_said_of_the_end_where_tokens_may_not_be_listed(place: Place) -> None:
    place.sandbox.fault("/api/users/service-1/tokens", status=403, body='{"message": "permission denied"}')
    place.netbird(make_pat("sandboxservice1"))
    for _time in range(2):
        assert report(examined(place), "netbird")["status"] == "ok"


@pytest.mark.parametrize("is_variable", [False, True])
def test_what_serves_something_else_is_not_meant(place: Place, is_variable: bool) -> None:
    if is_variable:
        place.variables["netbird_auth_client_id"] = "an-id-of-the-role-of-netbird"
    else:
        place.export(RAPIDAPI_KEY="a-key-of-another-service")
    assert [each["provider"] for each in examined(place)["providers"]] == list(PLUGINS)
    place.netbird("nbp_nothing")
    assert [each["provider"] for each in examined(place)["providers"]] == ["netbird"]


def test_a_value_that_cannot_be_used_is_meant(place: Place) -> None:
    place.export(NB_PAT="half\udcff")
    (found,) = examined(place)["providers"]
    assert (found["provider"], found["code"]) == ("netbird", "settings_wrong")
    assert "expected text in UTF-8" in found["msg"]


@pytest.mark.parametrize("said", [["netbird", "oauth2"], "netbird, oauth2", "netbird oauth2"])
def test_the_providers_that_are_asked_for_are_examined(place: Place, said: object) -> None:
    assert [each["provider"] for each in examined(place, providers=said)["providers"]] == ["netbird", "oauth2"]


@pytest.mark.parametrize("said", [["NetBird"], "other", 3, {"netbird": 1}, [["netbird"]], [{"netbird": 1}]])
def test_another_provider_is_refused(place: Place, said: object) -> None:
    with pytest.raises(Refused, match="providers may hold netbird, netfoundry, netography, oauth2 and nothing else"):
        Ansible(place.variables).action(DOCTOR, {"providers": said})


def test_an_unknown_option_is_refused_without_its_value(place: Place) -> None:
    with pytest.raises(Refused, match="provider is no option of the doctor"):
        Ansible(place.variables).action(DOCTOR, {"provider": "netbird"})


def test_tokens_are_told_apart_without_being_shown(place: Place) -> None:
    pats = [f"nbp_{letter * 30}000000" for letter in "ab"]
    said = []
    for pat in pats:
        place.netbird(pat)
        result = examined(place)
        assert pat not in json.dumps(result)
        lines = "\n".join(result["lines"])
        said += re.findall(r"whose checksum is wrong, 40 characters, its SHA-256 begins with ([0-9a-f]{8})\.", lines)
    assert len(set(said)) == 2


@pytest.mark.parametrize("text", ["nbp_of-quite-another-form", "no-token-of-netbird-at-all"])
def test_a_token_of_another_form_is_told_apart_too(place: Place, text: str) -> None:
    place.netbird(text)
    result = examined(place)
    kind = "a personal access token whose form is not nbp_" if text.startswith("nbp_") else "opaque, 26 characters"
    assert kind in "\n".join(result["lines"])
    assert text not in json.dumps(result)


def test_the_runtime_is_told(place: Place) -> None:
    said = examined(place)["runtime"]
    assert set(said) == {"host", "container", "user", "python", "ansible_core", "collection", "time"}
    assert all(value is not None for value in said.values())


@pytest.mark.parametrize("file", ["MANIFEST.json", "galaxy.yml", None])
def test_the_runtime_is_told_where_little_is_known(
    place: Place, monkeypatch: pytest.MonkeyPatch, file: str | None
) -> None:
    """As in many containers, whose user has a number and no name."""
    monkeypatch.setattr(surroundings, "_ROOT", place.folder)
    monkeypatch.setattr("pwd.getpwuid", _no_such_user)
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    if file is not None:
        said = '{"collection_info": {"version": "1.2.3"}}' if file == "MANIFEST.json" else "version: 1.2.3\n"
        (place.folder / file).write_text(said, encoding="utf-8")
    runtime = examined(place)["runtime"]
    assert (runtime["user"], runtime["collection"]) == (str(os.geteuid()), "" if file is None else "1.2.3")


def _no_such_user(_number: int) -> t.NoReturn:
    raise KeyError


def test_each_code_is_the_anchor_of_a_paragraph_of_the_guide() -> None:
    page = (ROOT / "docs" / "docsite" / "rst" / "guide_doctor.rst").read_text(encoding="utf-8")
    anchors = re.findall(r"^\.\. _ansible_collections\.netapi\.auth\.docsite\.doctor\.(\w+):$", page, re.MULTILINE)
    assert sorted(anchors) == sorted(codes.CODES)
    assert {fault.code for fault in FAULTS} <= codes.CODES


@pytest.mark.parametrize("home", ["open", "none", "the run's is open"])
def test_a_refresh_token_is_not_used_where_the_cache_does_not_take_its_successor(place: Place, home: str) -> None:
    if home == "open":
        (place.folder / ".cache" / "netapi_auth").mkdir(parents=True)
        (place.folder / ".cache" / "netapi_auth").chmod(0o755)
    elif home == "the run's is open":
        (place.folder / "local_tmp" / "netapi_auth").mkdir()
        (place.folder / "local_tmp" / "netapi_auth").chmod(0o755)
    else:
        place.patch.setattr(Path, "home", _no_home)
    place.oauth2(refresh_token="oa-refresh-client-1")
    found = report(examined(place), "oauth2")
    is_none = home == "none"
    expected = ("warning", "refresh_token_not_kept") if is_none else ("failed", "cache_unusable")
    assert (found["status"], found["code"]) == expected
    assert place.sandbox.state.requests == []


@pytest.mark.parametrize("address", ["redis://127.0.0.1:0x50/secret-name", "redis://[secret-name"])
def test_a_refresh_token_is_not_used_where_the_address_of_its_cache_is_none(place: Place, address: str) -> None:
    place.oauth2(refresh_token="oa-refresh-client-1", cache=address)
    found = report(examined(place), "oauth2")
    assert (found["status"], found["code"], found["option"]) == ("failed", "settings_wrong", "cache")
    assert "is no address that redis-py can read" in found["msg"]
    assert "secret-name" not in json.dumps(found)
    assert place.sandbox.state.requests == []


def test_a_successor_that_may_end_with_the_job_is_a_warning(place: Place) -> None:
    place.export(JOB_ID="7")
    place.oauth2(refresh_token="oa-refresh-client-1")
    found = report(examined(place), "oauth2")
    assert (found["status"], found["code"], states(found)["cache"]) == ("warning", "successor_may_be_lost", "warning")
    assert "its successor may end with this job" in found["msg"]


def test_a_lock_that_cannot_be_released_is_a_warning_of_the_shared_cache(place: Place) -> None:
    (place.folder / "redis").mkdir()
    server = place.stack.enter_context(RedisServer(place.folder / "redis"))
    place.netfoundry(cache=server.allow(rule_of_the_guide(), leave_out="+watch"))
    found = report(examined(place), "netfoundry")
    assert (found["status"], found["code"]) == ("warning", "cache_shared_unusable")
    assert "add +watch" in found["msg"]


def _no_home() -> t.NoReturn:
    raise RuntimeError


def test_the_sandbox_is_asked_for_one_token_of_a_refresh_token(place: Place) -> None:
    place.oauth2(refresh_token="oa-refresh-client-1")
    for _time in range(2):
        assert report(examined(place), "oauth2")["status"] == "ok"
    assert place.sandbox.state.grants["oauth2"] == 2


@pytest.mark.parametrize("body", ["", "no JSON", "[]", '{"token_type": "Bearer"}'])
def test_an_answer_that_cannot_be_used_is_a_failure(place: Place, body: str) -> None:
    place.sandbox.fault("/oauth/token", status=200, body=body)
    place.netfoundry()
    assert report(examined(place), "netfoundry")["status"] == "failed"


def test_an_issued_token_that_the_provider_repeats_is_not_shown(place: Place, printed: list[str]) -> None:
    token = "opaque-and-issued-0123456789"
    place.oauth2()
    place.sandbox.fault("/idp/token", body=json.dumps({"access_token": token, "token_type": "Bearer"}))
    place.sandbox.fault("/idp/userinfo", body=json.dumps({"sub": f"owner of {token}"}))
    result = examined(place)
    assert "owner of ********" in result["lines"][1]
    assert token not in json.dumps(result) + "".join(printed)


def test_an_address_of_the_discovery_document_is_not_blamed_on_api_url(place: Place) -> None:
    place.oauth2()
    place.sandbox.fault("/idp/userinfo", body="<html>", content_type="text/html")
    found = report(examined(place), "oauth2")
    assert found["option"] == "issuer"
    assert "api_url" not in found["msg"]


def test_it_succeeds_once_the_fault_is_mended(place: Place) -> None:
    place.netfoundry(client_id="nf-client-1", client_secret="a-secret-of-another-client")
    assert report(examined(place), "netfoundry")["status"] == "failed"
    place.netfoundry(client_id="nf-client-1", client_secret="nf-secret-1")
    for _time in range(2):
        assert report(examined(place), "netfoundry")["status"] == "ok"


def test_what_nobody_was_asked_about_is_not_said_to_work(place: Place) -> None:
    place.say("oauth2", token="a-token-that-nobody-has-seen")
    found = report(examined(place), "oauth2")
    assert (found["status"], found["msg"]) == ("ok", "no fault was found, and the service was not asked.")


def test_its_options_are_two() -> None:
    assert set(module.OPTIONS) == {"providers", "strict"}
    assert set(yaml.safe_load(module.DOCUMENTATION)["options"]) == set(module.OPTIONS)


def test_a_warning_of_the_settings_is_no_cause_of_a_network_that_is_down(place: Place) -> None:
    place.netfoundry(client_id="nf-client-1", client_secret="nf-secret-1 ", token_url="https://no-such-host.invalid/a")
    found = report(examined(place), "netfoundry")
    assert (found["status"], found["code"]) == ("unknown", "no_such_host")
    assert "client_secret" not in found["msg"]


def test_a_key_that_is_none_is_wrong_before_anybody_is_asked(place: Place) -> None:
    place.variables.update(
        oauth2_auth_token_url=f"{place.sandbox.url}/oauth2/token",
        oauth2_auth_client_id="one",
        oauth2_auth_private_key="not a key",
    )
    found = report(examined(place, providers=["oauth2"]), "oauth2")
    assert (found["status"], found["code"], found["option"]) == ("failed", "settings_wrong", "private_key")
    assert states(found) == {CHECKS[0]: "failed", **dict.fromkeys(CHECKS[1:], "skipped")}


def test_the_message_of_the_task_begins_with_what_fails(place: Place) -> None:
    place.netbird(make_pat("sandboxservice1"))
    place.netfoundry(client_id="nf-client-1", client_secret="a-secret-of-another-client")
    result = examined(place)
    assert [line.partition(":")[0] for line in result["msg"].splitlines()] == ["netfoundry", "netbird"]
    assert [each["provider"] for each in result["providers"]] == ["netbird", "netfoundry"]


@pytest.mark.parametrize("option", ["api_url", "token_url"])
def test_a_refused_connection_says_the_port_and_where_the_address_is_from(place: Place, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    place.export(NB_PAT=make_pat("sandboxservice1"), NETBIRD_API_URL=f"http://127.0.0.1:{port}")
    place.netfoundry(client_id="nf-client-1", client_secret="nf-secret-1")
    place.export(NETFOUNDRY_OAUTH_URL=f"http://127.0.0.1:{port}/oauth/token")
    provider, variable = {
        "api_url": ("netbird", "NETBIRD_API_URL"),
        "token_url": ("netfoundry", "NETFOUNDRY_OAUTH_URL"),
    }[option]
    found = report(examined(place), provider)
    assert (found["status"], found["code"]) == ("unknown", "not_reached")
    assert (
        f"127.0.0.1 refuses the connection at port {port} of {option}, from the environment variable {variable}."
        in (found["msg"])
    )
    assert (found["option"], found["source"]) == (option, f"the environment variable {variable}")


@pytest.mark.parametrize("condition", ["service1", "expired", None])
def test_a_token_that_is_given_is_no_sign_in(place: Place, condition: str | None) -> None:
    place.netbird(make_pat(f"sandbox{condition}"), **({"api_url": "http://127.0.0.1:1"} if condition is None else {}))
    found = report(examined(place), "netbird")
    reason = "connection is unknown" if condition is None else "it is not in use"
    skipped = {check["check"]: check["reason"] for check in found["checks"] if check["status"] == "skipped"}
    assert (skipped["clock"], skipped["sign-in"]) == (reason, reason)


def test_a_clock_that_is_compared_at_the_sign_in_is_in_use_where_that_fails(place: Place) -> None:
    place.netfoundry(client_id="nf-client-1", client_secret="a-secret-of-another-client")
    found = report(examined(place), "netfoundry")
    (clock,) = (check for check in found["checks"] if check["check"] == "clock")
    assert (clock["status"], clock["reason"]) == ("skipped", "sign-in is failed")


@pytest.mark.parametrize("pat", ["nbp_short", f"nbp_{'a' * 30}000000"])
def test_the_first_line_says_what_is_wrong_with_a_mistyped_token(place: Place, pat: str) -> None:
    place.netbird(pat)
    said = report(examined(place), "netbird")["msg"]
    has_form = len(pat) == 40
    assert ("its checksum is wrong" in said) is has_form
    assert ("does not have the form of" in said) is not has_form


@pytest.mark.parametrize("variable", ["AWX_ISOLATED_DATA_DIR", "JOB_ID"])
def test_a_job_without_a_credential_says_which_type_to_attach(place: Place, variable: str) -> None:
    wanted = "In AWX, attach a credential of the type NetFoundry API to the job template."
    for value, is_job in (("", False), ("7", True)):
        place.export(**{variable: value})
        found = report(examined(place, providers=["netfoundry"]), "netfoundry")
        assert found["code"] == "no_credential"
        assert (wanted in found["checks"][0]["msg"]) is is_job


def test_the_example_of_the_guide_is_what_is_printed(place: Place, printed: list[str]) -> None:
    place.export(NB_PAT=make_pat("sandboxexpired"), NETBIRD_API_URL=place.sandbox.url)
    examined(place)
    own = ", api_url from the environment variable NETBIRD_API_URL"
    lines = [line.replace(place.sandbox.url, "https://api.netbird.io").replace(own, "") for line in printed]
    page = (ROOT / "docs" / "docsite" / "rst" / "guide_doctor.rst").read_text(encoding="utf-8")
    assert "\n".join(f"    {line}" for line in lines) in page
