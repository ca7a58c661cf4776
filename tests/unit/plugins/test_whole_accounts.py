# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The id of one account never meets the secret of another, wherever the two are from."""

from __future__ import annotations

import base64
import itertools
import json
import re
import typing as t
from dataclasses import dataclass, field

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import OptionError
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.credentials import place
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA
from ansible_collections.netapi.auth.tests.unit.plugins.walk import MARKER, WAYS, Scene, check

IDP = "https://idp.example"
LOGIN = "https://netfoundry-sandbox.auth0.com/oauth/token"


def bundle(number: int, url: str = "https://neto.example", **parts: str) -> str:
    names = ("shortname", "appname", "appkey", "sharedsecret")
    values = {name: f"{MARKER}-{name}-{number}" for name in names} | {"url": url} | parts
    return base64.b64encode(json.dumps(values).encode()).decode()


def content(number: int, url: str = LOGIN) -> str:
    return json.dumps({"clientId": f"{MARKER}-{number}", "password": f"{MARKER}-s-{number}", "authenticationUrl": url})


@dataclass(frozen=True)
class Two:
    """What is said where, and the two sources of which the sentence tells."""

    provider: str
    names: tuple[str, str]
    arguments: dict[str, t.Any] = field(default_factory=dict)
    variables: dict[str, t.Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)

    def say(self, scene: Scene) -> None:
        scene.arguments = dict(self.arguments)
        scene.ansible.variables = dict(self.variables)
        for name, value in self.environment.items():
            scene.patch.setenv(name, value)


NB = {"NETBIRD_AUTH_CLIENT_ID": f"{MARKER}-1", "NETBIRD_AUTH_ISSUER": IDP}
TWO = {
    "NetBird's own deployment variables and the secret of the environment": Two(
        "netbird",
        ("the variable netbird_auth_client_id", "NETBIRD_AUTH_CLIENT_SECRET"),
        variables={"netbird_auth_client_id": "netbird-dashboard", "netbird_auth_audience": "netbird-dashboard"},
        environment={**NB, "NETBIRD_AUTH_CLIENT_SECRET": MARKER},
    ),
    "a refresh token with its client, and the secret of another": Two(
        "netbird",
        ("the argument client_id", "NETBIRD_AUTH_CLIENT_SECRET"),
        {"refresh_token": MARKER, "client_id": f"{MARKER}-2"},
        environment={**NB, "NETBIRD_AUTH_CLIENT_SECRET": MARKER},
    ),
    "two families of the environment": Two(
        "netfoundry",
        ("NETFOUNDRY_CLIENT_ID", "NF_CLIENT_SECRET"),
        environment={
            "NETFOUNDRY_CLIENT_ID": f"{MARKER}-2",
            "NF_CLIENT_ID": f"{MARKER}-1",
            "NF_CLIENT_SECRET": MARKER,
        },
    ),
    "a variable and the second family": Two(
        "netfoundry",
        ("the variable netfoundry_auth_client_id", "NF_CLIENT_SECRET"),
        variables={"netfoundry_auth_client_id": f"{MARKER}-2"},
        environment={"NF_CLIENT_ID": f"{MARKER}-1", "NF_CLIENT_SECRET": MARKER},
    ),
    "a credentials file and an environment variable beside it": Two(
        "netfoundry",
        ("NETFOUNDRY_CLIENT_ID", "NETFOUNDRY_API_ACCOUNT"),
        environment={"NETFOUNDRY_CLIENT_ID": f"{MARKER}-2", "NETFOUNDRY_API_ACCOUNT": content(1)},
    ),
    "two of three parts and a NETOSECRET": Two(
        "netography",
        ("the argument appname", "NETOSECRET"),
        {"appname": f"{MARKER}-2", "sharedsecret": f"{MARKER}-2"},
        environment={"NETOSECRET": bundle(1)},
    ),
    "a NETOSECRET without its secret, and the secret of another account": Two(
        "netography",
        ("appname in netosecret", "NETOGRAPHY_SHAREDSECRET"),
        {"netosecret": bundle(1, sharedsecret=""), "method": "api_key"},
        environment={"NETOGRAPHY_APPNAME": f"{MARKER}-2", "NETOGRAPHY_SHAREDSECRET": MARKER},
    ),
}


def names(sentence: str, *sources: str) -> None:
    check(sentence, *sources)
    assert re.search(rf" in one place, or do not set [a-z_]+ by [a-z ]*{sources[0]}", sentence)


