# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A given refresh token that the provider replaced: the user hears of it where no cache that lasts has the next."""

from __future__ import annotations

import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _netbird
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import Ear, new_run, result_of

REPLACED = (
    "NetBird: the provider replaced the refresh token, so the next run will be refused with the one that was given. "
    "Set cache to user or to a Redis address, where its successor is kept."
)


@pytest.fixture
def unusable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The user's cache cannot be made: a file is in its place."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))


def _result(sandbox: Sandbox, run: Path, ear: Ear, cache: str, **more: t.Any) -> dict[str, t.Any]:
    client = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "issuer": f"{sandbox.url}/idp"}
    given = {"refresh_token": "nb-refresh-client-1", "api_url": sandbox.url, "cache": cache}
    return result_of(_netbird.PROVIDER, run, ear, **client, **given, **more)


@pytest.mark.usefixtures("unusable")
def test_the_warning_comes_where_only_the_run_could_keep_it(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sources = [_result(sandbox, run_directory, ear, "user")["source"] for _time in range(2)]

    assert sources == ["issued", "cache"]
    assert ear.warnings.count(REPLACED) == 1
    assert len(ear.warnings) == 2


def test_the_warning_comes_where_no_server_could_keep_it(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    _result(sandbox, run_directory, ear, "redis://127.0.0.1:1/0")

    assert REPLACED in ear.warnings


@pytest.mark.usefixtures("unusable")
def test_no_warning_where_the_given_one_stays_good(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    sandbox.fault("/idp/token", drop=["refresh_token"])
    _result(sandbox, run_directory, ear, "user")

    assert REPLACED not in ear.warnings


@pytest.mark.parametrize("refresh", [False, True])
def test_no_warning_where_the_users_cache_keeps_it(
    refresh: bool, sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear
) -> None:
    for run in (run_directory, new_run(tmp_path, "next")):
        _result(sandbox, run, ear, "user", refresh=refresh)

    assert ear.warnings == []


def test_a_token_from_the_runs_cache_is_no_second_reason(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    for _time in range(3):
        _result(sandbox, run_directory, ear, "run")

    assert ear.warnings == [REPLACED]
