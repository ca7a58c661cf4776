# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""When a token is renewed, by whom, and what happens when that fails."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.netfoundry import PROVIDER
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.refresher import Refresher
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils import processes
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    DOWN,
    IDENTITY,
    SECRET,
    Ear,
    Mint,
    call_of,
    clock_at,
    manager_of,
    name_in,
    result_of,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.rights import bound_by_modes
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Seen, Server, reply

TOKEN_PATH = "/oauth/token"
ASKER = """
import sys
from pathlib import Path
from ansible import constants
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader()
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
vars(constants)["DEFAULT_LOCAL_TMP"] = sys.argv[1]
given = dict(client_id="nf-client-1", client_secret="nf-secret-1", environment="sandbox", token_url=sys.argv[2])
print(Ansible().lookup("netfoundry", **given)[0])
"""


def _given(url: str) -> dict[str, str]:
    given = {"client_id": "nf-client-1", "client_secret": "nf-secret-1", "environment": "sandbox"}
    return {**given, "token_url": f"{url}{TOKEN_PATH}"}


def _age_entry(run: Path, url: str, mint: Mint) -> str:
    """Keep a token that the mint made for the credential of the sandbox; its text."""
    call = call_of(PROVIDER, run, Ear(), **_given(url))
    spec = call.spec()._replace(source=mint)
    return call.manager().token(spec, refresh=True).token.text


WINDOWS = {
    "young": (60, 0, 3600, "cache"),
    "before the last quarter": (60, 2690, 3600, "cache"),
    "in the last quarter": (60, 2710, 3600, "issued"),
    "less than min_validity left": (1500, 2150, 3600, "issued"),
    "min_validity beyond half the life, in its first half": (3600, 1790, 3600, "cache"),
    "min_validity beyond half the life, past it": (3600, 1810, 3600, "issued"),
    "unknown life, before its last quarter": (60, 220, None, "cache"),
    "unknown life, in its last quarter": (0, 230, None, "issued"),
}


@pytest.mark.parametrize("window", WINDOWS)
def test_two_windows(window: str, mint: Mint, cache: Directory, ear: Ear) -> None:
    min_validity, mint.age, mint.life, source = WINDOWS[window]
    manager = manager_of(ear, cache, min_validity=min_validity)
    manager.token(spec_of(mint))
    mint.age = 0

    assert manager.token(spec_of(mint)).source == source


def test_in_the_last_quarter_one_renews_while_the_others_go_on_with_the_old_token(run_directory: Path) -> None:
    """The service answers the one who renews when all others are done."""
    others_are_done = threading.Event()
    asked = threading.Event()
    body = json.dumps({"access_token": "the-renewed-token", "expires_in": 3600})

    def play(connection: t.Any, seen: Seen) -> None:
        asked.set()
        others_are_done.wait(120)
        reply(body)(connection, seen)

    with Server(play) as server:
        old = _age_entry(run_directory, server.url, Mint(age=3000))
        first = _asker(run_directory, server.url)
        assert asked.wait(120)
        others = [_asker(run_directory, server.url) for _one in range(3)]
        texts = [other.communicate()[0].strip() for other in others]
        others_are_done.set()
        renewed = first.communicate()[0].strip()
        after = _asker(run_directory, server.url).communicate()[0].strip()

    assert (texts, renewed, after) == ([old] * 3, "the-renewed-token", "the-renewed-token")
    assert server.connections == 1


