# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Controllers without one of the libraries: the core's message, in a Python that really lacks it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values
from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import WAYS

OPTIONS = {name: data.grants[0].options for name, data in DATA.items()}
LACKING: dict[str, tuple[str, str, tuple[str, ...], dict[str, str]]] = {
    "requests": ("requests", "python3-requests", tuple(OPTIONS), {}),
    "jwt": ("PyJWT", "python3-jwt", ("netography",), {}),
    "jmespath": ("jmespath", "python3-jmespath", tuple(OPTIONS), {"token_query": "data.token"}),
    "redis": ("redis", "python3-redis", tuple(OPTIONS), {"cache": "redis://127.0.0.1:1/0"}),
}
# The package jwt of PyPI, which is not PyJWT: some of what it has, and nothing that PyJWT has.
JWT = "class JWT:\n    def encode(self, payload, key=None, alg='HS256'):\n        return ''\n"


@pytest.mark.parametrize("module", LACKING)
def test_a_missing_library_gives_the_cores_message(values: Values, module: str) -> None:
    library, package, providers, more = LACKING[module]
    given = {
        provider: {**{name: values[provider][name] for name in OPTIONS[provider]}, **more} for provider in providers
    }
    asks = [outside.Ask(way, provider, {}, given[provider]) for provider in providers for way in WAYS]
    sentences = outside.answers(*asks, without=module)
    for ask, sentence in zip(asks, sentences, strict=True):
        assert f"Failed to import the required Python library ({library})" in sentence
        assert sys.executable in sentence
        assert f"on Debian and Ubuntu install {package};" in sentence
        assert f"{library} by pipx inject." in sentence
        assert "Traceback" not in sentence
        assert not [value for value in ask.arguments.values() if value in sentence and "secret" in value]


def test_the_package_jwt_is_not_taken_for_pyjwt(values: Values, tmp_path: Path) -> None:
    (tmp_path / "jwt").mkdir()
    (tmp_path / "jwt" / "__init__.py").write_text(JWT, encoding="utf-8")
    asks = [outside.Ask(way, "netography", {}, {"netosecret": values["netography"]["netosecret"]}) for way in WAYS]
    for sentence in outside.answers(*asks, first=tmp_path):
        assert sentence.startswith("The library jwt on the controller is not PyJWT")
        assert "pip uninstall jwt PyJWT, then pip install PyJWT" in sentence
        assert "python3-jwt" in sentence


def test_nothing_is_needed_for_a_credential_that_is_ready() -> None:
    asks = [outside.Ask(way, "netbird", {}, {"token": "opaque"}) for way in WAYS]
    found = outside.answers(*asks, without="requests jwt jmespath")
    assert [result["access_token"] for result in found] == ["opaque", "opaque"]


def test_jwt_and_jmespath_are_not_needed_for_a_plain_grant(values: Values, sandbox: Sandbox) -> None:
    arguments = {**{name: values["netfoundry"][name] for name in OPTIONS["netfoundry"]}, "api_url": sandbox.url}
    asks = [outside.Ask(way, "netfoundry", {}, arguments) for way in WAYS]
    found = outside.answers(*asks, without="jwt jmespath")
    assert [result["method"] for result in found] == ["client_credentials", "client_credentials"]
