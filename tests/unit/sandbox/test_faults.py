# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import json
import math
import time
from typing import Any

import jwt
import pytest
import requests

from ansible_collections.netapi.auth.tests.sandbox import Sandbox

from .helpers import AUTH0, TIMEOUT, bearer, get, post_json

PATH = "/oauth/token"


def grant(sandbox: Sandbox, **options: Any) -> requests.Response:
    return requests.post(sandbox.url + PATH, json=AUTH0, timeout=TIMEOUT, **options)


def test_status_headers_and_times(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, times=2, status=429, headers={"Retry-After": "1"}, body='{"error": "slow"}')
    for _turn in range(2):
        answer = grant(sandbox)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "1")
        assert answer.json() == {"error": "slow"}
    assert grant(sandbox).status_code == 200
    assert sandbox.state.counts == {f"POST {PATH}": 3}
    assert sandbox.state.grants["netfoundry"] == 1


def test_faults_of_a_path_wear_off_in_order(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, times=1, status=500)
    sandbox.fault(PATH, times=1, status=502)
    sandbox.fault("*", method="get", status=418)
    assert [grant(sandbox).status_code for _turn in range(3)] == [500, 502, 200]
    assert get(sandbox, PATH).status_code == 418


def test_without_times_until_the_reset(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, status=503)
    assert [grant(sandbox).status_code for _turn in range(3)] == [503, 503, 503]
    sandbox.reset()
    assert grant(sandbox).status_code == 200


def test_delay(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, delay=0.3)
    start = time.monotonic()
    assert grant(sandbox).status_code == 200
    assert time.monotonic() - start >= 0.3


def test_html_and_empty_bodies(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, times=1, body="<html>", content_type="text/html")
    sandbox.fault(PATH, times=1, body="")
    html = grant(sandbox)
    empty = grant(sandbox)
    assert (html.status_code, html.text, html.headers["Content-Type"]) == (200, "<html>", "text/html")
    assert (empty.status_code, empty.text) == (200, "")


def test_cut(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, cut=True)
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        grant(sandbox)
    sandbox.reset()
    sandbox.fault(PATH, cut=True, body="x")
    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        grant(sandbox)


def test_redirect(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, times=1, redirect=f"{sandbox.url}/elsewhere")
    sandbox.fault(PATH, times=1, redirect="/elsewhere", status=307)
    first = grant(sandbox, allow_redirects=False)
    second = grant(sandbox, allow_redirects=False)
    assert (first.status_code, first.headers["Location"]) == (302, f"{sandbox.url}/elsewhere")
    assert (second.status_code, second.headers["Location"]) == (307, "/elsewhere")


def test_big_answers_stay_valid_and_do_not_say_their_length(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, big=2_000_000)
    answer = grant(sandbox)
    assert len(answer.content) > 2_000_000
    assert "access_token" in answer.json()
    assert "Content-Length" not in answer.headers


def test_life_and_opaque(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, times=1, life=7)
    sandbox.fault(PATH, times=1, opaque=True)
    short = grant(sandbox).json()
    opaque = grant(sandbox).json()
    claims = jwt.decode(short["access_token"], options={"verify_signature": False})
    assert short["expires_in"] == claims["exp"] - claims["iat"] == 7
    assert "." not in opaque["access_token"]
    assert get(sandbox, "/core/v2/networks", bearer(opaque["access_token"])).status_code == 200


def test_merge_drop_and_raw(sandbox: Sandbox) -> None:
    sandbox.fault(PATH, merge={"token_type": "odd", "more": [1]}, drop=["access_token"], raw={"expires_in": "NaN"})
    answer = grant(sandbox)
    body = json.loads(answer.text)
    assert math.isnan(body.pop("expires_in"))
    assert body == {"token_type": "odd", "more": [1]}
    assert '"expires_in": NaN' in answer.text


def test_over_the_control_api(sandbox: Sandbox) -> None:
    fault = {"path": PATH, "times": 1, "status": 500, "headers": {"X-One": "1"}, "drop": ["x"]}
    assert post_json(sandbox, "/_sandbox/faults", fault).status_code == 204
    assert grant(sandbox).status_code == 500
    assert grant(sandbox).status_code == 200


@pytest.mark.parametrize("fault", [{}, {"path": PATH, "more": 1}, {"path": PATH, "delay": "1"}, []])
def test_wrong_faults_are_refused(sandbox: Sandbox, fault: object) -> None:
    assert post_json(sandbox, "/_sandbox/faults", fault).status_code == 400
