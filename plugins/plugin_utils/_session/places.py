# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where caches lie. Private to this collection."""

from __future__ import annotations

import os
from pathlib import Path

from .._tokens.files import Directory


def user_cache() -> Directory | None:
    """The user's cache (XDG Base Directory Specification: a relative path there counts as unset)."""
    base = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        home = base if base.is_absolute() else Path.home() / ".cache"
    except RuntimeError:
        return None
    return Directory(home / "netapi_auth", kind="user")
