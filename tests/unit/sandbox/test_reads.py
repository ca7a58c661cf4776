# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the services refuse to whoever asks their APIs."""

from __future__ import annotations

import base64
import re

import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import NetBirdBearer, Sandbox, make_pat
from ansible_collections.netapi.auth.tests.sandbox.services.netbird import checksum

from .test_grants import TIMEOUT, send

NETWORKS = "/core/v2/networks"
SHARES = "/frontdoor/f1/shares"
SELF = "/identity/v1/identities/self"
ACCOUNT = "nf-account-1:nf-account-token-1"
RAPIDAPI = {"x-rapidapi-key": "nf-rapidapi-key-1", "x-rapidapi-host": "netfoundryapi.p.rapidapi.com"}
USER = make_pat("sandboxuser1")
SERVICE = make_pat("sandboxservice1")
CURRENT = "/api/users/current"
NETBIRD = ("/api/users", "/api/peers", "/api/groups")
TOKENS = "/api/users/service-1/tokens"
PERMISSIONS = "failed to validate user permissions: "
MINT = {"name": "automation", "expires_in": 30}
ELSEWHERE = "Bearer from.elsewhere.x"


def get(sandbox: Sandbox, path: str, header: str | None, **headers: str) -> requests.Response:
    sent = {**headers, **({"Authorization": header} if header else {})}
    return requests.get(sandbox.url + path, headers=sent, timeout=TIMEOUT)


def post(sandbox: Sandbox, path: str, body: object, header: str = f"Token {USER}") -> requests.Response:
    return requests.post(sandbox.url + path, json=body, headers={"Authorization": header}, timeout=TIMEOUT)


@pytest.mark.parametrize(
    ("header", "path", "status"),
    [
        ("Bearer {auth0}", NETWORKS, 200),
        ("Bearer {auth0}", SELF, 200),
        ("Bearer {auth0}", "/identity/v1/user-identities/self", 404),
        ("Bearer {auth0}", SHARES, 403),
        ("Bearer {frontdoor}", SHARES, 200),
        ("Bearer {frontdoor}", SELF, 200),
        ("Bearer {frontdoor}", NETWORKS, 403),
        ("Bearer {netography}", NETWORKS, 401),
        ("Bearer wrong", NETWORKS, 401),
        ("bearer {auth0}", NETWORKS, 401),
        ("Bearer  {auth0}", NETWORKS, 401),
        (None, NETWORKS, 401),
        (f"Basic {ACCOUNT}", SHARES, 200),
        (f"Basic {base64.b64encode(ACCOUNT.encode()).decode()}", SHARES, 200),
        (f"Basic {ACCOUNT}", "/identity/v1/api-account-identities/self", 200),
        (f"Basic {ACCOUNT}", SELF, 404),
        (f"Basic {ACCOUNT}", NETWORKS, 403),
        ("Basic nf-account-1:wrong", SHARES, 401),
        ("Basic %%%", SHARES, 401),
        ("Bearer {netography}", "/api/v1/mitre/tactics", 200),
        ("Bearer {auth0}", "/api/v1/mitre/tactics", 401),
        (None, "/api/v1/mitre/tactics", 401),
        ("Bearer {idp form}", CURRENT, 200),
        ("Bearer {idp scope}", CURRENT, 401),
        ("Token {idp form}", CURRENT, 401),
    ],
)
def test_a_token_opens_what_it_is_for(sandbox: Sandbox, header: str | None, path: str, status: int) -> None:
    tokens = {name: send(sandbox, name).json()["access_token"] for name in re.findall(r"\{(.*)\}", header or "")}
    answer = get(sandbox, path, header and header.format(**tokens))
    assert answer.status_code == status
    assert path != NETWORKS or answer.json().get("error") == {401: "Unauthorized", 403: "Forbidden"}.get(status)


@pytest.mark.parametrize("path", [NETWORKS, SHARES, SELF])
def test_rapidapi(sandbox: Sandbox, path: str) -> None:
    changes = {401: {"x-rapidapi-key": "wrong"}, 403: {"x-rapidapi-host": "x"}, 400: {"Authorization": "Bearer x"}}
    for status, change in {200: {}, **changes}.items():
        assert get(sandbox, path, None, **{**RAPIDAPI, **change}).status_code == status


def test_an_expired_token_opens_nothing(sandbox: Sandbox) -> None:
    sandbox.fault("/oauth/token", life=0)
    token = send(sandbox, "auth0").json()["access_token"]
    assert get(sandbox, NETWORKS, f"Bearer {token}").status_code == 401


