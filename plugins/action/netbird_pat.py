# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netbird.yml.

"""The task netapi.auth.netbird_pat."""

from __future__ import annotations

import typing as t

from ansible_collections.netapi.auth.plugins.plugin_utils._core.rotation import RotationAction
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Options
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird
from ansible_collections.netapi.auth.plugins.plugin_utils._rotation import netbird_pat
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session


class ActionModule(RotationAction):
    """Mint, renew and remove a NetBird personal access token; the base and `_rotation` do the work."""

    provider = netbird.PROVIDER
    name = "netapi.auth.netbird_pat"
    handed_out = "plain_token"
    own: t.ClassVar = {
        "user": {"type": "str"},
        "name": {"type": "str", "required": True},
        "token_id": {"type": "str", "env": [{"name": "NETBIRD_PAT_ID"}]},
        "lifetime_days": {"type": "int", "default": 90, "range": [1, 365]},
        "rotate_before_days": {"type": "int"},
        "prune_unused_hours": {"type": "int", "range": [1]},
        "force": {"type": "bool", "default": False},
        "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    }

    def _carried_out(self, session: Session, options: Options) -> dict[str, t.Any]:
        return netbird_pat.carry_out(session, options, self._show, check_mode=bool(self._task.check_mode))


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import netbird_pat

    netbird_pat.main()
