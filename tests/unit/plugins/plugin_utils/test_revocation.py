# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""``state: absent``: which token is revoked and when, and what is said where a cache keeps it."""

from __future__ import annotations

import typing as t
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from ansible_collections.netapi.auth.plugins.plugin_utils._errors import AuthError, CacheError, ServiceError
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.cache import TokenResult, TokenSpec
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.files import Directory
from ansible_collections.netapi.auth.plugins.plugin_utils._tokens.manager import TokenManager
from ansible_collections.netapi.auth.tests.sandbox.server import Sandbox
from ansible_collections.netapi.auth.tests.unit.harness import PLUGINS, Ansible, Refused
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.grants import (
    Ear,
    Mint,
    call_of,
    clock_at,
    manager_of,
    name_in,
    run_cache,
    spec_of,
    user_directory,
)

DISCOVERY = "/idp/.well-known/openid-configuration"
REVOKE = "/idp/revoke"
FORGOTTEN: dict[str, t.Any] = {
    "changed": False,
    "msg": "The cached token was forgotten; there was nothing to revoke, or no way to.",
}
NOT_REMOVED = "The cached token could not be removed. Correct what the warning about the cache says."


def _given(sandbox: Sandbox) -> dict[str, t.Any]:
    client = {"client_id": "nb-client-1", "client_secret": "nb-secret-1", "issuer": f"{sandbox.url}/idp"}
    return {"api_url": sandbox.url, "retries": 0, **client}


def _absent(sandbox: Sandbox, ansible: Ansible) -> dict[str, t.Any]:
    return ansible.task("netbird", {**_given(sandbox), "state": "absent"})


def _call(sandbox: Sandbox, run: Path, ear: Ear) -> Session:
    return call_of(netbird.PROVIDER, run, ear, **_given(sandbox))


def _revoking(sandbox: Sandbox) -> None:
    sandbox.fault(DISCOVERY, merge={"revocation_endpoint": sandbox.url + REVOKE})
    sandbox.fault(REVOKE, status=200)


def _revoked(sandbox: Sandbox) -> list[str]:
    """The tokens whose revocation was asked for."""
    return [parse_qs(one.body)["token"][0] for one in sandbox.state.requests if one.path == REVOKE]


def _stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    """No cache of files lets an entry go."""

    def drop(_directory: Directory, _name: str) -> None:
        raise CacheError("The disk is full.")

    monkeypatch.setattr(Directory, "drop", drop)


@pytest.mark.parametrize("endpoint", [None, "http://idp.example/revoke", "/revoke"])
def test_an_endpoint_that_cannot_be_used_stops_no_grant_and_is_no_way(
    endpoint: str | None, sandbox: Sandbox, ansible: Ansible
) -> None:
    sandbox.fault(DISCOVERY, merge={"revocation_endpoint": endpoint})

    assert ansible.task("netbird", _given(sandbox))["source"] == "issued"
    assert _absent(sandbox, ansible) == FORGOTTEN


@pytest.mark.parametrize("where", [{"token_query": "id_token"}], ids=str)
def test_an_id_token_is_not_revoked(where: dict[str, str], sandbox: Sandbox, ansible: Ansible) -> None:
    _revoking(sandbox)
    sandbox.fault("/idp/token", merge={"id_token": "an-id-token"})
    given = {**_given(sandbox), **where}

    assert ansible.task("netbird", given)["access_token"] == "an-id-token"
    assert ansible.task("netbird", {**given, "state": "absent"}) == FORGOTTEN
    assert _revoked(sandbox) == []


@pytest.mark.parametrize("check", [False, True])
def test_netography_has_no_way_to(check: bool, sandbox: Sandbox, ansible: Ansible) -> None:
    user = {"username": "neto-user-1", "password": "neto-password-1", "api_url": sandbox.url}
    ansible.task("netography", user)
    asked = len(sandbox.state.requests)
    absent = {**user, "set_facts": False, "state": "absent"}

    would = FORGOTTEN["msg"].replace("was forgotten", "would be forgotten") if check else FORGOTTEN["msg"]
    assert ansible.action(PLUGINS["netography"], absent, check=check) == {"changed": False, "msg": would}
    assert len(sandbox.state.requests) == asked


