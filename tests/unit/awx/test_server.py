# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Users, addresses, pages, faults."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests

from ansible_collections.netapi.auth.tests.awx import Awx
from ansible_collections.netapi.auth.tests.support.tls import certificate

from .helpers import TIMEOUT, TYPE, Client

GATEWAY = "/api/controller/v2"


def test_users(awx: Awx) -> None:
    for user in (awx.admin, awx.reader):
        by_token = Client(awx, user).get("me/")
        by_password = requests.get(f"{awx.api}/me/", auth=(user.username, user.password), timeout=TIMEOUT).json()
        assert by_token == by_password
        assert by_token["count"] == 1
        assert by_token["results"][0]["username"] == user.username
        assert by_token["results"][0]["is_superuser"] is user.is_superuser


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_no_user(awx: Awx, token: str | None) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    answer = requests.get(f"{awx.api}/credential_types/", headers=headers, timeout=TIMEOUT)
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Authentication credentials were not provided.")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_wrong_password(awx: Awx) -> None:
    answer = requests.get(f"{awx.api}/me/", auth=(awx.admin.username, "wrong"), timeout=TIMEOUT)
    assert answer.status_code == 401
    assert answer.json()["detail"].startswith("Invalid username/password.")


def test_a_reader_reads_and_does_not_write(awx: Awx, client: Client) -> None:
    kind = client.create("credential_types/", **TYPE)
    reader = Client(awx, awx.reader)
    assert reader.get(f"credential_types/{kind['id']}/") == kind
    for method, path, body in (
        ("POST", "credential_types/", {**TYPE, "name": "Other"}),
        ("PATCH", f"credential_types/{kind['id']}/", {"name": "Other"}),
        ("DELETE", f"credential_types/{kind['id']}/", None),
    ):
        answer = reader(method, path, body)
        assert (answer.status_code, answer.json()) == (
            403,
            {"detail": "You do not have permission to perform this action."},
        )
    assert client.get(f"credential_types/{kind['id']}/") == kind


def test_signposts(awx: Awx) -> None:
    versions = requests.get(f"{awx.url}/api/", timeout=TIMEOUT).json()
    assert versions["current_version"] == "/api/v2/"
    assert versions["oauth2"] == "/api/o/"
    assert requests.get(f"{awx.api}/", timeout=TIMEOUT).json()["credential_types"] == "/api/v2/credential_types/"


def test_behind_the_gateway() -> None:
    with Awx(prefix=GATEWAY) as awx:
        apis = requests.get(f"{awx.url}/api/", timeout=TIMEOUT).json()["apis"]
        versions = requests.get(awx.url + apis["controller"], timeout=TIMEOUT).json()
        assert versions["current_version"] == f"{GATEWAY}/"
        listed = Client(awx, awx.admin).get("credential_types/")
        assert listed["next"] == f"{GATEWAY}/credential_types/?page=2"
        assert listed["results"][0]["url"].startswith(f"{GATEWAY}/credential_types/")
        headers = {"Authorization": f"Bearer {awx.admin.token}"}
        missing = requests.get(f"{awx.url}/api/v2/credential_types/", headers=headers, timeout=TIMEOUT)
        assert missing.status_code == 404
        assert missing.headers["Content-Type"].startswith("text/html")


def test_a_later_gateway_answers_401_beside_its_apis() -> None:
    with Awx(prefix=GATEWAY, elsewhere=401) as awx:
        assert requests.get(f"{awx.url}/api/v2/credential_types/", timeout=TIMEOUT).status_code == 401
        assert requests.get(f"{awx.url}/elsewhere", timeout=TIMEOUT).status_code == 404
        assert Client(awx, awx.admin).get("me/")["count"] == 1


def test_a_token_to_read_does_not_write(awx: Awx) -> None:
    headers = {"Authorization": f"Bearer {awx.admin.read_token}"}
    url = f"{awx.api}/credential_types/"
    assert requests.get(f"{awx.api}/me/", headers=headers, timeout=TIMEOUT).json()["results"][0]["is_superuser"] is True
    answer = requests.post(url, json=TYPE, headers=headers, timeout=TIMEOUT)
    assert (answer.status_code, answer.json()) == (
        403,
        {"detail": "You do not have permission to perform this action."},
    )


