# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""`python -m sandbox` from tests/, or `python tests/sandbox` from the root."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

if __package__:
    from .cli import main

    sys.exit(main())

# Started by the directory's path: Python put that directory itself on the path, where relative imports fail.
sys.path[0] = str(Path(__file__).resolve().parent.parent)
runpy.run_module(Path(__file__).resolve().parent.name, run_name="__main__", alter_sys=True)
