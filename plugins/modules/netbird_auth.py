# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netbird.yml and declarations/shared.yml.

"""Documentation and options of the task netapi.auth.netbird_auth, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_auth
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
  - It runs on the controller, in check mode too. The secret that obtains the token never leaves it.
  - Each option but O(refresh), O(whoami), O(set_facts) and O(state) can also be set by an inventory variable of the
    provider's name, C(_auth_) and the option's name, such as C(netbird_auth_timeout).
  - An option is taken from the argument, else from the variable, else from the environment, else from C(ansible.cfg).
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for keys and O(client_auth=client_secret_jwt)
attributes:
  action_group:
    description: Use C(group/netapi.auth.all) or C(group/netapi.auth.netbird) in C(module_defaults).
    support: full
    membership: [netapi.auth.all, netapi.auth.netbird]
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
    choices: [pat, refresh_token, client_credentials, token]
  pat:
    description:
      - Personal access token. A wrong checksum brings a warning.
      - Also set by the environment variable E(NB_PAT), E(NETBIRD_API_TOKEN) or E(NETBIRD_PAT), the first that is not
        empty.
    type: str
  issuer:
    description:
      - Issuer of the identity provider, whose discovery document names the token endpoint.
      - Also set by the environment variable E(NETBIRD_AUTH_ISSUER).
    type: str
  token_url:
    description:
      - Address of the token endpoint. It counts before O(issuer), unless O(issuer) is from a more specific source.
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_URL).
    type: str
  client_id:
    description:
      - Client ID at the identity provider.
      - Also set by the environment variable E(NETBIRD_AUTH_CLIENT_ID).
    type: str
  client_secret:
    description:
      - Client secret at the identity provider.
      - Also set by the environment variable E(NETBIRD_AUTH_CLIENT_SECRET).
    type: str
  client_auth:
    description:
      - How the client proves who it is, in the words of RFC 7591 and RFC 8705; V(client_secret_json) is a request in
        JSON. Unset, it follows from the options that are set. For a client secret it is the first of
        V(client_secret_basic), V(client_secret_post) and V(client_secret_jwt) that discovery names, else
        V(client_secret_basic).
      - With V(tls_client_auth) O(client_cert) and O(client_key) are what proves it.
      - Also set by the environment variable E(NETBIRD_AUTH_CLIENT_AUTH).
    type: str
    choices:
      - client_secret_basic
      - client_secret_post
      - client_secret_jwt
      - private_key_jwt
      - tls_client_auth
      - none
      - client_secret_json
  private_key:
    description:
      - Private key of the client as PEM, JWK or JWKS, with which assertions are signed. A certificate in the same PEM
        is named in them.
      - Also set by the environment variable E(NETBIRD_AUTH_PRIVATE_KEY).
    type: raw
  private_key_file:
    description:
      - File with that key. It is read at each grant, and may be encrypted with ansible-vault.
      - Also set by the environment variable E(NETBIRD_AUTH_PRIVATE_KEY_FILE).
    type: path
  private_key_passphrase:
    description:
      - Passphrase of an encrypted private key.
      - Also set by the environment variable E(NETBIRD_AUTH_PRIVATE_KEY_PASSPHRASE).
    type: str
  private_key_id:
    description:
      - The id under which the provider has the key (C(kid)).
      - Also set by the environment variable E(NETBIRD_AUTH_PRIVATE_KEY_ID).
    type: str
  client_assertion:
    description:
      - "An assertion that somebody else made for the client, in place of a secret. It is a text, C({file: path}) for a
        file that is read at each use, or C({github: audience}) for what GitHub Actions gives a job. In a variable of
        the environment it is JSON."
      - O(client_id) is sent beside it where it is set. Entra ID, Authentik and Pocket ID want that.
      - Also set by the environment variable E(NETBIRD_AUTH_CLIENT_ASSERTION).
    type: raw
  assertion_audience:
    description:
      - Audience of the assertions that are made here. C(issuer) and C(token_endpoint) stand for these addresses, all
        else is used as it is. Unset, it is the issuer as discovery spells it, and where there is none or the provider
        is Okta or Entra ID, the token endpoint.
      - Also set by the environment variable E(NETBIRD_AUTH_ASSERTION_AUDIENCE).
    type: str
  audience:
    description:
      - Audience to ask for, as a text or a list.
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_AUDIENCE).
    type: raw
  scope:
    description:
      - Scope to ask for, as a text or a list.
      - Also set by the environment variable E(NETBIRD_AUTH_SCOPE).
    type: raw
    aliases: [scopes]
  extra_params:
    description:
      - Further parameters of the token request. A list repeats one. Their values are shown nowhere.
      - Also set by the environment variable E(NETBIRD_AUTH_EXTRA_PARAMS).
    type: dict
  refresh_token:
    description:
      - A refresh token, best an offline one.
      - Also set by the environment variable E(NETBIRD_AUTH_REFRESH_TOKEN).
    type: str
  token_query:
    description:
      - JMESPath expression that finds the token in the provider's answer. Okta, Google, Entra ID, PocketID and
        JumpCloud want C(id_token).
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_QUERY).
    type: str
    default: access_token
  token:
    description:
      - A bearer token that you already have.
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN).
    type: str
  api_url:
    description:
      - Base address of the management API, with or without C(/api). The default is C(https://api.netbird.io).
      - Also set by the environment variable E(NETBIRD_API_URL) or E(NB_MANAGEMENT_URL), the first that is not empty.
    type: str
  timeout:
    description:
      - Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as long.
      - Also set by the environment variable E(NETBIRD_AUTH_TIMEOUT) or E(NETAPI_AUTH_TIMEOUT), the first that is not
        empty.
    type: int
    default: 15
  retries:
    description:
      - Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not sent again.
      - Also set by the environment variable E(NETBIRD_AUTH_RETRIES) or E(NETAPI_AUTH_RETRIES), the first that is not
        empty.
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check TLS certificates.
      - Also set by the environment variable E(NETBIRD_AUTH_VALIDATE_CERTS) or E(NETAPI_AUTH_VALIDATE_CERTS), the first
        that is not empty.
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of certificate authorities, in place of the system's. A file may be encrypted with
        ansible-vault.
      - Also set by the environment variable E(NETBIRD_AUTH_CA_PATH) or E(NETAPI_AUTH_CA_PATH), the first that is not
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
      - Also set by the environment variable E(NETBIRD_AUTH_CACHE) or E(NETAPI_AUTH_CACHE), the first that is not empty.
    type: str
  min_validity:
    description:
      - Seconds that a token must still live when a task gets it, at most half of its life.
      - Also set by the environment variable E(NETBIRD_AUTH_MIN_VALIDITY) or E(NETAPI_AUTH_MIN_VALIDITY), the first that
        is not empty.
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
  - plugin: netapi.auth.netbird_auth
    plugin_type: lookup
    description: The same as a lookup.
"""

