# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netography.yml.

"""The task netapi.auth.netography_token."""

from __future__ import annotations

from ansible_collections.netapi.auth.plugins.plugin_utils._core.action import TokenAction
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography


class ActionModule(TokenAction):
    """Obtains a Netography token; the base does the work."""

    provider = netography.PROVIDER


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import netography_token

    # Those that the role auth_headers sets, and nobody else, so they are in no documentation.
    netography_token.OPTIONS.update(_fingerprint={"type": "bool"}, _asks={"type": "bool"})
    netography_token.main()
