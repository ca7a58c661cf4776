# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the types of the common options do not say of their values. Private to this collection."""

from __future__ import annotations

import os
import re

from .._errors import OptionError
from .._options.options import Level, Options

_CACHES = ("none", "run", "user")
# Not compiled here: most calls do not need it.
_CACHE_ADDRESS = r"(redis|rediss|unix)://.+\Z"


def check(options: Options) -> None:
    """Check what the types of the options do not. Raises OptionError."""
    if options.number("timeout") < 1:
        raise OptionError(f"{options.source('timeout')} must be 1 second or more. Correct it.")
    for name in ("ca_path", "client_cert", "client_key"):
        path = options.text(name)
        if path is not None and not os.access(path, os.R_OK):
            raise OptionError(
                f"{options.source(name)} names a file that is absent or cannot be read. "
                "Correct the path, or the file's rights."
            )
    cache = options.text("cache") or ""
    if cache and cache not in _CACHES and not re.match(_CACHE_ADDRESS, cache):
        raise OptionError(
            f"{options.source('cache')} must be none, run, user, or an address such as "
            "rediss://user:password@host:6379/0. Correct it."
        )
    if options.level("cache") is Level.FILE and "://" in cache:
        raise OptionError("cache in ansible.cfg must be none, run or user: an address can hold a password.")
    if options.is_set("client_key") and not options.is_set("client_cert"):
        raise OptionError(
            f"{options.source('client_key')} is set, but client_cert is not. Set both, or leave both out."
        )
