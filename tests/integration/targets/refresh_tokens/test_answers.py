# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Answers that do not help the run that gets them, and the next run."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import Login


def test_an_answer_without_the_wanted_token_costs_no_successor(login: Login) -> None:
    for _dummy in range(2):
        refused = login.play(succeeds=False, token_query="nothing.of.the.kind")
        assert "token" in refused.of("Log in").message
        login.play(again=True)
    assert login.sent == [0, 1, 2, 3]


def test_a_lost_answer_is_asked_for_once_more_and_then_the_sign_in_is_over(login: Login) -> None:
    login.play()
    login.provider.spoil("lost")
    refused = login.play(again=True, succeeds=False)
    assert login.sent == [0, 1, 1]
    assert [(one.status, one.fault) for one in login.provider.requests()[1:]] == [(200, "lost"), (400, None)]
    message = refused.of("Log in").message
    assert "lost" in message
    assert "sign-in is over" in message
    # The given token stays unsent.
    refused = login.play(again=True, succeeds=False)
    assert 0 not in login.sent[1:]
    assert "sign in" in refused.of("Log in").message.lower()
