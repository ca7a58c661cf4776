# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netography.yml and declarations/shared.yml.

"""Documentation and options of the task netapi.auth.netography_api_key, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netography_api_key
short_description: Make and remove a Netography API key
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Makes an API key, and hands out its NETOSECRET once. One that exists is left alone, and nothing is handed out.
  - It signs in with an API key, from O(netosecret), from variables or from the environment. O(appname) is the key that
    is made or removed.
  - There is no way to give a key another secret in its place. Use two names, one after the other. The name of a key
    stands in its NETOSECRET, which is JSON in base64, at C(appname).
  - C(until) and C(retries) are refused, because their last attempt would replace the result that holds the secret.
  - It runs on the controller, and signs in as the token task of the service does, in check mode too. Options of signing
    in can also be set by variables and the environment, as that task documents.
  - In C(module_defaults), C(group/netapi.auth.all) and C(group/netapi.auth.netography) count for signing in.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for API keys
attributes:
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  check_mode:
    description: Says whether a key would be made or removed, and has no RV(netosecret).
    support: full
options:
  appname:
    description:
      - Name of the API key that is made or removed.
    type: str
    required: true
  roles:
    description:
      - Its roles, at most one. Unset, they are those of the key that signs in.
    type: list
    elements: str
  state:
    description:
      - V(present) makes the key where there is none, V(absent) removes it. The key that signs in is never removed.
    type: str
    default: present
    choices: [present, absent]
  netosecret:
    description:
      - "The API key as Netography gives it out: base64 of a JSON object."
      - Also set by the environment variable E(NETOSECRET).
    type: str
  shortname:
    description:
      - Account or sub-account. It counts before that in O(netosecret), from any source.
      - Also set by the environment variable E(NETOGRAPHY_SHORTNAME).
    type: str
  api_url:
    description:
      - Origin of the API. The default is the one in O(netosecret), else C(https://api.netography.com).
      - Also set by the environment variable E(NETOGRAPHY_API_URL).
    type: str
  token_query:
    description:
      - JMESPath expression that finds the token in the service's answer.
    type: str
    default: access_token
  timeout:
    description:
      - Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as long.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_TIMEOUT) or E(NETAPI_AUTH_TIMEOUT), the first that is not
        empty.
    type: int
    default: 15
  retries:
    description:
      - Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not sent again.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_RETRIES) or E(NETAPI_AUTH_RETRIES), the first that is not
        empty.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check TLS certificates.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_VALIDATE_CERTS) or E(NETAPI_AUTH_VALIDATE_CERTS), the
        first that is not empty.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of certificate authorities, in place of the system's. A file may be encrypted with
        ansible-vault.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_CA_PATH) or E(NETAPI_AUTH_CA_PATH), the first that is not
        empty.
    type: path
  client_cert:
    description:
      - Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with ansible-vault.
    type: path
  client_key:
    description:
      - Key of the client certificate, in PEM; it may be encrypted with ansible-vault.
    type: path
  proxy:
    description:
      - Address of an HTTP proxy. Without it, the environment's proxy variables count.
    type: str
  cache:
    description:
      - Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later runs of
        this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs redis-py
        on the controller). V(none) asks for one each time.
      - Unset, it is V(run), or V(user) if you give a refresh token. A token that was obtained with a password is kept
        for the run, whatever is set.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_CACHE) or E(NETAPI_AUTH_CACHE), the first that is not
        empty.
    type: str
  min_validity:
    description:
      - Seconds that a token must still live when a task gets it, at most half of its life.
      - Also set by the environment variable E(NETOGRAPHY_AUTH_MIN_VALIDITY) or E(NETAPI_AUTH_MIN_VALIDITY), the first
        that is not empty.
    type: int
    default: 60
seealso: [{module: netapi.auth.netography_token}]
"""

EXAMPLES = r"""
- name: Make the API key that is used next
  netapi.auth.netography_api_key:
    netosecret: "{{ vault_netosecret }}"
    appname: automation-b
  register: next_key

- name: Remove the one that was used before
  netapi.auth.netography_api_key:
    netosecret: "{{ vault_next_netosecret }}"
    appname: automation-a
    state: absent
"""

RETURN = r"""
appname:
  description: Name of the API key.
  returned: success
  type: str
netosecret:
  description: The new key, as the one that signs in with C(appname) and C(appkey) replaced. It is there only where a
    key was made, and then the whole result is hidden.
  returned: when a key was made
  type: str
roles:
  description: Roles of the key; null where they cannot be read.
  returned: success
  type: list
  elements: str
last_login:
  description: When the key has logged in last, as ISO 8601 in UTC where Netography says a time; null for never, or
    where that cannot be read. A token outlives its login, so this says little about use.
  returned: success
  type: raw
"""

from ansible.module_utils.basic import AnsibleModule

OPTIONS = {
    "appname": {"type": "str", "required": True},
    "roles": {"type": "list", "elements": "str"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
    "netosecret": {"type": "str", "no_log": True},
    "shortname": {"type": "str"},
    "api_url": {"type": "str"},
    "token_query": {"type": "str", "default": "access_token", "no_log": False},
    "timeout": {"type": "int", "default": 15},
    "retries": {"type": "int", "default": 3},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "proxy": {"type": "str", "no_log": True},
    "cache": {"type": "str", "no_log": True},
    "min_validity": {"type": "int", "default": 60},
}


def main() -> None:
    """For linters and editors, which read the options here. Ansible calls the action in place of it."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
