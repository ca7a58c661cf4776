# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later


"""NetBird on the wire: every flow, by task and by lookup."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird as _netbird
from ansible_collections.netapi.auth.tests.sandbox import IdpClient
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.conftest import Internet
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.flows import (
    RecordedDisplay,
    called,
    what_was_sent,
)
from ansible_collections.netapi.auth.tests.unit.plugins.providers.netbird import (
    DISCOVERY,
    ODD_CLIENT,
    PAT,
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
    said = "its checksum is wrong" if len(INVALID[flaw]) == 40 and flaw != "another prefix" else "the form of"
    assert said in _netbird.pat_problem(INVALID[flaw])
    assert ("its checksum is wrong" in _netbird.pat_problem(INVALID[flaw])) is (said == "its checksum is wrong")


def test_a_short_checksum_is_padded_with_zeros() -> None:
    assert _netbird.pat_problem("nbp_Zeros770xxxxxxxxxxxxxxxxxxxxxx00GgBT") == ""


@pytest.mark.parametrize(
    ("option", "value", "scheme", "warning"),
    [
        ("pat", VALID[0], "Token", None),
        ("pat", INVALID["a placeholder"], "Token", "form"),
        ("pat", "a.bearer.token", "Bearer", "Use token for it"),
        ("token", "a.bearer.token", "Bearer", None),
        ("token", VALID[0], "Token", "Use pat for it"),
    ],
)
def test_the_scheme_follows_the_value(
    option: str, value: str, scheme: str, warning: str | None, run_directory: Path, display: RecordedDisplay
) -> None:
    result = called(_netbird.PROVIDER, run_directory, display, **{option: value}).result()

    assert result["headers"] == {"Authorization": f"{scheme} {value}"}
    assert [warning in said for said in display.warnings if warning] == ([True] if warning else [])
    assert bool(display.warnings) is bool(warning)


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


NO_CREDENTIALS = {
    "A1B2C3D4-E5F6-4711-8899-AABBCCDDEEFF": "is a setup key, which registers peers, and no credential of the API.",
    f"nbx_{VALID[0][4:]}": "is the token of a NetBird proxy and no credential of the API.",
    f"nbi_{VALID[0][4:]}": "is an invitation and no credential of the API.",
}


@pytest.mark.parametrize("option", ["pat", "token"])
@pytest.mark.parametrize("value", NO_CREDENTIALS)
def test_what_is_no_credential_is_called_what_it_is(
    value: str, option: str, sandbox: Sandbox, ansible: Ansible, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = {"pat": "NB_PAT", "token": "NETBIRD_AUTH_TOKEN"}[option]
    with pytest.raises(Refused) as by_argument:
        ansible.task_result("netbird", api_url=sandbox.url, whoami=True, **{option: value})
    monkeypatch.setenv(variable, value)
    with pytest.raises(Refused) as by_environment:
        ansible.lookup_result("netbird", api_url=sandbox.url, whoami=True)

    sentences = [str(refused.value) for refused in (by_argument, by_environment)]
    assert [NO_CREDENTIALS[value] in sentence for sentence in sentences] == [True, True]
    assert [value in sentence for sentence in sentences] == [False, False]
    assert sentences[0].startswith(f"{option}, from ")
    assert variable in sentences[1]
    assert sandbox.state.requests == []


@pytest.mark.parametrize("value", ["a1b2c3d4-e5f6-4711-8899-aabbccddeeff", "A1B2C3D4-E5F6-4711-8899-AABBCCDDEEFF-1"])
def test_what_only_resembles_a_setup_key_is_sent(value: str, run_directory: Path, display: RecordedDisplay) -> None:
    result = called(_netbird.PROVIDER, run_directory, display, token=value).result()

    assert result["access_token"] == value


@pytest.mark.parametrize("endpoint", ["issuer", "token_url"])
def test_a_refresh_that_is_never_answered_may_have_stopped_the_provider(
    endpoint: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    place = {"issuer": f"{sandbox.url}/idp", "token_url": f"{sandbox.url}/idp/token"}[endpoint]
    client = {"client_id": "nb-client-1", "refresh_token": "nb-refresh-client-1", endpoint: place}
    sandbox.fault("/idp/token", delay=2)
    with pytest.raises(Refused) as refused:
        ansible.task_result("netbird", api_url=sandbox.url, timeout=1, retries=0, cache="run", **client)

    assert "did not answer within 1 seconds" in str(refused.value)
    assert "stops at a refresh where it keeps its data in SQLite" in str(refused.value)
    assert "use the personal access token of a service user (pat)" in str(refused.value)


@pytest.mark.parametrize(("status", "is_told"), [(504, True), (503, False), (400, False)])
def test_so_may_one_that_a_reverse_proxy_gives_up(
    status: int, is_told: bool, sandbox: Sandbox, ansible: Ansible
) -> None:
    client = {"client_id": "nb-client-1", "refresh_token": "nb-refresh-client-1", "issuer": f"{sandbox.url}/idp"}
    sandbox.fault("/idp/token", status=status)
    with pytest.raises(Refused) as refused:
        ansible.task_result("netbird", api_url=sandbox.url, retries=0, cache="run", **client)

    assert ("SQLite" in str(refused.value)) is is_told


def test_a_client_credentials_grant_that_is_never_answered_says_nothing_of_it(
    sandbox: Sandbox, ansible: Ansible
) -> None:
    client = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "token_url": f"{sandbox.url}/idp/token"}
    sandbox.fault("/idp/token", delay=2)
    with pytest.raises(Refused) as refused:
        ansible.task_result("netbird", api_url=sandbox.url, timeout=1, retries=0, **client)

    assert "SQLite" not in str(refused.value)
