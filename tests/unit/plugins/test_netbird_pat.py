# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules P1 to P11 of netbird_pat, over a server that keeps tokens; each test names its rules."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import fcntl
import itertools
import json
import socket
import time
import types
import typing as t
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _waits
from ansible_collections.netapi.auth.tests.sandbox import NetBirdUser, make_pat
from ansible_collections.netapi.auth.tests.support.machines import until
from ansible_collections.netapi.auth.tests.unit.harness import Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Seen, Server, reply
from ansible_collections.netapi.auth.tests.unit.plugins.rotation import (
    ADMIN,
    NAME,
    OTHER,
    OWN,
    PAT,
    Account,
    account,
)

__all__ = ["account"]
TOKENS = "/api/users/{}/tokens".format


@pytest.mark.parametrize("user", [OWN, OTHER])
def test_p2_a_first_run_mints_and_a_second_with_the_id_does_not(account: Account, user: str) -> None:
    said: dict[str, t.Any] = {} if user == OWN else {"user": user}
    first = account.task(**said, lifetime_days=30)
    assert first["changed"] is True
    assert first["due"] is True
    assert account.works(first["plain_token"])
    assert 29 <= first["expires_in_days"] <= 30
    second = account.task(**said, lifetime_days=30, token_id=first["id"])
    assert (second["changed"], second["due"], second["id"]) == (False, False, first["id"])
    assert "plain_token" not in second
    assert list(account.pats(user)) == [first["id"]]


@pytest.mark.parametrize(("left", "mints"), [(29.9, True), (30.1, False), (-1.0, True), (None, True)])
def test_p2_p10_the_stored_one_is_due_ahead_of_its_end_and_one_of_year_1_has_expired(
    account: Account, left: float | None, mints: bool
) -> None:
    account.has("old", left=left)
    result = account.task(token_id="old")
    assert (result["changed"], result["due"]) == (mints, mints)
    assert ("plain_token" in result) is mints
    # P5: nothing is removed unless that is asked for.
    assert "old" in account.pats()
    assert result["removed"] == []


@pytest.mark.parametrize(
    ("lifetime", "ahead", "left", "mints"), [(9, None, 2.9, True), (9, None, 3.1, False), (90, 5, 6, False)]
)
def test_p2_a_third_of_the_life_or_what_is_said_is_ahead(
    account: Account, lifetime: int, ahead: int | None, left: float, mints: bool
) -> None:
    account.has("old", age=1, left=left)
    result = account.task(token_id="old", lifetime_days=lifetime, rotate_before_days=ahead)
    assert result["changed"] is mints


def test_p1_p2_a_stored_token_that_is_gone_is_minted_anew_with_a_warning(account: Account) -> None:
    result = account.task(token_id="gone")
    assert result["changed"] is True
    assert f"token_id names no token of the user {OWN}: it was removed" in account.said


def test_p2_a_token_id_of_another_name_is_an_error(account: Account) -> None:
    account.has("mine", name="other")
    for state in ("present", "absent"):
        with pytest.raises(Refused, match="token_id is of a token that has another name than name says: other"):
            account.task(token_id="mine", state=state)
    assert account.count("POST") + account.count("DELETE") == 0


def test_p2_force_mints_and_due_says_what_a_run_without_it_would_do(account: Account) -> None:
    account.has("old")
    result = account.task(token_id="old", force=True)
    assert (result["changed"], result["due"]) == (True, False)
    assert result["id"] != "old"


@pytest.mark.parametrize("idle", [None, 1.0])
def test_p1_p3_without_token_id_nothing_is_guessed(account: Account, idle: float | None) -> None:
    account.has("one", idle=idle)
    with pytest.raises(Refused) as refused:
        account.task()
    for part in ("one", "made 20", "ends 20", "last used", "token_id", "force"):
        assert part in str(refused.value)
    assert account.count("POST") == 0
    assert account.task(force=True)["changed"] is True


def test_p3_an_expired_one_is_no_hindrance(account: Account) -> None:
    account.has("one", left=-1)
    assert account.task()["changed"] is True


def test_p4_a_newer_one_is_named_and_two_of_them_stop_the_minting_when_due(account: Account) -> None:
    account.has("old", age=80, left=10)
    account.has("new-1", age=2, idle=1)
    result = account.task(token_id="old", check=True)
    assert result["due"] is True
    assert "new-1" in account.said
    account.has("new-2", age=1)
    with pytest.raises(Refused, match=r"Mend the storing.*force") as refused:
        account.task(token_id="old")
    assert "new-1" in str(refused.value)
    assert "new-2" in str(refused.value)
    assert account.count("POST") == 0
    forced = account.task(token_id="old", force=True)
    assert (forced["changed"], forced["due"]) == (True, False)


