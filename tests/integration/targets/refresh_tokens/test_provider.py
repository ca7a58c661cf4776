# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The provider is as strict as the other tests take it to be."""

from __future__ import annotations

import requests

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OFFLINE, OidcProvider, fingerprint


def test_a_refresh_token_that_comes_twice_ends_the_login(provider: OidcProvider) -> None:
    def refresh(token: str) -> requests.Response:
        form = {"grant_type": "refresh_token", "refresh_token": token}
        auth = (OFFLINE, provider.clients[OFFLINE].client_secret or "")
        return requests.post(provider.token_endpoint, form, auth=auth, timeout=30)

    given = provider.mint()
    successor = refresh(given).json()["refresh_token"]
    for spent in (given, successor):
        refused = refresh(spent)
        assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    noted = [(one.client_id, one.refresh_token, one.successor, one.status) for one in provider.requests()]
    assert noted == [
        (OFFLINE, fingerprint(given), fingerprint(successor), 200),
        (OFFLINE, fingerprint(given), None, 400),
        (OFFLINE, fingerprint(successor), None, 400),
    ]