def test_the_id_token_is_the_one_that_netbird_takes_of_some(sandbox: Sandbox) -> None:
    of_each = {name: send(sandbox, name).json()["id_token"] for name in ("idp form", "idp scope")}
    answers = {name: get(sandbox, CURRENT, f"Bearer {token}").status_code for name, token in of_each.items()}
    assert answers == {"idp form": 401, "idp scope": 200}


def test_the_checksum_is_the_services() -> None:
    for pat in ("nbp_apTmlmUXHSC4PKmHwtIZNaGr8eqcVI2gMURp", "nbp_z1pvsg2wP3EzmEou4S679KyTNhov632eyrXe"):
        assert checksum(pat[4:34]) == pat[34:]


@pytest.mark.parametrize(
    ("header", "status", "words", "words_on_current"),
    [
        (f"Token {USER}", 200, None, None),
        (f"Token {SERVICE}", 200, None, "permission denied"),
        (f"Token {make_pat('sandboxexpired')}", 401, "token invalid", None),
        (f"Token {make_pat('sandboxlimited')}", 429, "too many requests", None),
        (f"Token {make_pat('sandboxblocked')}", 403, f"{PERMISSIONS}user is blocked", "user is blocked"),
        (f"Token {make_pat('sandboxpending')}", 403, f"{PERMISSIONS}user is pending approval", "user is blocked"),
        (f"Token {make_pat('sandboxdeleted')}", 404, r"invalid token: pat: [A-Za-z0-9+/]{43}= not found", None),
        (f"Token {make_pat('neverexisted')}", 404, r"invalid token: pat: [A-Za-z0-9+/]{43}= not found", None),
        (f"Token {USER[:-1]}x", 401, "token invalid", None),
        ("Token nbp_short", 401, "token invalid", None),
        (f"Bearer {USER}", 401, "token invalid", None),
        (f"Token  {USER}", 401, "token invalid", None),
        (f"token {USER}", 401, "token invalid", None),
        ("Token from.elsewhere.x", 401, "token invalid", None),
        (ELSEWHERE, 200, None, None),
        (None, 401, "no valid authentication provided", None),
    ],
)
def test_netbird(
    sandbox: Sandbox, header: str | None, status: int, words: str | None, words_on_current: str | None
) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    for path in (*NETBIRD, CURRENT):
        answer = get(sandbox, path, header)
        expected = words_on_current or words if path == CURRENT else words
        code = 403 if path == CURRENT and words_on_current else status
        assert answer.status_code == code
        assert "Retry-After" not in answer.headers
        if expected:
            body = answer.json()
            assert (body.keys(), body["code"]) == ({"message", "code"}, code)
            assert re.fullmatch(expected, body["message"])


@pytest.mark.parametrize("path", ["/api/users/current/", "/api/peers/", "/users", "/users/current"])
@pytest.mark.parametrize("header", [f"Token {USER}", "Token nonsense", ""])
def test_what_netbird_does_not_have_is_plain_text(sandbox: Sandbox, path: str, header: str) -> None:
    headers = {"Authorization": header} if header else {}
    for method, place in (("GET", path), ("HEAD", "/api/peers"), ("DELETE", "/api/groups"), ("PUT", CURRENT)):
        answer = requests.request(method, sandbox.url + place, headers=headers, timeout=TIMEOUT)
        assert (answer.status_code, answer.headers["Content-Type"].partition(";")[0]) == (404, "text/plain")


def test_who_sees_which_users(sandbox: Sandbox) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    for asked, kinds in {"true": {True}, "false": {False}}.items():
        users = get(sandbox, f"/api/users?service_user={asked}", f"Token {SERVICE}").json()
        assert {user["is_service_user"] for user in users} == kinds
        assert [user["id"] for user in users if user["is_current"]] == (["service-1"] if asked == "true" else [])
        assert "user-deleted" not in {user["id"] for user in users}
        assert all(user["is_blocked"] is (user["id"] == "user-blocked") for user in users)
    assert [user["id"] for user in get(sandbox, "/api/users", ELSEWHERE).json()] == ["someone"]
    assert get(sandbox, "/api/users?service_user=maybe", f"Token {SERVICE}").status_code == 400


