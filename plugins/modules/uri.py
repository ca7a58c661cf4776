# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation and options of the task netapi.auth.uri, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: uri
short_description: Call the API of a service
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - M(ansible.builtin.uri) with a credential of O(auth) attached. It obtains the token, or takes it from the cache, and
    hands the headers to the request only.
  - It takes the options of M(ansible.builtin.uri), but those that set another credential, and passes their values on as
    they are. An option that the installed version does not document is refused before a token is asked for.
  - It shows status, headers, body and JSON of the answer with only the token, its header and the secrets of the
    credential replaced, so a failed call can be read. Keys, numbers and secrets of fewer than eight characters are not
    replaced. The arguments of the request are in no log of the host that makes it.
  - C(validate_certs) of the provider's options is used for this request too, unless the task sets its own. If the
    controller makes the request, without C(become), so are C(ca_path) and C(proxy), and also C(client_cert) and
    C(client_key) if the request goes to the origin that the tokens come from.
  - No line of a C(.netrc) file replaces the credential, and no redirect carries it along.
  - If a token is refused with the status 401, the request is made once more with another token. This is not done for a
    token that you give, nor if you list 401 in O(status_code).
  - The request is made by the host that the task runs on, as with M(ansible.builtin.uri), so the header goes there. The
    secret that obtains tokens stays on the controller. A personal access token, an API account and a RapidAPI key are
    sent as they are, so let such a task run on the controller, with C(delegate_to) or C(hosts).
