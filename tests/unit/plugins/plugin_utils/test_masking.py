# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Secrets out of what a user sees."""

from __future__ import annotations

import base64
import json
import types
import typing as t
from urllib.parse import quote, quote_plus

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _masking

SECRET = 'se+cr/et "1"~\u00e4'
PLAIN = SECRET.encode()
FORMS = {
    "as it is": SECRET,
    "in an address": quote(SECRET, safe=""),
    "in a path": quote(SECRET),
    "in a form": quote_plus(SECRET),
    "in base64": base64.b64encode(PLAIN).decode(),
    "in base64 without its end": base64.b64encode(PLAIN).decode().rstrip("="),
    "in base64 for addresses": base64.urlsafe_b64encode(PLAIN).decode(),
    "in JSON": json.dumps(SECRET)[1:-1],
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_replaced_in_every_form(form: str) -> None:
    assert _masking.mask(f"<{FORMS[form]}>", [SECRET]) == "<********>"


def test_the_longest_secret_is_replaced_first() -> None:
    assert _masking.mask("abc abcdef", ["abc", "abcdef"]) == "******** ********"


def test_an_empty_secret_replaces_nothing() -> None:
    assert _masking.mask("text", [""]) == "text"


def test_keys_and_values_at_every_depth_are_replaced() -> None:
    value = {"a": [{SECRET: (SECRET, 1, None, True)}], "status": 401}
    assert _masking.hide(value, [SECRET]) == {"a": [{"********": ["********", 1, None, True]}], "status": 401}


def test_a_text_without_a_secret_stays_the_same_object() -> None:
    text = "".join(["a", "b"])
    assert _masking.hide([text], [SECRET])[0] is text


def test_a_generator_of_secrets_serves_for_all_values() -> None:
    assert _masking.hide([SECRET, SECRET], (each for each in [SECRET])) == ["********", "********"]


def test_every_form_is_registered_with_a_core_that_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    registered: list[str] = []

    def register_secrets(values: t.Iterable[str]) -> None:
        registered.extend(values)

    monkeypatch.setattr(_masking, "_core", types.SimpleNamespace(register_secrets=register_secrets))
    _masking.register([SECRET, ""])
    assert set(registered) >= set(FORMS.values())
    assert "" not in registered


def test_a_core_that_does_not_mask_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_masking, "_core", None)
    _masking.register([SECRET])
    assert _masking.mask(SECRET, [SECRET]) == "********"
