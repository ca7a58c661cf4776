# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""One grant at a time, across real processes; and what happens when the cache does not help."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _broker, _cache, _seal, _token
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import RESULT_KEYS, Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import processes
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import Voice
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netbird_flows import FLOWS as NETBIRD
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netfoundry_flows import FLOWS as NETFOUNDRY
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netography_flows import FLOWS as NETOGRAPHY
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netography_flows import KEY
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.test_cache import HOLDER

CROWD = 20
HEAVY = {"requests", "urllib3", "jwt", "jmespath"}
FLOWS = {"netfoundry": NETFOUNDRY[0], "netography": NETOGRAPHY[0], "netbird": NETBIRD[0]}


def _options(provider: str, sandbox: Sandbox) -> dict[str, str]:
    sandbox.add_account(KEY)
    return {name: value.replace("{url}", sandbox.url) for name, value in FLOWS[provider].options.items()}


def _grant(clock: Callable[[], float]) -> _token.Token:
    return _token.Token("the-token", "Bearer", clock(), clock() + 3600)


WISH = _broker.Wish("Service method", "secret", {"client_id": "a"}, _grant)


@pytest.fixture
def cache(tmp_path: Path) -> _cache.Directory:
    return _cache.Directory(tmp_path / "cache")


@pytest.fixture
def broker(cache: _cache.Directory, voice: Voice) -> _broker.Broker:
    return _broker.Broker(voice, cache, 60, 0)


def _name(cache: _cache.Directory) -> str:
    return _seal.Seal(WISH.secret, WISH.identity, cache.salt()).name


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


@pytest.mark.parametrize("provider", FLOWS)
def test_a_hit_imports_nothing_that_speaks_http_or_signs(
    provider: str, sandbox: Sandbox, ansible: Ansible, run_directory: Path
) -> None:
    options = _options(provider, sandbox)
    ansible.lookup(provider, **options)
    found = processes.ask(run_directory, 1, provider, RESULT_KEYS, **options)

    assert dict(zip(RESULT_KEYS, found["values"][0], strict=True))["source"] == "cache"
    assert HEAVY & set(found["modules"]) == set()


def test_a_miss_imports_what_it_needs(sandbox: Sandbox, run_directory: Path) -> None:
    found = processes.ask(run_directory, 1, "netography", ("claims.sub",), **_options("netography", sandbox))

    assert set(found["modules"]) >= HEAVY


def test_the_lock_of_a_killed_process_does_not_keep_the_next_one_waiting(
    broker: _broker.Broker, cache: _cache.Directory, voice: Voice
) -> None:
    command = [sys.executable, "-c", HOLDER, str(cache.path), _name(cache)]
    with subprocess.Popen(
        command, env=processes.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "True\n"
        holder.kill()
        holder.wait()
        handout = broker.token(WISH)

    assert handout.source == "issued"
    assert [remark for remark in voice.remarks if "another process" in remark] == []


def test_who_has_waited_long_enough_grants_for_itself_and_says_so(
    broker: _broker.Broker, cache: _cache.Directory, voice: Voice
) -> None:
    with cache.lock(_name(cache), 0):
        handout = broker.token(WISH)

    assert (handout.source, voice.warnings) == ("issued", [])
    assert voice.remarks[0].startswith("Service method: another process did not finish its grant")


def test_a_token_of_who_did_not_wait_is_kept_as_well(broker: _broker.Broker, cache: _cache.Directory) -> None:
    with cache.lock(_name(cache), 0):
        broker.token(WISH)

    assert broker.token(WISH).source == "cache"


def test_a_token_in_the_cache_needs_no_lock(broker: _broker.Broker, cache: _cache.Directory, voice: Voice) -> None:
    broker.token(WISH)
    voice.remarks.clear()
    with cache.lock(_name(cache), 0):
        assert broker.token(WISH).source == "cache"
    assert voice.remarks == []


def test_the_grant_is_made_under_the_lock(broker: _broker.Broker, cache: _cache.Directory) -> None:
    free: list[bool] = []

    def grant(clock: Callable[[], float]) -> _token.Token:
        with cache.lock(_name(cache), 0) as held:
            free.append(held)
        return _grant(clock)

    broker.token(dataclasses.replace(WISH, grant=grant))
    assert free == [False]


def test_a_grant_that_fails_gives_the_lock_back(broker: _broker.Broker, cache: _cache.Directory) -> None:
    def fail(clock: Callable[[], float]) -> _token.Token:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broker.token(dataclasses.replace(WISH, grant=fail))
    with cache.lock(_name(cache), 0) as held:
        assert held


def _no_directory(cache: _cache.Directory) -> None:
    cache.path.write_text("a file where the directory should be", encoding="utf-8")


def _no_entry(cache: _cache.Directory) -> None:
    (cache.path / _name(cache)).mkdir()


def _no_lock(cache: _cache.Directory) -> None:
    (cache.path / f"{_name(cache)}.lock").mkdir()


@pytest.mark.parametrize("spoil", [_no_directory, _no_entry, _no_lock])
def test_a_cache_that_cannot_be_used_is_one_warning_and_the_token_is_given(
    spoil: Callable[[_cache.Directory], None], broker: _broker.Broker, cache: _cache.Directory, voice: Voice
) -> None:
    spoil(cache)
    handout = broker.token(WISH)

    assert (handout.source, handout.token.text, len(voice.warnings)) == ("issued", "the-token", 1)
    assert voice.warnings[0].startswith("The token cache cannot be used (")
    assert str(cache.path) not in voice.warnings[0]


def test_the_warning_is_the_same_each_time_so_that_the_core_shows_it_once(
    broker: _broker.Broker, cache: _cache.Directory, voice: Voice
) -> None:
    _no_directory(cache)
    for _time in range(3):
        broker.token(WISH)

    assert (len(voice.warnings), len(set(voice.warnings))) == (3, 1)


def test_remarks_show_neither_token_nor_secret(broker: _broker.Broker, voice: Voice) -> None:
    broker.token(WISH)

    assert voice.remarks != []
    assert not any(word in remark for remark in voice.remarks for word in ("the-token", "secret"))
