# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The same user again, by a become plugin: to Ansible it is another one."""

from __future__ import annotations

from ansible.plugins.become import BecomeBase

DOCUMENTATION = r"""
name: someone
short_description: The same user as if it were another
description: For the tests of this collection.
options: {}
"""


class BecomeModule(BecomeBase):
    name = "someone"

    def build_become_command(self, cmd: str, shell: object) -> str:
        return cmd
