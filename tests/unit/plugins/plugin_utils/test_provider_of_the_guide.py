# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider that the guide to adding one makes up: its Python is one file, and it obtains a token."""

from __future__ import annotations

import json
import sys
import time
import types
import typing as t

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._http.settings import HttpSettings
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import registry
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.examples import found
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, reply

PAGE = "docs/docsite/rst/guide_adding_a_provider.rst"
BLOCKS = [each for each in found(ROOT) if each.page == PAGE]


@pytest.fixture
def acme(monkeypatch: pytest.MonkeyPatch) -> t.Any:
    """The file that the blocks are, beside the providers that there are."""
    module = types.ModuleType(f"{registry.__package__}.acme")
    # The type hints of its classes are looked for there.
    monkeypatch.setitem(sys.modules, module.__name__, module)
    module.__package__ = registry.__package__
    source = "\n\n".join(each.text for each in BLOCKS if each.language == "python" and "# tests/" not in each.text)
    exec(compile(source, PAGE, "exec"), module.__dict__)
    return module


def test_it_has_all_that_a_provider_has(acme: t.Any) -> None:
    known = PROVIDERS["netbird"]
    assert isinstance(acme.PROVIDER, type(known))
    assert [each.name for each in acme.PROVIDER.methods] == ["client_credentials", "token"]


def test_its_grant_sends_what_the_guide_says(acme: t.Any) -> None:
    with Server(reply('{"access_token": "one", "expires_in": 60}')) as server:
        client = acme.Client("automation", "secret", server.url, "access_token")
        token = client.grant(HttpSettings("Acme", retries=0, timeout=5), time.time).usable()
    (seen,) = server.seen
    assert (seen.method, seen.target) == ("POST", "/token")
    sent = json.loads(seen.body)
    assert sent == {"grant_type": "client_credentials", "client_id": "automation", "client_secret": "secret"}
    assert token.text == "one"
    assert client.secret == "secret"
    assert "'secret'" not in repr(client)


def test_an_answer_that_is_no_object_is_refused(acme: t.Any) -> None:
    assert acme.PROVIDER.whoami(types.SimpleNamespace(get=lambda path: {"path": path}), None) == {"path": "/me"}
    with pytest.raises(ServiceError, match="Check api_url"):
        acme.PROVIDER.whoami(types.SimpleNamespace(get=lambda path: []), None)
