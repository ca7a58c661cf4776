# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""One grant at a time, across real processes; and what happens when the cache does not help."""

from __future__ import annotations

import shutil
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import TokenSpec
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import RESULT_KEYS, Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import processes
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.test_cache import HOLDER
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.test_loading import (
    FOR_GRANTS,
    FOR_SOME_CALLS,
    OURS,
)
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

CROWD = 20
HEAVY = {"requests", "urllib3", "jwt", "jmespath"}


def _options(provider: str, sandbox: Sandbox) -> dict[str, str]:
    return DATA[provider].pick(DATA[provider].grants[0].options, sandbox.url)


@pytest.fixture
def spec() -> TokenSpec:
    return spec_of(Mint())


@pytest.fixture
def manager(ear: Ear, cache: Directory) -> TokenManager:
    return manager_of(ear, cache, patience=0.1)


def test_a_crowd_on_a_cold_cache_makes_one_grant(sandbox: Sandbox, run_directory: Path) -> None:
    # Slow enough that all of them are there before the first has its token.
    sandbox.fault("/oauth/token", delay=0.5)
    terms = ("access_token", "source")
    found = processes.ask(run_directory, CROWD, "netfoundry", terms, **_options("netfoundry", sandbox))
    tokens, sources = zip(*found["values"], strict=True)

    assert sandbox.state.counts == {"POST /oauth/token": 1}
    assert (len(tokens), len(set(tokens)), sorted(sources)) == (CROWD, 1, ["cache"] * (CROWD - 1) + ["issued"])


def test_without_a_cache_a_crowd_makes_a_grant_each(sandbox: Sandbox, run_directory: Path) -> None:
    options = {**_options("netfoundry", sandbox), "cache": "none"}
    processes.ask(run_directory, 3, "netfoundry", ("access_token",), **options)

    assert sandbox.state.counts == {"POST /oauth/token": 3}


@pytest.mark.parametrize("provider", DATA)
def test_a_hit_imports_nothing_that_speaks_http_or_signs(
    provider: str, sandbox: Sandbox, ansible: Ansible, run_directory: Path
) -> None:
    options = _options(provider, sandbox)
    ansible.lookup(provider, **options)
    found = processes.ask(run_directory, 1, provider, RESULT_KEYS, **options)

    assert dict(zip(RESULT_KEYS, found["values"][0], strict=True))["source"] == "cache"
    assert (HEAVY | {"redis"}) & set(found["modules"]) == set()
    assert {OURS + name for name in FOR_GRANTS | FOR_SOME_CALLS} & set(found["modules"]) == set()


def test_a_miss_imports_what_it_needs(sandbox: Sandbox, run_directory: Path) -> None:
    # One signs, the other asks an OAuth 2.0 provider that it finds by discovery.
    asked = [
        processes.ask(run_directory, 1, provider, ("claims.sub",), **_options(provider, sandbox))
        for provider in ("netography", "netbird")
    ]

    assert {name for found in asked for name in found["modules"]} >= HEAVY | {OURS + name for name in FOR_GRANTS}


def test_the_lock_of_a_killed_process_does_not_keep_the_next_one_waiting(
    manager: TokenManager, spec: TokenSpec, cache: Directory, ear: Ear
) -> None:
    command = [sys.executable, "-c", HOLDER, str(cache.path), name_in(cache, spec)]
    with subprocess.Popen(
        command, env=processes.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        holder.kill()
        holder.wait()
        result = manager.token(spec)

    assert result.source == "issued"
    assert [remark for remark in ear.remarks if "another process" in remark] == []


def test_who_has_waited_long_enough_grants_for_itself_and_says_so(
    manager: TokenManager, spec: TokenSpec, cache: Directory, ear: Ear
) -> None:
    with cache.lock(name_in(cache, spec), 0):
        result = manager.token(spec)

    assert (result.source, ear.warnings) == ("issued", [])
    assert ear.remarks[0] == ("Service method: another process did not finish in time, so this one does not wait.")


def test_a_token_of_who_did_not_wait_is_kept_as_well(manager: TokenManager, spec: TokenSpec, cache: Directory) -> None:
    with cache.lock(name_in(cache, spec), 0):
        manager.token(spec)

    assert manager.token(spec).source == "cache"


def test_a_token_in_the_cache_needs_no_lock(manager: TokenManager, spec: TokenSpec, cache: Directory, ear: Ear) -> None:
    manager.token(spec)
    ear.remarks.clear()
    with cache.lock(name_in(cache, spec), 0):
        assert manager.token(spec).source == "cache"
    assert ear.remarks == []


def test_the_grant_is_made_under_the_lock(manager: TokenManager, spec: TokenSpec, cache: Directory) -> None:
    free: list[bool] = []

    class Looking(Mint):
        def grant(self, clock: Callable[[], float]) -> _token.TokenResponse:
            with cache.lock(name_in(cache, spec), 0) as held:
                free.append(held)
            return super().grant(clock)

    manager.token(spec_of(Looking()))
    assert free == [False]


def test_a_grant_that_fails_gives_the_lock_back(manager: TokenManager, spec: TokenSpec, cache: Directory) -> None:
    def fail(clock: Callable[[], float]) -> _token.TokenResponse:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        manager.token(spec._replace(source=types.SimpleNamespace(grant=fail, again=lambda: None)))
    with cache.lock(name_in(cache, spec), 0) as held:
        assert held


def _no_directory(cache: Directory, name: str) -> None:
    shutil.rmtree(cache.path)
    cache.path.write_text("a file where the directory should be", encoding="utf-8")


def _no_entry(cache: Directory, name: str) -> None:
    (cache.path / name).mkdir()


def _no_lock(cache: Directory, name: str) -> None:
    (cache.path / f"{name}.lock").mkdir()


FAULTS: dict[Callable[[Directory, str], None], str] = {
    _no_directory: "Not a directory",
    _no_entry: "Is a directory",
    _no_lock: "Is a directory",
}


@pytest.mark.parametrize("spoil", FAULTS)
def test_a_runs_cache_that_cannot_be_used_is_one_warning_and_the_token_is_given(
    spoil: Callable[[Directory, str], None],
    manager: TokenManager,
    spec: TokenSpec,
    cache: Directory,
    ear: Ear,
) -> None:
    spoil(cache, name_in(cache, spec))
    result = manager.token(spec)

    assert (result.source, result.token.text) == ("issued", "the-token-1")
    sentence = f"The token cache {cache.path} cannot be used ({FAULTS[spoil]}). Make room, or correct the rights there."
    # The same each time, so that the core shows it once.
    assert set(ear.warnings) == {f"{sentence} Until then more tokens are asked for than needed."}


@pytest.mark.parametrize("spoil", FAULTS)
def test_the_core_shows_the_warning_once(
    spoil: Callable[[Directory, str], None],
    manager: TokenManager,
    spec: TokenSpec,
    cache: Directory,
    capsys: pytest.CaptureFixture[str],
) -> None:
    spoil(cache, name_in(cache, spec))
    for _time in range(3):
        manager._replace(cache=manager.cache._replace(display=Display())).token(spec)

    assert capsys.readouterr().err.count("[WARNING]") == 1
