# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netbird.yml and declarations/shared.yml.

"""The lookup netapi.auth.netbird_auth."""

from __future__ import annotations

DOCUMENTATION = r"""
name: netbird_auth
short_description: Get a NetBird token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Passes on a personal access token, or obtains a token from the account's identity provider, with the scheme that
    NetBird needs for it.
  - For most automation a personal access token of a service user is best. NetBird has to be set up for client
    credentials, and gives them a user without privileges.
  - With O(whoami), a warning says when the personal access token that signs in ends within 14 days, or within a fifth
    of its life where that is less.
  - Without O(method), the options that are set choose it. Arguments come before variables, and variables before the
    environment.
  - A value that is an empty text or null counts as not set, wherever it is from.
  - Paths are relative to the working directory, and in C(ansible.cfg) to its directory.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for keys and O(client_auth=client_secret_jwt)
options:
  _terms:
    description: JMESPath expressions over the result, one value each. Without a term, the token.
    type: list
    elements: str
  method:
    description: How to obtain the token. Unset, the options that are set choose it.
    type: str
    choices: [pat, refresh_token, client_credentials, token]
    vars: [{name: netbird_auth_method}]
  pat:
    description: Personal access token. A wrong checksum brings a warning.
    type: str
    vars: [{name: netbird_auth_pat}]
    env: [{name: NB_PAT}, {name: NETBIRD_API_TOKEN}, {name: NETBIRD_PAT}]
  issuer:
    description: Issuer of the identity provider, whose discovery document names the token endpoint.
    type: str
    vars: [{name: netbird_auth_issuer}]
    env: [{name: NETBIRD_AUTH_ISSUER}]
  token_url:
    description: Address of the token endpoint. It counts before O(issuer), unless O(issuer) is from a more specific
      source.
    type: str
    vars: [{name: netbird_auth_token_url}]
    env: [{name: NETBIRD_AUTH_TOKEN_URL}]
  client_id:
    description: Client ID at the identity provider.
    type: str
    vars: [{name: netbird_auth_client_id}]
    env: [{name: NETBIRD_AUTH_CLIENT_ID}]
  client_secret:
    description: Client secret at the identity provider.
    type: str
    vars: [{name: netbird_auth_client_secret}]
    env: [{name: NETBIRD_AUTH_CLIENT_SECRET}]
  client_auth:
    description: How the client proves who it is, in the words of RFC 7591 and RFC 8705; V(client_secret_json) is a
      request in JSON. Unset, it follows from the options that are set. For a client secret it is the first of
      V(client_secret_basic), V(client_secret_post) and V(client_secret_jwt) that discovery names, else
      V(client_secret_basic). With V(tls_client_auth) O(client_cert) and O(client_key) are what proves it.
    type: str
    choices:
      - client_secret_basic
      - client_secret_post
      - client_secret_jwt
      - private_key_jwt
      - tls_client_auth
      - none
      - client_secret_json
    vars: [{name: netbird_auth_client_auth}]
    env: [{name: NETBIRD_AUTH_CLIENT_AUTH}]
  private_key:
    description: Private key of the client as PEM, JWK or JWKS, with which assertions are signed. A certificate in the
      same PEM is named in them.
    type: raw
    vars: [{name: netbird_auth_private_key}]
    env: [{name: NETBIRD_AUTH_PRIVATE_KEY}]
  private_key_file:
    description: File with that key. It is read at each grant, and may be encrypted with ansible-vault.
    type: path
    vars: [{name: netbird_auth_private_key_file}]
    env: [{name: NETBIRD_AUTH_PRIVATE_KEY_FILE}]
  private_key_passphrase:
    description: Passphrase of an encrypted private key.
    type: str
    vars: [{name: netbird_auth_private_key_passphrase}]
    env: [{name: NETBIRD_AUTH_PRIVATE_KEY_PASSPHRASE}]
  private_key_id:
    description: The id under which the provider has the key (C(kid)).
    type: str
    vars: [{name: netbird_auth_private_key_id}]
    env: [{name: NETBIRD_AUTH_PRIVATE_KEY_ID}]
  client_assertion:
    description: "An assertion that somebody else made for the client, in place of a secret. It is a text, C({file:
      path}) for a file that is read at each use, or C({github: audience}) for what GitHub Actions gives a job. In a
      variable of the environment it is JSON. O(client_id) is sent beside it where it is set. Entra ID, Authentik and
      Pocket ID want that."
    type: raw
    vars: [{name: netbird_auth_client_assertion}]
    env: [{name: NETBIRD_AUTH_CLIENT_ASSERTION}]
  assertion_audience:
    description: Audience of the assertions that are made here. C(issuer) and C(token_endpoint) stand for these
      addresses, all else is used as it is. Unset, it is the issuer as discovery spells it, and where there is none or
      the provider is Okta or Entra ID, the token endpoint.
    type: str
    vars: [{name: netbird_auth_assertion_audience}]
    env: [{name: NETBIRD_AUTH_ASSERTION_AUDIENCE}]
  audience:
    description: Audience to ask for, as a text or a list.
    type: raw
    vars: [{name: netbird_auth_audience}]
    env: [{name: NETBIRD_AUTH_TOKEN_AUDIENCE}]
  scope:
    description: Scope to ask for, as a text or a list.
    type: raw
    aliases: [scopes]
    vars: [{name: netbird_auth_scope}]
    env: [{name: NETBIRD_AUTH_SCOPE}]
  extra_params:
    description: Further parameters of the token request. A list repeats one. Their values are shown nowhere.
    type: dict
    vars: [{name: netbird_auth_extra_params}]
    env: [{name: NETBIRD_AUTH_EXTRA_PARAMS}]
  refresh_token:
    description: A refresh token, best an offline one.
    type: str
    vars: [{name: netbird_auth_refresh_token}]
    env: [{name: NETBIRD_AUTH_REFRESH_TOKEN}]
  token_query:
    description: JMESPath expression that finds the token in the provider's answer. Okta, Google, Entra ID, PocketID and
      JumpCloud want C(id_token).
    type: str
    default: access_token
    vars: [{name: netbird_auth_token_query}]
    env: [{name: NETBIRD_AUTH_TOKEN_QUERY}]
  token:
    description: A bearer token that you already have.
    type: str
    vars: [{name: netbird_auth_token}]
    env: [{name: NETBIRD_AUTH_TOKEN}]
  api_url:
    description: Base address of the management API, with or without C(/api). The default is C(https://api.netbird.io).
    type: str
    vars: [{name: netbird_auth_api_url}]
    env: [{name: NETBIRD_API_URL}, {name: NB_MANAGEMENT_URL}]
  timeout:
    description: Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as
      long.
    type: int
    default: 15
    vars: [{name: netbird_auth_timeout}]
    env: [{name: NETBIRD_AUTH_TIMEOUT}, {name: NETAPI_AUTH_TIMEOUT}]
    ini: [{section: netapi_auth, key: timeout}]
  retries:
    description: Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not
      sent again.
    type: int
    default: 3
    vars: [{name: netbird_auth_retries}]
    env: [{name: NETBIRD_AUTH_RETRIES}, {name: NETAPI_AUTH_RETRIES}]
    ini: [{section: netapi_auth, key: retries}]
  validate_certs:
    description: Whether to check TLS certificates.
    type: bool
    default: true
    vars: [{name: netbird_auth_validate_certs}]
    env: [{name: NETBIRD_AUTH_VALIDATE_CERTS}, {name: NETAPI_AUTH_VALIDATE_CERTS}]
    ini: [{section: netapi_auth, key: validate_certs}]
  ca_path:
    description: File or directory of certificate authorities, in place of the system's. A file may be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netbird_auth_ca_path}]
    env: [{name: NETBIRD_AUTH_CA_PATH}, {name: NETAPI_AUTH_CA_PATH}]
    ini: [{section: netapi_auth, key: ca_path}]
  client_cert:
    description: Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netbird_auth_client_cert}]
  client_key:
    description: Key of the client certificate, in PEM; it may be encrypted with ansible-vault.
    type: path
    vars: [{name: netbird_auth_client_key}]
  proxy:
    description: Address of an HTTP proxy. Without it, the environment's proxy variables count.
    type: str
    vars: [{name: netbird_auth_proxy}]
  cache:
    description: Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later
      runs of this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs
      redis-py on the controller). V(none) asks for one each time. Unset, it is V(run), or V(user) if you give a refresh
      token. A token that was obtained with a password is kept for the run, whatever is set.
    type: str
    vars: [{name: netbird_auth_cache}]
    env: [{name: NETBIRD_AUTH_CACHE}, {name: NETAPI_AUTH_CACHE}]
    ini: [{section: netapi_auth, key: cache}]
  min_validity:
    description: Seconds that a token must still live when a task gets it, at most half of its life.
    type: int
    default: 60
    vars: [{name: netbird_auth_min_validity}]
    env: [{name: NETBIRD_AUTH_MIN_VALIDITY}, {name: NETAPI_AUTH_MIN_VALIDITY}]
    ini: [{section: netapi_auth, key: min_validity}]
  refresh:
    description: Whether to ask for a token even if the cache has one.
    type: bool
    default: false
  whoami:
    description: Whether to ask the service whose token it is, and fail if it refuses.
    type: bool
    default: false
seealso: [{module: netapi.auth.netbird_auth}]
"""

EXAMPLES = r"""
- name: Use a NetBird token from the credential in the environment
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Ask NetBird
      ansible.builtin.uri:
        url: "{{ lookup('netapi.auth.netbird_auth', 'api_url') }}/api/peers"
        headers: "{{ lookup('netapi.auth.netbird_auth', 'headers') }}"
        unredirected_headers: [Authorization]
        use_netrc: false
      no_log: true
      register: answer

    - name: Show when the token ends
      ansible.builtin.debug:
        msg: "{{ lookup('netapi.auth.netbird_auth', 'expires_at') }}"
"""

RETURN = r"""
_raw:
  description:
    - One value for each term. What a term picks from is the result of the task M(netapi.auth.netbird_auth).
  type: list
  elements: raw
"""

from ansible_collections.netapi.auth.plugins.plugin_utils._core.lookup import TokenLookup
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netbird


class LookupModule(TokenLookup):
    """Hands out a NetBird token; the base does the work."""

    provider = netbird.PROVIDER
