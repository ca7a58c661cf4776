# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the task netapi.auth.netbird_auth, which an action of the same name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netbird_auth
short_description: Get a NetBird token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Passes on a personal access token, or obtains a token from the account's identity provider, with the scheme that
    NetBird needs for it.
  - Without O(method), the options that are set choose it. Arguments come before variables, and variables before the
    environment.
  - For most automation a personal access token of a service user is best. NetBird has to be set up for client
    credentials, and gives them a user without privileges.
extends_documentation_fragment:
  - netapi.auth.token
attributes:
  action_group:
    description: Use C(group/netapi.auth.all) or C(group/netapi.auth.netbird) in C(module_defaults).
    support: full
    membership:
      - netapi.auth.all
      - netapi.auth.netbird
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
  token_request:
    description:
      - How the token is asked for. The default is what discovery says, else V(form_basic).
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_REQUEST).
    type: str
    choices: [form_basic, form_post, json]
  audience:
    description:
      - Audience to ask for.
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_AUDIENCE).
    type: str
  scope:
    description:
      - Scope to ask for.
      - Also set by the environment variable E(NETBIRD_AUTH_SCOPE).
    type: str
  refresh_token:
    description:
      - A refresh token, best an offline one.
      - Also set by the environment variable E(NETBIRD_AUTH_REFRESH_TOKEN).
    type: str
  token_field:
    description:
      - Which token of the answer to use. Okta, Google, Entra ID, PocketID and JumpCloud want V(id_token).
      - Also set by the environment variable E(NETBIRD_AUTH_TOKEN_FIELD).
    type: str
    default: access_token
    choices: [access_token, id_token]
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
  token_query:
    description:
      - JMESPath expression that finds the token in the service's answer.
    type: str
    default: access_token
seealso:
  - plugin: netapi.auth.netbird_auth
    plugin_type: lookup
    description: The same as a lookup.
"""

EXAMPLES = r"""
- name: Hand on a personal access token with the right scheme
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
    token_field: id_token
    cache: user
  register: by_refresh_token

- name: Check who the token is
  netapi.auth.netbird_auth:
    pat: "{{ my_pat }}"
    whoami: true
  register: me
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
  description: How the token was obtained, one of V(pat), V(refresh_token), V(client_credentials), V(token).
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
