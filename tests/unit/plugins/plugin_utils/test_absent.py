# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Letting go of tokens: ``refresh``, a token that was refused, ``state: absent``; and what is said of them."""

from __future__ import annotations

import typing as t
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from ansible.utils.display import Display

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    SECRET,
    Ear,
    Mint,
    call_of,
    manager_of,
    spec_of,
)

TOKEN = "POST /idp/token"
REVOKE = "POST /idp/revoke"
DISCOVERY = "/idp/.well-known/openid-configuration"
NOTHING = {"changed": False, "msg": "There is no cached token of this credential."}


@pytest.fixture
def caches(user: Directory, run: Directory) -> tuple[Directory, Directory]:
    return (user, run)


@pytest.fixture
def manager(ear: Ear, caches: tuple[Directory, Directory]) -> TokenManager:
    return manager_of(ear, *caches)


def test_discard_drops_the_token_that_was_refused(manager: TokenManager, mint: Mint) -> None:
    refused = manager.token(spec_of(mint)).token.text
    manager.invalidate(spec_of(mint), refused)

    assert [manager.token(spec_of(mint)).token.text for _time in range(2)] == ["the-token-2"] * 2


def test_discard_leaves_a_token_that_another_has_got_meanwhile(manager: TokenManager, mint: Mint) -> None:
    refused = manager.token(spec_of(mint)).token.text
    manager.invalidate(spec_of(mint), refused)
    manager.token(spec_of(mint))
    manager.invalidate(spec_of(mint), refused)

    assert manager.token(spec_of(mint)).source == "cache"
    assert len(mint.asked) == 2


def test_discard_keeps_the_refresh_token(manager: TokenManager, mint: Mint) -> None:
    mint.refresh = 86400
    manager.invalidate(spec_of(mint), manager.token(spec_of(mint)).token.text)
    manager.token(spec_of(mint))

    assert mint.asked == ["permanent", "the-refresh-token-1"]


def test_a_discarded_token_is_not_handed_out_when_the_next_grant_fails(manager: TokenManager, mint: Mint) -> None:
    manager.invalidate(spec_of(mint), manager.token(spec_of(mint)).token.text)
    mint.fault = ServiceError("The service is down.", 503)

    with pytest.raises(ServiceError, match="is down"):
        manager.token(spec_of(mint))


def test_discard_of_nothing_does_nothing(manager: TokenManager, mint: Mint, ear: Ear) -> None:
    manager.invalidate(spec_of(mint), "a-token")

    assert (mint.asked, ear.all) == ([], [])


def test_refresh_asks_once_and_replaces(manager: TokenManager, mint: Mint) -> None:
    manager.token(spec_of(mint))
    asked = manager.token(spec_of(mint), refresh=True)

    assert (asked.source, asked.token.text) == ("issued", "the-token-2")
    assert manager.token(spec_of(mint)).token.text == "the-token-2"


def test_refresh_uses_the_refresh_token(manager: TokenManager, mint: Mint) -> None:
    mint.refresh = 86400
    for refresh in (False, True):
        manager.token(spec_of(mint), refresh=refresh)

    assert mint.asked == ["permanent", "the-refresh-token-1"]


def test_forget_forgets_all_of_it_everywhere(
    manager: TokenManager, mint: Mint, caches: tuple[Directory, Directory], ear: Ear
) -> None:
    mint.refresh = 86400
    for each in (*caches, None):
        (manager if each is None else manager_of(ear, each)).token(spec_of(mint))
    with manager.removing(spec_of(mint)) as living:
        pass
    manager.token(spec_of(mint))

    assert living is not None
    assert living.text == "the-token-2"
    assert mint.asked == ["permanent"] * 3


def _given(sandbox: Sandbox) -> dict[str, t.Any]:
    client = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "issuer": f"{sandbox.url}/idp"}
    return {"api_url": sandbox.url, "retries": 0, **client}


def _revoking(sandbox: Sandbox, **fault: t.Any) -> None:
    """Let discovery name an endpoint that revokes, and that answer as the fault says."""
    sandbox.fault(DISCOVERY, merge={"revocation_endpoint": f"{sandbox.url}/idp/revoke"})
    sandbox.fault("/idp/revoke", **{"status": 200, **fault})


def test_absent_forgets_and_is_not_changed_where_nobody_revokes(sandbox: Sandbox, ansible: Ansible) -> None:
    ansible.task("netbird", _given(sandbox))
    result = ansible.task("netbird", {**_given(sandbox), "state": "absent"})

    assert result == {
        "changed": False,
        "msg": "The cached token was forgotten; there was nothing to revoke, or no way to.",
    }
    assert ansible.task("netbird", _given(sandbox))["source"] == "issued"


