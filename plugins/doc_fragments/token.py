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
  - All services share the environment variables C(NETAPI_AUTH_...). Each service also has its own, which counts first.
    For O(cache) it is E(NETBIRD_AUTH_CACHE), E(NETFOUNDRY_AUTH_CACHE) or E(NETOGRAPHY_AUTH_CACHE).
  - Paths are relative to the working directory, and in C(ansible.cfg) to its directory.
requirements:
  - requests
  - PyJWT, for API keys of Netography
  - jmespath, for a O(token_query) that is more than a key
  - redis, for a O(cache) in Redis
attributes:
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
  timeout:
    description:
      - Seconds to wait for the connection, and for each piece of the answer. The whole may take ten times as long.
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
      - Where tokens are kept, encrypted. V(run) keeps them until the run of Ansible ends, V(user) for later runs of
        this user, and an address such as C(rediss://user:password@host:6379/0) for other machines too (needs redis-py
        on the controller). V(none) asks for one each time.
      - Unset, it is V(run), or V(user) if you give a refresh token. A token that was obtained with a password is kept
        for the run, whatever is set.
      - Also set by the environment variable E(NETAPI_AUTH_CACHE).
    type: str
  min_validity:
    description:
      - Seconds that a token must still live when a task gets it, at most half of its life.
      - Also set by the environment variable E(NETAPI_AUTH_MIN_VALIDITY).
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
"""
