# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens and what keeps them are values: nobody who holds one can change it for another."""

from __future__ import annotations

import dataclasses

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import (
    _files,
    _redis,
    _refresh_tokens,
    _renewal,
    _seal,
    _shelf,
    _token,
)

VALUES = (
    _files.Directory,
    _redis.Redis,
    _refresh_tokens.Record,
    _refresh_tokens.Successors,
    _renewal.Renewal,
    _seal.Seal,
    _shelf.Entry,
    _shelf.Handout,
    _shelf.Place,
    _shelf.Shelf,
    _shelf.Wish,
    _token.GivenRefreshToken,
    _token.Token,
    _token.TokenResponse,
)


@pytest.mark.parametrize("kind", VALUES)
def test_no_field_can_be_set(kind: type) -> None:
    for field in dataclasses.fields(kind):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(object.__new__(kind), field.name, None)
