# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Credentials that are their own token."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CredentialError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import static


def _ready_with(text: str) -> static.StaticToken:
    return static.StaticToken(text, "Bearer", "https://api.example", "some_option")


def test_its_repr_does_not_show_it() -> None:
    assert "the-token" not in repr(_ready_with("the-token"))


@pytest.mark.parametrize("char", ["\n", "\r", "\r\nX-Evil: 1", "\0", "\x7f", " ", "\t", "é", "\u2028"])
@pytest.mark.parametrize("form", ["{}after", "before{}", "be{}tween"])
def test_what_no_header_may_hold_is_refused_without_being_shown(form: str, char: str) -> None:
    with pytest.raises(CredentialError, match=r"^some_option holds a line break") as refused:
        _ready_with(form.format(char))
    assert not any(word in str(refused.value) for word in ("after", "before", "tween", "Evil"))


def test_an_empty_text_is_no_header_either() -> None:
    with pytest.raises(CredentialError):
        _ready_with("")


def test_every_visible_character_of_ascii_may_be_in_a_header() -> None:
    text = "".join(map(chr, range(0x21, 0x7F)))

    assert _ready_with(text).text == text