@pytest.mark.parametrize("kind", TWO)
def test_two_accounts_are_an_error_that_names_both_sources(scene: Scene, kind: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            TWO[kind].say(one)
            names(one.refusal(way, TWO[kind].provider), *TWO[kind].names)


IDS = [(name, secret, owner) for name, data in DATA.items() for secret, owners in data.ids.items() for owner in owners]


@pytest.mark.parametrize(("provider", "secret", "owner"), IDS)
def test_an_id_that_is_said_nearer_than_a_whole_account_is_one_of_another(
    scene: Scene, provider: str, secret: str, owner: str
) -> None:
    data = DATA[provider]
    (credential, *_more) = (each for each in data.credentials if secret in each)
    kinds = itertools.combinations(("argument", "variable", "environment"), 2)
    for (near, far), way in itertools.product(kinds, WAYS):
        with scene.named(near, far, way) as one:
            for option, value in data.pick(credential, IDP).items():
                one.say(place(provider, option, far), value)
            one.say(place(provider, owner, near), f"{MARKER}-2")
            sources = [place(provider, owner, near).words, place(provider, secret, far).words]
            names(one.refusal(way, provider), *sources)


def test_nothing_is_sent_before(scene: Scene, sandbox: Sandbox) -> None:
    two = TWO["NetBird's own deployment variables and the secret of the environment"]
    for way in WAYS:
        with scene.named(way) as one:
            two.say(one)
            one.patch.setenv("NETBIRD_AUTH_ISSUER", f"{sandbox.url}/idp")
            one.refusal(way, "netbird")
            assert sandbox.state.requests == []


ONE = {
    "the same id twice": Two(
        "netfoundry",
        ("client_id", "one"),
        {"client_id": "one"},
        environment={"NETFOUNDRY_CLIENT_ID": "one", "NETFOUNDRY_CLIENT_SECRET": MARKER},
    ),
    "a secret whose source has no id": Two(
        "netfoundry",
        ("client_id", "one"),
        variables={"netfoundry_auth_client_id": "one"},
        environment={"NETFOUNDRY_CLIENT_SECRET": MARKER},
    ),
    "a secret whose family has no id": Two(
        "netfoundry",
        ("client_id", "one"),
        environment={"NF_CLIENT_ID": "one", "NETFOUNDRY_CLIENT_SECRET": MARKER},
    ),
    "two whole families": Two(
        "netfoundry",
        ("client_id", "one"),
        environment={
            "NETFOUNDRY_CLIENT_ID": "one",
            "NETFOUNDRY_CLIENT_SECRET": MARKER,
            "NF_CLIENT_ID": "two",
            "NF_CLIENT_SECRET": MARKER,
        },
    ),
    "an empty id in the nearer family": Two(
        "netfoundry",
        ("client_id", "two"),
        environment={"NETFOUNDRY_CLIENT_ID": "", "NF_CLIENT_ID": "two", "NF_CLIENT_SECRET": MARKER},
    ),
    "a less specific id": Two(
        "netfoundry",
        ("client_id", "one"),
        {"client_secret": MARKER, "client_id": "one"},
        environment={"NETFOUNDRY_CLIENT_ID": "two"},
    ),
    "a less specific id than the credentials file": Two(
        "netfoundry",
        ("client_id", f"{MARKER}-1"),
        {"credentials_file": content(1)},
        environment={"NETFOUNDRY_CLIENT_ID": "two"},
    ),
    "a secret beside a credentials file": Two(
        "netfoundry", ("client_secret", "other"), {"credentials_file": content(1), "client_secret": "other"}
    ),
    "whole variables over whole arguments of the environment": Two(
        "netography",
        ("appname", "one"),
        {"shortname": "one", "appname": "one", "appkey": "one", "sharedsecret": MARKER},
        environment={"NETOSECRET": bundle(1)},
    ),
    "a NETOSECRET and less specific parts": Two(
        "netography",
        ("appname", f"{MARKER}-appname-1"),
        {"netosecret": bundle(1)},
        environment={"NETOGRAPHY_APPNAME": "two", "NETOGRAPHY_APPKEY": "two", "NETOGRAPHY_SHAREDSECRET": "two"},
    ),
    "shortname is no id": Two(
        "netography", ("shortname", "sub"), {"shortname": "sub"}, environment={"NETOSECRET": bundle(1)}
    ),
    "a part that a NETOSECRET has too": Two(
        "netography",
        ("appkey", f"{MARKER}-appkey-1"),
        {"appname": f"{MARKER}-appname-1"},
        environment={"NETOSECRET": bundle(1)},
    ),
}


def made(scene: Scene, way: str, provider: str) -> Session:
    """The call as the plugin makes it, which then asks nobody."""
    calls: list[Session] = []

    def keep(call: Session) -> dict[str, t.Any]:
        calls.append(call)
        raise OptionError("kept")

    with scene.patch.context() as patch:
        patch.setattr(Session, "result", keep)
        assert scene.refusal(way, provider) == "kept"
    return calls[0]


def held(credential: t.Any, option: str) -> object:
    """What a credential has of an option."""
    if not hasattr(credential, "client"):
        return getattr(credential, option)
    client = credential.client
    texts = {"client_id": client.id, "client_secret": client.secret}
    texts |= {name: client.key.text for name in ("private_key",) if client.key}
    texts |= {"client_assertion": client.foreign.text} if client.foreign else {}
    foreign = credential.asked.foreign
    return {**texts, **credential.asked.fields, **({foreign[0]: foreign[1].text} if foreign else {})}[option]


@pytest.mark.parametrize("kind", ONE)
def test_one_account_is_used(scene: Scene, heard: list[str], kind: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            ONE[kind].say(one)
            name, value = ONE[kind].names
            if ONE[kind].provider == "netfoundry":
                one.arguments["environment"] = "sandbox"
            assert held(made(one, way, ONE[kind].provider).credential, name) == value
            assert heard == []


def test_of_another_account_than_the_netosecret_its_address_is_not_taken(scene: Scene) -> None:
    parts = dict.fromkeys(("shortname", "appname", "appkey", "sharedsecret"), "own")
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = dict(parts)
            one.patch.setenv("NETOSECRET", bundle(1))
            assert made(one, way, "netography").credential.api_url == "https://api.netography.com"


def test_the_id_beside_an_argument_is_not_looked_for_in_variables(scene: Scene) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = {"client_id": "one", "client_secret": MARKER}
            one.ansible.variables = {"netfoundry_auth_client_id": "{{ undefined_one }}"}
            assert made(one, way, "netfoundry").method == "client_credentials"


ENDPOINTS = {
    "another issuer": Two(
        "netbird",
        ("issuer, from the argument issuer,", "NETBIRD_AUTH_ISSUER"),
        {"issuer": f"{IDP}/other"},
        environment={**NB, "NETBIRD_AUTH_CLIENT_SECRET": MARKER},
    ),
    "an issuer over a token URL": Two(
        "netbird",
        ("issuer, from the variable netbird_auth_issuer,", "NETBIRD_AUTH_TOKEN_URL"),
        variables={"netbird_auth_issuer": IDP},
        environment={
            "NETBIRD_AUTH_CLIENT_ID": "one",
            "NETBIRD_AUTH_TOKEN_URL": f"{IDP}/token",
            "NETBIRD_AUTH_REFRESH_TOKEN": MARKER,
        },
    ),
    "another token URL": Two(
        "netfoundry",
        ("token_url, from the variable netfoundry_auth_token_url,", "NETFOUNDRY_OAUTH_URL"),
        variables={"netfoundry_auth_token_url": f"{IDP}/token"},
        environment={
            "NETFOUNDRY_CLIENT_ID": "one",
            "NETFOUNDRY_CLIENT_SECRET": MARKER,
            "NETFOUNDRY_OAUTH_URL": LOGIN,
        },
    ),
    "another token URL than the credentials file's": Two(
        "netfoundry",
        ("token_url, from the argument token_url,", "NETFOUNDRY_API_ACCOUNT"),
        {"token_url": f"{IDP}/token"},
        environment={"NETFOUNDRY_API_ACCOUNT": content(1)},
    ),
}


@pytest.mark.parametrize("kind", ENDPOINTS)
def test_another_endpoint_than_that_beside_the_secret_is_used_with_a_warning(
    scene: Scene, heard: list[str], kind: str
) -> None:
    two = ENDPOINTS[kind]
    for way in WAYS:
        with scene.named(way) as one:
            two.say(one)
            if two.provider == "netfoundry":
                one.arguments["environment"] = "sandbox"
            used = made(one, way, two.provider)
            assert used.credential.issuer_url.startswith(IDP)
            assert len(heard) == 1
            check(heard[0], *two.names)


def test_an_endpoint_of_another_place_than_a_secret_without_one_brings_no_warning(
    scene: Scene, heard: list[str]
) -> None:
    for kind, way in itertools.product(("argument", "variable"), WAYS):
        with scene.named(kind, way) as one:
            one.say(place("netbird", "issuer", kind), IDP)
            one.patch.setenv("NETBIRD_AUTH_CLIENT_ID", "one")
            one.patch.setenv("NETBIRD_AUTH_CLIENT_SECRET", MARKER)
            assert made(one, way, "netbird").credential.issuer_url == IDP
            assert heard == []
