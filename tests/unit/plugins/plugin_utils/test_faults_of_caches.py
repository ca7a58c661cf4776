# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A user's cache that fails: the token is given all the same, with one warning, and the run's cache stands in."""

from __future__ import annotations

import os
import resource
import shutil
import types
from collections.abc import Callable
from pathlib import Path

import pytest
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import WAYS
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    sources_of,
    spec_of,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.rights import bound_by_modes, give_away
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA


@pytest.fixture
def manager(ear: Ear, user: Directory, run: Directory) -> TokenManager:
    return manager_of(ear, user, run)


def _check_that_the_run_stood_in(sources: list[str], mint: Mint, ear: Ear, cause: str) -> None:
    assert sources == ["issued", "cache", "cache"]
    assert mint.asked == ["permanent"]
    assert len(ear.warnings) == 1
    assert cause in ear.warnings[0]


def _of_another(user: Directory, name: str) -> None:
    give_away(user.path)


def _open_to_the_group(user: Directory, name: str) -> None:
    user.path.chmod(0o750)


def _open_to_all_to_enter(user: Directory, name: str) -> None:
    user.path.chmod(0o701)


def _a_file_instead(user: Directory, name: str) -> None:
    shutil.rmtree(user.path)
    user.path.touch(mode=0o600)


def _no_lock_file(user: Directory, name: str) -> None:
    (user.path / f"{name}.lock").mkdir()


def _no_entry(user: Directory, name: str) -> None:
    (user.path / name).mkdir()


def _no_salt(user: Directory, name: str) -> None:
    (user.path / "salt").unlink()
    (user.path / "salt").mkdir()


FAULTS: dict[Callable[[Directory, str], None], str] = {
    _of_another: "belongs to another user",
    _open_to_the_group: "is open to others",
    _open_to_all_to_enter: "is open to others",
    _a_file_instead: "(Not a directory)",
    _no_lock_file: "(Is a directory)",
    _no_entry: "(Is a directory)",
    _no_salt: "(Is a directory)",
}


@pytest.mark.parametrize("spoil", FAULTS)
def test_a_fault_costs_one_warning_and_no_second_grant(
    spoil: Callable[[Directory, str], None],
    manager: TokenManager,
    user: Directory,
    mint: Mint,
    ear: Ear,
) -> None:
    spoil(user, name_in(user, spec_of(mint)))

    _check_that_the_run_stood_in(sources_of(manager, spec_of(mint), 3), mint, ear, FAULTS[spoil])


@pytest.mark.parametrize("kind", ["another", "user"])
def test_so_does_one_of_whatever_kind(kind: str, run: Directory, tmp_path: Path, mint: Mint, ear: Ear) -> None:
    """Its name may sort before that of the run's or behind."""
    (tmp_path / kind).touch()
    manager = manager_of(ear, Directory(tmp_path / kind, kind), run)

    _check_that_the_run_stood_in(sources_of(manager, spec_of(mint), 3), mint, ear, "(Not a directory)")


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_so_does_a_directory_that_is_read_only_or_closed(
    mode: int, manager: TokenManager, user: Directory, mint: Mint, ear: Ear
) -> None:
    user.salt()
    user.path.chmod(mode)
    with bound_by_modes():
        sources = sources_of(manager, spec_of(mint), 3)
    user.path.chmod(0o700)

    _check_that_the_run_stood_in(sources, mint, ear, "(Permission denied)")


def test_so_does_a_directory_that_is_removed_during_the_grant(
    manager: TokenManager, user: Directory, mint: Mint, ear: Ear
) -> None:
    def grant(clock: Callable[[], float]) -> _token.TokenResponse:
        shutil.rmtree(user.path)
        return mint.grant(clock)

    sources = [
        manager.token(spec_of(mint)._replace(source=types.SimpleNamespace(grant=grant, again=lambda: None))).source
        for _time in range(2)
    ]

    assert sources == ["issued", "cache"]
    assert len(ear.warnings) == 1
    assert "(No such file or directory)" in ear.warnings[0]


