# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netography.yml and declarations/shared.yml.

"""Documentation and options of the task netapi.auth.netography_token, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netography_token
short_description: Get a Netography token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Obtains a token for the Netography API and keeps it for later tasks.
  - Without O(method), the options that are set choose it. Arguments come before variables, and variables before the
    environment.
  - A value that is an empty text or null counts as not set, wherever it is from.
  - Paths are relative to the working directory, and in C(ansible.cfg) to its directory.
  - It runs on the controller, in check mode too. The secret that obtains the token never leaves it.
  - Each option but O(refresh), O(whoami), O(set_facts) and O(state) can also be set by an inventory variable of the
    provider's name, C(_auth_) and the option's name, such as C(netography_auth_timeout).
  - An option is taken from the argument, else from the variable, else from the environment, else from C(ansible.cfg).
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for API keys
attributes:
  action_group:
    description: Use C(group/netapi.auth.all) or C(group/netapi.auth.netography) in C(module_defaults).
    support: full
    membership: [netapi.auth.all, netapi.auth.netography]
  check_mode:
    description: In check mode it obtains a token as in a real run, so a refresh token is sent there too. With
      O(state=absent) it removes and revokes nothing.
    support: full
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
options:
  method:
    description:
      - How to obtain the token. Unset, the options that are set choose it.
    type: str
    choices: [api_key, user_credentials, refresh_token, token]
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
  appname:
    description:
      - Name of the API key. Beside O(netosecret) it counts only as O(sharedsecret) says.
      - Also set by the environment variable E(NETOGRAPHY_APPNAME).
    type: str
  appkey:
    description:
      - Key of the API key. Beside O(netosecret) it counts only as O(sharedsecret) says.
      - Also set by the environment variable E(NETOGRAPHY_APPKEY).
    type: str
  sharedsecret:
    description:
      - Secret that signs the request. Beside O(netosecret), O(appname), O(appkey) and O(sharedsecret) count only
        together, and not from a less specific source.
      - Also set by the environment variable E(NETOGRAPHY_SHAREDSECRET).
    type: str
  username:
    description:
      - Name of a user, with O(password).
      - Also set by the environment variable E(NETOGRAPHY_USERNAME).
    type: str
  password:
    description:
      - Password of a user.
      - Also set by the environment variable E(NETOGRAPHY_PASSWORD).
    type: str
  refresh_token:
    description:
      - A refresh token.
      - Also set by the environment variable E(NETOGRAPHY_REFRESH_TOKEN).
    type: str
  token:
    description:
      - A token that you already have.
      - Also set by the environment variable E(NETOGRAPHY_API_TOKEN).
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
  refresh:
    description:
      - Whether to ask for a token even if the cache has one.
    type: bool
    default: false
  whoami:
    description:
      - Whether to ask the service whose token it is, and fail if it refuses.
    type: bool
    default: false
  set_facts:
    description:
      - Whether to set two facts, one with the token and one with the headers. They never reach a persistent fact cache.
      - Unset, they are set, except before ansible-core 2.21 with a persistent fact cache. There none is set, a warning
        says so, and V(true) makes the task fail before a token is asked for. From 2.21 on they last for the run only.
      - It is better to C(register) the result, or to use the role P(netapi.auth.auth_headers#role).
    type: bool
  state:
    description:
      - V(present) obtains a token.
      - V(absent) removes the token of this credential from the cache, together with a refresh token that came with it.
        If it is an access token and the provider's discovery document names an address to revoke it, it is revoked.
      - The task is C(changed) only if a token was revoked. If it was only removed from the cache, the task is C(ok).
      - With V(absent) and a refresh token that you give, nothing is revoked, because that can end the sign-in. If the
        provider has replaced your refresh token, the new one stays in the cache.
      - With V(absent) in check mode, nothing is removed or revoked, and the message says what a real run would do.
    type: str
    default: present
    choices: [present, absent]
seealso:
  - plugin: netapi.auth.netography_token
    plugin_type: lookup
    description: The same as a lookup.
"""

EXAMPLES = r"""
- name: Get a Netography token
  netapi.auth.netography_token:
    netosecret: "{{ my_netosecret }}"
  register: netography

- name: Use it
  ansible.builtin.uri:
    url: "{{ netography.api_url }}/api/v1/mitre/tactics"
    headers: "{{ netography.headers }}"
    unredirected_headers: [Authorization]
    use_netrc: false
  no_log: true

- name: Get a token for a sub-account
  netapi.auth.netography_token:
    netosecret: "{{ my_netosecret }}"
    shortname: branch
  register: branch

- name: Get a token with the name and the password of a user
  netapi.auth.netography_token:
    username: ada@example.com
    password: "{{ my_password }}"
  register: user
"""

RETURN = r"""
access_token:
  description: What follows the scheme in the header, or the key for RapidAPI.
  returned: success
  type: str
token_type:
  description: The scheme.
  returned: success
  type: str
  choices: [Bearer, Token, Basic, RapidAPI]
headers:
  description: The headers that carry the token.
  returned: success
  type: dict
  sample:
    Authorization: Bearer eyJhbGciOi...
expires_at:
  description: When the token ends, as ISO 8601 in UTC; null if that is not known.
  returned: success
  type: str
  sample: "2030-01-31T12:00:00Z"
expires_in:
  description: Seconds that were left when the task got it; null if that is not known.
  returned: success
  type: int
scope:
  description: The scope that the service named; null when it named none.
  returned: success
  type: str
claims:
  description: The payload of a JWT, whose signature is not checked, without claims that are nested deeper than 50
    levels; empty for any other token.
  returned: success
  type: dict
api_url:
  description: The base address that the token is for.
  returned: success
  type: str
provider:
  description: The service, V(netography).
  returned: success
  type: str
method:
  description: How the token was obtained, one of V(api_key), V(user_credentials), V(refresh_token) or V(token).
  returned: success
  type: str
source:
  description: Whether the token was V(issued) for this task, came from the V(cache), or was V(given).
  returned: success
  type: str
  choices: [issued, cache, given]
identity:
  description: What the service said of the account of the token; null without O(whoami).
  returned: success
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule

OPTIONS = {
    "method": {"type": "str", "choices": ["api_key", "user_credentials", "refresh_token", "token"]},
    "netosecret": {"type": "str", "no_log": True},
    "shortname": {"type": "str"},
    "appname": {"type": "str"},
    "appkey": {"type": "str", "no_log": True},
    "sharedsecret": {"type": "str", "no_log": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "refresh_token": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
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
    "refresh": {"type": "bool", "default": False},
    "whoami": {"type": "bool", "default": False},
    "set_facts": {"type": "bool"},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
}


def main() -> None:
    """For linters and editors, which read the options here. Ansible calls the action in place of it."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
