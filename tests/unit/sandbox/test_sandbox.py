# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a process, its control, its faults, and a service that is one more file."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests import sandbox as package
from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox
from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.runner import ROOT
from ansible_collections.netapi.auth.tests.tools.examples import found

from .test_grants import TIMEOUT, send
from .test_reads import NETWORKS, get

HOME = Path(package.__file__).parent


@contextmanager
def running(command: list[str], place: Path, folder: Path, number: int = signal.SIGTERM) -> Iterator[tuple[str, Any]]:
    """Its address and what it exports; it ends in peace by this signal, and takes its files away."""
    notes = [folder / name for name in ("ready", "pid")]
    argv = [sys.executable, *command, f"--ready-file={notes[0]}", f"--pid-file={notes[1]}"]
    with subprocess.Popen(argv, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + TIMEOUT
        while not notes[0].exists() and time.monotonic() < end:
            time.sleep(0.05)
        exports: dict[str, str] = {}
        try:
            assert int(notes[1].read_text(encoding="utf-8")) == process.pid
            yield notes[0].read_text(encoding="utf-8").strip(), exports
        finally:
            process.send_signal(number)
            out, err = process.communicate(timeout=TIMEOUT)
        pairs = (line.removeprefix("export ").partition("=") for line in out.splitlines())
        exports.update((name, value) for name, _equals, value in pairs)
    assert (process.returncode, err, [note.exists() for note in notes]) == (0, "", [False, False])


def test_by_hand(tmp_path: Path) -> None:
    with running(["-m", HOME.name], HOME.parent, tmp_path, signal.SIGINT) as (url, exports):
        assert requests.get(f"{url}/_sandbox/state", timeout=TIMEOUT).status_code == 200
    assert exports["NETFOUNDRY_OAUTH_URL"] == f"{url}/oauth/token"
    assert exports["NETBIRD_API_URL"] == exports["NETOGRAPHY_API_URL"] == url


def test_the_service_of_the_guide_is_one_more_file(tmp_path: Path) -> None:
    shutil.copytree(HOME, tmp_path / "sandbox")
    name = "tests/sandbox/services/acme.py"
    (text,) = (each.text for each in found(ROOT) if each.page == guide.PROVIDER and each.text.startswith(f"# {name}\n"))
    (tmp_path / "sandbox/services/acme.py").write_text(text, encoding="utf-8")
    command = [str(tmp_path / "sandbox")]
    with running(command, tmp_path, tmp_path) as (url, exports):
        account = {"client_id": "acme-client-1", "client_secret": "acme-secret-1", "grant_type": "client_credentials"}
        token = requests.post(f"{url}/token", json=account, timeout=TIMEOUT).json()["access_token"]
        wrong = requests.post(f"{url}/token", json={**account, "client_secret": "x"}, timeout=TIMEOUT)
        me = {"Authorization": f"Bearer {token}"}
        answers = (wrong, requests.get(f"{url}/me", headers=me, timeout=TIMEOUT), requests.get(f"{url}/me", timeout=60))
        assert [answer.status_code for answer in answers] == [401, 200, 401]
        grants = requests.get(f"{url}/_sandbox/state", timeout=TIMEOUT).json()["grants"]
    assert grants == {"acme": 1, "netbird": 0, "netfoundry": 0, "netography": 0}
    assert exports["ACME_CLIENT_ID"] == "acme-client-1"
    listed = subprocess.check_output([sys.executable, *command, "--accounts"], text=True, timeout=TIMEOUT)
    assert "acme-secret-1" in listed
    assert "sandboxservice1" in listed


def test_the_state_tells_what_was_asked_until_the_reset(sandbox: Sandbox) -> None:
    sandbox.add_account(NetFoundryClient("added", "secret"))
    token = send(sandbox, "auth0", client_id="added", client_secret="secret").json()["access_token"]
    requests.put(f"{sandbox.url}/nowhere?page=0", headers={"X-Mark": "Yes"}, timeout=TIMEOUT)
    state = requests.get(f"{sandbox.url}/_sandbox/state", timeout=TIMEOUT).json()
    assert state["counts"] == {"POST /oauth/token": 1, "PUT /nowhere": 1}
    assert state["grants"] == sandbox.state.grants
    first, second = state["requests"]
    assert '"client_id"' in first["body"]
    assert (second["path"], second["query"], second["headers"]["x-mark"]) == ("/nowhere", {"page": "0"}, "Yes")
    sandbox.fault(NETWORKS, status=500)
    sandbox.reset()
    assert (sandbox.state.requests, set(sandbox.state.grants.values())) == ([], {0})
    assert send(sandbox, "auth0", client_id="added", client_secret="secret").status_code == 401
    sandbox.add_account(NetFoundryClient("added", "secret"))
    assert get(sandbox, NETWORKS, f"Bearer {token}").status_code == 200


def test_faults_of_a_path_wear_off_in_their_order(sandbox: Sandbox) -> None:
    sandbox.fault("/oauth/token", times=2, status=429, headers={"Retry-After": "1"}, body="slow")
    sandbox.fault("/oauth/token", times=1, redirect="/elsewhere", status=307)
    sandbox.fault("*", method="get", bearer="x", status=418)
    answers = [send(sandbox, "auth0") for _turn in range(2)]
    assert [(one.status_code, one.headers["Retry-After"], one.text) for one in answers] == [(429, "1", "slow")] * 2
    assert [send(sandbox, "auth0").status_code for _turn in range(2)] == [404, 200]
    assert sandbox.state.grants["netfoundry"] == 1
    assert [get(sandbox, NETWORKS, f"Bearer {token}").status_code for token in ("x", "y", "x")] == [418, 401, 418]


def test_a_big_answer_stays_valid_and_does_not_say_its_length(sandbox: Sandbox) -> None:
    sandbox.fault("/oauth/token", big=2_000_000, opaque=True, drop=["token_type"])
    answer = send(sandbox, "auth0")
    assert (len(answer.content) > 2_000_000, "Content-Length" in answer.headers) == (True, False)
    assert answer.json().keys() == {"access_token", "expires_in", "padding"}
    assert get(sandbox, NETWORKS, f"Bearer {answer.json()['access_token']}").status_code == 200


@pytest.mark.parametrize(
    ("fault", "status"), [({"path": "/oauth/token", "status": 500}, 500), ({"more": 1}, 200), ([], 200)]
)
def test_faults_from_elsewhere(sandbox: Sandbox, fault: object, status: int) -> None:
    answer = requests.post(f"{sandbox.url}/_sandbox/faults", json=fault, timeout=TIMEOUT)
    assert answer.status_code == (204 if status == 500 else 400)
    assert send(sandbox, "auth0").status_code == status
