# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation of the task netapi.auth.uri, which an action of the same name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uri
short_description: Call an API of NetFoundry, Netography or NetBird
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - M(ansible.builtin.uri) with a credential of O(auth) attached. It obtains the token, or takes it from the cache, and
    hands the headers to the request only.
  - It takes every option of M(ansible.builtin.uri) besides those below, and passes their values on as they are. A name
    that the installed version does not document is refused before a token is asked for.
  - It shows status, headers, body and JSON of the answer with only the token, its header and the secrets of the
    credential replaced, so a failed call can be read. Keys and numbers stay as they are, and so does what is equal to a
    secret of fewer than eight characters. The arguments of the request are in no log of the host that makes it.
  - C(validate_certs) of the provider's options holds for this request too, unless the task itself says another. Where
    the controller makes the request, without C(become), so do C(ca_path) and C(proxy), and C(client_cert) and
    C(client_key) where the request goes to the origin that the tokens come from.
  - No line of a C(.netrc) file replaces the credential, and no redirect carries it along.
  - A token that is refused with the status 401 is discarded, and the request is made once more with another one. This
    is not done for a token that was given as it is, nor where 401 is in C(status_code), and so an answer.
  - The request is made by the host that the task runs on, as with M(ansible.builtin.uri), so the header goes there. The
    secret that obtains tokens stays on the controller. A personal access token, an API account and a RapidAPI key are
    their own token; let such a task run on the controller, with C(delegate_to) or C(hosts).
options:
  auth:
    description:
      - The service whose credential is attached.
    type: str
    required: true
    choices: [netbird, netfoundry, netography]
  auth_options:
    description:
      - Options of M(netapi.auth.netbird_auth), M(netapi.auth.netfoundry_token) or M(netapi.auth.netography_token), but
        C(set_facts) and C(state). In a command they can be text, as JSON or as Python writes a dictionary.
      - Those left out come from the defaults of the action groups, from inventory variables, the environment and
        C(ansible.cfg), as they do for that task.
    type: dict
  auth_hosts:
    description:
      - Further origins that may be sent this credential, such as C(https://api.example.com:8443). A default port equals
        its absence.
    type: list
    elements: str
  url:
    description:
      - Where the request goes. A path that begins with one V(/) is appended to the C(api_url) of the service.
      - An address at another origin than that of C(api_url) is refused before anything is sent, unless O(auth_hosts)
        names it. A backslash and a segment V(..) are refused.
    type: str
    required: true
  method:
    description:
      - The HTTP method of the request.
    type: str
    default: GET
  body:
    description:
      - What is sent, in the form that O(body_format) says.
    type: raw
  body_format:
    description:
      - How O(body) is written, and the header C(Content-Type) that tells it.
    type: str
    choices: [form-urlencoded, json, raw, form-multipart]
    default: raw
  status_code:
    description:
      - Statuses that are a success. A service may answer with V(201) or V(204) when something was made or removed.
    type: list
    elements: int
    default: [200]
  headers:
    description:
      - Further headers. One of the name that the credential needs is refused.
    type: dict
    default: {}
  unredirected_headers:
    description:
      - Headers that a redirect does not carry along. Those of the credential are among them in any case.
    type: list
    elements: str
    default: []
notes:
  - In C(module_defaults) it takes C(group/netapi.auth.all) and, winning, the group of its service, such as
    C(group/netapi.auth.netbird), as if they stood in O(auth_options), which win. C(set_facts), C(state), C(refresh) and
    C(whoami) there are for the token tasks.
  - A credential that the service refuses at last is named in one warning, by its method and by where its options come
    from. With C(-v) each credential is, once a run.
  - C(url_username), C(url_password), C(force_basic_auth), C(use_gssapi) and C(use_netrc) set to true bring another
    credential and are refused.
  - After a redirect the request has no credential, and the service may answer with 401. Give the final address.
  - An answer can hold a secret that the service made, such as a personal access token. Set C(no_log) for such a task.
  - Without C(become), the module and the header go to the host by standard input, whatever C(pipelining) is set to, so
    that they are in no file there. With C(become) they do where C(pipelining) is on.
  - Else, and where Ansible keeps its files on a host (C(ANSIBLE_KEEP_REMOTE_FILES)), where C(ssh) is told to ask for a
    terminal, and with a connection that knows no pipelining, a file of the host holds the header while the request
    lasts, and stays there when the run is stopped meanwhile.
attributes:
  check_mode:
    description: In check mode GET and HEAD without C(dest) are carried out, and all else is skipped.
    support: partial
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
seealso:
  - module: ansible.builtin.uri
  - module: netapi.auth.netbird_auth
  - module: netapi.auth.netfoundry_token
  - module: netapi.auth.netography_token
"""

EXAMPLES = r"""
- name: Read the networks, with the credential in the environment
  netapi.auth.uri:
    auth: netfoundry
    url: /core/v2/networks
  delegate_to: localhost
  register: networks

- name: Make a group, with a credential from the vault
  netapi.auth.uri:
    auth: netbird
    auth_options:
      pat: "{{ vault_netbird_pat }}"
    url: /api/groups
    method: POST
    body_format: json
    body:
      name: automation
    status_code: [200, 201]
  delegate_to: localhost
  register: made

- name: Read it back
  netapi.auth.uri:
    auth: netbird
    auth_options:
      pat: "{{ vault_netbird_pat }}"
    url: "/api/groups/{{ made.json.id }}"
  delegate_to: localhost
  register: group
  failed_when: group.json.name | default('') != 'automation'

- name: Wait until the tactics can be read
  netapi.auth.uri:
    auth: netography
    url: /api/v1/mitre/tactics
  delegate_to: localhost
  register: tactics
  until: tactics.status == 200
  retries: 5
  delay: 10
"""

RETURN = r"""
status:
  description: The HTTP status of the answer; -1 where there is none, for example because no token could be obtained.
  returned: always
  type: int
  sample: 200
json:
  description: The answer, where it is JSON. Secret values are replaced.
  returned: when the answer is JSON
  type: raw
content:
  description: The answer as text. Secret values are replaced.
  returned: with C(return_content) set to true
  type: str
redirected:
  description: Whether the answer is that of another address.
  returned: always
  type: bool
url:
  description: The address that answered.
  returned: always
  type: str
"""