def test_a_cache_that_keeps_the_token_is_an_error(
    sandbox: Sandbox, run_directory: Path, ear: Ear, ansible: Ansible, monkeypatch: pytest.MonkeyPatch
) -> None:
    _call(sandbox, run_directory, ear).result()
    _stuck(monkeypatch)
    with pytest.raises(Refused) as caught:
        _absent(sandbox, ansible)

    assert str(caught.value) == NOT_REMOVED


def test_the_cache_that_keeps_it_is_warned_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ear: Ear) -> None:
    user = user_directory(tmp_path / "user")
    run = run_cache(tmp_path / "run")
    manager = manager_of(ear, user, run)
    spec = spec_of(Mint())
    manager.token(spec)
    _stuck(monkeypatch)

    with pytest.raises(AuthError, match="could not be removed"), manager.removing(spec):
        pass
    assert "The disk is full." in " ".join(ear.warnings)


def test_what_one_cache_keeps_is_removed_from_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ear: Ear
) -> None:
    user = user_directory(tmp_path / "user")
    run = run_cache(tmp_path / "run")
    spec = spec_of(Mint())
    for cache in (user, run):
        manager_of(ear, cache).token(spec)
    drop = Directory.drop

    def drop_of_run(directory: Directory, name: str) -> None:
        if directory.kind == "user":
            raise CacheError("The disk is full.")
        drop(directory, name)

    monkeypatch.setattr(Directory, "drop", drop_of_run)

    with pytest.raises(AuthError, match="could not be removed"), manager_of(ear, user, run).removing(spec):
        pass
    assert user.get(name_in(user, spec)) is not None
    assert run.get(name_in(run, spec)) is None


@pytest.mark.parametrize("check_mode", [False, True])
def test_a_token_that_has_expired_is_not_revoked(
    check_mode: bool, sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    _revoking(sandbox)
    _call(sandbox, run_directory, ear).result()
    asked = len(sandbox.state.requests)
    clock_at(monkeypatch, 2 * 86400)
    found = _call(sandbox, run_directory, ear).remove(check_mode=check_mode)

    would = FORGOTTEN["msg"].replace("was forgotten", "would be forgotten") if check_mode else FORGOTTEN["msg"]
    assert found == {"changed": False, "msg": would}
    assert len(sandbox.state.requests) == asked


def test_revoked_is_the_token_that_is_there_by_then(
    sandbox: Sandbox, run_directory: Path, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    _revoking(sandbox)
    first = _call(sandbox, run_directory, ear).result()["access_token"]
    cached = TokenManager.cached
    second = []

    def cached_before_another(manager: TokenManager, spec: TokenSpec) -> TokenResult | None:
        found = cached(manager, spec)
        second.append(manager.token(spec, refresh=True).token.text)
        return found

    monkeypatch.setattr(TokenManager, "cached", cached_before_another)
    found = _call(sandbox, run_directory, ear).remove(check_mode=False)

    assert found == {"changed": True, "msg": "The cached token was forgotten and revoked."}
    assert second != [first]
    assert _revoked(sandbox) == second


def test_meanwhile_nobody_else_gets_the_lock(tmp_path: Path, ear: Ear) -> None:
    cache = run_cache(tmp_path / "run")
    spec = spec_of(Mint())
    manager_of(ear, cache).token(spec)
    name = name_in(cache, spec)
    with manager_of(ear, cache).removing(spec), cache.lock(name, 0) as held:
        assert (held, cache.get(name) is not None) == (False, True)
    assert cache.get(name) is None


def test_where_revoking_fails_the_lock_is_let_go(tmp_path: Path, ear: Ear) -> None:
    cache = run_cache(tmp_path / "run")
    spec = spec_of(Mint())
    manager_of(ear, cache).token(spec)

    with pytest.raises(ServiceError, match="is down"), manager_of(ear, cache).removing(spec):
        raise ServiceError("The service is down.", 503)
    name = name_in(cache, spec)
    with cache.lock(name, 0) as held:
        assert (held, cache.get(name)) == (True, None)
