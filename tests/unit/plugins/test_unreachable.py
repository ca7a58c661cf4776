# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Services that cannot be reached: the sentence names the option that leads there, and no secret."""

from __future__ import annotations

import base64
import itertools
import json
import socket
import typing as t
from collections.abc import Iterator

import pytest
import trustme

from ansible_collections.netapi.auth.plugins.plugin_utils._providers.registry import PROVIDERS
from ansible_collections.netapi.auth.tests.sandbox import Sandbox
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Server, hang_up, reply
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import DATA, EVERY_GRANT
from ansible_collections.netapi.auth.tests.unit.plugins.walk import WAYS, Scene, check, walk

# provider: what it needs, and the option whose address is tried.
# provider, option for an address: what is said beside it.
NEEDS = {
    (grant.provider, grant.url_option): {
        option: value
        for option, value in DATA[grant.provider].pick(grant.options, "").items()
        if option != grant.url_option
    }
    for grant in reversed(EVERY_GRANT)
}
EACH = pytest.mark.parametrize(("provider", "option"), NEEDS)


def refusal(scene: Scene, way: str, provider: str, option: str, url: str, **more: t.Any) -> str:
    """The sentence for an address that leads nowhere, after it was checked for the secret."""
    scene.arguments = {**NEEDS[provider, option], option: url, "retries": 0, **more}
    sentence = scene.refusal(way, provider)
    given = NEEDS[provider, option]
    check(sentence, hidden=tuple(given[name] for name in PROVIDERS[provider].secrets if name in given))
    assert option in sentence
    return sentence


