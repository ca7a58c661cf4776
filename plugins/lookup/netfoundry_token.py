# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/netfoundry.yml and declarations/shared.yml.

"""The lookup netapi.auth.netfoundry_token."""

from __future__ import annotations

DOCUMENTATION = r"""
name: netfoundry_token
short_description: Get a NetFoundry token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Obtains a token for the NetFoundry API, or passes on a credential that needs no login, and keeps it for later tasks.
  - A credentials file in its default place comes after the environment.
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
    choices: [client_credentials, api_account, rapidapi, token]
    vars: [{name: netfoundry_auth_method}]
  environment:
    description: The NetFoundry environment, if the token URL does not tell it. Without a token URL, and for Frontdoor,
      it is V(production).
    type: str
    choices: [production, staging, sandbox]
    vars: [{name: netfoundry_auth_environment}]
    env: [{name: NF_ENVIRONMENT}]
  api:
    description: The API that the token is for. V(frontdoor) needs O(token_url) or O(issuer).
    type: str
    default: platform
    choices: [platform, frontdoor]
    vars: [{name: netfoundry_auth_api}]
    env: [{name: NETFOUNDRY_AUTH_API}]
  client_id:
    description: Client ID.
    type: str
    vars: [{name: netfoundry_auth_client_id}]
    env: [{name: NETFOUNDRY_CLIENT_ID}, {name: NF_CLIENT_ID}]
  client_secret:
    description: Client secret, with O(client_id).
    type: str
    aliases: [password]
    vars: [{name: netfoundry_auth_client_secret}]
    env:
      - name: NETFOUNDRY_CLIENT_SECRET
      - name: NETFOUNDRY_PASSWORD
      - name: NF_CLIENT_SECRET
  credentials_file:
    description: The console's C(credentials.json), or the JSON in it. Unset, the file is looked for in
      C(~/.netfoundry), C(~/.config/netfoundry) and C(/netfoundry), and so is a bare name that the working directory
      lacks. It may be encrypted with ansible-vault.
    type: path
    vars: [{name: netfoundry_auth_credentials_file}]
    env: [{name: NETFOUNDRY_API_ACCOUNT}]
  token_url:
    description: Address of the token endpoint.
    type: str
    aliases: [authentication_url]
    vars: [{name: netfoundry_auth_token_url}]
    env: [{name: NETFOUNDRY_OAUTH_URL}]
  issuer:
    description: Issuer of the organisation's own identity provider, whose discovery document names the token endpoint,
      in place of O(token_url).
    type: str
    vars: [{name: netfoundry_auth_issuer}]
    env: [{name: NETFOUNDRY_AUTH_ISSUER}]
  client_auth:
    description: How the client proves who it is, in the words of RFC 7591 and RFC 8705; V(client_secret_json) is a
      request in JSON. Unset, it follows from the options that are set. For a client secret it is V(client_secret_json)
      where O(token_url) ends in C(/oauth/token), else the first of V(client_secret_basic), V(client_secret_post) and
      V(client_secret_jwt) that discovery names, else V(client_secret_basic). With V(tls_client_auth) O(client_cert) and
      O(client_key) are what proves it.
    type: str
    choices:
      - client_secret_basic
      - client_secret_post
      - client_secret_jwt
      - private_key_jwt
      - tls_client_auth
      - none
      - client_secret_json
    vars: [{name: netfoundry_auth_client_auth}]
    env: [{name: NETFOUNDRY_AUTH_CLIENT_AUTH}]
  private_key:
    description: Private key of the client as PEM, JWK or JWKS, with which assertions are signed. A certificate in the
      same PEM is named in them.
    type: raw
    vars: [{name: netfoundry_auth_private_key}]
    env: [{name: NETFOUNDRY_AUTH_PRIVATE_KEY}]
  private_key_file:
    description: File with that key. It is read at each grant, and may be encrypted with ansible-vault.
    type: path
    vars: [{name: netfoundry_auth_private_key_file}]
    env: [{name: NETFOUNDRY_AUTH_PRIVATE_KEY_FILE}]
  private_key_passphrase:
    description: Passphrase of an encrypted private key.
    type: str
    vars: [{name: netfoundry_auth_private_key_passphrase}]
    env: [{name: NETFOUNDRY_AUTH_PRIVATE_KEY_PASSPHRASE}]
  private_key_id:
    description: The id under which the provider has the key (C(kid)).
    type: str
    vars: [{name: netfoundry_auth_private_key_id}]
    env: [{name: NETFOUNDRY_AUTH_PRIVATE_KEY_ID}]
  client_assertion:
    description: "An assertion that somebody else made for the client, in place of a secret. It is a text, C({file:
      path}) for a file that is read at each use, or C({github: audience}) for what GitHub Actions gives a job. In a
      variable of the environment it is JSON. O(client_id) is sent beside it where it is set. Entra ID, Authentik and
      Pocket ID want that."
    type: raw
    vars: [{name: netfoundry_auth_client_assertion}]
    env: [{name: NETFOUNDRY_AUTH_CLIENT_ASSERTION}]
  assertion_audience:
    description: Audience of the assertions that are made here. C(issuer) and C(token_endpoint) stand for these
      addresses, all else is used as it is. Unset, it is the issuer as discovery spells it, and where there is none or
      the provider is Okta or Entra ID, the token endpoint.
    type: str
    vars: [{name: netfoundry_auth_assertion_audience}]
    env: [{name: NETFOUNDRY_AUTH_ASSERTION_AUDIENCE}]
  audience:
    description: Audience to ask for, as a text or a list, exact to the last slash. Unset, an Auth0 address gets that of
      environment and API.
    type: raw
    vars: [{name: netfoundry_auth_audience}]
    env: [{name: NETFOUNDRY_AUTH_AUDIENCE}]
  scope:
    description: Scope to ask for, as a text or a list. Unset, Cognito gets that of the environment, and an Auth0
      address that of Frontdoor.
    type: raw
    aliases: [scopes]
    vars: [{name: netfoundry_auth_scope}]
    env: [{name: NETFOUNDRY_AUTH_SCOPE}]
  extra_params:
    description: Further parameters of the token request. A list repeats one. Their values are shown nowhere.
    type: dict
    vars: [{name: netfoundry_auth_extra_params}]
    env: [{name: NETFOUNDRY_AUTH_EXTRA_PARAMS}]
  token_query:
    description: JMESPath expression that finds the token in the provider's answer, such as C(id_token).
    type: str
    default: access_token
    vars: [{name: netfoundry_auth_token_query}]
    env: [{name: NETFOUNDRY_AUTH_TOKEN_QUERY}]
  account_id:
    description: API account ID, with O(account_token).
    type: str
    vars: [{name: netfoundry_auth_account_id}]
    env: [{name: NETFOUNDRY_ACCOUNT_ID}]
  account_token:
    description: API account token, sent in a Basic header.
    type: str
    vars: [{name: netfoundry_auth_account_token}]
    env: [{name: NETFOUNDRY_ACCOUNT_TOKEN}]
  basic_encoding:
    description: How the API account is written into the header.
    type: str
    default: plain
    choices: [plain, base64]
    vars: [{name: netfoundry_auth_basic_encoding}]
  rapidapi_key:
    description: RapidAPI key.
    type: str
    vars: [{name: netfoundry_auth_rapidapi_key}]
    env: [{name: RAPIDAPI_KEY}]
  rapidapi_host:
    description: RapidAPI host.
    type: str
    default: netfoundryapi.p.rapidapi.com
    vars: [{name: netfoundry_auth_rapidapi_host}]
  token:
    description: A token that you already have.
    type: str
    vars: [{name: netfoundry_auth_token}]
    env: [{name: NETFOUNDRY_API_TOKEN}]
  api_url:
    description: Base address of the API. The default follows from the environment.
    type: str
    vars: [{name: netfoundry_auth_api_url}]
    env: [{name: NETFOUNDRY_API_URL}]
  timeout:
    description: Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as
      long.
    type: int
    default: 15
    vars: [{name: netfoundry_auth_timeout}]
    env: [{name: NETFOUNDRY_AUTH_TIMEOUT}, {name: NETAPI_AUTH_TIMEOUT}]
    ini: [{section: netapi_auth, key: timeout}]
  retries:
    description: Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not
      sent again.
    type: int
    default: 3
    vars: [{name: netfoundry_auth_retries}]
    env: [{name: NETFOUNDRY_AUTH_RETRIES}, {name: NETAPI_AUTH_RETRIES}]
    ini: [{section: netapi_auth, key: retries}]
  validate_certs:
    description: Whether to check TLS certificates.
    type: bool
    default: true
    vars: [{name: netfoundry_auth_validate_certs}]
    env: [{name: NETFOUNDRY_AUTH_VALIDATE_CERTS}, {name: NETAPI_AUTH_VALIDATE_CERTS}]
    ini: [{section: netapi_auth, key: validate_certs}]
  ca_path:
    description: File or directory of certificate authorities, in place of the system's. A file may be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netfoundry_auth_ca_path}]
    env: [{name: NETFOUNDRY_AUTH_CA_PATH}, {name: NETAPI_AUTH_CA_PATH}]
    ini: [{section: netapi_auth, key: ca_path}]
  client_cert:
    description: Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with
      ansible-vault.
    type: path
    vars: [{name: netfoundry_auth_client_cert}]
  client_key:
    description: Key of the client certificate, in PEM; it may be encrypted with ansible-vault.
    type: path
    vars: [{name: netfoundry_auth_client_key}]
  proxy:
    description: Address of an HTTP proxy. Without it, the environment's proxy variables count.
    type: str
    vars: [{name: netfoundry_auth_proxy}]
  cache:
    description: Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later
      runs of this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs
      redis-py on the controller). V(none) asks for one each time. Unset, it is V(run), or V(user) if you give a refresh
      token. A token that was obtained with a password is kept for the run, whatever is set.
    type: str
    vars: [{name: netfoundry_auth_cache}]
    env: [{name: NETFOUNDRY_AUTH_CACHE}, {name: NETAPI_AUTH_CACHE}]
    ini: [{section: netapi_auth, key: cache}]
  min_validity:
    description: Seconds that a token must still live when a task gets it, at most half of its life.
    type: int
    default: 60
    vars: [{name: netfoundry_auth_min_validity}]
    env: [{name: NETFOUNDRY_AUTH_MIN_VALIDITY}, {name: NETAPI_AUTH_MIN_VALIDITY}]
    ini: [{section: netapi_auth, key: min_validity}]
  refresh:
    description: Whether to ask for a token even if the cache has one.
    type: bool
    default: false
  whoami:
    description: Whether to ask the service whose token it is, and fail if it refuses.
    type: bool
    default: false
seealso: [{module: netapi.auth.netfoundry_token}]
"""

EXAMPLES = r"""
- name: Use a NetFoundry token from the credential in the environment
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Ask NetFoundry
      ansible.builtin.uri:
        url: "{{ lookup('netapi.auth.netfoundry_token', 'api_url') }}/core/v2/networks"
        headers: "{{ lookup('netapi.auth.netfoundry_token', 'headers') }}"
        unredirected_headers: [Authorization]
        use_netrc: false
      no_log: true
      register: answer

    - name: Show when the token ends
      ansible.builtin.debug:
        msg: "{{ lookup('netapi.auth.netfoundry_token', 'expires_at') }}"
"""

RETURN = r"""
_raw:
  description:
    - One value for each term. What a term picks from is the result of the task M(netapi.auth.netfoundry_token).
  type: list
  elements: raw
"""

from ansible_collections.netapi.auth.plugins.plugin_utils._core.lookup import TokenLookup
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import netfoundry


class LookupModule(TokenLookup):
    """Hands out a NetFoundry token; the base does the work."""

    provider = netfoundry.PROVIDER