@pytest.mark.parametrize("provider", ["netbird", "netfoundry"])
def test_absent_without_a_cached_token_does_and_asks_nothing(provider: str, sandbox: Sandbox, ansible: Ansible) -> None:
    given = _given(sandbox) if provider == "netbird" else {"client_id": "nf-client-1", "client_secret": "nf-secret-1"}

    assert ansible.task(provider, {**given, "state": "absent"}) == NOTHING
    assert sandbox.state.counts == {}


def test_absent_of_a_given_token_says_that_none_is_cached(ansible: Ansible) -> None:
    assert ansible.task("netbird", {"token": "a.given.token", "state": "absent"}) == NOTHING


def test_absent_without_a_cache_says_that_none_is_cached(sandbox: Sandbox, ansible: Ansible) -> None:
    given = {**_given(sandbox), "cache": "none"}
    ansible.task("netbird", given)

    assert ansible.task("netbird", {**given, "state": "absent"}) == NOTHING


def test_absent_revokes_where_discovery_names_a_way(sandbox: Sandbox, ansible: Ansible) -> None:
    _revoking(sandbox)
    token = ansible.task("netbird", _given(sandbox))["access_token"]
    result = ansible.task("netbird", {**_given(sandbox), "state": "absent"})
    asked = [one for one in sandbox.state.requests if one.path == "/idp/revoke"]

    assert result == {"changed": True, "msg": "The cached token was forgotten and revoked."}
    assert [parse_qs(one.body)["token"] for one in asked] == [[token]]
    assert ansible.task("netbird", {**_given(sandbox), "state": "absent"}) == NOTHING


def _call(sandbox: Sandbox, run: Path, ear: Ear) -> Session:
    return call_of(netbird.PROVIDER, run, ear, **_given(sandbox))


def test_in_check_mode_it_says_what_it_would_do_and_does_nothing(
    sandbox: Sandbox, run_directory: Path, ear: Ear
) -> None:
    _revoking(sandbox)
    _call(sandbox, run_directory, ear).result()
    found = _call(sandbox, run_directory, ear).remove(check_mode=True)

    assert found == {"changed": True, "msg": "The cached token would be forgotten and revoked."}
    assert REVOKE not in sandbox.state.counts
    assert _call(sandbox, run_directory, ear).result()["source"] == "cache"


@pytest.mark.parametrize("path", ["/idp/revoke", DISCOVERY])
def test_where_revoking_fails_the_token_is_forgotten_all_the_same(
    path: str, sandbox: Sandbox, ansible: Ansible
) -> None:
    token = ansible.task("netbird", _given(sandbox))["access_token"]
    if path == DISCOVERY:
        sandbox.fault(DISCOVERY, times=1, status=503)
    else:
        _revoking(sandbox, status=503)
    with pytest.raises(Refused, match="503") as caught:
        ansible.task("netbird", {**_given(sandbox), "state": "absent"})

    assert token not in str(caught.value)
    assert ansible.task("netbird", _given(sandbox))["source"] == "issued"


def test_what_is_said(sandbox: Sandbox, run_directory: Path, ear: Ear) -> None:
    _revoking(sandbox)
    results = [_call(sandbox, run_directory, ear).result() for _time in range(2)]
    _call(sandbox, run_directory, ear).remove(check_mode=False)
    left = results[0]["expires_in"]
    host = sandbox.url.removeprefix("http://")

    assert ear.remarks == [
        f"NetBird client_credentials: token issued by {host}, {left} seconds left.",
        f"NetBird client_credentials: token revoked at {host}.",
    ]
    assert ear.details == [
        f"NetBird client_credentials: token of {host} from the cache, {results[1]['expires_in']} seconds left."
    ]
    assert ear.warnings == []
    assert not any(word in said for said in ear.all for word in ("nb-secret-1", results[0]["access_token"]))


def test_an_unknown_life_is_said_to_be_unknown(manager: TokenManager, ear: Ear) -> None:
    manager.token(spec_of(Mint(life=None, refresh=86400)))
    manager.token(spec_of(Mint(life=None)), refresh=True)

    assert ear.remarks == [
        "Service method: token issued by login.example.com, its life is unknown.",
        "Service method: token renewed by login.example.com, its life is unknown.",
    ]
    assert not any(word in said for said in ear.all for word in (SECRET, "the-token", "the-refresh-token"))


def test_it_goes_to_the_screen_of_the_core(
    sandbox: Sandbox, ansible: Ansible, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for verbosity, said in ((0, ""), (1, "token issued"), (3, "from the cache")):
        monkeypatch.setattr(Display(), "verbosity", verbosity)
        ansible.task("netbird", {**_given(sandbox), "refresh": verbosity == 1})
        shown = capsys.readouterr().out
        assert said in shown
        assert bool(shown) is bool(said)