def test_p4_what_is_not_due_goes_on_with_a_warning(account: Account) -> None:
    account.has("old", age=20, left=70)
    account.has("new-1", age=2)
    account.has("new-2", age=1)
    assert account.task(token_id="old")["changed"] is False
    assert "new-1" in account.said
    assert "new-2" in account.said


def test_p4_where_the_stored_one_is_gone_all_count_as_newer(account: Account) -> None:
    account.has("one", age=50)
    account.has("two", age=40)
    with pytest.raises(Refused, match=f"^token_id names no token of the user {OWN}.*one.*two.*mend the storing"):
        account.task(token_id="gone")
    assert account.count("POST") == 0
    assert account.task(token_id="gone", force=True)["changed"] is True
    assert "Of this name are there: one" in account.said


def test_p2_p4_p5_storing_that_fails_on_two_nights_stops_the_third_and_is_mended_by_force(account: Account) -> None:
    account.has("stored", age=80, left=5)
    said: dict[str, t.Any] = {"token_id": "stored", "prune_unused_hours": 1}
    lost = [account.task(**said)["id"]]
    assert account.heard == []
    lost.append(account.task(**said)["id"])
    assert lost[0] in account.said
    for _night in range(2):
        with pytest.raises(Refused, match="Mend the storing") as refused:
            account.task(**said)
        assert all(id in str(refused.value) for id in lost)
    assert account.works(make_pat("stored"))
    mended = account.task(**said, force=True)
    assert account.works(mended["plain_token"])
    # Two hours later.
    for pat in account.pats().values():
        account.sandbox.add_account(dataclasses.replace(pat, created_at=pat.created_at - 7200))
    later = account.task(token_id=mended["id"], prune_unused_hours=1)
    assert sorted(later["removed"]) == sorted(["stored", *lost])
    assert (list(account.pats()), account.heard) == ([mended["id"]], [])


def test_p5_idle_older_ones_and_expired_ones_are_removed_and_the_others_kept(account: Account) -> None:
    account.has("idle", age=40, idle=9)
    account.has("unused", age=40)
    account.has("busy", age=40, idle=0.1)
    account.has("young", age=5)
    account.has("expired", age=5, left=-1)
    account.has("expired-newer", age=1, left=-0.1)
    account.has("stored", age=4, left=80)
    account.has("newer", age=3, idle=2.9)
    account.has("other", name="other", age=40)
    result = account.task(token_id="stored", prune_unused_hours=192, check=True)
    assert (result["changed"], account.count("DELETE")) == (True, 0)
    assert sorted(result["removed"]) == ["expired", "expired-newer", "idle", "unused"]
    assert len(result["tokens"]) >= 9
    result = account.task(token_id="stored", prune_unused_hours=192)
    assert sorted(result["removed"]) == ["expired", "expired-newer", "idle", "unused"]
    assert sorted(result["kept"]) == ["busy", "young"]
    assert sorted(account.pats()) == ["busy", "newer", "stored", "young"]
    assert "other" in account.pats(name="other")
    assert account.task(token_id="stored", prune_unused_hours=192)["changed"] is False


def test_p5_a_run_that_mints_removes_neither_the_stored_one_nor_its_own(account: Account) -> None:
    account.has("stored", age=80, left=2)
    account.has("older", age=85, left=1)
    result = account.task(token_id="stored", prune_unused_hours=1)
    assert result["removed"] == ["older"]
    assert sorted(account.pats()) == sorted(["stored", result["id"]])


@pytest.mark.parametrize("status", [500, 429])
def test_p5_after_a_mint_a_removal_that_fails_is_a_warning(account: Account, status: int) -> None:
    account.monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account.has("stored", age=80, left=2)
    account.has("older", age=85, left=1)
    account.sandbox.fault(f"{TOKENS(OWN)}/older", method="DELETE", status=status)
    result = account.task(token_id="stored", prune_unused_hours=1)
    assert account.works(result["plain_token"])
    assert result["removed"] == []
    assert "older" in result["kept"]
    assert "was not removed" in account.said
    with pytest.raises(Refused, match=str(status)):
        account.task(token_id=result["id"], prune_unused_hours=1)


# What becomes of each answer to a DELETE that the service may have carried out, and whether it has.
LOST_REMOVALS: dict[str, tuple[dict[str, t.Any], bool]] = {
    "cut": ({"cut": True}, True),
    "late": ({"delay": 1.3}, True),
    "HTML": ({"status": 200, "body": "<html>", "content_type": "text/html"}, False),
    "401": ({"status": 401, "body": '{"message":"token invalid"}'}, False),
}


