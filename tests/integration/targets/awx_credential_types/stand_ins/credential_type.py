# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module with the options of the platform's own, which sends what it is given as that one does."""

from __future__ import annotations

import json
import os

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.urls import open_url

DOCUMENTATION = r"""
module: credential_type
short_description: A credential type of AWX
description: For the tests of this collection. It makes the type, and looks for none before.
author: the netapi.auth authors
options:
  name:
    description: Name of the type.
    type: str
    required: true
  description:
    description: What it is for.
    type: str
  kind:
    description: Its kind.
    type: str
    choices: [cloud, net]
  inputs:
    description: Its fields.
    type: dict
  injectors:
    description: What it injects.
    type: dict
"""


def main() -> None:
    module = AnsibleModule(
        {
            "name": {"type": "str", "required": True},
            "description": {"type": "str"},
            "kind": {"type": "str", "choices": ["cloud", "net"]},
            "inputs": {"type": "dict"},
            "injectors": {"type": "dict"},
        }
    )
    headers = {"Authorization": f"Bearer {os.environ['CONTROLLER_OAUTH_TOKEN']}", "Content-Type": "application/json"}
    url = f"{os.environ['CONTROLLER_HOST']}/api/v2/credential_types/"
    open_url(url, data=json.dumps(module.params), headers=headers, method="POST")
    module.exit_json(changed=True)


if __name__ == "__main__":
    main()
