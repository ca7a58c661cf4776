# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re

import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import NetBirdBearer, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.accounts import checksum

from .helpers import TIMEOUT, bearer, get, post_form, post_json

USER = make_pat("sandboxuser1")
SERVICE = make_pat("sandboxservice1")
PATHS = ["/api/users/current", "/api/users", "/api/peers", "/api/groups"]


def pat(token: str) -> dict[str, str]:
    return {"Authorization": f"Token {token}"}


@pytest.mark.parametrize(
    "token",
    [
        "nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp",
        "nbp_9999EUDNdkeusjentDLSJEn1902u84390W6W",
        "nbp_z1pvsg2wP3EzmEou4S679KyTNhov632eyrXe",
    ],
)
def test_the_checksum_is_the_services(token: str) -> None:
    assert checksum(token[4:34]) == token[34:]


@pytest.mark.parametrize("path", PATHS)
def test_a_user_reads_all(sandbox: Sandbox, path: str) -> None:
    assert get(sandbox, path, pat(USER)).status_code == 200


def test_who_a_user_is(sandbox: Sandbox) -> None:
    current = get(sandbox, "/api/users/current", pat(USER)).json()
    assert (current["id"], current["is_current"], current["is_service_user"]) == ("user-1", True, False)


def test_a_service_user_is_in_the_list_only(sandbox: Sandbox) -> None:
    answer = get(sandbox, "/api/users/current", pat(SERVICE))
    assert (answer.status_code, answer.json()) == (403, {"message": "permission denied", "code": 403})
    users = get(sandbox, "/api/users", pat(SERVICE)).json()
    assert [user["id"] for user in users if user["is_current"]] == ["service-1"]
    assert get(sandbox, "/api/peers", pat(SERVICE)).status_code == 200


@pytest.mark.parametrize(
    ("header", "status", "message"),
    [
        (f"Token {make_pat('sandboxexpired')}", 401, "token invalid"),
        (f"Token {make_pat('sandboxlimited')}", 429, "too many requests"),
        (f"Token {USER[:-1]}x", 401, "token invalid"),
        ("Token nbp_short", 401, "token invalid"),
        (f"Bearer {USER}", 401, "token invalid"),
        (f"Token  {USER}", 401, "token invalid"),
        (f"token {USER}", 401, "token invalid"),
        ("Token eyJhbGciOiJIUzI1NiJ9.e30.x", 401, "token invalid"),
        ("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", 401, "token invalid"),
        (None, 401, "no valid authentication provided"),
    ],
)
def test_refusals(sandbox: Sandbox, header: str | None, status: int, message: str) -> None:
    for path in PATHS:
        answer = get(sandbox, path, {"Authorization": header} if header else None)
        assert (answer.status_code, answer.json()) == (status, {"message": message, "code": status})
        assert "Retry-After" not in answer.headers


@pytest.mark.parametrize("label", ["sandboxdeleted", "neverexisted"])
def test_a_token_that_is_not_known(sandbox: Sandbox, label: str) -> None:
    for path in PATHS:
        answer = get(sandbox, path, pat(make_pat(label)))
        assert answer.status_code == 404
        assert re.fullmatch("invalid token: pat: [A-Za-z0-9+/]{43}= not found", answer.json()["message"])


@pytest.mark.parametrize(
    ("condition", "words"), [("blocked", "user is blocked"), ("pending", "user is pending approval")]
)
def test_a_user_who_may_not_yet_or_no_more(sandbox: Sandbox, condition: str, words: str) -> None:
    header = pat(make_pat(f"sandbox{condition}"))
    for path in PATHS[1:]:
        answer = get(sandbox, path, header)
        assert (answer.status_code, answer.json()["message"]) == (403, f"failed to validate user permissions: {words}")
    assert get(sandbox, PATHS[0], header).json()["message"] == "user is blocked"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/users/current/"),
        ("GET", "/api/peers/"),
        ("GET", "/users"),
        ("GET", "/users/current"),
        ("HEAD", "/api/peers"),
        ("DELETE", "/api/groups"),
        ("PUT", "/api/users/current"),
    ],
)
@pytest.mark.parametrize("header", [pat(USER), {}, {"Authorization": "Token nonsense"}], ids=["good", "none", "bad"])
def test_what_it_does_not_have_is_plain_text(sandbox: Sandbox, method: str, path: str, header: dict[str, str]) -> None:
    answer = requests.request(method, sandbox.url + path, headers=header, timeout=TIMEOUT)
    assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, "text/plain")


