# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""The encryption of cache entries."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cipher import EntryCipher
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment

WITHOUT_CRYPTOGRAPHY = """
import sys
sys.modules["cryptography"] = None
from ansible_collections.netapi.auth.plugins.plugin_utils import _errors
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens import cipher
cipher.load_algorithms()
try:
    cipher.EntryCipher("secret", {}, b"salt").name
except _errors.MissingLibraryError as error:
    print(error)
"""
DATA = b"the-data-of-the-entry"
CIPHER = EntryCipher("the-secret", {"client_id": "a", "scope": "b"}, b"s" * 32)
OTHERS = {
    "another secret": CIPHER._replace(secret="the-secret2"),
    "no secret": CIPHER._replace(secret=""),
    "another identity": CIPHER._replace(identity={"client_id": "a", "scope": "c"}),
    "a part of the identity": CIPHER._replace(identity={"client_id": "a"}),
    "parts that run together": CIPHER._replace(identity={"client_id": 'a", "scope": "b'}),
    "another salt": CIPHER._replace(salt=b"t" * 32),
}


def test_what_was_encrypted_comes_out_again() -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(DATA)) == DATA


def test_the_order_of_the_identity_does_not_matter() -> None:
    same = CIPHER._replace(identity={"scope": "b", "client_id": "a"})

    assert (same.name, same.decrypt(CIPHER.encrypt(DATA))) == (CIPHER.name, DATA)


@pytest.mark.parametrize("which", OTHERS)
def test_nobody_else_has_its_name(which: str) -> None:
    assert OTHERS[which].name != CIPHER.name


@pytest.mark.parametrize("which", OTHERS)
def test_nobody_else_can_open_it(which: str) -> None:
    assert OTHERS[which].decrypt(CIPHER.encrypt(DATA)) is None


def test_the_name_is_a_file_name_that_says_nothing() -> None:
    assert (len(CIPHER.name), set(CIPHER.name) <= set("0123456789abcdef")) == (64, True)


def test_two_entries_of_the_same_are_different() -> None:
    assert CIPHER.encrypt(DATA) != CIPHER.encrypt(DATA)


def test_an_entry_is_longer_by_a_nonce_and_a_tag_of_the_usual_length() -> None:
    """96 bits of nonce (NIST SP 800-38D section 5.2.1.1) and 128 of tag."""
    assert len(CIPHER.encrypt(DATA)) == len(DATA) + 12 + 16


def test_an_entry_does_not_show_what_is_in_it() -> None:
    assert DATA not in CIPHER.encrypt(DATA)


def test_one_changed_bit_anywhere_makes_it_none() -> None:
    entry = CIPHER.encrypt(DATA)
    changed = [entry[:at] + bytes([entry[at] ^ 1]) + entry[at + 1 :] for at in range(len(entry))]

    assert [CIPHER.decrypt(each) for each in changed] == [None] * len(entry)


def test_an_entry_cut_short_anywhere_is_none() -> None:
    entry = CIPHER.encrypt(DATA)

    assert [CIPHER.decrypt(entry[:length]) for length in range(len(entry))] == [None] * len(entry)


@pytest.mark.parametrize("entry", [b"", b"\0" * 12, b"\0" * 28, b"text", b"x" * 100000])
def test_a_foreign_entry_is_none(entry: bytes) -> None:
    assert CIPHER.decrypt(entry) is None


def test_a_surplus_byte_makes_it_none() -> None:
    assert CIPHER.decrypt(CIPHER.encrypt(DATA) + b"\0") is None


def test_a_secret_may_be_any_text() -> None:
    cipher = CIPHER._replace(secret="\udcffé€\n")

    assert cipher.decrypt(cipher.encrypt(DATA)) == DATA


def test_without_cryptography_it_says_what_is_missing() -> None:
    command = [sys.executable, "-c", WITHOUT_CRYPTOGRAPHY]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)

    assert "Failed to import the required Python library (cryptography)" in done.stdout


def test_its_repr_shows_neither_secret_nor_salt() -> None:
    assert not any(word in repr(CIPHER) for word in ("the-secret", "ssss"))