def test_awx_without_tokens() -> None:
    with Awx(has_tokens=False) as awx:
        assert Client(awx, awx.admin)("GET", "me/").status_code == 401
        pair = (awx.admin.username, awx.admin.password)
        assert requests.get(f"{awx.api}/me/", auth=pair, timeout=TIMEOUT).status_code == 200
        assert "oauth2" not in requests.get(f"{awx.url}/api/", timeout=TIMEOUT).json()


def test_refusals_are_json(client: Client) -> None:
    assert client("GET", "nothing/").json() == {"detail": "The requested resource could not be found."}
    assert client("GET", "credential_types/9999/").json() == {"detail": "Not found."}
    refused = client("DELETE", "credential_types/")
    assert (refused.status_code, refused.json()) == (405, {"detail": 'Method "DELETE" not allowed.'})


def test_a_missing_slash_is_a_redirect(awx: Awx, client: Client) -> None:
    answer = client("POST", "credential_types", TYPE)
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"{awx.api}/credential_types/"


def test_bodies(awx: Awx) -> None:
    headers = {"Authorization": f"Bearer {awx.admin.token}"}
    url = f"{awx.api}/credential_types/"
    assert requests.post(url, data={"name": "x"}, headers=headers, timeout=TIMEOUT).status_code == 415
    headers["Content-Type"] = "application/json"
    for body in ("{", "[]"):
        answer = requests.post(url, data=body, headers=headers, timeout=TIMEOUT)
        assert answer.status_code == 400
        assert answer.json()["detail"].startswith("JSON parse error")


def test_pages(client: Client) -> None:
    first = client.get("credential_types/")
    assert first["count"] >= 30
    assert len(first["results"]) == 25
    assert (first["next"], first["previous"]) == ("/api/v2/credential_types/?page=2", None)
    second = client.get("credential_types/?page=2")
    assert (second["next"], second["previous"]) == (None, "/api/v2/credential_types/?page=1")
    ids = [one["id"] for one in first["results"] + second["results"]]
    assert len(set(ids)) == len(ids) == first["count"]
    assert (
        client.get("credential_types/?page_size=10&page=2")["next"] == "/api/v2/credential_types/?page=3&page_size=10"
    )
    assert client("GET", "credential_types/?page=3").json() == {"detail": "Invalid page."}


def test_a_page_has_200_rows_at_most(awx: Awx, client: Client) -> None:
    for number in range(200):
        awx.add_managed(f"More {number}")
    listed = client.get("credential_types/?page_size=1000")
    assert len(listed["results"]) == 200
    assert listed["next"] == "/api/v2/credential_types/?page=2&page_size=200"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name=Machine", ["Machine"]),
        ("name__exact=Vault&kind=vault", ["Vault"]),
        ("name=machine", []),
        ("kind=scm&managed=true", ["Source Control"]),
        ("managed=false", ["Example"]),
        ("id=1", ["Machine"]),
    ],
)
def test_filters(client: Client, query: str, names: list[str]) -> None:
    client.create("credential_types/", **TYPE)
    assert [one["name"] for one in client.get(f"credential_types/?{query}")["results"]] == names


@pytest.mark.parametrize("query", ["nome=x", "managed=perhaps", "id=x", "name__sounds_like=x"])
def test_wrong_filters(client: Client, query: str) -> None:
    assert client("GET", f"credential_types/?{query}").status_code == 400


def test_record_and_faults(awx: Awx, client: Client) -> None:
    path = "/api/v2/credential_types/"
    awx.fault(path, method="POST", times=2, status=503, body='{"detail": "busy"}')
    assert [client("POST", "credential_types/", TYPE).status_code for _turn in range(3)] == [503, 503, 201]
    client.get("credential_types/")
    assert awx.state.counts == {f"POST {path}": 3, f"GET {path}": 1}
    assert awx.writes == [f"POST {path}"] * 3
    awx.state.reset()
    assert awx.writes == []


def test_tls(tmp_path: Path) -> None:
    authority, key = certificate(tmp_path)
    with Awx(tls=(authority, key)) as awx:
        assert awx.url.startswith("https://")
        assert requests.get(f"{awx.url}/api/", verify=authority, timeout=TIMEOUT).status_code == 200
