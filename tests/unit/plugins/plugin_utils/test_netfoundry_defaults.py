# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetFoundry's addresses, audiences and scopes where nobody gave them."""

from __future__ import annotations

import base64
import typing as t
from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import CredentialError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netfoundry
from ansible_collections.netapi.auth.plugins.plugin_utils._providers.oauth import OAuth2
from ansible_collections.netapi.auth.tests.sandbox import ODD_SECRET
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Internet
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import RecordedDisplay, called, what_was_sent
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import JSON, Sent
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netfoundry import CREDENTIAL, FLOWS


@pytest.mark.parametrize(
    ("options", "host", "audience"),
    [
        ({}, "netfoundry-production.auth0.com:443", "https://gateway.production.netfoundry.io/"),
        ({"environment": "staging"}, "netfoundry-staging.auth0.com:443", "https://gateway.staging.netfoundry.io/"),
        ({"environment": "sandbox"}, "netfoundry-sandbox.auth0.com:443", "https://gateway.sandbox.netfoundry.io/"),
    ],
)
def test_the_default_is_auth0_of_the_environment(
    options: dict[str, str], host: str, audience: str, internet: Internet, ansible: Ansible
) -> None:
    ansible.task_result(
        "netfoundry", client_id="nf-client-1", client_secret="nf-secret-1", **options, **internet.options
    )

    assert internet.hosts == [host]
    assert what_was_sent(internet.sandbox) == (
        Sent("POST", "/oauth/token", JSON, {**CREDENTIAL, "audience": audience}),
    )


@pytest.mark.parametrize(
    ("prefix", "environment"),
    [("sandbox-hnssty", "sandbox"), ("staging-mlvyyc", "staging"), ("production-xfjiye", "production")],
)
def test_a_cognito_address_says_form_and_scope(
    prefix: str, environment: str, internet: Internet, ansible: Ansible
) -> None:
    host = f"netfoundry-{prefix}.auth.us-east-1.amazoncognito.com"
    result = ansible.task_result(
        "netfoundry",
        token_url=f"https://{host}/oauth2/token",
        client_id="nf-client-1",
        client_secret="nf-secret-1",
        **internet.options,
    )

    assert internet.hosts == [f"{host}:443"]
    assert result["api_url"] == f"https://gateway.{environment}.netfoundry.io"
    assert [sent.body for sent in what_was_sent(internet.sandbox)] == [
        {
            "grant_type": "client_credentials",
            "scope": f"https://gateway.{environment}.netfoundry.io//ignore-scope",
        }
    ]


def test_cognito_gets_basic_without_percent_encoding(internet: Internet, ansible: Ansible) -> None:
    ansible.task_result(
        "netfoundry",
        token_url="https://netfoundry-staging-mlvyyc.auth.us-east-1.amazoncognito.com/oauth2/token",
        client_id="nf-client-odd",
        client_secret=ODD_SECRET,
        **internet.options,
    )

    plain = base64.b64encode(f"nf-client-odd:{ODD_SECRET}".encode()).decode()
    assert [sent.authorization for sent in what_was_sent(internet.sandbox)] == [f"Basic {plain}"]


def _credential(run_directory: Path, display: RecordedDisplay, **options: t.Any) -> OAuth2:
    call = called(netfoundry.PROVIDER, run_directory, display, client_id="id", client_secret="secret", **options)
    assert isinstance(call.credential, OAuth2)
    return call.credential


@pytest.mark.parametrize(
    ("token_url", "environment"),
    [
        ("https://netfoundry-production.auth0.com/oauth/token", "production"),
        ("https://netfoundry-staging.auth0.com/oauth/token", "staging"),
        ("https://netfoundry-sandbox.auth0.com/oauth/token", "sandbox"),
        ("https://netfoundry-sandbox-hnssty.auth.us-east-1.amazoncognito.com/oauth2/token", "sandbox"),
        ("https://netfoundry-staging-mlvyyc.auth.us-east-1.amazoncognito.com/oauth2/token", "staging"),
        ("https://netfoundry-production-xfjiye.auth.eu-west-2.amazoncognito.com/oauth2/token", "production"),
    ],
)
def test_the_token_url_tells_the_environment(
    token_url: str, environment: str, run_directory: Path, display: RecordedDisplay
) -> None:
    credential = _credential(run_directory, display, token_url=token_url)

    assert credential.api_url == f"https://gateway.{environment}.netfoundry.io"


