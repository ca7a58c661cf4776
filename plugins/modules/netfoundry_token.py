# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the task netapi.auth.netfoundry_token, which an action of the same name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: netfoundry_token
short_description: Get a NetFoundry token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Obtains a token for the NetFoundry API, or passes on a credential that needs no login, and keeps it for later
    tasks.
  - Without O(method), the options that are set choose it. Arguments come before variables, variables before the
    environment, and the environment before a credentials file in its default place.
extends_documentation_fragment:
  - netapi.auth.token
attributes:
  action_group:
    description: Use C(group/netapi.auth.all) or C(group/netapi.auth.netfoundry) in C(module_defaults).
    support: full
    membership:
      - netapi.auth.all
      - netapi.auth.netfoundry
options:
  method:
    description:
      - How to obtain the token. Unset, the options that are set choose it.
    type: str
    choices: [client_credentials, api_account, rapidapi, token]
  environment:
    description:
      - The NetFoundry environment, if the token URL does not tell it. Without a token URL, and for Frontdoor, it is
        V(production).
      - Also set by the environment variable E(NF_ENVIRONMENT).
    type: str
    choices: [production, staging, sandbox]
  api:
    description:
      - The API that the token is for. V(frontdoor) needs O(token_url).
      - Also set by the environment variable E(NETFOUNDRY_AUTH_API).
    type: str
    default: platform
    choices: [platform, frontdoor]
  client_id:
    description:
      - Client ID.
      - Also set by the environment variable E(NETFOUNDRY_CLIENT_ID) or E(NF_CLIENT_ID), the first that is not empty.
    type: str
  client_secret:
    description:
      - Client secret, with O(client_id).
      - Also set by the environment variable E(NETFOUNDRY_CLIENT_SECRET), E(NETFOUNDRY_PASSWORD) or
        E(NF_CLIENT_SECRET), the first that is not empty.
    type: str
    aliases: [password]
  credentials_file:
    description:
      - The console's C(credentials.json), or the JSON in it. Unset, the file is looked for in C(~/.netfoundry),
        C(~/.config/netfoundry) and C(/netfoundry), and so is a bare name that the working directory lacks. It may be
        encrypted with ansible-vault.
      - Also set by the environment variable E(NETFOUNDRY_API_ACCOUNT).
    type: path
  token_url:
    description:
      - Address of the token endpoint.
      - Also set by the environment variable E(NETFOUNDRY_OAUTH_URL).
    type: str
    aliases: [authentication_url]
  token_request:
    description:
      - How the token is asked for. The default is V(json) where O(token_url) ends in C(/oauth/token), else
        V(form_basic).
      - Also set by the environment variable E(NETFOUNDRY_AUTH_TOKEN_REQUEST).
    type: str
    choices: [json, form_basic, form_post]
  audience:
    description:
      - Audience to ask for, exact to the last slash. Unset, an Auth0 address gets that of environment and API.
      - Also set by the environment variable E(NETFOUNDRY_AUTH_AUDIENCE).
    type: str
  scope:
    description:
      - Scope to ask for. Unset, Cognito gets that of the environment, and an Auth0 address that of Frontdoor.
      - Also set by the environment variable E(NETFOUNDRY_AUTH_SCOPE).
    type: str
  account_id:
    description:
      - API account ID, with O(account_token).
      - Also set by the environment variable E(NETFOUNDRY_ACCOUNT_ID).
    type: str
  account_token:
    description:
      - API account token, sent in a Basic header.
      - Also set by the environment variable E(NETFOUNDRY_ACCOUNT_TOKEN).
    type: str
  basic_encoding:
    description:
      - How the API account is written into the header.
    type: str
    default: plain
    choices: [plain, base64]
  rapidapi_key:
    description:
      - RapidAPI key.
      - Also set by the environment variable E(RAPIDAPI_KEY).
    type: str
  rapidapi_host:
    description:
      - RapidAPI host.
    type: str
    default: netfoundryapi.p.rapidapi.com
  token:
    description:
      - A token that you already have.
      - Also set by the environment variable E(NETFOUNDRY_API_TOKEN).
    type: str
  api_url:
    description:
      - Base address of the API. The default follows from the environment.
      - Also set by the environment variable E(NETFOUNDRY_API_URL).
    type: str
  token_query:
    description:
      - JMESPath expression that finds the token in the service's answer.
    type: str
    default: access_token
seealso:
  - plugin: netapi.auth.netfoundry_token
    plugin_type: lookup
    description: The same as a lookup.
"""

EXAMPLES = r"""
- name: Get a token with a client ID and secret
  netapi.auth.netfoundry_token:
    client_id: "{{ my_client_id }}"
    client_secret: "{{ my_client_secret }}"
  register: netfoundry

- name: Use it
  ansible.builtin.uri:
    url: "{{ netfoundry.api_url }}/core/v2/networks"
    headers: "{{ netfoundry.headers }}"
    unredirected_headers: [Authorization]
    use_netrc: false
  no_log: true

- name: Get a token with the console's credentials file
  netapi.auth.netfoundry_token:
    credentials_file: ~/.netfoundry/credentials.json
  register: from_file

- name: Get a token for Frontdoor
  netapi.auth.netfoundry_token:
    api: frontdoor
    token_url: https://login.example.com/oauth/token
    client_id: "{{ my_client_id }}"
    client_secret: "{{ my_client_secret }}"
  register: frontdoor

- name: Hand on the key of RapidAPI
  netapi.auth.netfoundry_token:
    rapidapi_key: "{{ my_rapidapi_key }}"
  register: rapidapi
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
  description: The service, V(netfoundry).
  returned: success
  type: str
method:
  description: How the token was obtained, one of V(client_credentials), V(api_account), V(rapidapi), V(token).
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
