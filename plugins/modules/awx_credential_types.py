# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation and options of the task netapi.auth.awx_credential_types, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: awx_credential_types
short_description: Carry out the role awx_credential_types
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Makes, updates or removes the credential types of AWX for the services. It is the one task of the role
    R(netapi.auth.awx_credential_types, ansible_collections.netapi.auth.awx_credential_types_role), and reads the types
    from the files of that role, so use the role.
  - It runs on the controller.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
options:
  url:
    description:
      - Base address of AWX.
    type: str
  token:
    description:
      - OAuth2 token of a superuser.
    type: str
  username:
    description:
      - Name of a superuser, in place of O(token).
    type: str
  password:
    description:
      - Password of O(username).
    type: str
  validate_certs:
    description:
      - Whether to check the TLS certificate of AWX.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of certificate authorities, in place of the system's.
    type: path
  providers:
    description:
      - The services whose types are wanted.
    type: list
    elements: str
    choices: [netbird, netfoundry, netography, oauth2]  # generated
    required: true
  state:
    description:
      - V(present) makes or updates the types, V(absent) removes them.
    type: str
    default: present
    choices: [present, absent]
attributes:
  check_mode:
    description: Says what it would change, and changes nothing.
    support: full
  diff_mode:
    description: Shows what differs in each type.
    support: full
  async:
    description: Supports being used with the C(async) keyword.
    support: none
seealso:
  - name: Credential types of AWX
    description: The role that uses this task.
    link: https://github.com/netapi/netapi.auth/blob/main/roles/awx_credential_types
"""

EXAMPLES = r"""
- name: Make the credential types
  hosts: localhost
  gather_facts: false
  roles:
    - role: netapi.auth.awx_credential_types
      vars:
        awx_credential_types_url: https://awx.example.com
        awx_credential_types_token: "{{ vault_awx_token }}"
"""

RETURN = r"""
types:
  description: What was done to each credential type that differed, or would be done in check mode.
  returned: success
  type: dict
  sample:
    NetBird API: created
"""

from ansible.module_utils.basic import AnsibleModule

_PROVIDERS = ["netbird", "netfoundry", "netography", "oauth2"]  # generated
OPTIONS = {
    "url": {"type": "str"},
    "token": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "providers": {"type": "list", "elements": "str", "choices": _PROVIDERS, "required": True},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}


def main() -> None:
    """For linters and editors, which read the options here. Ansible calls the action in place of it."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
