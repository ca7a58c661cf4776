# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The sandbox as a process, its control and its faults."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from ansible_collections.netapi.auth.tests import sandbox as package
from ansible_collections.netapi.auth.tests.sandbox import NetFoundryClient, Sandbox

from .test_grants import TIMEOUT, send
from .test_reads import NETWORKS, get

HOME = Path(package.__file__).parent


@contextmanager
def running(command: list[str], place: Path, number: int = signal.SIGTERM) -> Iterator[tuple[str, Any]]:
    """Its address and what it exports; it ends in peace by this signal."""
    argv = [sys.executable, *command]
    with subprocess.Popen(argv, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        exports: dict[str, str] = {}
        try:
            # The last that it prints.
            while "NETAPI_OAUTH2_API_URL" not in exports and process.stdout and (line := process.stdout.readline()):
                name, _equals, value = line.strip().removeprefix("export ").partition("=")
                exports[name] = value
            yield exports["NETOGRAPHY_API_URL"], exports
        finally:
            process.send_signal(number)
            err = process.communicate(timeout=TIMEOUT)[1]
    assert (process.returncode, err) == (0, "")


def test_by_hand() -> None:
    with running(["-m", HOME.name], HOME.parent, signal.SIGINT) as (url, exports):
        assert requests.get(f"{url}/_sandbox/state", timeout=TIMEOUT).status_code == 200
    assert exports["NETFOUNDRY_OAUTH_URL"] == f"{url}/oauth/token"
    assert exports["NETBIRD_API_URL"] == exports["NETOGRAPHY_API_URL"] == url
    listed = subprocess.check_output([sys.executable, "-m", HOME.name, "--accounts"], cwd=HOME.parent, text=True)
    assert "sandboxservice1" in listed


def test_its_exports_are_in_a_file_until_it_ends_with_its_counts(tmp_path: Path) -> None:
    path = tmp_path / "a folder" / "sandbox.sh"
    argv = [sys.executable, "-m", HOME.name, "--exports", str(path)]
    with subprocess.Popen(argv, cwd=HOME.parent, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline()]
        while "Ctrl-C" not in said[-1]:
            said.append(process.stdout.readline())
        # All of it can be pasted.
        script = f'. {shlex.quote(str(path))}; printf %s "$NETOGRAPHY_API_URL"'
        url, pasted = (
            subprocess.check_output(["sh", "-c", text], text=True)
            for text in (script, "".join(said) + 'printf %s "$NETOGRAPHY_API_URL"')
        )
        assert url == pasted
        assert requests.get(f"{url}/api/peers", timeout=TIMEOUT).status_code == 401
        process.send_signal(signal.SIGINT)
        counts = process.communicate(timeout=TIMEOUT)[0]
    assert f"# In another terminal: . '{path}'\n" in said
    assert re.search(r"(?m)^# +1 GET /api/peers$", counts)
    assert re.search(r"(?m)^# +0 tokens of netfoundry$", counts)
    assert not path.exists()


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
