# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Variables that call the plugin which reads them: a sentence, where the oldest core would hang."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS
from ansible_collections.netapi.auth.tests.unit.plugins import outside
from ansible_collections.netapi.auth.tests.unit.plugins.walk import WAYS, Scene, check


def call(provider: str, more: str = "") -> str:
    return f"{{{{ lookup('{PLUGINS[provider]}'{more}) }}}}"


# variables, and those of them that the sentence may name.
LOOPS: list[tuple[str, dict[str, str], tuple[str, ...]]] = [
    ("netfoundry", {"netfoundry_auth_client_id": call("netfoundry", ", 'claims.sub'")}, ("netfoundry_auth_client_id",)),
    ("netbird", {"netbird_auth_timeout": call("netbird")}, ("netbird_auth_timeout",)),
    ("netography", {"netography_auth_token": "{{ mine }}", "mine": call("netography")}, ("netography_auth_token",)),
    (
        "netfoundry",
        {"netfoundry_auth_token": call("netbird"), "netbird_auth_token": call("netfoundry")},
        ("netfoundry_auth_token", "netbird_auth_token"),
    ),
    (
        "netfoundry",
        {
            "netfoundry_auth_client_id": call("netfoundry"),
            "netfoundry_auth_client_secret": call("netfoundry"),
            "netfoundry_auth_api_url": call("netfoundry", ", 'api_url'"),
        },
        ("netfoundry_auth_client_id", "netfoundry_auth_client_secret", "netfoundry_auth_api_url"),
    ),
]


def test_a_variable_that_calls_its_own_plugin_is_named() -> None:
    asks = [
        outside.Ask(way, provider, variables, {}) for provider, variables, dummy in LOOPS for way in ("task", "lookup")
    ]
    found = outside.answers(*asks)
    for (_provider, _variables, names), *sentences in zip(LOOPS, found[::2], found[1::2], strict=True):
        for sentence in sentences:
            check(sentence, "calls the plugin that reads it")
            assert sentence.split()[2] in names


def test_a_plugin_may_be_called_by_a_variable_of_another(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_token": call("netfoundry"), "netfoundry_auth_token": "opaque"}
            assert one.result(way, "netbird")["access_token"] == "opaque"


def test_after_a_loop_the_plugin_works(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.ansible.variables = {"netbird_auth_token": call("netbird")}
            one.refusal(way, "netbird")
            one.ansible.variables = {"netbird_auth_token": "opaque"}
            assert one.result(way, "netbird")["access_token"] == "opaque"
