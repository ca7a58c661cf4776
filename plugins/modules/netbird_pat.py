# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netbird.yml and declarations/shared.yml.

"""Documentation and options of the task netapi.auth.netbird_pat, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_pat
short_description: Mint, renew and remove a NetBird personal access token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Keeps a personal access token of one name unexpired, for the user who signs in or for another one, such as a service
    user. It mints a token when the stored one is due, and hands out the new one once.
  - Only O(token_id) says which token is stored. Nothing is taken for lost because it is unused, or for stored because
    it is the newest.
  - A name is for one place that stores a token. Tokens of other names are never touched.
  - If tokens of the name are newer than the stored one, a warning names them, since a run may have failed to store what
    it minted. With two of them nothing is minted before the storing is mended.
  - A run of Ansible mints once for each user and name. Set C(run_once) in a play of several hosts. C(until) and
    C(retries) are refused, because their last attempt would replace the result that holds the token.
  - Store id and token in one step. What was replaced is removed by a later run, with O(prune_unused_hours).
  - It runs on the controller, and signs in as the token task of the service does, in check mode too. Options of signing
    in can also be set by variables and the environment, as that task documents.
  - In C(module_defaults), C(group/netapi.auth.all) and C(group/netapi.auth.netbird) count for signing in.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
  - jmespath, for expressions that are more than a key
  - redis 5.0 or later, for a O(cache) in Redis
  - PyJWT, for keys and O(client_auth=client_secret_jwt)
attributes:
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
  check_mode:
    description: Says what would be minted and removed, and has no RV(plain_token). It is the way to look.
    support: full
options:
  user:
    description:
      - Id, name or e-mail of the user whose token it is. Unset, it is the user who signs in. An id counts before a
        name.
    type: str
  name:
    description:
      - Name of the token, one for each place that stores one.
    type: str
    required: true
  token_id:
    description:
      - Id of the token that is stored, never the token itself, from the result of the run that minted it. Without it
        the task fails where the name has an unexpired token.
      - The environment variable is the id of the token that signs in, so it counts only without O(user).
      - Also set by the environment variable E(NETBIRD_PAT_ID).
    type: str
  lifetime_days:
    description:
      - Days that a new token lives, from 1 to 365.
    type: int
    default: 90
  rotate_before_days:
    description:
      - A token is due with fewer days left. Unset, it is a third of O(lifetime_days), at most 30. It must be less than
        O(lifetime_days).
    type: int
  prune_unused_hours:
    description:
      - Remove tokens of the name that are older than the stored one and have not been used or made for so many hours,
        and expired ones. The stored one and the one that is minted stay. Unset, nothing is removed. It must be longer
        than the longest time between two uses.
    type: int
  force:
    description:
      - Whether to mint in any case.
    type: bool
    default: false
  state:
    description:
      - V(present) mints what is due, V(absent) removes the token that O(token_id) names, which may be the one that
        signs in.
    type: str
    default: present
    choices: [present, absent]
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
seealso: [{module: netapi.auth.netbird_auth}]
"""

EXAMPLES = r"""
- name: Renew the token of another service user
  netapi.auth.netbird_pat:
    pat: "{{ vault_admin_pat }}"
    user: deployer
    name: deploy
    token_id: "{{ deployer_pat_id }}"
    prune_unused_hours: 192
  register: renewed

- name: Renew the token that signs in
  netapi.auth.netbird_pat:
    pat: "{{ stored_pat }}"
    name: nightly
    token_id: "{{ stored_pat_id }}"
    prune_unused_hours: 192
  register: renewed

- name: Look at the token that signs in
  netapi.auth.netbird_pat:
    pat: "{{ stored_pat }}"
    name: nightly
    token_id: "{{ stored_pat_id }}"
  check_mode: true
  register: look

- name: Tell people from 30 days ahead, and if the token is gone
  ansible.builtin.debug:
    msg: "{{ 'The token is gone.' if look.id is none else 'It ends in ' ~ look.expires_in_days ~ ' days.' }}"
  when: look.expires_in_days is none or look.expires_in_days <= 30
"""

RETURN = r"""
id:
  description: Of the token that was minted, else of the stored one; null without either.
  returned: success
  type: str
plain_token:
  description: The new token. It is there only where one was minted, and then the whole result is hidden.
  returned: when a token was minted
  type: str
expires_at:
  description: When that token ends, as ISO 8601 in UTC; null where that is not known.
  returned: success
  type: str
  sample: "2030-01-31T12:00:00Z"
expires_in_days:
  description: Whole days until then; null without a token.
  returned: success
  type: int
due:
  description: Whether a run without O(force) would mint, before this run did.
  returned: success
  type: bool
tokens:
  description: The tokens of the user with C(id), C(name), C(created_at), C(expires_at) and C(last_used), which is null
    for never.
  returned: success
  type: list
  elements: dict
removed:
  description: Ids of the tokens that were removed, or would be in check mode.
  returned: success
  type: list
  elements: str
kept:
  description: Ids of the tokens of the name that are older than the stored one and stay.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule

OPTIONS = {
    "user": {"type": "str"},
    "name": {"type": "str", "required": True},
    "token_id": {"type": "str", "no_log": False},
    "lifetime_days": {"type": "int", "default": 90},
    "rotate_before_days": {"type": "int"},
    "prune_unused_hours": {"type": "int"},
    "force": {"type": "bool", "default": False},
    "state": {"type": "str", "default": "present", "choices": ["present", "absent"]},
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
}


def main() -> None:
    """For linters and editors, which read the options here. Ansible calls the action in place of it."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
