# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""How long a token of a machine lives, and its end by `state: absent`."""

from __future__ import annotations

from ansible_collections.netapi.auth.tests.integration.servers.openid.client import OidcProvider
from ansible_collections.netapi.auth.tests.integration.targets.refresh_tokens.logins import shown
from ansible_collections.netapi.auth.tests.support.playbooks import Ansible, inventory

# Status and error of the provider's answer to each client that wants its token revoked.
REVOCATIONS = {"netbird-machine": (400, "unsupported_token_type"), "netbird-machine-opaque": (200, None)}


def test_a_token_of_a_machine_lives_its_hour_and_is_revoked_where_the_provider_can(
    provider: OidcProvider, ansible: Ansible
) -> None:
    secrets = {name: provider.clients[name].client_secret for name in REVOCATIONS}
    hosts = {
        name: {"netbird_auth_client_id": name, "netbird_auth_client_secret": secret} for name, secret in secrets.items()
    }
    path = inventory(ansible.home, hosts, netbird_auth_issuer=provider.issuer, netbird_auth_cache="user")
    run = ansible.play("absent.yml", "-i", path)
    asked = provider.requests("/token/revocation")
    for name, said in REVOCATIONS.items():
        assert [(one.status, one.error) for one in asked if one.client_id == name] == [said]
        assert run.of("Log out", name).result["changed"] is (said[0] == 200)
        assert run.of("Log out again", name).result["changed"] is False
        token = shown(run, name)
        assert token["lookup"] == "cache"
        assert (token["method"], token["source"]) == ("client_credentials", "issued")
        assert 3590 <= token["expires_in"] <= 3600
        assert bool(token["claims"]) is (name == "netbird-machine")