@pytest.mark.parametrize("retries", [0, 1])
@pytest.mark.parametrize("fault", LOST_REMOVALS)
def test_p5_after_a_mint_a_lost_answer_to_a_removal_is_a_warning(account: Account, fault: str, retries: int) -> None:
    account.has("stored", age=80, left=2, idle=0)
    account.has("older", age=85, left=1)
    said, is_gone = LOST_REMOVALS[fault]
    account.sandbox.fault(f"{TOKENS(OWN)}/older", method="DELETE", **said)
    result = account.task(token_id="stored", prune_unused_hours=1, timeout=1, retries=retries)
    assert account.works(result["plain_token"])
    assert account.works(make_pat("stored"))
    assert result["changed"] is True
    assert result["removed"] == []
    assert "older" in result["kept"]
    assert "was not removed" in account.said
    # Another call of the run says nothing of a failure, and a later run ends the work.
    assert account.task(run=False, token_id=result["id"])["changed"] is False
    account.sandbox.state.faults = type(account.sandbox.state.faults)()
    until(lambda: not is_gone or "older" not in account.pats())
    later = account.task(token_id=result["id"], prune_unused_hours=1)
    assert "older" not in account.pats()
    assert later["removed"] == ([] if is_gone else ["older"])


def test_p5_after_a_mint_a_removal_whose_answer_was_lost_once_is_done(account: Account) -> None:
    account.has("stored", age=80, left=2)
    account.has("older", age=85, left=1)
    account.sandbox.fault(f"{TOKENS(OWN)}/older", method="DELETE", times=1, cut=True)
    result = account.task(token_id="stored", prune_unused_hours=1)
    assert account.works(result["plain_token"])
    assert result["removed"] == ["older"]
    assert account.heard == []


LOST: dict[str, dict[str, t.Any]] = {
    "500": {"status": 500},
    "HTML": {"body": "<html>", "content_type": "text/html"},
    "list": {"body": "[]"},
}


@pytest.mark.parametrize("fault", LOST)
def test_p6_a_post_is_sent_again_where_a_listing_shows_that_nothing_was_made(account: Account, fault: str) -> None:
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, **LOST[fault])
    assert account.works(account.task()["plain_token"])
    assert account.count("POST") == 2
    assert len(account.pats()) == 1


# What the service does, though it makes the token.
MADE: dict[str, dict[str, t.Any]] = {
    "cut": {"cut": True},
    "HTML": {"content_type": "text/html"},
    "no token": {"drop": ["plain_token"]},
    "no id": {"drop": ["personal_access_token"]},
}


@pytest.mark.parametrize("fault", MADE)
def test_p6_p7_a_lost_answer_fails_with_the_ids_that_are_new_and_is_not_asked_for_again(
    account: Account, fault: str
) -> None:
    account.has("stored", age=80, left=2)
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, **MADE[fault])
    with pytest.raises(Refused) as refused:
        account.task(token_id="stored", timeout=1)
    assert account.count("POST") == 1
    (new,) = set(account.pats()) - {"stored"}
    assert new in str(refused.value)
    assert "another run" in str(refused.value)
    # Another host of this run fails too.
    with pytest.raises(Refused, match="earlier call of this run"):
        account.task(run=False, token_id="stored")
    # The next run goes on, and says what is newer.
    assert account.works(account.task(token_id="stored")["plain_token"])
    assert new in account.said
    assert account.works(make_pat("stored"))


def test_p6_where_the_tokens_are_not_listed_after_a_lost_answer_it_is_not_known_whether_one_was_made(
    account: Account,
) -> None:
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, cut=True)
    account.sandbox.fault(TOKENS(OWN), method="GET", times=2)
    account.sandbox.fault(TOKENS(OWN), method="GET", times=1, status=403)
    with pytest.raises(Refused) as refused:
        account.task()
    said = "Whether a token was made is not known, since NetBird did not list them afterwards. Run the task again."
    assert said in str(refused.value)
    assert account.count("POST") == 1
    (made,) = account.pats().values()
    assert made.pat not in str(refused.value)


def test_p6_a_token_that_is_made_after_the_listing_is_the_one_too_many(account: Account) -> None:
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, delay=1.3)
    result = account.task(timeout=1)
    while len(account.pats()) < 2:
        time.sleep(0.05)
    account.task(token_id=result["id"], prune_unused_hours=1)
    assert account.works(result["plain_token"])
    assert len(account.pats()) == 2


def test_p6_429_is_waited_for_and_without_end_it_is_a_refusal_that_makes_nothing(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, status=429, body='{"message":"too many requests"}')
    assert account.task(retries=1)["changed"] is True
    account.sandbox.fault(TOKENS(OTHER), method="POST", status=429, body='{"message":"too many requests"}')
    with pytest.raises(Refused, match="429"):
        account.task(user=OTHER, retries=2)
    assert account.pats(OTHER) == {}
    account.sandbox.state.faults = type(account.sandbox.state.faults)()
    assert account.task(user=OTHER)["changed"] is True


