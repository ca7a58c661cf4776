# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Entries that cannot be opened: misses without a word, replaced by the next token."""

from __future__ import annotations

import shutil

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import cipher
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    manager_of,
    name_in,
    sources_of,
    spec_of,
)


@pytest.fixture
def manager(ear: Ear, user: Directory, run: Directory) -> TokenManager:
    return manager_of(ear, user, run)


def _flipped(entry: bytes, place: int) -> bytes:
    return entry[:place] + bytes([entry[place] ^ 0x10]) + entry[place + 1 :]


# The nonce, what is encrypted, the tag.
REGIONS = {"nonce, first": 0, "nonce, last": 11, "text, first": 12, "text, middle": 100, "tag, first": -16, "tag": -2}


@pytest.mark.parametrize("region", REGIONS)
def test_an_entry_with_one_bit_flipped_is_a_miss(
    region: str, manager: TokenManager, user: Directory, mint: Mint, ear: Ear
) -> None:
    manager.token(spec_of(mint))
    path = user.path / name_in(user, spec_of(mint))
    path.write_bytes(_flipped(path.read_bytes(), REGIONS[region]))

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]
    assert ear.warnings == []


@pytest.mark.parametrize("length", [0, 1, 12, 28, 60, -1])
def test_an_entry_that_was_cut_short_is_a_miss(
    length: int, manager: TokenManager, user: Directory, mint: Mint, ear: Ear
) -> None:
    manager.token(spec_of(mint))
    path = user.path / name_in(user, spec_of(mint))
    path.write_bytes(path.read_bytes()[:length])

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]
    assert ear.warnings == []


def test_the_entry_of_another_credential_under_this_name_is_a_miss(
    manager: TokenManager, user: Directory, mint: Mint
) -> None:
    mine = spec_of(mint)
    other = spec_of(Mint(), "another")
    manager.token(other)
    shutil.copy(user.path / name_in(user, other), user.path / name_in(user, mine))

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]


def test_the_entry_of_another_account_of_one_secret_under_this_name_is_a_miss(
    manager: TokenManager, user: Directory, mint: Mint
) -> None:
    """It can be decrypted, and is refused because it is bound to its name."""
    mine = spec_of(mint)
    other = spec_of(Mint())._replace(identity={"client_id": "another"})
    manager.token(other)
    shutil.copy(user.path / name_in(user, other), user.path / name_in(user, mine))

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]


def test_the_entry_of_another_version_under_this_name_is_a_miss(
    manager: TokenManager, user: Directory, mint: Mint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as version:
        version.setattr(cipher, "_VERSION", b"netapi.auth 0")
        manager.token(spec_of(mint))
        old = name_in(user, spec_of(mint))
    name = name_in(user, spec_of(mint))
    assert name != old
    shutil.copy(user.path / old, user.path / name)

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]


def test_a_salt_that_was_lost_makes_misses(manager: TokenManager, user: Directory, mint: Mint, ear: Ear) -> None:
    manager.token(spec_of(mint))
    (user.path / "salt").write_bytes(b"cut short")

    assert sources_of(manager, spec_of(mint), 3) == ["issued", "cache", "cache"]
    assert ear.warnings == []
