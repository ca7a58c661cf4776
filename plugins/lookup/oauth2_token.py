# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Made by `make generate` from declarations/oauth2.yml and declarations/shared.yml.

"""The lookup netapi.auth.oauth2_token."""

from __future__ import annotations

DOCUMENTATION = r"""
name: oauth2_token
short_description: Get an OAuth 2.0 token
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Obtains a token of any OAuth 2.0 or OpenID Connect provider, for any API. Most need O(issuer), O(client_id),
    O(client_secret) and O(scope). The other options are for providers that want more.
  - Nothing secret needs to be stored where the provider takes what the place of the play already has, such as a token
    of GitHub Actions, GitLab or Kubernetes (O(client_assertion)).
  - Each API of a host is a dictionary of options, given as C(auth_options) of M(netapi.auth.uri) or to the lookup.
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
    choices: [refresh_token, jwt_bearer, token_exchange, password, token, client_credentials]
    vars: [{name: oauth2_auth_method}]
  issuer:
    description: Issuer of the identity provider, whose discovery document names the token endpoint.
    type: str
    vars: [{name: oauth2_auth_issuer}]
    env: [{name: NETAPI_OAUTH2_ISSUER}]
  token_url:
    description: Address of the token endpoint. It counts before O(issuer), unless O(issuer) is from a more specific
      source.
    type: str
    vars: [{name: oauth2_auth_token_url}]
    env: [{name: NETAPI_OAUTH2_TOKEN_URL}]
  client_id:
    description: Client ID.
    type: str
    vars: [{name: oauth2_auth_client_id}]
    env: [{name: NETAPI_OAUTH2_CLIENT_ID}]
  client_secret:
    description: Client secret.
    type: str
    vars: [{name: oauth2_auth_client_secret}]
    env: [{name: NETAPI_OAUTH2_CLIENT_SECRET}]
  scope:
    description: Scope to ask for, as a text or a list.
    type: raw
    aliases: [scopes]
    vars: [{name: oauth2_auth_scope}]
    env: [{name: NETAPI_OAUTH2_SCOPE}]
  api_url:
    description: Base address of the API. M(netapi.auth.uri) appends paths to it, and sends the token there only.
      Without it each C(url) is whole, and its origin stands in C(auth_hosts).
    type: str
    vars: [{name: oauth2_auth_api_url}]
    env: [{name: NETAPI_OAUTH2_API_URL}]
  audience:
    description: Audience to ask for, as a text or a list.
    type: raw
    vars: [{name: oauth2_auth_audience}]
    env: [{name: NETAPI_OAUTH2_AUDIENCE}]
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
    vars: [{name: oauth2_auth_client_auth}]
    env: [{name: NETAPI_OAUTH2_CLIENT_AUTH}]
  private_key:
    description: Private key of the client as PEM, JWK or JWKS, with which assertions are signed. A certificate in the
      same PEM is named in them.
    type: raw
    vars: [{name: oauth2_auth_private_key}]
    env: [{name: NETAPI_OAUTH2_PRIVATE_KEY}]
  private_key_file:
    description: File with that key. It is read at each grant, and may be encrypted with ansible-vault.
    type: path
    vars: [{name: oauth2_auth_private_key_file}]
    env: [{name: NETAPI_OAUTH2_PRIVATE_KEY_FILE}]
  private_key_passphrase:
    description: Passphrase of an encrypted private key.
    type: str
    vars: [{name: oauth2_auth_private_key_passphrase}]
    env: [{name: NETAPI_OAUTH2_PRIVATE_KEY_PASSPHRASE}]
  private_key_id:
    description: The id under which the provider has the key (C(kid)).
    type: str
    vars: [{name: oauth2_auth_private_key_id}]
    env: [{name: NETAPI_OAUTH2_PRIVATE_KEY_ID}]
  client_assertion:
    description: "An assertion that somebody else made for the client, in place of a secret. It is a text, C({file:
      path}) for a file that is read at each use, or C({github: audience}) for what GitHub Actions gives a job. In a
      variable of the environment it is JSON. O(client_id) is sent beside it where it is set. Entra ID, Authentik and
      Pocket ID want that."
    type: raw
    vars: [{name: oauth2_auth_client_assertion}]
    env: [{name: NETAPI_OAUTH2_CLIENT_ASSERTION}]
  assertion_audience:
    description: Audience of the assertions that are made here. C(issuer) and C(token_endpoint) stand for these
      addresses, all else is used as it is. Unset, it is the issuer as discovery spells it, and where there is none or
      the provider is Okta or Entra ID, the token endpoint.
    type: str
    vars: [{name: oauth2_auth_assertion_audience}]
    env: [{name: NETAPI_OAUTH2_ASSERTION_AUDIENCE}]
  extra_params:
    description: Further parameters of the token request. A list repeats one. Their values are shown nowhere.
    type: dict
    vars: [{name: oauth2_auth_extra_params}]
    env: [{name: NETAPI_OAUTH2_EXTRA_PARAMS}]
  credentials_file:
    description: The file with a key that Google (C(service_account)) or Zitadel (C(serviceaccount), C(application))
      gave, as a path, as the JSON in it or as a dictionary. It may be encrypted with ansible-vault.
    type: path
    vars: [{name: oauth2_auth_credentials_file}]
    env: [{name: NETAPI_OAUTH2_CREDENTIALS_FILE}]
  refresh_token:
    description: A refresh token, best an offline one.
    type: str
    vars: [{name: oauth2_auth_refresh_token}]
    env: [{name: NETAPI_OAUTH2_REFRESH_TOKEN}]
  assertion:
    description: An assertion that is the grant (RFC 7523), made elsewhere. It is given as O(client_assertion) is.
    type: raw
    vars: [{name: oauth2_auth_assertion}]
    env: [{name: NETAPI_OAUTH2_ASSERTION}]
  assertion_claims:
    description: Claims that are laid over those of an assertion that is made here, such as C(sub); of the grant where
      that is one. C(aud), C(exp), C(iat) and C(jti) are not among them.
    type: dict
    vars: [{name: oauth2_auth_assertion_claims}]
    env: [{name: NETAPI_OAUTH2_ASSERTION_CLAIMS}]
  assertion_headers:
    description: Members that are laid over the header of such an assertion, such as C(alg) or C(x5t).
    type: dict
    vars: [{name: oauth2_auth_assertion_headers}]
    env: [{name: NETAPI_OAUTH2_ASSERTION_HEADERS}]
  subject_token:
    description: The token that is exchanged (RFC 8693). It is given as O(client_assertion) is.
    type: raw
    vars: [{name: oauth2_auth_subject_token}]
    env: [{name: NETAPI_OAUTH2_SUBJECT_TOKEN}]
  subject_token_type:
    description: Its type, one of C(access_token), C(refresh_token), C(id_token), C(jwt) and C(saml2), or another name
      as the provider has it.
    type: str
    vars: [{name: oauth2_auth_subject_token_type}]
    env: [{name: NETAPI_OAUTH2_SUBJECT_TOKEN_TYPE}]
  requested_token_type:
    description: The type of the token that is wanted, where the provider asks for it (Google does, Auth0 refuses it).
    type: str
    vars: [{name: oauth2_auth_requested_token_type}]
    env: [{name: NETAPI_OAUTH2_REQUESTED_TOKEN_TYPE}]
  username:
    description: User name of a service account.
    type: str
    vars: [{name: oauth2_auth_username}]
    env: [{name: NETAPI_OAUTH2_USERNAME}]
  password:
    description: Password of that account. It is sent once, so that no account is locked.
    type: str
    vars: [{name: oauth2_auth_password}]
    env: [{name: NETAPI_OAUTH2_PASSWORD}]
  token:
    description: A token that you already have.
    type: str
    vars: [{name: oauth2_auth_token}]
    env: [{name: NETAPI_OAUTH2_TOKEN}]
  token_query:
    description: JMESPath expression that finds the token in the provider's answer, such as C(id_token).
    type: str
    default: access_token
    vars: [{name: oauth2_auth_token_query}]
    env: [{name: NETAPI_OAUTH2_TOKEN_QUERY}]
  header_prefix:
    description: What stands before the token in the header. The default is C(Bearer), and nothing with another
      O(header_name).
    type: str
    vars: [{name: oauth2_auth_header_prefix}]
    env: [{name: NETAPI_OAUTH2_HEADER_PREFIX}]
  header_name:
    description: The header that carries the token.
    type: str
    default: Authorization
    vars: [{name: oauth2_auth_header_name}]
    env: [{name: NETAPI_OAUTH2_HEADER_NAME}]
  timeout:
    description: Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as
      long.
    type: int
    default: 15
    vars: [{name: oauth2_auth_timeout}]
    env: [{name: NETAPI_OAUTH2_TIMEOUT}, {name: NETAPI_AUTH_TIMEOUT}]
    ini: [{section: netapi_auth, key: timeout}]
  retries:
    description: Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not
      sent again.
    type: int
    default: 3
    vars: [{name: oauth2_auth_retries}]
    env: [{name: NETAPI_OAUTH2_RETRIES}, {name: NETAPI_AUTH_RETRIES}]
    ini: [{section: netapi_auth, key: retries}]
  validate_certs:
    description: Whether to check TLS certificates.
    type: bool
    default: true
    vars: [{name: oauth2_auth_validate_certs}]
    env: [{name: NETAPI_OAUTH2_VALIDATE_CERTS}, {name: NETAPI_AUTH_VALIDATE_CERTS}]
    ini: [{section: netapi_auth, key: validate_certs}]
  ca_path:
    description: File or directory of certificate authorities, in place of the system's. A file may be encrypted with
      ansible-vault.
    type: path
    vars: [{name: oauth2_auth_ca_path}]
    env: [{name: NETAPI_OAUTH2_CA_PATH}, {name: NETAPI_AUTH_CA_PATH}]
    ini: [{section: netapi_auth, key: ca_path}]
  client_cert:
    description: Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with
      ansible-vault.
    type: path
    vars: [{name: oauth2_auth_client_cert}]
  client_key:
    description: Key of the client certificate, in PEM; it may be encrypted with ansible-vault.
    type: path
    vars: [{name: oauth2_auth_client_key}]
  proxy:
    description: Address of an HTTP proxy. Without it, the environment's proxy variables count.
    type: str
    vars: [{name: oauth2_auth_proxy}]
  cache:
    description: Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later
      runs of this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs
      redis-py on the controller). V(none) asks for one each time. Unset, it is V(run), or V(user) if you give a refresh
      token. A token that was obtained with a password is kept for the run, whatever is set.
    type: str
    vars: [{name: oauth2_auth_cache}]
    env: [{name: NETAPI_OAUTH2_CACHE}, {name: NETAPI_AUTH_CACHE}]
    ini: [{section: netapi_auth, key: cache}]
  min_validity:
    description: Seconds that a token must still live when a task gets it, at most half of its life.
    type: int
    default: 60
    vars: [{name: oauth2_auth_min_validity}]
    env: [{name: NETAPI_OAUTH2_MIN_VALIDITY}, {name: NETAPI_AUTH_MIN_VALIDITY}]
    ini: [{section: netapi_auth, key: min_validity}]
  refresh:
    description: Whether to ask for a token even if the cache has one.
    type: bool
    default: false
  whoami:
    description: Whether to ask the service whose token it is, and fail if it refuses.
    type: bool
    default: false
seealso: [{module: netapi.auth.oauth2_token}]
"""

EXAMPLES = r"""
- name: Use an OAuth 2.0 token from the credential in the environment
  hosts: localhost
  gather_facts: false
  tasks:
    - name: Ask OAuth 2.0
      ansible.builtin.uri:
        url: "{{ lookup('netapi.auth.oauth2_token', 'api_url') }}/"
        headers: "{{ lookup('netapi.auth.oauth2_token', 'headers') }}"
        unredirected_headers: [Authorization]
        use_netrc: false
      no_log: true
      register: answer

    - name: Show when the token ends
      ansible.builtin.debug:
        msg: "{{ lookup('netapi.auth.oauth2_token', 'expires_at') }}"
"""

RETURN = r"""
_raw:
  description:
    - One value for each term. What a term picks from is the result of the task M(netapi.auth.oauth2_token).
  type: list
  elements: raw
"""

from ansible_collections.netapi.auth.plugins.plugin_utils._core.lookup import TokenLookup
from ansible_collections.netapi.auth.plugins.plugin_utils._providers import oauth2


class LookupModule(TokenLookup):
    """Hands out an OAuth 2.0 token; the base does the work."""

    provider = oauth2.PROVIDER
