# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options that the three token tasks share. The lookups declare theirs whole: each fork parses them."""

from __future__ import annotations


class ModuleDocFragment:
    """For the documentation-only modules."""

    DOCUMENTATION = r"""
description:
  - It runs on the controller, in check mode too. The secret that obtains the token never leaves it.
  - Each option but O(refresh), O(whoami), O(set_facts) and O(state) can also be set by an inventory variable of the
    provider's name, C(_auth_) and the option's name, such as C(netfoundry_auth_timeout).
  - An option is taken from the argument, else from the variable, else from the environment, else from C(ansible.cfg).
    A value that is an empty text or null counts as not set.
  - Before an environment variable C(NETAPI_AUTH_...), which all services share, counts the service's own. For O(cache)
    it is E(NETBIRD_AUTH_CACHE), E(NETFOUNDRY_AUTH_CACHE) or E(NETOGRAPHY_AUTH_CACHE).
  - Paths are relative to the working directory, and in C(ansible.cfg) to its directory.
requirements:
  - requests
  - PyJWT, for API keys of Netography
  - jmespath, for a O(token_query) that is more than a key
  - redis, for a O(cache) in Redis
attributes:
  check_mode:
    description: Can run in check mode. It asks for a token there too.
    support: full
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
options:
  timeout:
    description:
      - Seconds to wait, for the connection and for each piece of the answer. All of it has ten times as long.
      - Also set by the environment variable E(NETAPI_AUTH_TIMEOUT).
    type: int
    default: 15
  retries:
    description:
      - Further tries after a broken connection or a status of 429, 500, 502, 503 or 504. A password is not sent
        again.
      - Also set by the environment variable E(NETAPI_AUTH_RETRIES).
    type: int
    default: 3
  validate_certs:
    description:
      - Whether to check TLS certificates.
      - Also set by the environment variable E(NETAPI_AUTH_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File or directory of certificate authorities, in place of the system's. A file may be encrypted
        with ansible-vault.
      - Also set by the environment variable E(NETAPI_AUTH_CA_PATH).
    type: path
  client_cert:
    description:
      - Client certificate for mutual TLS, in PEM; it may hold the key as well, and be encrypted with
        ansible-vault.
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
      - Where tokens are kept, sealed. V(run) keeps them until the run of Ansible ends, V(user) for later runs of this
        user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs redis-py on
        the controller). V(none) asks for one each time.
      - Unset, it is V(run), and V(user) for a refresh token that was given. What comes of a password is kept for the
        run, whatever is set.
      - Also set by the environment variable E(NETAPI_AUTH_CACHE).
    type: str
  min_validity:
    description:
      - Seconds that a token lives at least when it is handed out, or half its life where that is less.
      - Also set by the environment variable E(NETAPI_AUTH_MIN_VALIDITY).
    type: int
    default: 60
  refresh:
    description:
      - Whether to ask for a token even where the cache has one.
    type: bool
    default: false
  whoami:
    description:
      - Whether to ask the service who the token is, and fail if it refuses.
    type: bool
    default: false
  set_facts:
    description:
      - Whether to set two facts, one with the token and one with the headers. They never reach a persistent fact cache.
      - Unset, they are set where that is sure. From ansible-core 2.21 on they last for the run only. Before it, with a
        persistent fact cache, none is set, with a warning, and V(true) fails before a token is asked for.
      - What C(register) keeps of the task, and the role P(netapi.auth.auth_headers#role), serve better.
    type: bool
  state:
    description:
      - V(present) obtains a token.
      - V(absent) forgets the cached token of the credential, and revokes it where the provider's discovery names a way
        to and the token is an access token. Only that is a change. In check mode it says what it would do.
      - A refresh token that came with the token is forgotten too. With a refresh token that was given nothing is
        revoked, since that can end the sign-in, and its successor is kept.
    type: str
    default: present
    choices: [present, absent]
"""
