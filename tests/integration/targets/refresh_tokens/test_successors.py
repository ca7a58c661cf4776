# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A given refresh token is sent once, and then its successors, whatever a run asks with."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.oidc_provider.client import OidcProvider
from ansible_collections.netapi.auth.tests.support.logins import Login
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, Run

WAYS = {"task": "ask.yml", "lookup": "look.yml"}
# What a run may be told that the run before it was not, and the successor serves all the same. None leaves out.
CHANGES: dict[str, dict[str, t.Any]] = {
    "scope": {"scope": "peers:read"},
    "audience": {"audience": "https://other.example.com"},
    "token_query": {"token_query": "id_token"},
    "request": {"client_auth": "client_secret_post"},
    "endpoint": {"issuer": None, "token_url": "{issuer}/token"},
}


def _source(run: Run, host: str = "localhost") -> str:
    return str(run.of("Show all but the token", host).result["msg"]["source"])


def _change(name: str, provider: OidcProvider) -> dict[str, t.Any]:
    changes = CHANGES.get(name, {})
    return {key: value and value.format(issuer=provider.issuer) for key, value in changes.items()}


@pytest.mark.parametrize("way", WAYS)
def test_runs_in_a_row_send_the_given_token_once(login: Login, way: str) -> None:
    for _dummy in range(3):
        login.play(WAYS[way], again=True)
    assert login.sent == [0, 1, 2]


@pytest.mark.parametrize("client_id", ["netbird-offline-post", "netbird-public"])
def test_so_do_those_of_any_client(provider: OidcProvider, ansible: Ansible, client_id: str) -> None:
    login = Login(provider, ansible, provider.mint(client_id), client_id=client_id)
    for _dummy in range(3):
        login.play(again=True)
    assert login.sent == [0, 1, 2]


def test_a_run_in_check_mode_sends_it_and_keeps_the_successor_for_a_real_run(login: Login) -> None:
    for arguments in (["--check"], [], ["--check"]):
        login.play("ask.yml", *arguments, again=True)
    assert login.sent == [0, 1, 2]


def test_a_run_while_the_token_lives_sends_nothing(login: Login) -> None:
    assert [_source(login.play()) for dummy in range(2)] == ["issued", "cache"]
    assert login.sent == [0]


@pytest.mark.parametrize("way", WAYS)
def test_the_successor_serves_runs_that_ask_for_something_else(login: Login, way: str) -> None:
    for name in ("nothing", *CHANGES, "nothing"):
        login.play(WAYS[way], again=True, **_change(name, login.provider))
    assert login.sent == list(range(len(CHANGES) + 2))


def test_access_tokens_of_different_options_lie_apart(login_of_the_user: Login) -> None:
    names = ("nothing", "scope", "audience", "token_query", "endpoint")
    sources = [
        _source(login_of_the_user.play(**_change(name, login_of_the_user.provider))) for name in (*names, *names)
    ]
    assert sources == ["issued"] * 5 + ["cache"] * 5
    assert login_of_the_user.sent == list(range(5))


def test_all_of_them_at_once_in_one_play_follow_each_other(login: Login) -> None:
    hosts = {"as it is": {}, **{name: _change(name, login.provider) for name in CHANGES}}
    login.play("ask.yml", "--forks", str(len(hosts)), hosts=hosts)
    assert login.sent == list(range(len(login.sent)))
    assert len(login.sent) >= 4


def test_another_given_token_is_another_login(login: Login, provider: OidcProvider) -> None:
    other = dataclasses.replace(login, given=provider.mint())
    for one in (login, other, login, other):
        one.play(again=True)
    assert login.sent == [0, None, 1, None]
    assert other.sent == [None, 0, None, 1]


def test_without_a_word_about_the_cache_the_next_run_goes_on(provider: OidcProvider, ansible: Ansible) -> None:
    login = Login(provider, ansible, provider.mint(), cache=None)
    assert [_source(login.play(again=again)) for again in (False, False, True)] == ["issued", "cache", "issued"]
    assert login.sent == [0, 1]


@pytest.mark.parametrize("cache", ["run", "none"])
def test_where_the_successor_is_lost_a_warning_comes_before_the_grant(
    provider: OidcProvider, ansible: Ansible, cache: str
) -> None:
    # Of a refresh token that the provider does not know: no answer brings a successor.
    login = Login(provider, ansible, "never-issued-5c81e07d", cache=cache)
    run = login.play(succeeds=False)
    warnings = "".join(run.output.partition("[WARNING]")[1:])
    assert "cache" in warnings
    assert "user" in warnings
    assert "Redis" in warnings


@pytest.mark.parametrize("env", [{"JOB_ID": "7"}, {"AWX_ISOLATED_DATA_DIR": "/runner"}])
def test_in_a_job_a_warning_names_what_outlives_it(login_of_the_user: Login, env: dict[str, str]) -> None:
    run = login_of_the_user.play(env=env)
    warnings = "".join(run.output.partition("[WARNING]")[1:])
    assert "Redis" in warnings
    assert "volume" in warnings


def test_an_answer_with_the_same_token_is_no_rotation(login: Login) -> None:
    login.provider.spoil("same_refresh_token", "same_refresh_token", None, "same_refresh_token")
    for _dummy in range(5):
        login.play(again=True)
    assert login.sent == [0, 0, 0, 1, 1]


def test_logging_out_is_no_end_of_the_login(login: Login) -> None:
    run = login.play("absent.yml")
    for task in ("Log out in check mode", "Log out", "Log out again"):
        said = run.of(task)
        assert said.status == "ok"
        assert said.result["changed"] is False
    assert "successor" in run.of("Log out").message
    assert run.of("Say where the token still comes from").message == "cache"
    assert login.provider.requests("/token/revocation") == []
    # The access token is gone, the login is not.
    assert _source(login.play()) == "issued"
    assert login.sent == [0, 1]


def test_logging_out_before_the_first_token_spends_nothing(login_of_the_user: Login) -> None:
    login_of_the_user.play("ask.yml", "--start-at-task", "Say where the lookup has it from")
    assert login_of_the_user.sent == [0]
    login_of_the_user.play("absent.yml", "--start-at-task", "Log out")
    login_of_the_user.play("absent.yml", "--start-at-task", "Log out")
    login_of_the_user.play(again=True)
    assert login_of_the_user.sent == [0, 1]
