# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netography.yml and declarations/shared.yml.

"""The lookup netapi.auth.netography_token."""

from __future__ import annotations

DOCUMENTATION = r"""
name: netography_token
short_description: Get a Netography token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Obtains a token for the Netography API and keeps it for later tasks.
  - Without O(method), the options that are set choose it. Arguments come before variables, and variables before the
    environment.
  - A value that is an empty text or null counts as not set, wherever it is from.
  - Paths are relative to the working directory, and in C(ansible.cfg) to its directory.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for API keys
options:
  _terms:
    description: JMESPath expressions over the result, one value each. Without a term, the token.
    type: list
    elements: str
  method:
    description: How to obtain the token. Unset, the options that are set choose it.
    type: str
    choices: [api_key, user_credentials, refresh_token, token]
    vars: [{name: netography_auth_method}]
  netosecret:
    description: "The API key as Netography gives it out: base64 of a JSON object."
    type: str
    vars: [{name: netography_auth_netosecret}]
    env: [{name: NETOSECRET}]
  shortname:
    description: Account or sub-account. It counts before that in O(netosecret), from any source.
    type: str
    vars: [{name: netography_auth_shortname}]
    env: [{name: NETOGRAPHY_SHORTNAME}]
  appname:
    description: Name of the API key. Beside O(netosecret) it counts only as O(sharedsecret) says.
    type: str
    vars: [{name: netography_auth_appname}]
    env: [{name: NETOGRAPHY_APPNAME}]
  appkey:
    description: Key of the API key. Beside O(netosecret) it counts only as O(sharedsecret) says.
    type: str
    vars: [{name: netography_auth_appkey}]
    env: [{name: NETOGRAPHY_APPKEY}]
  sharedsecret:
    description: Secret that signs the request. Beside O(netosecret), O(appname), O(appkey) and O(sharedsecret) count
      only together, and not from a less specific source.
    type: str
    vars: [{name: netography_auth_sharedsecret}]
    env: [{name: NETOGRAPHY_SHAREDSECRET}]
  username:
    description: Name of a user, with O(password).
    type: str
    vars: [{name: netography_auth_username}]
    env: [{name: NETOGRAPHY_USERNAME}]
  password:
    description: Password of a user.
    type: str
    vars: [{name: netography_auth_password}]
    env: [{name: NETOGRAPHY_PASSWORD}]
  refresh_token:
    description: A refresh token.
    type: str
    vars: [{name: netography_auth_refresh_token}]
    env: [{name: NETOGRAPHY_REFRESH_TOKEN}]
  token:
    description: A token that you already have.
    type: str
    vars: [{name: netography_auth_token}]
    env: [{name: NETOGRAPHY_API_TOKEN}]
  api_url:
    description: Origin of the API. The default is the one in O(netosecret), else C(https://api.netography.com).
    type: str
    vars: [{name: netography_auth_api_url}]
    env: [{name: NETOGRAPHY_API_URL}]
  token_query:
    description: JMESPath expression that finds the token in the service's answer.
    type: str
    default: access_token
    vars: [{name: netography_auth_token_query}]
  timeout:
    description: Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as
      long.
    type: int
    default: 15
    vars: [{name: netography_auth_timeout}]
    env: [{name: NETOGRAPHY_AUTH_TIMEOUT}, {name: NETAPI_AUTH_TIMEOUT}]
    ini: [{section: netapi_auth, key: timeout}]
  retries:
    description: Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not
      sent again.
    type: int
    default: 3
    vars: [{name: netography_auth_retries}]
    env: [{name: NETOGRAPHY_AUTH_RETRIES}, {name: NETAPI_AUTH_RETRIES}]
    ini: [{section: netapi_auth, key: retries}]
  validate_certs:
    description: Whether to check TLS certificates.
    type: bool
    default: true
    vars: [{name: netography_auth_validate_certs}]
    env: [{name: NETOGRAPHY_AUTH_VALIDATE_CERTS}, {name: NETAPI_AUTH_VALIDATE_CERTS}]
    ini: [{section: netapi_auth, key: validate_certs}]
  ca_path:
    description: File or directory of certificate authorities, in place of the system's. A file may be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netography_auth_ca_path}]
    env: [{name: NETOGRAPHY_AUTH_CA_PATH}, {name: NETAPI_AUTH_CA_PATH}]
    ini: [{section: netapi_auth, key: ca_path}]
  client_cert:
    description: Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netography_auth_client_cert}]
  client_key:
    description: Key of the client certificate, in PEM; it may be encrypted with ansible-vault.
    type: path
    vars: [{name: netography_auth_client_key}]
  proxy:
    description: Address of an HTTP proxy. Without it, the environment's proxy variables count.
    type: str
    vars: [{name: netography_auth_proxy}]
  cache:
    description: Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later
      runs of this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs
      redis-py on the controller). V(none) asks for one each time. Unset, it is V(run), or V(user) if you give a refresh
      token. A token that was obtained with a password is kept for the run, whatever is set.
    type: str
    vars: [{name: netography_auth_cache}]
    env: [{name: NETOGRAPHY_AUTH_CACHE}, {name: NETAPI_AUTH_CACHE}]
    ini: [{section: netapi_auth, key: cache}]
  min_validity:
    description: Seconds that a token must still live when a task gets it, at most half of its life.
    type: int
    default: 60
    vars: [{name: netography_auth_min_validity}]
    env: [{name: NETOGRAPHY_AUTH_MIN_VALIDITY}, {name: NETAPI_AUTH_MIN_VALIDITY}]
    ini: [{section: netapi_auth, key: min_validity}]
  refresh:
    description: Whether to ask for a token even if the cache has one.
    type: bool
    default: false
  whoami:
    description: Whether to ask the service whose token it is, and fail if it refuses.
    type: bool
    default: false
seealso: [{module: netapi.auth.netography_token}]
"""

EXAMPLES = r"""
- name: Use a Netography token from the credential in the environment
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Ask Netography
      ansible.builtin.uri:
        url: "{{ lookup('netapi.auth.netography_token', 'api_url') }}/api/v1/mitre/tactics"
        headers: "{{ lookup('netapi.auth.netography_token', 'headers') }}"
        unredirected_headers: [Authorization]
        use_netrc: false
      no_log: true
      register: answer

    - name: Show when the token ends
      ansible.builtin.debug:
        msg: "{{ lookup('netapi.auth.netography_token', 'expires_at') }}"

- name: Use the token of a sub-account
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Read the tactics
      ansible.builtin.uri:
        url: "{{ lookup('netapi.auth.netography_token', 'api_url', shortname='branch') }}/api/v1/mitre/tactics"
        headers: "{{ lookup('netapi.auth.netography_token', 'headers', shortname='branch') }}"
        unredirected_headers: [Authorization]
        use_netrc: false
      no_log: true
      register: tactics
"""

RETURN = r"""
_raw:
  description:
    - One value for each term. What a term picks from is the result of the task M(netapi.auth.netography_token).
  type: list
  elements: raw
"""

from ansible_collections.netapi.auth.plugins.plugin_utils._core.lookup import TokenLookup
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netography


class LookupModule(TokenLookup):
    """Hands out a Netography token; the base does the work."""

    provider = netography.PROVIDER
