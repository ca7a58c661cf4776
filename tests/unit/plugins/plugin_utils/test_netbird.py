# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetBird on the wire: every flow, by task and by lookup."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils import _netbird
from ansible_collections.netapi.auth.tests.sandbox.accounts import IdpClient, NetBirdBearer
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Internet
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import (
    Flow,
    Voice,
    called,
    status_of,
    what_was_sent,
)
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.netbird_flows import (
    DISCOVERY,
    FLOWS,
    ODD_CLIENT,
    PAT,
    PEERS,
    READY,
)

VALID = (
    "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
    "nbp_9999EUDNdkeusjentDLSJEn1902u84390W6W",
    "nbp_z1pvsg2wP3EzmEou4S679KyTNhov632eyrXe",
)
# The most specific first.
SOURCES = ("argument", "variable", "environment")
INVALID = {
    "one character of the checksum": "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURq",
    "one character of the secret": "nbp_bpTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
    "two characters exchanged": "nbp_paTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
    "one character less": "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMUR",
    "one character more": "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURpx",
    "another prefix": "xbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
    "a placeholder": "nbp_F3f0d......",
}


@pytest.fixture
def netbird(sandbox: Sandbox) -> Sandbox:
    sandbox.add_account(ODD_CLIENT)
    return sandbox


@pytest.mark.parametrize("flow", [*FLOWS, READY[0]], ids=str)
def test_the_headers_open_the_api(flow: Flow, netbird: Sandbox, ansible: Ansible) -> None:
    result = flow.obtain("task", ansible, netbird.url)

    assert status_of(netbird.url + PEERS, result["headers"]) == 200


def test_a_bearer_token_at_hand_opens_the_api(netbird: Sandbox, ansible: Ansible) -> None:
    netbird.add_account(NetBirdBearer("bearer-from-elsewhere", "user-1"))
    result = ansible.task_result("netbird", token="bearer-from-elsewhere", api_url=netbird.url)

    assert status_of(netbird.url + PEERS, result["headers"]) == 200


def test_a_credential_at_hand_asks_nobody(netbird: Sandbox, ansible: Ansible) -> None:
    ansible.task_result("netbird", pat=PAT, api_url=netbird.url)

    assert netbird.state.requests == []


def test_the_default_address_is_the_services(internet: Internet, ansible: Ansible) -> None:
    result = ansible.task_result("netbird", pat=PAT, whoami=True, **internet.options)

    assert (result["api_url"], set(internet.hosts)) == ("https://api.netbird.io", {"api.netbird.io:443"})


@pytest.mark.parametrize("suffix", ["", "/", "/api", "/api/"])
def test_the_address_may_end_in_api(suffix: str, netbird: Sandbox, ansible: Ansible) -> None:
    assert ansible.task_result("netbird", pat=PAT, api_url=netbird.url + suffix)["api_url"] == netbird.url


@pytest.mark.parametrize("pat", VALID)
def test_a_checksum_that_fits_is_accepted(pat: str) -> None:
    assert _netbird.pat_problem(pat) == ""


@pytest.mark.parametrize("flaw", INVALID)
def test_a_checksum_that_does_not_fit_is_noticed(flaw: str) -> None:
    assert "checksum" in _netbird.pat_problem(INVALID[flaw])


def test_a_short_checksum_is_padded_with_zeros() -> None:
    assert _netbird.pat_problem("nbp_Zeros770xxxxxxxxxxxxxxxxxxxxxx00GgBT") == ""


@pytest.mark.parametrize(
    ("option", "value", "scheme", "warning"),
    [
        ("pat", VALID[0], "Token", None),
        ("pat", INVALID["a placeholder"], "Token", "checksum"),
        ("pat", "a.bearer.token", "Bearer", "Use token for it"),
        ("token", "a.bearer.token", "Bearer", None),
        ("token", VALID[0], "Token", "Use pat for it"),
    ],
)
def test_the_scheme_follows_the_value(
    option: str, value: str, scheme: str, warning: str | None, run_directory: Path, voice: Voice
) -> None:
    result = called(_netbird.PROVIDER, run_directory, voice, **{option: value}).result()

    assert result["headers"] == {"Authorization": f"{scheme} {value}"}
    assert [warning in said for said in voice.warnings if warning] == ([True] if warning else [])
    assert bool(voice.warnings) is bool(warning)


def test_discovery_decides_for_the_form_where_basic_is_not_offered(netbird: Sandbox, ansible: Ansible) -> None:
    netbird.fault(DISCOVERY.path, merge={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    ansible.task_result(
        "netbird", issuer=f"{netbird.url}/idp", client_id="nb-post-1", client_secret="nb-secret-1", api_url=netbird.url
    )

    assert what_was_sent(netbird)[1].body == {
        "grant_type": "client_credentials",
        "client_id": "nb-post-1",
        "client_secret": "nb-secret-1",
    }


def test_a_given_token_url_beats_discovery(netbird: Sandbox, ansible: Ansible) -> None:
    ansible.task_result(
        "netbird",
        issuer="https://nobody.invalid",
        token_url=f"{netbird.url}/idp/token",
        client_id="nb-client-1",
        client_secret="nb-secret-1",
        api_url=netbird.url,
    )

    assert [sent.path for sent in what_was_sent(netbird)] == ["/idp/token"]


def test_the_scope_is_demanded_by_the_client(netbird: Sandbox, ansible: Ansible) -> None:
    netbird.add_account(IdpClient("scoped", "secret", "idp-user-1", scope="openid profile"))
    result = ansible.task_result(
        "netbird",
        token_url=f"{netbird.url}/idp/token",
        client_id="scoped",
        client_secret="secret",
        scope="openid profile",
        api_url=netbird.url,
    )

    assert result["scope"] == "openid profile"


@pytest.mark.parametrize("issuer", SOURCES)
@pytest.mark.parametrize("token_url", SOURCES)
def test_of_issuer_and_token_url_the_more_specific_counts(
    issuer: str, token_url: str, sandbox: Sandbox, ansible: Ansible, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "api_url": sandbox.url}
    for name, source, path in (("issuer", issuer, "/idp"), ("token_url", token_url, "/idp/token")):
        if source == "argument":
            arguments[name] = sandbox.url + path
        elif source == "variable":
            ansible.variables[f"netbird_auth_{name}"] = sandbox.url + path
        else:
            monkeypatch.setenv(f"NETBIRD_AUTH_{name.upper()}", sandbox.url + path)
    ansible.task_result("netbird", **arguments)

    discovered = f"{DISCOVERY.method} {DISCOVERY.path}" in sandbox.state.counts
    assert discovered is (SOURCES.index(issuer) < SOURCES.index(token_url))