@pytest.mark.parametrize(("asked", "kinds"), [("true", {True}), ("false", {False})])
def test_users_and_service_users(sandbox: Sandbox, asked: str, kinds: set[bool]) -> None:
    users = get(sandbox, f"/api/users?service_user={asked}", pat(SERVICE)).json()
    assert {user["is_service_user"] for user in users} == kinds
    assert get(sandbox, "/api/users?service_user=maybe", pat(SERVICE)).status_code == 400


def test_a_person_without_a_role_sees_itself_alone(sandbox: Sandbox) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    assert [user["id"] for user in get(sandbox, "/api/users", bearer("from.elsewhere.x")).json()] == ["someone"]


def test_who_may_mint(sandbox: Sandbox) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    place = f"{sandbox.url}/api/users/service-1/tokens"
    body = {"name": "automation", "expires_in": 30}
    refused = requests.post(place, json=body, headers=bearer("from.elsewhere.x"), timeout=TIMEOUT)
    assert (refused.status_code, refused.json()["message"].endswith("permission denied")) == (403, True)
    assert post(sandbox, "/api/users/user-2/tokens", body).json()["message"] == "admin role required"
    assert post(sandbox, "/api/users/user-1/tokens", body).status_code == 200
    for days in ("30", 1.5, True):
        assert post(sandbox, "/api/users/service-1/tokens", {**body, "expires_in": days}).status_code == 400


def test_a_registered_bearer_token(sandbox: Sandbox) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    assert get(sandbox, "/api/users/current", bearer("from.elsewhere.x")).json()["id"] == "someone"
    users = get(sandbox, "/api/users", bearer("from.elsewhere.x")).json()
    assert [user["id"] for user in users if user["is_current"]] == ["someone"]
    assert get(sandbox, "/api/peers", pat("from.elsewhere.x")).status_code == 401


@pytest.mark.parametrize(
    ("client", "good", "bad"),
    [("nb-client-1", "access_token", "id_token"), ("nb-id-1", "id_token", "access_token")],
)
def test_the_accounts_token_field_decides(sandbox: Sandbox, client: str, good: str, bad: str) -> None:
    fields = {"grant_type": "client_credentials"}
    if client == "nb-id-1":
        fields["scope"] = "openid netbird"
    answer = post_form(sandbox, "/idp/token", fields, (client, "nb-secret-1")).json()
    assert get(sandbox, "/api/users/current", bearer(answer[good])).json()["id"] == "idp-user-1"
    assert get(sandbox, "/api/users/current", bearer(answer[bad])).status_code == 401
    assert get(sandbox, "/api/users/current", pat(answer[good])).status_code == 401


def test_a_minted_token_is_its_users(sandbox: Sandbox) -> None:
    body = {"name": "automation", "expires_in": 30}
    answer = post(sandbox, "/api/users/service-1/tokens", body)
    assert (answer.status_code, answer.json()["personal_access_token"]["name"]) == (200, "automation")
    users = get(sandbox, "/api/users", pat(answer.json()["plain_token"])).json()
    assert [user["id"] for user in users if user["is_current"]] == ["service-1"]
    assert get(sandbox, "/api/peers", pat(SERVICE)).status_code == 200
    assert post(sandbox, "/api/users/nobody/tokens", body).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, [], {"name": "", "expires_in": 1}, {"name": "x"}, *({"name": "x", "expires_in": n} for n in (0, 366))]
)
def test_no_token_without_a_name_and_a_life(sandbox: Sandbox, body: object) -> None:
    assert post(sandbox, "/api/users/service-1/tokens", body).status_code == 422


def test_a_group_is_made_with_a_name(sandbox: Sandbox) -> None:
    made = post(sandbox, "/api/groups", {"name": "automation"}).json()
    assert made["name"] == "automation"
    assert get(sandbox, f"/api/groups/{made['id']}", pat(USER)).json() == made
    assert get(sandbox, "/api/groups/nothing", pat(USER)).status_code == 404
    assert post(sandbox, "/api/groups", {}).status_code == 422
    assert post_json(sandbox, "/api/groups", {"name": "automation"}).status_code == 401


def post(sandbox: Sandbox, path: str, body: object) -> requests.Response:
    return requests.post(sandbox.url + path, json=body, headers=pat(USER), timeout=TIMEOUT)
