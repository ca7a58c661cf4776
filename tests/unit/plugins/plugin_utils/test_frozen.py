# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens and what keeps them are values: nobody who holds one can change it for another, and none shows a secret."""

from __future__ import annotations

import dataclasses
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import (
    _files,
    _netbird,
    _netfoundry,
    _netography,
    _options,
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
# What may hold a secret, with the names of those fields.
SECRETIVE = (
    (_netbird.OAuth2, "client_secret refresh_token"),
    (_netfoundry.ClientCredentials, "client_secret"),
    (_netography.ApiKey, "appkey sharedsecret"),
    (_netography.RefreshToken, "refresh_token"),
    (_netography.UserCredentials, "password"),
    (_options.Options, "settings sources"),
    (_options.Setting, "value"),
    (_options.Sources, "arguments variables environment"),
    (_seal.Seal, "secret salt"),
    (_shelf.Handout, "token successor"),
    (_shelf.Wish, "secret"),
    (_token.GivenRefreshToken, "text"),
    (_token.Token, "text claims refresh_token"),
    (_token.TokenResponse, "refresh_token"),
)


def _bare(kind: t.Any) -> t.Any:
    """One without a meaning, made without its own checks."""
    return tuple.__new__(kind, kind._fields) if issubclass(kind, tuple) else object.__new__(kind)


@pytest.mark.parametrize("kind", [*VALUES, *(kind for kind, _names in SECRETIVE if kind not in VALUES)])
def test_no_field_can_be_set(kind: t.Any) -> None:
    fields = getattr(kind, "_fields", None) or [field.name for field in dataclasses.fields(kind)]
    assert fields
    for name in fields:
        # dataclasses.FrozenInstanceError is one.
        with pytest.raises(AttributeError):
            setattr(_bare(kind), name, None)


@pytest.mark.parametrize(("kind", "names"), SECRETIVE)
def test_no_secret_is_shown(kind: t.Any, names: str) -> None:
    assert set(names.split()) <= set(kind._fields)
    values = [f"the-{name}" for name in kind._fields]
    shown = repr(tuple.__new__(kind, values) if issubclass(kind, tuple) else kind(*values))
    assert [name for name in names.split() if f"the-{name}" in shown] == []