@EACH
def test_refused(scene: Scene, provider: str, option: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for way in WAYS:
        with scene.named(way) as one:
            sentence = refusal(one, way, provider, option, f"http://127.0.0.1:{port}")
            assert f"127.0.0.1 refuses the connection at port {port} of {option}, from " in sentence


@EACH
def test_broken_off(scene: Scene, provider: str, option: str) -> None:
    """As the others that end with the option, it says where that came from."""
    with Server(hang_up) as server:
        for way in WAYS:
            with scene.named(way) as one:
                sentence = refusal(one, way, provider, option, server.url)
                assert f"127.0.0.1 broke off the connection. Try again later, or check {option}, from " in sentence


# Of an option that holds the address: the provider, and the key there.
HOLDERS = {("netography", "netosecret"): "url", ("netfoundry", "credentials_file"): "authenticationUrl"}


@pytest.mark.parametrize(("provider", "holder"), HOLDERS)
def test_an_address_that_another_option_holds(scene: Scene, provider: str, holder: str) -> None:
    key = HOLDERS[provider, holder]
    with Server(hang_up) as server:
        parts = {**PARTS, "clientId": "nf-client-1", "password": "nf-secret-1", key: server.url}
        text = json.dumps(parts)
        value = base64.b64encode(text.encode()).decode() if holder == "netosecret" else text
        for place, way in walk(provider, holder):
            with scene.named(place, way) as one:
                one.arguments = {"retries": 0} if provider == "netography" else {"retries": 0, "environment": "staging"}
                one.say(place, value)
                assert f"check {key} in {holder}, from {place.words}" in one.refusal(way, provider)


@EACH
def test_without_tls(scene: Scene, sandbox: Sandbox, provider: str, option: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            sentence = refusal(one, way, provider, option, sandbox.url.replace("http:", "https:"))
            assert f"Correct the port of {option}, from " in sentence


@EACH
def test_silent(scene: Scene, monkeypatch: pytest.MonkeyPatch, provider: str, option: str) -> None:
    def late(*_arguments: object, **_more: object) -> t.NoReturn:
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", late)
    monkeypatch.setattr("urllib3.util.connection.create_connection", late)
    for way in WAYS:
        with scene.named(way) as one:
            sentence = refusal(one, way, provider, option, "http://127.0.0.1:9")
            assert f"seconds. Check the network and {option}, from " in sentence
            assert sentence.endswith(", or raise timeout.")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="module")
def secure(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """The sandbox over TLS, under an authority that nobody knows."""
    folder = tmp_path_factory.mktemp("tls")
    leaf = authority.issue_cert("127.0.0.1")
    leaf.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    with Sandbox(tls=(str(folder / "cert.pem"), str(folder / "key.pem"))) as sandbox:
        yield sandbox


@EACH
def test_a_certificate_of_an_unknown_authority(scene: Scene, secure: Sandbox, provider: str, option: str) -> None:
    unsets: tuple[dict[str, t.Any], ...] = ({}, {"validate_certs": ""}, {"validate_certs": None}, {"ca_path": ""})
    for unset, way in itertools.product(unsets, WAYS):
        with scene.named(unset, way) as one:
            sentence = refusal(one, way, provider, option, secure.url, **unset)
            assert "the certificate of 127.0.0.1 cannot be verified" in sentence
            assert "set ca_path to the certificate of the authority that signed it. Use the" in sentence
            assert f" or NETAPI_AUTH_CA_PATH. Check {option}, too." in sentence
            assert secure.state.requests == []


@EACH
def test_an_empty_environment_variable_leaves_certificates_checked(
    scene: Scene, secure: Sandbox, provider: str, option: str
) -> None:
    names = [f"{owner}_AUTH_{each}" for owner in (provider.upper(), "NETAPI") for each in ("VALIDATE_CERTS", "CA_PATH")]
    for name, way in itertools.product(names, WAYS):
        with scene.named(name, way) as one:
            one.patch.setenv(name, "")
            assert "cannot be verified" in refusal(one, way, provider, option, secure.url)


@EACH
def test_a_file_of_authorities_that_holds_none(scene: Scene, secure: Sandbox, provider: str, option: str) -> None:
    for way in WAYS:
        with scene.named(way) as one:
            (one.folder / "empty.pem").write_text("nothing", encoding="utf-8")
            sentence = refusal(one, way, provider, option, secure.url, ca_path=str(one.folder / "empty.pem"))
            assert "ca_path" in sentence


CLIENT = {"client_id": "nf-client-1", "client_secret": "nf-secret-1"}
COGNITO = "https://netfoundry-staging-mlvyyc.auth.us-east-1.amazoncognito.com/oauth2/token"
BY_ENVIRONMENT = "api_url (not set, so it follows from environment)"
OWN = "api_url (not set, so this is its default)"
PARTS = {"shortname": "neto-account-1", "appname": "neto-appname-1", "appkey": "k" * 12, "sharedsecret": "s" * 12}
# What is set: provider, options, the host that is asked, and what decides its address.
DEFAULTS: dict[str, tuple[str, dict[str, t.Any], str, str]] = {
    "the token endpoint": (
        "netfoundry",
        CLIENT,
        "netfoundry-production.auth0.com",
        "token_url (not set, so it follows from environment)",
    ),
    "that of another environment": (
        "netfoundry",
        {**CLIENT, "environment": "staging"},
        "netfoundry-staging.auth0.com",
        "token_url (not set, so it follows from environment)",
    ),
    "a token endpoint that is set": (
        "netfoundry",
        {**CLIENT, "token_url": COGNITO},
        "netfoundry-staging-mlvyyc.auth.us-east-1.amazoncognito.com",
        "token_url",
    ),
    "NetFoundry's API": ("netfoundry", {"token": "t" * 12}, "gateway.production.netfoundry.io", BY_ENVIRONMENT),
    "NetFoundry's API, told by token_url": (
        "netfoundry",
        {"token": "t" * 12, "token_url": COGNITO, "environment": "production"},
        "gateway.staging.netfoundry.io",
        "api_url (not set, so it follows from token_url)",
    ),
    "RapidAPI": (
        "netfoundry",
        {"rapidapi_key": "k" * 12},
        "netfoundryapi.p.rapidapi.com",
        "api_url (not set, so it follows from rapidapi_host)",
    ),
    "NetBird's API": ("netbird", {"token": "t" * 12}, "api.netbird.io", OWN),
    "Netography's API": ("netography", PARTS, "api.netography.com", OWN),
    "an API that is set": (
        "netbird",
        {"token": "t" * 12, "api_url": "https://netbird.invalid"},
        "netbird.invalid",
        "api_url",
    ),
}


@pytest.mark.parametrize("case", DEFAULTS)
def test_an_address_that_nobody_has_set_is_said_to_be_a_default(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    def nowhere(*_arguments: object, **_more: object) -> t.NoReturn:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nowhere)
    provider, arguments, host, named = DEFAULTS[case]
    options = ("api_url", "token_url")
    for way in WAYS:
        with scene.named(way) as one:
            one.arguments = {**arguments, "retries": 0, "whoami": True}
            label = PROVIDERS[provider].label
            assert one.refusal(way, provider).startswith(
                f"{label}: there is no host {host}, as the name servers of the controller say. "
                f"Check the name servers, and {named}{', from ' if named in options else '.'}"
            )


@pytest.mark.parametrize("case", DEFAULTS)
def test_a_proxy_that_does_not_get_to_a_default_address_is_told_so(scene: Scene, case: str) -> None:
    provider, arguments, host, named = DEFAULTS[case]
    with Server(reply(b"", 403)) as proxy, scene.named(case) as one:
        one.arguments = {**arguments, "retries": 0, "whoami": True, "proxy": proxy.url}
        sentence = one.refusal("task", provider)
        assert f"to {host} (status 403). Have it allowed there, or check {named} and proxy" in sentence
