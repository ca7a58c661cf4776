# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""HTTP Basic (RFC 7617). Private to this collection."""

from __future__ import annotations

import base64
from urllib.parse import quote


def basic(name: str, secret: str, *, encode: bool) -> str:
    """The two as HTTP Basic carries them (RFC 7617 section 2).

    :param encode: whether both are percent-encoded first, as RFC 6749 section 2.3.1 asks and Cognito does not.
    """
    parts = [quote(part, safe="") if encode else part for part in (name, secret)]
    return base64.b64encode(":".join(parts).encode()).decode()