extends_documentation_fragment:
  - ansible.builtin.files
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - requests
options:
  auth:
    description:
      - The service whose credential is attached.
    type: str
    required: true
    choices: [netbird, netfoundry, netography, oauth2]  # generated
  auth_options:
    description:
      - Options of the service's task, such as M(netapi.auth.netbird_auth), except C(set_facts) and C(state). On a
        command line they can be text, as JSON or as Python writes a dictionary.
      - Options that are not set here come from the defaults of the action groups, from inventory variables, the
        environment and C(ansible.cfg), as they do for that task.
    type: dict
  auth_hosts:
    description:
      - Further origins to which this credential may be sent, such as C(https://api.example.com:8443). The default port
        can be left out.
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
      - The format in which O(body) is sent. It also sets the header C(Content-Type).
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
      - Further headers. A header that the credential sets, such as C(Authorization), is refused.
    type: dict
    default: {}
  unredirected_headers:
    description:
      - Headers that a redirect does not carry along. Those of the credential are always among them.
    type: list
    elements: str
    default: []
  return_content:
    description:
      - Whether the result holds the answer as text, too.
    type: bool
    default: false
  src:
    description:
      - File to send in place of O(body).
    type: path
  remote_src:
    description:
      - Whether O(src) is a file of the host, and not of the controller.
    type: bool
    default: false
  dest:
    description:
      - File of the host to write the answer to.
    type: path
  creates:
    description:
      - File of the host, or a pattern. If there is such a file, the request is not made.
    type: path
  removes:
    description:
      - File of the host, or a pattern. If there is no such file, the request is not made.
    type: path
  force:
    description:
      - Whether a cached copy on the way is no answer.
    type: bool
    default: false
  follow_redirects:
    description:
      - Which redirects to follow. V(safe) is those of GET and HEAD, and V(urllib2) is what Python follows.
      - V(yes) means V(all), and V(no) means V(none). Both are deprecated.
    type: str
    default: safe
    choices: [all, none, safe, urllib2, "yes", "no"]
  timeout:
    description:
      - Seconds to wait for an answer of the request.
    type: int
    default: 30
  http_agent:
    description:
      - How the request names its sender.
    type: str
    default: ansible-httpget
  validate_certs:
    description:
      - Whether to check TLS certificates. Unset, it is as the options of the provider say.
    type: bool
  ca_path:
    description:
      - File of certificate authorities, in place of those of the host.
    type: path
  client_cert:
    description:
      - Client certificate for mutual TLS, in PEM.
    type: path
  client_key:
    description:
      - Key of the client certificate, in PEM.
    type: path
  ciphers:
    description:
      - Ciphers for TLS, as OpenSSL calls them.
    type: list
    elements: str
  use_proxy:
    description:
      - Whether the proxy variables of the host's environment count.
    type: bool
    default: true
  use_netrc:
    description:
      - It may only be false, which it is if it is not set.
    type: bool
  unix_socket:
    description:
      - Socket of the host over which to send the request.
    type: path
  decompress:
    description:
      - Whether to decompress an answer in gzip.
    type: bool
    default: true
notes:
  - C(module_defaults) of the group of its service, such as C(group/netapi.auth.netbird), and then those of
    C(group/netapi.auth.all) are used for what O(auth_options) does not set. C(set_facts), C(state), C(refresh) and
    C(whoami) are ignored there, because they are for the token tasks.
  - If the service refuses the credential in the end, one warning says its method and where its options come from. With
    C(-v) this is said of each credential, once a run.
  - C(url_username), C(url_password), C(force_basic_auth), C(use_gssapi), and C(use_netrc) set to true, would send
    another credential and are refused.
  - After a redirect the request has no credential, and the service may answer with 401. Give the final address.
  - An answer can hold a secret that the service made, such as a personal access token. Set C(no_log) for such a task.
  - Without C(become), the header is sent to the host by standard input, whatever C(pipelining) is set to, and is in no
    file there. With C(become) this is so only if C(pipelining) is on.
  - In these cases a file on the host holds the header during the request, and stays there if the run is stopped
    meanwhile. C(become) without C(pipelining), C(ssh) that is told to ask for a terminal, a connection that does not
    support pipelining, and C(ANSIBLE_KEEP_REMOTE_FILES).
attributes:
  check_mode:
    description: What it does in check mode.
    details: In check mode it sends GET and HEAD without C(dest). Every other request is skipped, and no token is asked
      for.
    support: partial
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
seealso:
  - module: ansible.builtin.uri
  # generated: seealso
  - module: netapi.auth.netbird_auth
  - module: netapi.auth.netfoundry_token
  - module: netapi.auth.netography_token
  - module: netapi.auth.oauth2_token
  # end of generated
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
  description: The HTTP status of the answer; -1 if there is none, for example because no token could be obtained.
  returned: always
  type: int
  sample: 200
json:
  description: The answer, if it is JSON. Secret values are replaced.
  returned: when the answer is JSON
  type: raw
content:
  description: The answer as text. Secret values are replaced.
  returned: with C(return_content) set to true
  type: str
redirected:
  description: Whether a redirect led to another address, which answered.
  returned: always
  type: bool
url:
  description: The address that answered.
  returned: always
  type: str
"""

from ansible.module_utils.basic import AnsibleModule

_PROVIDERS = ["netbird", "netfoundry", "netography", "oauth2"]  # generated
_REDIRECTS = ["all", "none", "safe", "urllib2", "yes", "no"]
OPTIONS = {
    "auth": {"type": "str", "required": True, "choices": _PROVIDERS},
    "auth_options": {"type": "dict", "no_log": True},
    "auth_hosts": {"type": "list", "elements": "str"},
    "url": {"type": "str", "required": True},
    "method": {"type": "str", "default": "GET"},
    "body": {"type": "raw"},
    "body_format": {
        "type": "str",
        "default": "raw",
        "choices": ["form-urlencoded", "json", "raw", "form-multipart"],
    },
    "status_code": {"type": "list", "elements": "int", "default": [200]},
    "headers": {"type": "dict", "default": {}},
    "unredirected_headers": {"type": "list", "elements": "str", "default": []},
    "return_content": {"type": "bool", "default": False},
    "src": {"type": "path"},
    "remote_src": {"type": "bool", "default": False},
    "dest": {"type": "path"},
    "creates": {"type": "path"},
    "removes": {"type": "path"},
    "force": {"type": "bool", "default": False},
    "follow_redirects": {"type": "str", "default": "safe", "choices": _REDIRECTS},
    "timeout": {"type": "int", "default": 30},
    "http_agent": {"type": "str", "default": "ansible-httpget"},
    "validate_certs": {"type": "bool"},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "ciphers": {"type": "list", "elements": "str"},
    "use_proxy": {"type": "bool", "default": True},
    "use_netrc": {"type": "bool"},
    "unix_socket": {"type": "path"},
    "decompress": {"type": "bool", "default": True},
}


def main() -> None:
    """For linters and editors, which read the options here. Ansible calls the action in place of it."""
    module = AnsibleModule(
        argument_spec=OPTIONS,
        add_file_common_args=True,
        mutually_exclusive=[["body", "src"]],
        supports_check_mode=True,
    )
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
