# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Ten forks of one run with a token from elsewhere that somebody replaces, and tokens that hardly live."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
import typing as t
from pathlib import Path
from urllib.parse import parse_qsl

import jwt
import pytest

from ansible_collections.netapi.auth.tests.sandbox import private_key
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.processes import environment
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Seen, Server, reply
from ansible_collections.netapi.auth.tests.unit.plugins.provider_data import assertion

FORKS = 10
# Seconds.
ASSERTION = 3
TOKEN = 2
# What is sent from elsewhere and what is made here, by the field; how many seconds forks ask, and how many requests
# they make at most, which are four in three seconds.
CASES: dict[str, tuple[str, str | None, dict[str, t.Any], int, int]] = {
    "an assertion": ("client_assertion", None, {}, 12, 16),
    "a token that is exchanged, by a client with a key": (
        "subject_token",
        "client_assertion",
        {"subject_token_type": "jwt", "client_id": "deployer", "private_key": private_key("deployer")},
        6,
        8,
    ),
}
# Each fork asks until the end, and says how often it got a token, and what went wrong.
FORK = """
import json, os, sys, time
from ansible import constants
from ansible.plugins.loader import init_plugin_loader
init_plugin_loader()
from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused
order = json.load(sys.stdin)
vars(constants)["DEFAULT_LOCAL_TMP"] = order["local_tmp"]
end = time.monotonic() + order["seconds"]
readers = []
for _fork in range(order["forks"]):
    reader, writer = os.pipe()
    readers.append(reader)
    if os.fork():
        os.close(writer)
        continue
    tokens, faults = 0, []
    while time.monotonic() < end:
        try:
            tokens += bool(Ansible().lookup("oauth2", **order["options"]))
        except Refused as error:
            faults.append(str(error))
        time.sleep(0.2)
    os.write(writer, json.dumps([tokens, faults[:3]]).encode())
    os._exit(0)
print(json.dumps([json.loads(os.read(reader, 65536)) for reader in readers]))
"""


class Provider:
    """What it was sent, and how many requests it had at once."""

    def __init__(self, elsewhere: str, here: str | None) -> None:
        self._lock = threading.Lock()
        self._there = 0
        self._elsewhere = elsewhere
        self._here = here
        self.most = 0
        self.left: list[float] = []
        self.ids: list[str] = []

    def play(self, connection: socket.socket, seen: Seen) -> None:
        sent = dict(parse_qsl(seen.body.decode()))
        with self._lock:
            self._there += 1
            self.most = max(self.most, self._there)
            self.left.append(_claims(sent[self._elsewhere])["exp"] - time.time())
            if self._here:
                self.ids.append(_claims(sent[self._here])["jti"])
            answer = {"access_token": f"the-access-token-{len(self.left)}", "expires_in": TOKEN}
        time.sleep(0.05)
        with self._lock:
            self._there -= 1
        reply(json.dumps(answer))(connection, seen)


def _claims(token: str) -> dict[str, t.Any]:
    return jwt.decode(token, options={"verify_signature": False})


def _keep_fresh(path: Path, is_over: threading.Event) -> None:
    """Replace the file every second, as Kubernetes does: in one step."""
    while True:
        new = path.with_suffix(".new")
        new.write_text(assertion("deployer", "https://idp.example", exp=time.time() + ASSERTION), encoding="utf-8")
        new.replace(path)
        if is_over.wait(1):
            return


@pytest.mark.parametrize("case", CASES)
def test_a_token_that_is_replaced_every_second_serves_ten_forks(case: str, tmp_path: Path, run_directory: Path) -> None:
    elsewhere, here, options, seconds, most = CASES[case]
    provider = Provider(elsewhere, here)
    path = tmp_path / "token"
    is_over = threading.Event()
    keeper = threading.Thread(target=_keep_fresh, args=(path, is_over))
    keeper.start()
    try:
        with Server(provider.play) as server:
            said = {"token_url": f"{server.url}/token", elsewhere: {"file": str(path)}, "retries": 0, **options}
            order = {"local_tmp": str(run_directory), "forks": FORKS, "seconds": seconds, "options": said}
            done = subprocess.run(
                [sys.executable, "-c", FORK],
                input=json.dumps(order),
                env=environment(),
                check=True,
                capture_output=True,
                text=True,
            )
    finally:
        is_over.set()
        keeper.join()
    found = json.loads(done.stdout.splitlines()[-1])
    assert [faults for _tokens, faults in found if faults] == []
    assert all(tokens for tokens, _faults in found)
    assert provider.most == 1
    assert 1 < len(provider.left) <= most
    assert min(provider.left) > 0
    assert len(provider.ids) == (len(provider.left) if here else 0)
    assert len(set(provider.ids)) == len(provider.ids)