@pytest.mark.parametrize(
    "token_url",
    [
        "https://idp.example.com/oauth/token",
        "https://netfoundry-qa.auth0.com/oauth/token",
        "https://netfoundry-production.auth0.com.example.com/oauth/token",
        "https://example.com/https://netfoundry-production.auth0.com/",
        "https://netfoundry-production.auth0.com",
    ],
)
def test_the_environment_is_not_guessed(token_url: str, run_directory: Path, display: RecordedDisplay) -> None:
    with pytest.raises(
        CredentialError, match=r"^token_url, from the argument token_url, does not tell the environment"
    ):
        _credential(run_directory, display, token_url=token_url)


def test_nor_is_it_where_an_issuer_leaves_it_open(run_directory: Path, display: RecordedDisplay) -> None:
    with pytest.raises(CredentialError, match=r"^issuer, from the argument issuer, does not tell the environment"):
        _credential(run_directory, display, issuer="https://idp.example.com")


def test_the_option_decides_where_the_token_url_does_not(run_directory: Path, display: RecordedDisplay) -> None:
    credential = _credential(
        run_directory, display, token_url="https://idp.example.com/oauth/token", environment="staging"
    )

    assert (credential.asked.audience, credential.api_url) == (
        "https://gateway.staging.netfoundry.io/",
        "https://gateway.staging.netfoundry.io",
    )


READY: tuple[dict[str, str], ...] = ({"token": "a.token"}, {"account_id": "id", "account_token": "a-token"})
SANDBOX = "https://netfoundry-sandbox.auth0.com/oauth/token"


@pytest.mark.parametrize("options", READY)
@pytest.mark.parametrize(
    ("more", "environment"),
    [
        ({"token_url": SANDBOX}, "sandbox"),
        ({"token_url": "https://idp.example.com/oauth/token"}, "production"),
        ({"token_url": "https://idp.example.com/oauth/token", "environment": "staging"}, "staging"),
        ({}, "production"),
    ],
)
def test_the_token_url_tells_the_environment_of_a_credential_that_is_ready(
    more: dict[str, str], environment: str, options: dict[str, str], run_directory: Path, display: RecordedDisplay
) -> None:
    call = called(netfoundry.PROVIDER, run_directory, display, **options, **more)

    assert (call.credential.api_url, display.warnings) == (f"https://gateway.{environment}.netfoundry.io", [])


def test_another_environment_beside_a_ready_credential_is_warned_of(
    run_directory: Path, display: RecordedDisplay
) -> None:
    more = {"token_url": SANDBOX, "environment": "staging"}
    call = called(netfoundry.PROVIDER, run_directory, display, **READY[0], **more)

    assert call.credential.api_url == "https://gateway.sandbox.netfoundry.io"
    [warning] = display.warnings
    assert warning.startswith(
        "environment, from the argument environment, is staging, but token_url, from the argument "
    )
    assert warning.endswith("token_url, is that of sandbox; sandbox is used.")


@pytest.mark.parametrize("audience", ["https://a.example/", "https://a.example", "https://a.example//"])
def test_a_given_audience_keeps_its_slashes(audience: str, run_directory: Path, display: RecordedDisplay) -> None:
    assert _credential(run_directory, display, audience=audience).asked.audience == audience


@pytest.mark.parametrize(
    "audience", ["https://gateway.sandbox.netfoundry.io", "https://gateway.sandbox.netfoundry.io//"]
)
def test_an_audience_with_the_wrong_slash_is_refused_by_the_service(
    audience: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    with pytest.raises(Refused, match="Service not enabled within domain"):
        FLOWS[0].obtain("task", ansible, sandbox.url, audience=audience)


@pytest.mark.parametrize("url", ["https://idp.example.com/o/token/", "https://idp.example.com/oauth2/v1/token"])
@pytest.mark.parametrize("api", ["platform", "frontdoor"])
def test_another_provider_is_asked_for_nothing_that_was_not_said(
    api: str, url: str, run_directory: Path, display: RecordedDisplay
) -> None:
    credential = _credential(run_directory, display, token_url=url, api=api, environment="production")

    assert (credential.client.name(None), credential.asked.audience, credential.asked.scope) == (
        "client_secret_basic",
        None,
        None,
    )
    assert credential.token_url == url


def test_frontdoor_wants_the_address_of_its_identity_provider(run_directory: Path, display: RecordedDisplay) -> None:
    with pytest.raises(CredentialError, match="set issuer or token_url"):
        _credential(run_directory, display, api="frontdoor")
