# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netography.yml.

"""The task netapi.auth.netography_api_key."""

from __future__ import annotations

import typing as t

from ansible_collections.netapi.auth.plugins.plugin_utils._core.rotation import RotationAction
from ansible_collections.netapi.auth.plugins.plugin_utils._options.options import Options
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography
from ansible_collections.netapi.auth.plugins.plugin_utils._rotation import netography_api_key
from ansible_collections.netapi.auth.plugins.plugin_utils._session.session import Session


class ActionModule(RotationAction):
    """Make and remove a Netography API key; the base and `_rotation` do the work."""

    provider = netography.PROVIDER
    name = "netapi.auth.netography_api_key"
    handed_out = "netosecret"
    withheld = ("appname", "appkey", "sharedsecret", "username", "password", "refresh_token", "token", "method")
    fixed: t.ClassVar = {"method": "api_key"}
    own: t.ClassVar = {
        "appname": {"type": "str", "required": True},
        "roles": {"type": "list", "elements": "str"},
        "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    }

    def _carried_out(self, session: Session, options: Options) -> dict[str, t.Any]:
        return netography_api_key.carry_out(session, options, self._show, check_mode=bool(self._task.check_mode))


def main() -> None:
    """For ansible-lint, which looks here for what checks the arguments of a task that has an action."""
    from ansible_collections.netapi.auth.plugins.modules import netography_api_key

    netography_api_key.main()
