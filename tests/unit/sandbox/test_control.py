# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox

from .helpers import AUTH0, TIMEOUT, bearer, changed, get, post_json

ADDED = {"kind": "netfoundry_client", "client_id": "näme", "client_secret": "s ecret"}


def test_state_tells_what_was_asked(sandbox: Sandbox) -> None:
    post_json(sandbox, "/oauth/token", AUTH0)
    get(sandbox, "/frontdoor/f1/shares?page=0&size=20", {"X-Mark": "Yes"})
    state = get(sandbox, "/_sandbox/state").json()
    assert state["counts"] == {"POST /oauth/token": 1, "GET /frontdoor/f1/shares": 1}
    assert state["grants"] == {"netfoundry": 1, "netography": 0, "netbird": 0, "oauth2": 0}
    first, second = state["requests"]
    assert (first["method"], first["path"], first["query"]) == ("POST", "/oauth/token", {})
    assert '"client_id"' in first["body"]
    assert first["headers"]["content-type"] == "application/json"
    assert second["query"] == {"page": "0", "size": "20"}
    assert second["headers"]["x-mark"] == "Yes"
    assert sandbox.state.requests[1].headers["x-mark"] == "Yes"


def test_reset_forgets_all_but_tokens(sandbox: Sandbox) -> None:
    token = post_json(sandbox, "/oauth/token", AUTH0).json()["access_token"]
    post_json(sandbox, "/_sandbox/accounts", ADDED)
    sandbox.fault("/core/v2/networks", status=500)
    assert requests.post(f"{sandbox.url}/_sandbox/reset", timeout=TIMEOUT).status_code == 204
    assert get(sandbox, "/_sandbox/state").json()["requests"] == []
    assert sandbox.state.grants["netfoundry"] == 0
    assert sandbox.state.accounts.find(NetFoundryClient, "näme") is None
    assert get(sandbox, "/core/v2/networks", bearer(token)).status_code == 200


def test_accounts_can_be_added(sandbox: Sandbox) -> None:
    assert post_json(sandbox, "/_sandbox/accounts", ADDED).status_code == 204
    fields = changed(AUTH0, client_id="näme", client_secret="s ecret")
    assert post_json(sandbox, "/oauth/token", fields).status_code == 200
    key = {"appkey": "k", "appname": "n", "sharedsecret": "s", "shortname": "a", "sub_accounts": ["b", "c"]}
    assert post_json(sandbox, "/_sandbox/accounts", {"kind": "netography_key", **key}).status_code == 204


@pytest.mark.parametrize(
    "change", [{"kind": "other"}, {"kind": None}, {"client_id": None}, {"client_id": 1}, {"more": "x"}]
)
def test_wrong_accounts_are_refused(sandbox: Sandbox, change: dict[str, Any]) -> None:
    assert post_json(sandbox, "/_sandbox/accounts", changed(ADDED, **change)).status_code == 400


@pytest.mark.parametrize("method", ["get", "put"])
def test_unknown_addresses(sandbox: Sandbox, method: str) -> None:
    status = requests.request(method, f"{sandbox.url}/nowhere", timeout=TIMEOUT).status_code
    assert status == 404
    assert sandbox.state.counts == {f"{method.upper()} /nowhere": 1}