def test_p6_a_500_without_end_ends_with_retries(account: Account) -> None:
    account.sandbox.fault(TOKENS(OWN), method="POST", status=500)
    with pytest.raises(Refused, match="no new token"):
        account.task(retries=2)
    assert account.count("POST") == 3


def test_p7_a_later_call_of_a_run_changes_nothing(account: Account) -> None:
    first = account.task()
    for more in ({}, {"force": True}, {"token_id": "another"}):
        later = account.task(run=False, **more)
        assert later["changed"] is False
        assert "plain_token" not in later
        assert "run_once" in account.said
    # With the id of the new one it looks, and mints no other.
    assert account.task(run=False, token_id=first["id"])["id"] == first["id"]
    assert account.heard == []
    for check in (True, False):
        assert account.task(run=False, check=check, token_id=first["id"], force=True)["changed"] is False
        assert "run_once" in account.said
    assert account.task(run=False, name="other")["changed"] is True
    assert account.task(run=False, user=OTHER)["changed"] is True
    assert account.count("POST") == 3


def test_p7_a_call_that_failed_before_its_post_does_not_count(account: Account) -> None:
    account.sandbox.fault(TOKENS(OWN), method="GET", times=1, status=403, body='{"message":"permission denied"}')
    with pytest.raises(Refused, match="role"):
        account.task()
    assert account.task(run=False)["changed"] is True


def test_p7_nor_does_one_whose_post_could_not_be_sent(account: Account) -> None:
    def last(connection: socket.socket, seen: Seen) -> None:
        proxy.shutdown()
        proxy.server_close()
        reply("[]")(connection, seen)

    with (
        Server(reply(json.dumps({"id": OWN})), reply("[]"), last) as proxy,
        pytest.raises(Refused, match="refuses the connection"),
    ):
        account.task(proxy=proxy.url, retries=0)
    assert [seen.method for seen in proxy.seen] == ["GET"] * 3
    assert account.task(run=False)["changed"] is True


def test_p7_a_call_that_was_refused_made_nothing_and_a_later_one_says_so(account: Account) -> None:
    account.sandbox.fault(TOKENS(OWN), method="POST", times=1, status=403, body='{"message":"permission denied"}')
    with pytest.raises(Refused, match="The role of the user allows too little"):
        account.task()
    for _call in range(2):
        with pytest.raises(Refused, match="was refused, so none was made"):
            account.task(run=False)
    assert account.count("POST") == 1
    assert account.task()["changed"] is True


@pytest.mark.parametrize("keyword", [{"until": ["true"]}, {"retries": 2}])
def test_p7_until_and_retries_are_refused(account: Account, keyword: dict[str, t.Any]) -> None:
    said = {"pat": ADMIN, "api_url": account.sandbox.url, "name": NAME}
    with pytest.raises(Refused, match="until or retries"):
        account.ansible.action("netapi.auth.netbird_pat", said, **keyword)
    assert account.sandbox.state.requests == []


def test_p8_absent_removes_exactly_that_one(account: Account) -> None:
    account.has("one")
    account.has("two")
    with pytest.raises(Refused, match="token_id is not set"):
        account.task(state="absent")
    assert account.task(state="absent", token_id="one", check=True)["removed"] == ["one"]
    assert account.task(state="absent", token_id="one")["changed"] is True
    assert list(account.pats()) == ["two"]
    assert account.task(state="absent", token_id="one")["changed"] is False
    assert f"token_id names no token of the user {OWN}, so nothing was removed" in account.said
    with pytest.raises(Refused, match=r"name is not set\. Give the name of the token that token_id names"):
        account.task(name=None, state="absent", token_id="two")


# A secret of each service, in each option that has a name or an id for its value.
SWAPPED = {
    "the token itself": make_pat("swapped"),
    "half of one": "nbp_mistyped",
    "one that signs in": ADMIN,
    "a NETOSECRET": base64.b64encode(json.dumps({"appkey": "canary-appkey"}).encode()).decode(),
    "a NETOSECRET in lines": base64.encodebytes(json.dumps({"appkey": "canary-appkey" * 9}).encode()).decode(),
    "a JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
    "one in a name": f"old {make_pat('swapped')}",
}


@pytest.mark.parametrize("option", ["user", "name", "token_id"])
@pytest.mark.parametrize("case", SWAPPED)
def test_p8_p11_a_secret_in_the_place_of_a_name_or_an_id_is_refused_and_not_shown(
    account: Account, case: str, option: str
) -> None:
    account.has("stored")
    for state in ("present", "absent"):
        arguments: dict[str, t.Any] = {"token_id": "stored", "state": state, option: SWAPPED[case]}
        with pytest.raises(Refused, match=f"^{option}, from the argument {option}, has a secret") as refused:
            account.task(**arguments)
        assert SWAPPED[case] not in str(refused.value) + account.said
    assert account.sandbox.state.requests == []


