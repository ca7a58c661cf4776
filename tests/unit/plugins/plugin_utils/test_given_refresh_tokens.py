# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A refresh token that the user gave: it is sent once, then its successors, whatever else is asked for.

The identity provider of the sandbox takes each refresh token once.
"""

from __future__ import annotations

import contextlib
import json
import typing as t
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError, CacheError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird, netography
from ansible_collections.netapi.auth.plugins.plugin_utils._session import durability
from ansible_collections.netapi.auth.plugins.plugin_utils._session.durability import Durability
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cipher import EntryCipher
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.refresh_tokens import Record
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    call_of,
    clock_at,
    new_run,
    result_of,
)

TOKEN = "/idp/token"
IDP = f"POST {TOKEN}"
GIVEN = "nb-refresh-client-1"
OVER = "The answer to an earlier try was lost with the successor of refresh_token, so the sign-in is over."
ANEW = "Sign in again, and set refresh_token to the one that this brings."


def _options(sandbox: Sandbox, **more: t.Any) -> dict[str, t.Any]:
    client = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "issuer": f"{sandbox.url}/idp"}
    return {"api_url": sandbox.url, "refresh_token": GIVEN, **client, **more}


def _result(sandbox: Sandbox, run: Path, ear: Ear, **more: t.Any) -> dict[str, t.Any]:
    return result_of(netbird.PROVIDER, run, ear, **_options(sandbox, **more))


def _sent(sandbox: Sandbox) -> list[str]:
    """The refresh tokens that the provider got, in their order."""
    requests = [one for one in sandbox.state.requests if one.path == TOKEN]
    return [parse_qs(one.body)["refresh_token"][0] for one in requests]


def _check_each_was_sent_once(sandbox: Sandbox, times: int) -> None:
    sent = _sent(sandbox)
    assert sent[0] == GIVEN
    assert len(set(sent)) == len(sent) == times


def test_the_next_run_sends_the_successor_where_nothing_says_which_cache(
    sandbox: Sandbox, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        clock_at(monkeypatch, number * 3601)
        assert _result(sandbox, new_run(tmp_path, str(number)), ear)["source"] == "issued"

    _check_each_was_sent_once(sandbox, 3)
    assert ear.concerns == []


def test_two_given_ones_are_two_sign_ins(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    _result(sandbox, run_directory, ear)
    with pytest.raises(ServiceError):
        _result(sandbox, run_directory, ear, refresh_token="nb-refresh-other")

    assert _sent(sandbox) == [GIVEN, "nb-refresh-other"]


OTHERS: tuple[dict[str, t.Any], ...] = (
    {"scope": "openid"},
    {"audience": "another"},
    {"token_query": "access_token || id_token"},
    {"issuer": None, "token_url": "{url}/idp/token"},
    {"client_auth": "client_secret_post", "client_id": "nb-client-1"},
)


@pytest.mark.parametrize("more", OTHERS, ids="+".join)
def test_another_option_goes_on_from_the_successor(
    more: dict[str, t.Any], sandbox: Sandbox, tmp_path: Path, ear: Ear, run_directory: Path
) -> None:
    filled = {name: value and value.replace("{url}", sandbox.url) for name, value in more.items()}
    first = _result(sandbox, run_directory, ear)
    # What the provider says of it is not this test's concern: some of these it refuses.
    with contextlib.suppress(ServiceError):
        assert _result(sandbox, run_directory, ear, **filled)["access_token"] != first["access_token"]
    _result(sandbox, new_run(tmp_path, "next"), ear, refresh=True)

    assert _sent(sandbox).count(GIVEN) == 1


def test_an_access_token_lies_apart_by_all_options(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    plain = [_result(sandbox, run_directory, ear)["access_token"] for _time in range(2)]
    scoped = [_result(sandbox, run_directory, ear, scope="openid")["access_token"] for _time in range(2)]

    assert len({*plain}) == len({*scoped}) == 1
    assert plain != scoped
    assert sandbox.state.counts[IDP] == 2


def test_an_answer_without_the_wanted_token_loses_no_successor(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, times=1, drop=["access_token"])
    with pytest.raises(ServiceError, match="without a usable token where token_query looks"):
        _result(sandbox, run_directory, ear)
    _result(sandbox, new_run(tmp_path, "next"), ear)

    _check_each_was_sent_once(sandbox, 2)


@pytest.mark.parametrize("text", ["", "  ", "a\nb", "\u00e4", 5, None, ["a"]])
def test_what_could_not_be_sent_takes_no_ones_place(
    text: object, sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, times=1, merge={"refresh_token": text})
    _result(sandbox, run_directory, ear)
    sandbox.fault(TOKEN, times=1, status=503)
    with pytest.raises(ServiceError):
        _result(sandbox, run_directory, ear, refresh=True)

    assert _sent(sandbox) == [GIVEN, GIVEN]


def test_an_answer_with_the_same_one_is_no_successor(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(TOKEN, merge={"refresh_token": GIVEN})
    _result(sandbox, run_directory, ear, cache="run")
    sandbox.fault(TOKEN, times=1, status=503)
    with pytest.raises(ServiceError):
        _result(sandbox, run_directory, ear, refresh=True)

    assert _sent(sandbox) == [GIVEN, GIVEN]


def test_a_refused_successor_is_an_error_and_the_given_one_is_not_sent_again(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    _result(sandbox, run_directory, ear)
    sandbox.fault(TOKEN, status=400, body=json.dumps({"error": "invalid_request"}))
    for number in range(2):
        with pytest.raises(ServiceError, match="What was sent is the successor of refresh_token") as refused:
            _result(sandbox, new_run(tmp_path, str(number)), ear, refresh=True)
        assert f"{ANEW} The method for " in str(refused.value)

    assert _sent(sandbox).count(GIVEN) == 1


def test_a_refused_given_one_is_refused_by_what_the_provider_says(
    sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    with pytest.raises(ServiceError, match="Check refresh_token: it was used, has expired, or was ended") as refused:
        _result(sandbox, run_directory, ear, refresh_token="nb-refresh-unheard")

    assert ANEW not in str(refused.value)


@pytest.mark.parametrize(
    ("cache", "place"), [("none", "no cache"), ("run", "the cache of this run"), ("user", "the user's token cache")]
)
def test_the_brief_says_where_the_next_successor_is_kept(
    cache: str, place: str, sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    with pytest.raises(ServiceError) as refused:
        _result(sandbox, run_directory, ear, refresh_token="nb-refresh-unheard", cache=cache)

    said = "Sign in again, and set refresh_token to the one that this brings, whose successor is kept in"
    assert refused.value.brief == f"{said} {place}."
    assert _sent(sandbox) == ["nb-refresh-unheard"]


def test_one_whose_answer_was_lost_is_asked_once_more(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(TOKEN, times=1, status=200, body="{", cut=True)
    _result(sandbox, run_directory, ear)

    assert _sent(sandbox) == [GIVEN, GIVEN]


def test_one_whose_answer_was_lost_and_that_is_refused_then_says_that_the_sign_in_is_over(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, times=1, status=200, body="{", cut=True)
    sandbox.fault(TOKEN, times=1, status=400, body=json.dumps({"error": "invalid_grant"}))
    with pytest.raises(ServiceError) as refused:
        _result(sandbox, run_directory, ear)

    assert f"{OVER} {ANEW} The method for " in str(refused.value)
    assert sandbox.state.counts[IDP] == 2


def test_an_answer_that_is_lost_twice_is_remembered_for_the_next_run(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, times=2, status=200, body="{", cut=True)
    with pytest.raises(ServiceError, match="broke off the connection"):
        _result(sandbox, run_directory, ear)
    sandbox.fault(TOKEN, times=1, status=401, body=json.dumps({"error": "invalid_grant"}))
    with pytest.raises(ServiceError) as refused:
        _result(sandbox, new_run(tmp_path, "next"), ear)

    assert OVER in str(refused.value)
    assert sandbox.state.counts[IDP] == 3


def test_a_refusal_after_a_fault_without_a_lost_answer_is_not_blamed_on_it(
    sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, times=1, status=503)
    sandbox.fault(TOKEN, times=1, status=400, body=json.dumps({"error": "invalid_grant"}))
    for _time in range(2):
        with pytest.raises(ServiceError) as refused:
            _result(sandbox, run_directory, ear)

    assert OVER not in str(refused.value)


def test_whoever_waits_too_long_for_the_lock_sends_nothing(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    call = call_of(netbird.PROVIDER, run_directory, ear, **_options(sandbox, cache="run", timeout=1))
    cache = call.run.cache
    identity = {"client_id": "nb-client-1", "kind": "refresh_token"}
    name = EntryCipher(GIVEN, identity, cache.salt()).name
    with cache.lock(name, 0) as held:
        assert held
        with pytest.raises(AuthError, match="another process uses refresh_token and did not finish in time"):
            call_of(netbird.PROVIDER, run_directory, ear, **_options(sandbox, cache="run", timeout=1)).result()

    assert _sent(sandbox) == []


def test_the_token_is_forgotten_and_the_successor_kept(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    _result(sandbox, run_directory, ear)
    said = [
        call_of(netbird.PROVIDER, run_directory, ear, **_options(sandbox)).remove(check_mode=check_mode)
        for check_mode in (True, False, False)
    ]
    _result(sandbox, new_run(tmp_path, "next"), ear)

    kept = "forgotten and not revoked, which could end the sign-in; the successor of refresh_token is kept."
    assert [one["msg"] for one in said] == [
        f"The cached token would be {kept}",
        f"The cached token was {kept}",
        "There is no cached token of this credential. A successor of refresh_token, if there is one, is kept.",
    ]
    assert not any(one["changed"] for one in said)
    assert "POST /idp/revoke" not in sandbox.state.counts
    _check_each_was_sent_once(sandbox, 2)


def test_netography_keeps_the_successor_too(sandbox: Sandbox, tmp_path: Path, ear: Ear) -> None:
    given = {"refresh_token": "neto-rotating-1", "api_url": sandbox.url}
    for number in range(3):
        result_of(netography.PROVIDER, new_run(tmp_path, str(number)), ear, refresh=True, **given)

    bodies = [one.body for one in sandbox.state.requests]
    assert len(set(bodies)) == 3
    assert bodies[0] == "refresh_token=neto-rotating-1"


# Which cache keeps it


@pytest.mark.parametrize(("cache", "lost"), [("none", "nothing is kept"), ("run", "it is kept for this run only")])
def test_a_cache_that_does_not_last_is_warned_of_before_the_grant(
    cache: str, lost: str, sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, status=500)
    with pytest.raises(ServiceError):
        _result(sandbox, run_directory, ear, cache=cache)
    (warning,) = ear.warnings

    assert f"cache is {cache}" in warning
    assert lost in warning
    assert warning.endswith("Set cache to user, or for several nodes to a Redis address.")


def test_a_token_from_the_cache_is_no_second_reason_to_warn(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    for _time in range(3):
        _result(sandbox, run_directory, ear, cache="run")

    assert len(ear.warnings) == 1


@pytest.fixture
def unusable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's cache cannot be made: a file is in its place."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))


MAY_END = "its successor may end with this job, since"


@pytest.mark.usefixtures("unusable")
def test_where_the_users_cache_cannot_be_made_the_successor_is_in_the_run_and_a_warning_says_so(
    sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    sources = [_result(sandbox, run_directory, ear, refresh=number == 2)["source"] for number in range(3)]

    assert sources == ["issued", "cache", "issued"]
    assert f"{MAY_END} the wanted cache did not take it" in "\n".join(ear.warnings)
    _check_each_was_sent_once(sandbox, 2)


def test_where_the_answer_brings_none_there_is_no_warning(
    unusable: None, sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    sandbox.fault(TOKEN, drop=["refresh_token"])
    _result(sandbox, run_directory, ear)

    assert MAY_END not in "\n".join(ear.warnings)


@pytest.mark.parametrize("name", ["AWX_ISOLATED_DATA_DIR", "JOB_ID"])
def test_a_job_of_ansible_runner_is_warned_of(
    name: str, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    for _time in range(2):
        _result(sandbox, run_directory, ear)
    (warning,) = ear.warnings

    assert f"{MAY_END} the user's token cache is that of a job" in warning
    assert "a Redis address" in warning
    assert "volume" in warning


def test_a_container_is_warned_of(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".containerenv").touch()
    monkeypatch.setattr(durability, "CONTAINER_FILES", (tmp_path / ".containerenv",))
    _result(sandbox, run_directory, ear)

    assert f"{MAY_END} the user's token cache is in a container" in "\n".join(ear.warnings)


def test_a_server_keeps_it_in_a_container_too() -> None:
    assert Durability("NetBird", "redis://host").after("redis-1") == ""


AWAY = "The Redis server in cache cannot be reached. Check the address and the server."


def test_where_the_cache_that_may_have_a_successor_does_not_answer_nothing_is_sent(
    sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    for _time in range(2):
        with pytest.raises(AuthError, match="It may keep the successor of refresh_token"):
            _result(sandbox, run_directory, ear, cache="redis://127.0.0.1:1/0")

    assert _sent(sandbox) == []
    assert set(ear.warnings) == {AWAY}


def test_what_forgets_a_token_does_not_say_that_one_is_asked_for(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    client = {**_options(sandbox), "refresh_token": None, "cache": "redis://127.0.0.1:1/0"}
    with pytest.raises(AuthError, match="is not known"):
        call_of(netbird.PROVIDER, run_directory, ear, **client).remove(check_mode=False)
    assert ear.warnings == [AWAY]

    result_of(netbird.PROVIDER, new_run(tmp_path, "another run"), ear, **client)
    assert ear.warnings[1:] == [f"{AWAY} Until then more tokens are asked for than needed."]


def test_a_users_cache_that_is_open_to_others_may_have_one(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "netapi_auth").mkdir(mode=0o755)
    (tmp_path / "netapi_auth").chmod(0o755)
    with pytest.raises(AuthError, match=r"open to others.*It may keep the successor of refresh_token"):
        _result(sandbox, run_directory, ear)

    assert _sent(sandbox) == []


@pytest.mark.parametrize("ahead", [0, 100000])
def test_the_latest_successor_counts_where_two_caches_have_one(
    ahead: float, sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The user's cache takes nothing for a while, and so the run's has what came meanwhile, by a clock set right."""
    with monkeypatch.context() as patch:
        clock_at(patch, ahead)
        _result(sandbox, run_directory, ear)
    put = Directory.put

    def fail(self: Directory, name: str, entry: bytes, until: float) -> None:
        if self.kind == "user":
            raise CacheError("The disk is full.")
        put(self, name, entry, until)

    with monkeypatch.context() as patch:
        patch.setattr(Directory, "put", fail)
        _result(sandbox, run_directory, ear, refresh=True)
    _result(sandbox, run_directory, ear, refresh=True)

    _check_each_was_sent_once(sandbox, 3)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"text": "a", "another": 1}', b"1"])
def test_what_is_no_record_is_none(data: bytes) -> None:
    assert Record.from_json(data) is None


def test_a_record_is_read_as_it_was_written_and_shows_no_token() -> None:
    record = Record("the-refresh-token", 5.5, is_asking=True)

    assert Record.from_json(record.to_json()) == record
    assert "the-refresh-token" not in repr(record)
