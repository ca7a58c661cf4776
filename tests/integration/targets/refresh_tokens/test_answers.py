# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that do not help the run that gets them, and the next run."""

from __future__ import annotations

import typing as t

import pytest

from ansible_collections.netapi.auth.tests.support.logins import Login

# What finds no token in an answer.
MISSES: dict[str, dict[str, t.Any]] = {
    "no scope for an ID token": {"token_query": "id_token", "scope": "peers:read"},
    "no such field": {"token_query": "nothing.of.the.kind"},
    "no text": {"token_query": "expires_in"},
}


@pytest.mark.parametrize("name", MISSES)
def test_an_answer_without_the_wanted_token_costs_no_successor(login_of_the_user: Login, name: str) -> None:
    refused = login_of_the_user.play(succeeds=False, **MISSES[name])
    assert "token" in refused.of("Log in").message
    login_of_the_user.play()
    assert login_of_the_user.sent == [0, 1]


def test_nor_does_it_when_a_successor_was_sent(login: Login) -> None:
    login.play()
    login.play(succeeds=False, token_query="nothing.of.the.kind")
    login.play(again=True)
    assert login.sent == [0, 1, 2]


@pytest.mark.parametrize("playbook", ["ask.yml", "look.yml"])
def test_nor_does_one_without_an_access_token(login_of_the_user: Login, playbook: str) -> None:
    login_of_the_user.provider.spoil("no_access_token")
    login_of_the_user.play(playbook, succeeds=False)
    login_of_the_user.play(playbook)
    assert login_of_the_user.sent == [0, 1]


def test_a_request_that_was_not_heard_is_sent_again(login_of_the_user: Login) -> None:
    login_of_the_user.provider.spoil("unheard")
    login_of_the_user.play()
    assert login_of_the_user.sent == [0]


@pytest.mark.parametrize("before", [0, 1])
def test_a_lost_answer_is_asked_for_once_more_and_the_sentence_says_that_it_was_lost(login: Login, before: int) -> None:
    for _dummy in range(before):
        login.play(again=True)
    login.provider.spoil("lost")
    refused = login.play(again=True, succeeds=False)
    assert login.sent == [*range(before), before, before]
    assert [(one.status, one.fault) for one in login.provider.requests()[before:]] == [(200, "lost"), (400, None)]
    message = refused.of("Log in").message
    assert "lost" in message
    assert "sign-in is over" in message


def test_a_dead_successor_is_an_error_and_the_given_token_stays_unsent(login: Login) -> None:
    login.play(again=True)
    login.provider.spoil("lost")
    login.play(again=True, succeeds=False)
    refused = login.play(again=True, succeeds=False)
    assert 0 not in login.sent[1:]
    assert "sign in" in refused.of("Log in").message.lower()