@pytest.mark.parametrize("name", ["eyJ", "e30", "ew", "nightly.of.eyes", "nbp", "deploy-2026"])
def test_what_only_begins_as_a_secret_is_a_name(account: Account, name: str) -> None:
    assert account.task(name=name)["changed"] is True


def test_p8_the_one_that_signs_in_can_be_removed_and_a_repeated_404_is_done(account: Account) -> None:
    own = account.has("own")
    # The first DELETE does its work and its answer is lost; the second is refused with the other wording.
    account.sandbox.fault(f"{TOKENS(OWN)}/own", method="DELETE", times=1, cut=True)
    result = account.task(pat=own.pat, state="absent", token_id="own")
    assert result["removed"] == ["own"]
    with pytest.raises(Refused, match="deleted"):
        account.task(pat=own.pat, state="absent", token_id="own")


def test_p8_a_page_is_no_removal(account: Account) -> None:
    account.has("one")
    fault = {"body": "<html>", "content_type": "text/html"}
    account.sandbox.fault(f"{TOKENS(OWN)}/one", method="DELETE", status=200, times=1, **fault)
    with pytest.raises(Refused, match="NetBird sent an HTML page"):
        account.task(state="absent", token_id="one")
    assert account.works(make_pat("one"))
    assert account.task(state="absent", token_id="one")["removed"] == ["one"]
    assert not account.works(make_pat("one"))


def test_p8_a_404_of_a_repeated_delete_of_another_one_is_done(account: Account) -> None:
    account.has("one")
    account.sandbox.fault(f"{TOKENS(OWN)}/one", method="DELETE", times=1, cut=True)
    assert account.task(state="absent", token_id="one")["changed"] is True


@pytest.mark.parametrize("said", ["service-9", "robot", "person"])
def test_p9_a_blocked_user_is_refused_before_anything_is_minted(account: Account, said: str) -> None:
    account.sandbox.add_account(
        NetBirdUser(make_pat("sandboxservice9"), "service-9", "blocked", is_service_user=True, name="robot")
    )
    account.sandbox.add_account(NetBirdUser(make_pat("person"), "person", "blocked"))
    with pytest.raises(Refused, match="blocked"):
        account.task(user=said)
    assert account.count("POST") == 0


def test_p9_a_stored_token_that_lives_longer_than_wanted_is_said(account: Account) -> None:
    account.has("old", age=10, left=300)
    assert account.task(token_id="old")["changed"] is False
    assert "longer than lifetime_days" in account.said
    account.task(token_id="old", lifetime_days=310)
    assert account.heard == []


def test_p10_what_another_run_made_since_the_first_reading_is_its_own(account: Account) -> None:
    account.has("stored", age=80, left=2)
    listings = []

    def witness() -> None:
        listings.append(1)

    real = account.sandbox.state.faults.take

    def take(method: str, path: str, authorization: str = "") -> t.Any:
        if method == "GET" and path == TOKENS(OWN):
            witness()
            if len(listings) == 2:
                account.has("others", age=0)
        return real(method, path, authorization)

    account.monkeypatch.setattr(account.sandbox.state.faults, "take", take)
    result = account.task(token_id="stored")
    assert result["changed"] is False
    assert account.count("POST") == 0
    assert "Another run" in account.said


@contextlib.contextmanager
def another_run(account: Account) -> Iterator[None]:
    """Another run that is at work on the token, of which there is one."""
    account.task()
    (path,) = account.place.glob(".cache/netapi_auth/*.lock")
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_p10_a_run_that_does_not_end_in_time_is_an_error(account: Account) -> None:
    sentence = r"Another run is at work on this and has not ended in time\. Run it again\."
    hours = types.SimpleNamespace(monotonic=itertools.count(step=3600.0).__next__)
    with another_run(account):
        account.monkeypatch.setattr(_waits, "time", hours)
        with pytest.raises(Refused, match=sentence):
            account.task(force=True)
    assert account.count("POST") == 1


def test_p10_p7_of_two_hosts_that_wait_for_another_run_one_mints(account: Account) -> None:
    account.monkeypatch.setattr(_waits, "LONG", 0.1)
    with ThreadPoolExecutor() as pool:
        with another_run(account):
            account.new_run()
            said = {"pat": ADMIN, "api_url": account.sandbox.url, "name": NAME, "force": True}
            hosts = [pool.submit(account.ansible.action, PAT, said) for _host in range(2)]
            until(lambda: account.said.count("Waiting for another run that is at work on the same token.") == 2)
        results = [host.result() for host in hosts]
    assert sorted("plain_token" in result for result in results) == [False, True]
    assert "This run has minted a token of this name already" in account.said
    assert account.count("POST") == 2


