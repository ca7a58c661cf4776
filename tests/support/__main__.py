# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""pytest over the working directory, with the fixtures of this package: what a target's runme.sh starts."""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    # Other plugins that are installed, of which one takes a second to load.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # A cache directory of pytest would lie in the tree; the verbosity of ansible-test means the same to pytest.
    options = [
        "-p",
        f"{__package__}.fixtures",
        "-p",
        f"{__package__}.programs",
        "-p",
        "no:cacheprovider",
        "--import-mode=importlib",
        "--rootdir=.",
    ]
    sys.exit(pytest.main([*options, *sys.argv[1:]]))
