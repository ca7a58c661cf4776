# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for AWX on loopback. See README.md."""

from __future__ import annotations

from .injectors import Attached, inject_all
from .jobs import Launch, Outcome
from .server import Awx

__all__ = ["Attached", "Awx", "Launch", "Outcome", "inject_all"]
