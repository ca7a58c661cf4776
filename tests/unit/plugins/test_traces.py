# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Calls go one way, as imports do: no file is called back by one that it called, in what is done most."""

from __future__ import annotations

import graphlib
import sys
import types
import typing as t
from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.action import uri
from ansible_collections.netapi.auth.plugins.plugin_utils import _errors
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA

PLUGINS = Path(_errors.__file__).parents[1]
Edges = dict[str, set[str]]
# A task and a lookup are one with the class that they are made of.
BASES = {"action": "plugin_utils/_core/action.py", "lookup": "plugin_utils/_core/lookup.py"}


def _file(frame: types.FrameType | None) -> str:
    """The nearest file of ours, upwards; empty where there is none."""
    while frame is not None:
        path = Path(frame.f_code.co_filename)
        if PLUGINS in path.parents:
            name = path.relative_to(PLUGINS)
            return BASES.get(name.parts[0], name.as_posix())
        frame = frame.f_back
    return ""


def traced(act: Callable[[], object]) -> tuple[Edges, int]:
    """Which file called which, and how many functions were called."""
    edges: Edges = {}
    functions: set[types.CodeType] = set()

    def note(frame: types.FrameType, event: str, _argument: object) -> None:
        if event != "call" or frame.f_code.co_name == "<module>":
            return
        if PLUGINS not in Path(frame.f_code.co_filename).parents:
            return
        functions.add(frame.f_code)
        callee = _file(frame)
        caller = _file(frame.f_back)
        edges.setdefault(callee, set())
        if caller and caller != callee:
            edges.setdefault(caller, set()).add(callee)

    sys.setprofile(note)
    try:
        act()
    finally:
        sys.setprofile(None)
    return edges, len(functions)


def _options(provider: str, sandbox: Sandbox) -> dict[str, t.Any]:
    return {**DATA[provider].pick(DATA[provider].grants[0].options, sandbox.url), "api_url": sandbox.url}


def _order(edges: Edges) -> list[str]:
    return list(graphlib.TopologicalSorter(edges).static_order())


@pytest.mark.parametrize("provider", DATA)
def test_a_grant_and_a_token_from_the_cache(provider: str, sandbox: Sandbox, ansible: Ansible) -> None:
    options = _options(provider, sandbox)
    granted, _count = traced(lambda: ansible.lookup(provider, "source", whoami=True, **options))
    cached, _count = traced(lambda: ansible.lookup(provider, "source", **options))

    assert "plugin_utils/_http/client.py" in _order(granted)
    assert "plugin_utils/_tokens/cipher.py" in _order(cached)
    assert not any(name.startswith("plugin_utils/_http/client") for name in cached)


def test_a_request_whose_token_is_refused(sandbox: Sandbox, ansible: Ansible, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[t.Any] = []

    def refused(_self: object, arguments: dict[str, t.Any], *_rest: object, **_more: object) -> dict[str, t.Any]:
        sent.append(arguments["headers"]["Authorization"])
        return {"status": 401, "failed": True, "msg": "Status code was 401 and not [200]"}

    monkeypatch.setattr(uri.ActionModule, "_original", refused)
    arguments = {"auth": "netbird", "url": "/api/groups", "auth_options": _options("netbird", sandbox)}
    composed, _count = traced(lambda: _task(ansible, arguments))

    assert len(set(sent)) == 2
    assert "plugin_utils/_tokens/refresher.py" in _order(composed)


def _task(ansible: Ansible, arguments: dict[str, t.Any]) -> None:
    with pytest.raises(AssertionError):
        # The stand-in's result is no sentence of ours.
        ansible.action("netapi.auth.uri", arguments)


def test_a_call_back_is_found() -> None:
    with pytest.raises(graphlib.CycleError):
        _order({"a.py": {"b.py"}, "b.py": {"c.py"}, "c.py": {"a.py"}})