def _closed(path: Path) -> None:
    path.mkdir(parents=True)
    path.chmod(0o755)


OPEN = "is open to others (its rights are 0755)"
MEANWHILE = "Until then, runs elsewhere do not wait for this one."


def test_p10_where_the_cache_of_the_user_fails_the_run_has_its_turn_with_a_warning(account: Account) -> None:
    _closed(account.place / ".cache" / "netapi_auth")
    assert account.task()["changed"] is True
    assert OPEN in account.said
    assert MEANWHILE in account.said


def test_p10_without_a_lock_nothing_is_minted(account: Account) -> None:
    _closed(account.place / ".cache" / "netapi_auth")
    account.new_run()
    _closed(account.place / f"run{account.runs}" / "netapi_auth")
    with pytest.raises(Refused, match=r"no lock could be had\. Run it again\."):
        account.task(run=False)
    assert account.said.count(MEANWHILE) == 2
    assert account.count("POST") == 0


def test_p10_a_redis_that_fails_is_warned_of_and_shown_without_its_password(account: Account) -> None:
    assert account.task(cache="redis://:the-password@127.0.0.1:1/0")["changed"] is True
    assert MEANWHILE in account.said
    assert "the-password" not in account.said


@pytest.mark.parametrize("is_file", [True, False])
def test_p7_where_the_run_cannot_remember_a_mint_nothing_is_minted(account: Account, is_file: bool) -> None:
    account.new_run()
    place = account.place / f"run{account.runs}" / "netapi_auth"
    if is_file:
        place.touch()
    else:
        _closed(place)
    with pytest.raises(Refused, match=f"The token cache .* {'cannot be used' if is_file else 'is open to others'}"):
        account.task(run=False)
    assert account.count("POST") == 0


def test_p11_the_result_holds_no_secret_but_a_token_that_was_minted(account: Account) -> None:
    account.has("stored", age=80, left=20, idle=1)
    for check in (True, False):
        result = account.task(token_id="stored", check=check)
        assert {*result} - {"plain_token", "_ansible_no_log"} == {
            "changed",
            "id",
            "expires_at",
            "expires_in_days",
            "due",
            "tokens",
            "removed",
            "kept",
        }
        assert ("plain_token" in result) is (not check)
        assert result.get("_ansible_no_log", False) is (not check)
        shown = {name: value for name, value in result.items() if name != "plain_token"}
        assert "nbp_" not in json.dumps(shown)
        assert {*result["tokens"][0]} == {"id", "name", "created_at", "expires_at", "last_used"}
    listed = {one["id"]: one for one in result["tokens"]}
    assert listed[result["id"]]["last_used"] is None
    assert listed["stored"]["last_used"].endswith("Z")


def entry(id: str) -> dict[str, str]:
    return {"id": id, "name": NAME, "created_at": "2026-01-01T00:00:00Z", "expiration_date": "2099-01-01T00:00:00Z"}


@pytest.mark.parametrize(("said", "shown"), [(ADMIN, r"\*{8}"), ("\x1b[2J", "control characters")])
def test_a_listed_id_that_is_a_secret_or_would_change_a_terminal_is_not_shown(
    account: Account, said: str, shown: str
) -> None:
    account.sandbox.fault(TOKENS(OWN), method="GET", body=json.dumps([entry(f"id-{said}")]))
    with pytest.raises(Refused, match=shown) as refused:
        account.task()
    assert said not in str(refused.value)
    assert account.count("POST") == 0


def test_a_minted_id_that_is_a_secret_is_not_shown(account: Account, capfd: pytest.CaptureFixture[str]) -> None:
    new = make_pat("minted")
    answer = {"plain_token": new, "personal_access_token": entry(f"{ADMIN} {new}")}
    account.sandbox.fault(TOKENS(OWN), method="POST", body=json.dumps(answer))
    result = account.task()
    assert result["plain_token"] == new
    told = "".join(capfd.readouterr()) + account.said + json.dumps({**result, "plain_token": ""})
    assert "minted nightly" in told
    assert not [secret for secret in (ADMIN, new) if secret in told]


