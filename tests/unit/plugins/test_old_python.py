# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A controller's Python that is too old; tests/tools/old_python.yml is a play on a real one."""

from __future__ import annotations

import types

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._core import config
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible, Refused

SENTENCE = (
    "netapi.auth needs Python 3.11 or later on the controller, and Ansible runs on Python 3.10. "
    "Install ansible-core for a later Python."
)
# Each would succeed or fail otherwise before anything is sent.
TASKS = {
    **{name: {"token": "opaque"} for name in PLUGINS.values()},
    "netapi.auth.uri": {},
    "netapi.auth.awx_credential_types": {},
}


def on(monkeypatch: pytest.MonkeyPatch, *version: int) -> Ansible:
    monkeypatch.setattr(config, "sys", types.SimpleNamespace(version_info=(*version, "final", 0)))
    return Ansible()


@pytest.mark.parametrize("name", TASKS)
def test_a_task_says_that_it_is_too_old(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with pytest.raises(Refused) as refused:
        on(monkeypatch, 3, 10, 13).action(name, TASKS[name])
    assert str(refused.value) == SENTENCE


@pytest.mark.parametrize("provider", PLUGINS)
def test_a_lookup_says_that_it_is_too_old(monkeypatch: pytest.MonkeyPatch, provider: str) -> None:
    with pytest.raises(Refused) as refused:
        on(monkeypatch, 3, 10, 13).lookup(provider, token="opaque")
    assert str(refused.value) == SENTENCE


def test_the_oldest_that_is_taken_works(monkeypatch: pytest.MonkeyPatch) -> None:
    ansible = on(monkeypatch, 3, 11, 0)
    assert ansible.lookup("netbird", token="opaque") == ["opaque"]
    assert ansible.task_result("netbird", token="opaque")["access_token"] == "opaque"
