# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Run the suite with the ansible-core of this interpreter: python -m ansible_collections.netapi.auth.tests.leaks."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    # Other plugins that are installed, of which one takes a second to load.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    options = ["-p", "no:cacheprovider", "-p", f"{__package__}.results", "--import-mode=importlib"]
    sys.exit(pytest.main([*options, f"--rootdir={Path(__file__).parent}", str(Path(__file__).parent), *sys.argv[1:]]))