@pytest.mark.parametrize("prune", [None, 1])
@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("expiration_date", "soon"),
        ("expiration_date", None),
        ("expiration_date", 4102444800),
        ("created_at", "yesterday"),
        ("created_at", "0001-01-01T00:00:00Z"),
        ("last_used", "a while ago"),
    ],
)
def test_p1_p10_a_time_that_cannot_be_read_is_no_end_and_nothing_is_guessed(
    account: Account, key: str, said: t.Any, prune: int | None
) -> None:
    account.has("stored", age=80, left=2)
    account.has("older", age=85, left=1)
    listed = [{**entry("stored"), key: said}, entry("older")]
    account.sandbox.fault(TOKENS(OWN), method="GET", body=json.dumps(listed))
    for more in ({}, {"check": True}, {"force": True}):
        with pytest.raises(Refused, match=rf"the token stored of this name with a time that cannot be read \({key}\)"):
            account.task(token_id="stored", prune_unused_hours=prune, **more)
    assert account.count("POST") + account.count("DELETE") == 0
    # To be removed it need not be read, and one of another name is nobody's business.
    assert account.task(name="other")["changed"] is True
    assert account.task(token_id="stored", state="absent")["removed"] == ["stored"]


@pytest.mark.parametrize("never", [None, "", "0001-01-01T00:00:00Z"])
def test_p5_never_used_is_written_in_three_ways(account: Account, never: str | None) -> None:
    account.has("stored")
    listed = [{**entry("stored"), "last_used": never}]
    account.sandbox.fault(TOKENS(OWN), method="GET", body=json.dumps(listed))
    assert account.task(token_id="stored")["tokens"][0]["last_used"] is None


@pytest.mark.parametrize("new", [make_pat("minted"), "secret-that-was-just-made-5c1d"])
def test_p5_p11_what_this_run_made_is_not_shown_by_an_error_after_it(account: Account, new: str) -> None:
    account.has("stored", age=80, left=2)
    account.has("older", age=85, left=1)
    answer = {"plain_token": new, "personal_access_token": entry("new")}
    account.sandbox.fault(TOKENS(OWN), method="POST", body=json.dumps(answer))
    body = json.dumps({"message": f"cannot remove, asked with {new}"})
    account.sandbox.fault(f"{TOKENS(OWN)}/older", method="DELETE", status=500, body=body)
    result = account.task(token_id="stored", prune_unused_hours=1, retries=0)
    assert result["plain_token"] == new
    assert "cannot remove, asked with ********" in account.said
    assert new not in account.said


def test_p6_p11_a_token_that_a_refusal_repeats_is_not_shown(account: Account) -> None:
    new = make_pat("minted")
    body = json.dumps({"message": f"stored {new}, then failed"})
    account.sandbox.fault(TOKENS(OWN), method="POST", status=500, body=body)
    with pytest.raises(Refused, match=r"stored \*{8}, then failed") as refused:
        account.task(retries=1)
    assert new not in str(refused.value) + account.said


def test_a_name_that_begins_with_a_blank_is_used_with_a_warning(account: Account) -> None:
    assert account.task(name=" nightly")["changed"] is True
    assert "name, from the argument name, begins with a blank" in account.said


