# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Which parameters of a token request the grant sets, and extra_params may not."""

from __future__ import annotations

import pytest

from ansible_collections.netapi.auth.tests.unit.harness import Ansible, Refused

CLIENT = {"client_id": "deployer", "client_secret": "the-client-secret"}
WAYS = {
    "client credentials": CLIENT,
    "password": {"client_id": "deployer", "username": "ada", "password": "the-password"},
    "exchange": {**CLIENT, "subject_token": "e30.e30.x", "subject_token_type": "jwt"},
    "assertion": {**CLIENT, "assertion": "e30.e30.x"},
    "refresh token": {**CLIENT, "refresh_token": "the-refresh-token"},
}


@pytest.mark.parametrize(
    ("way", "name", "is_set"),
    [
        ("client credentials", "grant_type", True),
        ("client credentials", "scope", True),
        ("client credentials", "client_assertion", True),
        # It would take the place of one that the provider gave.
        ("client credentials", "refresh_token", True),
        # Authentik wants both there.
        ("client credentials", "username", False),
        ("client credentials", "password", False),
        ("password", "username", True),
        ("password", "password", True),
        ("exchange", "subject_token", True),
        ("exchange", "requested_token_type", True),
        ("exchange", "actor_token", False),
        ("assertion", "assertion", True),
        ("assertion", "subject_token", False),
        ("refresh token", "refresh_token", True),
    ],
)
def test_what_a_grant_sets_is_no_further_parameter(way: str, name: str, is_set: bool, ansible: Ansible) -> None:
    # Nobody listens there.
    options = {"token_url": "http://127.0.0.1:9/token", "retries": 0, "extra_params": {name: "value"}, **WAYS[way]}

    with pytest.raises(Refused) as caught:
        ansible.action("netapi.auth.oauth2_token", options)

    assert (f"extra_params has {name}" in str(caught.value).replace(", from the argument extra_params,", "")) is is_set
    assert ("127.0.0.1" in str(caught.value)) is not is_set
