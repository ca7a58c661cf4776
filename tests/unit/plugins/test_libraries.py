# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers without one of the libraries: the core's message, in a Python that really lacks it."""

from __future__ import annotations

import sys
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values
from ansible_collections.netapi.auth.tests.unit.plugins.walk import WAYS

OPTIONS = {
    "netfoundry": ("client_id", "client_secret", "token_url", "environment"),
    "netography": ("netosecret",),
    "netbird": ("client_id", "client_secret", "issuer"),
}
# module, library as the message names it, provider, further arguments
LACKING = [
    ("requests", "requests", "netfoundry", {}),
    ("requests", "requests", "netography", {}),
    ("requests", "requests", "netbird", {}),
    ("jwt", "PyJWT", "netography", {}),
    ("jmespath", "jmespath", "netfoundry", {"token_query": "data.token"}),
    ("jmespath", "jmespath", "netography", {"token_query": "data.token"}),
    ("jmespath", "jmespath", "netbird", {"token_query": "data.token"}),
]


@pytest.mark.parametrize(("module", "library", "provider", "more"), LACKING)
def test_a_missing_library_gives_the_cores_message(
    values: Values, module: str, library: str, provider: str, more: dict[str, t.Any]
) -> None:
    arguments = {**{name: values[provider][name] for name in OPTIONS[provider]}, **more}
    sentences = outside.answers(*(outside.Ask(way, provider, {}, arguments) for way in WAYS), without=module)
    for sentence in sentences:
        assert f"Failed to import the required Python library ({library})" in sentence
        assert sys.executable in sentence
        assert "Traceback" not in sentence
        assert not [value for value in arguments.values() if value in sentence and "secret" in value]


def test_nothing_is_needed_for_a_credential_that_is_ready() -> None:
    asks = [outside.Ask(way, "netbird", {}, {"token": "opaque"}) for way in WAYS]
    found = outside.answers(*asks, without="requests jwt jmespath")
    assert [result["access_token"] for result in found] == ["opaque", "opaque"]


def test_jwt_and_jmespath_are_not_needed_for_a_plain_grant(values: Values, sandbox: Sandbox) -> None:
    arguments = {**{name: values["netfoundry"][name] for name in OPTIONS["netfoundry"]}, "api_url": sandbox.url}
    asks = [outside.Ask(way, "netfoundry", {}, arguments) for way in WAYS]
    found = outside.answers(*asks, without="jwt jmespath")
    assert [result["method"] for result in found] == ["client_credentials", "client_credentials"]
