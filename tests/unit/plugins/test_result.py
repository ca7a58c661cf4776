# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The result: its keys, their types, and what a lookup's terms pick from it."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import typing as t

import pytest

from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import RESULT_KEYS, Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import Values
from ansible_collections.netapi.auth.tests.unit.plugins.providers import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import WAYS, Scene

# What the documentation says of each key.
TYPES: dict[str, tuple[type, ...]] = {
    "access_token": (str,),
    "token_type": (str,),
    "headers": (dict,),
    "expires_at": (str, type(None)),
    "expires_in": (int, type(None)),
    "scope": (str, type(None)),
    "claims": (dict,),
    "api_url": (str,),
    "provider": (str,),
    "method": (str,),
    "source": (str,),
    "identity": (dict, type(None)),
}
EACH = pytest.mark.parametrize("provider", DATA)


@pytest.fixture
def said(values: Values) -> t.Callable[[Scene, str], Scene]:
    """The scene with a credential that is granted a token."""

    def say(scene: Scene, provider: str) -> Scene:
        scene.arguments = {name: values[provider][name] for name in DATA[provider].grants[0].options}
        return scene

    return say


Said = t.Callable[[Scene, str], Scene]


@EACH
def test_the_task_gives_these_keys_and_no_more(scene: Scene, said: Said, ansible: Ansible, provider: str) -> None:
    result = ansible.task(provider, said(scene, provider).arguments)
    assert set(result) == {*TYPES, "changed", "_ansible_no_log"}
    assert set(TYPES) == set(RESULT_KEYS)


@EACH
def test_each_key_is_of_its_type(scene: Scene, said: Said, provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            result = said(one, provider).result(way, provider)
            assert {key: type(value) for key, value in result.items() if type(value) not in TYPES[key]} == {}


@EACH
def test_the_expiry_is_said_as_time_and_as_seconds(scene: Scene, said: Said, provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            before = dt.datetime.now(dt.UTC)
            result = said(one, provider).result(way, provider)
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", result["expires_at"])
            end = dt.datetime.fromisoformat(result["expires_at"])
            assert abs((end - before).total_seconds() - result["expires_in"]) < 120
            assert end.timestamp() == pytest.approx(result["claims"]["exp"], abs=120)


@EACH
def test_the_origin_of_the_token_is_said(scene: Scene, said: Said, sandbox: Sandbox, provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            said(one, provider)
            results = [one.result(way, provider) for dummy in range(2)]
            assert [result["source"] for result in results] == ["issued", "cache"]
            assert results[0]["access_token"] == results[1]["access_token"]
            assert sandbox.state.grants[provider] == 1


@EACH
def test_a_token_of_its_own_is_issued_when_it_is_asked_for(
    scene: Scene, said: Said, sandbox: Sandbox, provider: str
) -> None:
    sources: tuple[dict[str, t.Any], ...] = ({"refresh": True}, {"cache": "none"})
    for source, way in itertools.product(sources, WAYS):
        with scene.named(source, way) as one:
            said(one, provider).result(way, provider)
            one.arguments |= source
            assert one.result(way, provider)["source"] == "issued"
            assert sandbox.state.grants[provider] == 2


@EACH
def test_task_and_lookup_find_each_others_token(scene: Scene, said: Said, sandbox: Sandbox, provider: str) -> None:
    said(scene, provider)
    by_task = scene.result("task", provider)
    by_lookup = scene.result("lookup", provider)
    by_task.pop("expires_in")
    by_lookup.pop("expires_in")
    assert by_lookup == {**by_task, "source": "cache"}
    assert sandbox.state.grants[provider] == 1


@EACH
def test_it_names_provider_method_and_address(scene: Scene, said: Said, sandbox: Sandbox, provider: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            result = said(one, provider).result(way, provider)
            assert result["provider"] == provider
            assert result["method"] == DATA[provider].method(DATA[provider].grants[0].options)
            assert result["api_url"] == DATA[provider].api_url.replace("{url}", sandbox.url)
            assert result["headers"] == {"Authorization": f"Bearer {result['access_token']}"}


def test_a_given_token_is_said_to_be_given(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = {"token": "opaque"}
            result = one.result(way, "netfoundry")
            assert (result["source"], result["claims"]) == ("given", {})
            assert [result[key] for key in ("expires_at", "expires_in", "scope", "identity")] == [None] * 4


def test_without_a_term_the_lookup_gives_the_token(ansible: Ansible) -> None:
    assert ansible.lookup("netbird", token="opaque") == ["opaque"]


def test_each_term_gives_one_value(ansible: Ansible) -> None:
    found = ansible.lookup("netbird", "headers", "token_type", "claims", token="opaque")
    assert found == [{"Authorization": "Bearer opaque"}, "Bearer", {}]


def test_a_key_that_may_be_null_is_given_as_null(ansible: Ansible) -> None:
    for key in ("expires_at", "expires_in", "scope", "identity"):
        assert ansible.lookup("netbird", key, token="opaque") == [None], key


TERMS: dict[str, object] = {
    "headers.Authorization": "Bearer opaque",
    "[provider, method]": ["netbird", "token"],
    "length(access_token)": 6,
    "join('/', [api_url, 'api'])": "https://api.netbird.io/api",
    "scope || 'none'": "none",
    "claims == `{}`": True,
}


def test_a_term_is_a_jmespath_expression(scene: Scene) -> None:
    for term, value in TERMS.items():
        with scene.named(term) as one:
            assert one.ansible.lookup("netbird", term, token="opaque") == [value]
