# Copyright (c) 2026, the netapi.auth authors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""All unit tests in one process, without ansible-test, which forks for each: python tests/unit.

It is run in the collection's directory, with the collection on ANSIBLE_COLLECTIONS_PATH and PYTHONPATH.
"""

from __future__ import annotations

import sys

import pytest
from ansible.plugins.loader import init_plugin_loader

if __name__ == "__main__":
    # As the core's programs and ansible-test do: without it there are no collections.
    init_plugin_loader()
    sys.exit(pytest.main(["-p", "no:cacheprovider", "--rootdir=.", "-o", "testpaths=tests/unit", *sys.argv[1:]]))
