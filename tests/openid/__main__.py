# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""`python tests/openid`: see README.md."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    # Python starts a directory as a script without a package, and relative imports need one. Its entry in
    # sys.path is replaced too, so that no module of this directory can hide one of Canaille's.
    package = Path(__file__).resolve().parent
    sys.path[0] = str(package.parent)
    sys.exit(importlib.import_module(f"{package.name}.command").main())