EXAMPLES = r"""
- name: Get a NetBird token
  netapi.auth.netbird_auth:
    pat: "{{ my_pat }}"
  register: netbird

- name: Use it
  ansible.builtin.uri:
    url: "{{ netbird.api_url }}/api/peers"
    headers: "{{ netbird.headers }}"
    unredirected_headers: [Authorization]
    use_netrc: false
  no_log: true

- name: Get a token from the identity provider with a refresh token
  netapi.auth.netbird_auth:
    issuer: https://login.example.com/realms/netbird
    client_id: netbird-automation
    refresh_token: "{{ my_refresh_token }}"
    scope: openid
    token_query: id_token
    cache: user
  register: by_refresh_token

- name: Check who the token is
  netapi.auth.netbird_auth:
    pat: "{{ my_pat }}"
    whoami: true
  register: me

- name: Say whose it is
  ansible.builtin.debug:
    var: me.identity
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
  description: The service, V(netbird).
  returned: success
  type: str
method:
  description: How the token was obtained, one of V(pat), V(refresh_token), V(client_credentials) or V(token).
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
    "method": {"type": "str", "choices": ["pat", "refresh_token", "client_credentials", "token"]},
    "pat": {"type": "str", "no_log": True},
    "issuer": {"type": "str"},
    "token_url": {"type": "str", "no_log": False},
    "client_id": {"type": "str"},
    "client_secret": {"type": "str", "no_log": True},
    "client_auth": {
        "type": "str",
        "choices": [
            "client_secret_basic",
            "client_secret_post",
            "client_secret_jwt",
            "private_key_jwt",
            "tls_client_auth",
            "none",
            "client_secret_json",
        ],
    },
    "private_key": {"type": "raw", "no_log": True},
    "private_key_file": {"type": "path"},
    "private_key_passphrase": {"type": "str", "no_log": True},
    "private_key_id": {"type": "str"},
    "client_assertion": {"type": "raw", "no_log": True},
    "assertion_audience": {"type": "str"},
    "audience": {"type": "raw"},
    "scope": {"type": "raw", "aliases": ["scopes"]},
    "extra_params": {"type": "dict", "no_log": True},
    "refresh_token": {"type": "str", "no_log": True},
    "token_query": {"type": "str", "default": "access_token", "no_log": False},
    "token": {"type": "str", "no_log": True},
    "api_url": {"type": "str"},
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
