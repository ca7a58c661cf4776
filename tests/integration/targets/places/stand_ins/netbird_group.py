# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module with the options of NetBird's own collection, which sends what it is given as that one does."""

from __future__ import annotations

import json

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import env_fallback
from ansible.module_utils.urls import fetch_url

DOCUMENTATION = r"""
module: netbird_group
short_description: A group of NetBird
description: For the tests of this collection. It says whether the group is there, and changes nothing.
author: the netapi.auth authors
options:
  api_url:
    description: Address of the service, without C(/api).
    type: str
    required: true
  api_token:
    description: A personal access token.
    type: str
    required: true
  name:
    description: Name of the group.
    type: str
    required: true
  state:
    description: Whether it has to be there.
    type: str
    default: present
    choices: [present]
"""


def main() -> None:
    module = AnsibleModule(
        argument_spec={
            "api_url": {"required": True, "fallback": (env_fallback, ["NETBIRD_API_URL"])},
            "api_token": {"required": True, "no_log": True, "fallback": (env_fallback, ["NETBIRD_API_TOKEN"])},
            "name": {"required": True},
            "state": {"default": "present", "choices": ["present"]},
        }
    )
    headers = {"Authorization": f"Token {module.params['api_token']}"}
    answer, info = fetch_url(module, f"{module.params['api_url']}/api/groups", headers=headers)
    if info["status"] != 200:
        module.fail_json(msg=f"NetBird answers {info['status']}.")
    names = [group["name"] for group in json.load(answer)]
    module.exit_json(changed=module.params["name"] not in names)


if __name__ == "__main__":
    main()