@pytest.mark.parametrize(
    ("path", "body", "header", "status"),
    [
        (TOKENS, MINT, f"Token {USER}", 200),
        ("/api/users/user-1/tokens", MINT, f"Token {USER}", 200),
        ("/api/users/user-2/tokens", MINT, f"Token {USER}", 403),
        ("/api/users/nobody/tokens", MINT, f"Token {USER}", 404),
        (TOKENS, MINT, ELSEWHERE, 403),
        (TOKENS, MINT, "Token nonsense", 401),
        (TOKENS, {}, f"Token {USER}", 422),
        (TOKENS, [], f"Token {USER}", 422),
        (TOKENS, {**MINT, "name": ""}, f"Token {USER}", 422),
        (TOKENS, {"name": "x"}, f"Token {USER}", 422),
        *((TOKENS, {**MINT, "expires_in": days}, f"Token {USER}", 422) for days in (0, 366)),
        *((TOKENS, {**MINT, "expires_in": days}, f"Token {USER}", 400) for days in ("30", 1.5, True)),
        ("/api/groups", {}, f"Token {USER}", 422),
        ("/api/groups", MINT, "Token nonsense", 401),
    ],
)
def test_what_can_be_posted(sandbox: Sandbox, path: str, body: object, header: str, status: int) -> None:
    sandbox.add_account(NetBirdBearer("from.elsewhere.x", "someone"))
    assert post(sandbox, path, body, header).status_code == status


def test_what_was_posted_is_there_until_the_reset(sandbox: Sandbox) -> None:
    pat = post(sandbox, TOKENS, MINT).json()["plain_token"]
    made = post(sandbox, "/api/groups", MINT).json()
    users = get(sandbox, "/api/users", f"Token {pat}").json()
    assert [user["id"] for user in users if user["is_current"]] == ["service-1"]
    assert get(sandbox, f"/api/groups/{made['id']}", f"Token {USER}").json() == made
    assert get(sandbox, f"/api/groups/{made['id']}", "Token nonsense").status_code == 401
    sandbox.reset()
    assert get(sandbox, "/api/users", f"Token {pat}").status_code == 404
    assert get(sandbox, f"/api/groups/{made['id']}", f"Token {USER}").status_code == 404


def asked(sandbox: Sandbox, method: str, path: str, header: str, body: object = None) -> requests.Response:
    headers = {"Authorization": header}
    return requests.request(method, sandbox.url + path, json=body, headers=headers, timeout=TIMEOUT)


def test_a_group_is_listed_changed_and_removed(sandbox: Sandbox) -> None:
    header = f"Token {USER}"
    made = [post(sandbox, "/api/groups", {"name": name}).json() for name in ("one", "two")]
    assert [each["name"] for each in get(sandbox, "/api/groups", header).json()] == ["All", "one", "two"]
    place = f"/api/groups/{made[0]['id']}"
    changed = asked(sandbox, "PUT", place, header, {"name": "other"}).json()
    assert changed == get(sandbox, place, header).json() == {**made[0], "name": "other"}
    assert asked(sandbox, "DELETE", place, header).json() == {}
    assert [asked(sandbox, method, place, header, MINT).status_code for method in ("GET", "PUT", "DELETE")] == [404] * 3
    assert post(sandbox, "/api/groups", {"name": "three"}).json()["id"] == made[0]["id"]
    assert [each["name"] for each in get(sandbox, "/api/groups", header).json()] == ["All", "two", "three"]
    for method in ("PUT", "DELETE"):
        assert asked(sandbox, method, "/api/groups/group-1", header, MINT).status_code == 422
        assert asked(sandbox, method, "/api/groups/group-1", "Token nonsense", MINT).status_code == 401


def test_networks_are_made_read_in_pages_and_removed(sandbox: Sandbox) -> None:
    header = f"Bearer {send(sandbox, 'auth0').json()['access_token']}"
    made = [asked(sandbox, "POST", NETWORKS, header, {"name": name}) for name in "abcd"]
    assert {(each.status_code, each.json()["status"]) for each in made} == {(202, "PROVISIONING")}
    place = f"{NETWORKS}/{made[0].json()['id']}"
    assert [get(sandbox, place, header).json()["status"] for _turn in range(3)] == [
        "PROVISIONING",
        *["PROVISIONED"] * 2,
    ]
    pages = [get(sandbox, f"{NETWORKS}?page={number}&size=2", header).json() for number in range(4)]
    assert [len(page.get("_embedded", {"networkList": []})["networkList"]) for page in pages] == [2, 2, 1, 0]
    assert pages[3] == {"page": {"size": 2, "totalElements": 5, "totalPages": 3, "number": 3}}
    assert [asked(sandbox, "DELETE", place, header).status_code for _turn in range(2)] == [202, 404]
    assert asked(sandbox, "DELETE", f"{NETWORKS}/network-1", header).status_code == 409
    unnamed: tuple[object, ...] = ({}, [], {"name": 1})
    assert [asked(sandbox, "POST", NETWORKS, header, body).status_code for body in unnamed] == [400] * 3
    assert [get(sandbox, f"{NETWORKS}?{said}", header).status_code for said in ("page=-1", "size=0")] == [400] * 2
    other = send(sandbox, "auth0", client_id="nf-client-2", client_secret="nf-secret-2").json()["access_token"]
    assert get(sandbox, NETWORKS, f"Bearer {other}").json()["page"]["totalElements"] == 1
