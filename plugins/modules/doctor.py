# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation and options of the task netapi.auth.doctor, which an action of that name carries out."""

from __future__ import annotations

DOCUMENTATION = r"""
module: doctor
short_description: Say what is wrong with a service's set-up
version_added: 1.0.0
author: netapi.auth authors (@netapi)
description:
  - Looks at the set-up of each provider as a token task sees it, by the same calls, and says in one line a provider
    whether it works, and if not, why.
  - It checks settings, connection, clock, sign-in, identity and cache in this order. If one fails, the later ones of
    that provider are skipped. Every other provider is examined all the same.
  - It runs on the controller, and in check mode too.
  - The task fails if a provider is V(failed) or V(unknown), and with O(strict) if one has a warning. V(unknown) means
    that the service could not be asked, so that nothing is known about the credential.
  - No secret is shown. A given token is described by its kind, its length, its checksum and the first eight digits of
    its SHA-256, so that two of them can be told apart.
requirements:
  - Python 3.11 or later on the controller; 3.10, on which ansible-core 2.16 and 2.17 run too, is not supported
  - what the token task of each provider that is examined requires
options:
  providers:
    description:
      - The providers to examine. If this is not set, those are examined for which a credential is set, half of one, or
        a variable whose name is nearly right; if there is none, all of them.
      - It can be text, with commas, too.
    type: list
    elements: str
    choices: [netbird, netfoundry, netography, oauth2]  # generated
  strict:
    description:
      - Whether the task fails at a warning, too.
    type: bool
    default: false
notes:
  - The options of a provider come from inventory variables, the environment and C(ansible.cfg), and from
    C(module_defaults) of its action group and of C(group/netapi.auth.all), as for M(netapi.auth.uri).
  - It asks for a new token, which is kept as that of any task is. A refresh token is used only if its successor is
    kept, and a password is not sent again after it was refused in this run.
attributes:
  check_mode:
    description: What it does in check mode.
    details: It does the same in check mode.
    support: full
  diff_mode:
    description: Has nothing to compare.
    support: none
  async:
    description: Supports being used with the C(async) keyword.
    support: none
seealso:
  - module: netapi.auth.uri
  # generated: seealso
  - module: netapi.auth.netbird_auth
  - module: netapi.auth.netfoundry_token
  - module: netapi.auth.netography_token
  - module: netapi.auth.oauth2_token
  # end of generated
"""

EXAMPLES = r"""
- name: Say why a login fails
  netapi.auth.doctor:

- name: Look at one service before a change, and take no warning for good
  netapi.auth.doctor:
    providers: [netbird]
    strict: true
  register: health

- name: Show what was found
  ansible.builtin.debug:
    var: health.providers
"""

RETURN = r"""
msg:
  description: One line for each provider.
  returned: always
  type: str
  sample: "netbird: failed: The personal access token in pat, from the environment variable NB_PAT has expired."
lines:
  description: The line of each provider, with the lines of its checks below it.
  returned: when the options of the task are right
  type: list
  elements: str
runtime:
  description: Where it ran. The keys are C(host), C(container), C(user), C(python), C(ansible_core), C(collection) and
    C(time).
  returned: when the options of the task are right
  type: dict
providers:
  description: What was found at each provider.
  returned: when the options of the task are right
  type: list
  elements: dict
  contains:
    provider:
      description: The name of the provider.
      type: str
    status:
      description: The worst status of its checks. One of V(ok), V(warning), V(unknown) and V(failed).
      type: str
    code:
      description: What is wrong, as a name that does not change between releases. It is empty if all is well.
      type: str
      sample: token_expired
    msg:
      description: What is wrong, in a sentence.
      type: str
    option:
      description: The option at fault. It is empty if it is none.
      type: str
    source:
      description: Where that option came from.
      type: str
    checks:
      description: Each check with its C(check), C(status), C(msg) and C(reason). The reason says why a check was
        skipped.
      type: list
      elements: dict
"""

from ansible.module_utils.basic import AnsibleModule

_PROVIDERS = ["netbird", "netfoundry", "netography", "oauth2"]  # generated
OPTIONS = {
    "providers": {"type": "list", "elements": "str", "choices": _PROVIDERS},
    "strict": {"type": "bool", "default": False},
}


def main() -> None:
    """For linters and editors alone."""
    module = AnsibleModule(argument_spec=OPTIONS, supports_check_mode=True)
    module.fail_json(msg="Its action is missing. Install the collection netapi.auth anew.")


if __name__ == "__main__":
    main()
