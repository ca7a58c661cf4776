# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers without one of the libraries: the core's message, in a Python that really lacks it."""

from __future__ import annotations

import sys

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
# module: the library as the message names it, the providers that need it, further arguments
LACKING: dict[str, tuple[str, tuple[str, ...], dict[str, str]]] = {
    "requests": ("requests", tuple(OPTIONS), {}),
    "jwt": ("PyJWT", ("netography",), {}),
    "jmespath": ("jmespath", tuple(OPTIONS), {"token_query": "data.token"}),
}


@pytest.mark.parametrize("module", LACKING)
def test_a_missing_library_gives_the_cores_message(values: Values, module: str) -> None:
    library, providers, more = LACKING[module]
    given = {
        provider: {**{name: values[provider][name] for name in OPTIONS[provider]}, **more} for provider in providers
    }
    asks = [outside.Ask(way, provider, {}, given[provider]) for provider in providers for way in WAYS]
    sentences = outside.answers(*asks, without=module)
    for ask, sentence in zip(asks, sentences, strict=True):
        assert f"Failed to import the required Python library ({library})" in sentence
        assert sys.executable in sentence
        assert "Traceback" not in sentence
        assert not [value for value in ask.arguments.values() if value in sentence and "secret" in value]


def test_nothing_is_needed_for_a_credential_that_is_ready() -> None:
    asks = [outside.Ask(way, "netbird", {}, {"token": "opaque"}) for way in WAYS]
    found = outside.answers(*asks, without="requests jwt jmespath")
    assert [result["access_token"] for result in found] == ["opaque", "opaque"]


def test_jwt_and_jmespath_are_not_needed_for_a_plain_grant(values: Values, sandbox: Sandbox) -> None:
    arguments = {**{name: values["netfoundry"][name] for name in OPTIONS["netfoundry"]}, "api_url": sandbox.url}
    asks = [outside.Ask(way, "netfoundry", {}, arguments) for way in WAYS]
    found = outside.answers(*asks, without="jwt jmespath")
    assert [result["method"] for result in found] == ["client_credentials", "client_credentials"]
