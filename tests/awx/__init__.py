# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for AWX on loopback. See README.md."""

from __future__ import annotations

from .injectors import Injected, inject, inject_all
from .runs import Attached, Launch, Outcome
from .server import Awx

__all__ = ["Attached", "Awx", "Injected", "Launch", "Outcome", "inject", "inject_all"]
