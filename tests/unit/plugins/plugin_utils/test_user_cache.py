# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The user's cache: where it lies, who may see it, and what of it the next run finds."""

from __future__ import annotations

import base64
import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.netfoundry import PROVIDER
from ansible_collections.netapi.auth.plugins.plugin_utils._session import places
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    IDENTITY,
    SECRET,
    Ear,
    Mint,
    manager_of,
    name_in,
    new_run,
    result_of,
    spec_of,
    user_directory,
)


@pytest.fixture
def cache(user: Directory) -> Directory:
    return user


@pytest.fixture(autouse=True)
def no_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)


def _result(sandbox: Sandbox, run: Path, ear: Ear, **options: str) -> dict[str, object]:
    given = {"client_id": "nf-client-1", "client_secret": "nf-secret-1", "token_url": f"{sandbox.url}/oauth/token"}
    return result_of(PROVIDER, run, ear, environment="sandbox", cache="user", **given, **options)


def _path_of_cache() -> Path:
    found = places.user_cache()
    assert found is not None
    return found.path


def test_it_lies_in_the_home_directory(sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear) -> None:
    _result(sandbox, run_directory, ear)

    assert (tmp_path / ".cache" / "netapi_auth" / "salt").exists()
    assert {path.name for path in (run_directory / "netapi_auth").iterdir()} == {"salt"}


def test_or_where_xdg_says(
    sandbox: Sandbox, run_directory: Path, tmp_path: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    _result(sandbox, run_directory, ear)

    assert (tmp_path / "xdg" / "netapi_auth" / "salt").exists()
    assert not (tmp_path / ".cache").exists()


@pytest.mark.parametrize("value", ["", "relative/path"])
def test_what_xdg_says_counts_when_it_is_absolute(value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", value)

    assert _path_of_cache() == tmp_path / ".cache" / "netapi_auth"


def test_without_home_it_is_where_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOME")

    assert _path_of_cache() == Path(pwd.getpwuid(os.getuid()).pw_dir) / ".cache" / "netapi_auth"


def test_without_any_home_the_token_is_kept_for_the_run(
    sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HOME")
    # The system knows nothing of this user, as in some containers.
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    sources = [_result(sandbox, run_directory, ear)["source"] for _time in range(2)]

    assert sources == ["issued", "cache"]
    assert set(ear.warnings) == {
        "There is no home directory for the token cache, so tokens are kept for this run only."
    }


@pytest.fixture
def umask() -> Iterator[None]:
    """None of the rights of what is made is taken away."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_directories_above_it_are_for_their_owner_only(tmp_path: Path, ear: Ear, mint: Mint) -> None:
    above = tmp_path / "home" / ".cache"
    manager_of(ear, user_directory(above / "netapi_auth")).token(spec_of(mint))

    assert [stat.S_IMODE(path.stat().st_mode) for path in (above, above.parent)] == [0o700, 0o700]


@pytest.mark.usefixtures("umask")
def test_directory_and_files_are_for_their_owner_only(cache: Directory, ear: Ear, mint: Mint) -> None:
    manager_of(ear, cache).token(spec_of(mint))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in cache.path.iterdir()}
    name = name_in(cache, spec_of(mint))

    assert stat.S_IMODE(cache.path.stat().st_mode) == 0o700
    assert modes == dict.fromkeys(("salt", name, f"{name}.lock"), 0o600)


def test_the_next_run_finds_the_token(sandbox: Sandbox, tmp_path: Path, ear: Ear) -> None:
    first = _result(sandbox, new_run(tmp_path, "first"), ear)
    second = _result(sandbox, new_run(tmp_path, "second"), ear)

    assert (first["source"], second["source"]) == ("issued", "cache")
    assert first["access_token"] == second["access_token"]
    assert sandbox.state.counts == {"POST /oauth/token": 1}


def test_nothing_on_disk_shows_token_secret_or_account(cache: Directory, ear: Ear) -> None:
    mint = Mint(refresh=86400)
    manager_of(ear, cache).token(spec_of(mint))
    stored = b"\n".join(path.name.encode() + b"\n" + path.read_bytes() for path in cache.path.iterdir())
    words = [SECRET, IDENTITY["client_id"], "the-token-1", "the-refresh-token-1", "Bearer"]
    # Base64 looks different at each of three places in a group.
    coded = [base64.b64encode(b"x" * shift + word.encode())[4:-4] for word in words[:-1] for shift in range(3)]

    assert [word for word in (*map(str.encode, words), *coded) if word in stored] == []
    assert cache.get(name_in(cache, spec_of(mint))) is not None


def test_the_same_credential_has_another_name_in_another_place(cache: Directory, tmp_path: Path) -> None:
    names = {name_in(each, spec_of(Mint())) for each in (cache, user_directory(tmp_path / "other"))}

    assert len(names) == 2


def test_two_secrets_of_one_client_never_share(cache: Directory, ear: Ear, mint: Mint) -> None:
    manager = manager_of(ear, cache)
    texts = [manager.token(spec_of(mint, secret)).token.text for secret in ("a", "b", "a", "b")]

    assert texts == ["the-token-1", "the-token-2", "the-token-1", "the-token-2"]
