# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tells a test what its process has imported."""

from __future__ import annotations

import sys
import typing as t

from ansible.plugins.lookup import LookupBase

DOCUMENTATION = r"""
name: imported
author: the netapi.auth authors
short_description: Says which modules this process has imported
description: Gives those of the terms that are names of imported modules.
options:
  _terms:
    description: Names of modules.
    type: list
    elements: str
    required: true
"""


class LookupModule(LookupBase):
    """Looks at sys.modules of the process that evaluates the template."""

    def run(self, terms: list[str], variables: dict[str, t.Any] | None = None, **kwargs: t.Any) -> list[str]:
        return [name for name in terms if name in sys.modules]
