# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""On a module's path for Python: what it sends to the host's syslog goes to the file that SYSLOG names as well."""

from __future__ import annotations

import os
import syslog
import typing as t
from pathlib import Path

_module: t.Any = syslog
_original = _module.syslog


def _both(*arguments: object) -> None:
    with Path(os.environ["SYSLOG"]).open("a", encoding="utf-8") as file:
        print(arguments[-1], file=file)
    _original(*arguments)


if "SYSLOG" in os.environ:
    _module.syslog = _both
