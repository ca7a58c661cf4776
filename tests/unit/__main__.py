# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All unit tests in one process, without ansible-test, which forks for each: python tests/unit.

It is run in the collection's directory, with the collection on ANSIBLE_COLLECTIONS_PATH and PYTHONPATH.
"""

from __future__ import annotations

import os
import sys

import pytest

if __name__ == "__main__":
    # Other plugins that are installed, of which one takes a second to load.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    # For each temporary directory pytest lists those that are there already, so those of tests that passed go at once.
    settings = ["testpaths=tests/unit", "tmp_path_retention_policy=failed"]
    options = [
        "-p",
        "core_loader",
        "-p",
        "ansible_collections.netapi.auth.tests.support.programs",
        "-p",
        "no:cacheprovider",
        "--rootdir=.",
        *(f"--override-ini={setting}" for setting in settings),
    ]
    sys.exit(pytest.main([*options, *sys.argv[1:]]))