BAD_INPUT: dict[str, tuple[dict[str, t.Any], str]] = {
    "a user that is not there": ({"user": "nobody"}, r"user is no id.*signs in\. Correct it\.$"),
    "a user that two have": ({"user": "robot"}, "more than one user.*service-7, service-8"),
    "another person's tokens": ({"user": "user-1"}, "admin role required.*Name a service user"),
    "no life": ({"lifetime_days": 0}, "lifetime_days.*1 to 365"),
    "too long a life": ({"lifetime_days": 366}, "lifetime_days.*1 to 365"),
    "a life in words": ({"lifetime_days": "90d"}, "lifetime_days.*a whole number from 1 to 365"),
    "negative days ahead": ({"rotate_before_days": -1}, "rotate_before_days.*a whole number of 0 or more"),
    "ahead of all": ({"lifetime_days": 10, "rotate_before_days": 10}, "rotate_before_days.*less than lifetime_days"),
    "no hours": ({"prune_unused_hours": 0}, "prune_unused_hours.*1 or more"),
    "expires_in": ({"expires_in": 30}, "expires_in.*lifetime_days"),
    "id": ({"id": "x"}, "id is no option.*token_id"),
    "a near name": ({"lifetime": 3}, "lifetime is no option of netapi.auth.netbird_pat. Did you mean lifetime_days"),
    "an option of token tasks": ({"refresh": True}, "refresh is no option"),
    "no name": ({"name": None}, "name is not set"),
    "a blank name": ({"name": "  "}, "name, from the argument name, is blank. Give it a value.$"),
    "a name that nobody sees": ({"name": "\u200b\u00a0"}, "name, from the argument name, is blank"),
    "a blank user": ({"user": " "}, "user, from the argument user, is blank"),
    "a blank id": ({"token_id": " "}, "token_id, from the argument token_id, is blank"),
    "an id with a blank": ({"token_id": "stored "}, "token_id.*ends with a blank, which cannot be right"),
    "an id in quotes": ({"token_id": "'stored'"}, "token_id.*stands in quotes, which cannot be right"),
    "a PAT of another account": (
        {"pat": make_pat("elsewhere")},
        "deleted there, its user was deleted, or it is of another",
    ),
    "an expired PAT": (
        {"pat": make_pat("sandboxexpired")},
        r"has expired.*Create another token, .*: docs/docsite/rst/guide_renewing\.rst of the collection says how",
    ),
    "a mistyped PAT": (
        {"pat": "nbp_mistyped"},
        "was mistyped, or is no credential of the API at all. Copy it again, or create another token. (?!.*renew)",
    ),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_has_its_sentence_and_makes_nothing(account: Account, case: str) -> None:
    for user in ("service-7", "service-8"):
        known = NetBirdUser(make_pat(f"sandboxservice{user[-1]}"), user, is_service_user=True, name="robot")
        account.sandbox.add_account(known)
    arguments, sentence = BAD_INPUT[case]
    with pytest.raises(Refused, match=f"(?s){sentence}"):
        account.task(**arguments)
    assert account.count("POST") == 0
    assert account.task(user="service-7")["changed"] is True


ROLES = {"user": False, "auditor": False, "network_admin": True, "admin": True, "owner": True}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_that_may_not_mint_is_told_so(account: Account, role: str) -> None:
    pat = make_pat("roleuser")
    account.sandbox.add_account(NetBirdUser(pat, "role-user", is_service_user=True, role=role))
    if ROLES[role]:
        assert account.task(pat=pat)["changed"] is True
        return
    assert account.task(pat=pat, check=True)["due"] is True
    with pytest.raises(Refused, match="The role of the user allows too little"):
        account.task(pat=pat)


def test_a_user_whom_a_small_role_does_not_see_may_be_there(account: Account) -> None:
    pat = make_pat("roleuser")
    account.sandbox.add_account(NetBirdUser(pat, "role-user", role="user"))
    with pytest.raises(Refused, match="shows no other one: perhaps the role is too small"):
        account.task(pat=pat, user=OTHER)


def test_a_person_of_role_user_may_not_even_list(account: Account) -> None:
    pat = make_pat("roleuser")
    account.sandbox.add_account(NetBirdUser(pat, "role-user", role="user"))
    with pytest.raises(Refused, match="The role of the user allows too little"):
        account.task(pat=pat, check=True)


@pytest.mark.parametrize("body", ["{}", '"text"', "<html>", '{"a":[]}'])
def test_what_is_no_listing_is_an_error(account: Account, body: str) -> None:
    account.sandbox.fault(TOKENS(OWN), method="GET", body=body)
    with pytest.raises(Refused):
        account.task(retries=0)
    assert account.count("POST") == 0


@pytest.mark.parametrize("said", ["{}", '{"id": 7}', '{"id": "a\\u001b[2J"}'])
def test_a_user_without_an_id_is_an_error(account: Account, said: str) -> None:
    account.sandbox.fault("/api/users/current", body=said)
    sentence = r"NetBird did not say the id of the user\. Check api_url, and the release of NetBird\."
    with pytest.raises(Refused, match=sentence):
        account.task()
    assert account.count("POST") == 0


def test_the_environment_says_the_id_of_the_token_that_signs_in(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.has("stored")
    monkeypatch.setenv("NETBIRD_PAT_ID", "stored")
    assert account.task()["id"] == "stored"
    account.has("others", OTHER)
    with pytest.raises(Refused, match="others"):
        account.task(user=OTHER)
    assert account.task(user=OTHER, token_id="others")["id"] == "others"


def test_an_id_wins_over_a_name(account: Account) -> None:
    for user, name in (("service-7", "service-8"), ("service-8", "robot")):
        known = NetBirdUser(make_pat(f"sandboxservice{user[-1]}"), user, is_service_user=True, name=name)
        account.sandbox.add_account(known)
    account.task(user="service-8")
    assert len(account.pats("service-8")) == 1
    assert account.pats("service-7") == {}
    assert account.task(user="robot", check=True, name="other")["due"] is True


def test_ids_go_percent_encoded(account: Account) -> None:
    odd = NetBirdUser(make_pat("odduser"), "auth0|a b+c", is_service_user=True)
    account.sandbox.add_account(odd)
    assert account.task(user="auth0|a b+c")["changed"] is True
    assert any("auth0|a b+c" in one.path for one in account.sandbox.state.requests)


def test_other_tokens_are_used_meanwhile(account: Account) -> None:
    """P1: what was used last is not taken for stored."""
    account.has("stored", age=10, left=80)
    account.has("busy", age=20, idle=0.0)
    result = account.task(token_id="stored", prune_unused_hours=1)
    assert (result["id"], result["changed"], result["kept"]) == ("stored", False, ["busy"])
