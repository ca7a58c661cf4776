# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the task netapi.auth.netography_token, which an action of the same name carries out."""

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
extends_documentation_fragment:
  - netapi.auth.token
attributes:
  action_group:
    description: Use C(group/netapi.auth.all) or C(group/netapi.auth.netography) in C(module_defaults).
    support: full
    membership:
      - netapi.auth.all
      - netapi.auth.netography
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
seealso:
  - plugin: netapi.auth.netography_token
    plugin_type: lookup
    description: The same as a lookup.
"""

EXAMPLES = r"""
- name: Get a token with an API key
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
  description: How the token was obtained, one of V(api_key), V(user_credentials), V(refresh_token), V(token).
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
