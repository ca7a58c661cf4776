# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The playbook by which a person signs in once (RFC 8628), against a provider that lets it wait."""

from __future__ import annotations

import json
import stat
from urllib.parse import parse_qs

import pytest

from ansible_collections.netapi.auth.tests.support import guide
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible
from ansible_collections.netapi.auth.tests.support.records import hidden
from ansible_collections.netapi.auth.tests.unit.plugins.plugin_utils.servers import Play, Server, reply

DEVICE_CODE = "device-code-4c1e"
REFRESH_TOKEN = "refresh-token-9b27"
# RFC 8628 section 3.2 without the interval, which is then five seconds.
DEVICE = {"device_code": DEVICE_CODE, "user_code": "WDJB-MJHT", "verification_uri": "https://login.example.com/device"}
PENDING = reply('{"error": "authorization_pending"}', 400)


@pytest.mark.parametrize(
    ("last", "status"),
    [(reply(json.dumps({"refresh_token": REFRESH_TOKEN})), 0), (reply('{"error": "access_denied"}', 400), 2)],
    ids=["granted", "denied"],
)
def test_a_person_signs_in_once(last: Play, status: int, ansible: Ansible) -> None:
    text = guide.files(guide.OAUTH2)["sign_in.yml"]
    device = reply(json.dumps({**DEVICE, "interval": 0}))
    with Server(device, PENDING, reply('{"error": "slow_down"}', 400), last) as provider:
        book = ansible.home / "sign_in.yml"
        book.write_text(text.replace("https://login.example.com", provider.url), encoding="utf-8")
        run = ansible.play(str(book), succeeds=None)

    assert run.status == status, run.output
    assert DEVICE["user_code"] in run.output
    hidden(run.output, DEVICE_CODE, REFRESH_TOKEN)
    asked = [parse_qs(seen.body.decode()) for seen in provider.seen]
    assert asked[0] == {"client_id": ["deployer"], "scope": ["openid offline_access"]}
    polled = {
        "grant_type": ["urn:ietf:params:oauth:grant-type:device_code"],
        "client_id": ["deployer"],
        "device_code": [DEVICE_CODE],
    }
    assert asked[1:] == [polled] * 3
    kept = ansible.home / "refresh_token"
    if status:
        assert run.says("The provider said access_denied.")
        assert not kept.exists()
    else:
        assert kept.read_text(encoding="utf-8") == REFRESH_TOKEN
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