def _asker(run: Path, url: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", ASKER, str(run), f"{url}{TOKEN_PATH}"]
    return subprocess.Popen(command, env=processes.environment(), stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("age", [3000, 3560], ids=["last quarter", "less than min_validity"])
def test_a_renewal_that_fails_keeps_the_old_token_and_is_not_tried_again_for_a_while(
    age: float, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = _age_entry(run_directory, sandbox.url, Mint(age=age))
    sandbox.fault(TOKEN_PATH, status=503)
    results = [result_of(PROVIDER, run_directory, ear, **_given(sandbox.url)) for _time in range(4)]
    assert {(result["access_token"], result["source"]) for result in results} == {(old, "cache")}
    assert sandbox.state.counts == {f"POST {TOKEN_PATH}": 1}

    clock_at(monkeypatch, 25)
    result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))
    assert sandbox.state.counts == {f"POST {TOKEN_PATH}": 1}
    clock_at(monkeypatch, 31)
    result_of(PROVIDER, run_directory, ear, **_given(sandbox.url))
    assert sandbox.state.counts == {f"POST {TOKEN_PATH}": 2}


def test_who_goes_on_with_the_old_token_says_nothing_of_the_other(
    manager: TokenManager, mint: Mint, cache: Directory, ear: Ear
) -> None:
    mint.age = 3000
    manager.token(spec_of(mint))
    ear.remarks.clear()
    with cache.lock(name_in(cache, spec_of(mint)), 0):
        assert manager.token(spec_of(mint)).source == "cache"

    assert ear.remarks == []


def test_without_a_lock_the_old_token_is_not_renewed_early(
    manager: TokenManager, mint: Mint, cache: Directory, ear: Ear
) -> None:
    mint.age = 3000
    manager.token(spec_of(mint))
    lock = cache.path / f"{name_in(cache, spec_of(mint))}.lock"
    lock.unlink()
    lock.mkdir()

    assert manager.token(spec_of(mint)).source == "cache"
    assert len(ear.warnings) == 1


def test_that_a_renewal_failed_counts_wherever_it_could_be_kept(
    user: Directory, run: Directory, mint: Mint, ear: Ear
) -> None:
    """The user's cache, which can only be read, has the same token without that."""
    mint.age = 3000
    mint.fault = None
    manager_of(ear, user).token(spec_of(mint))
    mint.fault = DOWN
    manager = manager_of(ear, user, run)
    user.path.chmod(0o500)
    with bound_by_modes():
        for _time in range(2):
            assert manager.token(spec_of(mint)).token.text == "the-token-1"
            (run.path / "user.suspended").unlink(missing_ok=True)
    user.path.chmod(0o700)

    assert mint.asked == ["permanent", "permanent"]


def test_a_renewal_that_fails_is_said_at_v_only(manager: TokenManager, mint: Mint, ear: Ear) -> None:
    mint.age = 3000
    manager.token(spec_of(mint))
    mint.fault = DOWN
    ear.remarks.clear()
    manager.token(spec_of(mint))

    assert ear.remarks == [
        "Service method: the token was not renewed, so the old one is used. The cause: The service is down."
    ]
    assert ear.warnings == []


def test_after_one_that_failed_the_next_renewal_replaces_the_token(
    manager: TokenManager, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    mint.age = 3000
    manager.token(spec_of(mint))
    mint.fault = DOWN
    manager.token(spec_of(mint))
    mint.fault = None
    mint.age = 0
    clock_at(monkeypatch, 31)

    assert sources_of(manager, spec_of(mint)) == ["issued", "cache"]


def test_with_a_dead_token_the_failure_is_the_users(manager: TokenManager, mint: Mint) -> None:
    mint.age = 3601
    manager.token(spec_of(mint))
    mint.fault = DOWN
    with pytest.raises(ServiceError, match="is down"):
        manager.token(spec_of(mint))


def test_refresh_that_fails_is_the_users_too_and_loses_nothing(manager: TokenManager, mint: Mint) -> None:
    old = manager.token(spec_of(mint)).token.text
    mint.fault = DOWN
    with pytest.raises(ServiceError, match="is down"):
        manager.token(spec_of(mint), refresh=True)

    assert manager.token(spec_of(mint)).token.text == old


def test_who_finds_the_token_renewed_by_another_does_not_renew_again(
    manager: TokenManager, mint: Mint, cache: Directory
) -> None:
    """Between the look and the lock another process may have done it."""
    mint.age = 3000
    manager.token(spec_of(mint))
    mint.age = 0
    slots = manager.cache.slots(SECRET, IDENTITY)
    stale = manager.cache.look(slots)
    assert stale is not None
    manager.token(spec_of(mint))
    result = Refresher(manager.cache, 30, spec_of(mint), slots).refresh_ahead(stale)

    assert (result.source, result.token.text, len(mint.asked)) == ("cache", "the-token-2", 2)
