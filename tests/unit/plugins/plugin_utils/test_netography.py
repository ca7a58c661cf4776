# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""Netography on the wire: every flow, by task and by lookup."""

from __future__ import annotations

import dataclasses
import functools
import time

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography_grants
from ansible_collections.netapi.auth.tests.sandbox import public_key
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Internet
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import WAYS, status_of, what_was_sent
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netography import (
    FLOWS,
    KEY,
    PARTS,
    SAMPLE,
    SENT,
    SHAPES,
    TACTICS,
    netosecret,
    readable,
    taken_apart,
)

what_was_signed = functools.partial(what_was_sent, readable=readable)
VECTOR = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDAsImp0aSI6IjEiLCJhcHBuYW1lIjoibXlhcHBuYW1lIiwiYXBwa2V5I"
    "joibXlhcHBrZXkiLCJzaG9ydG5hbWUiOiJteXNob3J0bmFtZSJ9.35wQMrull2hq_At20uGZGGpwvrVy3Q8FeBZFxhi5AeY"
)


@pytest.fixture
def netography(sandbox: Sandbox) -> Sandbox:
    sandbox.add_account(KEY)
    return sandbox


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_netosecret_may_have_any_shape(shape: str, way: str, netography: Sandbox, ansible: Ansible) -> None:
    ask = ansible.task_result if way == "task" else ansible.lookup_result
    result = ask("netography", netosecret=SHAPES[shape](f"{netography.url}/api/v1"))

    assert what_was_signed(netography) == (SENT,)
    assert (result["method"], result["api_url"]) == ("api_key", netography.url)


def test_the_shapes_differ_as_their_names_say() -> None:
    shapes = {name: make("https://x.example/api/v1") for name, make in SHAPES.items()}

    assert shapes["padded"].endswith("=")
    assert set("+/") & set(shapes["standard alphabet"])
    assert set("-_") & set(shapes["URL-safe alphabet"])


@pytest.mark.parametrize("path", ["/api/v1", "/v1", "", "/", "/api/v1/"])
def test_the_url_of_a_netosecret_is_reduced_to_its_origin(path: str, netography: Sandbox, ansible: Ansible) -> None:
    result = ansible.task_result("netography", netosecret=netosecret(netography.url + path))

    assert (what_was_signed(netography), result["api_url"]) == ((SENT,), netography.url)


def test_a_given_address_beats_that_of_the_netosecret(netography: Sandbox, ansible: Ansible) -> None:
    result = ansible.task_result("netography", netosecret=SAMPLE, api_url=f"{netography.url}/api/v1")

    body = {"jwt": {"appname": "myappname", "appkey": "myappkey", "shortname": "myshortname"}}
    assert what_was_signed(netography) == (dataclasses.replace(SENT, body=body),)
    assert result["api_url"] == netography.url


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_the_netosecret_lacks_may_be_an_option(part: str, netography: Sandbox, ansible: Ansible) -> None:
    others = {name: value for name, value in PARTS.items() if name != part}
    bundle = netosecret(netography.url, parts=others)
    ansible.task_result("netography", netosecret=bundle, **{part: PARTS[part]})

    assert what_was_signed(netography) == (SENT,)


def test_shortname_overrides_that_of_the_netosecret(netography: Sandbox, ansible: Ansible) -> None:
    bundle = netosecret(netography.url, parts={**PARTS, "shortname": "overridden"})
    ansible.task_result("netography", netosecret=bundle, shortname=PARTS["shortname"])

    assert what_was_signed(netography) == (SENT,)


def test_a_whole_account_overrides_that_of_the_netosecret(netography: Sandbox, ansible: Ansible) -> None:
    bundle = netosecret("https://other.example", parts=dict.fromkeys(PARTS, "overridden"))
    ansible.task_result("netography", netosecret=bundle, api_url=netography.url, **PARTS)

    assert what_was_signed(netography) == (SENT,)


@pytest.mark.parametrize("way", WAYS)
def test_shortname_beside_a_netosecret_reaches_a_sub_account(way: str, netography: Sandbox, ansible: Ansible) -> None:
    ask = ansible.task_result if way == "task" else ansible.lookup_result
    result = ask("netography", netosecret=netosecret(netography.url), shortname="account-1-sub-1")

    assert result["claims"]["shortname"] == "account-1-sub-1"
    assert status_of(netography.url + TACTICS, result["headers"]) == 200


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (PARTS, "/api/v1/auth/token"),
        ({"netosecret": SAMPLE}, "/api/v1/auth/token"),
        ({"username": "neto-user-1", "password": "neto-password-1"}, "/api/auth/bearer/token"),
        ({"refresh_token": "neto-refresh-1"}, "/api/auth/bearer/refresh"),
    ],
)
def test_the_default_address_is_the_services(
    options: dict[str, str], path: str, internet: Internet, ansible: Ansible
) -> None:
    internet.sandbox.add_account(KEY)
    ansible.task_result("netography", **options, **internet.options)

    assert internet.hosts == ["api.netography.com:443"]
    assert [sent.path for sent in what_was_sent(internet.sandbox)] == [path]


def test_the_request_token_is_that_of_the_vector() -> None:
    key = {"shortname": "myshortname", "appname": "myappname", "appkey": "myappkey"}

    assert netography_grants.request_token(key, "mysharedsecret", 1700000000, "1") == VECTOR


def test_the_request_token_has_just_the_claims_of_the_service(netography: Sandbox, ansible: Ansible) -> None:
    FLOWS[0].obtain("task", ansible, netography.url)
    header, claims = taken_apart(what_was_sent(netography)[0].body["jwt"])

    assert header == {"alg": "HS256", "typ": "JWT"}
    assert set(claims) == {"iat", "jti", "appname", "appkey", "shortname"}
    assert isinstance(claims["iat"], int)
    assert abs(claims["iat"] - time.time()) < 300


@pytest.mark.parametrize("other", ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5", public_key("deployer")])
def test_a_secret_that_looks_like_a_key_of_another_kind_signs_nothing(
    other: str, netography: Sandbox, ansible: Ansible
) -> None:
    sentence = r"^sharedsecret, from the argument sharedsecret, cannot sign a request: it looks like a key of another"
    with pytest.raises(Refused, match=sentence) as refused:
        ansible.task("netography", {**PARTS, "sharedsecret": other, "api_url": netography.url})
    assert other.split()[-2] not in str(refused.value)
    assert what_was_sent(netography) == ()


def test_every_try_is_signed_again(netography: Sandbox, ansible: Ansible) -> None:
    netography.fault("/api/v1/auth/token", times=2, status=503)
    result = FLOWS[0].obtain("task", ansible, netography.url)
    identifiers = [taken_apart(sent.body["jwt"])[1]["jti"] for sent in what_was_sent(netography)]

    assert (len(identifiers), len(set(identifiers)), result["source"]) == (3, 3, "issued")
