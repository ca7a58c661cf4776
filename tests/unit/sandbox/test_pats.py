# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox lists, takes and removes personal access tokens as NetBird does."""

from __future__ import annotations

import time

import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import NetBirdPat, NetBirdUser, Sandbox, make_pat

from .test_grants import TIMEOUT

ADMIN = make_pat("sandboxservice1")
TOKENS = "/api/users/service-2/tokens"


def call(sandbox: Sandbox, method: str, path: str, pat: str = ADMIN) -> requests.Response:
    headers = {"Authorization": f"Token {pat}"}
    return requests.request(method, sandbox.url + path, headers=headers, timeout=TIMEOUT)


def has(sandbox: Sandbox, id: str, left: float, user: str = "service-2") -> str:
    pat = make_pat(id)
    now = time.time()
    sandbox.add_account(NetBirdUser(pat, user, is_service_user=True))
    sandbox.add_account(NetBirdPat(id, user, "name", pat, now - 10.5, now + left))
    return pat


def test_a_listing_has_no_order_and_no_last_use_of_what_was_never_used(sandbox: Sandbox) -> None:
    used = has(sandbox, "used", 100)
    for number in range(4):
        has(sandbox, f"other{number}", 100)
    assert call(sandbox, "GET", "/api/peers", used).status_code == 200
    orders = set()
    for _dummy in range(20):
        listed = call(sandbox, "GET", TOKENS).json()
        orders.add(tuple(one["id"] for one in listed))
        assert [one["id"] for one in listed if "last_used" in one] == ["used"]
        assert all(one["created_at"].endswith("Z") and not one["created_at"].endswith("0Z") for one in listed)
    assert len(orders) > 1


def test_both_wordings_of_a_token_that_is_gone(sandbox: Sandbox) -> None:
    own = has(sandbox, "own", 100, "service-1")
    path = "/api/users/service-1/tokens/own"
    assert call(sandbox, "DELETE", path, own).status_code == 200
    assert call(sandbox, "DELETE", path).json()["message"] == "pat: own not found"
    assert call(sandbox, "DELETE", path, own).json()["message"].startswith("invalid token: pat: ")
    # The user stays.
    assert "service-1" in {one["id"] for one in call(sandbox, "GET", "/api/users").json()}


def test_an_expired_token_is_listed_and_not_taken(sandbox: Sandbox) -> None:
    pat = has(sandbox, "old", -1)
    assert call(sandbox, "GET", "/api/peers", pat).status_code == 401
    assert "old" in {one["id"] for one in call(sandbox, "GET", TOKENS).json()}


@pytest.mark.parametrize(
    ("role", "lists", "mints"), [("user", 200, 403), ("auditor", 200, 403), ("network_admin", 200, 200)]
)
def test_what_a_service_user_of_a_role_may_do_with_its_own(sandbox: Sandbox, role: str, lists: int, mints: int) -> None:
    pat = make_pat("roleuser")
    sandbox.add_account(NetBirdUser(pat, "role-user", is_service_user=True, role=role))
    path = f"{sandbox.url}/api/users/role-user/tokens"
    headers = {"Authorization": f"Token {pat}"}
    body = {"name": "x", "expires_in": 1}
    assert requests.get(path, headers=headers, timeout=TIMEOUT).status_code == lists
    assert requests.post(path, json=body, headers=headers, timeout=TIMEOUT).status_code == mints
    assert call(sandbox, "GET", TOKENS, pat).status_code == 403