@pytest.mark.parametrize("room", [16, 64], ids=["no room for the salt", "no room for an entry"])
def test_so_does_a_disk_without_room(
    room: int, manager: TokenManager, user: Directory, mint: Mint, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kernel refuses to let a file of this cache grow beyond that, which nobody needs rights for."""
    write = Directory._write_aside

    def narrow(cache: Directory, data: bytes) -> Path:
        least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room if cache.kind == "user" else least, most))
        try:
            return write(cache, data)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))

    monkeypatch.setattr(Directory, "_write_aside", narrow)
    sources = sources_of(manager, spec_of(mint), 3)

    _check_that_the_run_stood_in(sources, mint, ear, "(File too large)")
    # Nothing half-written is left.
    assert [path.name for path in user.path.iterdir() if path.name.startswith(".")] == []


def test_a_failing_cache_is_tried_again_after_a_while(
    manager: TokenManager, user: Directory, run: Directory, mint: Mint, ear: Ear
) -> None:
    user.salt()
    user.path.chmod(0o755)
    manager.token(spec_of(mint))
    user.path.chmod(0o700)
    _end_the_rest(run)
    manager.token(spec_of(mint), refresh=True)

    assert user.get(name_in(user, spec_of(mint))) is not None


def _end_the_rest(run: Directory) -> None:
    """Let the user's cache have failed longer ago than it is left alone for."""
    long_ago = (run.path / "user.suspended").stat().st_mtime - 31
    os.utime(run.path / "user.suspended", (long_ago, long_ago))


def test_a_cache_that_can_only_be_read_does_not_bring_a_used_refresh_token_back(
    manager: TokenManager, user: Directory, run: Directory, mint: Mint, ear: Ear
) -> None:
    mint.age = 3700
    mint.refresh = 86400
    manager_of(ear, user).token(spec_of(mint))
    mint.age = 0
    user.path.chmod(0o500)
    with bound_by_modes():
        results = [manager.token(spec_of(mint)) for _time in range(2)]
        for _time in range(2):
            _end_the_rest(run)
            results.append(manager.token(spec_of(mint)))
    user.path.chmod(0o700)

    assert [(result.source, result.token.text) for result in results] == [
        ("issued", "the-token-2"),
        *[("cache", "the-token-2")] * 3,
    ]
    assert mint.asked == ["permanent", "the-refresh-token-1"]
    assert len(ear.warnings) == 1


def test_where_both_fail_the_token_is_given_all_the_same(
    manager: TokenManager, user: Directory, run: Directory, mint: Mint, ear: Ear
) -> None:
    for each in (user, run):
        each.path.touch(mode=0o600)

    assert sources_of(manager, spec_of(mint), 3) == ["issued"] * 3
    assert len(set(ear.warnings)) == 2


# Where no cache can be used, and what a warning says of it. A refresh token is not sent then: that is shown in
# test_given_refresh_tokens.py.
UNUSABLE = {"user": "is open to others", "redis://localhost:1/0": "cannot be reached"}
# What comes of a password is kept for the run, whatever is set.
OF_THE_RUN = ("password", "user_credentials")
CREDENTIALS = [
    (provider, options)
    for provider, data in DATA.items()
    for options in data.credentials
    if data.method(options) not in {"refresh_token", *(flow.method for flow in data.ready_flows)}
]


@pytest.mark.parametrize("cache", UNUSABLE, ids=["an open directory", "no Redis"])
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("provider", "options"), CREDENTIALS, ids=str)
def test_whatever_the_credential_a_fault_shows_nothing_of_it_and_costs_no_second_grant(
    provider: str,
    options: tuple[str, ...],
    way: str,
    cache: str,
    sandbox: Sandbox,
    ansible: Ansible,
    tmp_path: Path,
    run_directory: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _display, msg, **_more: warnings.append(msg))
    (tmp_path / ".cache" / "netapi_auth").mkdir(parents=True)
    (tmp_path / ".cache" / "netapi_auth").chmod(0o750)
    data = DATA[provider]
    given = data.whole((*options, *data.addresses), sandbox.url)

    obtain = ansible.task_result if way == "task" else ansible.lookup_result
    results = [obtain(provider, cache=cache, **given) for _time in range(2)]

    assert [result["source"] for result in results] == ["issued", "cache"]
    assert [request.method for request in sandbox.state.requests].count("POST") == 1
    said = [warning for warning in warnings if UNUSABLE[cache] in warning]
    assert len(said) == (0 if results[0]["method"] in OF_THE_RUN else 1)
    kept = b"".join(path.read_bytes() for path in run_directory.rglob("*") if path.is_file())
    for name in PROVIDERS[provider].secrets & given.keys():
        assert not any(given[name] in warning for warning in warnings)
        assert given[name].encode() not in kept
    assert results[0]["access_token"].encode() not in kept
