# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A password is sent once: many tries with a wrong one lock the account."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import Ear, new_run, result_of

PATH = "/api/auth/bearer/token"
ASKED = f"POST {PATH}"
REMEMBERED = (
    " It was asked once in this run, and is not asked again: many tries with a wrong password can lock an account. "
    "refresh: true asks again."
)


def _result(sandbox: Sandbox, run: Path, ear: Ear, password: str, **more: t.Any) -> dict[str, t.Any]:
    given = {"username": "neto-user-1", "password": password, "api_url": sandbox.url, "retries": 3, **more}
    return result_of(netography.PROVIDER, run, ear, **given)


def _refused(sandbox: Sandbox, run: Path, ear: Ear, password: str = "wrong-password", **more: t.Any) -> str:
    with pytest.raises(ServiceError) as refused:
        _result(sandbox, run, ear, password, **more)
    assert password not in str(refused.value)
    return str(refused.value)


@pytest.mark.parametrize("cache", [None, "none", "run", "user"])
def test_a_wrong_one_is_sent_once_a_run(
    cache: str | None, sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    first, second, third = (_refused(sandbox, run_directory, ear, cache=cache) for _host in range(3))
    assert sandbox.state.counts == {ASKED: 1}
    assert REMEMBERED not in first
    problem, which, account = first.partition(" The method for ")
    assert second == third == problem + REMEMBERED + which + account

    _refused(sandbox, new_run(tmp_path, "next"), ear, cache=cache)
    assert sandbox.state.counts == {ASKED: 2}


@pytest.mark.parametrize("cache", ["none", "user"])
def test_what_comes_of_it_is_kept_for_the_run_whatever_is_set(
    cache: str, sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    found = [_result(sandbox, run_directory, ear, "neto-password-1", cache=cache)["source"] for _host in range(2)]
    assert found == ["issued", "cache"]

    assert _result(sandbox, new_run(tmp_path, "next"), ear, "neto-password-1", cache=cache)["source"] == "issued"


def test_another_password_or_another_person_is_another_try(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    _refused(sandbox, run_directory, ear)
    _refused(sandbox, run_directory, ear, "another-password")
    _refused(sandbox, run_directory, ear, username="neto-user-2")
    assert _result(sandbox, run_directory, ear, "neto-password-1")["source"] == "issued"

    assert sandbox.state.counts == {ASKED: 4}


def test_refresh_tries_anew_and_a_success_ends_it(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(PATH, times=2, status=401, body="{}")
    first = [_refused(sandbox, run_directory, ear, "neto-password-1", refresh=again) for again in (False, True)]
    assert not any(REMEMBERED in one for one in first)
    assert sandbox.state.counts == {ASKED: 2}

    _result(sandbox, run_directory, ear, "neto-password-1", refresh=True)
    sandbox.fault("/api/auth/bearer/refresh", status=400, body="{}")
    _result(sandbox, run_directory, ear, "neto-password-1", token_query="access_token")
    assert sandbox.state.counts[ASKED] == 3


def test_after_a_success_a_later_grant_is_made_again(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(PATH, times=1, status=401, body="{}")
    _refused(sandbox, run_directory, ear, "neto-password-1")
    sandbox.fault(PATH, times=1, life=1, drop=["refresh_token"])
    _result(sandbox, run_directory, ear, "neto-password-1", refresh=True)
    # A life of one second has ended for whoever wants half of it.
    sandbox.fault(PATH, times=1, drop=["refresh_token"])
    _result(sandbox, run_directory, ear, "neto-password-1", refresh=True)

    assert _result(sandbox, run_directory, ear, "neto-password-1")["source"] == "cache"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_it_is_not_sent_again_after_any_answer(status: int, sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(PATH, times=1, status=status)
    said = [_refused(sandbox, run_directory, ear, "neto-password-1") for _host in range(2)]
    assert sandbox.state.counts == {ASKED: 1}
    assert said[1] == said[0] + REMEMBERED

    assert _result(sandbox, run_directory, ear, "neto-password-1", refresh=True)["source"] == "issued"


def test_it_is_not_sent_again_after_an_answer_that_was_lost(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault(PATH, status=200, body="{", cut=True)
    said = [_refused(sandbox, run_directory, ear) for _host in range(2)]

    assert "broke off the connection" in said[0]
    assert said[1] == said[0] + REMEMBERED
    assert sandbox.state.counts == {ASKED: 1}


def test_a_service_that_cannot_be_reached_has_not_got_it(run_directory: Path, sandbox: Sandbox, ear: Ear) -> None:
    nowhere = "http://127.0.0.1:1"
    said = [_refused(sandbox, run_directory, ear, api_url=nowhere) for _host in range(2)]

    assert said[0] == said[1]
    assert "refuses the connection" in said[0]
