# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""JMESPath over what a service or this collection gives. Private to this collection."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping

from ._errors import MissingLibraryError, OptionError

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


def search(expression: str, data: Mapping[str, t.Any], what: str) -> t.Any:
    """What the expression finds; None for nothing.

    A plain key is looked up without jmespath. Raises OptionError, which names ``what``, for an expression that
    jmespath refuses, and MissingLibraryError without jmespath.
    """
    if _PLAIN_KEY.match(expression):
        return data.get(expression)
    try:
        import jmespath
    except ImportError:
        raise MissingLibraryError("jmespath") from None
    try:
        return jmespath.search(expression, data)
    except (jmespath.exceptions.JMESPathError, ValueError, TypeError, RecursionError):
        pass
    raise OptionError(f"{what} is no JMESPath expression that fits: {expression}. Correct it.")
