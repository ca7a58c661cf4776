# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/oauth2.yml.

"""The task netapi.auth.oauth2_token."""

from __future__ import annotations

from ansible_collections.netapi.auth.plugins.plugin_utils._core.action import TokenAction
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import oauth2


class ActionModule(TokenAction):
    """Obtains an OAuth 2.0 token; the base does the work."""

    provider = oauth2.PROVIDER


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import oauth2_token

    # Those that the role auth_headers sets, and nobody else, so they are in no documentation.
    oauth2_token.OPTIONS.update(_fingerprint={"type": "bool"}, _asks={"type": "bool"})
    oauth2_token.main()
