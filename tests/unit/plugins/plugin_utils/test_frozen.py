# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tokens and what keeps them are values: nobody who holds one can change it for another, and none shows a secret."""

from __future__ import annotations

import dataclasses
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _token
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Options, Setting, Sources
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import (
    CacheSlot,
    Entry,
    TokenCache,
    TokenResult,
    TokenSpec,
)
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cipher import EntryCipher
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.redis_backend import Redis
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.refresh_tokens import Record, Successors
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.refresher import Refresher
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import EVERY_FLOW, EVERY_READY_FLOW, Flow

VALUES = (
    Directory,
    Redis,
    Record,
    Successors,
    Refresher,
    EntryCipher,
    Entry,
    TokenResult,
    CacheSlot,
    TokenCache,
    TokenSpec,
    _token.GivenRefreshToken,
    _token.Token,
    _token.TokenResponse,
)
# What may hold a secret, with the names of those fields.
SECRETIVE = (
    (Options, "settings sources"),
    (Setting, "value"),
    (Sources, "arguments variables environment"),
    (EntryCipher, "secret salt"),
    (TokenResult, "token successor"),
    (TokenSpec, "secret"),
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


@pytest.mark.parametrize("flow", [*EVERY_FLOW, *EVERY_READY_FLOW], ids=str)
def test_no_field_of_a_credential_can_be_set_and_no_secret_of_it_is_shown(flow: Flow, run_directory: Path) -> None:
    options = flow.given("https://service.example")
    provider = PROVIDERS[flow.provider]
    credential: t.Any = called(provider, run_directory, RecordedDisplay(), **options).credential
    for name in credential._fields:
        with pytest.raises(AttributeError):
            setattr(credential, name, None)
    secrets = [*(options[name] for name in provider.secrets if name in options), *filter(None, credential.secrets)]
    assert secrets
    assert [secret for secret in secrets if secret in repr(credential)] == []
